"""By when something is due that takes one working day."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

SATURDAY = 5
LONGEST = 60  # days looked ahead; a place that is closed for longer has no next working day


def next_working_day(moment: datetime, zone: str, *, closed: Collection[date] = ()) -> datetime:
    """The UTC moment one working day after an aware moment.

    The same wall time of the zone on the next Monday to Friday that is not `closed`; what comes in
    on a day off counts as come in at midnight of the next working day, and is due by its end.
    A wall time that a clock change skips is read as Python's `fold=0` reads it.
    """
    place = ZoneInfo(zone)
    local = moment.astimezone(place)
    day, time = local.date(), local.time()
    if not _is_working(day, closed):
        day = _next(day, closed)
        return datetime.combine(day + timedelta(days=1), time.min, place).astimezone(UTC)
    return datetime.combine(_next(day, closed), time, place).astimezone(UTC)


def _next(day: date, closed: Collection[date]) -> date:
    ahead = (day + timedelta(days=n) for n in range(1, LONGEST))
    return next((one for one in ahead if _is_working(one, closed)), day + timedelta(days=LONGEST))


def _is_working(day: date, closed: Collection[date]) -> bool:
    return day.weekday() < SATURDAY and day not in closed
