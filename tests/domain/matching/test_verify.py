"""The verifier believes nothing: every damage to plan, prices or certificate is found."""

from __future__ import annotations

import importlib
import json
import random
import re
from dataclasses import replace
from pathlib import Path

import pytest

import handrail.domain.matching as matching
from domain.matching.oracles import WEEK, tiny
from handrail.domain.matching import (
    Mentee,
    Mentor,
    Options,
    Pin,
    Prices,
    Problem,
    Published,
    Reason,
    Unmatched,
    Want,
    bits_of,
    certificate_document,
    generate,
    solve,
    verify,
)


@pytest.fixture(scope="module")
def problem() -> Problem:
    return generate(seed=11, mentees=60, tight=True, skills=12)


@pytest.fixture(scope="module")
def plan(problem):
    made = solve(problem, seed=1)
    assert made.prices.mentor
    assert made.unmatched
    return made


def codes(problem, plan) -> set[str]:
    """What is wrong; pair by pair and in rows the same is found."""
    one_by_one = verify(problem, plan, in_rows=False)
    assert verify(problem, plan, in_rows=True) == one_by_one
    return {fault.code for fault in one_by_one}


def test_shares_no_code_with_the_solver():
    files = sorted(Path(matching.__file__).parent.glob("verify*.py"))
    used = {
        name
        for file in files
        for name in re.findall(r"^from \.(\w+)", file.read_text(encoding="utf-8"), re.M)
    }
    assert used - {file.stem for file in files} == {"plan", "problem"}


def test_a_sound_plan_has_no_fault(problem, plan):
    assert codes(problem, plan) == set()


def test_prices_survive_the_file(problem, plan):
    text = json.dumps(certificate_document(plan))
    again = replace(plan, prices=Prices.from_document(json.loads(text)["prices"]))
    assert again.prices == plan.prices
    assert codes(problem, again) == set()


@pytest.mark.parametrize("factor", [0, 2])
def test_a_damaged_mentor_price(problem, plan, factor):
    name = max(plan.prices.mentor, key=lambda each: plan.prices.mentor[each])
    mentor = {**plan.prices.mentor, name: plan.prices.mentor[name] * factor}
    assert "bound" in codes(problem, replace(plan, prices=replace(plan.prices, mentor=mentor)))


def test_a_deleted_slot_price():
    people = [Mentee(name, (Want("git"),), 1) for name in ("bob", "carol")]
    xena = Mentor("xena", (("git", 2),), 2, 0b11)
    problem = Problem(WEEK, people, [xena])
    plan = solve(problem, seed=1)
    assert plan.prices.slot
    assert "bound" in codes(problem, replace(plan, prices=replace(plan.prices, slot={})))


def test_a_negative_price(problem, plan):
    mentor = {**plan.prices.mentor, problem.mentors[0].person: -7}
    assert "prices" in codes(problem, replace(plan, prices=replace(plan.prices, mentor=mentor)))


def test_a_price_of_nobody(problem, plan):
    mentor = {**plan.prices.mentor, "nobody": 7}
    assert "prices" in codes(problem, replace(plan, prices=replace(plan.prices, mentor=mentor)))


def test_a_person_that_weighs_too_little(problem, plan):
    assert "prices" in codes(problem, replace(plan, prices=replace(plan.prices, person=20_000)))


def test_a_dropped_pair(problem, plan):
    assert codes(problem, replace(plan, pairs=plan.pairs[1:])) == {"dropped"}


def test_a_dropped_pair_declared_unmatched_leaves_a_gap(problem, plan):
    left = plan.pairs[0].mentee
    worse = replace(
        plan,
        pairs=plan.pairs[1:],
        unmatched=(*plan.unmatched, Unmatched(left, Reason("no_time", {"mentors": 1}))),
    )
    assert {"served", "fit"} <= codes(problem, worse)
    honest = replace(
        worse,
        certificate=replace(
            worse.certificate,
            served=len(worse.pairs),
            sessions=len(worse.pairs),
            fit=sum(pair.score for pair in worse.pairs),
            value=sum(pair.score for pair in worse.pairs),
            bound=plan.certificate.bound + plan.prices.person,
        ),
    )
    assert codes(problem, honest) == set()
    assert honest.certificate.served < honest.certificate.served_bound


