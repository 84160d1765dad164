"""Time ratios: the log-normal model, by lottery, and with people who switch."""

from __future__ import annotations

import math
import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from handrail.domain.evidence.company import Company, hire, outcomes
from handrail.domain.evidence.effect import CannotTell
from handrail.domain.evidence.lognormal import spread_of, time_ratio
from handrail.domain.evidence.rerandomized_ratio import rerandomized_ratio
from handrail.domain.evidence.switching import structural_time

EVERYBODY = Company(take_up=30.0, retention=0.995, retention_with=0.997)


@pytest.mark.nightly
def test_the_log_normal_model_is_that_of_lifelines() -> None:
    from lifelines import LogNormalAFTFitter  # slow: at night
    from lifelines.datasets import load_rossi

    data = load_rossi()[["week", "arrest", "fin"]]
    oracle = LogNormalAFTFitter().fit(data, "week", "arrest", robust=True).summary
    found = time_ratio(data.week, data.arrest, data.fin)
    assert found.estimate == pytest.approx(oracle.loc[("mu_", "fin"), "coef"], abs=1e-4)
    assert found.error == pytest.approx(oracle.loc[("mu_", "fin"), "se(coef)"], abs=1e-4)


def test_without_censoring_it_is_the_difference_of_mean_log_days() -> None:
    days, arm = np.array([4.0, 9, 16, 20, 40, 30]), np.array([1, 1, 1, 0, 0, 0])
    logs = np.log(days)
    found = time_ratio(days, np.ones(6), arm)
    assert found.estimate == pytest.approx(logs[:3].mean() - logs[3:].mean())
    assert found.error == pytest.approx(math.sqrt(logs[:3].var() / 3 + logs[3:].var() / 3))
    median, spread = spread_of(days, np.ones(6))
    assert median == pytest.approx(math.exp(logs.mean()))
    assert spread == pytest.approx(logs.std())


def test_the_planted_ratio_is_found_with_and_without_the_lottery() -> None:
    drawn = hire(replace(EVERYBODY, hires=2000), seed=1)
    seen = outcomes(drawn, followed=60.0)
    found = time_ratio(seen.days, seen.reached, drawn.offered, covariates=drawn.covariate)
    assert math.exp(found.estimate) == pytest.approx(0.60, abs=0.03)
    few = hire(replace(EVERYBODY, hires=60), seed=2)
    seen = outcomes(few, followed=60.0)
    lot = rerandomized_ratio(
        seen.days, seen.reached, few.offered, followed=60, seed=1, blocks=few.block
    )
    wald = time_ratio(seen.days, seen.reached, few.offered)
    assert lot.estimate == pytest.approx(wald.estimate)
    assert lot.low is not None
    assert wald.low is not None
    assert lot.low == pytest.approx(wald.low, abs=0.12)
    assert lot.low < lot.estimate < (lot.high or 0)


def with_mentors(groups: int) -> tuple[np.ndarray, ...]:
    """48 hires, every other one offered; those share so many mentors, who differ."""
    rng = np.random.default_rng(11)
    arm = np.arange(48) % 2 == 0
    mentor = np.where(arm, np.cumsum(arm) % groups, 100 + np.arange(48))
    logs = 3 + rng.normal(0, 0.5, 48) + np.where(arm, rng.normal(0, 0.8, 200)[mentor], 0)
    return np.minimum(np.exp(logs), 60.0), np.exp(logs) <= 60, arm, mentor


def test_hires_of_one_mentor_widen_the_interval_of_a_ratio() -> None:
    days, reached, arm, mentor = with_mentors(8)
    alone = time_ratio(days, reached, arm)
    shared = time_ratio(days, reached, arm, clusters=mentor)
    assert shared.estimate == alone.estimate
    # The jackknife itself: what is told without each mentor and without each who waits.
    kept = [mentor != one for one in np.unique(mentor)]
    moved = [time_ratio(days[k], reached[k], arm[k]).estimate - alone.estimate for k in kept]
    assert shared.error == pytest.approx(math.hypot(*moved), rel=0.2)
    assert (shared.error or 0) > 1.2 * (alone.error or 0)
    assert (shared.freedom or 99) < 9  # eight mentors decide, not 24 hires


def test_one_mentor_for_all_tells_no_ratio() -> None:
    days, reached, arm, mentor = with_mentors(1)
    with pytest.raises(CannotTell) as told:
        time_ratio(days, reached, arm, clusters=mentor)
    assert told.value.code == "one_cluster"


