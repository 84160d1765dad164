"""A session for a mentor and several mentees: booked as one, seats taken and given back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from handrail.apps.calendars.claim import claim
from handrail.apps.calendars.models import Booking, Seat
from handrail.apps.calendars.requests import Action, ClaimRequest
from handrail.apps.calendars.seating import COMING
from handrail.apps.organizations.refusals import Conflict, NotAllowed
from handrail.apps.organizations.scope import writing
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.people.models import Person
from handrail.apps.programs.models import EnrolmentRole, Program, ProgramStatus
from handrail.apps.programs.queries import may_run, takes_part
from handrail.apps.sessions.actions.access import Room, audit, locked, write
from handrail.apps.sessions.actions.loop import settle
from handrail.apps.sessions.actions.making import make_session
from handrail.apps.sessions.announcing import announce_seat, announce_seat_left
from handrail.apps.sessions.models import Session, SessionState
from handrail.apps.sessions.states import no_objective

# Invitations to a series leave so long before: twelve at once would bury a mailbox.
INVITED_AHEAD = timedelta(days=21)
Made = Callable[[Session], None]


def book_group(
    program: Program,
    mentor: Person,
    mentees: Sequence[Person],
    starts_at: datetime,
    objective: str,
    *,
    seats: int,
    zone: str,
    by: Viewer,
    now: datetime,
    on_made: Made = lambda session: None,
) -> Session:
    """Book one session of a mentor with several mentees, its wall time agreed in `zone`.

    The mentor or who runs the program books it. All of these people must be free; nobody's weekly
    minutes are charged but the mentor's, once. `on_made` runs in the same transaction.
    """
    _may_lead(program, mentor, by)
    objective = " ".join(objective.split())
    if not objective:
        raise no_objective()
    made: list[Session] = []

    def on_booked(booking: Booking) -> None:
        program.refresh_from_db(fields=["status"])
        if program.status != ProgramStatus.RUNNING:
            raise Conflict(
                _("This program is not running, so nothing can be booked in it."),
                code="program-not-running",
            )
        made.append(make_session(program, booking, objective, None, by, now, ahead=INVITED_AHEAD))
        on_made(made[0])

    request = ClaimRequest(
        action="book",
        host_id=mentor.pk,
        guest_ids=tuple(mentee.pk for mentee in mentees),
        minutes=program.session_minutes,
        kind=program.model,
        starts_at=starts_at,
        min_notice_minutes=program.min_notice_minutes,
        daily_cap=program.daily_cap,
        capacity=seats,
        timezone=zone,
    )
    claim(request, by=by, now=now, on_booked=on_booked)
    return made[0]


def take_seat(session: Session, person: Person, *, by: Viewer, now: datetime) -> Session:
    """Sit down in a group's session that lies ahead: the person, its mentor or who runs it."""
    with writing(by.organization):
        booking = session.booking
        if by.person_id != person.pk:
            _may_lead(session.program, booking.host, by)
        if not by.may("sessions:write"):
            raise NotAllowed(_("This key may not change sessions."))
        if not takes_part(session.program, person, EnrolmentRole.MENTEE):
            raise Conflict(
                _("%(name)s is no mentee of this program.") % {"name": person.name},
                code="not-enrolled",
            )

    def on_joined(booking: Booking) -> None:
        again = _ahead(session, by, now)
        again.session.booking = booking
        seat = next(one for one in again.seats if one.person_id == person.pk)
        write(again.session)
        announce_seat(again.session, seat, now)
        audit("seat_taken", again.session, by, now)

    claim(_about("join", booking, person), by=by, now=now, on_booked=on_joined)
    return session


def leave_seat(
    session: Session,
    person: Person,
    *,
    by: Viewer,
    now: datetime,
    in_line: Sequence[Person] = (),
) -> list[Person]:
    """Give one's seat in a group's session back; the group meets without.

    Within the program's late minutes it is a late cancellation. The first in line who is free
    then gets the seat in the same transaction; returns who did.
    """
    with writing(by.organization):
        booking = session.booking
        if by.person_id != person.pk:
            _may_lead(session.program, booking.host, by)
        if not by.may("sessions:write"):
            raise NotAllowed(_("This key may not change sessions."))
    late = timedelta(minutes=session.program.late_cancel_minutes)
    is_late = now > booking.starts_at - late
    with writing(by.organization):
        before = {seat.person_id: seat for seat in _seated(booking)}
    moved_up: list[Person] = []

    def on_left(booking: Booking) -> None:
        # The asker may have no seat any more: the session is looked up as the house itself.
        again = _ahead(session, Viewer.system(by.organization, "seats"), now)
        again.session.booking = booking
        write(again.session)
        if person.pk in before:
            announce_seat_left(again.session, before[person.pk], now)
        for seat in again.seats:
            if seat.person_id not in before:
                announce_seat(again.session, seat, now)
                moved_up.append(seat.person)
        audit("seat_left", again.session, by, now, late=is_late)

    line = tuple(one.pk for one in in_line)
    request = replace(_about("leave", booking, person), in_line=line, late=is_late)
    claim(request, by=by, now=now, on_booked=on_left)
    return moved_up


def _seated(booking: Booking) -> list[Seat]:
    seats = Seat.objects.filter(booking=booking, attendance__in=COMING)
    return list(seats.select_related("person"))


def _about(action: Action, booking: Booking, person: Person) -> ClaimRequest:
    return ClaimRequest(
        action=action,
        booking_public_id=booking.public_id,
        host_id=booking.host_id,
        guest_ids=(person.pk,),
        minutes=int((booking.ends_at - booking.starts_at).total_seconds() // 60),
        kind=booking.kind,
    )


def _ahead(session: Session, by: Viewer, now: datetime) -> Room:
    """The locked session, which has not begun."""
    room = locked(session, by)
    settle(room, now)
    if room.session.state != SessionState.SCHEDULED or now >= room.session.booking.starts_at:
        raise Conflict(
            _("It has started already. Seats are taken and given back before."),
            code="already-started",
        )
    return room


def _may_lead(program: Program, mentor: Person, by: Viewer) -> None:
    if not by.may("sessions:write") or not (by.person_id == mentor.pk or may_run(by, program)):
        raise NotAllowed(_("Only the mentor or a lead of the program may do this."))
