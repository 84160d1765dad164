"""What holds for any team: more is never worse, names do not matter, hiding wins nothing."""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.matching.oracles import tiny
from handrail.domain.matching import (
    Options,
    Pin,
    Problem,
    generate,
    slots_of,
    solve,
    verify,
)

SEEDS = st.integers(0, 10_000)
FEW = settings(max_examples=12, deadline=None, derandomize=True)


def team(seed: int) -> Problem:
    return generate(seed=seed, mentees=24, mentors=6, tight=True, skills=8)


def served(problem: Problem) -> int:
    return solve(problem, seed=1).certificate.served


def one_mentor_changed(problem: Problem, seed: int, **change: object) -> Problem:
    at = seed % len(problem.mentors)
    mentors = list(problem.mentors)
    mentors[at] = replace(mentors[at], **change)
    return replace(problem, mentors=mentors)


@FEW
@given(SEEDS)
def test_one_more_mentor_never_lowers_the_number_served(seed):
    problem = team(seed)
    more = replace(problem.mentors[0], person="one more")
    assert served(replace(problem, mentors=[*problem.mentors, more])) >= served(problem)


@FEW
@given(SEEDS)
def test_one_more_slot_never_lowers_the_number_served(seed):
    problem = team(seed)
    mentor = problem.mentors[seed % len(problem.mentors)]
    wider = one_mentor_changed(problem, seed, free=mentor.free | 1 << seed % 336)
    assert served(wider) >= served(problem)


@FEW
@given(SEEDS)
def test_one_more_seat_never_lowers_the_number_served(seed):
    problem = team(seed)
    mentor = problem.mentors[seed % len(problem.mentors)]
    assert served(one_mentor_changed(problem, seed, seats=mentor.seats + 1)) >= served(problem)


@FEW
@given(SEEDS)
def test_one_exclusion_less_never_lowers_the_number_served(seed):
    problem = team(seed)
    fewer = dict(sorted(problem.excluded.items())[1:])
    assert served(replace(problem, excluded=fewer)) >= served(problem)


@FEW
@given(SEEDS)
def test_new_names_leave_the_totals(seed):
    problem = team(seed)
    renamed = replace(
        problem,
        mentees=[replace(who, person="a" + who.person[::-1]) for who in problem.mentees],
        mentors=[replace(who, person="b" + who.person[::-1]) for who in problem.mentors],
        excluded={("a" + a[::-1], "b" + b[::-1]): c for (a, b), c in problem.excluded.items()},
    )
    one, other = solve(problem, seed=1).certificate, solve(renamed, seed=2).certificate
    assert (one.served, one.fit, one.bound) == (other.served, other.fit, other.bound)


@FEW
@given(SEEDS)
def test_two_teams_that_share_nothing_double_the_totals(seed):
    problem = team(seed)
    # the copy speaks a language that nobody else does and has its own skills
    copies = [
        replace(
            who,
            person="copy " + who.person,
            wants=tuple(replace(want, skill="copy " + want.skill) for want in who.wants),
        )
        for who in problem.mentees
    ]
    mentors = [
        replace(
            who,
            person="copy " + who.person,
            skills=tuple(("copy " + skill, level) for skill, level in who.skills),
        )
        for who in problem.mentors
    ]
    excluded = {("copy " + a, "copy " + b): code for (a, b), code in problem.excluded.items()}
    both = replace(
        problem,
        mentees=[*problem.mentees, *copies],
        mentors=[*problem.mentors, *mentors],
        excluded={**problem.excluded, **excluded},
    )
    one, two = solve(problem, seed=1).certificate, solve(both, seed=1).certificate
    assert (two.served, two.fit, two.bound) == (2 * one.served, 2 * one.fit, 2 * one.bound)


@FEW
@given(SEEDS)
def test_pinning_what_is_planned_changes_nothing(seed):
    problem = team(seed)
    plan = solve(problem, seed=1)
    pins = tuple(Pin(pair.mentee, pair.mentor, pair.slot) for pair in plan.pairs[::2])
    again = solve(replace(problem, pins=pins), seed=1)
    assert [(p.mentee, p.mentor, p.slot) for p in again.pairs] == [
        (p.mentee, p.mentor, p.slot) for p in plan.pairs
    ]
    assert verify(replace(problem, pins=pins), again) == ()


@FEW
@given(SEEDS, st.booleans())
def test_an_unserved_person_wins_no_place_by_listing_fewer_hours(seed, time_term):
    problem = team(seed)
    options = Options(time_term=time_term)
    plan = solve(problem, seed=1, options=options)
    draw = random.Random(seed)
    for left in plan.unmatched[:4]:
        mentees = [
            replace(who, free=sum(1 << t for t in slots_of(who.free) if draw.random() < 0.4))
            if who.person == left.person
            else who
            for who in problem.mentees
        ]
        hidden = solve(replace(problem, mentees=mentees), seed=1, options=options)
        assert hidden.pair_of(left.person) is None


@pytest.mark.parametrize("seed", range(30))
def test_random_prices_prove_a_bound_all_the_same(seed):
    problem = tiny(seed)
    plan = solve(problem, seed=1)
    draw = np.random.default_rng(seed)
    prices = replace(
        plan.prices,
        mentor={who.person: int(draw.integers(0, 9000)) for who in problem.mentors},
        slot={(who.person, 0): int(draw.integers(0, 9000)) for who in problem.mentors},
    )
    proven = {fault.code: fault.message for fault in verify(problem, replace(plan, prices=prices))}
    if "bound" in proven:
        assert int(proven["bound"].rsplit(" ", 1)[1]) >= plan.certificate.value


@FEW
@given(SEEDS)
def test_a_mentor_nobody_meets_is_met_no_sooner_by_listing_fewer_hours(seed):
    problem = generate(seed=seed, mentees=6, mentors=6, tight=True, skills=6)
    plan = solve(problem, seed=1)
    idle = {who.person for who in problem.mentors} - {pair.mentor for pair in plan.pairs}
    for name in sorted(idle)[:3]:
        mentors = [
            replace(who, free=who.free & (who.free - 1)) if who.person == name else who
            for who in problem.mentors
        ]
        hidden = solve(replace(problem, mentors=mentors), seed=1)
        assert name not in {pair.mentor for pair in hidden.pairs}
