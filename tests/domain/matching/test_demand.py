"""What a place that does not exist yet is worth: against one person after the other."""

from __future__ import annotations

from dataclasses import replace

import pytest

from domain.matching.oracles import points
from handrail.domain.matching import (
    Mentor,
    Options,
    Pin,
    Plan,
    Problem,
    Published,
    demand,
    generate,
    solve,
)
from handrail.domain.matching.books import books_of
from handrail.domain.matching.demand import ONE_MORE, Demand

NOBODY = -(2**62)


@pytest.fixture(autouse=True)
def _a_glance_at_few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demand, "GLANCE", 3)


def team(seed: int) -> Problem:
    """Fewer seats than wishes; every second team has a plan already, every third a pin."""
    problem = generate(seed=seed, mentees=40, mentors=12, tight=bool(seed % 4), skills=6)
    if seed % 2:
        pairs = solve(problem, seed=2).pairs[::2]
        kept = tuple(Published(pair.mentee, pair.mentor, pair.slot) for pair in pairs)
        problem = replace(problem, published=kept)
    if seed % 3 == 0:
        pair = solve(problem, seed=1).pairs[0]
        problem = replace(problem, pins=(Pin(pair.mentee, pair.mentor),))
    return problem


def options_of(seed: int) -> Options:
    return Options(time_term=seed % 5 == 0, floor=(0, 30)[seed % 2], keep_pair=40, keep_slot=7)


def price(problem: Problem, plan: Plan, mentor: Mentor, slot: int) -> int:
    day = (slot * problem.step + mentor.offset_minutes) // 1440
    prices = plan.prices
    total = prices.mentor.get(mentor.person, 0) + prices.slot.get((mentor.person, slot), 0)
    return total + prices.day.get((mentor.person, day), 0)


def surplus(problem: Problem, plan: Plan, person: str) -> int:
    """What a person's place leaves above its price."""
    pair = next((pair for pair in plan.pairs if pair.mentee == person), None)
    if pair is None:
        return 0
    mentor = next(who for who in problem.mentors if who.person == pair.mentor)
    worth = plan.prices.person + pair.score - price(problem, plan, mentor, pair.slot)
    return worth + bonus(problem, plan, person, pair.mentor, pair.slot)


def bonus(problem: Problem, plan: Plan, mentee: str, mentor: str, slot: int) -> int:
    again = [kept for kept in problem.published if (kept.mentee, kept.mentor) == (mentee, mentor)]
    same = any(kept.slot == slot for kept in again)
    return bool(again) * plan.options.keep_pair + same * plan.options.keep_slot


def gains(problem: Problem, plan: Plan, mentor: Mentor, free: int) -> dict[str, int]:
    """What a free place with a mentor is worth to each who could take it, before its price."""
    found = {}
    pinned = {pin.mentee: pin.mentor for pin in problem.pins}
    for mentee in problem.mentees:
        pair = (mentee.person, mentor.person)
        score = points(mentee, mentor, plan.options)
        if score is None or not mentee.free & free:
            continue
        if pair in problem.excluded or pinned.get(mentee.person, mentor.person) != mentor.person:
            continue
        worth = plan.prices.person + score
        found[mentee.person] = worth - surplus(problem, plan, mentee.person)
    return found


def waits(plan: Plan, person: str) -> bool:
    return person not in {pair.mentee for pair in plan.pairs}


@pytest.mark.parametrize("seed", range(6))
def test_one_more_hour_of_a_mentor(seed: int) -> None:
    problem = team(seed)
    plan = solve(problem, seed=1, options=options_of(seed))
    asked = Demand(books_of(problem, plan))
    for to, mentor in enumerate(problem.mentors):
        for slot in (20, 30, 31, 200):
            free = gains(problem, plan, mentor, 1 << slot)
            most = (plan.options.keep_pair + plan.options.keep_slot) * bool(problem.published)
            costs = price(problem, plan, mentor, slot)
            for at, mentee in enumerate(problem.mentees[:15]):
                mine, other, _ = asked.for_hour(to, slot, at)
                me = mentee.person
                kept = bonus(problem, plan, me, mentor.person, slot)
                assert mine == (free[me] + kept - costs if me in free else None)
                others = [gain for who, gain in free.items() if who != me]
                if others:
                    assert other == max(others) + most - costs
                else:
                    assert other < NOBODY // 2


@pytest.mark.parametrize("seed", range(6))
def test_a_new_mentor_for_a_wish(seed: int) -> None:
    problem = team(seed)
    plan = solve(problem, seed=1, options=options_of(seed))
    asked = Demand(books_of(problem, plan))
    for at, mentee in enumerate(problem.mentees):
        for want in mentee.wants:
            languages = mentee.languages if at % 3 else ()
            offer = ((want.skill, min(5, want.level + 2)),)
            expert = Mentor(ONE_MORE, offer, 1, mentee.free, languages)
            free = gains(problem, plan, expert, expert.free)
            others = {who: gain for who, gain in free.items() if who != mentee.person}
            bid = asked.for_expert(expert, at)
            assert bid.mine == free.get(mentee.person)
            assert bid.other == max(others.values(), default=NOBODY)
            assert bid.other_waits == any(
                waits(plan, who) for who, gain in others.items() if gain == bid.other
            )
            assert asked.waiting_for(expert) == sum(waits(plan, who) for who in free)
