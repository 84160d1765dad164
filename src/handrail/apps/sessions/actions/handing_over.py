"""Another mentor for a session that is booked, at its time or a new one; everybody is told."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from handrail.apps.calendars.claim import claim
from handrail.apps.calendars.models import Booking, Seat
from handrail.apps.calendars.requests import ClaimRequest
from handrail.apps.calendars.spans import minutes_of
from handrail.apps.organizations.refusals import NotAllowed, NotFound
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.people.models import Person
from handrail.apps.sessions.actions.access import audit, write
from handrail.apps.sessions.announcing import announce_handed_over
from handrail.apps.sessions.models import Session, SessionState
from handrail.apps.sessions.states import Verb, refusal


def hand_over(
    session: Session,
    mentor: Person,
    *,
    by: Viewer,
    now: datetime,
    starts_at: datetime | None = None,
    within_id: int | None = None,
    also_locked: tuple[int, ...] = (),
) -> Session:
    """Give a session that has not begun another mentor, at its time or a new one.

    Limits hold as in any booking. Who may do this is the caller's to check. Raises SlotTaken or one
    of its kinds where the new mentor cannot; nothing has changed then. Mentee and old mentor are
    told; calendars follow.
    """
    if not by.may("sessions:write"):
        raise NotAllowed(_("This key may not change sessions."))

    def on_given(booking: Booking) -> None:
        again = Session.objects.select_for_update(of=("self",)).filter(pk=session.pk).first()
        if again is None:
            raise NotFound(_("There is no such session."))
        if again.state != SessionState.SCHEDULED:
            raise refusal(again.state, Verb.RESCHEDULE)
        again.booking = booking
        write(again)
        seats = list(Seat.objects.filter(booking=booking).select_related("person"))
        announce_handed_over(again, seats, before, now)
        audit("handed_over", again, by, now, sequence=booking.sequence)

    booking = Booking.objects.get(pk=session.booking_id)
    before = Person.objects.get(pk=booking.host_id)
    claim(
        ClaimRequest(
            action="reassign",
            booking_public_id=booking.public_id,
            host_id=booking.host_id,
            new_host_id=mentor.pk,
            guest_ids=(),  # who sits in it is read under the lock
            starts_at=starts_at,
            daily_cap=session.program.daily_cap,
            minutes=minutes_of(booking),
            kind=booking.kind,
            within_id=within_id,
            also_locked=also_locked,
        ),
        by=by,
        now=now,
        on_booked=on_given,
    )
    return Session.objects.select_related("booking", "program").get(pk=session.pk)