def test_a_person_dropped_from_the_unmatched(problem, plan):
    assert codes(problem, replace(plan, unmatched=plan.unmatched[1:])) == {"dropped"}


def test_a_slot_that_is_not_free(problem, plan):
    pair = plan.pairs[0]
    moved = replace(pair, slot=(pair.slot + 1) % 5)
    assert "not_free" in codes(problem, replace(plan, pairs=(moved, *plan.pairs[1:])))


def test_a_better_score_than_there_is(problem, plan):
    pair = plan.pairs[0]
    terms = replace(pair.terms, skill=pair.terms.skill + 1)
    assert "score" in codes(
        problem, replace(plan, pairs=(replace(pair, terms=terms), *plan.pairs[1:]))
    )


def test_a_pair_that_is_ruled_out(problem, plan):
    pair = plan.pairs[0]
    barred = replace(problem, excluded={**problem.excluded, (pair.mentee, pair.mentor): "recent"})
    assert "not_allowed" in codes(barred, plan)


def test_a_person_served_twice(problem, plan):
    assert "sessions" in codes(problem, replace(plan, pairs=(*plan.pairs, plan.pairs[0])))


def test_a_stranger_in_the_plan(problem, plan):
    pair = replace(plan.pairs[0], mentee="mallory")
    assert "unknown" in codes(problem, replace(plan, pairs=(*plan.pairs, pair)))


def test_one_seat_too_many(problem, plan):
    name = plan.pairs[0].mentor
    fewer = [replace(who, seats=0) if who.person == name else who for who in problem.mentors]
    assert "seats" in codes(replace(problem, mentors=fewer), plan)


def test_a_pin_that_is_not_kept(problem, plan):
    pair = plan.pairs[0]
    other = next(who.person for who in problem.mentors if who.person != pair.mentor)
    assert "pin" in codes(replace(problem, pins=(Pin(pair.mentee, other),)), plan)


@pytest.mark.parametrize("field", ["served", "served_bound", "fit", "value", "bound", "seed"])
def test_a_certificate_that_claims_something_else(problem, plan, field):
    said = replace(plan.certificate, **{field: getattr(plan.certificate, field) - 1})
    assert codes(problem, replace(plan, certificate=said))


@pytest.mark.parametrize("seed", range(6))
def test_candidates_deleted_before_solving_are_missed(seed):
    problem = generate(seed=seed, mentees=60, skills=12)
    best = solve(problem, seed=1)
    # a solver that forgot the best pair's mentor for everybody but proves itself on what it saw
    lost = best.pairs[0].mentor
    pairs = [(who.person, lost) for who in problem.mentees]
    blind = replace(problem, excluded={**problem.excluded, **dict.fromkeys(pairs, "recent")})
    plan = solve(blind, seed=1)
    assert codes(blind, plan) == set()
    assert {"bound"} <= codes(problem, plan)


def test_several_sessions_need_their_own_prices():
    problem = generate(seed=15, mentees=60, tight=True, skills=12)
    plan = solve(problem, seed=1, options=Options(sessions=2))
    assert plan.certificate.sessions < plan.certificate.sessions_bound  # else both prices agree
    assert codes(problem, plan) == set()
    assert "prices" in codes(problem, replace(plan, fit_prices=None))
    assert "bound" in codes(problem, replace(plan, fit_prices=plan.session_prices))


