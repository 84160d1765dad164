"""Kaplan-Meier against the published 6-MP trial, lifelines and hand calculation."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from lifelines import KaplanMeierFitter
from lifelines.datasets import load_leukemia, load_rossi, load_waltons
from lifelines.utils import median_survival_times

from handrail.domain.evidence.survival import kaplan_meier

# Freireich et al., Blood 21 (1963): weeks in remission; True is a relapse.
SIX_MP = [
    (6, True), (6, True), (6, True), (6, False), (7, True), (9, False), (10, True),
    (10, False), (11, False), (13, True), (16, True), (17, False), (19, False), (20, False),
    (22, True), (23, True), (25, False), (32, False), (32, False), (34, False), (35, False),
]  # fmt: skip
PLACEBO = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23]


def six_mp_curve() -> Any:
    return kaplan_meier([weeks for weeks, _ in SIX_MP], [hit for _, hit in SIX_MP])


def test_six_mp_share_at_ten_weeks_is_the_published_one() -> None:
    at_10 = next(step for step in six_mp_curve().steps if step.day == 10)
    assert at_10.share == pytest.approx(0.753, abs=5e-4)
    assert at_10.error == pytest.approx(0.0963, abs=5e-5)


def test_six_mp_median_is_23_weeks() -> None:
    assert six_mp_curve().median().value == 23


def test_placebo_median_is_8_weeks() -> None:
    assert kaplan_meier(PLACEBO, [True] * 21).median().value == 8


def test_the_bundled_leukemia_set_gives_the_same_curve() -> None:
    bundled = load_leukemia()
    treated = bundled[bundled["Rx"] == 0]
    curve = kaplan_meier(
        [int(week) for week in treated["t"]], [bool(hit) for hit in treated["status"]]
    )
    assert curve == six_mp_curve()


def oracle_sets() -> list[Any]:
    rossi, waltons = load_rossi(), load_waltons()
    return [
        pytest.param(rossi["week"].tolist(), rossi["arrest"].tolist(), id="rossi"),
        pytest.param(waltons["T"].astype(int).tolist(), waltons["E"].tolist(), id="waltons"),
        pytest.param(
            waltons["T"][waltons["group"] == "miR-137"].astype(int).tolist(),
            waltons["E"][waltons["group"] == "miR-137"].tolist(),
            id="waltons-group",
        ),
        pytest.param([0, 0, 0, 1, 1, 2, 5, 5, 9, 9], [1, 1, 0, 1, 0, 0, 1, 1, 0, 0], id="day-0"),
    ]


@pytest.mark.parametrize(("days", "hits"), oracle_sets())
def test_curve_and_band_agree_with_lifelines(days: list[int], hits: list[int]) -> None:
    curve = kaplan_meier(days, [bool(hit) for hit in hits])
    fitter = KaplanMeierFitter().fit(days, hits)
    for step in curve.steps:
        assert step.share == pytest.approx(fitter.predict(step.day), abs=1e-12)
        if step.low is not None and step.high is not None:
            row = fitter.confidence_interval_.loc[float(step.day)]
            assert step.low == pytest.approx(row.iloc[0], abs=1e-9)
            assert step.high == pytest.approx(row.iloc[1], abs=1e-9)
        table = fitter.event_table.loc[float(step.day)]
        assert (step.at_risk, step.events, step.censored) == (
            table["at_risk"], table["observed"], table["censored"]
        )  # fmt: skip


@pytest.mark.parametrize(("days", "hits"), oracle_sets()[1:3])
def test_median_and_its_interval_agree_with_lifelines(days: list[int], hits: list[int]) -> None:
    fitter = KaplanMeierFitter().fit(days, hits)
    interval = median_survival_times(fitter.confidence_interval_)
    median = kaplan_meier(days, [bool(hit) for hit in hits]).median()
    assert median.value == fitter.median_survival_time_
    assert (median.low, median.high) == (interval.iloc[0, 0], interval.iloc[0, 1])


def test_on_a_tie_the_event_comes_before_the_censoring() -> None:
    curve = kaplan_meier([3, 3], [True, False])
    assert curve.at(3).value == 0.5


def test_nobody_gives_an_empty_curve_that_cannot_tell() -> None:
    curve = kaplan_meier([], [])
    assert curve.steps == ()
    assert curve.at(0).value is None
    assert curve.median().value is None


def test_all_censored_stays_at_one_without_a_median() -> None:
    curve = kaplan_meier([4, 6], [False, False])
    assert [step.share for step in curve.steps] == [1.0, 1.0]
    assert curve.at(5).value == 1.0
    assert curve.median() == type(curve.median())(None, None, None)


def test_before_the_first_step_everybody_is_without_it() -> None:
    assert kaplan_meier([4, 6], [True, True]).at(3).value == 1.0


def test_after_the_last_follow_up_it_cannot_be_told() -> None:
    curve = kaplan_meier([1, 4], [True, False])
    assert curve.at(4).value == 0.5
    assert curve.at(5).value is None


def test_after_everybody_had_the_event_the_share_stays_zero() -> None:
    curve = kaplan_meier([1, 4], [True, True])
    assert curve.at(100).value == 0.0
    assert (curve.steps[-1].low, curve.steps[-1].high) == (None, None)


def test_one_person_with_the_event_has_a_median_but_no_interval() -> None:
    median = kaplan_meier([5], [True]).median()
    assert (median.value, median.low, median.high) == (5, None, None)


def test_events_on_day_0_count_from_day_0() -> None:
    assert kaplan_meier([0, 0, 3, 3], [True, True, False, False]).at(0).value == 0.5


def test_a_half_reached_but_for_rounding_is_the_median() -> None:
    # 23/24 * 22/23 * ... * 12/13 is one half; in floating point it is 0.5000000000000001.
    days = list(range(1, 25))
    assert kaplan_meier(days, [True] * 24).median().value == 12


def test_the_order_of_people_does_not_matter() -> None:
    rows = [(2, True), (2, False), (5, True)]
    curves = {
        kaplan_meier([day for day, _ in order], [hit for _, hit in order]).steps
        for order in itertools.permutations(rows)
    }
    assert len(curves) == 1


def test_a_negative_duration_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        kaplan_meier([-1], [True])


def test_unequal_lengths_are_refused() -> None:
    with pytest.raises(ValueError, match="2 durations, but 1 marks"):
        kaplan_meier([1, 2], [True])
