"""One request: the best mentors that still have a seat and a time."""

from __future__ import annotations

import importlib
import random
from collections import Counter
from dataclasses import replace

import pytest

from domain.matching.oracles import WEEK, points, tiny
from handrail.domain.matching import (
    Mentee,
    Mentor,
    Options,
    Plan,
    Prices,
    Problem,
    Want,
    bits_of,
    generate,
    request,
    solve,
)
from handrail.domain.matching.request import Desk
from handrail.domain.matching.tables import lot

BOB = Mentee("bob", (Want("git", 1, 1),), bits_of([0, 1, 2]), ("en",))
DAN = replace(BOB, person="dan")
XENA = Mentor("xena", (("git", 3),), 2, bits_of([0, 1]), ("en",))
YURI = replace(XENA, person="yuri", skills=(("git", 2),))
TEAM = Problem(WEEK, [BOB], [XENA, YURI])


def offers(problem: Problem, who: Mentee, **more: object) -> list[tuple[str, int]]:
    plan = solve(problem, seed=1)
    return [(offer.mentor, offer.slot) for offer in request(problem, plan, who, **more)]


def test_best_first_each_with_its_first_free_slot():
    assert offers(TEAM, DAN, taken=[("xena", 0)]) == [("xena", 1), ("yuri", 0)]


def test_a_full_mentor_is_not_offered():
    assert offers(TEAM, DAN, taken=[("xena", 0), ("xena", 1)]) == [("yuri", 0)]


def test_the_plan_s_own_sessions_are_taken():
    one_seat = replace(TEAM, mentors=[replace(XENA, seats=1)])
    assert offers(one_seat, DAN) == []


def test_own_sessions_block_own_time():
    plan = solve(TEAM, seed=1)
    taken_slot = plan.pairs[0].slot
    assert taken_slot not in {offer.slot for offer in request(TEAM, plan, BOB, taken=[])}


def test_a_full_day_is_not_offered():
    capped = replace(TEAM, mentors=[replace(XENA, daily_cap=1)])
    assert offers(capped, DAN, taken=[("xena", 1)]) == []


def test_bans_floor_and_language_hold():
    barred = replace(TEAM, excluded={("dan", "xena"): "not_with"})
    assert offers(barred, DAN, taken=[]) == [("yuri", 0)]
    assert offers(TEAM, replace(DAN, languages=("de",)), taken=[]) == []
    assert offers(TEAM, replace(DAN, wants=(Want("sql"),)), taken=[]) == []


def test_at_most_top_offers():
    assert offers(TEAM, DAN, taken=[], top=1) == [("xena", 0)]


def test_a_price_of_the_batch_puts_a_dear_seat_last():
    plan = solve(TEAM, seed=1)
    dear = replace(plan, prices=replace(plan.prices, mentor={"xena": 5000}))
    found = request(TEAM, dear, DAN, taken=[])
    assert [(offer.mentor, offer.price) for offer in found] == [("yuri", 0), ("xena", 5000)]


def test_offers_can_be_booked():
    problem = generate(seed=1, mentees=80, skills=10)
    plan = solve(problem, seed=1)
    mentors = {who.person: who for who in problem.mentors}
    held = {(pair.mentor, pair.slot) for pair in plan.pairs}
    for left in plan.unmatched:
        mentee = next(who for who in problem.mentees if who.person == left.person)
        # the plan serves as many as possible: nobody it left out finds a seat now
        assert request(problem, plan, mentee) == ()
    late = replace(problem.mentees[0], person="late", free=(1 << 336) - 1)
    for offer in request(problem, plan, late):
        assert mentors[offer.mentor].free >> offer.slot & 1
        assert (offer.mentor, offer.slot) not in held


# Against a plain loop over all mentors