def test_two_sessions_at_the_same_time():
    bob = Mentee("bob", (Want("git"),), bits_of([0, 1]))
    mentors = [Mentor(name, (("git", 2),), 1, bits_of([0, 1])) for name in ("xena", "yuri")]
    problem = Problem(WEEK, [bob], mentors)
    plan = solve(problem, seed=1, options=Options(sessions=2))
    first, second = plan.pairs
    same = replace(second, slot=first.slot)
    assert "clash" in codes(problem, replace(plan, pairs=(first, same)))


def test_an_unmatched_person_whom_nobody_knows(problem, plan):
    more = (*plan.unmatched, Unmatched("mallory", Reason("no_wish")))
    assert codes(problem, replace(plan, unmatched=more)) == {"unknown"}


def odd(seed: int) -> tuple[Problem, Options]:
    """A small random problem with everything in it that a bound depends on."""
    draw = random.Random(seed)
    problem = tiny(seed, caps=bool(seed % 2))
    pairs = [(who.person, other.person) for who in problem.mentees for other in problem.mentors]
    published = [Published(*pair, draw.choice([None, 0, 24, 48])) for pair in pairs]
    problem = replace(
        problem,
        published=tuple(draw.sample(published, draw.randrange(3))),
        forbids=frozenset(draw.sample(pairs, draw.randrange(2))),
    )
    free = {who.person: who.free for who in (*problem.mentees, *problem.mentors)}
    able = [
        pair
        for pair in pairs
        if free[pair[0]] & free[pair[1]]
        and pair not in problem.excluded
        and pair not in problem.forbids
        and next(who for who in problem.mentors if who.person == pair[1]).seats
    ]
    if able and seed % 3 == 0:
        mentee, mentor = draw.choice(able)
        common = free[mentee] & free[mentor]
        slot = draw.choice([None, common.bit_length() - 1])
        problem = replace(problem, pins=(Pin(mentee, mentor, slot),))
    several = seed % 4 == 1
    return problem, Options(
        floor=draw.choice([0, 30, 60]),
        time_term=draw.random() < 0.5,
        seat_price=draw.choice([0, 300]),
        keep_pair=draw.choice([0, 200]),
        keep_slot=draw.choice([0, 90]),
        sessions=2 if several else 1,
        another_mentor=several and draw.random() < 0.5,
    )


@pytest.mark.parametrize("seed", range(40))
def test_both_ways_to_go_through_the_pairs_agree(seed):
    problem, options = odd(seed)
    plan = solve(problem, seed=1, options=options)
    assert codes(problem, plan) == set()
    draw = random.Random(seed)
    # prices that nobody solved for: both must prove the same number, right or wrong
    for _ in range(5):
        names = [who.person for who in problem.mentors]
        slots = range(0, 336, 24)
        prices = Prices(
            person=plan.prices.person + draw.randrange(2000),
            mentor={name: draw.randrange(9000) for name in names if draw.random() < 0.7},
            day={
                (who.person, day): draw.randrange(4000)
                for who in problem.mentors
                for day in range(-1, 8)
                if who.daily_cap and draw.random() < 0.4
            },
            slot={(name, t): draw.randrange(9000) for name in names for t in slots},
        )
        several = prices if options.sessions > 1 else None
        other = replace(plan, prices=prices, session_prices=several, fit_prices=several)
        found = verify(problem, other, in_rows=False)
        assert verify(problem, other, in_rows=True) == found
        assert {fault.code for fault in found} <= {"served_bound", "sessions_bound", "bound"}


def test_progress_tells_how_many_of_the_mentees_have_been_looked_at(problem, plan):
    told = []
    verify(problem, plan, in_rows=True, progress=lambda done, total: told.append((done, total)))
    assert told == [(0, 60), (60, 60)]


def test_many_people_go_in_rows(problem, plan, monkeypatch):
    monkeypatch.setattr(importlib.import_module("handrail.domain.matching.verify"), "MANY", 70)
    told = []
    assert verify(problem, plan, progress=lambda *done: told.append(done)) == ()
    assert told
