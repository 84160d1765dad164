"""A block that is kept against everything else, lent to what lies in it, and given back."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from apps.calendars.conftest import TUESDAY, Take
from apps.calendars.test_claim import cells
from factories.world import NOW, World
from handrail.apps.calendars.actions import lapse_expired_holds
from handrail.apps.calendars.models import RESERVED, Booking, Cell, Seat
from handrail.apps.calendars.queries import minutes_booked
from handrail.apps.calendars.refusals import CapReached, NotLive, OutsideHours, SlotTaken

HALF_HOUR = timedelta(minutes=30)
# An hour from 10:00 UTC with alice's five minutes after it, as cells of five minutes.
WHOLE = {f"10:{m:02}" for m in range(0, 60, 5)} | {"11:00"}
FIRST = {f"10:{m:02}" for m in range(0, 30, 5)}


@pytest.fixture
def block(take: Take) -> Booking:
    return take("reserve", guest_ids=(), minutes=60, kind=RESERVED)


def hers(booking: Booking) -> set[str]:
    return {at for name, at in cells(booking) if name == "alice"}


def test_a_block_keeps_its_time_and_gives_no_minutes(
    world: World, block: Booking, take: Take
) -> None:
    assert hers(block) == WHOLE
    assert [seat.person.external_id for seat in Seat.objects.all()] == ["alice"]
    assert minutes_booked(world.people["alice"], date(2026, 2, 3), now=NOW) == 0
    for at in (TUESDAY, TUESDAY - timedelta(minutes=5), TUESDAY + timedelta(minutes=55)):
        with pytest.raises(SlotTaken):
            take(at=at)
    assert take(at=TUESDAY + timedelta(minutes=65)).status == "confirmed"


def test_what_lies_in_it_takes_its_part_over_and_gives_it_back(
    world: World, block: Booking, take: Take
) -> None:
    first = take(within_id=block.pk)
    second = take(within_id=block.pk, guest="charlie", at=TUESDAY + HALF_HOUR)
    assert (hers(first), hers(second), hers(block)) == (FIRST, WHOLE - FIRST - {"11:00"}, {"11:00"})
    # Counted once: 20 minutes each, the block itself none.
    assert minutes_booked(world.people["alice"], date(2026, 2, 3), now=NOW) == 40
    take("cancel", of=first)
    assert (hers(first), hers(block)) == (set(), FIRST | {"11:00"})
    with pytest.raises(SlotTaken):  # it is kept again, not free for everything else
        take(guest="mona")
    assert hers(take(within_id=block.pk, guest="mona")) == FIRST
    assert Cell.objects.filter(person=world.people["alice"]).count() == 13


def test_a_hold_that_runs_out_gives_its_part_back(block: Booking, take: Take) -> None:
    held = take("hold", within_id=block.pk)
    assert hers(block) == WHOLE - FIRST
    lapse_expired_holds(NOW + HALF_HOUR)
    held.refresh_from_db()
    assert (held.status, hers(block)) == ("lapsed", WHOLE)


def test_it_lies_in_the_block_with_its_artifact(block: Booking, take: Take) -> None:
    for minutes in (-5, 40, 60):
        with pytest.raises(OutsideHours):
            take(within_id=block.pk, at=TUESDAY + timedelta(minutes=minutes))
    take(within_id=block.pk, at=TUESDAY + timedelta(minutes=35))
    with pytest.raises(SlotTaken):
        take(within_id=block.pk, at=TUESDAY + timedelta(minutes=30), guest="charlie")
    take("cancel", of=block)
    with pytest.raises(NotLive):
        take(within_id=block.pk)


def test_what_lies_in_it_keeps_the_weekly_minutes(world: World, block: Booking, take: Take) -> None:
    for n in range(3):
        take(at=TUESDAY + timedelta(days=1, hours=n))  # 60 minutes a week are given
    with pytest.raises(CapReached):
        take(within_id=block.pk, guest="charlie")
    assert hers(block) == WHOLE


def test_a_block_and_what_lies_in_it_get_another_host(
    world: World, block: Booking, take: Take
) -> None:
    nora = world.add("nora", role="mentor", minutes_per_week=20)
    first = take(within_id=block.pk)
    second = take(within_id=block.pk, guest="charlie", at=TUESDAY + HALF_HOUR)
    take("reassign", of=block, new_host_id=nora.pk, at=None)
    take("reassign", of=first, new_host_id=nora.pk, within_id=block.pk, at=None)
    first.refresh_from_db()
    assert (first.host_id, first.sequence, first.starts_at) == (nora.pk, 1, TUESDAY)
    assert cells(first) == {(name, at) for name in ("nora", "bob") for at in FIRST}
    assert cells(block) == {("nora", at) for at in WHOLE - FIRST}
    seats = Seat.objects.filter(booking=first).values_list("n", "person__external_id")
    assert list(seats) == [(0, "nora"), (1, "bob")]
    # The new host's own minutes hold here too: the second stays where it was, whole.
    with pytest.raises(CapReached):
        take("reassign", of=second, new_host_id=nora.pk, within_id=block.pk, at=None)
    assert hers(second) == WHOLE - FIRST - {"11:00"}
