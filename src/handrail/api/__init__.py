"""Front door for programs: routers, keys, problem documents."""
