"""Who sees what of a session: the two people all of it, a lead that it exists."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from factories.world import NOW, World, make_world
from handrail.apps.organizations.refusals import NotAllowed, NotFound
from handrail.apps.organizations.scope import reading
from handrail.apps.programs.actions import enrol, set_objective
from handrail.apps.sessions import actions, queries
from handrail.apps.sessions.models import ChecklistItem

START = datetime(2026, 2, 3, 10, 0, tzinfo=UTC)


def at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


@pytest.mark.parametrize("name", ["bob", "alice", "adam"])
def test_the_two_people_and_who_runs_the_program_find_it(scene: Any, name: str) -> None:
    assert queries.session_for(scene.by(name), scene.session.public_id) == scene.session


@pytest.mark.parametrize("name", ["charlie", "mona", "ana", "otto", "rita"])
def test_for_everybody_else_it_is_not_there(scene: Any, name: str) -> None:
    with pytest.raises(NotFound) as hidden:
        queries.session_for(scene.by(name), scene.session.public_id)
    with pytest.raises(NotFound) as absent:
        queries.session_for(scene.by(name), uuid4())
    assert hidden.value.message == absent.value.message


def test_another_organisation_does_not_find_it(scene: Any) -> None:
    foreign = make_world("Southwind")
    with reading(foreign.organization), pytest.raises(NotFound):
        queries.session_for(foreign.viewer("adam"), scene.session.public_id)


def test_a_lead_who_has_no_seat_does_not_enter_the_room(scene: Any) -> None:
    with pytest.raises(NotAllowed):
        queries.room(scene.by("adam"), scene.session, NOW)


def test_a_stranger_does_not_enter_the_room(scene: Any) -> None:
    with pytest.raises(NotFound):
        queries.room(scene.by("charlie"), scene.session, NOW)


def test_the_room_before(scene: Any) -> None:
    room = queries.room(scene.by("bob"), scene.session, at(-60))
    assert (room.stage, room.timer.seconds_left) == ("before", 1200)
    assert (room.me.person.name, room.with_whom) == ("Bob", "Alice")
    assert (room.opens_at, room.decided_at) == (at(-15), at(10))
    assert (room.may_check_in, room.may_start, room.may_move, room.may_cancel) == (
        True,
        False,
        True,
        True,
    )
    assert room.cancel_is_late
    assert not queries.room(scene.by("bob"), scene.session, at(-120)).cancel_is_late


def test_the_room_offers_the_start_once_both_are_here(scene: Any) -> None:
    now = scene.scheduled()
    assert queries.room(scene.by("bob"), scene.fresh(), now).may_start


def test_m08_the_timer_counts_from_the_servers_start(scene: Any) -> None:
    scene.running()
    room = queries.room(scene.by("alice"), scene.fresh(), at(5))
    assert (room.stage, room.timer.seconds_left, room.timer.warn_at) == ("during", 900, 300)
    assert (room.timer.started_at, room.timer.ends_at) == (at(0), at(20))
    assert room.may_write_artifact


def test_the_room_is_after_as_soon_as_time_is_up(scene: Any) -> None:
    """The page does not wait for the runner to write it down."""
    scene.running()
    room = queries.room(scene.by("alice"), scene.fresh(), at(20))
    assert (room.stage, room.state, room.timer.seconds_left) == ("after", "awaiting_artifact", 0)
    assert (room.may_write_artifact, room.may_finish, room.may_tick) == (True, False, False)


def test_both_see_the_same_ticks(scene: Any) -> None:
    item = ChecklistItem.objects.filter(session=scene.session)[0]
    actions.tick(scene.session, item.public_id, True, by=scene.by("bob"), now=at(-60))
    seen = queries.room(scene.by("alice"), scene.session, at(-30)).checklist
    assert [line.ticked_by and line.ticked_by.name for line in seen] == ["Bob", None, None, None]


def test_the_room_brings_the_pairs_last_artifact_along(scene: Any) -> None:
    scene.closed()
    world = scene.world
    second = actions.book(
        world.program,
        world.person("bob"),
        world.person("alice"),
        at(1440),
        "Squash commits",
        by=world.viewer("bob"),
        now=at(60),
    )
    previous = queries.room(world.viewer("alice"), second, at(90)).previous
    assert previous is not None
    assert previous.next_step == "Rebase the docs branch"


def test_today_starts_with_the_next_session(scene: Any) -> None:
    today = queries.today(scene.by("bob"), at(-60))
    assert today.next is not None
    assert (today.next.session, today.next.other.name) == (scene.session, "Alice")
    assert (today.next.done, today.next.lines) == (0, 4)
    assert (today.to_write, today.suggestion) == ([], None)


def test_today_lists_the_artifact_that_waits(scene: Any) -> None:
    now = scene.awaiting_artifact()
    today = queries.today(scene.by("bob"), now)
    assert today.next is None
    assert [card.session for card in today.to_write] == [scene.session]


def test_a_session_that_runs_out_waits_for_its_artifact_at_once(scene: Any) -> None:
    scene.running()
    today = queries.today(scene.by("bob"), at(20))
    assert (today.next, len(today.to_write)) == (None, 1)


def test_today_suggests_a_booking(world: World) -> None:
    suggestion = queries.today(world.viewer("bob"), NOW).suggestion
    assert suggestion is not None
    assert (suggestion.code, suggestion.program) == ("book", world.program)


def test_today_asks_for_an_objective_first(world: World) -> None:
    enrol(world.program, world.person("charlie"), "mentee", by=world.system, now=NOW)
    suggestion = queries.today(world.viewer("charlie"), NOW).suggestion
    assert suggestion is not None
    assert suggestion.code == "set-objective"


def test_today_suggests_nothing_to_a_mentor(world: World) -> None:
    assert queries.today(world.viewer("alice"), NOW).suggestion is None


def test_a_lead_sees_whether_the_program_runs(scene: Any) -> None:
    scene.check_in("alice", at(0))
    actions.settle_overdue(at(11), by=scene.world.system)
    pulse = queries.today(scene.by("alice"), at(60)).led[0]
    assert (pulse.mentees, pulse.held, pulse.without_session) == (1, 0, 1)
    assert pulse.states["not_held"] == 1
    assert pulse.attendance == {
        "attended": 1,
        "no_show": 1,
        "late_cancelled": 0,
        "not_recorded": 0,
    }


def test_late_cancellations_show_beside_attendance(scene: Any) -> None:
    actions.cancel(scene.session, by=scene.by("bob"), now=at(-30))
    pulse = queries.program_pulse(scene.by("alice"), scene.world.program)
    assert pulse.attendance == {
        "attended": 0,
        "no_show": 0,
        "late_cancelled": 1,
        "not_recorded": 0,
    }


@pytest.mark.parametrize("name", ["bob", "charlie", "mona", "rita"])
def test_a_programs_sessions_are_for_who_runs_it(scene: Any, name: str) -> None:
    with pytest.raises(NotAllowed):
        queries.sessions_of_program(scene.by(name), scene.world.program)


def test_what_is_left_of_three_sessions(scene: Any) -> None:
    assert queries.sessions_left(scene.world.program, scene.world.person("bob")) == 2


def test_lists_ask_the_database_as_often_for_three_as_for_one(
    scene: Any, django_assert_num_queries: Callable[[int], Any]
) -> None:
    world = scene.world
    viewer = world.viewer("alice")

    def look() -> None:
        assert list(queries.my_sessions(viewer, NOW))
        assert queries.today(viewer, NOW).next

    with django_assert_num_queries(10):
        look()
    for number, name in enumerate(("dora", "emil"), start=1):
        world.add(name, role="mentee", wants={"git": 1})
        made = enrol(world.program, world.person(name), "mentee", by=world.system, now=NOW)
        set_objective(made, "Make a first change", by=world.system, now=NOW)
        actions.book(
            world.program,
            world.person(name),
            world.person("alice"),
            at(60 * number),
            "Make a first change",
            by=world.viewer(name),
            now=NOW,
        )
    with django_assert_num_queries(10):
        look()
