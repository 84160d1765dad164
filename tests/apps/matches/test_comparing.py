"""Two plans for a week side by side."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from apps.matches.conftest import Propose, add_mentee, add_mentor
from factories.world import MONDAY, NOW, World
from handrail.apps.matches import actions, comparing
from handrail.apps.matches.comparing import Comparison, compare
from handrail.apps.matches.models import MatchRun, RunStatus
from handrail.apps.matches.queries import comparable_runs
from handrail.apps.organizations.refusals import Invalid, NotAllowed
from handrail.apps.programs.actions import edit_program, leave
from handrail.apps.sessions.actions import publish_run

LATER = NOW + timedelta(minutes=1)


def compared(world: World, one: MatchRun, other: MatchRun) -> Comparison:
    return compare(world.viewer("alice"), one, other)


def names(some: Any) -> list[str]:
    return [row.mentee.external_id for row in some.rows]


def test_who_loses_a_place_and_why_and_who_gets_another_mentor(
    world: World, propose: Propose
) -> None:
    # docs: dora alone with gina; git: bob with alice
    add_mentor(world, "gina", offers={"docs": 2}, minutes_per_week=20)
    add_mentor(world, "hugo", offers={"git": 2}, minutes_per_week=20)
    add_mentee(world, "dora", wants={"docs": 1})
    first = propose()
    for mentor in ("gina", "alice"):
        actions.forbid(
            world.program, world.person("dora"), world.person(mentor), by=world.system, now=NOW
        )
    actions.pin(world.program, world.person("bob"), world.person("alice"), by=world.system, now=NOW)
    second = propose(now=LATER)
    found = compared(world, second, first)
    assert (found.before.run, found.after.run) == (first, second)
    assert names(found.lost_place) == ["dora"]
    (lost,) = found.lost_place.rows
    assert lost.match.mentor == world.person("gina")
    assert lost.why[0] == "Nobody who fits may be paired: 2 mentors ruled out."
    assert names(found.another_mentor) == ["bob"]
    (moved,) = found.another_mentor.rows
    assert (moved.before.mentor, moved.after.mentor) == (
        world.person("hugo"),
        world.person("alice"),
    )
    assert (names(found.newly_served), names(found.another_time), found.unchanged) == ([], [], 0)
    assert found.before.served_words == "2 people get a session; no plan can serve more."
    assert found.after.served_words == "1 person gets a session; no plan can serve more."
    assert sorted(found.decided_since) == [
        "Bob and Alice: keep together",
        "Dora and Alice: do not pair",
        "Dora and Gina: do not pair",
    ]
    assert (found.taken_back, found.settings) == ([], [])


def test_who_is_newly_served_and_why_they_were_not_before(world: World, propose: Propose) -> None:
    bob, alice = world.person("bob"), world.person("alice")
    decision = actions.forbid(world.program, bob, alice, by=world.system, now=NOW)
    first = propose()
    actions.undecide(decision, by=world.system, now=NOW)
    second = propose(now=LATER)
    found = compared(world, first, second)
    (new,) = found.newly_served.rows
    assert (new.mentee, new.match.mentor) == (bob, alice)
    assert new.why[0] == "Nobody who fits may be paired: 1 mentor ruled out."
    assert found.taken_back == ["Bob and Alice: do not pair"]
    assert found.decided_since == []


def test_the_same_pair_at_another_time(world: World, propose: Propose) -> None:
    first, second = propose(), propose(now=LATER)
    match = second.matches.get()
    match.starts_at += timedelta(hours=1)
    match.save()
    found = compared(world, first, second)
    assert names(found.another_time) == ["bob"]
    assert not found.is_same


def test_two_plans_alike(world: World, propose: Propose) -> None:
    found = compared(world, propose(), propose(now=LATER))
    assert (found.is_same, found.unchanged, found.rules_known) == (True, 1, True)


def test_who_left_in_between_was_not_asked_for(world: World, propose: Propose) -> None:
    first = propose()
    leave(world.enrolments["bob"], by=world.viewer("bob"), now=NOW)
    (lost,) = compared(world, first, propose(now=LATER)).lost_place.rows
    assert lost.why == ["Was not asked for: had a session already, or did not take part."]


def test_settings_that_differ(world: World, propose: Propose) -> None:
    first = propose()
    edit_program(
        world.program,
        by=world.viewer("alice"),
        now=NOW,
        keep_published="strongly",
        again_after_weeks=4,
    )
    assert compared(world, first, propose(now=LATER, seed=7)).settings == [
        "Another draw decides between equals.",
        "The plan before is kept rather than a much better fit; it was only where nobody loses"
        " by it.",
        "Two who met are paired again after 4 weeks; it was 0.",
    ]


def test_only_so_many_of_a_kind_are_shown_and_all_are_counted(
    world: World, propose: Propose, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(comparing, "SHOWN", 1)
    first = propose()
    for name in ("dora", "emil"):
        add_mentee(world, name)
    found = compared(world, first, propose(now=LATER))
    assert (len(found.newly_served.rows), found.newly_served.count) == (1, 2)
    assert found.newly_served.more == 1


def test_another_week_or_a_run_without_a_plan_cannot_be_compared(
    world: World, propose: Propose
) -> None:
    run = propose()
    with pytest.raises(Invalid):
        compared(world, run, propose(week=MONDAY + timedelta(days=7)))
    MatchRun.objects.filter(pk=run.pk).update(status=RunStatus.FAILED)
    run.refresh_from_db()
    with pytest.raises(Invalid):
        compared(world, run, propose())


def test_every_other_plan_of_the_week_can_be_chosen(world: World, propose: Propose) -> None:
    discarded = propose()
    published = propose(now=LATER)
    publish_run(published, by=world.viewer("alice"), now=LATER)
    latest = propose(now=LATER + timedelta(minutes=1))
    propose(week=MONDAY + timedelta(days=7))
    assert list(comparable_runs(world.viewer("alice"), latest)) == [published, discarded]


@pytest.mark.parametrize("name", ["bob", "charlie", "mona", "ana", "otto", "rita"])
def test_only_who_runs_the_program_compares(world: World, propose: Propose, name: str) -> None:
    one, other = propose(), propose(now=LATER)
    with pytest.raises(NotAllowed):
        compare(world.viewer(name), one, other)
