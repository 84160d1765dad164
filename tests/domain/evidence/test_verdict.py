"""Verdicts exactly as the table has them, and the levels at which they are given."""

from __future__ import annotations

import math

import pytest

from handrail.domain.evidence.effect import CannotTell, Effect
from handrail.domain.evidence.levels import holm, planned_levels
from handrail.domain.evidence.money import worth
from handrail.domain.evidence.verdict import (
    Claim,
    NoClaim,
    Unit,
    Verdict,
    check_claim,
    of_time,
    verdict,
)

CLAIM = 0.15


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (0.01, 0.20, Verdict.CONSISTENT),
        (0.01, 0.15, Verdict.CONSISTENT),  # U >= C
        (0.16, 0.20, Verdict.CONSISTENT),
        (0.01, 0.149, Verdict.SMALLER),
        (0.0, 0.14, Verdict.REFUTED),  # L <= 0
        (-0.05, 0.0, Verdict.REFUTED),  # 0 <= U
        (-0.05, -0.001, Verdict.HARMFUL),
        (-0.05, 0.15, Verdict.CANNOT_TELL),
        (0.0, 0.2, Verdict.CANNOT_TELL),
        (None, 0.2, Verdict.CANNOT_TELL),
        (None, None, Verdict.CANNOT_TELL),
        (0.01, None, Verdict.CONSISTENT),
        (None, 0.1, Verdict.REFUTED),
    ],
)
def test_the_verdict_is_that_of_the_table(
    low: float | None, high: float | None, words: Verdict
) -> None:
    assert verdict(low, high, CLAIM) is words


def test_an_effect_that_holm_does_not_keep_is_not_above_nought() -> None:
    assert verdict(0.01, 0.2, CLAIM, stands=False) is Verdict.CANNOT_TELL
    assert verdict(0.01, 0.1, CLAIM, stands=False) is Verdict.REFUTED


def test_without_a_lottery_it_is_an_association_whatever_the_figures() -> None:
    for low, high in [(0.1, 0.2), (-0.2, -0.1), (-1, 1)]:
        assert verdict(low, high, CLAIM, randomised=False) is Verdict.ASSOCIATION


def test_a_percentage_is_judged_on_the_time_ratio() -> None:
    def ratio(low: float, high: float) -> Effect:
        return Effect(0.0, math.log(low), math.log(high), 0.95, "log_normal_aft")

    assert of_time(ratio(0.55, 0.90), 0.40) is Verdict.CONSISTENT
    assert of_time(ratio(0.65, 0.90), 0.40) is Verdict.SMALLER
    assert of_time(ratio(0.65, 1.10), 0.40) is Verdict.REFUTED
    assert of_time(ratio(1.05, 1.60), 0.40) is Verdict.HARMFUL
    assert of_time(ratio(0.50, 1.10), 0.40) is Verdict.CANNOT_TELL


@pytest.mark.parametrize(
    ("claim", "baseline", "code"),
    [
        (Claim(0.15, Unit.POINTS, 180), 0.90, "claim_above_100"),
        (Claim(0.15, Unit.POINTS, 180), None, "claim_without_baseline"),
        (Claim(1.0, Unit.TIME, 60), 20.0, "claim_above_100"),
        (Claim(-0.1, Unit.POINTS, 180), 0.5, "claim_not_positive"),
    ],
)
def test_a_claim_that_cannot_be_judged_is_refused(
    claim: Claim, baseline: float | None, code: str
) -> None:
    with pytest.raises(NoClaim) as told:
        check_claim(claim, baseline=baseline)
    assert told.value.code == code
    check_claim(Claim(0.15, Unit.POINTS, 180), baseline=0.85)


def test_weekly_looks_cost_a_fifth_and_two_measures_share() -> None:
    assert planned_levels(("a",), looks=False)["a"].confidence == 0.95
    watched = planned_levels(("a",), looks=True)["a"]
    assert (watched.looks, watched.confidence) == (pytest.approx(0.01), pytest.approx(0.96))
    both = planned_levels(("a", "b"), looks=True, split={"a": 0.03, "b": 0.02})
    assert sum(level.looks + level.final for level in both.values()) == pytest.approx(0.05)
    with pytest.raises(ValueError, match="add up"):
        planned_levels(("a", "b"), looks=True, split={"a": 0.03, "b": 0.03})
    with pytest.raises(ValueError, match="nothing to split"):
        planned_levels(("a",), looks=False, split={"a": 0.05})
    with pytest.raises(ValueError, match="One or two"):
        planned_levels(("a", "b", "c"), looks=True)


def test_holm_by_hand() -> None:
    assert holm({"a": 0.024, "b": 0.049}) == {"a": True, "b": True}
    assert holm({"a": 0.026, "b": 0.049}) == {"a": False, "b": False}
    assert holm({"a": 0.01, "b": 0.06}) == {"a": True, "b": False}
    with pytest.raises(ValueError, match="0 to 1"):
        holm({"a": math.nan})


def effect(low: float, high: float) -> Effect:
    return Effect((low + high) / 2, low, high, 0.95, "newcombe")


def test_money_is_a_range_and_never_one_figure() -> None:
    found = worth(effect(0.04, 0.16), people=100, unit_value=(10_000, 10_000), cost=(0, 0), seed=1)
    assert found.low == pytest.approx(40_000, rel=0.03)
    assert found.high == pytest.approx(160_000, rel=0.03)
    dear = worth(
        effect(0.04, 0.16), people=100, unit_value=(5_000, 20_000), cost=(60_000, 80_000), seed=1
    )
    assert dear.loss_possible
    assert dear.high - dear.low > found.high - found.low


def test_must_refuse_money_when_the_interval_holds_nought() -> None:
    with pytest.raises(CannotTell) as told:
        worth(effect(-0.01, 0.1), people=100, unit_value=(1, 2), cost=(0, 0), seed=1)
    assert told.value.code == "money_interval_holds_zero"
    with pytest.raises(ValueError, match="below its end"):
        worth(effect(0.01, 0.1), people=100, unit_value=(3, 2), cost=(0, 0), seed=1)
