"""Which mails office hours cause: outbox rows in the transaction of the change."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from handrail.apps.calendars.models import Booking
from handrail.apps.office_hours.models import PlaceInLine, Turn
from handrail.apps.outbox.actions import enqueue
from handrail.apps.people.models import Person
from handrail.apps.programs.queries import leads_of

TURN = "mail.turn"
TURN_OFF = "mail.turn_off"
TURN_NOBODY = "mail.turn_nobody"
OFFER = "mail.line_offer"


def announce_turn(turn: Turn, now: datetime) -> None:
    """Bring the block into the calendar of who holds it, with the reason."""
    assert turn.host is not None
    assert turn.booking is not None
    booking = Booking.objects.get(pk=turn.booking.pk)
    _tell(TURN, turn, turn.host, f"{booking.public_id}:{booking.sequence}", now, booking=booking)


def announce_off(turn: Turn, before: Person, now: datetime) -> None:
    """Take the block out of the calendar of who does not hold it any more."""
    if turn.booking is not None:
        booking = Booking.objects.get(pk=turn.booking.pk)
        mark = f"{booking.public_id}:{booking.sequence}"
        _tell(TURN_OFF, turn, before, mark, now, booking=booking)


def announce_nobody(turn: Turn, booked: Iterable[Person], now: datetime) -> None:
    """Say to the leads, and to who had booked or waited, that nobody can hold the turn."""
    program = turn.slot.rota.program
    for person in {*leads_of(program), *booked}:
        _tell(TURN_NOBODY, turn, person, f"{turn.public_id}:{now.isoformat()}", now)


def announce_offer(place: PlaceInLine, now: datetime) -> None:
    """Offer a freed time to somebody in line."""
    mark = f"{place.public_id}:{place.booking_id}"
    _tell(OFFER, place.turn, place.person, mark, now, place=str(place.public_id))


def _tell(
    kind: str,
    turn: Turn,
    person: Person,
    mark: str,
    now: datetime,
    *,
    booking: Booking | None = None,
    **more: Any,
) -> None:
    ref = {"turn": str(turn.public_id), "person": str(person.public_id), **more}
    if booking is not None:
        ref |= {"booking": str(booking.public_id), "sequence": booking.sequence}
    enqueue(
        kind,
        ref=ref,
        dedupe=f"{kind}:{mark}:{person.public_id}",
        due_at=now,
        stream=f"turn:{turn.public_id}:{person.public_id}",
        now=now,
        organization=turn.organization,
    )
