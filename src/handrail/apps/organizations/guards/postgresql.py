"""PostgreSQL's guards: composite foreign keys, forced row security, append-only triggers."""

from __future__ import annotations

from django.db.backends.base.base import BaseDatabaseWrapper

from handrail.apps.organizations.guards.tables import (
    append_only_models,
    name_of,
    references,
    scoped_models,
)
from handrail.apps.organizations.models import Organization

# An unset organisation is NULL: it equals nothing, so it sees and writes nothing.
OWN = (
    "organization_id = nullif(current_setting('handrail.organization', true), '')::bigint"
    " OR current_setting('handrail.runner', true) = 'migration'"
)

# The only doors across organisations: table -> (command, who may, the reason).
DOORS: dict[str, tuple[str, str, str]] = {
    "organizations_membership": (
        "SELECT",
        "user_id = nullif(current_setting('handrail.user', true), '')::bigint",
        "a user who signs in finds their own memberships before an organisation is chosen",
    ),
    "organizations_apikey": (
        "SELECT",
        "prefix = nullif(current_setting('handrail.key_prefix', true), '')",
        "a key names its organisation, so it is found by its prefix before one is known",
    ),
    "calendars_booking": (
        "SELECT",
        "uid = nullif(current_setting('handrail.entry', true), '')",
        "an answer by mail names an entry and no organisation, so the entry is found first",
    ),
    "answers_answer": (
        "SELECT",
        "state = 'live' AND audience = 3"
        " AND public_id = nullif(current_setting('handrail.answer', true), '')::uuid",
        "an answer that everybody may read is found by its id, before anybody has signed in",
    ),
    "connections_connection": (
        "SELECT",
        "address = nullif(current_setting('handrail.hook', true), '')",
        "a sender has a connection's address and no organisation, so the connection is found first",
    ),
    "identity_provider": (
        "SELECT",
        "public_id::text = nullif(current_setting('handrail.way_in', true), '')",
        "somebody who comes back from a provider is in no organisation yet, so it is found first",
    ),
    "identity_domain": (
        "SELECT",
        "name = nullif(current_setting('handrail.way_in', true), '')",
        "somebody who signs in has an address and no organisation, so its domain is found first",
    ),
    "outbox_outboxrow": (
        "ALL",
        "current_setting('handrail.runner', true) = 'outbox'",
        "one runner claims and settles the rows of every organisation",
    ),
}

FUNCTION = "handrail_append_only"
# PL/pgSQL; TG_OP and OLD come from the row that somebody wants to change.
FUNCTION_BODY = f"""
CREATE OR REPLACE FUNCTION {FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS $handrail$
BEGIN
    IF TG_OP = 'DELETE' AND EXISTS (
        SELECT 1 FROM {Organization._meta.db_table} AS leaving
        WHERE leaving.id = OLD.organization_id AND (
            leaving.erasing_since IS NOT NULL
            OR TG_NARGS > 0
            AND (to_jsonb(OLD) ->> TG_ARGV[0])::timestamptz < leaving.purging_before
        )
    ) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'handrail guard: % is append-only', TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END
$handrail$
"""  # noqa: S608 - every name in it is ours


