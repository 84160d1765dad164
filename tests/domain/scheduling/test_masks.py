"""What stands in the way of a start: told in order, and the same to the page and to a booking."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handrail.domain.scheduling import (
    Asked,
    DatedRule,
    Diary,
    Giving,
    Holiday,
    Hours,
    NotHours,
    Span,
    Taken,
    WeeklyRule,
    WhyNot,
    cell_at,
    free_bits,
    masks,
    start_of_cell,
    why_not,
    windows,
)

MONDAY = datetime(2027, 3, 1, tzinfo=UTC)
ORIGIN = cell_at(MONDAY)
DAY = date(2027, 3, 1)
MINUTE = timedelta(minutes=1)
NINE_TO_FIVE = Hours.office("UTC", 540, 1020)


def at(minute: int) -> datetime:
    return MONDAY + minute * MINUTE


def span(from_min: int, to_min: int, source: str = "work") -> Span:
    return Span(at(from_min), at(to_min), source)


def booked(from_min: int, to_min: int, buffer: int = 5) -> list[Taken]:
    first, last = ORIGIN + from_min // 5, ORIGIN + to_min // 5
    return [Taken(first, last), Taken(last, last + buffer // 5, buffer=True)]


def told(diary: Diary, minute: int, **more: Any) -> tuple[str, str] | None:
    """Why a session of 20 minutes cannot start so many minutes after Monday's midnight."""
    asked = Asked(ORIGIN + minute // 5, 1, **{"now": at(-1440), **more})
    mask = why_not(diary, asked, asked.origin)
    return (mask.why.value, mask.name) if mask else None


@pytest.mark.parametrize(
    ("facts", "minute", "why"),
    [
        ({}, 540, None),
        ({"paused_until": at(545)}, 540, ("paused", "")),
        ({"paused_until": at(540)}, 540, None),
        ({}, 535, ("hours", "")),
        ({}, 1000, None),  # the last that ends with the day; artifact and buffer run over
        ({}, 1005, ("hours", "")),
        ({"busy": [span(560, 561)]}, 540, ("busy", "work")),
        ({"busy": [span(563, 564)]}, 540, ("busy", "work")),  # in the artifact's minutes
        ({"busy": [span(567, 568)]}, 540, ("buffer", "")),
        ({"busy": [span(570, 600)]}, 540, None),
        ({"busy": [span(500, 541)]}, 540, ("busy", "work")),
        ({"busy": [span(500, 540)]}, 540, None),
        ({"busy": [span(500, 540)], "buffer_before": 5}, 540, ("buffer", "")),
        ({"busy": [span(500, 535)], "buffer_before": 5}, 540, None),
        ({"busy": [span(0, 540, "a"), span(541, 600, "b")]}, 540, ("busy", "b")),
        ({"taken": booked(500, 545)}, 540, ("booked", "")),
        ({"taken": booked(500, 540)}, 540, ("buffer", "")),
        ({"taken": booked(500, 535)}, 540, None),
        # Buffers stack: ten minutes after the one and ten before the other are twenty.
        ({"taken": booked(500, 525, 10), "buffer_before": 10}, 540, ("buffer", "")),
        ({"taken": booked(500, 520, 10), "buffer_before": 10}, 540, None),
        ({"taken": booked(570, 600), "buffer_after": 0}, 545, None),
        ({"taken": booked(570, 600), "buffer_after": 5}, 545, ("buffer", "")),
        ({"taken": booked(600, 620), "buffer_after": 40}, 540, ("buffer", "")),
    ],
)
def test_the_reason_that_stands_in_the_way(
    facts: dict[str, Any], minute: int, why: tuple[str, str] | None
) -> None:
    assert told(Diary(NINE_TO_FIVE, **facts), minute) == why


def test_notice_is_the_longer_of_the_programs_and_the_mentors() -> None:
    mentor = Diary(NINE_TO_FIVE, giving=Giving(60, notice=120))
    assert told(mentor, 540, now=at(420)) is None
    assert told(mentor, 540, now=at(421)) == ("notice", "")
    assert told(mentor, 540, now=at(420), notice=180) == ("notice", "")
    assert told(Diary(NINE_TO_FIVE), 540, now=at(500)) is None
    assert told(Diary(NINE_TO_FIVE), 540, now=at(541)) == ("notice", "")


def test_minutes_and_sessions_are_counted_in_the_mentors_own_weeks_and_days() -> None:
    """Monday 08:00 in Auckland is Sunday in UTC: it spends the new week there."""
    hours = Hours("Pacific/Auckland", tuple(WeeklyRule(day, 0, 1440) for day in range(7)))
    early = at(-5 * 60)  # Monday 08:00 there
    diary = Diary(hours, giving=Giving(40, given=((early, 20),)))
    assert told(diary, 120) is None
    full = replace(diary, giving=Giving(39, given=((early, 20),)))
    assert told(full, 120) == ("minutes", "")
    assert told(full, 120, minutes=25) == ("minutes", "")
    assert told(full, -14 * 60) is None  # Sunday 23:00 there
    assert told(replace(full, giving=Giving(19)), 120) == ("minutes", "")
    capped = replace(diary, giving=Giving(400, daily_cap=2, given=((early, 20), (at(0), 20))))
    assert told(capped, 120) == ("cap", "")
    assert told(capped, 12 * 60) is None  # Tuesday 01:00 there
    assert told(diary, 120, daily_cap=1) == ("cap", "")
    assert told(capped, 120, daily_cap=9) == ("cap", "")


def test_closed_hours_and_holidays_are_told_apart() -> None:
    weekly = (*NINE_TO_FIVE.weekly, WeeklyRule(0, 720, 780, available=False))
    hours = replace(NINE_TO_FIVE, weekly=weekly)
    assert told(Diary(hours), 705) == ("closed", "")
    assert told(Diary(hours), 780) is None
    off = replace(hours, holidays=(Holiday(DAY, "Rest day"),))
    assert told(Diary(off), 780) == ("holiday", "Rest day")
    assert told(Diary(off), 780 + 1440) is None


def test_hours_of_one_day_stand_for_all_that_the_week_says_but_not_for_everybodys_days() -> None:
    weekly = (*NINE_TO_FIVE.weekly, WeeklyRule(0, 720, 780, available=False))
    own = (DatedRule(DAY, 700, 800),)
    hours = Hours("UTC", weekly, own, (Holiday(DAY, "Rest day"),))
    assert told(Diary(hours), 740) is None
    assert told(Diary(hours), 900) == ("hours", "")
    all_off = replace(hours, holidays=(Holiday(DAY, "Our day", for_all=True),))
    assert told(Diary(all_off), 740) == ("holiday", "Our day")
    shut = replace(hours, dated=(*own, DatedRule(DAY, 730, 760, available=False)))
    assert told(Diary(shut), 740) == ("closed", "")
    assert [f"{w.start:%H:%M}-{w.end:%H:%M}" for w in windows(shut, at(0), at(1440))] == [
        "11:40-12:10",
        "12:40-13:20",
    ]


def test_the_reasons_come_in_their_order() -> None:
    diary = Diary(
        Hours(
            "UTC",
            (*NINE_TO_FIVE.weekly, WeeklyRule(0, 600, 700, available=False)),
            holidays=(Holiday(DAY, "Rest day"),),
        ),
        paused_until=at(1440),
        busy=[span(0, 1440)],
        taken=booked(0, 1440),
        giving=Giving(0, daily_cap=1, given=((at(0), 20),)),
    )
    asked = Asked(ORIGIN, 288, now=at(1440))
    assert [mask.why for mask in masks(diary, asked)] == list(WhyNot)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ((0, 0, 1500), "to_min"),  # a rule of 25 hours
        ((0, 1440, 60), "from_min"),
        ((0, -5, 60), "from_min"),
        ((0, 540, 541), "to_min"),
        ((0, 540, 540), "to_min"),
        ((7, 540, 600), "weekday"),
    ],
)
def test_what_no_day_has_is_refused_by_the_field(wrong: tuple[int, int, int], field: str) -> None:
    with pytest.raises(NotHours) as refused:
        WeeklyRule(*wrong)
    assert refused.value.field == field


