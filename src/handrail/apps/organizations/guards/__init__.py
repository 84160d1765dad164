"""What keeps organisations apart inside the database, when everything above it has failed.

`migrate` installs the guards and keeps them current; they are no migrations, because they follow
the models and because SQLite rebuilds tables, which drops triggers without a word.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.loader import MigrationLoader

from handrail.apps.organizations.guards import postgresql, sqlite


def missing(connection: BaseDatabaseWrapper) -> list[str]:
    """What should stand guard and does not; empty on a healthy database."""
    if connection.vendor == "postgresql":
        absent = set(postgresql.wanted()) - set(postgresql.present(connection))
        return sorted(absent) + postgresql.unsecured(connection)
    return sorted(set(sqlite.wanted()) - sqlite.present(connection))


def before_migrating(*, using: str, plan: list[Any] | None = None, **_signal: Any) -> None:
    """Step aside where a guard would break the migration."""
    if not plan:
        return
    connection = connections[using]
    if connection.vendor == "postgresql":
        postgresql.let_migrations_see(connection, yes=True)
    else:
        sqlite.remove(connection)


def after_migrating(*, using: str, plan: list[Any] | None = None, **_signal: Any) -> None:
    """Put every guard in place, once the database is where the models are."""
    if plan is None:
        return  # `flush` says it migrated too; it changes no table
    connection = connections[using]
    if connection.vendor == "postgresql":
        postgresql.let_migrations_see(connection, yes=False)
    loader = MigrationLoader(connection)
    if not set(loader.graph.leaf_nodes()) <= set(loader.applied_migrations):
        return  # a migration to an earlier state: its tables are not those of the models
    if connection.vendor == "postgresql":
        postgresql.install(connection)
    else:
        sqlite.install(connection)


@contextmanager
def rewriting(connection: BaseDatabaseWrapper, table: str) -> Iterator[None]:
    """Let a migration change rows of a ledger: the only one that may, and only to hold less."""
    if connection.vendor != "postgresql":
        yield  # `before_migrating` took its guards away
        return
    name = connection.ops.quote_name(table)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # no table changes while checks wait
        cursor.execute(f"ALTER TABLE {name} DISABLE TRIGGER USER")
        yield
        cursor.execute(f"ALTER TABLE {name} ENABLE TRIGGER USER")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
