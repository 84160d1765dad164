"""The time ledger: what is taken, held, moved and given back, and what must hold on every path."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from apps.calendars.conftest import TUESDAY, Take
from factories.world import NOW, World
from handrail.apps.calendars.actions import delete_past_cells, lapse_expired_holds
from handrail.apps.calendars.models import Booking, Busy, Cell, Seat
from handrail.apps.calendars.queries import free_starts, week_bits, who_blocks
from handrail.apps.calendars.refusals import (
    CapReached,
    NotLive,
    OutsideHours,
    Paused,
    SlotTaken,
    TooLate,
)
from handrail.apps.organizations.refusals import Invalid, NotFound
from handrail.apps.people.models import Person
from handrail.domain.scheduling import WhyNot, start_of_cell

HALF_HOUR = timedelta(minutes=30)


def cells(booking: Booking) -> set[tuple[str, str]]:
    """Who is taken when: name and the cell's time of the day in UTC."""
    rows = Cell.objects.filter(booking=booking).values_list("person__external_id", "cell")
    return {(name, f"{start_of_cell(cell):%H:%M}") for name, cell in rows}


def test_a_booking_takes_session_artifact_and_buffer_of_both(take: Take) -> None:
    booking = take()
    half_hour = ("10:00", "10:05", "10:10", "10:15", "10:20", "10:25")
    assert cells(booking) == {(name, at) for name in ("alice", "bob") for at in half_hour}
    assert booking.status == "confirmed"
    assert (booking.timezone, booking.wall_time) == ("Europe/Berlin", "2026-02-03T11:00")


def test_a_taken_time_is_refused_with_the_next_three(take: Take) -> None:
    take()
    with pytest.raises(SlotTaken) as refused:
        take(guest="charlie", at=TUESDAY + timedelta(minutes=10))
    assert refused.value.alternatives == [TUESDAY + n * HALF_HOUR for n in (1, 2, 3)]
    assert Booking.objects.count() == 1


def test_a_guest_is_not_in_two_places(world: World, take: Take) -> None:
    other = world.add("nora", role="mentor", minutes_per_week=60)
    take()
    with pytest.raises(SlotTaken, match="Bob is not free then"):
        take(host_id=other.pk)


def test_a_hold_takes_the_time_until_it_ends(take: Take) -> None:
    hold = take("hold")
    with pytest.raises(SlotTaken):
        take(guest="charlie", now=NOW + timedelta(minutes=29))
    won = take(guest="charlie", now=NOW + timedelta(minutes=30))
    hold.refresh_from_db()
    assert (hold.status, won.status) == ("lapsed", "confirmed")
    assert cells(hold) == set()


def test_a_hold_is_confirmed_in_place(take: Take) -> None:
    hold = take("hold")
    booking = take("confirm", of=hold)
    assert (booking.pk, booking.status, booking.hold_until) == (hold.pk, "confirmed", None)
    assert len(cells(booking)) == 12
    assert take("confirm", of=hold).pk == hold.pk


def test_a_lapsed_hold_is_claimed_anew_if_its_time_is_still_free(take: Take) -> None:
    hold = take("hold")
    later = NOW + timedelta(hours=1)
    lapse_expired_holds(later)
    assert Cell.objects.count() == 0
    assert take("confirm", of=hold, now=later).status == "confirmed"
    assert len(cells(hold)) == 12


def test_a_lapsed_hold_whose_time_is_gone_is_refused(take: Take) -> None:
    hold = take("hold")
    later = NOW + timedelta(hours=1)
    take(guest="charlie", now=later)
    with pytest.raises(SlotTaken):
        take("confirm", of=hold, now=later)


def test_a_hold_counts_against_the_day(world: World, take: Take) -> None:
    take("hold", daily_cap=1)
    with pytest.raises(CapReached, match="no more sessions that day"):
        take(guest="charlie", at=TUESDAY + HALF_HOUR, daily_cap=1)
    after = NOW + timedelta(hours=1)
    assert take(guest="charlie", at=TUESDAY + HALF_HOUR, daily_cap=1, now=after)


