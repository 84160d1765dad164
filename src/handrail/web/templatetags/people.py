"""Who else sits in a session, and how many a shortened list leaves out."""

from __future__ import annotations

from collections.abc import Sized

from django import template

from handrail.apps.calendars.models import Seat
from handrail.apps.sessions.models import Session
from handrail.apps.sessions.queries import with_whom

register = template.Library()


@register.simple_tag(takes_context=True)
def met_in(context: template.Context, session: Session) -> str:
    """Whom the reader meets in a session, out of seats that are fetched already."""
    viewer = context.get("viewer")
    return with_whom(viewer, session) if viewer else ""


@register.simple_tag(takes_context=True)
def other_seat(context: template.Context, session: Session) -> Seat | None:
    """The other person's seat where two people meet, out of seats that are fetched already."""
    viewer = context.get("viewer")
    mine = viewer.person_id if viewer else None
    if session.booking.capacity > 1:
        return None
    return next((seat for seat in session.booking.seats.all() if seat.person_id != mine), None)


@register.filter
def and_more(named: Sized, everybody: int) -> int:
    """How many of everybody a list does not name."""
    return everybody - len(named)
