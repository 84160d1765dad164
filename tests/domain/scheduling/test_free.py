"""Free starts as bits: the same answers as going through every start by hand."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handrail.domain.scheduling import (
    Diary,
    Hours,
    Span,
    WeeklyRule,
    bits_of_span,
    cell_at,
    start_of_cell,
    starts_mask,
    starts_of_bits,
    week_bits,
)
from handrail.domain.scheduling.grid import reach_of, run_of

MONDAY = date(2027, 3, 1)
START = datetime(2027, 3, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@given(st.integers(0, 2**40 - 1), st.integers(1, 15))
def test_a_run_begins_where_enough_bits_follow(bits: int, length: int) -> None:
    by_hand = sum(
        1 << place for place in range(40) if all(bits >> place + n & 1 for n in range(length))
    )
    assert run_of(bits, length) == by_hand


@given(st.integers(0, 2**40 - 1), st.integers(1, 15))
def test_a_reach_begins_where_a_bit_follows_soon(bits: int, length: int) -> None:
    by_hand = sum(
        1 << place for place in range(40) if any(bits >> place + n & 1 for n in range(length))
    )
    assert reach_of(bits, length) == by_hand


@given(st.integers(0, 2**700 - 1), st.integers(0, 400))
def test_every_set_bit_is_listed_once_and_in_order(bits: int, offset: int) -> None:
    origin = cell_at(START) + offset
    by_hand = [start_of_cell(origin + n) for n in range(700) if bits >> n & 1]
    assert list(starts_of_bits(bits, origin)) == by_hand


def test_what_is_busy_rounds_outwards_and_what_is_open_inwards() -> None:
    origin = cell_at(START)
    span = (START + 7 * MINUTE, START + 18 * MINUTE)
    assert bits_of_span(*span, origin, 12, outward=True) == 0b1110
    assert bits_of_span(*span, origin, 12, outward=False) == 0b0100
    assert bits_of_span(START - 9 * MINUTE, START - 4 * MINUTE, origin, 12, outward=True) == 0


def test_starts_lie_on_the_utc_grid_wherever_the_origin_is() -> None:
    origin = cell_at(START) + 1
    starts = starts_of_bits(starts_mask(origin, 20, 30), origin)
    assert [f"{one:%H:%M}" for one in starts] == ["00:30", "01:00", "01:30"]


@pytest.mark.parametrize(
    ("zone", "day", "starts"),
    [
        ("Asia/Kathmandu", date(2027, 3, 1), "00:15 00:45 01:15 01:45"),
        ("Australia/Adelaide", date(2027, 3, 1), "00:00 00:30 01:00 01:30"),
        ("Pacific/Chatham", date(2027, 4, 3), "00:15 00:45 01:15 01:45"),
        ("Australia/Lord_Howe", date(2027, 4, 3), "00:00 00:30 01:00 01:30"),
        ("Africa/Monrovia", date(1971, 3, 1), "00:15 00:45 01:15 01:45"),  # 00:14:30 is no cell
    ],
)
def test_starts_lie_on_the_full_and_half_hours_of_a_zone(zone: str, day: date, starts: str) -> None:
    origin = cell_at(datetime.combine(day, datetime.min.time(), UTC))
    found = list(starts_of_bits(starts_mask(origin, 2 * 288, 30, zone), origin))
    assert " ".join(f"{one:%H:%M}" for one in found[:4]) == starts
    assert len(found) == 96


def test_a_grid_follows_an_offset_that_changes_by_a_quarter() -> None:
    """Nepal went from +05:30 to +05:45 at the start of 1986."""
    origin = cell_at(datetime(1985, 12, 31, 17, 0, tzinfo=UTC))
    found = list(starts_of_bits(starts_mask(origin, 24, 30, "Asia/Kathmandu"), origin))
    assert " ".join(f"{one:%H:%M}" for one in found) == "17:00 17:30 18:00 18:45"


def test_a_cell_starts_where_it_is() -> None:
    assert start_of_cell(cell_at(START + 13 * MINUTE)) == START + 10 * MINUTE
    assert start_of_cell(cell_at(START + 13 * MINUTE, up=True)) == START + 15 * MINUTE


def starts(bits: int) -> list[str]:
    return [f"{START + 30 * n * MINUTE:%a %H:%M}" for n in range(336) if bits >> n & 1]


def test_a_week_of_two_hours_has_four_starts_a_day() -> None:
    """The last one at 10:30: its 20 minutes are inside, artifact and buffer run over."""
    found = starts(week_bits(Hours.office("UTC", 540, 655), MONDAY))
    assert found[:4] == ["Mon 09:00", "Mon 09:30", "Mon 10:00", "Mon 10:30"]
    assert len(found) == 20


def test_hours_off_the_half_hour_start_on_the_next_one() -> None:
    found = starts(week_bits(Hours.office("Asia/Kathmandu", 540, 645), MONDAY))
    # 09:00 to 10:45 there is 03:15 to 05:00.
    assert found[:3] == ["Mon 03:30", "Mon 04:00", "Mon 04:30"]


def test_taken_cells_take_every_start_that_would_reach_into_them() -> None:
    busy = Span(START + 585 * MINUTE, START + 590 * MINUTE)
    hours = Hours("UTC", (WeeklyRule(0, 540, 660),))
    found = starts(week_bits(Diary(hours, busy=[busy]), MONDAY))
    assert found == [
        "Mon 09:00",
        "Mon 10:00",
        "Mon 10:30",
    ]


def test_a_session_at_the_very_end_of_the_week_may_run_into_the_next() -> None:
    hours = Hours("UTC", (WeeklyRule(6, 1380, 1440),))
    assert starts(week_bits(hours, MONDAY)) == ["Sun 23:00", "Sun 23:30"]


def test_sessions_with_longer_buffers_lie_further_apart_in_a_plan() -> None:
    """25 minutes and 20 of buffers take two half hours: any two starts of the plan go together."""
    hours = Hours("UTC", (WeeklyRule(0, 540, 720),))
    diary = Diary(hours, buffer_before=10, buffer_after=10)
    assert starts(week_bits(diary, MONDAY)) == ["Mon 09:00", "Mon 10:00", "Mon 11:00"]
