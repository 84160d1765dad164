"""The engine against brute force, the linear program and OR-Tools: the same optimum, proven."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from domain.matching.engine.dose import dose, for_seeds
from domain.matching.engine.flow import best_by_flow
from domain.matching.engine.plain import solve_plain
from domain.matching.engine.teams import (
    KINDS,
    options,
    team,
    with_a_leads_word,
    with_a_published_plan,
    with_an_odd_pin,
)
from domain.matching.oracles import best_by_trying_all, tiny
from handrail.domain.matching import Options, Plan, Problem, solve, verify


def kept(problem: Problem, plan: Plan) -> int:
    """2 for each published pair that is planned, 1 more where its slot is kept, too."""
    pairs = {(each.mentee, each.mentor) for each in problem.published}
    slots = {(each.mentee, each.mentor, each.slot) for each in problem.published}
    return sum(
        2 * ((pair.mentee, pair.mentor) in pairs) + ((pair.mentee, pair.mentor, pair.slot) in slots)
        for pair in plan.pairs
    )


def is_best(
    problem: Problem, chosen: Options, engine: Callable[[Problem, Options], Plan] = solve_plain
) -> None:
    """The engine's plan is valid, proven, and as good as what two other solvers find."""
    plan = engine(problem, chosen)
    said = plan.certificate
    assert verify(problem, plan) == ()
    other = solve(problem, seed=1, options=chosen).certificate
    assert (said.served, said.value) == (other.served, other.value)
    assert (said.served, said.value, kept(problem, plan)) == best_by_flow(problem, chosen)
    assert said.served_bound == said.served
    # prices are rounded where ties are broken for what was published
    rounded = len(problem.mentees) if problem.published else 0
    assert 0 <= said.bound - said.value <= rounded


def size(seed: int) -> int:
    return random.Random(seed).choice([5, 6, 9, 14, 22, 34])


@dose(7, 300)
@pytest.mark.parametrize("caps", [False, True])
def test_agrees_with_trying_all_plans(caps, examples):
    def holds(seed: int) -> None:
        problem = tiny(seed, caps=caps)
        chosen = Options(seat_price=(0, 300)[seed % 2], time_term=seed % 3 == 0)
        plan = solve_plain(problem, chosen)
        said = plan.certificate
        assert (said.served, said.value) == best_by_trying_all(problem, chosen)
        assert said.bound == said.value
        assert verify(problem, plan) == ()

    for_seeds(examples, holds)


@dose(4, 80)
@pytest.mark.parametrize("kind", KINDS)
def test_agrees_on_any_team(kind, examples):
    def holds(seed: int) -> None:
        is_best(team(seed, kind, size(seed), caps=seed % 2 == 0), options(seed))

    for_seeds(examples, holds)


@dose(4, 80)
@pytest.mark.parametrize("kind", KINDS)
def test_agrees_with_pins_and_forbids(kind, examples):
    def holds(seed: int) -> None:
        problem, chosen = team(seed, kind, size(seed), caps=seed % 2 == 0), options(seed)
        first = solve(problem, seed=1, options=chosen)
        is_best(with_a_leads_word(problem, first, seed), chosen)

    for_seeds(examples, holds)


@dose(3, 80)
@pytest.mark.parametrize("kind", KINDS)
def test_agrees_where_a_pin_overrides_skill_and_language(kind, examples):
    def holds(seed: int) -> None:
        is_best(with_an_odd_pin(team(seed, kind, size(seed)), seed), options(seed))

    for_seeds(examples, holds)


@dose(4, 80)
@pytest.mark.parametrize("kind", KINDS)
def test_agrees_on_what_is_kept_of_a_published_plan(kind, examples):
    def holds(seed: int) -> None:
        problem, chosen = team(seed, kind, size(seed), caps=seed % 2 == 0), options(seed)
        first = solve(problem, seed=1, options=chosen)
        is_best(with_a_published_plan(problem, first, seed), chosen)

    for_seeds(examples, holds)


@dose(1, 30)
def test_agrees_on_two_hundred_people(examples):
    def holds(seed: int) -> None:
        is_best(team(seed, KINDS[(seed + 1) % 3], 200, caps=True), options(seed))

    for_seeds(examples, holds)
