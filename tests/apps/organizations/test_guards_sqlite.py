"""SQLite keeps organisations apart when the code above forgets to: one layer at a time.

The layers: scoped managers (Python) for reading and writing, triggers for what rows point at.
SQLite has no row security: beneath the managers nothing hides rows from reading.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django_scopes import scopes_disabled

from handrail.apps.organizations import guards
from handrail.apps.organizations.actions import record_consent
from handrail.apps.organizations.guards import sqlite
from handrail.apps.organizations.models import ConsentRecord, Membership, RoleGrant
from handrail.apps.organizations.scope import reading
from handrail.apps.organizations.viewer import Viewer


@contextmanager
def without_triggers() -> Iterator[None]:
    sqlite.remove(connection)
    yield
    sqlite.install(connection)


def point_at_the_neighbour(alice: Viewer, mallory: Viewer, now: datetime) -> None:
    with transaction.atomic():
        RoleGrant.objects.create(
            organization=alice.organization,
            membership_id=mallory.membership_id,
            role="auditor",
            granted_at=now,
        )


def test_every_guard_is_in_place_after_migrating(db: None) -> None:
    assert guards.missing(connection) == []


def test_a_missing_guard_is_reported(db: None) -> None:
    name = sorted(sqlite.present(connection))[0]
    with connection.cursor() as cursor:
        cursor.execute(f'DROP TRIGGER "{name}"')
    assert guards.missing(connection) == [name]


def test_installing_twice_changes_nothing(db: None) -> None:
    before = sqlite.present(connection)
    sqlite.install(connection)
    assert sqlite.present(connection) == before


def test_an_outdated_guard_is_removed(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TRIGGER handrail_reference_old BEFORE INSERT ON organizations_rolegrant"
            " BEGIN SELECT RAISE(ABORT, 'outdated'); END"
        )
    sqlite.install(connection)
    assert "handrail_reference_old" not in sqlite.present(connection)


def test_guards_step_aside_for_a_migration_and_come_back(db: None) -> None:
    before = sqlite.present(connection)
    guards.before_migrating(using="default", plan=["a migration"])
    assert sqlite.present(connection) == set()
    guards.after_migrating(using="default", plan=["a migration"])
    assert sqlite.present(connection) == before


def test_guards_stay_where_there_is_nothing_to_migrate(db: None) -> None:
    before = sqlite.present(connection)
    guards.before_migrating(using="default", plan=[])
    assert sqlite.present(connection) == before


def test_a_reference_into_the_neighbours_rows_is_refused(
    alice: Viewer, mallory: Viewer, now: datetime
) -> None:
    with reading(alice.organization), pytest.raises(IntegrityError, match="out of its organ"):
        point_at_the_neighbour(alice, mallory, now)


def test_without_the_managers_the_reference_is_refused_too(
    alice: Viewer, mallory: Viewer, now: datetime
) -> None:
    with scopes_disabled(), pytest.raises(IntegrityError, match="out of its organ"):
        point_at_the_neighbour(alice, mallory, now)


def test_without_the_triggers_the_reference_would_stand(
    alice: Viewer, mallory: Viewer, now: datetime
) -> None:
    """The control: nothing else on SQLite refuses it."""
    with without_triggers(), reading(alice.organization):
        point_at_the_neighbour(alice, mallory, now)
        assert RoleGrant.objects.filter(membership_id=mallory.membership_id).count() == 1
        RoleGrant.objects.filter(membership_id=mallory.membership_id).delete()


def test_a_reference_that_is_changed_later_is_refused(alice: Viewer, mallory: Viewer) -> None:
    with reading(alice.organization):
        grants = RoleGrant.objects.filter(membership_id=alice.membership_id)
        with pytest.raises(IntegrityError, match="out of its organ"), transaction.atomic():
            grants.update(membership_id=mallory.membership_id)


def test_a_row_never_moves_to_the_neighbour(alice: Viewer, mallory: Viewer) -> None:
    with reading(alice.organization):
        places = Membership.objects.filter(pk=alice.membership_id)
        with pytest.raises(IntegrityError, match="never changes its organ"), transaction.atomic():
            places.update(organization=mallory.organization)


def test_without_the_triggers_the_managers_hide_the_neighbour(
    alice: Viewer, mallory: Viewer
) -> None:
    with without_triggers(), reading(alice.organization):
        assert [m.pk for m in Membership.objects.all()] == [alice.membership_id]
        assert Membership.objects.filter(pk=mallory.membership_id).delete()[0] == 0


def test_without_the_managers_the_neighbour_is_seen(alice: Viewer, mallory: Viewer) -> None:
    """The control: the test above is not green because there is nothing to see."""
    with scopes_disabled():
        assert {m.pk for m in Membership.objects.all()} == {
            alice.membership_id,
            mallory.membership_id,
        }


@pytest.mark.django_db(transaction=True)
def test_emptying_the_whole_database_steps_over_the_ledgers(bob: Viewer, now: datetime) -> None:
    assert bob.person_public_id is not None
    record_consent(
        bob.person_public_id, "reminders", True, text_version="1", channel="web", by=bob, now=now
    )
    call_command("flush", interactive=False, verbosity=0)
    with scopes_disabled():
        assert ConsentRecord.objects.count() == 0
    assert guards.missing(connection) == []
