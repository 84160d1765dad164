"""Turns some weeks ahead: who holds which block, as evenly as can be, each with its reason."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from handrail.apps.calendars.claim import claim
from handrail.apps.calendars.models import LIVE_STATUSES, RESERVED, Booking, ClosedDay
from handrail.apps.calendars.requests import ClaimRequest
from handrail.apps.office_hours.actions.access import audit, lock_rota
from handrail.apps.office_hours.announcing import announce_nobody, announce_turn
from handrail.apps.office_hours.models import Rota, RotaSlot, Turn, TurnState
from handrail.apps.office_hours.pool import accounts, in_order, lock_in_order, mentors_of, who_can
from handrail.apps.organizations.refusals import Refusal
from handrail.apps.organizations.scope import writing
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.people.models import Person
from handrail.apps.programs.models import ProgramStatus
from handrail.domain import matching
from handrail.domain.scheduling import moment


def plan(rota: Rota, *, by: Viewer, now: datetime) -> int:
    """Give every block of the coming weeks that has no turn yet to a mentor; says how many.

    Turns that stand are not touched. A block that nobody could hold is tried again.
    """
    with writing(by.organization):
        rota = lock_rota(rota)
        if rota.program.status != ProgramStatus.RUNNING:
            return 0
        turns = _new_turns(rota, now) + _without_host(rota, now)
        if not turns:
            return 0
        mentors = mentors_of(rota.program, now)
        lock_in_order(person.pk for person in mentors)
        return _give(rota, turns, mentors, by, now)


def _give(rota: Rota, turns: list[Turn], mentors: list[Person], by: Viewer, now: datetime) -> int:
    able = who_can([(t.starts_at, t.ends_at) for t in turns], mentors, rota.program, now=now)
    away = {turn.pk: _absent(turn) for turn in turns}
    able = [can - away[turn.pk] for turn, can in zip(turns, able, strict=True)]
    levels = accounts(rota, mentors)
    made = matching.plan_rota(
        [_turn_of(turn) for turn in turns],
        [
            matching.Host(
                str(person.public_id),
                frozenset(
                    str(turn.public_id)
                    for turn, can in zip(turns, able, strict=True)
                    if person.pk in can
                ),
                levels[person.pk],
                a_week=max(1, person.minutes_per_week // rota.program.session_minutes),
            )
            for person in mentors
        ],
        seed=rota.program.seed,
    )
    people = {str(person.public_id): person for person in mentors}
    of_turn = {str(turn.public_id): turn for turn in turns}
    can_hold = {str(turn.public_id): can for turn, can in zip(turns, able, strict=True)}
    given = 0
    for held in made.turns:
        turn = of_turn[held.turn]
        reasons = [reason.document() for reason in held.reasons]
        host = people.get(held.host or "")
        kept = host is not None and reserve(turn, host, reasons, by, now)
        if kept or _give_to_another(rota, turn, can_hold[held.turn], host, mentors, by, now):
            given += 1
        else:
            _nobody(turn, reasons, now)
    Rota.objects.filter(pk=rota.pk).update(uneven=[reason.document() for reason in made.uneven])
    if given:
        audit("planned", rota.program, by, now, turns=given)
    return given


def _give_to_another(
    rota: Rota,
    turn: Turn,
    can: set[int],
    taken: Person | None,
    mentors: Sequence[Person],
    by: Viewer,
    now: datetime,
) -> bool:
    """The next one in order, where whoever was planned cannot after all."""
    if taken is None:
        return False
    others = [person for person in mentors if person.pk in can and person.pk != taken.pk]
    for person, why in in_order(rota, others, str(turn.public_id), now=now):
        if reserve(turn, person, [why], by, now):
            return True
    return False


def reserve(turn: Turn, host: Person, reasons: list[Any], by: Viewer, now: datetime) -> bool:
    """Keep the mentor's time for the turn; False where it is not free."""
    try:
        with transaction.atomic():
            booking = claim(
                ClaimRequest(
                    action="reserve",
                    host_id=host.pk,
                    guest_ids=(),
                    minutes=int((turn.ends_at - turn.starts_at).total_seconds() // 60),
                    kind=RESERVED,
                    starts_at=turn.starts_at,
                ),
                by=by,
                now=now,
            )
    except Refusal:
        return False
    turn.state, turn.host, turn.booking, turn.reasons = TurnState.PLANNED, host, booking, reasons
    turn.planned_at = now
    turn.save()
    announce_turn(turn, now)
    return True


def _nobody(turn: Turn, reasons: list[Any], now: datetime) -> None:
    if turn.pk is not None and turn.state == TurnState.NOBODY:
        return  # it was said when it became so
    turn.state, turn.host, turn.reasons = TurnState.NOBODY, None, reasons
    turn.save()
    announce_nobody(turn, [], now)


def _turn_of(turn: Turn) -> matching.Turn:
    year, week, _day = turn.day.isocalendar()
    return matching.Turn(
        str(turn.public_id), int(turn.starts_at.timestamp()) // 60, year * 100 + week
    )


def _absent(turn: Turn) -> set[int]:
    if turn.pk is None:
        return set()
    return set(turn.absences.values_list("person_id", flat=True))


def _without_host(rota: Rota, now: datetime) -> list[Turn]:
    turns = Turn.objects.filter(
        slot__rota=rota, slot__removed_at=None, state=TurnState.NOBODY, starts_at__gt=now
    )
    return list(turns.select_related("slot"))


def _new_turns(rota: Rota, now: datetime) -> list[Turn]:
    """A turn for each block of the coming weeks that has none; closed days are written down."""
    program = rota.program
    slots = list(RotaSlot.objects.filter(rota=rota, removed_at=None))
    there = set(Turn.objects.filter(slot__rota=rota, ends_at__gt=now).values_list("slot_id", "day"))
    closed = set(ClosedDay.objects.values_list("day", flat=True))
    found = []
    for slot in slots:
        today = now.astimezone(ZoneInfo(slot.timezone)).date()
        last = min(today + timedelta(weeks=rota.plan_weeks), program.ends_on)
        for day in _weekdays(slot.weekday, max(today, program.starts_on), last):
            starts_at = moment(slot.timezone, day, slot.starts_min)
            if (slot.pk, day) in there or starts_at <= now:
                continue
            turn = Turn(
                organization_id=rota.organization_id,
                slot=slot,
                day=day,
                starts_at=starts_at,
                ends_at=starts_at + timedelta(minutes=slot.minutes),
                state=TurnState.DAY_OFF,
                planned_at=now,
            )
            if day in closed:
                turn.save()
            else:
                found.append(turn)
    return found


def _weekdays(weekday: int, first: date, last: date) -> list[date]:
    start = first + timedelta(days=(weekday - first.weekday()) % 7)
    return [start + timedelta(days=n) for n in range(0, (last - start).days + 1, 7)]


def booked_inside(turn: Turn) -> list[Booking]:
    """What lives in a turn, by id."""
    if turn.booking_id is None:
        return []
    return list(
        Booking.objects.filter(within_id=turn.booking_id, status__in=LIVE_STATUSES).order_by("pk")
    )
