"""The verifier believes nothing: every damage to plan, prices or certificate is found."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

import handrail.domain.matching as matching
from domain.matching.oracles import WEEK
from handrail.domain.matching import (
    Mentee,
    Mentor,
    Options,
    Pin,
    Prices,
    Problem,
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
    return {fault.code for fault in verify(problem, plan)}


def test_shares_no_code_with_the_solver():
    files = sorted(Path(matching.__file__).parent.glob("verify*.py"))
    used = {
        name
        for file in files
        for name in re.findall(r"^from \.(\w+)", file.read_text(encoding="utf-8"), re.M)
    }
    assert used - {file.stem for file in files} == {"plan", "problem"}


def test_a_sound_plan_has_no_fault(problem, plan):
    assert verify(problem, plan) == ()


def test_prices_survive_the_file(problem, plan):
    text = json.dumps(certificate_document(plan))
    again = replace(plan, prices=Prices.from_document(json.loads(text)["prices"]))
    assert again.prices == plan.prices
    assert verify(problem, again) == ()


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
    assert verify(problem, honest) == ()
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
    assert verify(problem, replace(plan, certificate=said))


@pytest.mark.parametrize("seed", range(6))
def test_candidates_deleted_before_solving_are_missed(seed):
    problem = generate(seed=seed, mentees=60, skills=12)
    best = solve(problem, seed=1)
    # a solver that forgot the best pair's mentor for everybody but proves itself on what it saw
    lost = best.pairs[0].mentor
    pairs = [(who.person, lost) for who in problem.mentees]
    blind = replace(problem, excluded={**problem.excluded, **dict.fromkeys(pairs, "recent")})
    plan = solve(blind, seed=1)
    assert verify(blind, plan) == ()
    assert {"bound"} <= codes(problem, plan)


def test_several_sessions_need_their_own_prices():
    problem = generate(seed=15, mentees=60, tight=True, skills=12)
    plan = solve(problem, seed=1, options=Options(sessions=2))
    assert plan.certificate.sessions < plan.certificate.sessions_bound  # else both prices agree
    assert verify(problem, plan) == ()
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
