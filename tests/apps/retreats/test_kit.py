"""Everybody gets theirs, a shared piece is brought by one person, what is late is told."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.retreats.conftest import item
from factories.world import NOW, World
from handrail.apps.organizations.refusals import Conflict, NotAllowed, Refusal
from handrail.apps.organizations.scope import writing
from handrail.apps.retreats import actions
from handrail.apps.retreats.models import Guest, KitPiece, Retreat
from handrail.apps.retreats.pack import sheet_of
from handrail.apps.retreats.plan import Kit, plan_of


def kit(retreat: Retreat, name: str, now: datetime = NOW) -> Kit:
    return next(one for one in plan_of(retreat, now).kit if one.item.name == name)


def test_m23_each_person_gets_one_and_keeps_it(world: World, retreat: Retreat, bob: Guest) -> None:
    alice = world.viewer("alice")
    charlie = actions.add_guest(retreat, world.person("charlie"), by=alice, now=NOW)
    headsets = item(retreat, "Headset")
    actions.mark_pieces(headsets, "shipped", guest=bob, by=alice, now=NOW)
    actions.take_off(charlie, by=alice, now=NOW)
    actions.add_guest(retreat, world.person("mona"), by=alice, now=NOW)
    lines = [
        (line.guest.person.name, line.count, str(line.state))
        for line in kit(retreat, "Headset").lines
        if line.guest
    ]
    assert lines == [("Bob", 1, "shipped"), ("Mona", 1, "open")]


def test_m23_ship_by_follows_the_hub_and_the_arrival(
    world: World, retreat: Retreat, bob: Guest
) -> None:
    # Tuesday 10 March, three working days: off on Thursday 5 March.
    assert kit(retreat, "Headset").ship_by == date(2026, 3, 5)
    # Bob arrives on Sunday 8 March: there on Friday 6, off on Tuesday 3.
    arrives = datetime(2026, 3, 8, 18, 0, tzinfo=UTC)
    actions.save_part(bob, arrives_at=arrives, by=world.viewer("bob"), now=NOW)
    assert kit(retreat, "Headset").ship_by == date(2026, 3, 3)
    # Friday 6 March is closed there: there on Thursday 5, off on Monday 2.
    hub = retreat.hubs.get()
    actions.change_hub(hub, closed_on=["2026-03-06"], by=world.viewer("alice"), now=NOW)
    assert kit(retreat, "Headset").ship_by == date(2026, 3, 2)


def test_m23_what_was_not_sent_by_then_is_late(world: World, retreat: Retreat, bob: Guest) -> None:
    on_the_day = datetime(2026, 3, 5, 23, 0, tzinfo=UTC)
    day_after = datetime(2026, 3, 6, 1, 0, tzinfo=UTC)
    assert kit(retreat, "Headset", on_the_day).late == 0
    assert kit(retreat, "Headset", day_after).late == 1
    assert kit(retreat, "Name badge", day_after).late == 0  # nothing to ship
    headsets = item(retreat, "Headset")
    actions.mark_pieces(headsets, "shipped", by=world.viewer("alice"), now=day_after)
    assert kit(retreat, "Headset", day_after).late == 0


def test_m23_a_shared_piece_is_claimed_once(world: World, retreat: Retreat, bob: Guest) -> None:
    alice = world.viewer("alice")
    actions.add_guest(retreat, world.person("charlie"), by=alice, now=NOW)
    power = item(retreat, "Power strip")  # two of them
    actions.claim_pieces(power, 1, by=world.viewer("bob"), now=NOW)
    with pytest.raises(Conflict) as refusal:
        actions.claim_pieces(power, 2, by=world.viewer("charlie"), now=NOW)
    assert refusal.value.code == "kit-taken"
    assert kit(retreat, "Power strip").free == 1
    actions.claim_pieces(power, 1, by=world.viewer("charlie"), now=NOW)
    with pytest.raises(Conflict, match="already bring all"):
        actions.claim_pieces(power, 1, by=world.viewer("bob"), now=NOW)
    with pytest.raises(Conflict, match="already bring more"):
        actions.change_item(power, quantity=1, by=alice, now=NOW)
    actions.release_pieces(power, by=world.viewer("bob"), now=NOW)
    actions.change_item(power, quantity=1, by=alice, now=NOW)
    assert [
        line.guest and line.guest.person.name for line in kit(retreat, "Power strip").lines
    ] == ["Charlie"]


def test_m23_a_stranger_brings_nothing_and_nobody_speaks_for_others(
    world: World, retreat: Retreat, bob: Guest
) -> None:
    pens = item(retreat, "Pens and sticky notes")
    with pytest.raises(NotAllowed):
        actions.claim_pieces(pens, 1, by=world.viewer("charlie"), now=NOW)
    actions.add_guest(retreat, world.person("charlie"), by=world.viewer("alice"), now=NOW)
    with pytest.raises(NotAllowed):
        actions.claim_pieces(pens, 1, guest=bob, by=world.viewer("charlie"), now=NOW)
    with pytest.raises(NotAllowed):
        actions.mark_pieces(pens, "shipped", by=world.viewer("charlie"), now=NOW)


def test_m23_who_is_taken_off_leaves_their_pieces_open(
    world: World, retreat: Retreat, bob: Guest
) -> None:
    pens = item(retreat, "Pens and sticky notes")
    actions.claim_pieces(pens, 1, by=world.viewer("bob"), now=NOW)
    actions.take_off(bob, by=world.viewer("alice"), now=NOW)
    assert kit(retreat, "Pens and sticky notes").free == 1
    assert kit(retreat, "Headset").lines == ()


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["claim", "release", "resize"]),
        st.sampled_from(["bob", "charlie", "mona"]),
        st.integers(0, 5),
    ),
    max_size=12,
)


@pytest.mark.nightly
@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(STEPS)
def test_m23_no_claim_is_lost_or_doubled(
    world: World, retreat: Retreat, bob: Guest, steps: list[tuple[str, str, int]]
) -> None:
    """What each person brings is what they said, whatever others claim or the planner changes."""
    alice = world.viewer("alice")
    for name in ("charlie", "mona"):
        actions.add_guest(retreat, world.person(name), by=alice, now=NOW)
    viewers = {name: world.viewer(name) for name in ("bob", "charlie", "mona")}
    with writing(world.organization):
        cups = actions.put_item(retreat, name="Cups", quantity=3, by=alice, now=NOW)
        brings, quantity = dict.fromkeys(viewers, 0), 3
        for verb, name, n in steps:
            try:
                if verb == "claim":
                    actions.claim_pieces(cups, n, by=viewers[name], now=NOW)
                    brings[name] += n
                elif verb == "release":
                    actions.release_pieces(cups, by=viewers[name], now=NOW)
                    brings[name] = 0
                else:
                    actions.change_item(cups, quantity=n, by=alice, now=NOW)
                    quantity = n
            except Refusal:
                cups.refresh_from_db()
            pieces = KitPiece.objects.filter(item=cups)
            assert pieces.count() == quantity
            for who, number in brings.items():
                assert pieces.filter(guest__person__external_id=who).count() == number
        actions.remove_item(cups, by=alice, now=NOW)


def test_m23_on_paper_what_is_alike_is_one_line(world: World, retreat: Retreat, bob: Guest) -> None:
    alice = world.viewer("alice")
    actions.add_guest(retreat, world.person("charlie"), by=alice, now=NOW)
    actions.mark_pieces(item(retreat, "Headset"), "shipped", guest=bob, by=alice, now=NOW)

    rows = sheet_of(alice, retreat, NOW)["kit"]

    told = [(row["item"], row["count"], row["who"], row.get("is_for_all")) for row in rows[:3]]
    assert told == [
        ("Headset", 1, "Bob", False),
        ("Headset", 1, "Charlie", False),
        ("Name badge", 2, "", True),
    ]
