"""One request: the best mentors that still have a seat and a time."""

from __future__ import annotations

from dataclasses import replace

from domain.matching.oracles import WEEK
from handrail.domain.matching import (
    Mentee,
    Mentor,
    Problem,
    Want,
    bits_of,
    generate,
    request,
    solve,
)

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
