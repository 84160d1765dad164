"""A weekly time in one zone over many weeks, and how it moves on other people's clocks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Shift:
    """A meeting that is at another local time than the one before it.

    `index` counts from 0; `minutes` is how much later (or, below 0, earlier) it is by the local
    clock; `before` and `now` are local wall times.
    """

    index: int
    minutes: int
    before: datetime
    now: datetime


def moments(first_on: date, minute: int, zone: str, weeks: Sequence[int]) -> list[datetime]:
    """The UTC moments at a wall time so many weeks after a first day.

    A time in a gap moves forward by the gap, a repeated one is the first: the series keeps its
    wall time whatever the clocks do.
    """
    place = ZoneInfo(zone)
    wall = time(minute // 60, minute % 60)
    return [
        datetime.combine(first_on + timedelta(weeks=week), wall, place).astimezone(UTC)
        for week in weeks
    ]


def over_at(first_on: date, zone: str, days: int = 84) -> datetime:
    """The UTC moment at which so many local days are over, counted from the first day."""
    return datetime.combine(first_on + timedelta(days=days), time(), ZoneInfo(zone)).astimezone(UTC)


def shifts(meetings: Sequence[datetime], zone: str) -> list[Shift]:
    """The meetings whose local time differs from that of the meeting before."""
    place = ZoneInfo(zone)
    found: list[Shift] = []
    walls = [one.astimezone(place).replace(tzinfo=None) for one in meetings]
    for index in range(1, len(walls)):
        before, now = walls[index - 1], walls[index]
        weeks = round((now - before) / timedelta(weeks=1))
        moved = now - (before + timedelta(weeks=weeks))
        if moved:
            found.append(Shift(index, int(moved / timedelta(minutes=1)), before, now))
    return found
