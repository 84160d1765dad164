"""Differences of survival curves: against published trials, lifelines, and by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from lifelines import KaplanMeierFitter
from lifelines.datasets import load_leukemia, load_rossi
from lifelines.statistics import logrank_test

from handrail.domain.evidence.effect import CannotTell
from handrail.domain.evidence.stay_difference import (
    difference_at,
    influence_at,
    log_rank,
    newcombe,
    restricted_mean,
    restricted_mean_difference,
    survival_at,
)


def censored(seed: int, people: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    arm = np.arange(people) % 2 == 1
    leaves = np.ceil(rng.exponential(np.where(arm, 400, 300)))
    until = rng.integers(120, 240, people)
    return np.minimum(leaves, until), leaves <= until, arm


def test_the_freireich_trial_gives_its_published_log_rank() -> None:
    trial = load_leukemia()  # the column Rx is 1 for placebo
    found = log_rank(trial.t, trial.status, trial.Rx)
    assert found.chi_square == pytest.approx(16.79, abs=5e-3)
    point = survival_at(trial.t[trial.Rx == 0], trial.status[trial.Rx == 0], 10)
    assert point.share == pytest.approx(0.753, abs=5e-4)
    assert math.sqrt(point.variance) == pytest.approx(0.0963, abs=5e-5)


def test_log_rank_agrees_with_lifelines_and_its_sign_tells_the_arm() -> None:
    days, left, arm = censored(1, 300)
    found = log_rank(days, left, arm)
    oracle = logrank_test(days[arm], days[~arm], left[arm], left[~arm])
    assert found.chi_square == pytest.approx(oracle.test_statistic, rel=1e-9)
    assert found.p == pytest.approx(oracle.p_value, rel=1e-9)
    assert (found.z < 0) == (found.observed < found.expected)


def test_restricted_means_agree_with_the_area_under_lifelines_curve() -> None:
    for data in (load_rossi(), load_leukemia().rename(columns={"t": "week", "status": "arrest"})):
        for until in (10, 20.5, 34):
            curve = KaplanMeierFitter().fit(data.week, data.arrest).survival_function_
            steps = curve[curve.index < until]
            edges = [*steps.index, until]
            area = float((np.diff(edges) * steps.iloc[:, 0]).sum())
            assert restricted_mean(data.week, data.arrest, until)[0] == pytest.approx(area)


def test_the_variance_of_a_restricted_mean_without_censoring_is_that_of_the_mean() -> None:
    days = np.array([3.0, 5, 5, 9, 14, 30, 40])
    mean, variance = restricted_mean(days, np.ones(7), 20)
    assert mean == pytest.approx(np.minimum(days, 20).mean())
    assert variance == pytest.approx(np.minimum(days, 20).var() / 7)


def test_the_difference_of_restricted_means_by_hand() -> None:
    # Offered: 2, 4, 10, 10; waiting: 1, 1, 3, 10, up to day 10: means 6.5 and 3.75.
    found = restricted_mean_difference(
        [2, 4, 10, 10, 1, 1, 3, 10], [1, 1, 0, 0, 1, 1, 1, 0], [1, 1, 1, 1, 0, 0, 0, 0], until=10
    )
    assert found.estimate == pytest.approx(2.75)
    offered, waiting = np.var([2, 4, 10, 10]) / 4, np.var([1, 1, 3, 10]) / 4
    assert found.error == pytest.approx(math.sqrt(offered + waiting))


def test_newcombe_gives_the_interval_of_its_paper() -> None:
    # R. G. Newcombe (1998), table II, (a): 56/70 - 48/80, method 10.
    low, high = newcombe(56, 70, 48, 80)
    assert (round(low, 4), round(high, 4)) == (0.0524, 0.3339)
    assert newcombe(10, 10, 0, 10) == pytest.approx((0.6075, 1.0), abs=5e-5)


def test_without_censoring_the_difference_is_that_of_two_shares() -> None:
    arm = np.repeat([True, False], 40)
    left = np.concatenate([np.arange(40) < 6, np.arange(40) < 14])
    days = np.where(left, 50, 180)
    found = difference_at(days, left, arm, day=180)
    assert found.estimate == pytest.approx(34 / 40 - 26 / 40)
    assert (found.low, found.high) == pytest.approx(newcombe(34, 40, 26, 40))
    assert found.method == "km_newcombe"


def test_from_400_hires_on_the_interval_is_greenwoods() -> None:
    days, left, arm = censored(2, 400)
    found = difference_at(days, left, arm, day=180)
    parts = [survival_at(days[side], left[side], 180) for side in (arm, ~arm)]
    assert found.method == "km_greenwood"
    assert found.error == pytest.approx(math.sqrt(sum(part.variance for part in parts)))
    assert difference_at(days[:399], left[:399], arm[:399], day=180).method == "km_newcombe"


def test_an_effective_number_lies_between_those_followed_and_all() -> None:
    days, left, arm = censored(3, 300)
    point = survival_at(days[arm], left[arm], 180)
    assert point.at_risk < point.effective < arm.sum()


def test_influence_values_have_the_mean_and_the_variance_of_the_curve() -> None:
    days, left, _ = censored(4, 250)
    point = survival_at(days, left, 180)
    values = influence_at(days, left, 180)
    assert values.mean() == pytest.approx(point.share)
    assert values.var() / 250 == pytest.approx(point.variance)


def test_influence_values_without_censoring_are_nought_and_one() -> None:
    days = np.array([10.0, 20, 20, 200, 200])
    values = influence_at(days, days < 200, 180)
    assert values == pytest.approx([0, 0, 0, 1, 1])


def test_zero_events_and_nobody_followed_are_said_and_never_a_number() -> None:
    arm = np.repeat([1, 0], 20)
    with pytest.raises(CannotTell) as nobody_left:
        difference_at(np.full(40, 180), np.zeros(40), arm, day=180)
    assert nobody_left.value.code == "no_events"
    with pytest.raises(CannotTell) as too_early:
        difference_at(np.full(40, 90), np.zeros(40), arm, day=180)
    assert too_early.value.code == "all_censored"
    with pytest.raises(CannotTell) as no_arm:
        difference_at(np.full(40, 90), np.ones(40), np.ones(40), day=90)
    assert no_arm.value.code == "one_arm"
    with pytest.raises(CannotTell) as no_test:
        log_rank(np.full(40, 180), np.zeros(40), arm)
    assert no_test.value.code == "no_events"


def test_days_that_cannot_be_are_refused() -> None:
    with pytest.raises(ValueError, match="fewer than 0"):
        survival_at([-1.0, 3], [1, 1], 2)
    with pytest.raises(ValueError, match="finite"):
        survival_at([math.nan, 3], [1, 1], 2)
    with pytest.raises(ValueError, match="different lengths"):
        log_rank([1.0, 2], [1, 1], [1, 0, 0])


def test_hires_of_one_mentor_are_one_piece_of_evidence_at_any_size() -> None:
    days, left, arm = censored(4, 120)
    mentor = np.where(arm, np.cumsum(arm) % 3, 100 + np.arange(120))
    alone = difference_at(days, left, arm, day=180)
    shared = difference_at(days, left, arm, day=180, clusters=mentor)
    assert shared.method == "km_clustered"
    assert shared.estimate == pytest.approx(alone.estimate)
    assert (shared.freedom or 99) < 60  # three mentors and sixty who wait alone
    with pytest.raises(CannotTell) as told:
        difference_at(days, left, arm, day=180, clusters=arm)
    assert told.value.code == "one_cluster"


def test_where_all_left_everybody_counts_who_is_known_to_have_left() -> None:
    """Thirty left and nobody is at risk: that is 0 of 30 by Wilson, not 0 of 1."""
    point = survival_at(np.arange(1, 31), np.ones(30), 180)
    assert (point.share, point.at_risk, point.effective) == (0.0, 0, 30.0)
    still = survival_at([*range(170, 180), *[200] * 20], [0] * 30, 180)
    assert (still.share, still.effective) == (1.0, 20.0)
