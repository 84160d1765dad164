"""Busy times over what is booked: both people are told of each once, and nothing is cancelled."""

from __future__ import annotations

from datetime import datetime

from handrail.apps.calendars.models import Booking, BookingStatus, Busy, Seat
from handrail.apps.outbox.actions import enqueue
from handrail.apps.people.models import Person

BUSY_OVER = "mail.busy_over"


def tell_overlaps(person: Person, now: datetime) -> None:
    """Tell everybody of a session that this person is busy then, unless they know it already.

    Looks at all that is known of the person, not at what was read just now alone: somebody may
    have booked in the very moment in which a calendar was read. An overlap that went away and
    comes back is told again. Runs in the caller's transaction.
    """
    seats = list(
        Seat.objects.select_for_update(of=("self",))
        .select_related("booking", "person")
        .filter(
            person=person,
            booking__status=BookingStatus.CONFIRMED,
            booking__starts_at__gt=now,
        )
        .order_by("pk")
    )
    if not seats:
        return
    busy = list(
        Busy.objects.filter(
            person=person,
            ends_at__gt=now,
            starts_at__lt=max(seat.booking.ends_at for seat in seats),
        ).values_list("starts_at", "ends_at")
    )
    for seat in seats:
        booking = seat.booking
        # What takes exactly the same time is our own entry, in a calendar that names none.
        is_over = any(
            start < booking.ends_at
            and booking.starts_at < end
            and (start, end) != (booking.starts_at, booking.ends_at)
            for start, end in busy
        )
        told = booking.starts_at if is_over else None
        if told == seat.busy_told:
            continue
        Seat.objects.filter(pk=seat.pk).update(busy_told=told)
        if is_over:
            _tell(booking, person, now)


def _tell(booking: Booking, person: Person, now: datetime) -> None:
    for public_id in booking.seats.values_list("person__public_id", flat=True):
        enqueue(
            BUSY_OVER,
            ref={
                "booking": str(booking.public_id),
                "person": str(public_id),
                "whose": str(person.public_id),
                "sequence": booking.sequence,
            },
            dedupe=f"{BUSY_OVER}:{booking.pk}:{person.pk}:{public_id}:{now.isoformat()}",
            due_at=now,
            stream=f"booking:{booking.public_id}:busy",
            now=now,
            organization=booking.organization,
        )
