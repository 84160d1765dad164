"""A made-up company as tables: people and merges as imports take them, sessions, outcomes."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import numpy as np

from handrail.domain.evidence.company import Hires, Outcomes, outcomes

PEOPLE = (
    "person_id", "name", "email", "role", "timezone", "working_hours", "start_date",
    "last_active", "skills", "wants", "minutes_per_week", "team", "employment_end", "known_since",
)  # fmt: skip
MERGES = ("person_id", "kind", "authored_at", "merged_at", "areas")
SESSIONS = ("session_id", "mentee", "mentor", "starts_at", "minutes", "mentee_came", "mentor_came")
OUTCOMES = (
    "person_id", "arm", "team", "block", "mentor", "covariate", "start_date", "took_part",
    "sessions", "days", "reached", "restricted_days", "stayed", "left", "here_90", "here_180",
    "moved",
)  # fmt: skip
SKILL = "Git workflow review"
HIRES_A_MENTOR = 7
Row = tuple[str | int | float, ...]


def hire_id(place: int) -> str:
    """The id of the hire at a place, as every file has it."""
    return f"h{place + 1:05d}"


def day_of(first: date, days: float) -> date:
    """The calendar's day, `days` after the first one."""
    return first + timedelta(days=int(days))


def people_rows(hires: Hires, *, first: date, cut: float) -> Iterator[Row]:
    """Yield hires and their mentors as a people file has them, known at day `cut` of the calendar.

    A leaving stands there only when it is known by then. Mentors started years before; there is
    one for each seven hires.
    """
    for number in range(_mentors(hires)):
        name = f"Mentor {number + 1}"
        yield (
            _mentor(number), name, f"{_mentor(number)}@example.org", "mentor", "UTC",
            "09:00-17:00", (first - timedelta(days=900)).isoformat(), "", f"{SKILL}:5", "", 100,
            f"Team {number % 8 + 1}", "", "",
        )  # fmt: skip
    for place in _begun(hires, cut):
        start = hires.start_day[place]
        left = start + hires.leave_day[place]
        known = start + hires.known_day[place]
        gone = known <= cut
        yield (
            hire_id(place), f"Hire {place + 1}", f"{hire_id(place)}@example.org", "mentee", "UTC",
            "09:00-17:00", day_of(first, start).isoformat(), "", f"{SKILL}:1", f"{SKILL}:3", 60,
            f"Team {hires.team[place] + 1}",
            day_of(first, left).isoformat() if gone else "",
            day_of(first, known).isoformat() if gone else "",
        )  # fmt: skip


def merge_rows(hires: Hires, *, first: date, cut: float) -> Iterator[Row]:
    """Yield first merges by day `cut`, of those who stayed so long and whose account is linked."""
    for place in _begun(hires, cut):
        merged = hires.start_day[place] + hires.task_day[place]
        stayed = hires.task_day[place] <= hires.leave_day[place]
        if merged <= cut and stayed and hires.linked[place]:
            moment = _moment(first, merged)
            yield (hire_id(place), "merge", moment, moment, f"team-{hires.team[place] + 1}/core")


def session_rows(hires: Hires, *, first: date, cut: float) -> Iterator[Row]:
    """Yield sessions that were attended by day `cut`, 20 minutes each."""
    number = 0
    for place in _begun(hires, cut):
        for day in hires.session_days[place]:
            when = hires.start_day[place] + day
            if math.isfinite(day) and when <= cut:
                number += 1
                yield (
                    f"s{number:05d}", hire_id(place), _mentor(_mentor_of(hires, place)),
                    _moment(first, math.floor(when) + 0.5), 20, 1, 1,
                )  # fmt: skip


def outcome_rows(hires: Hires, *, first: date, cut: float) -> Iterator[Row]:
    """Yield one row a hire as `handrail estimate` takes it, as known at day `cut`.

    `arm`, `took_part`, `reached`, `left`, `moved` are 0/1; `days` to the first merge or the end of
    what is known; `restricted_days`, `here_90` and `here_180` are empty until that day is over.
    """
    followed = np.maximum(cut - hires.start_day, 0.0)
    seen: Outcomes = outcomes(hires, followed=followed)
    for place in _begun(hires, cut):
        until = float(followed[place])

        def here(day: int, place: int = place, until: float = until) -> str:
            stayed = bool(seen.stayed[place] > day or not seen.left[place])
            return "" if until < day else str(int(stayed))

        offered = bool(hires.offered[place])
        mentor = _mentor(_mentor_of(hires, place)) if offered else hire_id(place)
        settled = until >= 60
        yield (
            hire_id(place), int(offered), f"Team {hires.team[place] + 1}", int(hires.block[place]),
            mentor, round(float(hires.covariate[place]), 4),
            day_of(first, hires.start_day[place]).isoformat(), int(hires.took_part[place]),
            int(hires.attended[place]), round(float(seen.days[place]), 2),
            int(seen.reached[place]),
            round(float(seen.restricted[place]), 2) if settled else "",
            round(float(seen.stayed[place]), 2), int(seen.left[place]), here(90), here(180),
            int(hires.moved_day[place] <= min(until, float(hires.leave_day[place]))),
        )  # fmt: skip


def _begun(hires: Hires, cut: float) -> Iterator[int]:
    return (place for place in range(len(hires.team)) if hires.start_day[place] <= cut)


def _mentors(hires: Hires) -> int:
    return max(1, -(-len(hires.team) // HIRES_A_MENTOR))


def _mentor_of(hires: Hires, place: int) -> int:
    return int(hires.cohort[place]) % _mentors(hires)


def _mentor(number: int) -> str:
    return f"m{number + 1:04d}"


def _moment(first: date, days: float) -> str:
    start = datetime(first.year, first.month, first.day, tzinfo=UTC)
    return (start + timedelta(minutes=int(days * 1440))).isoformat()
