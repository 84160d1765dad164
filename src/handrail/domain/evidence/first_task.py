"""Time to competency: days from the start to the target task, such as a first merge."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from handrail.domain.evidence.intervals import LEVEL
from handrail.domain.evidence.survival import Curve, Estimate, kaplan_meier

HORIZON = 60
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Newcomer:
    """One person's dates, all local to the person, as known at the cut."""

    start: date
    reached: date | None  # the day of the first merge
    left: date | None = None  # the last day here, where a leaving is known


@dataclass(frozen=True, slots=True)
class TimeToTask:
    """How long the target task took; who is not there yet is censored, never dropped."""

    people: int
    reached: int
    not_there_yet: int
    left_without: int  # part of not_there_yet
    followed: int  # people who started at least `horizon` days before the cut
    horizon: int
    curve: Curve
    median: Estimate  # in days

    @property
    def not_yet_followed(self) -> int:
        """People whose `horizon`-th day lies after the cut."""
        return self.people - self.followed


def time_to_task(
    people: Sequence[Newcomer], *, cut: date, horizon: int = HORIZON, level: float = LEVEL
) -> TimeToTask:
    """Return the curve of days from start to task among people who started by the cut.

    Who has not reached it is censored at the end of the cut's day, or on the last day here. A
    task dated one day before the start or after leaving is disorder between zones and counts on
    that day; a task later than that after leaving does not count. Raises ValueError where a task
    lies more than a day before the start.
    """
    started = [person for person in people if person.start <= cut]
    days: list[int] = []
    happened: list[bool] = []
    left_without = 0
    for person in started:
        if person.reached is not None and person.reached < person.start - ONE_DAY:
            raise ValueError(f"Reached on {person.reached}, before the start on {person.start}.")
        left = person.left if person.left is not None and person.left <= cut else None
        reached = person.reached if person.reached is not None and person.reached <= cut else None
        if reached is not None and left is not None and reached > left + ONE_DAY:
            reached = None
        until = reached or left or cut
        left_without += reached is None and left is not None
        days.append(max(0, (until - person.start).days))
        happened.append(reached is not None)
    curve = kaplan_meier(days, happened, level=level)
    return TimeToTask(
        people=len(started),
        reached=curve.events,
        not_there_yet=len(started) - curve.events,
        left_without=left_without,
        followed=sum(person.start + timedelta(days=horizon) <= cut for person in started),
        horizon=horizon,
        curve=curve,
        median=curve.median(),
    )