times = st.integers(0, 287).map(lambda n: 5 * n)
rules = st.builds(
    lambda weekday, from_min, length, available: WeeklyRule(
        weekday, from_min, (from_min + length) % 1440 or 1440, available=available
    ),
    st.integers(0, 6),
    times,
    st.integers(1, 287).map(lambda n: 5 * n),
    st.sampled_from([True, True, False]),
)
minutes = st.integers(-200, 2 * 1440)
busy_spans = st.builds(
    lambda start, length, source: span(start, start + length, source),
    minutes,
    st.integers(1, 300),
    st.sampled_from("ab"),
)
taken_spans = st.builds(
    lambda cell, n, b: Taken(ORIGIN + cell, ORIGIN + cell + n, b),
    st.integers(-20, 570),
    st.integers(1, 9),
    st.booleans(),
)
diaries = st.builds(
    Diary,
    hours=st.builds(
        lambda zone, weekly, off: Hours(zone, tuple(weekly), (), tuple(off)),
        st.sampled_from(["UTC", "Asia/Kathmandu", "Pacific/Auckland", "America/St_Johns"]),
        st.lists(rules, max_size=6),
        st.lists(st.builds(Holiday, st.just(DAY), st.just("h")), max_size=1),
    ),
    paused_until=st.none() | minutes.map(at),
    busy=st.lists(busy_spans, max_size=5),
    taken=st.lists(taken_spans, max_size=5),
    buffer_before=st.sampled_from([0, 5, 15]),
    buffer_after=st.sampled_from([0, 5, 20]),
    giving=st.none()
    | st.builds(
        Giving,
        st.sampled_from([0, 20, 40, 90]),
        st.integers(0, 2),
        st.sampled_from([0, 60]),
        st.lists(st.tuples(minutes.map(lambda m: at(m - m % 5)), st.just(20)), max_size=4).map(
            tuple
        ),
    ),
)