def test_the_limit_of_a_day_is_the_hosts_day(world: World, take: Take) -> None:
    Person.objects.filter(pk=world.people["alice"].pk).update(
        timezone="Pacific/Auckland", works_from_min=0, works_to_min=1440
    )
    Person.objects.update(works_from_min=0, works_to_min=1440)
    # 10:30 and 11:30 UTC are 23:30 and 00:30 in Auckland: two days there.
    assert take(at=TUESDAY + HALF_HOUR, daily_cap=1)
    assert take(at=TUESDAY + 3 * HALF_HOUR, daily_cap=1)
    with pytest.raises(CapReached):
        take(at=TUESDAY + 5 * HALF_HOUR, daily_cap=1)


def test_minutes_a_week_are_the_hosts_over_everything(world: World, take: Take) -> None:
    for n in range(3):
        take(at=TUESDAY + n * HALF_HOUR, kind="speed" if n else "cohort")
    with pytest.raises(CapReached, match="no more minutes that week") as refused:
        take(at=TUESDAY + 3 * HALF_HOUR)
    assert refused.value.alternatives[0] == datetime(2026, 2, 9, 8, tzinfo=TUESDAY.tzinfo)


def test_a_move_within_a_full_week_is_no_new_session(take: Take) -> None:
    booked = [take(at=TUESDAY + n * HALF_HOUR) for n in range(3)]
    moved = take("reschedule", of=booked[0], at=TUESDAY + timedelta(days=1))
    assert moved.starts_at == TUESDAY + timedelta(days=1)
    with pytest.raises(CapReached):
        take(at=TUESDAY, guest="charlie")


def test_a_move_keeps_the_daily_limit(take: Take) -> None:
    take()
    other = take(at=TUESDAY + timedelta(days=1), guest="charlie")
    with pytest.raises(CapReached):
        take("reschedule", of=other, at=TUESDAY + HALF_HOUR, daily_cap=1)
    other.refresh_from_db()
    assert other.starts_at == TUESDAY + timedelta(days=1)
    assert len(cells(other)) == 12


def test_a_refused_move_leaves_the_old_time_whole(take: Take) -> None:
    take()
    other = take(at=TUESDAY + timedelta(days=1), guest="charlie")
    before = cells(other)
    with pytest.raises(SlotTaken):
        take("reschedule", of=other, at=TUESDAY)
    other.refresh_from_db()
    assert (other.sequence, cells(other)) == (0, before)


def test_a_move_by_ten_minutes_does_not_meet_itself(take: Take) -> None:
    booking = take()
    moved = take("reschedule", of=booking, at=TUESDAY + timedelta(minutes=10))
    assert moved.sequence == 1
    assert {at for _name, at in cells(moved)} == {
        "10:10", "10:15", "10:20", "10:25", "10:30", "10:35",
    }  # fmt: skip


def test_a_cancelled_time_can_be_taken_at_once(take: Take) -> None:
    booking = take()
    assert take("cancel", of=booking).sequence == 1
    assert cells(booking) == set()
    assert take(guest="charlie").pk != booking.pk
    assert take("cancel", of=booking).sequence == 1


def test_what_was_cancelled_is_neither_moved_nor_confirmed(take: Take) -> None:
    booking = take()
    take("cancel", of=booking)
    for action in ("reschedule", "confirm"):
        with pytest.raises(NotLive):
            take(action, of=booking, at=TUESDAY + HALF_HOUR)


def test_outside_somebodys_hours_past_and_paused_are_refused_by_name(
    world: World, take: Take
) -> None:
    with pytest.raises(OutsideHours, match="does not work then"):
        take(at=TUESDAY.replace(hour=20))
    with pytest.raises(TooLate):
        take(at=NOW - HALF_HOUR)
    with pytest.raises(TooLate):
        take(at=NOW + HALF_HOUR, min_notice_minutes=60)
    Person.objects.filter(pk=world.people["alice"].pk).update(pause_until=date(2026, 2, 3))
    with pytest.raises(Paused, match="Alice pauses then"):
        take()
    assert take(at=TUESDAY + timedelta(days=1))


