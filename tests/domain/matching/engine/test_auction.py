"""The auction for very many people: near the optimum by a step a seat, and proven all the same."""

from __future__ import annotations

from dataclasses import replace

import pytest

from domain.matching.engine.dose import dose, for_seeds
from domain.matching.engine.plain import plain_engine, solve_plain
from domain.matching.engine.teams import KINDS, options, team, with_a_leads_word
from handrail.domain.matching import generate, solve, verify

GAP = 1.5e-4  # of the fit


@pytest.fixture(autouse=True)
def everybody_is_many(monkeypatch):
    monkeypatch.setattr(plain_engine().large, "EXACT", 0)
    monkeypatch.setattr(plain_engine().solve, "EXACT", 0)


@dose(4, 80)
@pytest.mark.parametrize("kind", KINDS)
def test_an_auction_is_near_and_proven(kind, examples):
    def holds(seed: int) -> None:
        problem, chosen = team(seed, kind, 36, caps=seed % 2 == 0), options(seed)
        best = solve(problem, seed=1, options=chosen)
        if seed % 3 == 0:
            problem = with_a_leads_word(problem, best, seed)
            best = solve(problem, seed=1, options=chosen)
        plan = solve_plain(problem, chosen)
        said, top = plan.certificate, best.certificate
        assert verify(problem, plan) == ()
        assert said.served == said.served_bound == top.served
        assert said.value <= top.value <= said.bound
        # a step for each seat that was given away and what a look at all pairs may leave, or so
        # near that no further look is worth its time
        assert top.value - said.value <= max(said.served + said.fit // 10_000, said.fit * GAP)

    for_seeds(examples, holds)


@dose(3, 60)
@pytest.mark.parametrize("patience", [40, 1])
@pytest.mark.parametrize("kind", KINDS)
def test_people_who_bid_come_as_near(kind, patience, examples, monkeypatch):
    """Nobody is served by the shortest way first; with little patience some are afterwards."""
    monkeypatch.setattr(plain_engine().joint, "VISITS", -1)
    monkeypatch.setattr(plain_engine().joint, "PATIENCE", patience)

    def holds(seed: int) -> None:
        problem = team(seed, kind, 36, caps=seed % 2 == 0)
        chosen = replace(options(seed), seat_price=0)
        best = solve(problem, seed=1, options=chosen)
        if seed % 3 == 0:
            problem = with_a_leads_word(problem, best, seed)
            best = solve(problem, seed=1, options=chosen)
        plan = solve_plain(problem, chosen)
        said, top = plan.certificate, best.certificate
        assert verify(problem, plan) == ()
        assert said.served == said.served_bound == top.served
        assert said.value <= top.value <= said.bound
        # besides the steps of the seats, a point for everybody served
        assert top.value - said.value <= 2 * said.served + said.fit // 10_000

    for_seeds(examples, holds)


def test_an_over_demanded_team_of_many_is_within_a_ten_thousandth():
    problem = generate(seed=5, mentees=120, tight=True, skills=20)
    plan = solve_plain(problem)
    assert plan.certificate.gap <= 1e-4
    assert verify(problem, plan) == ()
