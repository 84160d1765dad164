"""The scope object: one organisation at a time, and it closes behind itself."""

from __future__ import annotations

import re
import threading
from pathlib import Path

import pytest
from django.db import connection, transaction
from django_scopes import ScopeError, get_scope

import handrail
from handrail.apps.organizations.models import Membership, Organization
from handrail.apps.organizations.scope import reading, writing
from handrail.apps.organizations.viewer import Viewer


def setting(name: str) -> str:
    """What row security is told; on SQLite, which has none, what Python is told."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting(%s, true)", [f"handrail.{name}"])
            return cursor.fetchone()[0] or ""
    organization = get_scope().get("organization")
    return str(organization.pk) if organization else ""


def test_a_query_outside_an_organization_raises(alice: Viewer) -> None:
    with pytest.raises(ScopeError):
        Membership.objects.count()


def test_the_scope_closes_behind_itself(northwind: Organization) -> None:
    with reading(northwind):
        assert setting("organization") == str(northwind.pk)
    assert setting("organization") == ""


def test_an_inner_scope_gives_way_to_the_outer_one(
    northwind: Organization, southwind: Organization
) -> None:
    with reading(northwind):
        with reading(southwind):
            assert setting("organization") == str(southwind.pk)
        assert setting("organization") == str(northwind.pk)


def test_an_error_inside_closes_the_scope_too(northwind: Organization) -> None:
    with pytest.raises(KeyError), writing(northwind):
        raise KeyError
    assert setting("organization") == ""


def test_a_scope_opened_and_broken_inside_a_transaction_gives_way(
    northwind: Organization, southwind: Organization
) -> None:
    with reading(northwind):
        with pytest.raises(KeyError), transaction.atomic(), reading(southwind):
            raise KeyError
        assert setting("organization") == str(northwind.pk)


def test_a_failed_statement_does_not_hide_behind_the_closing_scope(
    northwind: Organization, southwind: Organization
) -> None:
    def fail() -> None:
        with transaction.atomic(), reading(southwind), connection.cursor() as cursor:
            cursor.execute("SELECT * FROM no_such_table")

    with reading(northwind):
        with pytest.raises(Exception, match="no_such_table"):
            fail()
        assert setting("organization") == str(northwind.pk)


def test_what_breaks_in_a_writing_is_not_kept(northwind: Organization) -> None:
    def break_off() -> None:
        with writing(northwind):
            Organization.objects.filter(pk=northwind.pk).update(name="Gone")
            raise KeyError

    with pytest.raises(KeyError):
        break_off()
    assert Organization.objects.get(pk=northwind.pk).name == "Northwind"


def test_another_thread_has_no_organization(northwind: Organization) -> None:
    seen: list[object] = []
    with reading(northwind):
        thread = threading.Thread(target=lambda: seen.append(get_scope().get("organization")))
        thread.start()
        thread.join()
    assert seen == [None]


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_opens_inside_a_scope_knows_it(
    northwind: Organization,
) -> None:
    with reading(northwind):
        connection.close()
        assert setting("organization") == str(northwind.pk)


def test_scopes_are_disabled_in_one_module_only() -> None:
    source = Path(handrail.__file__).parent
    naming = {
        str(path.relative_to(source))
        for path in source.rglob("*.py")
        if re.search(r"\bscopes_disabled\b|\b_enabled=", path.read_text())
    }
    assert naming == {"apps/organizations/scope.py"}


def test_each_door_across_organizations_has_one_user() -> None:
    source = Path(handrail.__file__).parent
    users = {
        door: {
            str(path.relative_to(source))
            for path in source.rglob("*.py")
            if re.search(rf"\b{door}\(", path.read_text()) and path.name != "scope.py"
        }
        for door in ("signing_in", "presenting_key", "running_outbox")
    }
    assert users == {
        "signing_in": {"apps/organizations/queries.py"},
        "presenting_key": {"apps/organizations/queries.py"},
        "running_outbox": {"apps/outbox/runner.py"},
    }
