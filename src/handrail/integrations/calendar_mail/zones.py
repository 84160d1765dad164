"""A zone's rules around one year, written out as a VTIMEZONE (RFC 5545, 3.6.5).

icalendar 7 can write one too, but states each onset in the new offset where the standard asks for
the old one: its clocks would change an hour late.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import icalendar

# No zone has had two changes within twelve hours.
STEP = timedelta(hours=12)
RESOLUTION = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Onset:
    """From `at` (UTC) on, the clocks run `after` ahead of UTC; `before` they ran otherwise."""

    at: datetime
    before: timedelta
    after: timedelta
    name: str
    is_daylight: bool


@lru_cache(maxsize=256)
def onsets(zone_name: str, year: int) -> tuple[Onset, ...]:
    """What holds at the start of the year before, and every change until the end of the next."""
    zone = ZoneInfo(zone_name)
    at, end = datetime(year - 1, 1, 1, tzinfo=UTC), datetime(year + 2, 1, 1, tzinfo=UTC)
    found = [_onset(zone, at, _offset(zone, at))]
    while at < end:
        later = at + STEP
        if _rules(zone, at) != _rules(zone, later):
            found.append(_onset(zone, _first_change(zone, at, later), _offset(zone, at)))
        at = later
    return tuple(found)


def vtimezone(zone_name: str, year: int) -> icalendar.Timezone:
    """The component that times with TZID=`zone_name` in and around this year refer to."""
    component = icalendar.Timezone()
    component.add("tzid", zone_name)
    for onset in onsets(zone_name, year):
        kind = icalendar.TimezoneDaylight if onset.is_daylight else icalendar.TimezoneStandard
        part = kind()
        # The moment of change as the old clock shows it.
        part.add("dtstart", (onset.at + onset.before).replace(tzinfo=None))
        part.add("tzoffsetfrom", onset.before)
        part.add("tzoffsetto", onset.after)
        part.add("tzname", onset.name)
        component.add_component(part)
    return component


def _first_change(zone: ZoneInfo, low: datetime, high: datetime) -> datetime:
    """The first second at which other rules hold than at `low`; `high` is after it."""
    while high - low > RESOLUTION:
        middle = low + timedelta(seconds=(high - low) // RESOLUTION // 2)
        if _rules(zone, middle) == _rules(zone, low):
            low = middle
        else:
            high = middle
    return high


def _onset(zone: ZoneInfo, at: datetime, before: timedelta) -> Onset:
    local = at.astimezone(zone)
    return Onset(at, before, _offset(zone, at), local.tzname() or "", bool(local.dst()))


def _rules(zone: ZoneInfo, at: datetime) -> tuple[timedelta, str | None]:
    return _offset(zone, at), at.astimezone(zone).tzname()


def _offset(zone: ZoneInfo, at: datetime) -> timedelta:
    offset = at.astimezone(zone).utcoffset()
    assert offset is not None
    return offset
