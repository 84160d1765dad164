"""The rules of a pair as the verifier reads them, written anew from the people alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from math import gcd
from typing import NamedTuple

from .problem import Mentee, Mentor, Options, Problem

GAIN_BY_LEAD = {1: 80, 2: 100, 3: 90, 4: 70, 5: 60}


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with a plan: what, about whom, in words."""

    code: str
    person: str
    message: str


class Meeting(NamedTuple):
    """A pair of the plan as far as it is checked; the reasons are words."""

    mentee: str
    mentor: str
    slot: int
    score: int


@dataclass(frozen=True)
class Case:
    """A problem seen by name, with the weight of a person as the prices state it."""

    problem: Problem
    options: Options
    mentees: Mapping[str, Mentee]
    mentors: Mapping[str, Mentor]
    pinned: Mapping[str, tuple[str, int | None]]
    kept_pairs: frozenset[tuple[str, str]]
    kept_slots: frozenset[tuple[str, str, int]]

    def load(self, mentee: str) -> int:
        """How many of its mentor's seats somebody takes."""
        return self.problem.loads.get(mentee, 1)

    @cached_property
    def unit(self) -> int:
        """The seats that a mentor's price is for: what divides everybody's length."""
        unit = 0
        for name in self.mentees:
            unit = gcd(unit, self.load(name))
        return unit or 1

    def most_filled(self, seats: int, sessions: int) -> int:
        """How many units of so many seats can be filled by whole sessions or projects at all."""
        if not self.problem.loads:
            return min(seats, len(self.mentees) * sessions)
        reachable = {0}
        for load in map(self.load, self.mentees):
            reachable |= {filled + load for filled in reachable if filled + load <= seats}
        return max(reachable) // self.unit


def share(mentee: Mentee, mentor: Mentor) -> tuple[int, int]:
    """Percent-weighted gain and total weight of the wishes."""
    offered = dict(mentor.skills)
    top = total = 0
    for want in mentee.wants:
        factor = {1: 4, 2: 2}.get(want.priority, 1)
        total += factor
        lead = offered.get(want.skill, 0) - want.level
        top += factor * (GAIN_BY_LEAD[lead] if lead > 0 else 0)
    return top, total


def speak(mentee: Mentee, mentor: Mentor) -> int:
    """Language points; 0 stands for no shared language."""
    if mentee.languages and mentor.languages:
        if mentee.languages[0] in mentor.languages:
            return 1000
        return 500 if set(mentee.languages) & set(mentor.languages) else 0
    return 500


def points_of(case: Case, mentee: Mentee, mentor: Mentor) -> int:
    """The score of a pair, scored anew."""
    top, total = share(mentee, mentor)
    points = (75 * top) // total if total else 0
    if case.options.time_term:
        points += (1500 * min((mentee.free & mentor.free).bit_count(), 8)) // 8
    return points + speak(mentee, mentor)


def may_meet(case: Case, mentee: Mentee, mentor: Mentor) -> bool:
    """Skill, floor, language and bans permit it; a lead's pin overrides skill and language."""
    pair = (mentee.person, mentor.person)
    if pair in case.problem.excluded or pair in case.problem.forbids:
        return False
    if case.pinned.get(mentee.person, ("", None))[0] == mentor.person:
        return True
    top, total = share(mentee, mentor)
    return top > 0 and top >= case.options.floor * total and speak(mentee, mentor) > 0


def starts_of(bits: int) -> Iterator[int]:
    """The slots of a week of bits, the earliest first."""
    return (slot for slot in range(bits.bit_length()) if bits >> slot & 1)


def day_at(case: Case, mentor: Mentor, slot: int) -> int:
    """The day a slot falls on where the mentor lives, counted from the week's Monday."""
    minute = slot * case.problem.step + mentor.offset_minutes
    return minute // (24 * 60)
