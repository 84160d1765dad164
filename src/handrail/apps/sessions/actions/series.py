"""Sessions that belong to something longer: booked ahead, and named as it goes on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from handrail.apps.calendars.claim import claim
from handrail.apps.calendars.models import Booking
from handrail.apps.calendars.requests import ClaimRequest
from handrail.apps.organizations.scope import reading, writing
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.people.models import Person
from handrail.apps.programs.models import Program
from handrail.apps.programs.queries import require_run
from handrail.apps.sessions.actions.access import audit, locked, write
from handrail.apps.sessions.actions.booking import bookable
from handrail.apps.sessions.actions.making import make_session
from handrail.apps.sessions.models import Session, SessionState


def book_ahead(
    program: Program,
    mentees: Sequence[Person],
    mentor: Person,
    starts_at: datetime,
    objective: str,
    *,
    zone: str,
    by: Viewer,
    now: datetime,
    on_made: Callable[[Session], None],
) -> Session:
    """Book a session of a series for one mentee or a few, its wall time agreed in `zone`.

    `on_made` runs in the same transaction. How many there are is the series' rule, not the
    program's number of sessions a mentee.
    """
    with writing(by.organization):
        require_run(by, program, "sessions:write")
    with reading(by.organization):
        for mentee in mentees:
            bookable(program, mentee, mentor, starts_at, objective)
    made: list[Session] = []

    def on_booked(booking: Booking) -> None:
        made.append(make_session(program, booking, objective, None, by, now))
        on_made(made[0])

    request = ClaimRequest(
        action="book",
        host_id=mentor.pk,
        guest_ids=tuple(mentee.pk for mentee in mentees),
        starts_at=starts_at,
        minutes=program.session_minutes,
        kind=program.model,
        daily_cap=program.daily_cap,
        timezone=zone,
    )
    claim(request, by=by, now=now, on_booked=on_booked)
    return made[0]


def name_objective(session: Session, objective: str, *, by: Viewer, now: datetime) -> None:
    """Say anew what a session is for, as long as it has not begun; reminders carry it."""
    with writing(by.organization):
        room = locked(session, by)
        require_run(by, room.session.program, "sessions:write")
        if room.session.state == SessionState.SCHEDULED:
            write(room.session, objective=objective[:280])
            audit("objective", room.session, by, now)
