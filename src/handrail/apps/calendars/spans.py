"""What a booking takes of people's time; a reservation lends its cells and gets them back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from handrail.apps.calendars.ledger import occupied_minutes
from handrail.apps.calendars.models import LIVE_STATUSES, RESERVED, Booking, Cell
from handrail.apps.calendars.refusals import NotLive, OutsideHours
from handrail.apps.calendars.requests import ClaimRequest
from handrail.apps.people.models import Person
from handrail.domain.scheduling import ARTIFACT_MINUTES, cell_at


def met_minutes(kind: str, minutes: int) -> int:
    """The minutes before the artifact is written; a reservation holds the artifact too."""
    return minutes - ARTIFACT_MINUTES if kind == RESERVED else minutes


def times_of(request: ClaimRequest, host: Person, starts_at: datetime) -> dict[str, Any]:
    """The fields of a booking that say when it is."""
    minutes, zone = request.minutes, request.timezone or host.timezone
    occupied = occupied_minutes(met_minutes(request.kind, minutes), host.buffer_after)
    local = starts_at.astimezone(ZoneInfo(zone))
    return {
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(minutes=minutes),
        "occupied_until": starts_at + timedelta(minutes=occupied),
        "timezone": zone,
        "wall_time": local.strftime("%Y-%m-%dT%H:%M"),
    }


def cells_of(booking: Booking, minutes: int, person: Person) -> range:
    """What a booking takes of one person: the session, the artifact, their buffers."""
    occupied = occupied_minutes(met_minutes(booking.kind, minutes), person.buffer_after)
    before = timedelta(minutes=person.buffer_before)
    after = timedelta(minutes=occupied)
    return range(cell_at(booking.starts_at - before), cell_at(booking.starts_at + after, up=True))


def minutes_of(booking: Booking) -> int:
    """How long a booking lasts."""
    return int((booking.ends_at - booking.starts_at).total_seconds() // 60)


def require_inside(
    reservation_id: int | None, host_id: int, starts_at: datetime, minutes: int
) -> None:
    """Raise unless the session and its artifact lie in a live reservation of this host."""
    if reservation_id is None:
        return
    around = Booking.objects.filter(pk=reservation_id, kind=RESERVED).first()
    if around is None or around.status not in LIVE_STATUSES or around.host_id != host_id:
        raise NotLive(_("This time is not offered any more. Choose another one."))
    ends_at = starts_at + timedelta(minutes=minutes + ARTIFACT_MINUTES)
    if starts_at < around.starts_at or ends_at > around.ends_at:
        raise OutsideHours(_("This time lies outside the hours that are offered."))


def take_over(booking: Booking, cells: Iterable[int]) -> None:
    """Take these cells of the host out of the reservation in which the booking lies."""
    if booking.within_id is not None:
        Cell.objects.filter(
            booking_id=booking.within_id, person_id=booking.host_id, cell__in=list(cells)
        ).delete()


def free_cells(booking: Booking) -> None:
    """Give back all that a booking takes; the host's part goes to the reservation around it."""
    own = Cell.objects.filter(booking=booking)
    lent = set(own.filter(person_id=booking.host_id).values_list("cell", flat=True))
    own.delete()
    if booking.within_id is None:
        return
    around = Booking.objects.select_related("host").get(pk=booking.within_id)
    if around.status not in LIVE_STATUSES or around.host_id != booking.host_id:
        return
    back = lent.intersection(cells_of(around, minutes_of(around), around.host))
    Cell.objects.bulk_create(
        Cell(
            organization_id=around.organization_id,
            person_id=around.host_id,
            cell=cell,
            booking=around,
        )
        for cell in sorted(back)
    )
