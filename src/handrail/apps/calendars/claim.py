"""The one way to take, move or give back a time.

Most refusals come from a look without any lock. Whoever passes it goes on in one transaction, in
the same order on both engines: the caller's key, then the people's rows in ascending id (that
update is the lock), then expired holds, then every check again, then the cells. The primary key
of the cells must never have to say no: if it does, a path forgot the lock.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from handrail.apps.calendars.checks import check
from handrail.apps.calendars.models import (
    LIVE_STATUSES,
    RESERVED,
    Booking,
    BookingStatus,
    Cell,
    Participation,
    Seat,
    SeatRole,
)
from handrail.apps.calendars.queries import next_free
from handrail.apps.calendars.refusals import NotLive, SlotTaken
from handrail.apps.calendars.requests import ClaimRequest
from handrail.apps.calendars.spans import (
    cells_of,
    free_cells,
    minutes_of,
    take_over,
    times_of,
)
from handrail.apps.organizations.refusals import Invalid, NotFound, Refusal
from handrail.apps.organizations.scope import reading, writing
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.outbox.idempotency import answered_once, fingerprint_of, is_known
from handrail.apps.people.models import Person

LONGEST_RESERVED = 8 * 60  # minutes
OnClaimed = Callable[[Booking], None]


@dataclass
class Guard:
    """How often the primary key had to refuse what the lock should have; must stay 0."""

    cell_guard_hits: int = 0


guard = Guard()


def _nothing() -> None:
    """What happens between check and write outside the storm tests."""


# The storm tests widen the gap between check and write here, to see that the lock holds it shut.
between_check_and_write: Callable[[], None] = _nothing


def claim(
    request: ClaimRequest,
    *,
    by: Viewer,
    now: datetime,
    key: str | None = None,
    on_booked: OnClaimed | None = None,
) -> Booking:
    """Take, move or give back a time, all or nothing; `on_booked` runs in the same transaction.

    With a key the same request gets the same answer, refusals too. Raises SlotTaken (with the
    next three free starts) or one of its kinds, NotLive, NotFound, Invalid.
    """
    if key is None:
        with reading(by.organization):
            refused = _refused_already(request, now)
        if refused is not None:
            raise refused
        with writing(by.organization):
            return _run(request, by, now, on_booked)
    done: list[Booking] = []

    with reading(by.organization):
        # A repeat is answered from what is stored: its own booking must not stand in its way.
        repeated = is_known(by.actor, key)
        refused = None if repeated else _refused_already(request, now)

        def work() -> tuple[int, dict[str, Any]]:
            if refused is not None:
                raise refused
            done.append(_run(request, by, now, on_booked))
            return 201, {"booking": str(done[0].public_id)}

        answer = answered_once(
            by.actor,
            key,
            fingerprint_of("claim", asdict(request)),
            work,
            organization=by.organization,
            now=now,
        )
        if done:
            return done[0]
        return Booking.objects.get(public_id=answer.body["booking"])


def _refused_already(request: ClaimRequest, now: datetime) -> Refusal | None:
    """What says no to a new time as things stand now, before anybody is locked.

    A refusal may be a moment old; a time that passes here is checked again under the lock. Inside
    a transaction there is nothing to spare, and the check under the lock is the only one.
    """
    if request.action in ("confirm", "cancel", "reassign") or connection.in_atomic_block:
        return None
    try:
        request, booking = _with_seats(request)
        starts_at = _checked_start(request)
        people = {person.pk: person for person in Person.objects.filter(pk__in=request.people)}
        missing = len(people) < len(request.people) or request.host_id in request.guest_ids
        if missing or (booking is not None and booking.status not in LIVE_STATUSES):
            return None  # said in full under the lock
        check(request, people, starts_at, now, without=booking.pk if booking else None)
    except Refusal as refusal:
        return refusal
    return None


def _with_seats(request: ClaimRequest) -> tuple[ClaimRequest, Booking | None]:
    """The booking that is spoken of, and the request with the people who sit in it."""
    if request.action in ("book", "hold", "reserve"):
        return request, None
    wanted = request.booking_public_id
    booking = Booking.objects.filter(public_id=wanted).first() if wanted else None
    if booking is None:
        raise NotFound(_("There is no such booking."))
    # Who sits in it is what counts, not what the caller believes.
    seated = Seat.objects.filter(booking=booking).exclude(person_id=booking.host_id)
    guests = tuple(seated.values_list("person_id", flat=True))
    request = replace(request, host_id=booking.host_id, guest_ids=guests, kind=booking.kind)
    if request.action != "reassign":
        request = replace(request, within_id=booking.within_id)
    return request, booking


def _run(request: ClaimRequest, by: Viewer, now: datetime, on_booked: OnClaimed | None) -> Booking:
    request, booking = _with_seats(request)
    people = lock_people(request.locks)
    lapse_holds_of(request.locks, now)
    if booking is not None:
        booking.refresh_from_db()
    match request.action:
        case "book" | "hold" | "reserve":
            booking = _take(request, people, by, now)
        case "confirm":
            assert booking is not None
            booking = _confirm(request, booking, people, now)
        case "reschedule":
            assert booking is not None
            booking = _move(request, booking, people, now)
        case "cancel":
            assert booking is not None
            booking = _cancel(booking, now)
        case "reassign":
            assert booking is not None
            booking = _reassign(request, booking, people, now)
    if on_booked is not None:
        on_booked(booking)
    return booking


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


def _checked_start(request: ClaimRequest) -> datetime:
    starts_at = request.starts_at
    if starts_at is None or starts_at.tzinfo is None:
        raise Invalid(_("Say when it starts."), fields={"starts_at": _("Choose a time.")})
    if starts_at.timestamp() % 300:
        raise Invalid(
            _("A session starts on five minutes."),
            fields={"starts_at": _("Choose one of the times shown.")},
        )
    if request.kind == RESERVED:
        if not 20 < request.minutes <= LONGEST_RESERVED or request.minutes % 5:
            raise Invalid(
                _("A block lasts 25 minutes to 8 hours."),
                fields={"minutes": _("Choose another length.")},
            )
    elif not 20 <= request.minutes <= 30 or request.minutes % 5:
        raise Invalid(
            _("A session lasts 20 to 30 minutes."),
            fields={"minutes": _("Choose 20, 25 or 30 minutes.")},
        )
    return starts_at


def _take(request: ClaimRequest, people: dict[int, Person], by: Viewer, now: datetime) -> Booking:
    starts_at = _checked_start(request)
    if request.action == "hold" and request.hold_until is None:
        raise Invalid(_("A hold needs an end."), fields={"hold_until": _("Choose a time.")})
    alone = request.action == "reserve" and request.kind == RESERVED
    if bool(request.guest_ids) == alone or request.host_id in request.guest_ids:
        raise Invalid(
            _("A session has a mentor and somebody else."),
            fields={"mentor": _("Choose another person.")},
        )
    check(request, people, starts_at, now)
    between_check_and_write()
    public_id = uuid4()
    booking = Booking.objects.create(
        organization=by.organization,
        public_id=public_id,
        kind=request.kind,
        status=BookingStatus.HOLD if request.action == "hold" else BookingStatus.CONFIRMED,
        host_id=request.host_id,
        capacity=len(request.guest_ids),
        uid=f"{public_id}@handrail",
        hold_until=request.hold_until if request.action == "hold" else None,
        within_id=request.within_id,
        created_at=now,
        updated_at=now,
        **times_of(request.kind, request.minutes, people[request.host_id], starts_at),
    )
    places = [(0, request.host_id, SeatRole.MENTOR)]
    places += [(n, guest, SeatRole.MENTEE) for n, guest in enumerate(request.guest_ids, start=1)]
    Seat.objects.bulk_create(
        Seat(organization=by.organization, booking=booking, n=n, person_id=person_id, role=role)
        for n, person_id, role in places
    )
    _insert_cells(booking, request, people, now)
    return booking


def _insert_cells(
    booking: Booking, request: ClaimRequest, people: dict[int, Person], now: datetime
) -> None:
    cells = {pk: cells_of(booking, request.minutes, people[pk]) for pk in request.people}
    try:
        with transaction.atomic():
            take_over(booking, cells[request.host_id])
            Cell.objects.bulk_create(
                Cell(
                    organization_id=booking.organization_id,
                    person_id=person_id,
                    cell=cell,
                    booking=booking,
                )
                for person_id in request.people
                for cell in cells[person_id]
            )
    except IntegrityError as error:
        guard.cell_guard_hits += 1
        raise SlotTaken(
            _("This time was taken a moment ago."),
            alternatives=next_free(
                [people[pk] for pk in request.people], booking.starts_at, request.minutes, now=now
            ),
        ) from error


def _confirm(
    request: ClaimRequest, booking: Booking, people: dict[int, Person], now: datetime
) -> Booking:
    """Make a hold a booking; a lapsed hold is claimed anew, with every check."""
    if booking.status == BookingStatus.CONFIRMED:
        return booking
    if booking.status == BookingStatus.CANCELLED:
        raise NotLive(_("This booking was cancelled. Choose a new time."))
    request = replace(request, minutes=minutes_of(booking), starts_at=booking.starts_at)
    check(request, people, booking.starts_at, now, without=booking.pk)
    between_check_and_write()
    if booking.status == BookingStatus.LAPSED:
        _insert_cells(booking, request, people, now)
    booking.status = BookingStatus.CONFIRMED
    booking.hold_until = None
    booking.updated_at = now
    booking.save(update_fields=["status", "hold_until", "updated_at"])
    return booking


def _move(
    request: ClaimRequest, booking: Booking, people: dict[int, Person], now: datetime
) -> Booking:
    """Move a live booking; refused, everything rolls back and the old time stands."""
    if booking.status not in LIVE_STATUSES:
        raise NotLive(_("This booking was cancelled. Book a new time."))
    starts_at = _checked_start(request)
    check(request, people, starts_at, now, without=booking.pk)
    between_check_and_write()
    free_cells(booking)
    times = times_of(request.kind, request.minutes, people[request.host_id], starts_at)
    for name, value in times.items():
        setattr(booking, name, value)
    booking.sequence += 1
    booking.updated_at = now
    booking.save(update_fields=[*times, "sequence", "updated_at"])
    # Who accepted the time before has not said anything of this one.
    Seat.objects.filter(booking=booking).update(participation=Participation.NEEDS_ACTION)
    _insert_cells(booking, request, people, now)
    return booking


def _reassign(
    request: ClaimRequest, booking: Booking, people: dict[int, Person], now: datetime
) -> Booking:
    """Give a live booking another host, at its time or a new one; its guests keep their seats."""
    if booking.status not in LIVE_STATUSES:
        raise NotLive(_("This booking was cancelled. Book a new time."))
    host_id = request.host_id if request.new_host_id is None else request.new_host_id
    if host_id in request.guest_ids:
        raise Invalid(
            _("A session has a mentor and somebody else."),
            fields={"mentor": _("Choose another person.")},
        )
    request = replace(
        request,
        host_id=host_id,
        minutes=minutes_of(booking),
        starts_at=request.starts_at or booking.starts_at,
    )
    starts_at = _checked_start(request)
    check(request, people, starts_at, now, without=booking.pk)
    between_check_and_write()
    free_cells(booking)
    times = times_of(request.kind, request.minutes, people[host_id], starts_at)
    values = {"host_id": host_id, "within_id": request.within_id, **times}
    for name, value in values.items():
        setattr(booking, name, value)
    booking.sequence += 1
    booking.updated_at = now
    booking.save(update_fields=["host", "within", *times, "sequence", "updated_at"])
    seats = Seat.objects.filter(booking=booking)
    seats.filter(n=0).update(person_id=host_id, checked_in_at=None, answered_at=None)
    seats.update(participation=Participation.NEEDS_ACTION)  # with another host, or at another time
    _insert_cells(booking, request, people, now)
    return booking


def _cancel(booking: Booking, now: datetime) -> Booking:
    """Give the time back; cancelling twice is cancelling once."""
    if booking.status == BookingStatus.CANCELLED:
        return booking
    free_cells(booking)
    booking.status = BookingStatus.CANCELLED
    booking.hold_until = None
    booking.sequence += 1
    booking.updated_at = now
    booking.save(update_fields=["status", "hold_until", "sequence", "updated_at"])
    return booking
