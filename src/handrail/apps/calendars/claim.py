"""The one way to take, move or give back a time.

Most refusals come from a look without any lock. Whoever passes it goes on in one transaction, in
the same order on both engines: the caller's key, then the people's rows in ascending id (that
update is the lock), then expired holds, then every check again, then the cells. The primary key
of the cells must never have to say no: if it does, a path forgot the lock.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from handrail.apps.calendars.checks import check, checked_start
from handrail.apps.calendars.locks import lapse_holds_of, lock_people
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
from handrail.apps.calendars.refusals import AlreadySeated, NoSeatLeft, NotLive, SlotTaken
from handrail.apps.calendars.requests import ClaimRequest
from handrail.apps.calendars.seating import COMING, may_sit_down, sit_down, stand_up
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
    if (
        request.action not in ("book", "hold", "reserve", "reschedule")
        or connection.in_atomic_block
    ):
        return None
    try:
        request, booking = _with_seats(request)
        starts_at = checked_start(request)
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
    if request.action in ("join", "leave"):
        return replace(request, host_id=booking.host_id), booking
    # Who sits in it is what counts, not what the caller believes.
    seated = Seat.objects.filter(booking=booking, attendance__in=COMING)
    seated = seated.exclude(person_id=booking.host_id)
    guests = tuple(seated.values_list("person_id", flat=True))
    request = replace(request, host_id=booking.host_id, guest_ids=guests, kind=booking.kind)
    if request.action != "reassign":
        request = replace(request, within_id=booking.within_id)
    return request, booking


def _run(request: ClaimRequest, by: Viewer, now: datetime, on_booked: OnClaimed | None) -> Booking:
    request, booking, people = _locked(request)
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
        case "join":
            assert booking is not None
            _join(request, booking, people, now)
        case "leave":
            assert booking is not None
            _leave(request, booking, people, now)
    if on_booked is not None:
        on_booked(booking)
    return booking


class _SeatsChanged(Exception):
    """Somebody sat down or stood up between the look and the lock."""


def _locked(request: ClaimRequest) -> tuple[ClaimRequest, Booking | None, dict[int, Person]]:
    """The request with everybody it is about, and all of them locked.

    Who joins or leaves a group holds its host's lock: a list of seats that is read again under
    that lock stands. A stale one is given back with its locks, which must be taken in order.
    """
    while True:
        known, booking = _with_seats(request)
        if booking is None or booking.capacity <= 1 or request.action in ("join", "leave"):
            return known, booking, lock_people(known.locks)
        with suppress(_SeatsChanged), transaction.atomic():
            people = lock_people(known.locks)
            if set(_with_seats(request)[0].guest_ids) != set(known.guest_ids):
                raise _SeatsChanged
            return known, booking, people


def _take(request: ClaimRequest, people: dict[int, Person], by: Viewer, now: datetime) -> Booking:
    starts_at = checked_start(request)
    if request.action == "hold" and request.hold_until is None:
        raise Invalid(_("A hold needs an end."), fields={"hold_until": _("Choose a time.")})
    alone = request.action == "reserve" and request.kind == RESERVED
    if bool(request.guest_ids) == alone or request.host_id in request.guest_ids:
        raise Invalid(
            _("A session has a mentor and somebody else."),
            fields={"mentor": _("Choose another person.")},
        )
    if request.capacity and len(request.guest_ids) > request.capacity:
        raise NoSeatLeft(_("There are fewer seats than people."))
    check(request, people, starts_at, now)
    between_check_and_write()
    public_id = uuid4()
    booking = Booking.objects.create(
        organization=by.organization,
        public_id=public_id,
        kind=request.kind,
        status=BookingStatus.HOLD if request.action == "hold" else BookingStatus.CONFIRMED,
        host_id=request.host_id,
        capacity=request.capacity or len(request.guest_ids),
        uid=f"{public_id}@handrail",
        hold_until=request.hold_until if request.action == "hold" else None,
        within_id=request.within_id,
        created_at=now,
        updated_at=now,
        **times_of(request, people[request.host_id], starts_at),
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
    cells = {pk: cells_of(booking, request.minutes, people[pk]) for pk in request.takers}
    try:
        with transaction.atomic():
            if request.host_id in cells:
                take_over(booking, cells[request.host_id])
            Cell.objects.bulk_create(
                Cell(
                    organization_id=booking.organization_id,
                    person_id=person_id,
                    cell=cell,
                    booking=booking,
                )
                for person_id in request.takers
                for cell in cells[person_id]
            )
    except IntegrityError as error:
        guard.cell_guard_hits += 1
        raise SlotTaken(
            _("This time was taken a moment ago."),
            alternatives=next_free(
                [people[pk] for pk in request.takers], booking.starts_at, request.minutes, now=now
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
    starts_at = checked_start(request)
    check(request, people, starts_at, now, without=booking.pk)
    between_check_and_write()
    free_cells(booking)
    times = times_of(request, people[request.host_id], starts_at)
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
    starts_at = checked_start(request)
    check(request, people, starts_at, now, without=booking.pk)
    between_check_and_write()
    free_cells(booking)
    times = times_of(request, people[host_id], starts_at)
    values = {"host_id": host_id, "within_id": request.within_id, **times}
    for name, value in values.items():
        setattr(booking, name, value)
    booking.sequence += 1
    booking.updated_at = now
    booking.save(update_fields=["host", "within", *times, "sequence", "updated_at"])
    seats = Seat.objects.filter(booking=booking)
    seats.filter(n=0).update(
        person_id=host_id, checked_in_at=None, answered_at=None, busy_told=None
    )
    seats.update(participation=Participation.NEEDS_ACTION)  # with another host, or at another time
    _insert_cells(booking, request, people, now)
    return booking


def _join(
    request: ClaimRequest, booking: Booking, people: dict[int, Person], now: datetime
) -> None:
    """Sit down in a group that meets anyway: one seat and this person's time."""
    person = people[request.guest_ids[0]]
    may_sit_down(booking, person)
    request = replace(request, minutes=minutes_of(booking), kind=booking.kind)
    check(request, people, booking.starts_at, now)
    between_check_and_write()
    sit_down(booking, person)
    _insert_cells(booking, request, people, now)


def _leave(
    request: ClaimRequest, booking: Booking, people: dict[int, Person], now: datetime
) -> None:
    """Stand up; the first in line who is free then sits down, in the same transaction."""
    if booking.status not in LIVE_STATUSES:
        raise NotLive(_("This session was cancelled."))
    stand_up(booking, request.guest_ids[0], late=request.late)
    for waiting in request.in_line:
        with suppress(SlotTaken, AlreadySeated, NoSeatLeft):
            _join(replace(request, action="join", guest_ids=(waiting,)), booking, people, now)
            return


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
