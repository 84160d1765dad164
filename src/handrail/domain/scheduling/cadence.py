"""A rhythm of meetings: due days on a calendar, and the days on which people really meet.

Due days are counted from the first day and never drift: a meeting that moves past a holiday leaves
the next one where it was. Times are wall times of one zone, under the policy of `windows` at a
change of clocks: in a gap forward by it, the first of two.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Generic, TypeVar
from zoneinfo import ZoneInfo

from .windows import moment
from .zones import zones

Why = TypeVar("Why")

DAY = timedelta(days=1)
MOST_DAYS, MOST_WEEKS = 84, 12


class NotACadence(ValueError):
    """A rhythm that cannot be kept; `field` names what to mend."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(f"{field}: {message}")
        self.field = field


@dataclass(frozen=True, slots=True)
class Cadence:
    """Every `every` weeks on `weekdays` (0 is Monday), or without them every `every` days.

    `minute` is the wall time of the zone, in minutes after midnight, a multiple of 5. Raises
    NotACadence for a rhythm that nobody can keep.
    """

    zone: str
    minute: int
    every: int = 1
    weekdays: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        if self.zone not in zones():
            raise NotACadence("zone", "there is no such zone")
        if not 0 <= self.minute < 1440 or self.minute % 5:
            raise NotACadence("minute", "a time on five minutes between 00:00 and 23:55")
        if any(not 0 <= day <= 6 for day in self.weekdays) or self.weekdays != tuple(
            sorted(set(self.weekdays))
        ):
            raise NotACadence("weekdays", "days from 0 to 6, each once and in order")
        most = MOST_WEEKS if self.weekdays else MOST_DAYS
        if not 1 <= self.every <= most:
            raise NotACadence("every", f"a number from 1 to {most}")

    @property
    def a_week(self) -> int:
        """The most meetings that can fall into seven days."""
        return len(self.weekdays) or -(-7 // self.every)


@dataclass(frozen=True, slots=True)
class Meeting(Generic[Why]):
    """One due day: when people meet for it, or why they do not.

    `why` is what stood against the due day itself, also where the meeting moved.
    """

    due: date
    starts_at: datetime | None
    day: date | None = None
    why: Why | None = None

    @property
    def moved(self) -> bool:
        """Whether people meet on another day than the rhythm has it."""
        return self.day is not None and self.day != self.due


def due_days(cadence: Cadence, first: date, last: date) -> Iterator[date]:
    """The days of the rhythm from first to last, both included; weeks count from first's Monday."""
    if not cadence.weekdays:
        day = first
        while day <= last:
            yield day
            day += cadence.every * DAY
        return
    monday = first - first.weekday() * DAY
    while monday <= last:
        for weekday in cadence.weekdays:
            day = monday + weekday * DAY
            if first <= day <= last:
                yield day
        monday += 7 * cadence.every * DAY


def meetings(
    cadence: Cadence,
    first: date,
    last: date,
    blocked: Callable[[datetime], Why | None],
    *,
    since: date,
    until: date,
) -> list[Meeting[Why]]:
    """What comes of each due day in [since, until]; `blocked` says why a start will not do.

    A meeting whose day will not do moves to the next day that does, as long as that lies before the
    next due day and within the project: two meetings never change places and none falls on the
    day of another. Where no such day is left it is skipped, with what stood against its own day.
    """
    days = list(due_days(cadence, first, last))
    found: list[Meeting[Why]] = []
    for at, due in enumerate(days):
        if not since <= due <= until:
            continue
        end = days[at + 1] - DAY if at + 1 < len(days) else last
        found.append(_meeting(cadence, due, end, blocked))
    return found


def _meeting(
    cadence: Cadence, due: date, end: date, blocked: Callable[[datetime], Why | None]
) -> Meeting[Why]:
    first_why: Why | None = None
    day = due
    while day <= end:
        if there_is(cadence.zone, day):
            starts_at = moment(cadence.zone, day, cadence.minute)
            why = blocked(starts_at)
            if why is None:
                return Meeting(due, starts_at, day, first_why)
            first_why = why if first_why is None else first_why
        day += DAY
    return Meeting(due, None, None, first_why)


def there_is(zone: str, day: date) -> bool:
    """Whether the zone has this day at all: one that crossed the date line left one out."""
    return moment(zone, day, 720).astimezone(ZoneInfo(zone)).date() == day
