"""The compiled kernels at night: a company of 1,500 in one run, and many small teams.

Compiling takes a minute of processor, so by day the same kernels run as plain Python.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from domain.matching.engine.teams import (
    KINDS,
    options,
    team,
    with_a_leads_word,
    with_a_published_plan,
    with_an_odd_pin,
)
from domain.matching.engine.test_agrees import is_best
from domain.matching.engine.test_same_bytes import shuffled, text
from handrail.domain.matching import Options, Pin, Plan, Problem, Want, generate, solve, verify


def company() -> Problem:
    """1,500 people, over-demanded, with what makes lists long and matching awkward."""
    problem = generate(seed=8, mentees=1200, tight=True)
    mentees, mentors = list(problem.mentees), list(problem.mentors)
    skills = sorted({skill for who in mentors for skill, _ in who.skills})
    mentees[0] = replace(mentees[0], wants=tuple(Want(skill) for skill in skills[:40]))
    mentees[1] = replace(mentees[1], free=0)
    mentees[2] = replace(mentees[2], wants=())
    mentors[0] = replace(mentors[0], seats=0)
    mentors[1:60] = [replace(who, daily_cap=1, offset_minutes=330) for who in mentors[1:60]]
    draw = np.random.default_rng(8)
    more = zip(draw.integers(3, 1200, 10_000), draw.integers(0, 300, 10_000), strict=True)
    excluded = {(mentees[at].person, mentors[to].person): "recent" for at, to in more}
    busy = next(who for who in mentors[60:] if who.free & mentees[3].free)
    pins = (Pin(mentees[3].person, busy.person),)
    excluded.pop((mentees[3].person, busy.person), None)
    return replace(problem, mentees=mentees, mentors=mentors, excluded=excluded, pins=pins)


@pytest.mark.nightly
def test_a_company_of_1500_is_planned_exactly_and_the_same_for_any_order_of_rows():
    problem, chosen = company(), Options(seat_price=50)
    stages: list[str] = []
    plan = solve(problem, seed=1, options=chosen, progress=stages.append)
    assert verify(problem, plan) == ()
    said = plan.certificate
    assert (said.served, said.value) == (said.served_bound, said.bound)
    assert 0 < said.served < 1200
    assert stages[0] == "reading people"
    assert text(solve(shuffled(problem, 2), seed=1, options=chosen)) == text(plan)


def solve_compiled(problem: Problem, chosen: Options) -> Plan:
    from handrail.domain.matching.engine.solve import solve_large  # compiles

    return solve_large(problem, seed=1, options=chosen, version="1", progress=lambda stage: None)


@pytest.mark.nightly
@pytest.mark.parametrize("seed", range(600))
def test_small_teams_as_the_other_solvers_plan_them(seed):
    problem = team(seed, KINDS[seed % 3], 12 + seed % 90, caps=seed % 2 == 0)
    chosen = options(seed)
    first = solve(problem, seed=1, options=chosen)
    if seed % 4 == 1:
        problem = with_a_leads_word(problem, first, seed)
    elif seed % 4 == 2:
        problem = with_an_odd_pin(problem, seed)
    elif seed % 4 == 3:
        problem = with_a_published_plan(problem, first, seed)
    is_best(problem, chosen, solve_compiled)
