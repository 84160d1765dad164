"""What people type in, turned into arguments of actions."""
