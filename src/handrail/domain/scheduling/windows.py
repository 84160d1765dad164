"""Wall-time rules to UTC windows.

Policy at a change of clocks: a time in a gap moves forward by the gap; a repeated time is the
first one; ends follow the same rule, so a window is the real time between its ends, and one whose
end is not after its start is empty. A day that a zone skipped has no windows.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from .hours import MINUTES_A_DAY, DatedRule, Hours, WeeklyRule


@dataclass(frozen=True, slots=True, order=True)
class Window:
    """Open from one UTC moment to another."""

    start: datetime
    end: datetime


@lru_cache(maxsize=200_000)
def moment(zone: str, day: date, minute: int) -> datetime:
    """The UTC moment of a local wall time, minute 0 to 2,880 after the day's midnight."""
    on = day + timedelta(days=minute // MINUTES_A_DAY)
    hour, minutes = divmod(minute % MINUTES_A_DAY, 60)
    # fold=0 is the policy: before the change in a gap (so forward by it), the first of two.
    return datetime.combine(on, time(hour, minutes), ZoneInfo(zone)).astimezone(UTC)


@lru_cache(maxsize=50_000)
def _exists(zone: str, day: date) -> bool:
    return moment(zone, day, 720).astimezone(ZoneInfo(zone)).date() == day


def windows(hours: Hours, start: datetime, end: datetime) -> list[Window]:
    """The open windows that touch [start, end), merged and in order; both moments are aware."""
    found: list[Window] = []
    closed: list[Window] = []
    # A day either side: zones reach 14 hours, and a window may cross midnight.
    day = start.astimezone(UTC).date() - timedelta(days=2)
    last = end.astimezone(UTC).date() + timedelta(days=1)
    while day <= last:
        dated = [rule for rule in hours.dated if rule.day == day]
        opened = [rule for rule in dated if rule.available]
        weekly = [] if opened else [r for r in hours.weekly if r.weekday == day.weekday()]
        rules: list[DatedRule | WeeklyRule] = [*opened, *weekly]
        for rule in rules:
            _add(found, rule.zone or hours.zone, day, rule.from_min, rule.to_min)
        for shut in dated:
            if not shut.available:
                _add(closed, shut.zone or hours.zone, day, shut.from_min, shut.to_min)
        day += timedelta(days=1)
    return [
        window
        for window in _without(_merged(found), closed)
        if window.end > start and window.start < end
    ]


def _add(into: list[Window], zone: str, day: date, from_min: int, to_min: int) -> None:
    if not _exists(zone, day):
        return
    if to_min <= from_min:
        to_min += MINUTES_A_DAY
    window = Window(moment(zone, day, from_min), moment(zone, day, to_min))
    if window.end > window.start:
        into.append(window)


def _merged(found: list[Window]) -> list[Window]:
    merged: list[Window] = []
    for window in sorted(found):
        if merged and window.start <= merged[-1].end:
            merged[-1] = Window(merged[-1].start, max(merged[-1].end, window.end))
        else:
            merged.append(window)
    return merged


def _without(found: list[Window], closed: list[Window]) -> list[Window]:
    for gap in closed:
        kept: list[Window] = []
        for window in found:
            if gap.end <= window.start or gap.start >= window.end:
                kept.append(window)
                continue
            if gap.start > window.start:
                kept.append(Window(window.start, gap.start))
            if gap.end < window.end:
                kept.append(Window(gap.end, window.end))
        found = kept
    return found
