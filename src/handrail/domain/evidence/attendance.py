"""Attendance: who came, of those who held a seat, and what became of the sessions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from handrail.domain.evidence.intervals import LEVEL, Share, share_of

CORRECTIONS = timedelta(hours=24)
ROLES = ("mentor", "mentee")


class Mark(StrEnum):
    """What is known of one seat."""

    ATTENDED = "attended"
    NO_SHOW = "no_show"
    LATE_CANCELLED = "late_cancelled"
    NOT_RECORDED = "not_recorded"


class Ending(StrEnum):
    """What became of one session; `earlier_cancelled` counts nowhere."""

    HELD = "held"
    NOT_HELD = "not_held"
    LATE_CANCELLED = "late_cancelled"
    EARLIER_CANCELLED = "earlier_cancelled"
    NOT_RECORDED = "not_recorded"


@dataclass(frozen=True, slots=True)
class Seat:
    """One person's place in a session."""

    person: str
    role: str  # "mentor" or "mentee"
    mark: Mark


@dataclass(frozen=True, slots=True)
class Session:
    """One session at its last agreed time: a moved session is one session."""

    ends_at: datetime  # UTC-aware
    ending: Ending
    seats: tuple[Seat, ...]

    @property
    def cluster(self) -> str:
        """The mentee by whom seats are clustered; the first person where there is none."""
        mentees = [seat.person for seat in self.seats if seat.role == "mentee"]
        return min(mentees or [seat.person for seat in self.seats], default="")


@dataclass(frozen=True, slots=True)
class RoleAttendance:
    """Attended of (attended + no-show); late cancels and seats not recorded stand apart."""

    role: str
    people: int  # with at least one seat that counts
    attended: Share
    late_cancelled: int
    not_recorded: int


@dataclass(frozen=True, slots=True)
class Attendance:
    """Attendance by role, and held sessions of (held + not held + late-cancelled)."""

    sessions: int  # known: ended at least 24 hours before the cut
    not_yet_known: int
    people: int  # with a seat in a session that counts as held or not
    roles: tuple[RoleAttendance, ...]
    held: Share
    not_held: int
    late_cancelled: int
    not_recorded: int


def attendance(sessions: Sequence[Session], *, cut: datetime, level: float = LEVEL) -> Attendance:
    """Return attendance as known at `cut` (UTC-aware).

    A session counts from 24 hours after its end, as marks may be corrected until then; whoever
    came attended, even where the other did not. Sessions cancelled in time count nowhere.
    Intervals: by `share_of`, clustered by mentee.
    """
    counted = [s for s in sessions if s.ending is not Ending.EARLIER_CANCELLED]
    known = [s for s in counted if s.ends_at + CORRECTIONS <= cut]
    endings = Counter(s.ending for s in known)
    decided = [
        s for s in known if s.ending in (Ending.HELD, Ending.NOT_HELD, Ending.LATE_CANCELLED)
    ]
    return Attendance(
        sessions=len(known),
        not_yet_known=len(counted) - len(known),
        people=len({seat.person for s in decided for seat in s.seats}),
        roles=tuple(_of_role(role, known, level) for role in ROLES),
        held=share_of(((s.cluster, s.ending is Ending.HELD) for s in decided), level=level),
        not_held=endings[Ending.NOT_HELD],
        late_cancelled=endings[Ending.LATE_CANCELLED],
        not_recorded=endings[Ending.NOT_RECORDED],
    )


def _of_role(role: str, sessions: Sequence[Session], level: float) -> RoleAttendance:
    seats = [(s.cluster, seat) for s in sessions for seat in s.seats if seat.role == role]
    marks = Counter(seat.mark for _, seat in seats)
    # Where one side cancelled late, nothing was to be recorded for the other.
    missing = sum(
        seat.role == role and seat.mark is Mark.NOT_RECORDED
        for s in sessions
        if s.ending is not Ending.LATE_CANCELLED
        for seat in s.seats
    )
    counting = [(c, seat) for c, seat in seats if seat.mark in (Mark.ATTENDED, Mark.NO_SHOW)]
    return RoleAttendance(
        role=role,
        people=len({seat.person for _, seat in counting}),
        attended=share_of(((c, seat.mark is Mark.ATTENDED) for c, seat in counting), level=level),
        late_cancelled=marks[Mark.LATE_CANCELLED],
        not_recorded=missing,
    )
