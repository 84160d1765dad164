"""Wiring: settings, urls, middleware, commands."""
