"""The rules of a zone as written into an invitation, against hand-read dates and zoneinfo."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from dateutil.tz import tzical

from handrail.integrations.calendar_mail.zones import onsets, vtimezone

DST_LIST = [
    "America/New_York",
    "Europe/London",
    "Europe/Berlin",
    "Australia/Lord_Howe",
    "America/Havana",
    "America/Santiago",
    "America/Asuncion",
    "Asia/Beirut",
    "Africa/Cairo",
    "Africa/Casablanca",
    "Europe/Dublin",
    "Pacific/Chatham",
    "Asia/Kathmandu",
    "America/St_Johns",
    "America/Sao_Paulo",
]


def changes_of(zone: str, year: int) -> list[datetime]:
    return [onset.at for onset in onsets(zone, year) if onset.at.year == year]


@pytest.mark.parametrize(
    ("zone", "changes"),
    [
        # Hand-read from the published rules for 2027.
        (
            "Europe/Berlin",
            [datetime(2027, 3, 28, 1, tzinfo=UTC), datetime(2027, 10, 31, 1, tzinfo=UTC)],
        ),
        (
            "America/New_York",
            [datetime(2027, 3, 14, 7, tzinfo=UTC), datetime(2027, 11, 7, 6, tzinfo=UTC)],
        ),
        ("Asia/Kathmandu", []),
    ],
)
def test_changes_are_found_to_the_second(zone: str, changes: list[datetime]) -> None:
    assert changes_of(zone, 2027) == changes


def test_an_onset_is_stated_as_the_old_clock_shows_it() -> None:
    text = vtimezone("Europe/Berlin", 2027).to_ical().decode()
    assert "BEGIN:DAYLIGHT\r\nDTSTART:20270328T020000\r\n" in text
    assert "BEGIN:STANDARD\r\nDTSTART:20271031T030000\r\n" in text


def test_a_change_of_half_an_hour_is_kept() -> None:
    changes = [o for o in onsets("Australia/Lord_Howe", 2027) if o.at.year == 2027]
    assert {abs(change.after - change.before) for change in changes} == {timedelta(minutes=30)}


@pytest.mark.parametrize("zone", DST_LIST)
def test_another_reader_gets_the_offsets_of_zoneinfo(zone: str) -> None:
    calendar = f"BEGIN:VCALENDAR\r\n{vtimezone(zone, 2027).to_ical().decode()}END:VCALENDAR\r\n"
    read = tzical(io.StringIO(calendar)).get(zone)
    start = datetime(2027, 1, 1, tzinfo=UTC)
    wrong = [
        local
        for hours in range(0, 365 * 24, 3)
        if (local := (start + timedelta(hours=hours)).astimezone(ZoneInfo(zone)))
        and local.replace(tzinfo=read).utcoffset() != local.utcoffset()
    ]
    assert wrong == []
