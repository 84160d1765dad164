"""A retreat as the wire shows it to a reader."""

from __future__ import annotations

from handrail.api.retreat_schemas import (
    AgendaBlockOut,
    GuestOut,
    HubOut,
    ItemOut,
    PiecesOut,
    RetreatOut,
    RetreatPlanOut,
)
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.retreats.models import Guest, Hub, Retreat
from handrail.apps.retreats.plan import Kit, Plan, PlannedBlock
from handrail.apps.retreats.queries import may_plan


def retreat_out(found: Retreat) -> RetreatOut:
    """A retreat as a list shows it."""
    return RetreatOut(
        id=found.public_id,
        name=found.name,
        objective=found.objective,
        status=found.status,
        timezone=found.timezone,
        starts_on=found.starts_on,
        ends_on=found.ends_on,
        planner=found.planner.public_id if found.planner else None,
    )


def plan_out(viewer: Viewer, plan: Plan) -> RetreatPlanOut:
    """The whole retreat as it stands, for this reader."""
    blocks = [block for day in plan.days for block in day.blocks]
    return RetreatPlanOut(
        retreat=retreat_out(plan.retreat),
        hubs=[_hub(hub) for hub in plan.hubs],
        guests=[_guest(viewer, plan.retreat, guest) for guest in plan.guests],
        agenda=[_block(block) for block in [*blocks, *plan.outside]],
        kit=[_item(kit) for kit in plan.kit],
    )


def _hub(hub: Hub) -> HubOut:
    return HubOut(
        id=hub.public_id,
        name=hub.name,
        address=hub.address,
        timezone=hub.timezone,
        shipping_days=hub.shipping_days,
        closed_on=hub.closed_on,
    )


def _guest(viewer: Viewer, retreat: Retreat, guest: Guest) -> GuestOut:
    knows = guest.person_id == viewer.person_id or may_plan(viewer, retreat)
    return GuestOut(
        person=guest.person.public_id,
        hub=guest.hub.public_id,
        comes_from=guest.comes_from,
        arrives_at=guest.arrives_at,
        leaves_at=guest.leaves_at,
        needs=guest.needs if knows else None,
    )


def _block(planned: PlannedBlock) -> AgendaBlockOut:
    block = planned.block
    return AgendaBlockOut(
        id=block.public_id,
        day=block.day,
        starts_at=planned.starts_at,
        ends_at=planned.ends_at,
        kind=block.kind,
        title=block.title,
        objective=block.objective,
        led_by=block.led_by.public_id if block.led_by else None,
        overlaps=list(planned.overlaps),
        is_outside=planned.is_outside,
    )


def _item(kit: Kit) -> ItemOut:
    item = kit.item
    return ItemOut(
        id=item.public_id,
        name=item.name,
        per_person=item.per_person,
        quantity=item.quantity,
        to_ship=item.to_ship,
        open=kit.free,
        ship_by=kit.ship_by,
        pieces=[
            PiecesOut(
                person=line.guest.person.public_id if line.guest else None,
                count=line.count,
                state=line.state,
                ship_by=line.ship_by,
                is_late=line.is_late,
            )
            for line in kit.lines
        ],
    )
