"""The one scope object: every query and every write happens inside an organisation."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction
from django_scopes import get_scope, scope

from handrail.apps.organizations.models import Organization

SETTING = "handrail.organization"


def announce_to_database(organization_id: int | None) -> None:
    """Tell PostgreSQL's row security which organisation this connection works for."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT set_config(%s, %s, false)", [SETTING, str(organization_id or "")]
            )


@contextmanager
def reading(organization: Organization) -> Iterator[None]:
    """Queries inside see this organisation's rows and no others."""
    before = get_scope().get("organization")
    with scope(organization=organization):
        announce_to_database(organization.pk)
        try:
            yield
        finally:
            if not connection.needs_rollback:
                announce_to_database(before.pk if before else None)


@contextmanager
def writing(organization: Organization) -> Iterator[None]:
    """One transaction inside this organisation: everything in it commits, or nothing does."""
    with reading(organization), transaction.atomic():
        yield
