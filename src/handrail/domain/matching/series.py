"""Weekly series: one wall time for many weeks, though its UTC slot moves when clocks change.

A series is named by its slot in the first week; every later week keeps that slot's wall time in
the series' zone. A wall time in a gap moves forward by the gap, a repeated one is the first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from .problem import ProblemError
from .week import MINUTES_A_WEEK, pack, slots_in_week, start_of

Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Series:
    """When meetings of a series may fall: from Monday `week` on, `weeks` times, in one zone."""

    week: date
    zone: tzinfo
    weeks: int = 12
    step: int = 30

    def starts(self, slot: int) -> tuple[datetime, ...]:
        """The UTC moments of all meetings of the series that begins at a slot of the first week."""
        local = start_of(self.week, slot, self.step).astimezone(self.zone)
        wall = local.time()
        return tuple(
            datetime.combine(local.date() + timedelta(weeks=week), wall, self.zone).astimezone(UTC)
            for week in range(self.weeks)
        )


@dataclass(frozen=True, slots=True)
class WeeklyStart:
    """A weekly time: its slot in the first week, its wall time, and who cannot come when.

    `weekday` 0 is Monday, `minute` counts from local midnight. `all_free` weeks suit everybody;
    `missing` maps a person to the weeks missed, the first week being 1.
    """

    slot: int
    weekday: int
    minute: int
    all_free: int
    missing: Mapping[str, tuple[int, ...]]


def fold_weeks(person: str, weeks: Sequence[int], series: Series, *, may_miss: int = 0) -> int:
    """One week of bits for the cohort solver: bit t where a series at t suits enough weeks.

    `weeks` holds a bitmap for each week of the series, UTC from Monday; one more at the end lets
    starts near Sunday's midnight be judged when clocks go back. A person may miss `may_miss`
    meetings. Raises ProblemError for too few weeks or bits off the grid.
    """
    came = _attendance(person, weeks, series).sum(axis=1)
    fit = np.nonzero(came >= series.weeks - may_miss)[0]
    return sum(1 << int(slot) for slot in fit)


def rank_starts(
    free: Mapping[str, Sequence[int]], series: Series, *, most: int = 20
) -> tuple[WeeklyStart, ...]:
    """The best weekly times for a group: most weeks with everybody, then fewest absences.

    Among equals the earlier in the local week comes first. `free` maps each person, the mentor
    too, to weeks of bits as in `fold_weeks`. Raises ProblemError as that does.
    """
    names = sorted(free)
    slots = slots_in_week(series.step)
    coming = np.ones((len(names), slots, series.weeks), np.bool_)
    for at, name in enumerate(names):
        coming[at] = _attendance(name, free[name], series)
    all_free = coming.all(axis=0).sum(axis=1)
    absences = (~coming).sum(axis=(0, 2))
    walls = [_wall(series, slot) for slot in range(slots)]
    order = sorted(
        range(slots), key=lambda slot: (-int(all_free[slot]), int(absences[slot]), walls[slot])
    )
    return tuple(
        WeeklyStart(
            slot=slot,
            weekday=walls[slot][0],
            minute=walls[slot][1],
            all_free=int(all_free[slot]),
            missing={
                name: tuple((np.nonzero(~coming[at, slot])[0] + 1).tolist())
                for at, name in enumerate(names)
                if not coming[at, slot].all()
            },
        )
        for slot in order[:most]
    )


def _wall(series: Series, slot: int) -> tuple[int, int]:
    local = start_of(series.week, slot, series.step).astimezone(series.zone)
    return local.weekday(), local.hour * 60 + local.minute


def _attendance(person: str, weeks: Sequence[int], series: Series) -> Bools:
    """(slots, weeks) whether a person can come to each meeting of the series at each slot."""
    slots = slots_in_week(series.step)
    if series.week.weekday() != 0:
        raise ProblemError("", "week", f"must be a Monday, {series.week} is not")
    if len(weeks) < series.weeks:
        raise ProblemError(
            person, "free", f"has {len(weeks)} weeks of bits, the series needs {series.weeks}"
        )
    if any(bits < 0 or bits >> slots for bits in weeks):
        raise ProblemError(person, "free", f"is not a week of {slots} bits")
    rows = pack(weeks).astype("<u8").view(np.uint8)
    free = np.unpackbits(rows, axis=1, bitorder="little")[:, :slots].astype(np.bool_)
    week, slot = _places(series)
    inside = week < len(free)
    came: Bools = free[np.where(inside, week, 0), slot] & inside & (slot >= 0)
    return came


@lru_cache(maxsize=64)
def _places(series: Series) -> tuple[Ints, Ints]:
    """(slots, weeks) each: the UTC week and slot of every meeting; slot -1 where off the grid."""
    slots = slots_in_week(series.step)
    monday = datetime.combine(series.week, time(), UTC)
    week = np.zeros((slots, series.weeks), np.int64)
    place = np.full((slots, series.weeks), -1, np.int64)
    for slot in range(slots):
        for number, moment in enumerate(series.starts(slot)):
            minutes = (moment - monday) // timedelta(minutes=1)
            week[slot, number], minute = divmod(minutes, MINUTES_A_WEEK)
            if minute % series.step == 0 and minute // series.step < slots:
                place[slot, number] = minute // series.step
    return week, place
