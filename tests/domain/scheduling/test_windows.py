"""Wall time to UTC on the days on which clocks change, by hand and against another library."""

from __future__ import annotations

import os
import time as clock
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

import pytest
from whenever import PlainDateTime

from handrail.domain.scheduling import DatedRule, Hours, WeeklyRule, Window, windows
from handrail.domain.scheduling.windows import moment

EVERY_DAY = range(7)
ZONES = (
    "Africa/Cairo",
    "Africa/Casablanca",
    "America/Asuncion",
    "America/Havana",
    "America/New_York",
    "America/Santiago",
    "America/Sao_Paulo",
    "America/St_Johns",
    "Asia/Beirut",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Europe/Berlin",
    "Europe/Dublin",
    "Europe/London",
    "Pacific/Apia",
    "Pacific/Chatham",
)
RULES = {"13:00-18:00": (780, 1080), "00:00-04:00": (0, 240), "20:00-24:00": (1200, 1440)}
RULES |= {"22:00-06:00": (1320, 360), "02:30-03:15": (150, 195)}


def always(zone: str, from_min: int, to_min: int) -> Hours:
    return Hours(zone, tuple(WeeklyRule(day, from_min, to_min) for day in EVERY_DAY))


def on(zone: str, day: str, rule: str) -> list[str]:
    """The windows that begin on a local day, as UTC text."""
    local = date.fromisoformat(day)
    only = Hours(zone, (WeeklyRule(local.weekday(), *RULES[rule]),))
    around = datetime.combine(local, time(), UTC)
    found = windows(only, around - timedelta(days=2), around + timedelta(days=3))
    return [f"{one.start:%d %H:%M} to {one.end:%d %H:%M}" for one in found]


@pytest.mark.parametrize(
    ("zone", "day", "rule", "utc"),
    [
        # Clocks go forward at 02:00: afternoon hours move by one in UTC, the night is short.
        ("America/New_York", "2027-03-13", "13:00-18:00", "13 18:00 to 13 23:00"),
        ("America/New_York", "2027-03-14", "13:00-18:00", "14 17:00 to 14 22:00"),
        ("America/New_York", "2027-03-14", "00:00-04:00", "14 05:00 to 14 08:00"),
        ("America/New_York", "2027-11-07", "00:00-04:00", "07 04:00 to 07 09:00"),
        ("Europe/London", "2027-03-28", "13:00-18:00", "28 12:00 to 28 17:00"),
        ("Europe/Berlin", "2027-03-28", "00:00-04:00", "27 23:00 to 28 02:00"),
        ("Europe/Berlin", "2027-10-31", "00:00-04:00", "30 22:00 to 31 03:00"),
        ("Europe/Berlin", "2027-10-30", "22:00-06:00", "30 20:00 to 31 05:00"),
        # Half an hour only.
        ("Australia/Lord_Howe", "2027-04-04", "00:00-04:00", "03 13:00 to 03 17:30"),
        ("Australia/Lord_Howe", "2027-10-03", "00:00-04:00", "02 13:30 to 02 17:00"),
        # At midnight: it is in the gap, or there twice.
        ("America/Havana", "2027-03-14", "00:00-04:00", "14 05:00 to 14 08:00"),
        ("America/Havana", "2027-11-07", "00:00-04:00", "07 04:00 to 07 09:00"),
        ("America/Santiago", "2027-09-05", "00:00-04:00", "05 04:00 to 05 07:00"),
        ("America/Santiago", "2027-04-03", "20:00-24:00", "03 23:00 to 04 04:00"),
        ("Asia/Beirut", "2027-03-28", "00:00-04:00", "27 22:00 to 28 01:00"),
        ("Africa/Cairo", "2027-04-30", "00:00-04:00", "29 22:00 to 30 01:00"),
        ("Africa/Cairo", "2027-10-28", "20:00-24:00", "28 17:00 to 28 22:00"),
        # Winter time in Ramadan; winter as the exception.
        ("Africa/Casablanca", "2027-02-07", "00:00-04:00", "06 23:00 to 07 04:00"),
        ("Europe/Dublin", "2027-03-28", "13:00-18:00", "28 12:00 to 28 17:00"),
        # Quarters of an hour; no change any more.
        ("Pacific/Chatham", "2027-04-04", "00:00-04:00", "03 10:15 to 03 15:15"),
        ("Asia/Kathmandu", "2027-03-28", "13:00-18:00", "28 07:15 to 28 12:15"),
        ("America/St_Johns", "2027-03-14", "13:00-18:00", "14 15:30 to 14 20:30"),
        ("America/Sao_Paulo", "2027-10-17", "00:00-04:00", "17 03:00 to 17 07:00"),
        ("America/Asuncion", "2027-03-28", "00:00-04:00", "28 03:00 to 28 07:00"),
    ],
)
def test_a_day_on_which_clocks_change(zone: str, day: str, rule: str, utc: str) -> None:
    assert on(zone, day, rule) == [utc]


def test_a_window_inside_a_gap_is_empty() -> None:
    assert on("Europe/Berlin", "2027-03-28", "02:30-03:15") == []
    assert on("Europe/Berlin", "2027-03-29", "02:30-03:15") == ["29 00:30 to 29 01:15"]


