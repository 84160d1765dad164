"""The line of a turn: who waits, who is offered a freed time, and what comes next."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from handrail.apps.calendars.claim import claim
from handrail.apps.calendars.locks import lapse_holds_of
from handrail.apps.calendars.models import Booking
from handrail.apps.calendars.requests import ClaimRequest
from handrail.apps.calendars.spans import minutes_of
from handrail.apps.office_hours.actions.access import lock_rota, words
from handrail.apps.office_hours.actions.booking import (
    bookable,
    fair,
    in_line,
    make_visit,
    may_book,
)
from handrail.apps.office_hours.announcing import announce_offer
from handrail.apps.office_hours.blocks import blocks
from handrail.apps.office_hours.models import IN_LINE, LineState, PlaceInLine, Rota, Turn
from handrail.apps.office_hours.pool import lock_in_order
from handrail.apps.organizations.refusals import Conflict, NotAllowed, NotFound, Refusal
from handrail.apps.organizations.scope import reading, writing
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.sessions.models import Session

SHORTEST_OFFER = timedelta(minutes=15)
OFFER_ENDS_BEFORE = timedelta(minutes=30)  # the start


def wait(turn: Turn, objective: str, *, by: Viewer, now: datetime, note: str = "") -> PlaceInLine:
    """Wait in line for a time in a full turn; waiting twice is waiting once."""
    objective, note = words(objective, note)
    with reading(by.organization):
        person = may_book(turn, by)
        turn = bookable(turn, person, now)
        before = in_line(turn, person)
        if before is not None:
            return before
        fair(turn, person)
        block = next((b for b in blocks(turn.slot.rota, person, now) if b.turn.pk == turn.pk), None)
        if block is not None and block.starts:
            raise Conflict(
                _("There is a free time in this block. Choose it and book."), code="not-full"
            )
    with writing(by.organization):
        try:
            with transaction.atomic():
                return PlaceInLine.objects.create(
                    organization=by.organization,
                    turn=turn,
                    person=person,
                    objective=objective,
                    note=note,
                    asked_at=now,
                )
        except IntegrityError:
            return PlaceInLine.objects.get(turn=turn, person=person, state__in=IN_LINE)


def leave(place: PlaceInLine, *, by: Viewer, now: datetime) -> None:
    """Leave the line; a time that was offered goes to the next one at once."""
    _require_own(place, by)
    with reading(by.organization):
        place.refresh_from_db()
    if place.state == LineState.WAITING:
        with writing(by.organization):
            PlaceInLine.objects.filter(pk=place.pk, state=LineState.WAITING).update(
                state=LineState.LEFT
            )
        return
    if place.state != LineState.OFFERED or place.booking is None:
        return

    waiting = locks_for(place.turn)

    def on_given(booking: Booking) -> None:
        PlaceInLine.objects.filter(pk=place.pk, state=LineState.OFFERED).update(
            state=LineState.LEFT
        )
        offer_next(place.turn, booking.starts_at, organization_viewer(by), now, locked=waiting)

    request = _about("cancel", place.booking, waiting)
    claim(request, by=by, now=now, on_booked=on_given)


def take(place: PlaceInLine, *, by: Viewer, now: datetime) -> Session:
    """Take the time that is offered; taking it twice is taking it once."""
    _require_own(place, by)
    with reading(by.organization):
        place = PlaceInLine.objects.select_related("turn__slot__rota__program", "booking").get(
            pk=place.pk
        )
        if place.state == LineState.TAKEN and place.booking is not None:
            return Session.objects.select_related("booking", "program").get(booking=place.booking)
        if (
            place.state != LineState.OFFERED
            or place.booking is None
            or place.offered_until is None
            or place.offered_until <= now
        ):
            raise Conflict(
                _("This offer has run out. Wait in line again, or choose another time."),
                code="offer-over",
            )
    made: list[Session] = []

    def on_confirmed(booking: Booking) -> None:
        changed = PlaceInLine.objects.filter(pk=place.pk, state=LineState.OFFERED).update(
            state=LineState.TAKEN
        )
        if not changed:
            raise Conflict(_("This offer was answered already."), code="offer-over")
        fair(place.turn, place.person)
        made.append(make_visit(place.turn, booking, place.objective, place.note, by, now))

    claim(_about("confirm", place.booking, ()), by=by, now=now, on_booked=on_confirmed)
    return made[0]


def offer_next(
    turn: Turn, starts_at: datetime, by: Viewer, now: datetime, *, locked: tuple[int, ...]
) -> PlaceInLine | None:
    """Hold a freed time for the first in line who can take it, in the caller's transaction.

    `locked` are those in line whom the caller has locked; whoever has come to the line since is not
    asked, for a lock on them now would be out of order. Too close to the start nobody is asked any
    more: the time is free for all.
    """
    program = turn.slot.rota.program
    until = min(
        now + timedelta(minutes=turn.slot.rota.offer_minutes), starts_at - OFFER_ENDS_BEFORE
    )
    if until - now < SHORTEST_OFFER:
        return None
    line = turn.line.filter(state=LineState.WAITING, person_id__in=locked).select_related("person")
    for place in line.order_by("asked_at", "pk"):
        try:
            turn = bookable(turn, place.person, now)
            fair(turn, place.person)
            assert turn.host_id is not None
            with transaction.atomic():
                booking = claim(
                    ClaimRequest(
                        action="hold",
                        host_id=turn.host_id,
                        guest_ids=(place.person_id,),
                        minutes=program.session_minutes,
                        kind=program.model,
                        starts_at=starts_at,
                        daily_cap=program.daily_cap,
                        hold_until=until,
                        within_id=turn.booking_id,
                    ),
                    by=by,
                    now=now,
                )
        except Refusal:
            continue  # busy then, or enough already: the next one in line
        place.state, place.booking, place.offered_until = LineState.OFFERED, booking, until
        place.save(update_fields=["state", "booking", "offered_until"])
        announce_offer(place, now)
        return place
    return None


def pass_on(*, by: Viewer, now: datetime) -> int:
    """Let every offer that has run out go to the next in line; says how many."""
    with reading(by.organization):
        late = list(
            PlaceInLine.objects.filter(state=LineState.OFFERED, offered_until__lte=now)
            .select_related("turn__slot__rota__program", "booking")
            .order_by("offered_until", "pk")
        )
    for place in late:
        with writing(by.organization):
            lock_rota(Rota.objects.get(pk=place.turn.slot.rota_id))
            assert place.booking is not None
            waiting = locks_for(place.turn)
            lock_in_order({*waiting, place.person_id, place.booking.host_id})
            passed = PlaceInLine.objects.filter(pk=place.pk, state=LineState.OFFERED).update(
                state=LineState.PASSED
            )
            if passed:
                lapse_holds_of((place.person_id,), now)
                offer_next(place.turn, place.booking.starts_at, by, now, locked=waiting)
    return len(late)


def locks_for(turn: Turn) -> tuple[int, ...]:
    """Everybody who waits in the line of a turn."""
    waiting = turn.line.filter(Q(state=LineState.WAITING))
    return tuple(waiting.order_by("person_id").values_list("person_id", flat=True))


def organization_viewer(by: Viewer) -> Viewer:
    """Who offers times: the office hours themselves."""
    return Viewer.system(by.organization, "office hours")


def _require_own(place: PlaceInLine, by: Viewer) -> None:
    if by.person_id is None or place.person_id != by.person_id:
        raise NotFound(_("There is no such offer."))
    if not by.may("sessions:write"):
        raise NotAllowed(_("This key may not book sessions."))


def _about(action: str, booking: Booking, also: tuple[int, ...]) -> ClaimRequest:
    return ClaimRequest(
        action=action,  # type: ignore[arg-type]
        booking_public_id=booking.public_id,
        host_id=booking.host_id,
        guest_ids=(),
        minutes=minutes_of(booking),
        kind=booking.kind,
        also_locked=also,
    )
