"""Fair use: at most so many days of use within so many days in a row."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta


def first_day_allowed(used: Iterable[date], wanted: date, limit: int, days: int) -> date:
    """The first day from the wanted one on at which one more use keeps the limit.

    `used` may hold a day twice. No `days` consecutive days may hold more than `limit` uses; a
    limit of 0 is none. Days are counted, not hours: the same wall time a week later is seven days
    away also where clocks change in between.
    """
    taken = sorted(used)
    day = wanted
    while limit and not _fits([*taken, day], limit, days):
        day += timedelta(days=1)
    return day


def _fits(used: list[date], limit: int, days: int) -> bool:
    in_order = sorted(used)
    return all(
        (later - earlier).days >= days
        for earlier, later in zip(in_order, in_order[limit:], strict=False)
    )
