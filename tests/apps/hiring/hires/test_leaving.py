"""Who left or was switched off holds nothing that others could have; who is away comes back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from apps.office_hours.conftest import Office, make_office
from apps.retreats.conftest import make_kick_off
from factories.world import NOW, World
from handrail.apps.calendars.queries import free_starts, week_bits
from handrail.apps.calendars.refusals import SlotTaken
from handrail.apps.hiring.leaving import release_gone
from handrail.apps.identity.actions.deciding import confirm
from handrail.apps.identity.actions.people import change_person
from handrail.apps.identity.models import Entry, NoticeKind
from handrail.apps.identity.noticing import raise_notice
from handrail.apps.identity.said import PersonSaid
from handrail.apps.office_hours import actions as hours
from handrail.apps.office_hours.actions.absence import move_on
from handrail.apps.organizations.models import RoleGrant
from handrail.apps.organizations.refusals import Conflict
from handrail.apps.organizations.scope import reading, writing
from handrail.apps.outbox.models import OutboxRow
from handrail.apps.people.models import EmploymentSpell, Person
from handrail.apps.programs.models import Enrolment
from handrail.apps.retreats import actions as retreats
from handrail.apps.sessions import actions as sessions
from handrail.apps.sessions.models import Session, SessionState

DAY = timedelta(days=1)


def switch(world: World, name: str, *, active: bool, now: datetime = NOW) -> None:
    """The directory switches somebody off, or on again."""
    person = Person.objects.get(pk=world.person(name).pk)
    said = PersonSaid(user_name=person.email, email=person.email, name=person.name)
    change_person(person, replace(said, active=active), source="scim", by=world.system, now=now)


def last_day(world: World, name: str, day: date) -> None:
    with writing(world.organization):
        EmploymentSpell.objects.filter(person=world.person(name)).update(
            ended_on=day, end_known_since=day
        )


def booked(world: World, days: int = 2) -> Session:
    assert world.program is not None
    return sessions.book(
        world.program, world.person("bob"), world.person("alice"),
        NOW + days * DAY + timedelta(hours=2), "Rebase", by=world.viewer("bob"), now=NOW,
    )  # fmt: skip


def tend(world: World, now: datetime = NOW) -> int:
    return release_gone(by=world.system, now=now)


@pytest.mark.parametrize("gone", ["alice", "bob"])
def test_who_is_switched_off_meets_nobody_and_stays_enrolled(fresh_world: World, gone: str) -> None:
    world = fresh_world
    with reading(world.organization):
        session = booked(world)
        switch(world, gone, active=False)
        assert OutboxRow.objects.filter(kind="rule.release_gone").count() == 1  # at once
        assert tend(world) == 1
        session.refresh_from_db()
        assert (session.state, session.cancelled_by) == (SessionState.CANCELLED, None)
        other = world.person("bob" if gone == "alice" else "alice")
        mails = OutboxRow.objects.filter(kind="mail.cancellation", ref__person=str(other.public_id))
        assert mails.exists()
        assert Enrolment.objects.get(person=world.person(gone)).left_at is None  # perhaps a leave
        assert tend(world) == 0  # again it does nothing
        switch(world, gone, active=True, now=NOW + DAY)
        again = booked(world, days=3)
        assert tend(world, NOW + DAY) == 0
        assert again.state == SessionState.SCHEDULED


def test_what_lies_after_a_known_day_of_return_stays(fresh_world: World) -> None:
    world = fresh_world
    with reading(world.organization):
        soon, later = booked(world, days=1), booked(world, days=8)
        switch(world, "alice", active=False)
        back = (NOW + 5 * DAY).date()
        Person.objects.filter(pk=world.person("alice").pk).update(pause_until=back - DAY)
        tend(world)
        states = Session.objects.in_bulk([soon.pk, later.pk])
        assert states[soon.pk].state == SessionState.CANCELLED
        assert states[later.pk].state == SessionState.SCHEDULED


def test_who_has_left_is_out_of_everything_on_the_day_after_and_not_before(
    fresh_world: World,
) -> None:
    world = fresh_world
    with reading(world.organization):
        session = booked(world, days=4)
        last_day(world, "bob", (NOW + DAY).date())
        assert tend(world, NOW + DAY) == 0  # the last day is theirs
        session.refresh_from_db()
        assert session.state == SessionState.SCHEDULED
        assert tend(world, NOW + 2 * DAY) == 1
        session.refresh_from_db()
        assert session.state == SessionState.CANCELLED
        assert Enrolment.objects.get(person=world.person("bob")).left_at is not None
        assert Enrolment.objects.get(person=world.person("alice")).left_at is None


def test_m04_the_turns_of_whoever_is_switched_off_move_on_with_what_is_booked(
    fresh_world: World,
) -> None:
    world = fresh_world
    with reading(world.organization):
        office: Office = make_office(world)
        office.plan()
        host = office.hosts()[0]
        session = office.book("bob")
        before = office.hosts()
        switch(world, host, active=False)
        tend(world)
        after = office.hosts()
        assert host not in after
        assert len(after) == len(before)
        session.refresh_from_db()
        assert session.state == SessionState.SCHEDULED  # another mentor has it
        assert session.booking.host_id != world.person(host).pk


def test_a_turn_that_is_refused_halfway_stays_as_it_was(
    fresh_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = fresh_world

    def halfway(*args: Any, **named: Any) -> None:
        move_on(*args, **named)
        raise Conflict("Somebody was quicker.")

    monkeypatch.setattr("handrail.apps.hiring.leaving.move_on", halfway)
    with reading(world.organization):
        office = make_office(world)
        office.plan()
        before = office.hosts()
        switch(world, before[0], active=False)
        tend(world)
        assert office.hosts() == before


def test_a_place_in_line_is_given_up_too(fresh_world: World) -> None:
    world = fresh_world
    with reading(world.organization):
        office = make_office(world)
        office.plan()
        turn = office.turns()[0]
        for minute in (0, 30):
            name = f"guest{minute}"
            world.add(name, role="mentee")
            office.book(name, turn, minute=minute)
        place = hours.wait(turn, "Rebase a branch", by=world.viewer("charlie"), now=NOW)
        switch(world, "charlie", active=False)
        tend(world)
        place.refresh_from_db()
        assert place.state == "left"
        assert Entry.objects.get(person=world.person("charlie")).active is False


def test_a_last_day_ahead_takes_no_role_before_it_and_all_after_it(fresh_world: World) -> None:
    world = fresh_world
    ana, adam = world.person("ana"), world.viewer("adam")
    with reading(world.organization):
        held = RoleGrant.objects.filter(membership=ana.membership_id)
        notice = raise_notice(
            ana, NoticeKind.LEFT, source="scim", said={}, by=world.system, now=NOW
        )
        assert notice is not None
        confirm(notice, (NOW + 5 * DAY).date(), by=adam, now=NOW)
        for now in (NOW, NOW + 5 * DAY):  # the last day is one of theirs
            tend(world, now)
            assert held.exists()
        tend(world, NOW + 6 * DAY)
        assert not held.exists()
        assert RoleGrant.objects.filter(membership=world.person("adam").membership_id).exists()


def test_nobody_is_offered_or_given_a_time_after_a_last_day_that_is_known(
    fresh_world: World,
) -> None:
    world = fresh_world
    alice, bob = world.person("alice"), world.person("bob")
    last = (NOW + 2 * DAY).date()  # a Wednesday
    with reading(world.organization):
        last_day(world, "alice", last)
        starts = free_starts([bob, alice], NOW, NOW + 7 * DAY, 20, now=NOW, host=alice)
        assert max(start.date() for start in starts) == last
        assert booked(world, days=2).state == SessionState.SCHEDULED  # the last day is theirs
        with pytest.raises(SlotTaken) as refused:
            booked(world, days=3)
        assert str(refused.value.message) == "Alice is not free then."  # and not why
        assert refused.value.alternatives == []
        week = week_bits([alice, bob], (NOW + 7 * DAY).date(), now=NOW)
        assert (week[alice.pk], week[bob.pk] > 0) == (0, True)
        last_day(world, "alice", last + 20 * DAY)  # it was moved
        assert booked(world, days=3).state == SessionState.SCHEDULED


def test_whoever_is_hired_again_is_free_as_before(fresh_world: World) -> None:
    world = fresh_world
    with reading(world.organization):
        last_day(world, "alice", (NOW + DAY).date())
        with writing(world.organization):
            EmploymentSpell.objects.create(
                organization=world.organization, person=world.person("alice"), basis="employment",
                started_on=(NOW + 2 * DAY).date(), start_known_since=NOW.date(),
            )  # fmt: skip
        assert booked(world, days=3).state == SessionState.SCHEDULED


def test_whoever_has_left_comes_to_no_retreat_and_plans_none(fresh_world: World) -> None:
    world = fresh_world
    with reading(world.organization):
        kick_off = make_kick_off(world)
        bob = retreats.add_guest(kick_off, world.person("bob"), by=world.viewer("alice"), now=NOW)
        block = kick_off.blocks.all()[0]
        retreats.change_block(block, by=world.viewer("alice"), now=NOW, led_by=bob.person)
        for name in ("bob", "alice"):
            last_day(world, name, NOW.date())
        tend(world, NOW + DAY)
        bob.refresh_from_db()
        block.refresh_from_db()
        kick_off.refresh_from_db()
        assert (bob.taken_off_at, block.led_by, kick_off.planner) == (NOW + DAY, None, None)
        tend(world, NOW + DAY)  # again it does nothing
        told = OutboxRow.objects.filter(kind="mail.retreat_wants_planner")
        assert told.count() == RoleGrant.objects.filter(role="administrator").count()
        adam = world.viewer("adam")
        retreats.edit_retreat(kick_off, by=adam, now=NOW + DAY, name="Kick-off")
        assert kick_off.planner_id == adam.person_id
