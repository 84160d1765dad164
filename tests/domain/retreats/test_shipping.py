"""A parcel that leaves on the last day arrives in time; one that leaves a day later does not."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handrail.domain.retreats import is_working_day, ship_by

DAYS = st.dates(date(2025, 1, 1), date(2027, 12, 31))


@pytest.mark.parametrize(
    ("needed_on", "working_days", "expected"),
    [
        (date(2026, 2, 12), 3, date(2026, 2, 9)),  # Thursday back to Monday
        (date(2026, 2, 10), 3, date(2026, 2, 5)),  # Tuesday over a weekend to Thursday
        (date(2026, 2, 15), 1, date(2026, 2, 12)),  # Sunday: there on Friday, off on Thursday
        (date(2026, 2, 11), 0, date(2026, 2, 11)),
        (date(2026, 2, 14), 0, date(2026, 2, 13)),
    ],
)
def test_m23_the_ship_by_day_counts_working_days_back(
    needed_on: date, working_days: int, expected: date
) -> None:
    assert ship_by(needed_on, working_days) == expected


def test_m23_a_holiday_where_it_goes_to_is_no_working_day() -> None:
    # Thursday 2 April 2026 back over Easter: 3 and 6 April are closed.
    easter = {date(2026, 4, 3), date(2026, 4, 6)}
    assert ship_by(date(2026, 4, 8), 2, easter) == date(2026, 4, 2)


def _arrives(leaves: date, working_days: int, closed: frozenset[date]) -> date:
    """What the carrier does: one working day after the other, forwards."""
    day = leaves
    for _each in range(working_days):
        day += timedelta(days=1)
        while not is_working_day(day, closed):
            day += timedelta(days=1)
    return day


@given(DAYS, st.integers(0, 15), st.frozensets(DAYS, max_size=6))
def test_m23_the_last_day_is_in_time_and_the_next_working_day_is_not(
    needed_on: date, working_days: int, closed: frozenset[date]
) -> None:
    leaves = ship_by(needed_on, working_days, closed)
    assert is_working_day(leaves, closed)
    assert _arrives(leaves, working_days, closed) <= needed_on
    later = _arrives(leaves, 1, closed)
    assert _arrives(later, working_days, closed) > needed_on


def test_what_cannot_be_counted_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        ship_by(date(2026, 2, 12), -1)
    closed = {date(2026, 1, 1) + timedelta(days=n) for n in range(60)}
    with pytest.raises(ValueError, match="month"):
        ship_by(date(2026, 2, 12), 1, closed)