def wanted() -> dict[str, list[str]]:
    """Each guard's name with the statements that make it, in an order in which they can be made."""
    guards: dict[str, list[str]] = {}
    for table in sorted({reference.target_table for reference in references()}):
        body = f'ALTER TABLE "{table}" ADD CONSTRAINT "%s" UNIQUE (organization_id, id)'
        _add(guards, "pair", body)
    for reference in references():
        body = (
            f'ALTER TABLE "{reference.table}" ADD CONSTRAINT "%s"'
            f' FOREIGN KEY (organization_id, "{reference.column}")'
            f' REFERENCES "{reference.target_table}" (organization_id, "{reference.target_column}")'
            " DEFERRABLE INITIALLY DEFERRED NOT VALID"
        )
        # Checking the old rows afterwards lets writers go on meanwhile.
        _add(guards, "reference", body, f'ALTER TABLE "{reference.table}" VALIDATE CONSTRAINT "%s"')
    for model in scoped_models():
        table = model._meta.db_table
        _add(
            guards,
            "own",
            f'CREATE POLICY "%s" ON "{table}" FOR ALL USING ({OWN}) WITH CHECK ({OWN})',
        )
        if table in DOORS:
            command, who, _reason = DOORS[table]
            _add(guards, "door", f'CREATE POLICY "%s" ON "{table}" FOR {command} USING ({who})')
    for model in append_only_models():
        table = model._meta.db_table
        old = getattr(model, "purged_by", "")
        argument = f"'{old}'" if old else ""
        _add(
            guards,
            "append_only",
            f'CREATE TRIGGER "%s" BEFORE UPDATE OR DELETE ON "{table}"'
            f" FOR EACH ROW EXECUTE FUNCTION {FUNCTION}({argument})",
        )
    return guards


def present(connection: BaseDatabaseWrapper) -> dict[str, str]:
    """The guards the database has now: name -> the statement that removes it."""
    found: dict[str, str] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname, conrelid::regclass::text FROM pg_constraint"
            " WHERE conname LIKE 'handrail!_%' ESCAPE '!'"
            " AND connamespace = current_schema()::regnamespace ORDER BY contype = 'u', conname"
        )
        for name, table in cursor.fetchall():
            found[name] = f'ALTER TABLE {table} DROP CONSTRAINT "{name}"'
        cursor.execute(
            "SELECT policyname, tablename FROM pg_policies"
            " WHERE schemaname = current_schema() AND policyname LIKE 'handrail!_%' ESCAPE '!'"
        )
        for name, table in cursor.fetchall():
            found[name] = f'DROP POLICY "{name}" ON "{table}"'
        cursor.execute(
            "SELECT tgname, tgrelid::regclass::text FROM pg_trigger"
            " WHERE NOT tgisinternal AND tgname LIKE 'handrail!_%' ESCAPE '!'"
        )
        for name, table in cursor.fetchall():
            found[name] = f'DROP TRIGGER "{name}" ON {table}'
    return found


def unsecured(connection: BaseDatabaseWrapper) -> list[str]:
    """Tables of organisations whose row security is off, or not forced on their owner."""
    tables = [model._meta.db_table for model in scoped_models()]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = current_schema()::regnamespace"
            " AND relname = ANY(%s) AND NOT (relrowsecurity AND relforcerowsecurity)"
            " ORDER BY relname",
            [tables],
        )
        return [row[0] for row in cursor.fetchall()]


def install(connection: BaseDatabaseWrapper) -> None:
    """Make the missing guards and remove the outdated ones."""
    has, wants = present(connection), wanted()
    with connection.cursor() as cursor:
        for name, removal in has.items():
            if name not in wants:
                cursor.execute(removal)
        missing = [name for name in wants if name not in has]
        if missing:
            cursor.execute(FUNCTION_BODY)
        for name in missing:
            for statement in wants[name]:
                cursor.execute(statement)
        for table in unsecured(connection):
            cursor.execute(f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY')
            cursor.execute(f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY')


def remove(connection: BaseDatabaseWrapper) -> None:
    """Drop every guard and switch row security off."""
    removals = list(present(connection).values())
    with connection.cursor() as cursor:
        for removal in removals:
            cursor.execute(removal)
        for model in scoped_models():
            table = model._meta.db_table
            cursor.execute(f'ALTER TABLE "{table}" NO FORCE ROW LEVEL SECURITY')
            cursor.execute(f'ALTER TABLE "{table}" DISABLE ROW LEVEL SECURITY')


def let_migrations_see(connection: BaseDatabaseWrapper, *, yes: bool) -> None:
    """While this connection migrates it sees every row; other connections stay guarded."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('handrail.runner', %s, false)", ["migration" if yes else ""]
        )


def _add(guards: dict[str, list[str]], kind: str, *statements: str) -> None:
    name = name_of(kind, *statements)
    guards[name] = [statement % name for statement in statements]
