"""SQLite's guards: triggers that refuse what the application would have to get wrong first.

They name other tables, so a table rebuild would fail with them in place: they go before every
migration and come back after it.
"""

from __future__ import annotations

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

from handrail.apps.organizations.guards.tables import (
    Reference,
    append_only_models,
    name_of,
    references,
    scoped_models,
)
from handrail.apps.organizations.models import Organization


def wanted() -> dict[str, str]:
    """Each trigger's name with the statement that makes it."""
    statements = [
        _same_organization(reference, event)
        for reference in references()
        for event in ("INSERT", f'UPDATE OF "{reference.column}"')
    ]
    statements += [_stays(model._meta.db_table) for model in scoped_models()]
    for model in append_only_models():
        statements += [_never_updated(model._meta.db_table), _never_deleted(model)]
    return dict(statements)


def present(connection: BaseDatabaseWrapper) -> set[str]:
    """The guards the database has now."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'handrail!_%'"
            " ESCAPE '!'"
        )
        return {row[0] for row in cursor.fetchall()}


def install(connection: BaseDatabaseWrapper) -> None:
    """Make the missing guards and remove the outdated ones."""
    has, wants = present(connection), wanted()
    with connection.cursor() as cursor:
        for name in sorted(has - set(wants)):
            cursor.execute(f'DROP TRIGGER "{name}"')
        for name in sorted(set(wants) - has):
            cursor.execute(wants[name])


def remove(connection: BaseDatabaseWrapper) -> None:
    """Drop every guard."""
    names = present(connection)
    with connection.cursor() as cursor:
        for name in sorted(names):
            cursor.execute(f'DROP TRIGGER "{name}"')


def _trigger(kind: str, table: str, event: str, condition: str, message: str) -> tuple[str, str]:
    body = (
        f'BEFORE {event} ON "{table}" FOR EACH ROW WHEN {condition} '
        f"BEGIN SELECT RAISE(ABORT, 'handrail guard: {message}'); END"
    )
    name = name_of(kind, table, body)
    return name, f'CREATE TRIGGER "{name}" {body}'


def _same_organization(reference: Reference, event: str) -> tuple[str, str]:
    condition = (
        f'NEW."{reference.column}" IS NOT NULL AND NOT EXISTS ('  # noqa: S608 - our own names
        f'SELECT 1 FROM "{reference.target_table}" AS target'
        f' WHERE target."{reference.target_column}" = NEW."{reference.column}"'
        f" AND target.organization_id = NEW.organization_id)"
    )
    message = f"{reference.table}.{reference.column} points out of its organisation"
    return _trigger("reference", reference.table, event, condition, message)


def _stays(table: str) -> tuple[str, str]:
    return _trigger(
        "stays",
        table,
        "UPDATE OF organization_id",
        "NEW.organization_id IS NOT OLD.organization_id",
        f"a row of {table} never changes its organisation",
    )


def _never_updated(table: str) -> tuple[str, str]:
    return _trigger("append_only_u", table, "UPDATE", "1", f"{table} is append-only")


def _never_deleted(model: type[models.Model]) -> tuple[str, str]:
    table = model._meta.db_table
    old = getattr(model, "purged_by", "")
    also = f' OR OLD."{old}" < leaving.purging_before' if old else ""
    condition = (
        f'NOT EXISTS (SELECT 1 FROM "{Organization._meta.db_table}" AS leaving'  # noqa: S608 - our own name
        " WHERE leaving.id = OLD.organization_id"
        f" AND (leaving.erasing_since IS NOT NULL{also}))"
    )
    return _trigger("append_only_d", table, "DELETE", condition, f"{table} is append-only")
