"""By which day a parcel has to leave, counted back in working days."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

SATURDAY = 5
ONE_DAY = timedelta(days=1)
# A month without any working day is a mistake in the list of closed days, not a holiday.
LONGEST_CLOSURE = 31


def is_working_day(day: date, closed: Collection[date] = ()) -> bool:
    """Whether parcels move on that day: Monday to Friday, and not one of the closed days."""
    return day.weekday() < SATURDAY and day not in closed


def ship_by(needed_on: date, working_days: int, closed: Collection[date] = ()) -> date:
    """The last working day on which a parcel may leave and still be there on `needed_on`.

    It is handed over on a working day and arrives `working_days` working days later, on `needed_on`
    itself or, where nothing is delivered then, on the last working day before it.
    """
    if working_days < 0:
        raise ValueError("shipping takes no negative number of days")
    day = _working_day_until(needed_on, closed)
    for _each in range(working_days):
        day = _working_day_until(day - ONE_DAY, closed)
    return day


def _working_day_until(day: date, closed: Collection[date]) -> date:
    for back in range(LONGEST_CLOSURE + 1):
        found = day - back * ONE_DAY
        if is_working_day(found, closed):
            return found
    raise ValueError("more than a month without a working day")