def by_a_loop(
    problem: Problem, plan: Plan, mentee: Mentee, taken: list[tuple[str, int]]
) -> list[tuple[str, int, int, int]]:
    """(mentor, slot, score, price) of everybody who could take the mentee, the best first."""
    busy = {pair.slot for pair in plan.pairs if pair.mentee == mentee.person}
    found = []
    for mentor in problem.mentors:
        pair = (mentee.person, mentor.person)
        score = points(mentee, mentor, plan.options)
        if score is None or pair in problem.excluded or pair in problem.forbids:
            continue
        if mentor.person == mentee.person:
            continue
        slots = [slot for name, slot in taken if name == mentor.person]
        days = Counter((slot * 30 + mentor.offset_minutes) // 1440 for slot in slots)
        for slot in range(336) if len(slots) < mentor.seats else ():
            day = (slot * 30 + mentor.offset_minutes) // 1440
            full = mentor.daily_cap and days[day] >= mentor.daily_cap
            if mentee.free & mentor.free & 1 << slot and slot not in (busy | {*slots}) and not full:
                price = plan.prices.mentor.get(mentor.person, 0)
                price += plan.prices.slot.get((mentor.person, slot), 0)
                price += plan.prices.day.get((mentor.person, day), 0)
                mine, theirs = lot(plan.seed, mentee.person), lot(plan.seed, mentor.person)
                draw = (mine ^ theirs) * 0x9E3779B97F4A7C15 % 2**64 >> 44
                found.append((price - score, draw, theirs, mentor.person, slot, score, price))
                break
    return [each[3:] for each in sorted(found)]


def random_case(seed: int) -> tuple[Problem, Plan, list[tuple[str, int]], random.Random]:
    """A problem, a plan with prices that nobody solved for, and what is taken by now."""
    draw = random.Random(seed)
    if seed % 2:
        problem = tiny(seed, caps=True)
    else:
        problem = generate(seed=seed, mentees=20, mentors=40, skills=4, tight=bool(seed % 4))
    plan = solve(problem, seed=1, options=Options(time_term=seed % 3 == 0))
    if seed % 5:
        names = [who.person for who in problem.mentors]
        free = [
            (who.person, at) for who in problem.mentors for at in range(336) if who.free >> at & 1
        ]
        prices = Prices(
            person=plan.prices.person,
            mentor={name: draw.choice([0, 500, 4000]) for name in names},
            day={(name, day): 700 for name in names for day in range(8) if draw.random() < 0.2},
            slot={each: draw.randrange(3000) for each in free if draw.random() < 0.3},
        )
        plan = replace(plan, prices=prices)
    everything = [(who.person, at) for who in problem.mentors for at in range(0, 336, 7)]
    taken = draw.choices(everything, k=draw.randrange(2 * len(problem.mentors)))
    return problem, plan, [*taken, ("somebody else", 3)], draw


def told(offers) -> list[tuple[str, int, int, int]]:
    return [(offer.mentor, offer.slot, offer.score, offer.price) for offer in offers]


# Odd seeds are tiny teams. Even ones are of sixty people, which a plain loop takes its time for.
BY_DAY = {0, 2, *range(1, 40, 4)}


@pytest.mark.parametrize("near", [1, 64])
@pytest.mark.parametrize(
    "seed",
    [
        seed if seed in BY_DAY else pytest.param(seed, marks=pytest.mark.nightly)
        for seed in range(40)
    ],
)
def test_the_same_offers_as_a_loop_over_all_mentors(
    seed: int, near: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importlib.import_module("handrail.domain.matching.request"), "NEAR", near)
    problem, plan, taken, draw = random_case(seed)
    planned = [(pair.mentor, pair.slot) for pair in plan.pairs]
    for mentee in problem.mentees:
        late = replace(mentee, person="late", languages=draw.choice([(), ("en",), ("eo", "de")]))
        alike = replace(mentee, person=problem.mentors[0].person)
        for who in (mentee, late, alike):
            beside_taken = by_a_loop(problem, plan, who, taken)
            beside_planned = by_a_loop(problem, plan, who, planned)
            for top in (1, 3, 100):
                asked = told(request(problem, plan, who, top=top, taken=taken))
                assert asked == beside_taken[:top]
                asked = told(request(problem, plan, who, top=top))
                assert asked == beside_planned[:top]


@pytest.mark.parametrize("seed", range(10))
def test_a_desk_follows_the_bookings(seed: int) -> None:
    problem, plan, _, draw = random_case(seed)
    desk = Desk.of(problem, plan, taken=[])
    taken: list[tuple[str, int]] = []
    for mentee in problem.mentees:
        offers = desk.request(mentee)
        assert told(offers) == by_a_loop(problem, plan, mentee, taken)[:8]
        if offers:
            booked = draw.choice(offers)
            desk.take(booked.mentor, booked.slot)
            taken.append((booked.mentor, booked.slot))
        if taken and draw.random() < 0.3:
            back = taken.pop(draw.randrange(len(taken)))
            desk.release(*back)


def test_a_desk_refuses_what_it_does_not_know() -> None:
    desk = Desk.of(TEAM, solve(TEAM, seed=1), taken=[("xena", 0)])
    with pytest.raises(KeyError):
        desk.release("xena", 1)
    with pytest.raises(KeyError):
        desk.take("mallory", 0)
    desk.release("xena", 0)
    with pytest.raises(KeyError):
        desk.release("xena", 0)


def test_equals_are_drawn_by_the_seed_not_by_their_rows() -> None:
    mentors = [replace(XENA, person=f"x{at}") for at in range(30)]
    team, turned = replace(TEAM, mentors=mentors), replace(TEAM, mentors=mentors[::-1])
    plan, again = solve(team, seed=1), solve(turned, seed=1)
    asked = [offer.mentor for offer in request(team, plan, DAN, taken=[])]
    assert asked == [offer.mentor for offer in request(turned, again, DAN, taken=[])]
    other = replace(DAN, person="eve")
    assert asked != [offer.mentor for offer in request(team, plan, other, taken=[])]


def test_a_problem_without_mentors_has_no_offers() -> None:
    nobody = Problem(WEEK, [BOB], [])
    assert request(nobody, solve(nobody, seed=1), DAN) == ()
