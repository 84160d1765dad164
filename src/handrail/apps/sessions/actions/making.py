"""From a booking to a session: its objective, its checklist, its mails."""

from __future__ import annotations

from datetime import datetime, timedelta

from handrail.apps.calendars.models import Booking, Seat
from handrail.apps.matches.models import Match
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.programs.models import Program
from handrail.apps.sessions.actions.access import SIMULATOR, audit
from handrail.apps.sessions.announcing import announce_booked
from handrail.apps.sessions.models import ChecklistItem, Session


def make_session(
    program: Program,
    booking: Booking,
    objective: str,
    match: Match | None,
    by: Viewer,
    now: datetime,
    *,
    ahead: timedelta | None = None,
) -> Session:
    """Make the session of a booking, its checklist and its mails, in the booking's transaction.

    With `ahead` its invitations leave not sooner than so long before.
    """
    session = Session.objects.create(
        organization=by.organization,
        booking=booking,
        program=program,
        match=match,
        objective=objective,
        minutes=int((booking.ends_at - booking.starts_at).total_seconds() // 60),
        grace_minutes=program.grace_minutes,
        artifact_prompts=program.artifact_prompts,
        created_at=now,
        simulated=by.label == SIMULATOR,
    )
    ChecklistItem.objects.bulk_create(
        ChecklistItem(organization=by.organization, session=session, position=position, text=text)
        for position, text in enumerate(program.checklist, start=1)
    )
    seats = list(Seat.objects.filter(booking=booking).select_related("person"))
    announce_booked(session, seats, now, ahead=ahead)
    audit("booked", session, by, now)
    return session
