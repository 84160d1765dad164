"""The rhythm of check-ins: due days, holidays of either person, zones, clock changes, the end."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handrail.domain.scheduling import Cadence, Meeting, NotACadence, due_days, meetings

DAY = timedelta(days=1)
MONDAYS = Cadence("Europe/Berlin", 10 * 60, 1, (0,))


def free(_start: datetime) -> str | None:
    return None


def shut(
    *days: date, zone: str = "Europe/Berlin", why: str = "holiday"
) -> Callable[[datetime], str | None]:
    """A calendar on which these local days are closed."""
    return lambda start: why if start.astimezone(ZoneInfo(zone)).date() in days else None


def told(found: list[Meeting[str]]) -> list[str]:
    return [
        f"{one.due:%d %b} {one.starts_at:%d %b %H:%M}" if one.starts_at else f"{one.due:%d %b} -"
        for one in found
    ]


@pytest.mark.parametrize(
    ("cadence", "days"),
    [
        (MONDAYS, ["01", "08", "15", "22", "29"]),
        (Cadence("UTC", 600, 2, (0,)), ["01", "15", "29"]),
        (Cadence("UTC", 600, 10), ["01", "11", "21", "31"]),
        (Cadence("UTC", 600, 1, (1, 4)), ["02", "05", "09", "12", "16", "19", "23", "26", "30"]),
        (Cadence("UTC", 600, 3, (0, 2)), ["01", "03", "22", "24"]),
    ],
)
def test_m05_a_rhythm_is_counted_from_the_first_day(cadence: Cadence, days: list[str]) -> None:
    found = due_days(cadence, date(2027, 3, 1), date(2027, 3, 31))
    assert [f"{day:%d}" for day in found] == days


def test_m05_weeks_count_from_the_week_in_which_a_project_starts() -> None:
    # It starts on a Wednesday; its fortnight of Mondays is that of the week it began in.
    biweekly = Cadence("UTC", 600, 2, (0,))
    assert list(due_days(biweekly, date(2027, 3, 3), date(2027, 4, 1))) == [
        date(2027, 3, 15),
        date(2027, 3, 29),
    ]


def test_m05_check_ins_keep_their_wall_time_and_move_past_holidays() -> None:
    # 28 March: clocks go forward in Berlin. 5 April 2027 is no holiday here, the 22nd and 23rd are.
    found = meetings(
        MONDAYS,
        date(2027, 3, 15),
        date(2027, 4, 5),
        shut(date(2027, 3, 22), date(2027, 3, 23)),
        since=date(2027, 3, 15),
        until=date(2027, 4, 30),
    )
    assert told(found) == [
        "15 Mar 15 Mar 09:00",
        "22 Mar 24 Mar 09:00",
        "29 Mar 29 Mar 08:00",
        "05 Apr 05 Apr 08:00",
    ]
    assert [one.why for one in found] == [None, "holiday", None, None]


def test_m05_one_that_cannot_move_is_skipped_with_its_reason_and_the_rhythm_stays() -> None:
    fortnight = [date(2027, 3, 8) + n * DAY for n in range(7)]
    found = meetings(
        MONDAYS,
        date(2027, 3, 1),
        date(2027, 3, 15),
        shut(*fortnight, why="holiday of both"),
        since=date(2027, 3, 1),
        until=date(2027, 3, 15),
    )
    assert told(found) == ["01 Mar 01 Mar 09:00", "08 Mar -", "15 Mar 15 Mar 09:00"]
    assert found[1].why == "holiday of both"


def test_m05_nothing_moves_beyond_the_end_of_the_project() -> None:
    found = meetings(
        MONDAYS,
        date(2027, 3, 1),
        date(2027, 3, 9),
        shut(date(2027, 3, 8), date(2027, 3, 9)),
        since=date(2027, 3, 1),
        until=date(2027, 12, 31),
    )
    assert told(found) == ["01 Mar 01 Mar 09:00", "08 Mar -"]


@pytest.mark.parametrize(
    ("zone", "minute", "day", "starts"),
    [
        ("America/New_York", 150, date(2027, 3, 14), "2027-03-14T07:30"),  # gap: 03:30
        ("America/New_York", 90, date(2027, 11, 7), "2027-11-07T05:30"),  # the first one
        ("Europe/Berlin", 150, date(2027, 3, 28), "2027-03-28T01:30"),  # gap: 03:30
        ("Europe/Berlin", 150, date(2027, 10, 31), "2027-10-31T00:30"),
        ("Australia/Lord_Howe", 135, date(2027, 10, 3), "2027-10-02T15:45"),
        ("Asia/Kathmandu", 600, date(2027, 3, 14), "2027-03-14T04:15"),
    ],
)
def test_m05_a_time_that_is_not_there_or_twice_follows_the_policy(
    zone: str, minute: int, day: date, starts: str
) -> None:
    (only,) = meetings(Cadence(zone, minute, 84), day, day, free, since=day, until=day)
    assert only.starts_at == datetime.fromisoformat(starts).replace(tzinfo=UTC)


def test_m05_a_day_that_a_zone_left_out_is_passed_over() -> None:
    (only,) = meetings(
        Cadence("Pacific/Apia", 600, 84),
        date(2011, 12, 30),
        date(2012, 1, 5),
        free,
        since=date(2011, 12, 1),
        until=date(2012, 1, 31),
    )
    assert (only.day, only.starts_at) == (
        date(2011, 12, 31),
        datetime(2011, 12, 30, 20, 0, tzinfo=UTC),
    )


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("zone", {"zone": "Europe/Atlantis"}),
        ("minute", {"minute": 603}),
        ("minute", {"minute": 1440}),
        ("every", {"every": 0}),
        ("every", {"every": 13, "weekdays": (0,)}),
        ("weekdays", {"weekdays": (7,)}),
        ("weekdays", {"weekdays": (2, 2)}),
    ],
)
def test_a_rhythm_that_nobody_can_keep_names_its_field(
    field: str, values: dict[str, object]
) -> None:
    with pytest.raises(NotACadence) as refused:
        Cadence(**{"zone": "UTC", "minute": 600, **values})  # type: ignore[arg-type]
    assert refused.value.field == field


ZONES = ("America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kathmandu")


@settings(max_examples=25, deadline=None)
@given(
    zone=st.sampled_from(ZONES),
    minute=st.integers(0, 287),
    every=st.integers(1, 3),
    weekdays=st.sets(st.integers(0, 6)),
    first=st.dates(date(2027, 2, 20), date(2027, 4, 10)),
    length=st.integers(0, 60),
    closed=st.sets(st.integers(0, 60), max_size=30),
    since=st.integers(-5, 70),
    span=st.integers(0, 40),
)
def test_m05_equal_to_a_day_by_day_count(
    zone: str,
    minute: int,
    every: int,
    weekdays: set[int],
    first: date,
    length: int,
    closed: set[int],
    since: int,
    span: int,
) -> None:
    """Every day of the project is looked at by itself, without weeks, steps or UTC arithmetic."""
    last = first + length * DAY
    shut_days = {first + n * DAY for n in closed}
    from_, until = first + since * DAY, first + (since + span) * DAY

    def is_due(day: date) -> bool:
        if not weekdays:
            return (day - first).days % every == 0
        weeks = (day.toordinal() - 1) // 7 - (first.toordinal() - 1) // 7
        return day.weekday() in weekdays and weeks % every == 0

    expected: list[tuple[date, date | None]] = []
    for n in range(length + 1):
        day = first + n * DAY
        if is_due(day):
            expected.append((day, None))
        if expected and expected[-1][1] is None and day not in shut_days:
            expected[-1] = (expected[-1][0], day)
    found = meetings(
        Cadence(zone, minute * 5, every, tuple(sorted(weekdays))),
        first,
        last,
        shut(*shut_days, zone=zone),
        since=from_,
        until=until,
    )
    assert [(one.due, one.day) for one in found] == [
        pair for pair in expected if from_ <= pair[0] <= until
    ]
    starts = [one.starts_at for one in found if one.starts_at]
    assert starts == sorted(set(starts))
    for one in found:
        if one.day is None or one.starts_at is None:
            continue
        wall = datetime.combine(one.day, datetime.min.time()) + timedelta(minutes=minute * 5)
        same = _moments(zone, wall)
        # The first moment whose clock shows the time; in a gap the one that the gap puts off.
        assert one.starts_at == (same[0] if same else _after_gap(zone, wall))


def _moments(zone: str, wall: datetime) -> list[datetime]:
    """Every moment at which the zone's clocks show this time, found by looking at all of them."""
    around = (wall.replace(tzinfo=UTC) + timedelta(minutes=5 * n) for n in range(-180, 181))
    return [at for at in around if at.astimezone(ZoneInfo(zone)).replace(tzinfo=None) == wall]


def _after_gap(zone: str, wall: datetime) -> datetime:
    """What the clock would have shown, had it not been put forward."""
    before = wall - timedelta(hours=1, minutes=30)
    return _moments(zone, before)[0] + timedelta(hours=1, minutes=30)
