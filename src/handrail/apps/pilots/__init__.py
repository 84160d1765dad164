"""Pilots: planned beforehand, assigned by lot, followed until everything is known."""
