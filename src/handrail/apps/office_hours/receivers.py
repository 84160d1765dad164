"""What office hours do when rooms below say that something happened."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from handrail.apps.calendars.models import Booking
from handrail.apps.office_hours.actions.settings import ask_to_plan, set_up
from handrail.apps.office_hours.actions.waiting import (
    locks_for,
    offer_next,
    organization_viewer,
)
from handrail.apps.office_hours.entries import turns_of
from handrail.apps.office_hours.models import Rota, Turn, TurnState
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.people.models import Person
from handrail.apps.programs.models import Program, ProgramStatus
from handrail.apps.programs.signals import program_changed
from handrail.apps.sessions.signals import freed, freeing, own_entries
from handrail.integrations.calendar_mail import CalendarEntry


@receiver(program_changed, dispatch_uid="handrail.office_hours.program_changed")
def set_up_and_plan(
    sender: object, program: Program, by: Viewer, now: datetime, **_kwargs: Any
) -> None:
    """A new program gets its rules and blocks; one that starts gets its turns."""
    set_up(program, by=by, now=now)
    if program.status == ProgramStatus.RUNNING:
        for rota in Rota.objects.filter(program=program).select_related("program"):
            ask_to_plan(rota, now)


@receiver(freeing, dispatch_uid="handrail.office_hours.freeing")
def who_waits(sender: object, booking: Booking, **_kwargs: Any) -> tuple[int, ...]:
    """Whom to lock with the people of a booking whose time may go to somebody in line."""
    turn = _turn_of(booking)
    return locks_for(turn) if turn is not None else ()


@receiver(freed, dispatch_uid="handrail.office_hours.freed")
def offer_freed(
    sender: object,
    booking: Booking,
    by: Viewer,
    now: datetime,
    locked: tuple[int, ...],
    **_kwargs: Any,
) -> None:
    """A freed time becomes a hold for the first in line, in the same transaction."""
    turn = _turn_of(booking)
    if turn is not None:
        offer_next(turn, booking.starts_at, organization_viewer(by), now, locked=locked)


@receiver(own_entries, dispatch_uid="handrail.office_hours.own_entries")
def turns_in_the_calendar(
    sender: object, person: Person, since: datetime, **_kwargs: Any
) -> list[CalendarEntry]:
    """The turns that somebody holds stand in the calendar that they subscribe to."""
    return turns_of(person, since)


def _turn_of(booking: Booking) -> Turn | None:
    if booking.within_id is None:
        return None
    return (
        Turn.objects.select_related("slot__rota__program")
        .filter(booking_id=booking.within_id, state=TurnState.PLANNED)
        .first()
    )
