"""The order in which everybody locks: people in ascending id, then bookings by id."""

from __future__ import annotations

from datetime import datetime

from django.db.models import F
from django.utils.translation import gettext as _

from handrail.apps.calendars.models import Booking, BookingStatus
from handrail.apps.calendars.spans import free_cells
from handrail.apps.organizations.refusals import NotFound
from handrail.apps.people.models import Person


def lock_people(ids: tuple[int, ...]) -> dict[int, Person]:
    """Raise everybody's revision in ascending id: whoever comes second waits here."""
    for person_id in sorted(ids):
        if not Person.objects.filter(pk=person_id).update(rev=F("rev") + 1):
            raise NotFound(_("There is no such person."))
    return {person.pk: person for person in Person.objects.filter(pk__in=ids)}


def lapse_holds_of(people: tuple[int, ...], now: datetime) -> None:
    """Give back the cells of these people's expired holds."""
    expired = (
        Booking.objects.filter(
            seats__person_id__in=people,
            status__in=(BookingStatus.HOLD, BookingStatus.PENDING),
            hold_until__lte=now,
        )
        .order_by("pk")
        .distinct()
    )
    for booking in expired:
        lapsed = Booking.objects.filter(
            pk=booking.pk, status__in=(BookingStatus.HOLD, BookingStatus.PENDING)
        ).update(status=BookingStatus.LAPSED, updated_at=now)
        if lapsed:
            free_cells(booking)
