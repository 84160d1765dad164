"""The two rules that decide who is a good match: the quality floor, and how sessions are shared."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest

from apps.matches.conftest import Propose, add_mentee, add_mentor
from factories.world import NOW, World
from handrail.apps.matches.comparing import compare, side_of
from handrail.apps.matches.models import MatchRun
from handrail.apps.matches.queries import is_outdated, telling
from handrail.apps.matches.weights import KEEP, SEAT_PRICE
from handrail.apps.organizations.refusals import Invalid, NotAllowed
from handrail.apps.programs.actions import edit_program
from handrail.apps.programs.models import KeepPublished, ShareLoad

LATER = NOW + timedelta(minutes=1)


def rule(world: World, name: str = "alice", **changes: object) -> None:
    edit_program(world.program, by=world.viewer(name), now=NOW, **changes)


def sessions(run: MatchRun) -> dict[str, int]:
    return dict(Counter(row.mentor.external_id for row in run.matches.select_related("mentor")))


def as_before_the_rules(run: MatchRun) -> None:
    """What a run has kept that is older than these two rules."""
    del run.rules["quality_floor"], run.rules["share_load"]
    run.save(update_fields=["rules"])


def gina_suits_best(world: World) -> None:
    """Bob and dora are suited by gina; by hugo 750 points less; by alice 2,250 points less."""
    add_mentor(world, "gina", offers={"git": 2})
    add_mentor(world, "hugo", offers={"git": 3})
    add_mentee(world, "dora")


@pytest.mark.parametrize(
    ("share_load", "given"),
    [("fit", {"gina": 2}), ("gently", {"gina": 2}), ("evenly", {"gina": 1, "hugo": 1})],
)
def test_two_mentors_share_what_one_held_if_the_program_says_evenly(
    world: World, propose: Propose, share_load: str, given: dict[str, int]
) -> None:
    gina_suits_best(world)
    assert sessions(propose()) == {"gina": 2}
    rule(world, share_load=share_load)
    run = propose(now=LATER)
    assert sessions(run) == given
    assert run.certificate["served"] == run.certificate["served_bound"] == 2


@pytest.mark.parametrize("share_load", ["gently", "evenly"])
def test_among_mentors_who_suit_alike_sessions_are_shared(
    world: World, propose: Propose, share_load: str
) -> None:
    for name in ("gina", "iris"):
        add_mentor(world, name, offers={"git": 2})
    for name in ("dora", "emil", "finn"):
        add_mentee(world, name)
    rule(world, share_load=share_load)
    assert sessions(propose()) == {"gina": 2, "iris": 2}


def test_nobody_goes_without_because_sessions_are_shared(world: World, propose: Propose) -> None:
    for name in ("dora", "emil"):
        add_mentee(world, name)
    world.person("alice").minutes_per_week = 60
    world.person("alice").save()
    rule(world, share_load="evenly")
    assert sessions(propose()) == {"alice": 3}


def test_below_the_floor_a_weak_pair_falls_out_and_the_person_is_told(
    world: World, propose: Propose
) -> None:
    # git is dora's second wish (2 of 6 points); alice gives nothing of the first
    add_mentor(world, "gina", offers={"git": 2})
    add_mentee(world, "dora", wants={"css": 1, "git": 2})
    assert propose().matches.filter(mentee=world.person("dora")).exists()
    rule(world, quality_floor=60)
    run = propose(now=LATER)
    left = run.unmatched.get()
    assert left.person == world.person("dora")
    told = telling(world.viewer("alice"), run, left.reasons)
    assert [told(reason) for reason in left.reasons] == [
        "The skills cover 33 percent of the wish; 60 percent is asked.",
        "Would be served with a floor of 33 percent.",
    ]
    rule(world, quality_floor=0)
    assert propose(now=LATER).unmatched.count() == 0


@pytest.mark.parametrize("changes", [{"quality_floor": 40}, {"share_load": "gently"}])
def test_a_preview_made_by_other_rules_says_that_it_is_outdated(
    world: World, propose: Propose, changes: dict[str, object]
) -> None:
    run = propose()
    assert not is_outdated(world.viewer("alice"), run)
    rule(world, **changes)
    assert is_outdated(world.viewer("alice"), run)


def test_a_preview_older_than_the_rules_was_made_by_what_they_are_in_a_new_program(
    world: World, propose: Propose
) -> None:
    run = propose()
    as_before_the_rules(run)
    assert not is_outdated(world.viewer("alice"), run)
    again = propose(now=LATER)
    assert compare(world.viewer("alice"), run, again).settings == []
    rule(world, quality_floor=45)
    other = propose(now=LATER + timedelta(minutes=1))
    assert compare(world.viewer("alice"), run, other).settings == [
        "A mentor must cover 45 percent of a mentee's wishes; it was 30."
    ]


def test_two_plans_side_by_side_tell_the_change_in_words(world: World, propose: Propose) -> None:
    first = propose()
    rule(world, quality_floor=60, share_load="evenly")
    found = compare(world.viewer("alice"), first, propose(now=LATER))
    assert found.settings == [
        "A mentor must cover 60 percent of a mentee's wishes; it was 30.",
        "Sessions are shared among the mentors evenly, at the price of a clearly worse fit;"
        " it was by fit alone.",
    ]


def test_a_plan_that_weighs_more_than_fit_does_not_claim_the_best_fit(
    world: World, propose: Propose
) -> None:
    gina_suits_best(world)
    by_fit = side_of(propose())
    assert by_fit.gap_words == "No plan for as many people fits better: this is proven."
    rule(world, share_load="evenly")
    shared = side_of(propose(now=LATER))
    assert shared.fit < by_fit.fit
    assert shared.gap_words == (
        "By this program's rules no plan for as many people is better: this is proven."
    )
    shared.run.certificate |= {"gap": 0.1, "fit": 1.5, "bound": 1.75}
    assert side_of(shared.run).gap_words == (
        "By this program's rules no plan for as many people is better by more than 0.25 perfect"
        " pairs."
    )


@pytest.mark.parametrize("name", ["bob", "charlie", "rita"])
def test_only_who_runs_the_program_changes_them(world: World, name: str) -> None:
    with pytest.raises(NotAllowed):
        rule(world, name, quality_floor=0, share_load="evenly")
    world.program.refresh_from_db()
    assert (world.program.quality_floor, world.program.share_load) == (30, "fit")


@pytest.mark.parametrize(
    "changes", [{"quality_floor": 101}, {"quality_floor": -1}, {"share_load": "never"}]
)
def test_a_rule_that_cannot_stand_is_refused_beside_its_field(
    world: World, changes: dict[str, object]
) -> None:
    with pytest.raises(Invalid) as refused:
        rule(world, **changes)
    assert set(refused.value.fields) == set(changes)


def test_every_choice_has_its_points() -> None:
    assert set(KEEP) == set(KeepPublished.values)
    assert set(SEAT_PRICE) == set(ShareLoad.values)
