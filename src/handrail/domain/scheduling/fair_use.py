"""Fair use: at most so many days of use within so many days in a row."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta


def first_day_allowed(used: Iterable[date], wanted: date, limit: int, days: int) -> date:
    """The first day from the wanted one on at which one more use keeps the limit.

    `used` may hold a day twice. Of no `days` consecutive days that hold the answer are there more
    than `limit` uses; a limit of 0 is none. Days are counted, not hours: the same wall time a week
    later is seven days away also where clocks change in between. Uses beyond the limit, from when
    it was higher, put off no day that is far enough from them.
    """
    taken = list(used)
    day = wanted
    while limit and not _fits(taken, day, limit, days):
        day += timedelta(days=1)
    return day


def _fits(used: list[date], day: date, limit: int, days: int) -> bool:
    near = sorted([day, *(use for use in used if abs((use - day).days) < days)])
    return all(
        (later - earlier).days >= days or not earlier <= day <= later
        for earlier, later in zip(near, near[limit:], strict=False)
    )
