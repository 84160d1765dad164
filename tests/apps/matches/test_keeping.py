"""What follows a plan: pairs kept, pairs that met lately kept apart, a lead's word above both."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from apps.matches.conftest import Propose, add_mentee, add_mentor
from factories.world import MONDAY, NOW, World
from handrail.apps.matches import actions
from handrail.apps.matches.models import MatchRun
from handrail.apps.organizations.models import AuditEntry
from handrail.apps.organizations.refusals import Invalid
from handrail.apps.people.models import PastPair
from handrail.apps.programs.actions import edit_program
from handrail.apps.sessions.actions import book, cancel, publish_run

TUESDAY = datetime(2026, 2, 3, 10, 0, tzinfo=UTC)
NEXT_WEEK = MONDAY + timedelta(days=7)


def pairs(run: MatchRun) -> dict[str, str]:
    rows = run.matches.select_related("mentee", "mentor")
    return {row.mentee.external_id: row.mentor.external_id for row in rows}


def starts(run: MatchRun) -> dict[str, datetime]:
    return {row.mentee.external_id: row.starts_at for row in run.matches.select_related("mentee")}


def codes(run: MatchRun, mentee: str) -> list[str]:
    return [reason["code"] for reason in run.matches.get(mentee__external_id=mentee).reasons]


def four_alike(world: World) -> None:
    """Bob and three more who wish for git; alice and two more who give it alike: all ties."""
    for name in ("dora", "emil", "finn"):
        add_mentee(world, name)
    for name in ("gina", "hugo"):
        add_mentor(world, name, minutes_per_week=60)


def test_after_a_forbid_the_other_proposals_stay(world: World, propose: Propose) -> None:
    four_alike(world)
    first = propose()
    bobs = pairs(first)["bob"]
    actions.forbid(world.program, world.person("bob"), world.person(bobs), by=world.system, now=NOW)
    again = propose()
    assert pairs(again)["bob"] != bobs
    assert {who: with_ for who, with_ in pairs(again).items() if who != "bob"} == {
        who: with_ for who, with_ in pairs(first).items() if who != "bob"
    }
    assert {who: at for who, at in starts(again).items() if who != "bob"} == {
        who: at for who, at in starts(first).items() if who != "bob"
    }


def test_matched_again_without_a_reason_everything_stays(world: World, propose: Propose) -> None:
    four_alike(world)
    first = propose()
    second = propose()
    assert (pairs(first), starts(first)) == (pairs(second), starts(second))
    assert "kept" in codes(second, "bob")


def test_another_draw_keeps_nothing_of_a_preview(world: World, propose: Propose) -> None:
    four_alike(world)
    propose()
    other = propose(seed=99)
    assert all("kept" not in codes(other, name) for name in pairs(other))


def test_what_was_published_and_called_off_comes_back_with_the_same_mentor(
    world: World, propose: Propose
) -> None:
    four_alike(world)
    run = propose()
    published = pairs(run)
    outcome = publish_run(run, by=world.viewer("alice"), now=NOW)
    bobs = next(s for s in outcome.booked if s.match and s.match.mentee == world.person("bob"))
    cancel(bobs, by=world.viewer("bob"), now=NOW)
    again = propose(seed=5)
    assert pairs(again) == {"bob": published["bob"]}
    assert "kept" in codes(again, "bob")


def better_mentor_appears(world: World) -> str:
    """Alice is one level ahead of what suits best; now somebody two levels ahead takes part."""
    add_mentor(world, "iris", offers={"git": 2})
    return "iris"


def test_on_ties_only_a_better_fit_wins(world: World, propose: Propose) -> None:
    assert pairs(propose()) == {"bob": "alice"}
    assert pairs(propose()) == {"bob": "alice"}
    better_mentor_appears(world)
    assert pairs(propose()) == {"bob": "iris"}


@pytest.mark.parametrize(("rule", "mentor"), [("prefer", "iris"), ("strongly", "alice")])
def test_kept_rather_than_a_better_fit_as_the_program_says(
    world: World, propose: Propose, rule: str, mentor: str
) -> None:
    # alice is four levels ahead (70 of 100), iris two (100): 2250 points of 7500 apart
    edit_program(world.program, by=world.viewer("alice"), now=NOW, keep_published=rule)
    propose()
    better_mentor_appears(world)
    assert pairs(propose()) == {"bob": mentor}


def met(world: World, mentor: str = "alice") -> None:
    book(
        world.program,
        world.person("bob"),
        world.person(mentor),
        TUESDAY,
        "Rebase a branch",
        by=world.viewer("bob"),
        now=NOW,
    )


def test_who_met_may_meet_again_at_once_unless_the_program_says_otherwise(
    world: World, propose: Propose
) -> None:
    met(world)
    assert pairs(propose(week=NEXT_WEEK)) == {"bob": "alice"}


def test_two_who_met_are_kept_apart_for_so_many_weeks(world: World, propose: Propose) -> None:
    edit_program(world.program, by=world.viewer("alice"), now=NOW, again_after_weeks=2)
    met(world)
    apart = propose(week=NEXT_WEEK)
    assert pairs(apart) == {}
    assert apart.unmatched.get().reasons[0]["code"] == "excluded"
    assert pairs(propose(week=MONDAY + timedelta(weeks=2))) == {}
    assert pairs(propose(week=MONDAY + timedelta(weeks=3))) == {"bob": "alice"}


def test_a_session_called_off_is_no_meeting(world: World, propose: Propose) -> None:
    edit_program(world.program, by=world.viewer("alice"), now=NOW, again_after_weeks=2)
    session = book(
        world.program,
        world.person("bob"),
        world.person("alice"),
        TUESDAY,
        "Rebase a branch",
        by=world.viewer("bob"),
        now=NOW,
    )
    cancel(session, by=world.viewer("bob"), now=NOW)
    assert pairs(propose(week=NEXT_WEEK)) == {"bob": "alice"}


def test_a_lead_may_put_two_together_who_met_lately_and_it_is_recorded(
    world: World, propose: Propose
) -> None:
    PastPair.objects.create(
        organization=world.organization, person=world.person("bob"), other=world.person("alice")
    )
    assert pairs(propose()) == {}
    actions.pin(
        world.program, world.person("bob"), world.person("alice"), by=world.viewer("alice"), now=NOW
    )
    assert pairs(propose()) == {"bob": "alice"}
    entry = AuditEntry.objects.get(verb="pair.pin")
    assert entry.detail["overrides"] == "recent"


def test_a_word_against_the_plan_is_recorded_with_the_plan(world: World, propose: Propose) -> None:
    add_mentor(world, "marc", offers={"git": 2})
    run = propose()
    assert pairs(run) == {"bob": "marc"}
    bob, alice, marc = (world.person(name) for name in ("bob", "alice", "marc"))
    actions.pin(world.program, bob, alice, by=world.viewer("alice"), now=NOW, run=run)
    actions.forbid(world.program, bob, marc, by=world.viewer("alice"), now=NOW, run=run)
    pinned, forbidden = (AuditEntry.objects.get(verb=f"pair.{kind}") for kind in ("pin", "forbid"))
    both = {"mentee": str(bob.public_id), "run": str(run.public_id)}
    assert pinned.detail == {
        **both,
        "mentor": str(alice.public_id),
        "instead_of": str(marc.public_id),
    }
    assert forbidden.detail == {**both, "mentor": str(marc.public_id), "overrides": "plan"}


def test_the_decisions_in_force_are_kept_with_the_run(world: World, propose: Propose) -> None:
    bob, alice = world.person("bob"), world.person("alice")
    actions.pin(world.program, bob, alice, by=world.viewer("alice"), now=NOW)
    assert propose().rules == {
        "pins": [[str(bob.public_id), str(alice.public_id)]],
        "forbids": [],
        "keep_published": "ties",
        "again_after_weeks": 0,
        "quality_floor": 30,
        "share_load": "fit",
    }


@pytest.mark.parametrize(
    "changes", [{"keep_published": "always"}, {"again_after_weeks": 53}, {"again_after_weeks": -1}]
)
def test_a_rule_that_cannot_stand_is_refused_beside_its_field(
    world: World, changes: dict[str, object]
) -> None:
    with pytest.raises(Invalid) as refused:
        edit_program(world.program, by=world.viewer("alice"), now=NOW, **changes)
    assert set(refused.value.fields) == set(changes)
