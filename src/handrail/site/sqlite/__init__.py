"""Django's SQLite backend with a fair gate before each writing transaction."""
