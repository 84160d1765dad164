"""The weekly operations page, exact on a week made by the product's own actions."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from factories.world import NOW, World, make_world
from handrail.apps.organizations.refusals import NotAllowed
from handrail.apps.organizations.scope import reading
from handrail.apps.people.models import Person
from handrail.apps.programs.actions import edit_program, enrol, set_objective
from handrail.apps.programs.models import EnrolmentRole
from handrail.apps.reports.operations import Operations, operations
from handrail.apps.requests import actions as asking
from handrail.apps.sessions import actions
from handrail.domain.evidence.operations import Rate

HOUR, MONDAY = timedelta(hours=1), date(2026, 2, 2)
TUESDAY = NOW + timedelta(days=1, hours=2)  # 11:00 in Berlin


@pytest.fixture
def world(db: None) -> Iterator[World]:
    world = make_world()
    assert world.program is not None
    with reading(world.organization):
        Person.objects.update(minutes_per_week=600)
        edit_program(world.program, by=world.system, now=NOW, sessions_per_mentee=12)
        charlie = enrol(
            world.program, world.person("charlie"), EnrolmentRole.MENTEE, by=world.system, now=NOW
        )
        set_objective(charlie, "Write a first page", by=world.system, now=NOW)
        yield world


def seen(world: World, *, days: int, monday: date = MONDAY) -> Operations:
    assert world.program is not None
    now = NOW + timedelta(days=days)
    return operations(world.viewer("alice"), world.program, monday=monday, now=now)


def a_session(world: World, mentee: str, hours: int, *, come: tuple[str, ...]) -> None:
    """A session on Tuesday: both come, one comes, or nobody."""
    assert world.program is not None
    start = TUESDAY + hours * HOUR
    session = actions.book(
        world.program,
        world.person(mentee),
        world.person("alice"),
        start,
        "Try it",
        by=world.viewer(mentee),
        now=NOW,
    )
    for name in come:
        actions.check_in(session, by=world.viewer(name), now=start)
    actions.settle_overdue(start + HOUR, by=world.system)


def test_m24_a_week_of_sessions(world: World) -> None:
    both = ("alice", "bob")
    for hours in range(4):
        a_session(world, "bob", hours, come=both)
    assert seen(world, days=3).week.completed == Rate(4, 4)
    assert not seen(world, days=3).is_below  # four are too few to tell
    a_session(world, "charlie", 4, come=("alice",))
    week = seen(world, days=3)
    assert (week.week.completed, week.week.not_held) == (Rate(4, 5), 1)
    assert week.is_below  # 80 % of five, below 85
    assert week.repeat == Rate(1, 1)
    assert [(row.mentor.external_id, row.this_week) for row in week.load] == [("alice", 5)]
    assert seen(world, days=3, monday=MONDAY + timedelta(days=7)).before[0] == week.week


def test_m24_replies_stop_the_clock_and_a_question_is_one(world: World) -> None:
    assert world.program is not None
    request = asking.ask(
        world.program,
        world.person("bob"),
        world.person("alice"),
        TUESDAY + timedelta(days=3),
        "Try it",
        by=world.viewer("bob"),
        now=NOW,
    )
    assert (seen(world, days=1).week.replies, seen(world, days=1).week.waiting) == (Rate(0, 0), 1)
    assert seen(world, days=2).week.replies == Rate(0, 1)
    asking.question(request, "Which?", by=world.viewer("alice"), now=NOW + 5 * HOUR)
    assert seen(world, days=2).week.replies == Rate(1, 1)


def test_m24_who_is_left_out(world: World) -> None:
    a_session(world, "bob", 0, come=("alice", "bob"))
    names = [row.mentee.external_id for row in seen(world, days=13).left_out]
    assert names == []
    names = [row.mentee.external_id for row in seen(world, days=14).left_out]
    assert names == ["charlie"]
    names = [row.mentee.external_id for row in seen(world, days=16).left_out]
    assert names == ["charlie", "bob"]


def test_m24_nobody_found_is_left_out_at_once(world: World) -> None:
    assert world.program is not None
    request = asking.ask(
        world.program,
        world.person("bob"),
        world.person("alice"),
        TUESDAY + timedelta(days=3),
        "Try it",
        goes_on=False,
        by=world.viewer("bob"),
        now=NOW,
    )
    asking.decline(request, by=world.viewer("alice"), now=NOW + HOUR)
    asking.move_on(by=world.system, now=NOW + HOUR)
    (row,) = seen(world, days=1).left_out
    assert (row.mentee.external_id, row.nobody_found) == ("bob", True)


@pytest.mark.parametrize("who", ["bob", "charlie", "ana", "mona"])
def test_the_week_is_for_who_runs_the_program(world: World, who: str) -> None:
    assert world.program is not None
    with pytest.raises(NotAllowed):
        operations(world.viewer(who), world.program, monday=MONDAY, now=NOW)
