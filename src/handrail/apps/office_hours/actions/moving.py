"""Moving a session to another time of the same office hours: it stays one, in every calendar."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from handrail.apps.calendars.claim import claim
from handrail.apps.calendars.models import Booking, SeatRole
from handrail.apps.calendars.refusals import NotLive, SlotTaken
from handrail.apps.calendars.requests import ClaimRequest
from handrail.apps.calendars.spans import minutes_of
from handrail.apps.office_hours.actions.booking import bookable, fair, next_starts
from handrail.apps.office_hours.actions.waiting import (
    locks_for,
    offer_next,
    organization_viewer,
)
from handrail.apps.office_hours.blocks import blocks
from handrail.apps.office_hours.models import LineState, PlaceInLine, Turn
from handrail.apps.organizations.refusals import Conflict, NotAllowed
from handrail.apps.organizations.scope import reading, writing
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.people.models import Person
from handrail.apps.programs.queries import may_run
from handrail.apps.sessions.actions.access import Room, audit, locked, write
from handrail.apps.sessions.actions.loop import settle
from handrail.apps.sessions.announcing import announce_handed_over, announce_moved
from handrail.apps.sessions.models import Session, SessionState
from handrail.apps.sessions.states import Verb, refusal


def move(
    session: Session, starts_at: datetime, *, by: Viewer, now: datetime, turn: Turn | None = None
) -> Session:
    """Move a session into another time of these office hours, with whoever holds that turn.

    Without a turn it is the one in which that time is free, its own turn before others. The same
    entry moves in both calendars; another mentor is invited and the one before is told. Who waits
    for the time that is given back is offered it. A refusal leaves all as it was.
    """
    with writing(by.organization):
        room = locked(session, by)
        settle(room, now)
        _ahead(room, now)
        seat = next(seat for seat in room.seats if seat.role == SeatRole.MENTEE)
        if room.mine != seat and not may_run(by, room.session.program):
            raise NotAllowed(
                _("Whoever booked this time moves it. If you cannot come, hand on your turn.")
            )
    person, was = seat.person, room.session.booking
    with reading(by.organization):
        own = Turn.objects.select_related("slot__rota__program", "host").get(booking=was.within)
        turn = bookable(turn or _turn_with(own, person, starts_at, now), person, now)
        if turn.slot.rota_id != own.slot.rota_id:
            raise Conflict(_("This is another program. Book a time there."), code="other-program")
        if turn.pk == own.pk and was.starts_at == starts_at:
            return room.session
        fair(turn, person, without=session)
        waiting = locks_for(own)
    before, gone = Person.objects.get(pk=was.host_id), was.starts_at

    def on_moved(booking: Booking) -> None:
        again = locked(session, by)
        _ahead(again, now, old=gone)
        fair(turn, person, without=session)
        again.session.booking = booking
        write(again.session)
        if booking.host_id == before.pk:
            announce_moved(again.session, again.seats, now)
        else:
            announce_handed_over(again.session, again.seats, before, now)
        audit("moved", again.session, by, now, sequence=booking.sequence)
        PlaceInLine.objects.filter(turn=turn, person=person, state=LineState.WAITING).update(
            state=LineState.TAKEN
        )
        offer_next(own, gone, organization_viewer(by), now, locked=waiting)

    program = turn.slot.rota.program
    try:
        claim(
            ClaimRequest(
                action="reassign",
                booking_public_id=was.public_id,
                host_id=was.host_id,
                new_host_id=turn.host_id,
                guest_ids=(),  # who sits in it is read under the lock
                starts_at=starts_at,
                minutes=minutes_of(was),
                kind=was.kind,
                min_notice_minutes=program.min_notice_minutes,
                daily_cap=program.daily_cap,
                within_id=turn.booking_id,
                also_locked=waiting,
            ),
            by=by,
            now=now,
            on_booked=on_moved,
        )
    except (SlotTaken, NotLive) as refused:
        refused.detail["alternatives"] = next_starts(turn, person, starts_at, now)
        raise
    with reading(by.organization):
        return Session.objects.select_related("booking", "program").get(pk=session.pk)


def _ahead(room: Room, now: datetime, old: datetime | None = None) -> None:
    """Raise unless the session is still to come; its booking may have moved already."""
    if room.session.state != SessionState.SCHEDULED:
        raise refusal(room.session.state, Verb.RESCHEDULE)
    if now >= (old or room.session.booking.starts_at):
        raise Conflict(
            _("It has started already and cannot be moved. Come in now, or book another one."),
            code="already-started",
        )


def _turn_with(own: Turn, person: Person, starts_at: datetime, now: datetime) -> Turn:
    """The turn in which this time is free for this person; their own where none is."""
    free = [block.turn for block in blocks(own.slot.rota, person, now) if starts_at in block.starts]
    return next((turn for turn in free if turn.pk == own.pk), free[0] if free else own)
