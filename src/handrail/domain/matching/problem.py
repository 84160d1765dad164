"""What a matching run is asked: who wants what, who offers what, when, and what is ruled out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from .week import slot_at, slots_in_week, start_of

Model = Literal["speed", "cohort", "project"]
Code = Literal["reporting_line", "not_with", "recent", "conflict"]


class ProblemError(ValueError):
    """Input that no plan can answer; names the person and the field to mend."""

    def __init__(self, person: str, field: str, message: str) -> None:
        super().__init__(f"{person}: {field}: {message}" if person else f"{field}: {message}")
        self.person = person
        self.field = field
        self.message = message


@dataclass(frozen=True, slots=True)
class Want:
    """A wish for a skill: priority 1 is the dearest, level 0 to 5 is what the person has."""

    skill: str
    priority: int = 1
    level: int = 0


@dataclass(frozen=True, slots=True)
class Mentee:
    """Somebody who looks for a session; `free` is a week of bits (see `week`).

    `languages` lists the preferred one first; empty means one language shared with everybody.
    """

    person: str
    wants: tuple[Want, ...]
    free: int
    languages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Mentor:
    """Somebody who gives sessions: skills with level 1 to 5, seats a week, a week of bits.

    `daily_cap` 0 means no cap; a day is local, `offset_minutes` east of UTC.
    """

    person: str
    skills: tuple[tuple[str, int], ...]
    seats: int
    free: int
    languages: tuple[str, ...] = ()
    daily_cap: int = 0
    offset_minutes: int = 0


@dataclass(frozen=True, slots=True)
class Pin:
    """A lead's word that these two meet, at this slot if one is given."""

    mentee: str
    mentor: str
    slot: int | None = None


@dataclass(frozen=True, slots=True)
class Published:
    """A pair and slot of an earlier plan, kept where that costs nobody (or by a bonus)."""

    mentee: str
    mentor: str
    slot: int | None = None


@dataclass(frozen=True, slots=True)
class Options:
    """How a run weighs things; the defaults are those of `handrail match`.

    `floor`: least share of the wished gain, in percent. `seat_price`: points that each further
    seat of the same mentor costs more than the one before. `keep_pair`, `keep_slot`: points for a
    published pair and for its slot; at 0 both only break ties.
    """

    model: Model = "speed"
    time_term: bool = False
    floor: int = 30
    seat_price: int = 0
    keep_pair: int = 0
    keep_slot: int = 0
    sessions: int = 1
    another_mentor: bool = False
    smallest_cohort: int = 6
    largest_cohort: int = 8


@dataclass(frozen=True)
class Problem:
    """One week to plan. `week` is a Monday; `excluded` maps (mentee, mentor) to a code.

    Codes: reporting_line, not_with, recent, conflict. Not-with and conflict are private: they
    are shown as "not available" only. `loads`: how many of its mentor's seats a mentee's project
    takes, 1 where not named (project model only).
    """

    week: date
    mentees: Sequence[Mentee]
    mentors: Sequence[Mentor]
    minutes: int = 20
    step: int = 30
    excluded: Mapping[tuple[str, str], Code] = field(default_factory=dict)
    pins: tuple[Pin, ...] = ()
    forbids: frozenset[tuple[str, str]] = frozenset()
    published: tuple[Published, ...] = ()
    loads: Mapping[str, int] = field(default_factory=dict)

    @property
    def slots(self) -> int:
        """Number of starts in the week."""
        return slots_in_week(self.step)

    def starts_at(self, slot: int) -> datetime:
        """The UTC moment a slot starts."""
        return start_of(self.week, slot, self.step)

    def slot_at(self, starts_at: datetime) -> int | None:
        """The slot of a moment, None when off the grid or the week."""
        return slot_at(self.week, starts_at, self.step)


def day_of(mentor: Mentor, slot: int, step: int) -> int:
    """The local day a slot falls on for its mentor: 0 is the week's Monday, -1 the day before."""
    return (slot * step + mentor.offset_minutes) // 1440
