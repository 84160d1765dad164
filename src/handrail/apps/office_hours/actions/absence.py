"""A mentor cannot: the turn moves on with all that is booked in it, or everybody is told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from handrail.apps.calendars.claim import claim
from handrail.apps.calendars.locks import lapse_holds_of
from handrail.apps.calendars.models import Booking, Seat
from handrail.apps.calendars.requests import ClaimRequest
from handrail.apps.calendars.spans import minutes_of
from handrail.apps.matches.parting import kept_apart
from handrail.apps.office_hours.actions.access import audit, lock_rota, lock_turn
from handrail.apps.office_hours.actions.planning import booked_inside
from handrail.apps.office_hours.announcing import announce_nobody, announce_off, announce_turn
from handrail.apps.office_hours.models import (
    IN_LINE,
    LineState,
    PlaceInLine,
    Rota,
    Turn,
    TurnAbsence,
    TurnState,
)
from handrail.apps.office_hours.pool import in_order, lock_in_order, mentors_of
from handrail.apps.organizations.refusals import Conflict, NotAllowed, Refusal
from handrail.apps.organizations.scope import writing
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.people.models import Person
from handrail.apps.programs.queries import require_run
from handrail.apps.sessions.actions import cancel, hand_over
from handrail.apps.sessions.models import Session


def cannot(turn: Turn, *, by: Viewer, now: datetime) -> Turn:
    """Say that the host cannot hold a turn, by the host or who runs the program.

    It moves on to whoever is next; what is booked keeps its time. The turn is owed: it counts for
    who takes it. Where nobody can, booked sessions are cancelled and everybody is told. Saying it
    twice is saying it once.
    """
    if not by.may("sessions:write"):
        raise NotAllowed(_("This key may not change sessions."))
    with writing(by.organization):
        rota = lock_rota(Rota.objects.get(slots__turns=turn))
        found = Turn.objects.get(pk=turn.pk)
        said = TurnAbsence.objects.filter(turn=found).values_list("person_id", flat=True)
        if found.host_id != by.person_id and by.person_id in set(said):
            return found
        if by.person_id is None or found.host_id != by.person_id:
            require_run(by, rota.program, "sessions:write")
        if found.state != TurnState.PLANNED or found.host_id is None:
            raise Conflict(_("Nobody holds this turn."), code="turn-open")
        if found.starts_at <= now:
            raise Conflict(
                _("This turn has begun. Cancel the sessions that you cannot hold."),
                code="turn-begun",
            )
        return move_on(rota, found, by=by, now=now)


def move_on(rota: Rota, turn: Turn, *, by: Viewer, now: datetime) -> Turn:
    """Give the turn to the next mentor in the caller's transaction, which has locked the rota."""
    mentors = mentors_of(rota.program, now)
    seated = _lock(turn, {person.pk for person in mentors} | {turn.host_id or 0})
    lapse_holds_of(tuple(sorted(seated)), now)
    turn = lock_turn(turn)
    assert turn.host is not None
    absent, guests = turn.host, seated - {turn.host_id}
    TurnAbsence.objects.get_or_create(
        organization=by.organization, turn=turn, person=absent, defaults={"said_at": now}
    )
    away = set(turn.absences.values_list("person_id", flat=True)) | guests
    apart = kept_apart(rota.program)
    able = [
        person
        for person in mentors
        if person.pk not in away and not any((guest, person.pk) in apart for guest in guests)
    ]
    who = {"code": "moved_on", "params": {"absent": str(absent.public_id)}}
    inside = booked_inside(turn)
    for person, why in in_order(rota, able, str(turn.public_id), now=now):
        if _taken_over(turn, person, inside, by, now):
            turn.host, turn.reasons, turn.planned_at = person, [who, why], now
            turn.save(update_fields=["host", "reasons", "planned_at"])
            announce_off(turn, absent, now)
            announce_turn(turn, now)
            audit("moved_on", rota.program, by, now, turn=str(turn.public_id))
            return turn
    return _nobody(rota, turn, absent, inside, by, now)


