"""A retreat is planned by its planner, seen by who comes, and known to nobody else."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from apps.retreats.conftest import TUESDAY
from factories.world import NOW, World, make_world
from handrail.apps.organizations.models import AuditEntry
from handrail.apps.organizations.refusals import Conflict, Invalid, NotAllowed, NotFound
from handrail.apps.organizations.scope import reading
from handrail.apps.retreats import actions, queries
from handrail.apps.retreats.models import AgendaBlock, Guest, Retreat
from handrail.apps.retreats.plan import plan_of
from handrail.apps.retreats.shapes import SHAPES


def test_m23_a_template_gives_an_agenda_without_trouble_and_a_kit_list(world: World) -> None:
    for key, shape in SHAPES.items():
        made = actions.create_retreat(
            key,
            name=key,
            place="Lisbon",
            timezone="Europe/Lisbon",
            starts_on=TUESDAY,
            by=world.viewer("alice"),
            now=NOW,
        )
        plan = plan_of(made, NOW)
        blocks = [one for day in plan.days for one in day.blocks]
        assert len(plan.days) == shape.days
        assert not [one for one in blocks if one.overlaps or one.is_outside]
        assert any(kit.item.per_person for kit in plan.kit)
        assert any(not kit.item.per_person for kit in plan.kit)


def test_m23_only_a_lead_or_an_administrator_plans(world: World) -> None:
    def make(name: str) -> Retreat:
        return actions.create_retreat(
            "tooling-sprint",
            name="Git day",
            place="Lisbon",
            timezone="Europe/Lisbon",
            starts_on=TUESDAY,
            by=world.viewer(name),
            now=NOW,
        )

    assert make("adam").name == make("alice").name == "Git day"
    with pytest.raises(NotAllowed):
        make("bob")


def test_m23_who_comes_sees_it_once_announced_and_a_stranger_never(
    world: World, retreat: Retreat, bob: Guest
) -> None:
    def sees(name: str) -> bool:
        return retreat in queries.retreats_for(world.viewer(name))

    assert [sees(name) for name in ("alice", "adam", "bob", "charlie")] == [
        True,
        True,
        False,
        False,
    ]
    actions.announce(retreat, by=world.viewer("alice"), now=NOW)
    assert [sees(name) for name in ("bob", "charlie", "ana")] == [True, False, False]
    with pytest.raises(NotFound):
        queries.retreat_for(world.viewer("charlie"), retreat.public_id)
    mallory = make_world("Southwind").viewer("adam")
    with reading(mallory.organization), pytest.raises(NotFound):
        queries.retreat_for(mallory, retreat.public_id)


def test_m23_needs_are_for_the_person_and_planners(
    world: World, retreat: Retreat, bob: Guest
) -> None:
    actions.add_guest(retreat, world.person("charlie"), by=world.viewer("alice"), now=NOW)
    actions.save_part(bob, needs="No nuts", by=world.viewer("bob"), now=NOW)
    person = world.person("bob").public_id
    for name in ("bob", "alice", "adam"):
        assert queries.guest_for(world.viewer(name), retreat, person).needs == "No nuts"
    with pytest.raises(NotFound):
        queries.guest_for(world.viewer("charlie"), retreat, person)
    with pytest.raises(NotAllowed):
        actions.save_part(bob, needs="Nuts", by=world.viewer("charlie"), now=NOW)


def test_m23_the_agenda_moves_along_with_the_days(world: World, retreat: Retreat) -> None:
    actions.edit_retreat(
        retreat,
        starts_on=date(2026, 3, 31),
        ends_on=date(2026, 4, 1),
        by=world.viewer("alice"),
        now=NOW,
    )
    first = plan_of(retreat, NOW).days[0].blocks[0]
    # 10:00 in Lisbon, where summer time began on 29 March.
    assert first.starts_at == datetime(2026, 3, 31, 9, 0, tzinfo=UTC)


def test_m23_a_shorter_retreat_tells_which_blocks_lie_outside(
    world: World, retreat: Retreat, bob: Guest
) -> None:
    alice = world.viewer("alice")
    actions.edit_retreat(retreat, ends_on=TUESDAY, by=alice, now=NOW)
    assert len(plan_of(retreat, NOW).outside) == 4
    with pytest.raises(Conflict, match="outside"):
        actions.announce(retreat, by=alice, now=NOW)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"ends_on": TUESDAY + timedelta(days=3)}, "ends_on"),
        ({"ends_on": TUESDAY - timedelta(days=1)}, "ends_on"),
        ({"timezone": "Mars/Base"}, "timezone"),
        ({"name": " "}, "name"),
        ({"objective": "x"}, "objective"),
    ],
)
def test_what_cannot_stand_is_refused_whole(
    world: World, retreat: Retreat, changes: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        actions.edit_retreat(retreat, by=world.viewer("alice"), now=NOW, **changes)
    assert list(refusal.value.fields) == [field]
    assert Retreat.objects.get(pk=retreat.pk).ends_on == TUESDAY + timedelta(days=1)


def test_m23_an_overlap_names_the_other_block(world: World, retreat: Retreat) -> None:
    alice = world.viewer("alice")
    actions.put_block(retreat, day=1, starts_min=660, minutes=30, title="Photo", by=alice, now=NOW)
    trouble = {
        one.block.title: one.overlaps
        for one in plan_of(retreat, NOW).days[0].blocks
        if one.overlaps
    }
    assert trouble == {"Photo": ("How we work",), "How we work": ("Photo",)}


def test_a_hub_with_people_stays(world: World, retreat: Retreat, bob: Guest) -> None:
    alice = world.viewer("alice")
    porto = actions.put_hub(retreat, name="Porto", by=alice, now=NOW)
    with pytest.raises(Conflict, match="Some people"):
        actions.remove_hub(bob.hub, by=alice, now=NOW)
    actions.save_part(bob, hub=porto, by=alice, now=NOW)
    actions.remove_hub(retreat.hubs.exclude(pk=porto.pk).get(), by=alice, now=NOW)
    with pytest.raises(Conflict, match="at least one"):
        actions.remove_hub(porto, by=alice, now=NOW)


def test_changes_are_recorded_without_texts(world: World, retreat: Retreat, bob: Guest) -> None:
    actions.save_part(bob, needs="No nuts", by=world.viewer("bob"), now=NOW)
    block = AgendaBlock.objects.filter(retreat=retreat).first()
    assert block is not None
    actions.remove_block(block, by=world.viewer("alice"), now=NOW)
    entries = AuditEntry.objects.filter(object_type="retreat")
    assert [entry.verb for entry in entries.order_by("id")] == [
        "retreat.created",
        "retreat.guest_added",
        "retreat.part_saved",
        "retreat.block_removed",
    ]
    assert "nuts" not in str(list(entries.values_list("detail", flat=True)))


def test_a_retreat_called_off_is_changed_no_more(world: World, retreat: Retreat) -> None:
    alice = world.viewer("alice")
    actions.call_off(retreat, by=alice, now=NOW)
    with pytest.raises(Conflict, match="called off"):
        actions.edit_retreat(retreat, name="Again", by=alice, now=NOW)
