"""A real calendar program, khal, reads what we send: an update replaces, a cancellation shows."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from handrail.integrations.calendar_mail import Address, CalendarEntry, Method
from handrail.integrations.calendar_mail.build import calendar_text, feed_text

CONFIG = """
[calendars]
[[work]]
path = {folder}/calendar
type = calendar
[locale]
timeformat = %H:%M
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%d %H:%M
longdatetimeformat = %Y-%m-%d %H:%M
local_timezone = {zone}
default_timezone = {zone}
[default]
default_calendar = work
[sqlite]
path = {folder}/khal.db
"""
BOB = Address("bob@northwind.example", "Bob")
REQUEST_0 = CalendarEntry(
    method=Method.REQUEST,
    uid="7d1@handrail",
    sequence=0,
    stamped_at=datetime(2027, 3, 1, 9, 0, tzinfo=UTC),
    starts_at=datetime(2027, 3, 15, 14, 0, tzinfo=UTC),
    ends_at=datetime(2027, 3, 15, 14, 20, tzinfo=UTC),
    timezone="America/New_York",
    summary="Alice and Bob",
    description="Objective: read the build log",
    url="https://handrail.example/sessions/1/",
    organizer=Address("mentoring@example.org", "Handrail"),
    attendees=(BOB,),
)
REQUEST_1 = replace(
    REQUEST_0,
    sequence=1,
    stamped_at=REQUEST_0.stamped_at + timedelta(hours=1),
    starts_at=REQUEST_0.starts_at + timedelta(days=1),
    ends_at=REQUEST_0.ends_at + timedelta(days=1),
)
CANCEL_2 = replace(
    REQUEST_1,
    method=Method.CANCEL,
    sequence=2,
    stamped_at=REQUEST_0.stamped_at + timedelta(hours=2),
)

Read = Callable[..., list[str]]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Import these entries one after the other; then list the calendar, seen from a zone."""

    def khal(*arguments: str) -> str:
        done = subprocess.run(
            [str(Path(sys.executable).parent / "khal"), "-c", str(tmp_path / "config"), *arguments],
            capture_output=True,
            text=True,
            check=True,
            env={"HOME": str(tmp_path), "LC_ALL": "C.UTF-8"},
        )
        return done.stdout

    def read(*entries: CalendarEntry | str, zone: str = "America/New_York") -> list[str]:
        (tmp_path / "calendar").mkdir()
        (tmp_path / "config").write_text(CONFIG.format(folder=tmp_path, zone=zone))
        for number, entry in enumerate(entries):
            path = tmp_path / f"{number}.ics"
            written = entry if isinstance(entry, str) else calendar_text(entry)
            path.write_text(written, newline="")
            khal("import", "--batch", "-a", "work", str(path))
        listed = khal(
            "list",
            "--day-format",
            "",
            "--format",
            "{start}|{end}|{title}|{status}",
            "2027-03-01",
            "2027-04-01",
        )
        return [line.strip() for line in listed.splitlines() if line.strip()]

    return read


@pytest.mark.nightly  # by day the update and the other zone show it
def test_a_request_is_shown_at_its_local_time(read: Read) -> None:
    assert read(REQUEST_0) == ["2027-03-15 10:00|2027-03-15 10:20|Alice and Bob|CONFIRMED"]


def test_between_the_changes_of_two_continents_the_time_is_right(read: Read) -> None:
    """On 15 March 2027 New York has changed its clocks and Berlin has not."""
    assert read(REQUEST_0, zone="Europe/Berlin") == [
        "2027-03-15 15:00|2027-03-15 15:20|Alice and Bob|CONFIRMED"
    ]


def test_m25_an_update_replaces_the_entry_in_a_real_calendar(read: Read) -> None:
    assert read(REQUEST_0, REQUEST_1) == [
        "2027-03-16 10:00|2027-03-16 10:20|Alice and Bob|CONFIRMED"
    ]


def test_m25_a_cancellation_shows_in_the_same_entry(read: Read) -> None:
    assert read(REQUEST_0, REQUEST_1, CANCEL_2) == [
        "2027-03-16 10:00|2027-03-16 10:20|Alice and Bob|CANCELLED"
    ]


@pytest.mark.nightly
def test_another_uid_would_be_a_second_entry(read: Read) -> None:
    """The control: the tests above see replacing because of the UID."""
    assert len(read(REQUEST_0, replace(REQUEST_1, uid="other@handrail"))) == 2


def test_a_feed_is_read_whole_and_its_newer_self_replaces_it(read: Read) -> None:
    other = replace(REQUEST_0, uid="7d2@handrail", starts_at=REQUEST_0.ends_at + timedelta(hours=1))
    other = replace(other, ends_at=other.starts_at + timedelta(minutes=20), summary="Alice and Cy")
    before, after = (
        feed_text([entry, other], name="Sessions", timezone="America/New_York", year=2027)
        for entry in (REQUEST_0, REQUEST_1)
    )
    assert read(before, after) == [
        "2027-03-15 11:20|2027-03-15 11:40|Alice and Cy|CONFIRMED",
        "2027-03-16 10:00|2027-03-16 10:20|Alice and Bob|CONFIRMED",
    ]
