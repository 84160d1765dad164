"""What became of each session, as reports count it."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import QuerySet

from handrail.apps.calendars.models import Attendance
from handrail.apps.sessions.models import Session, SessionState
from handrail.domain.evidence.attendance import Ending

HELD = frozenset({SessionState.RUNNING, SessionState.AWAITING_ARTIFACT, SessionState.CLOSED})


def sessions_until(moment: datetime) -> QuerySet[Session]:
    """Sessions that had been made by then, with all that says what became of them."""
    sessions = Session.objects.filter(created_at__lte=moment)
    return sessions.select_related("booking", "program").prefetch_related("booking__seats")


def end_of(session: Session) -> datetime:
    """When it was over, be it later than agreed."""
    return max(session.booking.ends_at, session.ended_at or session.booking.ends_at)


def ending_of(session: Session) -> Ending:
    """What became of a session; needs its booking's seats and its program."""
    if session.state in HELD:
        return Ending.HELD
    if session.state == SessionState.NOT_HELD:
        return Ending.NOT_HELD
    if session.state == SessionState.CANCELLED:
        return Ending.LATE_CANCELLED if _was_late(session) else Ending.EARLIER_CANCELLED
    return Ending.NOT_RECORDED


def _was_late(session: Session) -> bool:
    seats = {seat.person_id: seat.attendance for seat in session.booking.seats.all()}
    if session.cancelled_by_id in seats:
        # Marked when it happened: a later change of the program's rule does not change the past.
        return seats[session.cancelled_by_id] == Attendance.LATE_CANCELLED
    late = timedelta(minutes=session.program.late_cancel_minutes)
    return session.cancelled_at is not None and (
        session.cancelled_at > session.booking.starts_at - late
    )
