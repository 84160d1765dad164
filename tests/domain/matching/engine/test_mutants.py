"""Damage to the engine, to its plan or to its prices does not go unnoticed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from domain.matching.engine.plain import plain_engine, solve_plain
from domain.matching.engine.teams import team
from handrail.domain.matching import Plan, Problem, solve, verify

SEEDS = range(6)


@pytest.fixture(scope="module")
def problem() -> Problem:
    return team(4, "mixed", 40, caps=True)


@pytest.fixture(scope="module")
def plan(problem) -> Plan:
    made = solve_plain(problem)
    assert made.prices.mentor
    assert made.prices.slot
    assert made.unmatched
    assert verify(problem, made) == ()
    return made


def codes(problem: Problem, plan: Plan) -> set[str]:
    return {fault.code for fault in verify(problem, plan)}


@pytest.mark.parametrize("part", ["mentor", "day", "slot"])
@pytest.mark.parametrize("more", [-1, 1])
def test_a_damaged_price(problem, plan, part, more):
    prices = dict(getattr(plan.prices, part))
    dearest = max(prices, key=lambda each: prices[each])
    prices[dearest] += more * plan.prices.person
    assert codes(problem, replace(plan, prices=replace(plan.prices, **{part: prices})))


def test_a_forgotten_price(problem, plan):
    for part in ("mentor", "day", "slot"):
        bare = replace(plan, prices=replace(plan.prices, **{part: {}}))
        assert "bound" in codes(problem, bare)


def test_a_damaged_plan(problem, plan):
    pairs = list(plan.pairs)
    assert codes(problem, replace(plan, pairs=pairs[1:])) == {"dropped"}
    assert "sessions" in codes(problem, replace(plan, pairs=[*pairs, pairs[0]]))
    moved = replace(pairs[0], slot=pairs[0].slot + 1)
    assert "not_free" in codes(problem, replace(plan, pairs=[moved, *pairs[1:]]))
    other = next(pair for pair in pairs if pair.mentor != pairs[0].mentor)
    traded = [replace(pairs[0], mentor=other.mentor, slot=other.slot), *pairs[1:]]
    assert "clash" in codes(problem, replace(plan, pairs=traded))


def noticed(seed: int) -> bool:
    """Whether a run of the engine as it is now ends in a fault, or in another optimum."""
    problem = team(seed, ("tight", "mixed")[seed % 2], 30)
    try:
        plan = solve_plain(problem)
    except ArithmeticError:
        return True
    best = solve(problem, seed=1).certificate
    said = plan.certificate
    same = (said.served, said.value, said.bound) == (best.served, best.value, best.value)
    return bool(verify(problem, plan)) or not same


def test_the_engine_as_it_is_gives_no_alarm():
    assert not any(noticed(seed) for seed in SEEDS)


def test_a_look_that_leaves_a_mentor_out(monkeypatch):
    large = plain_engine().large
    scene_of = large.scene_of

    def blind(crowd):
        ladder = crowd.ladder.copy()
        ladder[:, int(np.argmax(crowd.mentors.seats))] = 0
        return scene_of(crowd)._replace(ladder=ladder)

    monkeypatch.setattr(large, "scene_of", blind)
    assert all(noticed(seed) for seed in SEEDS)


def test_prices_that_do_not_rise_when_somebody_is_served(monkeypatch):
    monkeypatch.setattr(plain_engine().serve, "_raise", lambda *everything: None)
    assert any(noticed(seed) for seed in SEEDS)


def test_prices_that_do_not_fall_when_a_seat_is_filled(monkeypatch):
    monkeypatch.setattr(plain_engine().fill, "_lower", lambda *everything: None)
    assert any(noticed(seed) for seed in SEEDS)


def test_prices_that_rise_where_they_should_fall(monkeypatch):
    fill = plain_engine().fill
    lower = fill._lower

    def raised(shelf, held, tags, search, source, end):
        lower(shelf, held, tags, search, source, -end)

    monkeypatch.setattr(fill, "_lower", raised)
    assert any(noticed(seed) for seed in SEEDS)


def test_a_seat_whose_day_and_mentor_are_not_asked(monkeypatch):
    monkeypatch.setattr(plain_engine().fill, "_up", lambda *everything: None)
    assert any(noticed(seed) for seed in SEEDS)


def test_a_chain_of_which_only_the_last_moves(monkeypatch):
    serve = plain_engine().serve
    move = serve.move

    def only_the_last(arcs, shelf, held, tags, search, r, arc, who):
        if who == r:
            move(arcs, shelf, held, tags, search, r, arc, who)

    monkeypatch.setattr(serve, "move", only_the_last)
    assert any(noticed(seed) for seed in SEEDS)


def test_an_over_demanded_part_that_is_overlooked(monkeypatch):
    joint = plain_engine().joint

    def nobody_is_too_many(arcs, shelf, held, tags, search, out, apart):
        return len(held.place)

    monkeypatch.setattr(joint, "serve_most", nobody_is_too_many)
    assert all(noticed(seed) for seed in SEEDS)
