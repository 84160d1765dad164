"""What would serve somebody: prices only save work, they never change the answer."""

from __future__ import annotations

from dataclasses import replace

import pytest

from domain.matching.oracles import WEEK
from handrail.domain.matching import (
    Mentee,
    Mentor,
    Options,
    Plan,
    Problem,
    Reason,
    Want,
    bits_of,
    change,
    generate,
    sentence,
    solve,
)
from handrail.domain.matching.change import nearest, smallest_change


def changes(problem, *, trust_prices: bool = True, shared: bool = True):
    """The change that each unmatched person is told, by id."""
    plan = solve(problem, seed=1)
    asked = plan
    if not trust_prices:  # a bound above the value proves nothing
        loose = replace(plan.certificate, bound=plan.certificate.bound + 1)
        asked = replace(plan, certificate=loose)
    tried = {}
    return {
        row.person: smallest_change(problem, asked, row.person, tried if shared else None)
        for row in plan.unmatched
    }


@pytest.mark.parametrize("seed", range(3))
def test_what_prices_rule_out_would_not_have_served(seed: int) -> None:
    problem = generate(seed=seed, mentees=14, mentors=3, tight=True, skills=12)
    told = changes(problem)
    assert told
    assert told == changes(problem, trust_prices=False)
    assert told == changes(problem, shared=False)


def test_who_comes_next_is_told_one_seat_more_and_who_comes_last_to_wait() -> None:
    # the seat is bob's; one more serves carol, and carol fits every other mentor better than dave
    free = bits_of([0, 1])
    bob = Mentee("bob", (Want("git", 1),), free)
    carol = Mentee("carol", (Want("git", 1, 1), Want("css", 2)), free)
    dave = Mentee("dave", (Want("git", 1, 1), Want("css", 2), Want("sql", 3)), free)
    problem = Problem(WEEK, [bob, carol, dave], [Mentor("xena", (("git", 3),), 1, free)])
    told = changes(problem)
    assert {person: reason.code for person, reason in told.items()} == {
        "carol": "one_more_seat",
        "dave": "others_first",
    }


# Teams too large to be solved again: what prices prove


def changed(problem: Problem, person: str, told: Reason) -> tuple[Problem, Options]:
    """The problem after the change that somebody is told."""
    mentee = next(who for who in problem.mentees if who.person == person)
    mentors = {who.person: who for who in problem.mentors}
    if told.code == "more_time":
        freer = replace(mentee, free=mentee.free | 1 << told.params["slot"])
        others = [freer if who.person == person else who for who in problem.mentees]
        return replace(problem, mentees=others), Options()
    if told.code == "mentor_more_time":
        mentor = mentors[told.params["mentor"]]
        mentors[mentor.person] = replace(mentor, free=mentor.free | 1 << told.params["slot"])
    if told.code in ("one_more_mentor", "one_of_many"):
        own = next(want.level for want in mentee.wants if want.skill == told.params["skill"])
        offer = ((told.params["skill"], min(5, own + 2)),)
        mentors["new"] = Mentor("new", offer, 1, mentee.free, mentee.languages)
    floor = told.params["floor"] if told.code == "lower_floor" else Options().floor
    return replace(problem, mentors=list(mentors.values())), Options(floor=floor)


def served(plan: Plan) -> set[str]:
    return {pair.mentee for pair in plan.pairs}


@pytest.mark.parametrize("seed", range(6))
def test_what_prices_promise_is_what_solving_again_gives(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(change, "RESOLVED", 0)
    problem = generate(seed=seed, mentees=30, mentors=7, tight=True, skills=8)
    plan = solve(problem, seed=1)
    assert plan.unmatched
    for row in plan.unmatched:
        told = smallest_change(problem, plan, row.person)
        if told.code == "others_first":
            continue
        after, options = changed(problem, row.person, told)
        again = served(solve(after, seed=1, options=options))
        assert len(again) > len(plan.pairs)
        if told.code in ("more_time", "mentor_more_time", "one_more_mentor"):
            assert row.person in again


def test_a_bound_that_is_not_met_exactly_promises_less(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(change, "RESOLVED", 0)
    free = bits_of([0, 1])
    bob = Mentee("bob", (Want("git", 1, 1),), free)
    carol = Mentee("carol", (Want("git", 1, 1), Want("css", 2)), free, ("en",))
    dave = replace(carol, person="dave", languages=("de", "en"))
    problem = Problem(WEEK, [bob, carol, dave], [Mentor("xena", (("git", 3),), 1, free)])
    plan = solve(problem, seed=1)
    # a new mentor for git who speaks English suits carol by 500 points more than anybody else
    assert smallest_change(problem, plan, "carol") == Reason("one_more_mentor", {"skill": "git"})
    for short, code in [(499, "one_more_mentor"), (500, "one_of_many")]:
        bound = plan.certificate.bound + short
        loose = replace(plan, certificate=replace(plan.certificate, bound=bound))
        assert smallest_change(problem, loose, "carol").code == code
    assert sentence(smallest_change(problem, loose, "carol")) == (
        "one more mentor for git would serve one more; 2 people wait for it"
    )


def test_the_nearest_slot_and_the_earlier_of_two() -> None:
    assert nearest(bits_of([10, 20]), bits_of([3, 17, 29])) == 17
    assert nearest(bits_of([10]), bits_of([8, 12])) == 8
    assert nearest(0, bits_of([8, 12])) == 8
    assert nearest(bits_of([10]), 0) is None
