"""A booking for several people: the host's time once, a seat and their own time for each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.calendars.conftest import TUESDAY
from factories.world import NOW, World
from handrail.apps.calendars.claim import claim
from handrail.apps.calendars.models import Booking, Busy, Cell, Seat
from handrail.apps.calendars.queries import minutes_booked
from handrail.apps.calendars.refusals import AlreadySeated, NoSeatLeft, NotLive, SlotTaken
from handrail.apps.calendars.requests import ClaimRequest
from handrail.apps.organizations.refusals import Refusal

GUESTS = ("bob", "charlie", "dora", "emil", "fay")
Group = Callable[..., Booking]


@pytest.fixture
def group(world: World) -> Group:
    """Claim for a group of alice's: group("bob", "dora"), group("emil", do="join", of=one)."""
    for name in ("dora", "emil", "fay"):
        world.add(name, role="mentee")

    def group(*names: str, do: Any = "book", of: Booking | None = None, **more: Any) -> Booking:
        request = ClaimRequest(
            action=do,
            host_id=world.people["alice"].pk,
            guest_ids=tuple(world.people[name].pk for name in names),
            minutes=30,
            kind="cohort",
            starts_at=TUESDAY,
            capacity=3,
            booking_public_id=of.public_id if of else None,
        )
        in_line = tuple(world.people[name].pk for name in more.pop("in_line", ()))
        return claim(replace(request, in_line=in_line, **more), by=world.system, now=NOW)

    return group


def seated(booking: Booking) -> list[str]:
    seats = Seat.objects.filter(booking=booking).exclude(attendance="late_cancelled")
    return list(seats.order_by("n").values_list("person__external_id", flat=True))


def whole(booking: Booking) -> None:
    """What must hold after every step: seats within the capacity, and exactly their time taken."""
    names = seated(booking)
    assert len(names) == len(set(names)) <= booking.capacity + 1
    assert names[0] == "alice"
    cells = Cell.objects.filter(booking=booking).values_list("person__external_id", flat=True)
    assert {name: list(cells).count(name) for name in names} == dict.fromkeys(names, 8)
    assert len(cells) == 8 * len(names)


def test_a_group_takes_its_hosts_time_once_and_charges_it_once(world: World, group: Group) -> None:
    booking = group("bob", "dora")
    assert seated(booking) == ["alice", "bob", "dora"]
    whole(booking)
    group("emil", do="join", of=booking)
    whole(booking)
    # Thirty of alice's sixty minutes a week, however many people sit there.
    assert minutes_booked(world.people["alice"], TUESDAY.date(), now=NOW) == 30


def test_nobody_sits_down_twice_or_where_no_seat_is_left(world: World, group: Group) -> None:
    booking = group("bob", "dora")
    with pytest.raises(AlreadySeated, match="Bob has a seat in this session already"):
        group("bob", do="join", of=booking)
    group("emil", do="join", of=booking)
    with pytest.raises(NoSeatLeft):
        group("fay", do="join", of=booking)
    with pytest.raises(NoSeatLeft):
        group("bob", "dora", "emil", "fay", starts_at=TUESDAY + timedelta(hours=2))
    assert seated(booking) == ["alice", "bob", "dora", "emil"]
    whole(booking)


def test_who_is_busy_then_does_not_join(world: World, group: Group) -> None:
    booking = group("bob")
    Busy.objects.create(
        organization=world.organization,
        person=world.people["emil"],
        source="work",
        starts_at=TUESDAY,
        ends_at=TUESDAY + timedelta(hours=1),
    )
    with pytest.raises(SlotTaken, match="Emil is not free then"):
        group("emil", do="join", of=booking)
    whole(booking)


def test_a_freed_seat_goes_to_the_first_in_line_who_is_free(world: World, group: Group) -> None:
    booking = group("bob", "dora", "emil")
    # Charlie comes first in line and sits with another mentor then.
    nora = world.add("nora", role="mentor", minutes_per_week=60)
    group("charlie", host_id=nora.pk)
    group("dora", do="leave", of=booking, in_line=("charlie", "fay"))
    assert seated(booking) == ["alice", "bob", "fay", "emil"]
    whole(booking)


def test_a_seat_given_back_late_stays_on_record_and_is_free_again(group: Group) -> None:
    booking = group("bob", "dora", "emil")
    group("bob", do="leave", of=booking, late=True)
    assert Seat.objects.get(booking=booking, person__external_id="bob").attendance == (
        "late_cancelled"
    )
    group("fay", do="join", of=booking)
    assert seated(booking) == ["alice", "dora", "emil", "fay"]
    whole(booking)
    group("fay", do="leave", of=booking)
    group("bob", do="join", of=booking)
    assert seated(booking) == ["alice", "bob", "dora", "emil"]
    whole(booking)


def test_a_group_moves_with_who_sits_in_it_now(group: Group) -> None:
    booking = group("bob", "dora")
    group("dora", do="leave", of=booking)
    group("fay", do="join", of=booking)
    later = TUESDAY + timedelta(hours=1)
    group("charlie", do="reschedule", of=booking, starts_at=later)
    whole(booking)
    assert seated(booking) == ["alice", "bob", "fay"]
    assert Cell.objects.filter(booking=booking).order_by("cell")[0].cell * 300 == (
        later.timestamp()
    )
    group("bob", do="cancel", of=booking)
    assert not Cell.objects.filter(booking=booking).exists()
    with pytest.raises(NotLive):
        group("dora", do="join", of=booking)


STEP = st.tuples(
    st.sampled_from(["join", "leave", "leave late"]),
    st.sampled_from(GUESTS),
    st.lists(st.sampled_from(GUESTS), max_size=3, unique=True),
)


@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=st.lists(STEP, min_size=5, max_size=12))
def test_m11_whatever_people_do_seats_hold_and_the_line_is_kept(
    group: Group, steps: list[tuple[str, str, list[str]]]
) -> None:
    with transaction.atomic():
        booking = group("bob")
        for do, name, line in steps:
            before = seated(booking)
            try:
                with transaction.atomic():
                    if do == "join":
                        group(name, do="join", of=booking)
                    else:
                        late = do == "leave late"
                        group(name, do="leave", of=booking, in_line=line, late=late)
            except Refusal:
                assert do == "join"
                assert name in before or len(before) == 4
            whole(booking)
            if do != "join" and len(before) == 4 and name in before and name not in line:
                # All are free, so the seat is the first one's in line who has none.
                first = next((one for one in line if one not in before), None)
                assert set(seated(booking)) == {*before, first} - {name, None}
        transaction.set_rollback(True)