def test_a_same_day_task_counts_half_a_day_and_never_minus_infinity() -> None:
    found = time_ratio([0, 3, 4, 8, 9, 12], np.ones(6), [1, 1, 1, 0, 0, 0])
    assert math.isfinite(found.estimate)


@pytest.mark.parametrize(
    ("reached", "code"), [([0] * 6, "no_events"), ([1, 1, 1, 0, 0, 0], "no_events_in_arm")]
)
def test_without_events_there_is_no_ratio(reached: list[int], code: str) -> None:
    with pytest.raises(CannotTell) as told:
        time_ratio([1, 2, 3, 4, 5, 6], reached, [1, 1, 1, 0, 0, 0])
    assert told.value.code == code


def crossing(seed: int, hires: int = 1500) -> tuple[np.ndarray, ...]:
    company = replace(EVERYBODY, take_up=0.85, crossover_day=15.0, hires=hires)
    drawn = hire(company, seed=seed)
    seen = outcomes(drawn, followed=60.0)
    on = np.maximum(0.0, seen.days - np.minimum(drawn.treated_from, seen.days))
    return seen.days, seen.reached, drawn.offered, on, np.full(hires, 60.0)


def test_switchers_are_followed_and_the_planted_ratio_is_found() -> None:
    found = structural_time(*crossing(3))
    assert found.ratio == pytest.approx(0.60, abs=0.06)
    assert found.ratio_low is not None
    assert found.ratio_high is not None
    assert found.ratio_low < 0.60 < found.ratio_high
    days, reached, arm, _, _ = crossing(3)
    diluted = math.exp(time_ratio(days, reached, arm).estimate)
    assert diluted > found.ratio + 0.1  # what the offer alone shows


def test_a_root_is_where_the_arms_balance_and_not_a_point_of_a_grid() -> None:
    from handrail.domain.evidence.switching import _statistic

    days, reached, arm, on, until = crossing(4, 400)
    found = structural_time(days, reached, arm, on, until)
    again = np.ones(400, dtype=np.bool_)
    near = [
        _statistic(found.psi + side, days, reached, arm, on, until, again) for side in (-3e-3, 3e-3)
    ]
    assert near[0] * near[1] <= 0.02**2


def test_equal_exposure_and_impossible_days_are_refused() -> None:
    days, reached, arm, on, until = crossing(5, 100)
    with pytest.raises(CannotTell) as told:
        structural_time(days, reached, arm, days, until)
    assert told.value.code == "exposure_alike"
    with pytest.raises(ValueError, match="treated_days"):
        structural_time(days, reached, arm, days + 1, until)
    with pytest.raises(ValueError, match="followed"):
        structural_time(days, reached, arm, on, days - 1)


@pytest.mark.skipif("HANDRAIL_IMMDEF" not in os.environ, reason="the file of rpsftm is not here")
def test_immdef_gives_the_published_psi() -> None:
    """With the developer's own copy as CSV: HANDRAIL_IMMDEF=immdef.csv."""
    import csv

    with Path(os.environ["HANDRAIL_IMMDEF"]).open() as lines:
        rows = list(csv.DictReader(lines))
    days, on = (np.array([float(r[c]) for r in rows]) for c in ("progyrs", "xoyrs"))
    event, arm = (np.array([int(r[c]) for r in rows]) for c in ("prog", "imm"))
    treated = days - on  # xoyrs: until they crossed, 0 where treated from the start
    until = np.array([float(r["censyrs"]) for r in rows])
    found = structural_time(days, event, arm, treated, until)
    assert found.psi == pytest.approx(-0.181, abs=2e-3)
    assert (found.low, found.high) == pytest.approx((-0.350, 0.003), abs=2e-3)


@pytest.mark.nightly
def test_rossi_gives_the_published_hazard_ratio_by_both_oracles() -> None:
    """Cox's model is no estimator of ours: these are what our checks by lifelines stand on."""
    from lifelines import CoxPHFitter
    from lifelines.datasets import load_rossi
    from statsmodels.duration.hazard_regression import PHReg

    data = load_rossi()
    fitted = CoxPHFitter().fit(data, "week", "arrest").summary.loc["fin"]
    assert round(fitted["coef"], 3) == -0.379
    assert round(fitted["exp(coef)"], 3) == 0.684
    assert round(fitted["se(coef)"], 3) == 0.191
    known = data.drop(columns=["week", "arrest"])
    other = PHReg(data.week, known, status=data.arrest, ties="efron").fit()
    assert round(float(other.params[list(known).index("fin")]), 3) == -0.379
