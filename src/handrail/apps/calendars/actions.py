"""Verbs on the time ledger beside `claim()`: seats, hours, and what runs out."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from handrail.apps.calendars.claim import claim
from handrail.apps.calendars.locks import lapse_holds_of, lock_people
from handrail.apps.calendars.models import (
    Attendance,
    Booking,
    BookingStatus,
    Cell,
    Participation,
    Seat,
)
from handrail.apps.calendars.requests import ClaimRequest
from handrail.domain.scheduling import cell_at

__all__ = [
    "ClaimRequest",
    "check_in",
    "claim",
    "delete_past_cells",
    "lapse_expired_holds",
    "lock_people",
    "record_answer",
    "record_attendance",
    "renew_entry",
]


def check_in(seat: Seat, now: datetime) -> None:
    """Note that somebody is here now. Runs in the caller's transaction, under its lock."""
    Seat.objects.filter(pk=seat.pk).update(checked_in_at=now)
    seat.checked_in_at = now


def record_attendance(seat: Seat, attendance: Attendance) -> None:
    """Write down whether a seat was taken. Runs in the caller's transaction."""
    Seat.objects.filter(pk=seat.pk).update(attendance=attendance)
    seat.attendance = attendance


def record_answer(seat: Seat, participation: str, *, at: datetime | None = None) -> None:
    """Write down what somebody answered to their invitation, and when by their calendar's clock.

    Runs in the caller's transaction. What they answered holds until the time moves.
    """
    seat.participation = Participation(participation)
    seat.answered_at = at or seat.answered_at
    Seat.objects.filter(pk=seat.pk).update(
        participation=seat.participation, answered_at=seat.answered_at
    )


def renew_entry(booking: Booking, now: datetime) -> None:
    """Let calendars take the entry anew though its time stands: the next mail replaces the last.

    Runs in the caller's transaction, after `lock_people` of everybody seated.
    """
    Booking.objects.filter(pk=booking.pk).update(sequence=F("sequence") + 1, updated_at=now)
    booking.refresh_from_db(fields=["sequence", "updated_at"])


def lapse_expired_holds(now: datetime) -> int:
    """Let every hold of this organisation that has run out go; says how many."""
    expired = list(
        Booking.objects.filter(
            status__in=(BookingStatus.HOLD, BookingStatus.PENDING), hold_until__lte=now
        ).order_by("pk")
    )
    for booking in expired:
        with transaction.atomic():
            people = tuple(booking.seats.values_list("person_id", flat=True))
            lock_people(people)
            lapse_holds_of(people, now)
    return len(expired)


def delete_past_cells(now: datetime, *, kept: timedelta = timedelta(days=2)) -> int:
    """Delete the cells of days gone by: they guard nothing any more; says how many."""
    deleted, _by_model = Cell.objects.filter(cell__lt=cell_at(now - kept)).delete()
    return deleted
