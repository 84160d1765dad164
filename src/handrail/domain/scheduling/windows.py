"""Wall-time rules to UTC windows.

Policy at a change of clocks: a time in a gap moves forward by the gap; a repeated time is the
first one; ends follow the same rule, so a window is the real time between its ends, and one whose
end is not after its start is empty. A day that a zone skipped has no windows.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import chain
from zoneinfo import ZoneInfo

from .hours import MINUTES_A_DAY, DatedRule, Hours, WeeklyRule

EPOCH_DAY = date(1970, 1, 1).toordinal()
SECONDS_A_DAY = 86_400
Seconds = tuple[int, int]  # from and to, in seconds since 1970


@dataclass(frozen=True, slots=True, order=True)
class Window:
    """Open from one UTC moment to another."""

    start: datetime
    end: datetime


@dataclass(slots=True)
class Opening:
    """A person's time as their rules have it: what is open, what is cut out of it, holidays."""

    opened: list[Seconds] = field(default_factory=list)
    closed: list[Seconds] = field(default_factory=list)
    holidays: dict[str, list[Seconds]] = field(default_factory=dict)


@lru_cache(maxsize=200_000)
def moment(zone: str, day: date, minute: int) -> datetime:
    """The UTC moment of a local wall time, minute 0 to 2,880 after the day's midnight."""
    on = day + timedelta(days=minute // MINUTES_A_DAY)
    hour, minutes = divmod(minute % MINUTES_A_DAY, 60)
    # fold=0 is the policy: before the change in a gap (so forward by it), the first of two.
    return datetime.combine(on, time(hour, minutes), ZoneInfo(zone)).astimezone(UTC)


@lru_cache(maxsize=200_000)
def span_of(zone: str, ordinal: int, from_min: int, to_min: int) -> Seconds | None:
    """The real time of a rule on one local day (`date.toordinal`); None where it has none."""
    day = date.fromordinal(ordinal)
    if moment(zone, day, 720).astimezone(ZoneInfo(zone)).date() != day:
        return None
    if to_min <= from_min:
        to_min += MINUTES_A_DAY
    start = int(moment(zone, day, from_min).timestamp())
    end = int(moment(zone, day, to_min).timestamp())
    return (start, end) if end > start else None


def midnight(zone: str, ordinal: int) -> int:
    """The second since 1970 at which a local day (`date.toordinal`) starts."""
    return int(moment(zone, date.fromordinal(ordinal), 0).timestamp())


def opening(hours: Hours, start: int, end: int) -> Opening:
    """What the rules say of [start, end), in seconds since 1970; spans may reach beyond."""
    found = Opening()
    # A day either side: zones reach 14 hours, and a window may cross midnight.
    first = start // SECONDS_A_DAY + EPOCH_DAY - 2
    last = (end - 1) // SECONDS_A_DAY + EPOCH_DAY + 1
    weekly: dict[int, list[WeeklyRule]] = defaultdict(list)
    for weekly_rule in hours.weekly:
        weekly[weekly_rule.weekday].append(weekly_rule)
    dated: dict[int, list[DatedRule]] = defaultdict(list)
    for dated_rule in hours.dated:
        dated[dated_rule.day.toordinal()].append(dated_rule)
    for ordinal in range(first, last + 1):
        on_day = dated.get(ordinal, [])
        # Hours that somebody sets for one day stand for all that their week says of it.
        own = any(rule.available for rule in on_day)
        of_week = [] if own else weekly.get((ordinal + 6) % 7, [])
        rules: list[DatedRule | WeeklyRule] = [*on_day, *of_week]
        for rule in rules:
            span = span_of(rule.zone or hours.zone, ordinal, rule.from_min, rule.to_min)
            if span is not None and span[1] > start and span[0] < end:
                (found.opened if rule.available else found.closed).append(span)
    for holiday in hours.holidays:
        ordinal = holiday.day.toordinal()
        on_day = dated.get(ordinal, [])
        if not holiday.for_all and any(rule.available for rule in on_day):
            continue
        span = span_of(hours.zone, ordinal, 0, MINUTES_A_DAY)
        if span is not None and span[1] > start and span[0] < end:
            found.holidays.setdefault(holiday.name, []).append(span)
    return found


def windows(hours: Hours, start: datetime, end: datetime) -> list[Window]:
    """The open windows that touch [start, end), merged and in order; both moments are aware."""
    told = opening(hours, int(start.timestamp()), -int(-end.timestamp() // 1))
    shut = chain(told.closed, *told.holidays.values())
    found = [
        Window(datetime.fromtimestamp(one, UTC), datetime.fromtimestamp(other, UTC))
        for one, other in _without(_merged(told.opened), shut)
    ]
    return [window for window in found if window.end > start and window.start < end]


def _merged(found: list[Seconds]) -> list[Seconds]:
    merged: list[Seconds] = []
    for start, end in sorted(found):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged


def _without(found: list[Seconds], closed: chain[Seconds]) -> list[Seconds]:
    for from_, to in closed:
        kept: list[Seconds] = []
        for start, end in found:
            if to <= start or from_ >= end:
                kept.append((start, end))
                continue
            if from_ > start:
                kept.append((start, from_))
            if to < end:
                kept.append((to, end))
        found = kept
    return found
