"""Differences of means: against statsmodels, by hand, and by the lottery itself."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from handrail.domain.evidence.effect import CannotTell
from handrail.domain.evidence.means import (
    draw_again,
    first_merge_difference,
    mean_difference,
    rerandomized,
    rerandomized_p,
    restricted_days,
)


def trial(seed: int = 0, people: int = 120) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    x = rng.standard_normal((people, 2))
    arm = rng.permutation(people) % 2
    y = 3 - 2 * arm + x @ [1, 0.5] + arm * x[:, 0] + rng.standard_normal(people) * (1 + arm)
    return y, arm, x


def test_without_covariates_it_is_the_difference_with_hc3_by_hand() -> None:
    y, arm = np.array([1.0, 2, 4, 9, 3, 5, 6, 6]), np.array([1, 1, 1, 1, 0, 0, 0, 0])
    found = mean_difference(y, arm)
    assert found.estimate == pytest.approx(4 - 5)
    # Each residual over 1 - 1/4, squared, over 4 squared.
    parts = [((y[s] - y[s].mean()) / 0.75) ** 2 for s in (arm == 1, arm == 0)]
    assert found.error == pytest.approx((sum(p.sum() for p in parts) / 16) ** 0.5)


@pytest.mark.nightly
def test_lin_and_hc3_are_those_of_statsmodels() -> None:
    import statsmodels.api as sm  # a second to import: at night

    y, arm, x = trial()
    centred = x - x.mean(axis=0)
    design = np.column_stack([np.ones(len(y)), arm, centred, centred * arm[:, None]])
    oracle = sm.OLS(y, design).fit(cov_type="HC3")
    found = mean_difference(y, arm, covariates=x)
    assert found.estimate == pytest.approx(oracle.params[1])
    assert found.error == pytest.approx(oracle.bse[1])


def test_groups_of_one_are_as_no_groups() -> None:
    y, arm, x = trial(1)
    alone = mean_difference(y, arm, covariates=x)
    single = mean_difference(y, arm, covariates=x, clusters=np.arange(len(y)))
    assert single.error == pytest.approx(alone.error)


def test_hires_of_one_mentor_in_one_arm_widen_the_interval() -> None:
    y, arm, _ = trial(2)
    mentor = np.where(arm == 1, np.cumsum(arm) // 7, 1000 + np.arange(len(arm)))
    y = y + np.where(arm == 1, np.random.default_rng(5).normal(0, 4, 2000)[mentor], 0)
    alone = mean_difference(y, arm)
    shared = mean_difference(y, arm, clusters=mentor)
    assert shared.error is not None
    assert alone.error is not None
    assert shared.error > 1.3 * alone.error
    assert shared.freedom is not None
    assert shared.freedom < 15  # nine mentors decide, not sixty hires


def test_one_cluster_in_an_arm_tells_nothing() -> None:
    y, arm, _ = trial(3)
    with pytest.raises(CannotTell) as told:
        mean_difference(y, arm, clusters=arm)
    assert told.value.code == "one_cluster"


def test_covariates_that_do_not_vary_or_repeat_are_left_out() -> None:
    y, arm, x = trial(4)
    more = np.column_stack([x, np.ones(len(y)), x[:, 0] * 2])
    assert mean_difference(y, arm, covariates=more).estimate == pytest.approx(
        mean_difference(y, arm, covariates=x).estimate
    )


def test_the_interval_by_lottery_is_the_one_by_going_through_all_lotteries() -> None:
    y, arm = np.array([10.0, 12, 9, 15, 3, 5, 4, 8]), np.array([1, 1, 1, 1, 0, 0, 0, 0])
    lotteries = [np.isin(np.arange(8), some) for some in itertools.combinations(range(8), 4)]

    def p_above(effect: float) -> float:
        left = y - effect * arm
        gaps = [left[z].mean() - left[~z].mean() for z in lotteries]
        own = left[arm == 1].mean() - left[arm == 0].mean()
        return float(np.mean([gap >= own - 1e-9 for gap in gaps]))

    found = rerandomized(y, arm, seed=1, draws=19_999)
    assert found.estimate == pytest.approx(11.5 - 5)
    assert found.p == pytest.approx(2 / 70, abs=0.004)  # the furthest of 70, on both sides
    low = min(effect for effect in np.arange(0, 6, 0.05) if p_above(effect) > 0.025)
    assert found.low == pytest.approx(low, abs=0.06)


def test_lotteries_keep_the_number_offered_in_every_block() -> None:
    arm = np.array([1, 0, 0, 1, 1, 1, 0, 0, 1, 0]) == 1
    blocks = np.array([0, 0, 1, 1, 1, 2, 1, 2, 2, 2])
    drawn = draw_again(arm, blocks, seed=3, draws=500)
    for block in range(3):
        assert (drawn[:, blocks == block].sum(axis=1) == arm[blocks == block].sum()).all()
    assert len(np.unique(drawn, axis=0)) == 2 * 6 * 6


def test_blocks_that_leave_nothing_to_draw_are_said() -> None:
    with pytest.raises(CannotTell) as told:
        rerandomized([1.0, 2, 3, 4], [1, 1, 0, 0], seed=1, blocks=[0, 1, 2, 3])
    assert told.value.code == "one_draw"


def test_the_lottery_p_agrees_with_its_interval() -> None:
    y, arm, _ = trial(5, 40)
    found = rerandomized(y, arm, seed=2)
    p = rerandomized_p(y, arm, seed=2)
    assert found.p == pytest.approx(p, abs=0.01)
    assert (p < 0.05) == (not found.holds_zero)


def test_under_80_hires_the_lottery_judges_and_from_80_on_hc3() -> None:
    y, arm, x = trial(6, 79)
    assert first_merge_difference(y, arm, seed=1, covariates=x).method == "rerandomized"
    y, arm, x = trial(6, 80)
    assert first_merge_difference(y, arm, seed=1, covariates=x).method == "lin_hc3"


def test_who_leaves_without_a_merge_counts_sixty_days() -> None:
    days = restricted_days([10, 30, 80, 61, 59], [1, 0, 1, 0, 0], [0, 1, 0, 0, 1])
    assert days.tolist() == [10, 60, 60, 60, 60]


def test_restricted_days_wait_for_whoever_is_not_there_yet() -> None:
    with pytest.raises(CannotTell) as told:
        restricted_days([10, 30], [1, 0], [0, 0])
    assert told.value.code == "not_mature"


def test_what_does_not_vary_or_has_one_arm_is_said() -> None:
    for y, arm, code in [
        (np.ones(8), [1, 0] * 4, "no_variation"),
        (np.arange(8.0), [1] * 8, "one_arm"),
    ]:
        with pytest.raises(CannotTell) as told:
            mean_difference(y, arm)
        assert told.value.code == code
