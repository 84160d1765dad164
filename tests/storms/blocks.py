"""Office hours in a storm: all want the same times, some cancel, and mentors hand turns on."""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from typing import Any

from factories.world import World
from handrail.apps.calendars.models import LIVE_STATUSES, RESERVED, Booking, Cell, Seat
from handrail.apps.office_hours import actions
from handrail.apps.office_hours.models import LineState, PlaceInLine, Rota, RotaSlot, Turn
from handrail.apps.organizations.refusals import Refusal
from handrail.apps.organizations.scope import reading
from handrail.apps.people.queries import viewer_for_person
from handrail.apps.programs.actions import create_program, enrol, start_program
from handrail.apps.sessions.actions import cancel
from handrail.apps.sessions.models import Session, SessionState

NOW = datetime(2026, 2, 2, 8, tzinfo=UTC)
Race = Callable[[int, int, Callable[[int, int], bool]], list[int]]


def office_hours(
    world: World, mentors: list[Any], guests: list[Any], race: Race, rounds: int, seed: int
) -> dict[str, Any]:
    """A turn a round: all book or wait, the first hands every other turn on, the second cancels."""
    by = world.system
    with reading(world.organization):
        turns = _turns(world, mentors, rounds)

    def run(number: int, turn: int) -> bool:
        chance = random.Random(f"{seed}/{number}/{turn}")
        with reading(world.organization):
            me = viewer_for_person(guests[number])
            try:
                if number == 0 and turn % 2:
                    actions.cannot(turns[turn], by=by, now=NOW)
                    return False
                here = Turn.objects.select_related("slot__rota__program").get(pk=turns[turn].pk)
                start = here.starts_at + timedelta(minutes=30 * chance.randrange(2))
                made = actions.book(here, start, "Get unstuck", by=me, now=NOW)
                if number == 1:
                    cancel(made, by=me, now=NOW)
                return True
            except Refusal:
                pass
            with suppress(Refusal):
                actions.wait(turns[turn], "Get unstuck", by=me, now=NOW)
        return False

    race(len(guests), rounds, run)
    with reading(world.organization):
        held = sum(_held(turn) for turn in turns)
        # When all is quiet and nobody waits, one more is cancelled: the block has its time back.
        for place in PlaceInLine.objects.filter(state=LineState.WAITING).select_related("person"):
            actions.leave(place, by=viewer_for_person(place.person), now=NOW)
        left = Session.objects.filter(state=SessionState.SCHEDULED).first()
        if left is not None:
            cancel(left, by=by, now=NOW)
        return {"held": held, **wrong(turns)}


def _turns(world: World, mentors: list[Any], rounds: int) -> list[Turn]:
    by = world.system
    program = create_program("office-hours", starts_on=date(2026, 2, 2), by=by, now=NOW)
    rota = Rota.objects.get(program=program)
    for slot in RotaSlot.objects.filter(rota=rota):
        actions.remove_slot(slot, by=by, now=NOW)
    actions.add_slot(rota, 1, 600, 60, "UTC", by=by, now=NOW)
    actions.edit_rules(rota, by=by, now=NOW, plan_weeks=min(12, rounds), fair_sessions=0)
    start_program(program, by=by, now=NOW)
    for person in mentors:
        enrol(program, person, "mentor", by=by, now=NOW)
    actions.plan(rota, by=by, now=NOW)
    return list(Turn.objects.filter(slot__rota=rota, state="planned").order_by("starts_at"))


def _held(turn: Turn) -> int:
    return Session.objects.filter(booking__within__turn=turn, state=SessionState.SCHEDULED).count()


def wrong(turns: list[Turn]) -> dict[str, int]:
    """Two sessions at once, sessions with another mentor than the turn's, cells out of place."""
    live = list(Booking.objects.filter(status__in=LIVE_STATUSES))
    inside = [b for b in live if b.kind != RESERVED]
    blocks = {b.pk: b for b in live if b.kind == RESERVED}
    seats = Seat.objects.filter(booking__in=live).values_list("booking_id", "person_id")
    spans = {
        b.pk: range(int(b.starts_at.timestamp()) // 300, int(b.occupied_until.timestamp()) // 300)
        for b in live
    }
    wanted = {(pk, person, cell) for pk, person in seats for cell in spans[pk]}
    lent = {(b.within_id, b.host_id, cell) for b in inside for cell in spans[b.pk]}
    held = set(Cell.objects.values_list("booking_id", "person_id", "cell"))
    taken = [(person, cell) for pk, person, cell in wanted if pk not in blocks]
    return {
        "overlaps": len(taken) - len(set(taken)),
        "cells_astray": len((wanted - lent) ^ held),
        "other_host": sum(
            b.within_id not in blocks or blocks[b.within_id].host_id != b.host_id for b in inside
        ),
    }