def test_a_busy_time_of_the_calendar_blocks_without_saying_why(world: World, take: Take) -> None:
    alice = world.people["alice"]
    Busy.objects.create(
        organization=world.organization,
        person=alice,
        source="work",
        starts_at=TUESDAY + timedelta(minutes=22),
        ends_at=TUESDAY + timedelta(minutes=40),
    )
    with pytest.raises(SlotTaken, match="Alice is not free then"):
        take()
    (blocked,) = who_blocks([alice, world.people["bob"]], TUESDAY, 20, now=NOW)
    assert (blocked.person, blocked.why, blocked.name) == (alice, WhyNot.BUSY, "work")


@pytest.mark.parametrize(
    "wrong",
    [
        {"at": TUESDAY + timedelta(minutes=3)},
        {"at": TUESDAY.replace(tzinfo=None)},
        {"minutes": 15},
        {"minutes": 35},
        {"minutes": 22},
        {"guest": "alice"},
        {"guest_ids": ()},
        {"action": "hold", "hold_until": None},
    ],
)
def test_what_makes_no_sense_is_refused(take: Take, wrong: dict[str, object]) -> None:
    with pytest.raises(Invalid):
        take(**wrong)
    assert not Booking.objects.exists()


def test_a_booking_that_is_not_there_is_not_found(world: World, take: Take) -> None:
    booking = take()
    Seat.objects.filter(booking=booking).delete()
    Cell.objects.filter(booking=booking).delete()
    booking.delete()
    with pytest.raises(NotFound):
        take("cancel", of=booking)


@pytest.mark.django_db(transaction=True)
def test_the_same_key_takes_once_and_a_refusal_is_remembered(
    transactional_db: None, world: World, take: Take
) -> None:
    first = take(key="one")
    assert take(key="one") == first
    assert Booking.objects.count() == 1
    with pytest.raises(SlotTaken):
        take(key="two", guest="charlie")
    take("cancel", of=first)
    with pytest.raises(SlotTaken):  # the late twin must not book a slot that was given back since
        take(key="two", guest="charlie")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("verb", ["book", "hold", "reschedule"])
def test_a_time_that_is_gone_is_refused_before_anybody_is_locked(take: Take, verb: str) -> None:
    take()
    own = take(guest="charlie", at=TUESDAY + HALF_HOUR)
    before = dict(Person.objects.values_list("external_id", "rev"))
    with pytest.raises(SlotTaken, match="Alice is not free then") as refused:
        take(verb, guest="charlie", of=own if verb == "reschedule" else None)
    assert refused.value.alternatives[0] == TUESDAY + (1 if verb == "reschedule" else 2) * HALF_HOUR
    assert dict(Person.objects.values_list("external_id", "rev")) == before


def test_the_page_the_week_and_the_ledger_agree(world: World, take: Take) -> None:
    alice, bob = world.people["alice"], world.people["bob"]
    booking = take()
    hold = take("hold", at=TUESDAY + 2 * HALF_HOUR, guest="charlie")
    starts = free_starts(
        [alice, bob], TUESDAY - HALF_HOUR, TUESDAY + 4 * HALF_HOUR, 20, now=NOW, host=alice
    )
    assert starts == [TUESDAY + n * HALF_HOUR for n in (-1, 1, 3)]
    bits = week_bits([alice], date(2026, 2, 2), now=NOW)[alice.pk]
    free = {n for n in range(336) if bits >> n & 1}
    slot = 48 + 20  # Tuesday 10:00
    assert not {slot, slot + 2} & free
    assert {slot - 1, slot + 1, slot + 3} <= free
    take("cancel", of=booking)
    lapse_expired_holds(NOW + timedelta(hours=1))
    hold.refresh_from_db()
    assert hold.status == "lapsed"
    assert Cell.objects.count() == 0


def test_cells_of_days_gone_by_are_forgotten(take: Take) -> None:
    take()
    assert delete_past_cells(TUESDAY + timedelta(days=1)) == 0
    assert delete_past_cells(TUESDAY + timedelta(days=3)) == 12