def test_a_day_that_a_zone_skipped_has_no_windows() -> None:
    assert on("Pacific/Apia", "2011-12-30", "13:00-18:00") == []
    assert on("Pacific/Apia", "2011-12-29", "13:00-18:00") == ["29 23:00 to 30 04:00"]
    assert on("Pacific/Apia", "2011-12-31", "13:00-18:00") == ["30 23:00 to 31 04:00"]


def test_between_the_changes_of_america_and_europe_people_share_another_hour() -> None:
    def shared(day: str) -> timedelta:
        start = datetime.combine(date.fromisoformat(day), time(), UTC)
        (one,) = windows(always("America/New_York", 540, 1020), start, start + timedelta(hours=24))[
            -1:
        ]
        (other,) = [
            window
            for window in windows(always("Europe/Berlin", 540, 1020), start, start + timedelta(1))
            if window.start >= start
        ]
        return min(one.end, other.end) - max(one.start, other.start)

    assert shared("2027-03-08") == timedelta(hours=2)
    assert shared("2027-03-15") == timedelta(hours=3)
    assert shared("2027-03-29") == timedelta(hours=2)
    assert shared("2027-11-01") == timedelta(hours=3)
    assert shared("2027-11-08") == timedelta(hours=2)


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("rule", RULES)
def test_a_whole_year_agrees_with_another_library(zone: str, rule: str) -> None:
    from_min, to_min = RULES[rule]
    found = windows(
        always(zone, from_min, to_min),
        datetime(2027, 1, 1, tzinfo=UTC),
        datetime(2028, 1, 1, tzinfo=UTC),
    )
    expected = []
    day = date(2026, 12, 30)
    while day <= date(2028, 1, 1):
        after = to_min if to_min > from_min else to_min + 1440
        start, end = other_library(zone, day, from_min), other_library(zone, day, after)
        if end > start and end > datetime(2027, 1, 1, tzinfo=UTC):
            expected.append(Window(start, end))
        day += timedelta(days=1)
    assert found == [one for one in expected if one.start < datetime(2028, 1, 1, tzinfo=UTC)]


def other_library(zone: str, day: date, minute: int) -> datetime:
    at = datetime.combine(day, time()) + timedelta(minutes=minute)
    plain = PlainDateTime(at.year, at.month, at.day, at.hour, at.minute)
    return plain.assume_tz(zone, disambiguation="compatible").to_instant().to_stdlib()


@pytest.fixture(params=["UTC", "America/New_York", "Asia/Kathmandu"])
def process_zone(request: pytest.FixtureRequest) -> Iterator[str]:
    before = os.environ.get("TZ")
    os.environ["TZ"] = request.param
    clock.tzset()
    moment.cache_clear()
    yield request.param
    os.environ.pop("TZ") if before is None else os.environ.update(TZ=before)
    clock.tzset()
    moment.cache_clear()


def test_the_zone_of_the_process_does_not_matter(process_zone: str) -> None:
    assert on("Europe/Berlin", "2027-10-31", "00:00-04:00") == ["30 22:00 to 31 03:00"]
    assert on("America/New_York", "2027-03-14", "13:00-18:00") == ["14 17:00 to 14 22:00"]


WEEK = (datetime(2027, 3, 1, tzinfo=UTC), datetime(2027, 3, 8, tzinfo=UTC))


def spans(hours: Hours) -> list[str]:
    return [f"{one.start:%a %H:%M}-{one.end:%a %H:%M}" for one in windows(hours, *WEEK)]


def test_office_hours_are_monday_to_friday() -> None:
    assert spans(Hours.office("UTC", 540, 1020)) == [
        f"{day} 09:00-{day} 17:00" for day in ("Mon", "Tue", "Wed", "Thu", "Fri")
    ]


def test_windows_that_touch_are_one() -> None:
    hours = Hours(
        "UTC", (WeeklyRule(0, 540, 720), WeeklyRule(0, 720, 900), WeeklyRule(0, 840, 960))
    )
    assert spans(hours) == ["Mon 09:00-Mon 16:00"]


def test_a_dated_rule_takes_the_place_of_the_days_weekly_ones() -> None:
    hours = Hours(
        "UTC",
        (WeeklyRule(0, 540, 1020), WeeklyRule(1, 540, 1020)),
        (DatedRule(date(2027, 3, 1), 600, 660),),
    )
    assert spans(hours) == ["Mon 10:00-Mon 11:00", "Tue 09:00-Tue 17:00"]


def test_a_closed_span_is_cut_out() -> None:
    hours = Hours(
        "UTC",
        (WeeklyRule(0, 540, 1020), WeeklyRule(1, 540, 1020)),
        (
            DatedRule(date(2027, 3, 1), 720, 780, available=False),
            DatedRule(date(2027, 3, 2), 0, 1440, available=False),
        ),
    )
    assert spans(hours) == ["Mon 09:00-Mon 12:00", "Mon 13:00-Mon 17:00"]


def test_a_rule_may_have_a_zone_of_its_own() -> None:
    hours = Hours("UTC", (WeeklyRule(0, 540, 1020, "Asia/Kolkata"),))
    assert spans(hours) == ["Mon 03:30-Mon 11:30"]
