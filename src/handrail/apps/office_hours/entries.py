"""A turn as it stands in its host's calendar: by mail and in their own feed the same entry."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from handrail.apps.calendars.models import Booking
from handrail.apps.office_hours.models import Turn, TurnState
from handrail.apps.outbox.mail import sender
from handrail.apps.people.models import Person
from handrail.integrations.calendar_mail import Address, CalendarEntry, Method


def entry_of(
    turn: Turn, booking: Booking, reader: Person, *, method: Method, stamped_at: datetime
) -> CalendarEntry:
    """The turn with the UID of the time that it reserves."""
    address = settings.BASE_URL + reverse("my_turns")
    return CalendarEntry(
        method=method,
        uid=booking.uid,
        sequence=booking.sequence,
        stamped_at=stamped_at,
        starts_at=turn.starts_at,
        ends_at=turn.ends_at,
        timezone=reader.timezone,
        summary=_("Office hours: %(program)s") % {"program": turn.slot.rota.program.name},
        description=address,
        url=address,
        organizer=sender(),
        attendees=(Address(reader.email, reader.name),),
    )


def turns_of(person: Person, since: datetime) -> list[CalendarEntry]:
    """The turns that this person holds or has held since then."""
    turns = Turn.objects.filter(host=person, state=TurnState.PLANNED, ends_at__gt=since)
    return [
        entry_of(
            turn,
            turn.booking,
            person,
            method=Method.REQUEST,
            stamped_at=turn.booking.updated_at,
        )
        for turn in turns.select_related("booking", "slot__rota__program").order_by("starts_at")
        if turn.booking is not None
    ]
