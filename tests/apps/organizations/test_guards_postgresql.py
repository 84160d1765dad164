"""PostgreSQL keeps organisations apart when the code above forgets to: one layer at a time.

The layers: scoped managers (Python), row security, composite foreign keys.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from uuid import uuid4

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django_scopes import scope, scopes_disabled

from handrail.apps.organizations import guards
from handrail.apps.organizations.guards import postgresql
from handrail.apps.organizations.guards.tables import scoped_models
from handrail.apps.organizations.models import ApiKey, Membership, Organization, RoleGrant
from handrail.apps.organizations.scope import reading
from handrail.apps.organizations.viewer import Viewer

CANARY = "mallory-canary"


@pytest.fixture
def secret_of_southwind(mallory: Viewer, now: datetime) -> ApiKey:
    """A row of Southwind that nobody in Northwind may see."""
    with reading(mallory.organization):
        return ApiKey.objects.create(
            organization=mallory.organization,
            public_id=uuid4(),
            membership_id=mallory.membership_id,
            name=CANARY,
            prefix="canary",
            digest="0",
            created_at=now,
        )


@contextmanager
def without_row_security() -> Iterator[None]:
    connection.check_constraints()  # an altered table may have no check waiting for the commit
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE organizations_apikey NO FORCE ROW LEVEL SECURITY")
        yield
        cursor.execute("ALTER TABLE organizations_apikey FORCE ROW LEVEL SECURITY")


@contextmanager
def told(organization: Organization) -> Iterator[None]:
    """Row security is told the organisation, while the managers filter nothing."""
    with reading(organization), scopes_disabled():
        yield


def everything_in(table: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT * FROM "{table}"')
        return repr(cursor.fetchall())


def test_the_tests_run_as_a_role_that_row_security_binds(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == (False,)


def test_every_guard_is_in_place_after_migrating(db: None) -> None:
    assert guards.missing(connection) == []


def test_a_missing_guard_is_reported(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE organizations_apikey NO FORCE ROW LEVEL SECURITY")
        cursor.execute("ALTER TABLE organizations_rolegrant DISABLE ROW LEVEL SECURITY")
        removal = next(
            statement
            for name, statement in postgresql.present(connection).items()
            if name.startswith("handrail_reference_")
        )
        cursor.execute(removal)
    missing = guards.missing(connection)
    assert missing[0].startswith("handrail_reference_")
    assert missing[1:] == ["organizations_apikey", "organizations_rolegrant"]


def test_installing_twice_changes_nothing(db: None) -> None:
    before = postgresql.present(connection)
    postgresql.install(connection)
    assert postgresql.present(connection) == before


def test_removed_guards_come_back(db: None) -> None:
    before = postgresql.present(connection)
    postgresql.remove(connection)
    assert postgresql.present(connection) == {}
    postgresql.install(connection)
    assert (postgresql.present(connection), guards.missing(connection)) == (before, [])


def test_without_the_managers_row_security_hides_the_neighbour(
    alice: Viewer, secret_of_southwind: ApiKey
) -> None:
    with told(alice.organization):
        assert list(ApiKey.objects.all()) == []
        assert ApiKey.objects.filter(pk=secret_of_southwind.pk).update(name="mine") == 0


def test_without_the_managers_raw_sql_finds_no_canary_in_any_table(
    alice: Viewer, secret_of_southwind: ApiKey
) -> None:
    with reading(alice.organization):
        found = [
            m._meta.db_table for m in scoped_models() if CANARY in everything_in(m._meta.db_table)
        ]
    assert found == []


def test_the_neighbour_finds_the_canary(mallory: Viewer, secret_of_southwind: ApiKey) -> None:
    with reading(mallory.organization):
        assert CANARY in everything_in("organizations_apikey")


def test_without_any_organization_there_is_nothing(secret_of_southwind: ApiKey) -> None:
    assert {m._meta.db_table: everything_in(m._meta.db_table) for m in scoped_models()} == {
        m._meta.db_table: "[]" for m in scoped_models()
    }


def test_without_row_security_the_managers_hide_the_neighbour(
    alice: Viewer, secret_of_southwind: ApiKey
) -> None:
    with without_row_security(), reading(alice.organization):
        assert list(ApiKey.objects.all()) == []


def test_without_both_the_neighbour_is_seen(alice: Viewer, secret_of_southwind: ApiKey) -> None:
    """The control: the tests above are not green because there is nothing to see."""
    with without_row_security(), told(alice.organization):
        assert [key.name for key in ApiKey.objects.all()] == [CANARY]


def grant(organization: Organization, membership_id: int | None, now: datetime) -> None:
    with transaction.atomic():
        RoleGrant.objects.create(
            organization=organization,
            membership_id=membership_id,
            role="recruiter",
            granted_at=now,
        )
        connection.check_constraints()


def test_row_security_refuses_a_row_for_the_neighbour(
    alice: Viewer, mallory: Viewer, now: datetime
) -> None:
    with (
        reading(alice.organization),
        scope(organization=mallory.organization),
        pytest.raises(ProgrammingError, match="row-level security"),
    ):
        grant(mallory.organization, mallory.membership_id, now)


def test_row_security_refuses_to_move_a_row_to_the_neighbour(
    alice: Viewer, mallory: Viewer
) -> None:
    with reading(alice.organization):
        grants = RoleGrant.objects.filter(membership_id=alice.membership_id)
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            grants.update(organization=mallory.organization)


def test_a_reference_into_the_neighbours_rows_is_refused(
    alice: Viewer, mallory: Viewer, now: datetime
) -> None:
    with reading(alice.organization), pytest.raises(IntegrityError, match="handrail_reference"):
        grant(alice.organization, mallory.membership_id, now)


def test_the_sign_in_door_shows_a_users_own_places_only(alice: Viewer, mallory: Viewer) -> None:
    with reading(mallory.organization):
        user_id = Membership.objects.get(pk=mallory.membership_id).user_id
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('handrail.user', %s, true)", [str(user_id)])
        cursor.execute("SELECT id FROM organizations_membership")
        assert cursor.fetchall() == [(mallory.membership_id,)]
        cursor.execute("SELECT set_config('handrail.user', '', true)")


def test_the_sign_in_door_does_not_let_write(mallory: Viewer) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('handrail.user', '1', true)")
        cursor.execute("UPDATE organizations_membership SET revoked_at = now()")
        assert cursor.rowcount == 0
        cursor.execute("SELECT set_config('handrail.user', '', true)")


def test_the_runners_door_opens_the_outbox_only(alice: Viewer, secret_of_southwind: ApiKey) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('handrail.runner', 'outbox', true)")
        seen = {
            m._meta.db_table for m in scoped_models() if everything_in(m._meta.db_table) != "[]"
        }
        cursor.execute("SELECT set_config('handrail.runner', '', true)")
    assert seen <= {"outbox_outboxrow"}


def test_the_door_of_a_mail_shows_the_entry_it_names_and_no_other(alice: Viewer) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('handrail.entry', 'none@handrail', true)")
        seen = {
            m._meta.db_table for m in scoped_models() if everything_in(m._meta.db_table) != "[]"
        }
        cursor.execute("SELECT set_config('handrail.entry', '', true)")
    assert seen == set()


def test_each_door_names_its_reason() -> None:
    assert set(postgresql.DOORS) == {
        "answers_answer",
        "calendars_booking",
        "connections_connection",
        "identity_domain",
        "identity_provider",
        "organizations_apikey",
        "organizations_membership",
        "outbox_outboxrow",
    }
    assert all(len(reason) > 20 for _command, _who, reason in postgresql.DOORS.values())
