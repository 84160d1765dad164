"""A published run: every match a session, or reported with other times."""

from __future__ import annotations

from typing import Any

import pytest

from factories.world import MONDAY, NOW, World
from handrail.apps.calendars.models import Booking
from handrail.apps.matches.actions import discard_run, propose_matches
from handrail.apps.matches.models import MatchRun
from handrail.apps.organizations.refusals import Conflict, NotAllowed
from handrail.apps.programs.actions import enrol, leave, set_objective
from handrail.apps.sessions import actions
from handrail.apps.sessions.models import Session


def _run(world: World, *names: str) -> MatchRun:
    """A preview for bob and these mentees, all with alice."""
    for name in names:
        world.add(name, role="mentee", wants={"git": 1})
        enrolled = enrol(world.program, world.person(name), "mentee", by=world.system, now=NOW)
        set_objective(enrolled, f"Make {name}'s first change", by=world.system, now=NOW)
    return propose_matches(world.program, week=MONDAY, by=world.viewer("alice"), now=NOW)


def _publish(world: World, run: MatchRun, name: str = "alice") -> Any:
    return actions.publish_run(run, by=world.viewer(name), now=NOW)


def test_on_an_unchanged_calendar_nothing_is_refused(world: World) -> None:
    run = _run(world, "dora", "emil")
    outcome = _publish(world, run)
    assert outcome.refused == []
    assert [s.objective for s in sorted(outcome.booked, key=lambda s: s.objective)] == [
        "Make dora's first change",
        "Make emil's first change",
        "Rebase a branch without fear",
    ]
    starts = {(match.mentee_id, match.starts_at) for match in run.matches.all()}
    booked = {(session.match.mentee_id, session.booking.starts_at) for session in outcome.booked}
    assert booked == starts


def test_a_match_whose_time_was_taken_is_reported_with_three_others(world: World) -> None:
    run = _run(world, "dora")
    taken = run.matches.get(mentee=world.person("dora"))
    actions.book(
        world.program,
        world.person("bob"),
        world.person("alice"),
        taken.starts_at,
        "Ask before the run does",
        by=world.viewer("bob"),
        now=NOW,
    )
    outcome = _publish(world, run)
    assert [(r.match.mentee, r.code) for r in outcome.refused] == [
        (world.person("dora"), "slot-taken")
    ]
    assert len(outcome.refused[0].alternatives) == 3
    assert all(start > taken.starts_at for start in outcome.refused[0].alternatives)
    assert [session.match.mentee for session in outcome.booked] == [world.person("bob")]


def test_who_left_since_the_preview_is_reported(world: World) -> None:
    run = _run(world)
    leave(world.enrolments["bob"], by=world.viewer("bob"), now=NOW)
    outcome = _publish(world, run)
    assert [(r.code, r.alternatives) for r in outcome.refused] == [("not-enrolled", [])]
    assert not Booking.objects.exists()


def test_a_run_is_published_once(world: World) -> None:
    run = _run(world)
    _publish(world, run)
    with pytest.raises(Conflict):
        _publish(world, run)
    assert Session.objects.count() == 1


def test_a_discarded_run_is_not_published(world: World) -> None:
    run = _run(world)
    discard_run(run, by=world.viewer("alice"), now=NOW)
    with pytest.raises(Conflict):
        _publish(world, run)
    assert not Session.objects.exists()


@pytest.mark.parametrize("name", ["bob", "charlie", "mona", "ana", "otto", "rita"])
def test_only_who_runs_the_program_publishes(world: World, name: str) -> None:
    run = _run(world)
    with pytest.raises(NotAllowed):
        _publish(world, run, name)
    assert not Session.objects.exists()


def test_a_mentee_with_a_session_this_week_is_not_proposed_again(world: World) -> None:
    _publish(world, _run(world))
    again = propose_matches(world.program, week=MONDAY, by=world.viewer("alice"), now=NOW)
    assert not again.matches.exists()
