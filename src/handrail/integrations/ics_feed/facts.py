"""What a calendar tells us: spans and what could not be read, never a word of what is in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

MOST_EVENTS = 10_000

Span = tuple[datetime, datetime]  # UTC, the end not included


class ProblemKind(StrEnum):
    """What its owner is told; most of it makes time busy that may be free."""

    UNKNOWN_ZONE = "unknown-zone"  # read in the calendar's own zone
    TOO_OFTEN = "too-often"  # repeats below a day, or by an interval below one
    UNREADABLE = "unreadable"
    TOO_SLOW = "too-slow"
    CALENDAR = "calendar"  # one of several was not shown: nothing of it counts


class Unread(StrEnum):
    """Why a whole calendar could not be read; what was known before still counts."""

    NO_CALENDAR = "no-calendar"
    NO_CALENDARS = "no-calendars"  # a server that holds none of this user
    ELSEWHERE = "elsewhere"  # a server that names another one
    CUT_OFF = "cut-off"
    TOO_MANY = "too-many"
    TOO_SLOW = "too-slow"
    TOO_LARGE = "too-large"  # for the memory it may take
    CRASHED = "crashed"


class Failed(Exception):
    """A calendar that could not be read as a whole."""

    def __init__(self, why: Unread) -> None:
        super().__init__(why.value)
        self.why = why


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in a calendar that could not be read, and how often; `about` is a zone's name."""

    kind: ProblemKind
    count: int
    about: str = ""


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose calendar it is: the zone of whole days, the addresses that may have declined.

    `ours` names entries that we sent: what they take is known here already. `taken` is when they
    are, for sources that name no entries.
    """

    timezone: str
    emails: tuple[str, ...] = ()
    ours: tuple[str, ...] = ()
    taken: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """Busy spans in order, none touching another, and what is told about them."""

    spans: tuple[Span, ...]
    problems: tuple[Problem, ...] = ()
