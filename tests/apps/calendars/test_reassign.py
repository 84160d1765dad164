"""Another host for a booking: the old time is free at once, a refusal leaves everything whole."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from apps.calendars.conftest import TUESDAY, Take
from apps.calendars.test_claim import cells
from factories.world import NOW, World
from handrail.apps.calendars import claim as ledger
from handrail.apps.calendars.models import Booking, Cell, Seat
from handrail.apps.calendars.refusals import CapReached, NotLive, SlotTaken
from handrail.apps.organizations.refusals import Invalid
from handrail.apps.people.models import Person

HALF_HOUR = timedelta(minutes=30)
SIX = {f"10:{m:02}" for m in range(0, 30, 5)}


@pytest.fixture
def nora(world: World) -> Person:
    return world.add("nora", role="mentor", minutes_per_week=40)


def whole(booking: Booking) -> dict[str, Any]:
    """Everything there is to say about a booking."""
    booking.refresh_from_db()
    return {
        "host": booking.host.external_id,
        "starts_at": booking.starts_at,
        "uid": booking.uid,
        "sequence": booking.sequence,
        "status": booking.status,
        "timezone": booking.timezone,
        "cells": cells(booking),
        "seats": list(Seat.objects.filter(booking=booking).values_list("n", "person_id")),
    }


def test_the_old_hosts_time_can_be_booked_at_once_and_the_entry_stays_one(
    world: World, take: Take, nora: Person
) -> None:
    first = take()
    before = whole(first)
    take("reassign", of=first, new_host_id=nora.pk, at=None)
    after = whole(first)
    assert (after["host"], after["uid"], after["sequence"]) == ("nora", before["uid"], 1)
    assert after["cells"] == {(name, at) for name in ("nora", "bob") for at in SIX}
    assert after["seats"] == [(0, nora.pk), (1, world.people["bob"].pk)]
    again = take(guest="charlie")
    assert {name for name, _ in cells(again)} == {"alice", "charlie"}
    with pytest.raises(SlotTaken):
        take(host_id=nora.pk, guest="mona")


def test_it_may_move_with_its_new_host(world: World, take: Take, nora: Person) -> None:
    first = take()
    take("reassign", of=first, new_host_id=nora.pk, at=TUESDAY + HALF_HOUR)
    assert whole(first)["starts_at"] == TUESDAY + HALF_HOUR
    assert (whole(first)["sequence"], whole(first)["host"]) == (1, "nora")
    assert take(guest="bob").status == "confirmed"  # bob's old time is free too


def test_a_new_hosts_expired_hold_stands_in_nobodys_way(
    world: World, take: Take, nora: Person
) -> None:
    first = take()
    take("hold", host_id=nora.pk, guest="charlie")
    with pytest.raises(SlotTaken):
        take("reassign", of=first, new_host_id=nora.pk, at=None)
    take("reassign", of=first, new_host_id=nora.pk, at=None, now=NOW + timedelta(hours=1))
    assert whole(first)["host"] == "nora"
    assert ledger.guard.cell_guard_hits == 0


def test_a_refusal_leaves_everything_whole(world: World, take: Take, nora: Person) -> None:
    first = take()
    taken = take(host_id=nora.pk, guest="charlie", at=TUESDAY + HALF_HOUR / 6)
    before, other = whole(first), whole(taken)
    with pytest.raises(SlotTaken):
        take("reassign", of=first, new_host_id=nora.pk, at=None)
    with pytest.raises(Invalid):
        take("reassign", of=first, new_host_id=world.people["bob"].pk, at=None)
    assert (whole(first), whole(taken)) == (before, other)
    take("cancel", of=first)
    with pytest.raises(NotLive):
        take("reassign", of=first, new_host_id=nora.pk, at=None)


def test_the_new_hosts_minutes_and_the_programs_day_hold_here_too(
    world: World, take: Take, nora: Person
) -> None:
    late = [take(at=TUESDAY + hours * HALF_HOUR, guest="bob") for hours in (0, 2, 4)]
    take("reassign", of=late[0], new_host_id=nora.pk, at=None)
    with pytest.raises(CapReached):
        take("reassign", of=late[1], new_host_id=nora.pk, at=None, daily_cap=1)
    take("reassign", of=late[1], new_host_id=nora.pk, at=None)
    with pytest.raises(CapReached):
        take("reassign", of=late[2], new_host_id=nora.pk, at=None)
    assert whole(late[2])["host"] == "alice"


def test_a_reassign_that_forgets_the_limit_is_found_out(
    world: World, take: Take, nora: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The mutant: `check` is left out where a booking changes hands."""
    real = ledger.check

    def forgetful(request: Any, *args: Any, **more: Any) -> None:
        if request.action != "reassign":
            real(request, *args, **more)

    monkeypatch.setattr(ledger, "check", forgetful)
    given = [take(at=TUESDAY + n * HALF_HOUR) for n in (0, 2)]
    nora.minutes_per_week = 20
    nora.save(update_fields=["minutes_per_week"])
    for booking in given:
        take("reassign", of=booking, new_host_id=nora.pk, at=None)
    # What the judges of the ledger look for: more given than the mentor has.
    minutes = [
        int((b.ends_at - b.starts_at).total_seconds() // 60)
        for b in Booking.objects.filter(host=nora)
    ]
    assert sum(minutes) > nora.minutes_per_week
    assert Cell.objects.filter(person=nora).count() == 12
