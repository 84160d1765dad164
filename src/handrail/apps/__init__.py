"""Rooms: one Django app per capability."""
