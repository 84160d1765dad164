"""Time to the target task: small cases by hand, then the example team read independently."""

from __future__ import annotations

import csv
from datetime import date, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from handrail.domain.evidence.first_task import Newcomer, time_to_task

EXAMPLE = Path(__file__).parents[3] / "examples" / "remote-team-a"
START = date(2026, 1, 1)
CUT = date(2026, 1, 31)


def on(day: int) -> date:
    return START + timedelta(days=day)


def test_days_run_from_the_start_to_the_task() -> None:
    found = time_to_task([Newcomer(START, on(4))], cut=CUT)
    assert (found.people, found.reached, found.not_there_yet) == (1, 1, 0)
    assert found.median.value == 4


def test_m16_who_is_not_there_yet_is_censored_at_the_cut_never_dropped() -> None:
    found = time_to_task([Newcomer(START, on(4)), Newcomer(START, None)], cut=CUT)
    assert (found.people, found.reached, found.not_there_yet) == (2, 1, 1)
    assert [(step.day, step.censored) for step in found.curve.steps] == [(4, 0), (30, 1)]


def test_a_task_after_the_cut_is_not_known_yet() -> None:
    found = time_to_task([Newcomer(START, on(31))], cut=CUT)
    assert (found.reached, found.curve.steps[-1].day) == (0, 30)


def test_a_leaver_without_the_task_is_censored_on_the_last_day() -> None:
    found = time_to_task([Newcomer(START, None, left=on(9))], cut=CUT)
    assert (found.not_there_yet, found.left_without) == (1, 1)
    assert found.curve.steps[-1].day == 9


def test_a_leaving_after_the_cut_stays_invisible() -> None:
    found = time_to_task([Newcomer(START, None, left=on(31))], cut=CUT)
    assert (found.left_without, found.curve.steps[-1].day) == (0, 30)


def test_a_task_one_day_after_leaving_counts() -> None:
    assert time_to_task([Newcomer(START, on(10), left=on(9))], cut=CUT).reached == 1


def test_a_task_two_days_after_leaving_does_not_count() -> None:
    assert time_to_task([Newcomer(START, on(11), left=on(9))], cut=CUT).reached == 0


def test_one_day_before_the_start_counts_as_day_0() -> None:
    assert time_to_task([Newcomer(START, on(-1))], cut=CUT).median.value == 0


def test_two_days_before_the_start_is_refused() -> None:
    with pytest.raises(ValueError, match="before the start"):
        time_to_task([Newcomer(START, on(-2))], cut=CUT)


def test_who_starts_after_the_cut_is_not_in_it() -> None:
    assert time_to_task([Newcomer(on(31), None)], cut=CUT).people == 0


def test_follow_up_counts_those_whose_day_60_lies_at_or_before_the_cut() -> None:
    people = [Newcomer(CUT - timedelta(days=days), None) for days in (59, 60, 61)]
    found = time_to_task(people, cut=CUT)
    assert (found.followed, found.not_yet_followed) == (2, 1)


def test_fewer_than_half_there_gives_no_median() -> None:
    people = [Newcomer(START, on(4)), Newcomer(START, None), Newcomer(START, None)]
    assert time_to_task(people, cut=CUT).median.value is None


def test_nobody_gives_nothing_to_tell() -> None:
    found = time_to_task([], cut=CUT)
    assert (found.people, found.median.value) == (0, None)


BASELINE_CUT = date(2026, 2, 1)


def example_newcomers() -> list[Newcomer]:
    """The example's 44 newcomers, read with nothing but the csv module."""
    with (EXAMPLE / "people.csv").open() as file:
        people = {row["person_id"]: row for row in csv.DictReader(file)}
    first: dict[str, datetime] = {}
    with (EXAMPLE / "merges.csv").open() as file:
        for row in csv.DictReader(file):
            merged = datetime.fromisoformat(row["merged_at"])
            first[row["person_id"]] = min(first.get(row["person_id"], merged), merged)
    return [
        Newcomer(
            date.fromisoformat(row["start_date"]),
            first[key].astimezone(ZoneInfo(row["timezone"])).date() if key in first else None,
        )
        for key, row in people.items()
        if row["role"] == "mentee"
    ]


def test_example_baseline_has_44_newcomers_of_whom_36_merged_by_the_cut() -> None:
    found = time_to_task(example_newcomers(), cut=BASELINE_CUT)
    assert (found.people, found.reached, found.not_there_yet) == (44, 36, 8)


def test_example_baseline_curve_agrees_with_a_product_of_fractions() -> None:
    newcomers = example_newcomers()
    share = Fraction(1)
    median = None
    by_day = {}
    waits = [
        ((min(n.reached or BASELINE_CUT, BASELINE_CUT) - n.start).days,
         n.reached is not None and n.reached <= BASELINE_CUT)
        for n in newcomers
    ]  # fmt: skip
    for day in range(200):
        at_risk = sum(wait >= day for wait, _ in waits)
        events = sum(wait == day and hit for wait, hit in waits)
        if events:
            share *= Fraction(at_risk - events, at_risk)
            by_day[day] = share
        if median is None and share <= Fraction(1, 2):
            median = day
    found = time_to_task(newcomers, cut=BASELINE_CUT)
    got = {step.day: step.share for step in found.curve.steps if step.events}
    assert got == pytest.approx({day: float(value) for day, value in by_day.items()})
    assert found.median.value == median


def test_m16_the_examples_median_with_its_n_is_7_days_and_anything_from_3_to_13() -> None:
    median = time_to_task(example_newcomers(), cut=BASELINE_CUT).median
    assert (median.value, median.low, median.high) == (7, 3, 13)


def test_example_baseline_follows_26_newcomers_for_60_days() -> None:
    # Begun by 2025-12-03.
    found = time_to_task(example_newcomers(), cut=BASELINE_CUT)
    assert (found.followed, found.not_yet_followed) == (26, 18)
