"""Seats of a booking for several: who may still sit down, and on which number."""

from __future__ import annotations

from django.utils.translation import gettext as _

from handrail.apps.calendars.models import (
    LIVE_STATUSES,
    Attendance,
    Booking,
    Cell,
    Participation,
    Seat,
    SeatRole,
)
from handrail.apps.calendars.refusals import AlreadySeated, NoSeatLeft, NotLive
from handrail.apps.organizations.refusals import Invalid
from handrail.apps.people.models import Person

COMING = (Attendance.NOT_RECORDED, Attendance.ATTENDED, Attendance.NO_SHOW)


def seats_left(booking: Booking) -> int:
    """How many more people may sit down; a seat that was given back late is free again."""
    taken = Seat.objects.filter(booking=booking, role=SeatRole.MENTEE, attendance__in=COMING)
    return booking.capacity - taken.count()


def may_sit_down(booking: Booking, person: Person) -> None:
    """Raise unless there is a seat for this person; the caller holds the host's lock."""
    if booking.status not in LIVE_STATUSES:
        raise NotLive(_("This session was cancelled."))
    if person.pk == booking.host_id:
        raise Invalid(_("A session has a mentor and somebody else."))
    if Seat.objects.filter(booking=booking, person=person, attendance__in=COMING).exists():
        raise AlreadySeated(
            _("%(name)s has a seat in this session already.") % {"name": person.name}
        )
    if seats_left(booking) < 1:
        raise NoSeatLeft(_("All seats of this session are taken."))


def sit_down(booking: Booking, person: Person) -> None:
    """Give the person the lowest number that is free, or the one they gave back late."""
    before = Seat.objects.filter(booking=booking, person=person)
    anew = {"attendance": Attendance.NOT_RECORDED, "participation": Participation.NEEDS_ACTION}
    if before.update(checked_in_at=None, **anew):
        return
    taken = set(Seat.objects.filter(booking=booking).values_list("n", flat=True))
    Seat.objects.create(
        organization_id=booking.organization_id,
        booking=booking,
        n=min(set(range(1, len(taken) + 2)) - taken),
        person=person,
        role=SeatRole.MENTEE,
    )


def stand_up(booking: Booking, person_id: int, *, late: bool) -> bool:
    """Give a seat and its time back; False where there was none. Late, the seat stays on record."""
    seat = Seat.objects.filter(booking=booking, person_id=person_id, attendance__in=COMING)
    there = seat.exclude(role=SeatRole.MENTOR)
    gone = there.update(attendance=Attendance.LATE_CANCELLED) if late else there.delete()[0]
    if gone:
        Cell.objects.filter(booking=booking, person_id=person_id).delete()
    return bool(gone)
