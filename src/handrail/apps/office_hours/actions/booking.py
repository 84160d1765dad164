"""Booking a time in a turn: the ledger decides, fair use is counted under its lock."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.db import connection, transaction
from django.utils.dateformat import format as django_format
from django.utils.translation import gettext as _

from handrail.apps.calendars.claim import claim
from handrail.apps.calendars.models import Booking
from handrail.apps.calendars.refusals import NotLive, SlotTaken
from handrail.apps.calendars.requests import ClaimRequest
from handrail.apps.matches.parting import kept_apart
from handrail.apps.office_hours.actions.access import words
from handrail.apps.office_hours.blocks import blocks, fair_use
from handrail.apps.office_hours.models import IN_LINE, LineState, PlaceInLine, Turn, TurnState
from handrail.apps.office_hours.queries import is_eligible
from handrail.apps.organizations.refusals import Conflict, NotAllowed
from handrail.apps.organizations.scope import reading
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.outbox.idempotency import answered_once, fingerprint_of
from handrail.apps.people.models import Person
from handrail.apps.programs.models import ProgramStatus
from handrail.apps.sessions.actions.access import locked
from handrail.apps.sessions.actions.booking import not_paused
from handrail.apps.sessions.actions.making import make_session
from handrail.apps.sessions.actions.texts import keep_text
from handrail.apps.sessions.models import RoomField, Session, SessionState

NEXT = 3


def book(
    turn: Turn,
    starts_at: datetime,
    objective: str,
    *,
    by: Viewer,
    now: datetime,
    note: str = "",
    key: str | None = None,
    on_made: Callable[[Session], None] = lambda session: None,
) -> Session:
    """Book a time in a turn for oneself; what was tried goes into the room's shared notes.

    `on_made` is called in the transaction of the booking, so that both stand or neither does.

    A time that was just taken is refused with the next three, one too many with the day from
    which one more is possible.
    """
    objective, note = words(objective, note)
    if key is None:
        return _book(turn, starts_at, objective, note, by, now, on_made)
    booked: list[Session] = []

    def work() -> tuple[int, dict[str, Any]]:
        booked.append(_book(turn, starts_at, objective, note, by, now, on_made))
        return 201, {"booking": str(booked[0].booking.public_id)}

    # The mentor is no part of what was asked: whoever holds the turn by then has the session.
    asked = fingerprint_of("office hours", str(turn.public_id), starts_at, objective, note)
    with reading(by.organization):
        answer = answered_once(by.actor, key, asked, work, organization=by.organization, now=now)
        if booked:
            return booked[0]
        return Session.objects.select_related("booking", "program").get(
            booking__public_id=answer.body["booking"]
        )


def _book(
    turn: Turn,
    starts_at: datetime,
    objective: str,
    note: str,
    by: Viewer,
    now: datetime,
    on_made: Callable[[Session], None],
) -> Session:
    """Book with whoever holds the turn; if it moves on at that very moment, once more."""
    with reading(by.organization):
        person = may_book(turn, by)
        turn = bookable(turn, person, now)
        fair(turn, person)
    not_paused(turn.slot.rota.program, person, by, now)
    try:
        return _claimed(turn, person, starts_at, objective, note, by, now, on_made)
    except (SlotTaken, NotLive) as refusal:
        with reading(by.organization):
            again = _moved_on(turn, person, now)
        if again is None:
            refusal.detail["alternatives"] = next_starts(turn, person, starts_at, now)
            raise
    try:
        return _claimed(again, person, starts_at, objective, note, by, now, on_made)
    except (SlotTaken, NotLive) as refusal:
        refusal.detail["alternatives"] = next_starts(again, person, starts_at, now)
        raise


def _moved_on(turn: Turn, person: Person, now: datetime) -> Turn | None:
    """The turn if somebody else holds it by now with whom this person may book."""
    try:
        again = bookable(turn, person, now)
    except Conflict:
        return None
    was = (turn.host_id, turn.booking_id)
    return again if (again.host_id, again.booking_id) != was else None


def _claimed(
    turn: Turn,
    person: Person,
    starts_at: datetime,
    objective: str,
    note: str,
    by: Viewer,
    now: datetime,
    on_made: Callable[[Session], None],
) -> Session:
    made: list[Session] = []

    def on_booked(booking: Booking) -> None:
        fair(turn, person)
        made.append(make_visit(turn, booking, objective, note, by, now))
        on_made(made[0])
        PlaceInLine.objects.filter(turn=turn, person=person, state=LineState.WAITING).update(
            state=LineState.TAKEN
        )

    assert turn.host_id is not None
    program = turn.slot.rota.program
    request = ClaimRequest(
        action="book",
        host_id=turn.host_id,
        guest_ids=(person.pk,),
        minutes=program.session_minutes,
        kind=program.model,
        starts_at=starts_at,
        min_notice_minutes=program.min_notice_minutes,
        daily_cap=program.daily_cap,
        within_id=turn.booking_id,
    )
    # Inside a transaction a try that failed is undone before the next one.
    with transaction.atomic() if connection.in_atomic_block else nullcontext():
        claim(request, by=by, now=now, on_booked=on_booked)
    return made[0]


def may_book(turn: Turn, by: Viewer) -> Person:
    """The person who books for themself; raises where these office hours are not open to them."""
    if not by.may("sessions:write"):
        raise NotAllowed(_("This key may not book sessions."))
    person = Person.objects.filter(pk=by.person_id).first() if by.person_id else None
    if person is None or not is_eligible(turn.slot.rota, person):
        raise NotAllowed(_("These office hours are open to mentees of the program only."))
    return person


def bookable(turn: Turn, person: Person, now: datetime) -> Turn:
    """The turn as it is now; raises where nobody holds it, or not for this person."""
    turn = Turn.objects.select_related("slot__rota__program", "host", "booking").get(pk=turn.pk)
    if turn.slot.rota.program.status != ProgramStatus.RUNNING:
        raise Conflict(
            _("This program is not running, so nothing can be booked in it."),
            code="program-not-running",
        )
    if turn.state != TurnState.PLANNED or turn.host_id is None or turn.ends_at <= now:
        raise Conflict(_("Nobody holds these office hours. Choose another day."), code="turn-open")
    apart = kept_apart(turn.slot.rota.program)
    if (person.pk, turn.host_id) in apart or person.pk == turn.host_id:
        raise Conflict(
            _("This mentor is not available here. Choose another one."),
            code="mentor-not-available",
        )
    return turn


def fair(turn: Turn, person: Person, *, without: Session | None = None) -> None:
    """Raise where one more session on this day would be too many, with the next day possible.

    `without` is a session that is to move there, and so does not stand in its own way.
    """
    own = Session.objects.filter(
        booking__within__turn=turn, booking__seats__person=person, state=SessionState.SCHEDULED
    )
    if any(session != without for session in own):
        raise Conflict(
            _("You have a session in this block already. Cancel it to choose another time."),
            code="already-booked",
        )
    use = fair_use(turn.slot.rota, person, without=without)
    day = use.next_day(turn.day)
    if day != turn.day:
        raise Conflict(
            _(
                "So that everybody gets a turn, you can book %(limit)d in %(days)d days. "
                "The next one is possible from %(day)s on."
            )
            % {"limit": use.limit, "days": use.days, "day": django_format(day, _("D j M Y"))},
            code="fair-use",
            next_day=day.isoformat(),
        )


def make_visit(
    turn: Turn, booking: Booking, objective: str, note: str, by: Viewer, now: datetime
) -> Session:
    """The session of a booking in a turn, with the note in their notes."""
    session = make_session(turn.slot.rota.program, booking, objective, None, by, now)
    if note:
        keep_text(
            locked(session, by),
            RoomField.NOTES,
            note,
            base_rev=0,
            operation=uuid4(),
            now=now,
        )
    return session


def next_starts(turn: Turn, person: Person, wanted: datetime, now: datetime) -> list[datetime]:
    """The next three starts that are free in these office hours."""
    with reading(turn.organization):
        free = [start for block in blocks(turn.slot.rota, person, now) for start in block.starts]
    later = sorted(start for start in free if start >= wanted)
    return [*later, *sorted(start for start in free if start < wanted)][:NEXT]


def in_line(turn: Turn, person: Person) -> PlaceInLine | None:
    """The person's place in the line of a turn."""
    return PlaceInLine.objects.filter(turn=turn, person=person, state__in=IN_LINE).first()
