"""What a pilot can see: the brief's table to the digit, and simulation beside the formulas."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import norm

from handrail.domain.evidence.effect import CannotTell
from handrail.domain.evidence.power import (
    PastHires,
    Pilot,
    baseline_of,
    design_factor,
    hires_for_ratio,
    needed_for_shares,
    outlook_for_stay,
    outlook_for_time,
    power_curve,
    power_for_stay,
    power_for_time,
    smallest_points,
    smallest_ratio,
)


def past(people: int = 300, spread: float = 0.8, seen_for: float = math.inf) -> PastHires:
    """Past hires at the very quantiles of a log-normal: median 20 days, seven of ten still here."""
    rng = np.random.default_rng(3)
    quantiles = (np.arange(people) + 0.5) / people
    days = np.exp(math.log(20) + spread * norm.ppf(quantiles))
    reached = days <= seen_for
    left = rng.permutation(quantiles) > 0.7
    stayed = np.where(left, 60.0, 200.0)
    return PastHires(
        tuple(np.minimum(days, seen_for)), tuple(reached), tuple(stayed), tuple(left), 5.0
    )


def test_hires_needed_are_those_of_the_table() -> None:
    spreads = (0.6, 0.8, 1.0, 1.5, 2.0, 2.6)
    assert [round(hires_for_ratio(s, 0.6)) for s in spreads] == [43, 77, 120, 271, 481, 813]
    taken = [round(hires_for_ratio(s, 0.6, take_up=0.67)) for s in spreads]
    assert taken == [96, 172, 268, 603, 1072, 1812]


def test_the_smallest_effects_are_those_of_the_table() -> None:
    sizes = (40, 80, 200, 800)
    assert [round(100 * (smallest_ratio(0.8, n) - 1)) for n in sizes] == [-51, -39, -27, -15]
    expected = 0.70 + 0.67 * 0.15
    assert [round(100 * smallest_points(0.70, expected, n)) for n in sizes] == [38, 27, 17, 9]


def test_offers_need_as_many_as_the_table_says() -> None:
    assert needed_for_shares(0.80, 0.85) == 1806


def test_simulated_power_is_80_percent_where_the_formula_says_so() -> None:
    hires = round(hires_for_ratio(0.8, 0.6))
    power, error = power_for_time(
        past(), Pilot(hires, 1.0), ratio=0.6, followed=10_000, seed=1, runs=2000
    )
    assert power == pytest.approx(0.80, abs=3 * error + 0.01)


def test_the_level_without_an_effect_is_kept() -> None:
    wrong, error = power_for_time(
        past(), Pilot(200, 1.0), ratio=1.0, followed=60, seed=2, runs=2000
    )
    assert wrong == pytest.approx(0.05, abs=3 * error)


def test_less_take_up_and_a_wider_level_see_less() -> None:
    def of(pilot: Pilot) -> float:
        return power_for_time(past(), pilot, ratio=0.6, followed=60, seed=3)[0]

    assert of(Pilot(80, 1.0)) > of(Pilot(80, 1.0, level=0.96)) > of(Pilot(80, 0.67)) + 0.1


def test_hires_who_share_a_mentor_are_worth_fewer() -> None:
    assert design_factor(group=7, within=0.05) == pytest.approx(1.15)
    assert design_factor(group=1, within=0.05) == 1.0
    alone = power_for_time(past(), Pilot(84, 1.0), ratio=0.6, followed=60, seed=4)[0]
    shared = Pilot(84, 1.0, group=7, within=0.2)
    assert power_for_time(past(), shared, ratio=0.6, followed=60, seed=4)[0] < alone - 0.05


def test_retention_has_the_power_that_the_brief_gives() -> None:
    # 13.7 points among takers are 9.2 points among those offered at 67 % take-up.
    for hires, expected in ((80, 0.16), (200, 0.31), (800, 0.85)):
        power, error = power_for_stay(0.70, Pilot(hires, 0.67), points=0.137, seed=5, runs=4000)
        assert power == pytest.approx(expected, abs=0.02 + 2 * error)


def test_a_small_pilot_is_feasibility_only_and_says_what_it_needs() -> None:
    small = outlook_for_time(past(), Pilot(40, 0.67), claim=0.6, followed=60, seed=6, runs=400)
    assert small.feasibility_only
    assert small.hires_needed == pytest.approx(172, abs=3)
    assert small.time_ratio is not None
    assert small.time_ratio < 0.45
    large = outlook_for_time(past(), Pilot(240, 0.67), claim=0.6, followed=60, seed=6, runs=400)
    assert not large.feasibility_only


def test_the_smallest_effect_is_the_one_that_four_of_five_pilots_see() -> None:
    found = outlook_for_time(past(), Pilot(80, 1.0), claim=0.6, followed=60, seed=7, runs=1000)
    assert found.time_ratio == pytest.approx(smallest_ratio(0.8, 80), abs=0.03)


def test_an_effect_larger_than_can_exist_is_marked() -> None:
    base = baseline_of(past(), horizon=180)
    assert base.retention == pytest.approx(0.70, abs=0.01)
    small = outlook_for_stay(base, Pilot(40, 1.0), claim=0.15, seed=8)
    assert small.impossible
    assert small.feasibility_only
    large = outlook_for_stay(base, Pilot(800, 1.0), claim=0.15, seed=8)
    assert not large.impossible
    assert not large.feasibility_only
    with pytest.raises(ValueError, match="within 0 to 1"):
        outlook_for_stay(base, Pilot(40, 1.0), claim=0.35, seed=8)


def test_history_that_was_cut_off_gives_the_same_spread() -> None:
    whole, cut = baseline_of(past(), horizon=180), baseline_of(past(seen_for=40), horizon=180)
    assert whole.median_days == pytest.approx(20, rel=0.01)
    assert cut.median_days == pytest.approx(20, rel=0.02)
    assert cut.spread == pytest.approx(whole.spread, rel=0.02)
    seen = power_for_time(past(seen_for=40), Pilot(77, 1.0), ratio=0.6, followed=60, seed=9)[0]
    assert seen == pytest.approx(0.81, abs=0.04)


def test_too_little_history_plans_nothing_and_no_spread_is_made_up() -> None:
    short = PastHires((3.0, 9.0), (True, True), (200.0,), (False,), 2.0)
    base = baseline_of(short, horizon=180)
    assert (base.median_days, base.spread, base.retention) == (None, None, None)
    with pytest.raises(CannotTell, match="past hires"):
        power_for_time(short, Pilot(40, 1.0), ratio=0.6, followed=60, seed=1)
    with pytest.raises(CannotTell, match="baseline"):
        outlook_for_stay(base, Pilot(40, 1.0), claim=0.1, seed=1)


def test_a_power_curve_rises_with_the_effect() -> None:
    curve = power_curve(
        past(), Pilot(80, 1.0), ratios=(0.9, 0.7, 0.5), followed=60, seed=1, runs=300
    )
    assert [ratio for ratio, _ in curve] == [0.9, 0.7, 0.5]
    assert [power for _, power in curve] == sorted(power for _, power in curve)


@pytest.mark.parametrize("take_up", [0.0, 1.2])
def test_a_take_up_that_cannot_be_is_refused(take_up: float) -> None:
    with pytest.raises(ValueError, match="Take-up"):
        power_for_time(past(), Pilot(40, take_up), ratio=0.6, followed=60, seed=1)
    with pytest.raises(ValueError, match="Take-up"):
        smallest_ratio(0.8, 40, take_up=take_up)
