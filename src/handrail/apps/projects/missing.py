"""When a check-in counts as missed, and how many were in a row."""

from __future__ import annotations

from handrail.apps.calendars.models import Attendance
from handrail.apps.projects.models import CheckIn
from handrail.apps.sessions.models import Session, SessionState

HELD = (SessionState.RUNNING, SessionState.AWAITING_ARTIFACT, SessionState.CLOSED)


def is_missed(session: Session) -> bool:
    """Not held, or cancelled so late that nobody could use the time; cancelled in time is not."""
    if session.state == SessionState.NOT_HELD:
        return True
    return session.state == SessionState.CANCELLED and any(
        seat.attendance == Attendance.LATE_CANCELLED for seat in session.booking.seats.all()
    )


def streak_before(check_in: CheckIn) -> int:
    """How many check-ins right before this one were missed.

    One that was skipped or cancelled in time neither ends the row nor makes it longer.
    """
    rows = (
        CheckIn.objects.filter(project_id=check_in.project_id, due_on__lt=check_in.due_on)
        .exclude(session=None)
        .select_related("session", "session__booking")
        .prefetch_related("session__booking__seats")
        .order_by("-due_on")
    )
    return run_of([row.session for row in rows if row.session is not None])


def run_of(newest_first: list[Session]) -> int:
    """How many of these sessions were missed since the last one that was held."""
    count = 0
    for session in newest_first:
        if session.state in HELD:
            break
        count += is_missed(session)
    return count