def by_hand(diary: Diary, start: datetime, now: datetime) -> WhyNot | None:
    """The reasons gone through with plain moments, one start at a time."""
    zone = ZoneInfo(diary.hours.zone)
    done = start + 25 * MINUTE
    opens = start - diary.buffer_before * MINUTE
    shuts = done + diary.buffer_after * MINUTE
    inside = [start + n * 5 * MINUTE for n in range(4)]

    def covers(rule: WeeklyRule, moment: datetime) -> bool:
        wall = moment.astimezone(zone)
        minute, weekday = wall.hour * 60 + wall.minute, wall.weekday()
        if rule.to_min > rule.from_min:
            return weekday == rule.weekday and rule.from_min <= minute < rule.to_min
        return (weekday == rule.weekday and minute >= rule.from_min) or (
            (weekday - 1) % 7 == rule.weekday and minute < rule.to_min
        )

    def meets(spans: list[tuple[datetime, datetime]], a: datetime, b: datetime) -> bool:
        return any(one < b and other > a for one, other in spans)

    busy = [(s - timedelta(minutes=s.minute % 5), e) for s, e, _source in diary.busy]
    own = [(start_of_cell(a), start_of_cell(b)) for a, b, buffer in diary.taken if not buffer]
    kept = [(start_of_cell(a), start_of_cell(b)) for a, b, buffer in diary.taken if buffer]
    giving = diary.giving
    if diary.paused_until is not None and start < diary.paused_until:
        return WhyNot.PAUSED
    if start < now + (giving.notice if giving else 0) * MINUTE:
        return WhyNot.NOTICE
    open_rules = [rule for rule in diary.hours.weekly if rule.available]
    closed_rules = [rule for rule in diary.hours.weekly if not rule.available]
    if not all(any(covers(rule, moment) for rule in open_rules) for moment in inside):
        return WhyNot.HOURS
    if diary.hours.holidays and any(m.astimezone(zone).date() == DAY for m in inside):
        return WhyNot.HOLIDAY
    if any(covers(rule, moment) for rule in closed_rules for moment in inside):
        return WhyNot.CLOSED
    if meets(busy, start, done):
        return WhyNot.BUSY
    if meets(own, start, done):
        return WhyNot.BOOKED
    if meets(busy + own + kept, opens, shuts):
        return WhyNot.BUFFER
    if giving is None:
        return None
    day = start.astimezone(zone).date()
    days = [(given.astimezone(zone).date(), length) for given, length in giving.given]
    week = [length for other, length in days if other.isocalendar()[:2] == day.isocalendar()[:2]]
    if sum(week) + 20 > giving.minutes_per_week:
        return WhyNot.MINUTES
    if giving.daily_cap and sum(other == day for other, _length in days) >= giving.daily_cap:
        return WhyNot.CAP
    return None


@settings(max_examples=80, deadline=None)
@given(diaries, minutes)
def test_page_booking_and_reason_are_what_going_by_hand_finds(diary: Diary, now: int) -> None:
    size = 2 * 288
    page = Asked(ORIGIN, size, now=at(now))
    free = free_bits(diary, page)
    for place in range(0, size, 7):
        start = start_of_cell(ORIGIN + place)
        expected = by_hand(diary, start, at(now))
        assert bool(free >> place & 1) is (expected is None), start
        on_page = why_not(diary, page, ORIGIN + place)
        booking = why_not(diary, Asked(ORIGIN + place, 1, now=at(now)), ORIGIN + place)
        assert (on_page.why if on_page else None) == expected, start
        assert (booking.why if booking else None) == expected, start