def _lock(turn: Turn, pool: set[int]) -> set[int]:
    """Lock the pool and everybody in the turn in order of id; answers who sits in it.

    Until the host is locked somebody may still book. Then the locks are given up and taken anew:
    to lock one more afterwards would be out of order.
    """
    while True:
        wanted = pool | _seated(turn)
        mark = transaction.savepoint()
        lock_in_order(wanted)
        seated = _seated(turn)
        if seated <= wanted:
            transaction.savepoint_commit(mark)
            return seated
        transaction.savepoint_rollback(mark)


def _seated(turn: Turn) -> set[int]:
    inside = booked_inside(turn)
    return set(Seat.objects.filter(booking__in=inside).values_list("person_id", flat=True))


def _taken_over(
    turn: Turn, mentor: Person, inside: Sequence[Booking], by: Viewer, now: datetime
) -> bool:
    """Whether the mentor took the block with all that is booked in it; else nothing changed."""
    system = Viewer.system(by.organization, "office hours")
    assert turn.booking is not None
    sessions = {
        session.booking_id: session for session in Session.objects.filter(booking__in=inside)
    }
    try:
        with transaction.atomic():
            _reassign(turn.booking, mentor, None, system, now)
            for booking in inside:
                if (session := sessions.get(booking.pk)) is not None:
                    hand_over(session, mentor, within_id=turn.booking_id, by=system, now=now)
                else:
                    _reassign(booking, mentor, turn.booking_id, system, now)
    except Refusal:
        turn.booking.refresh_from_db()
        return False
    turn.booking.refresh_from_db()
    return True


def _reassign(
    booking: Booking, mentor: Person, within_id: int | None, by: Viewer, now: datetime
) -> None:
    claim(
        ClaimRequest(
            action="reassign",
            booking_public_id=booking.public_id,
            host_id=booking.host_id,
            new_host_id=mentor.pk,
            guest_ids=(),  # who sits in it is read under the lock
            minutes=minutes_of(booking),
            kind=booking.kind,
            within_id=within_id,
        ),
        by=by,
        now=now,
    )


def _nobody(
    rota: Rota,
    turn: Turn,
    absent: Person,
    inside: Sequence[Booking],
    by: Viewer,
    now: datetime,
) -> Turn:
    """Nobody can: what is booked is cancelled, and the lead, those booked and the line are told."""
    system = Viewer.system(by.organization, "office hours")
    told = list(Person.objects.filter(seats__booking__in=inside).exclude(pk=absent.pk).distinct())
    told += [place.person for place in turn.line.filter(state=LineState.WAITING)]
    turn.state, turn.host = TurnState.NOBODY, None
    turn.reasons = [{"code": "nobody_takes_over", "params": {"absent": str(absent.public_id)}}]
    turn.save(update_fields=["state", "host", "reasons"])
    PlaceInLine.objects.filter(turn=turn, state__in=IN_LINE).update(state=LineState.LEFT)
    sessions = {s.booking_id: s for s in Session.objects.filter(booking__in=inside)}
    for booking in inside:
        if (session := sessions.get(booking.pk)) is not None:
            cancel(session, by=system, now=now)
        else:
            give_back(booking, by=system, now=now)
    announce_off(turn, absent, now)
    free(turn, by=system, now=now)
    announce_nobody(turn, told, now)
    audit("nobody", rota.program, by, now, turn=str(turn.public_id))
    return turn


def free(turn: Turn, *, by: Viewer, now: datetime) -> None:
    """Give the mentor's time back; the turn may get another booking later."""
    if turn.booking is not None:
        give_back(turn.booking, by=by, now=now)
        turn.booking = None
        turn.save(update_fields=["booking"])


def give_back(booking: Booking, *, by: Viewer, now: datetime) -> None:
    """Free what a booking takes."""
    claim(
        ClaimRequest(
            action="cancel",
            booking_public_id=booking.public_id,
            host_id=booking.host_id,
            guest_ids=(),
            minutes=minutes_of(booking),
            kind=booking.kind,
        ),
        by=by,
        now=now,
    )
