"""The facts of a posting: the only place that says what a live program offers a new hire."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

TRAJECTORY_WEEKS = 12
WEEK = timedelta(days=7)


class Kind(StrEnum):
    """How sessions are set up: the four models."""

    SPEED = "speed"
    COHORT = "cohort"
    OFFICE_HOURS = "office_hours"
    PROJECT = "project"


class Missing(StrEnum):
    """Missing a program offers nothing to somebody who starts next."""

    NO_PROGRAM = "no_program"
    NOT_RUNNING = "not_running"
    NO_MENTOR = "no_mentor"
    NO_MENTOR_FOR = "no_mentor_for"  # `what` names the skill
    NO_SKILL = "no_skill"
    NO_INTAKE = "no_intake"
    ENDS_TOO_SOON = "ends_too_soon"  # `what` is the day until which it would have to run


class NotOffered(Exception):
    """Nothing true can be promised; `why` says what is missing, `what` which one."""

    def __init__(self, why: Missing, what: str = "") -> None:
        super().__init__(why.value)
        self.why = why
        self.what = what


@dataclass(frozen=True, slots=True)
class Intake:
    """A window of a cohort program: who starts by `closes_on` meets from `starts_on`."""

    closes_on: date
    starts_on: date
    seats: int


@dataclass(frozen=True, slots=True)
class Support:
    """A program as it stands, and what a posting adds to it."""

    kind: Kind
    is_running: bool
    starts_on: date
    ends_on: date
    minutes: int
    sessions: int
    within_days: int
    mentors: int  # enrolled, or named for an intake that is open; and still here
    intakes: tuple[Intake, ...]  # open ones, of cohorts
    mentor_role: str
    skills: tuple[str, ...]
    taught: frozenset[str]  # skills that at least one of the mentors offers


@dataclass(frozen=True, slots=True)
class Facts:
    """What every page, text, badge and feed of a posting is made of."""

    kind: Kind
    sessions: int
    minutes: int
    within_days: int
    seats: int  # new hires with one mentor
    mentor_role: str
    skills: tuple[str, ...]
    next_intake: date

    @property
    def weeks(self) -> int:
        """Calendar weeks from the first session to the last one."""
        return -(-self.within_days // 7)

    @property
    def is_group(self) -> bool:
        return self.seats > 1

    def as_json(self) -> dict[str, Any]:
        """The facts as they are kept for people who were promised them."""
        return {
            "kind": self.kind.value,
            "sessions": self.sessions,
            "minutes": self.minutes,
            "within_days": self.within_days,
            "seats": self.seats,
            "mentor_role": self.mentor_role,
            "skills": list(self.skills),
            "next_intake": self.next_intake.isoformat(),
        }

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> Facts:
        """The facts as `as_json` kept them. Raises KeyError or ValueError on other content."""
        return cls(
            kind=Kind(kept["kind"]),
            sessions=kept["sessions"],
            minutes=kept["minutes"],
            within_days=kept["within_days"],
            seats=kept["seats"],
            mentor_role=kept["mentor_role"],
            skills=tuple(kept["skills"]),
            next_intake=date.fromisoformat(kept["next_intake"]),
        )

    @property
    def digest(self) -> str:
        """64 hexadecimal digits; other facts have others."""
        text = json.dumps(self.as_json(), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


def facts_of(support: Support, today: date) -> Facts:
    """Return what somebody hired from `today` on is offered.

    `today` is a day of the organisation's zone. The next intake of a cohort is its first open
    one that still takes people in; anything else begins on the Monday after today, or on the
    program's own first day where that is later. Raises NotOffered where the program does not run,
    nobody mentors in it, or nobody for a named skill, no intake lies ahead, or the program ends
    before somebody who starts then has had all of it.
    """
    if not support.is_running:
        raise NotOffered(Missing.NOT_RUNNING)
    if support.mentors < 1:
        raise NotOffered(Missing.NO_MENTOR)
    if not support.skills:
        raise NotOffered(Missing.NO_SKILL)
    for skill in support.skills:
        if skill not in support.taught:
            raise NotOffered(Missing.NO_MENTOR_FOR, skill)
    first, seats = _next_start(support, today)
    last = first + timedelta(days=support.within_days - 1)
    if last > support.ends_on:
        raise NotOffered(Missing.ENDS_TOO_SOON, last.isoformat())
    return Facts(
        kind=support.kind,
        sessions=support.sessions,
        minutes=support.minutes,
        within_days=support.within_days,
        seats=seats,
        mentor_role=support.mentor_role,
        skills=support.skills,
        next_intake=first,
    )


def _next_start(support: Support, today: date) -> tuple[date, int]:
    """The day on which the next people begin, and how many share a mentor."""
    if support.kind is Kind.COHORT:
        ahead = [one for one in support.intakes if one.closes_on >= today]
        if not ahead:
            raise NotOffered(Missing.NO_INTAKE)
        soonest = min(ahead, key=lambda one: (one.starts_on, one.seats))
        return soonest.starts_on, soonest.seats
    monday = today + timedelta(days=7 - today.weekday())
    first = max(monday, support.starts_on)
    if first > support.ends_on:
        raise NotOffered(Missing.NO_INTAKE)
    return first, 1


@dataclass(frozen=True, slots=True)
class Week:
    """One of the first twelve weeks: what is planned in it, if anything."""

    number: int  # from 1
    sessions: int
    minutes: int  # of all its sessions
    skill: str  # what they are about; empty where nothing is planned
    last: int = 0  # of a stretch in which nothing is planned: its last week, else `number`


def weeks_of(facts: Facts) -> tuple[Week, ...]:
    """Return the first twelve weeks, with the sessions spread evenly over the weeks there are.

    Session i (from 0) of s in w weeks lies in week 1 + floor(i * w / s); skill j of k is what
    sessions are about from session ceil(j * s / k) on. Sessions after week 12 are left out.
    """
    planned: dict[int, list[str]] = {}
    for number in range(facts.sessions):
        week = 1 + number * facts.weeks // facts.sessions
        skill = facts.skills[number * len(facts.skills) // facts.sessions] if facts.skills else ""
        planned.setdefault(week, []).append(skill)
    return tuple(
        Week(
            number=number,
            sessions=len(planned.get(number, [])),
            minutes=len(planned.get(number, [])) * facts.minutes,
            skill=", ".join(dict.fromkeys(planned.get(number, []))),
        )
        for number in range(1, TRAJECTORY_WEEKS + 1)
    )


def stretches_of(weeks: Sequence[Week]) -> tuple[Week, ...]:
    """Return the weeks with each stretch of weeks in which nothing is planned told as one."""
    told: list[Week] = []
    for week in weeks:
        if told and not week.sessions and not told[-1].sessions:
            told[-1] = replace(told[-1], last=week.number)
        else:
            told.append(replace(week, last=week.number))
    return tuple(told)
