"""Free starts as bits: the same answers as going through every start by hand."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handrail.domain.scheduling import (
    Blocks,
    Hours,
    WeeklyRule,
    WhyNot,
    bits_of_span,
    cell_at,
    free_start_bits,
    start_of_cell,
    starts_mask,
    starts_of_bits,
    week_bits,
    why_not,
)
from handrail.domain.scheduling.grid import run_of

MONDAY = date(2027, 3, 1)
START = datetime(2027, 3, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@given(st.integers(0, 2**40 - 1), st.integers(1, 15))
def test_a_run_begins_where_enough_bits_follow(bits: int, length: int) -> None:
    by_hand = sum(
        1 << place for place in range(40) if all(bits >> place + n & 1 for n in range(length))
    )
    assert run_of(bits, length) == by_hand


@given(st.integers(0, 2**60 - 1), st.integers(0, 2**60 - 1), st.integers(1, 6), st.integers(0, 4))
def test_free_starts_lie_in_open_time_and_meet_nothing_taken(
    open_bits: int, taken: int, meeting: int, more: int
) -> None:
    occupied = meeting + more
    by_hand = sum(
        1 << place
        for place in range(60 - occupied + 1)
        if all(open_bits >> place + n & 1 for n in range(meeting))
        and not any(taken >> place + n & 1 for n in range(occupied))
    )
    assert free_start_bits(open_bits, taken, 60, meeting, occupied) == by_hand


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
    taken = 1 << (9 * 12 + 9)  # 09:45 to 09:50 on Monday
    hours = Hours("UTC", (WeeklyRule(0, 540, 660),))
    assert starts(week_bits(hours, MONDAY, taken=taken)) == ["Mon 09:00", "Mon 10:00", "Mon 10:30"]


def test_a_session_at_the_very_end_of_the_week_may_run_into_the_next() -> None:
    hours = Hours("UTC", (WeeklyRule(6, 1380, 1440),))
    assert starts(week_bits(hours, MONDAY)) == ["Sun 23:00", "Sun 23:30"]


spans = st.tuples(st.integers(0, 7 * 288 - 1), st.integers(1, 40)).map(
    lambda span: (START + 5 * span[0] * MINUTE, START + 5 * (span[0] + span[1]) * MINUTE)
)
rules = st.builds(
    WeeklyRule,
    weekday=st.integers(0, 6),
    from_min=st.integers(0, 287).map(lambda n: 5 * n),
    to_min=st.integers(0, 288).map(lambda n: 5 * n),
)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(rules, max_size=6),
    st.sampled_from(["UTC", "Europe/Berlin", "Asia/Kathmandu", "Pacific/Chatham"]),
    st.lists(spans, max_size=6),
    st.lists(spans, max_size=6),
)
def test_the_page_and_why_not_tell_the_same(
    weekly: list[WeeklyRule],
    zone: str,
    busy: list[tuple[datetime, datetime]],
    booked: list[tuple[datetime, datetime]],
) -> None:
    hours = Hours(zone, tuple(weekly))
    origin = cell_at(START)
    taken = 0
    for span in [*busy, *booked]:
        taken |= bits_of_span(*span, origin, 7 * 288 + 6, outward=True)
    week = week_bits(hours, MONDAY, taken=taken)
    blocks = Blocks(hours=hours, busy=busy, booked=booked)
    for slot in range(336):
        why = why_not(
            blocks,
            START + 30 * slot * MINUTE,
            now=START - timedelta(days=1),
            meeting=20 * MINUTE,
            occupied=30 * MINUTE,
            min_notice=timedelta(),
        )
        assert (why is None) is bool(week >> slot & 1), slot


@pytest.mark.parametrize(
    ("blocks", "at", "why"),
    [
        ({"paused": True}, 540, WhyNot.PAUSED),
        ({}, 20, WhyNot.NOTICE),
        ({}, 1015, WhyNot.HOURS),
        ({"busy": [(570, 575)]}, 545, WhyNot.BUSY),
        ({"booked": [(570, 600)]}, 545, WhyNot.BOOKED),
        ({"busy": [(575, 580)], "booked": [(575, 580)]}, 545, None),
        ({}, 1000, None),
    ],
)
def test_the_first_rule_that_is_broken_is_told(
    blocks: dict[str, object], at: int, why: WhyNot | None
) -> None:
    told = {
        name: [(START + a * MINUTE, START + b * MINUTE) for a, b in value]
        if isinstance(value, list)
        else value
        for name, value in blocks.items()
    }
    found = why_not(
        Blocks(hours=Hours.office("UTC", 540, 1020), **told),  # type: ignore[arg-type]
        START + at * MINUTE,
        now=START,
        meeting=20 * MINUTE,
        occupied=30 * MINUTE,
        min_notice=60 * MINUTE,
    )
    assert found == why
