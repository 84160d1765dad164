"""Make a retreat from a template, change its dates, hubs and agenda."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from handrail.apps.organizations.actions import record_audit
from handrail.apps.organizations.refusals import Conflict, Invalid, NotAllowed
from handrail.apps.organizations.scope import writing
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.retreats.actions.changing import changing, one_line
from handrail.apps.retreats.actions.kit import fit_pieces
from handrail.apps.retreats.models import (
    AgendaBlock,
    BlockKind,
    Guest,
    Hub,
    KitItem,
    Retreat,
)
from handrail.apps.retreats.queries import may_make, require_plan, require_scope
from handrail.apps.retreats.shapes import SHAPES
from handrail.domain.scheduling import zones

MOST_DAYS = 3
DAY = 24 * 60
MOST_SHIPPING_DAYS = 60
MOST_CLOSED = 20  # fewer than a month, whatever days they are
RETREAT_FIELDS = {"name", "objective", "timezone", "starts_on", "ends_on"}
HUB_FIELDS = {"name", "address", "timezone", "shipping_days", "closed_on"}
BLOCK_FIELDS = {"day", "starts_min", "minutes", "kind", "title", "objective", "led_by"}


def create_retreat(
    shape_key: str,
    *,
    name: str,
    place: str,
    timezone: str,
    starts_on: date,
    by: Viewer,
    now: datetime,
    address: str = "",
    shipping_days: int = 5,
) -> Retreat:
    """Make a draft from a template, with its agenda, its kit list and one hub."""
    require_scope(by, "retreats:write")
    if not may_make(by):
        raise NotAllowed(_("Only a lead of a program or an administrator may plan a retreat."))
    shape = SHAPES.get(shape_key)
    if shape is None:
        raise Invalid(
            _("There is no such template."), fields={"template": _("Choose one of the list.")}
        )
    retreat = Retreat(
        organization=by.organization,
        name=one_line(name),
        objective=_(shape.objective),
        template=shape.key,
        timezone=timezone,
        starts_on=starts_on,
        ends_on=starts_on + timedelta(days=shape.days - 1),
        planner_id=by.person_id,
        created_at=now,
    )
    _check_retreat(retreat)
    hub = Hub(
        organization=by.organization,
        retreat=retreat,
        name=one_line(place),
        address=one_line(address),
        timezone=timezone,
        shipping_days=shipping_days,
    )
    _check_hub(hub, name_field="place")
    with writing(by.organization):
        retreat.save()
        hub.save()
        AgendaBlock.objects.bulk_create(
            AgendaBlock(
                organization=by.organization,
                retreat=retreat,
                day=block.day,
                starts_min=block.starts_min,
                minutes=block.minutes,
                kind=block.kind,
                title=_(block.title),
                objective=_(block.objective) if block.objective else "",
            )
            for block in shape.blocks
        )
        for line in shape.kit:
            item = KitItem.objects.create(
                organization=by.organization,
                retreat=retreat,
                name=_(line.name),
                per_person=line.per_person,
                quantity=line.quantity,
                to_ship=line.to_ship,
            )
            fit_pieces(item)
        record_audit(
            by=by,
            verb="retreat.created",
            object_type="retreat",
            object_id=retreat.public_id,
            detail={"template": shape.key},
            now=now,
        )
    return retreat


def edit_retreat(retreat: Retreat, *, by: Viewer, now: datetime, **changes: Any) -> Retreat:
    """Change name, objective, days or zone; the agenda keeps its times of day and moves along.

    Where who planned it has left, whoever changes it plans it from now on.
    """
    require_plan(by, retreat)
    _only(changes, RETREAT_FIELDS)
    with changing(retreat, "retreat.edited", by=by, now=now, fields=sorted(changes)):
        retreat.refresh_from_db()
        _take(retreat, changes)
        _check_retreat(retreat)
        if retreat.planner_id is None:
            retreat.planner_id = by.person_id
        retreat.save(update_fields=[*changes, "planner"])
    return retreat


def put_hub(retreat: Retreat, *, by: Viewer, now: datetime, **values: Any) -> Hub:
    """Add a place where some of the people meet."""
    require_plan(by, retreat)
    _only(values, HUB_FIELDS)
    hub = Hub(organization=by.organization, retreat=retreat, timezone=retreat.timezone)
    _take(hub, values)
    _check_hub(hub)
    with changing(retreat, "retreat.hub_put", by=by, now=now):
        _require_new_name(hub)
        hub.save()
    return hub


def change_hub(hub: Hub, *, by: Viewer, now: datetime, **changes: Any) -> Hub:
    """Change a place, or how long parcels take to it."""
    require_plan(by, hub.retreat)
    _only(changes, HUB_FIELDS)
    _take(hub, changes)
    _check_hub(hub)
    with changing(hub.retreat, "retreat.hub_put", by=by, now=now):
        _require_new_name(hub)
        hub.save(update_fields=[*changes])
    return hub


def remove_hub(hub: Hub, *, by: Viewer, now: datetime) -> None:
    """Take a place out that nobody goes to any more; the last one stays."""
    require_plan(by, hub.retreat)
    with changing(hub.retreat, "retreat.hub_removed", by=by, now=now):
        others = Hub.objects.filter(retreat=hub.retreat).exclude(pk=hub.pk)
        first = others.first()
        if first is None:
            raise Conflict(_("A retreat has at least one place. Add another one first."))
        guests = Guest.objects.filter(hub=hub)
        if guests.filter(taken_off_at=None).exists():
            raise Conflict(_("Some people go to this hub. Let them go to another one first."))
        guests.update(hub=first)
        hub.delete()


def put_block(retreat: Retreat, *, by: Viewer, now: datetime, **values: Any) -> AgendaBlock:
    """Add a block to the agenda."""
    require_plan(by, retreat)
    _only(values, BLOCK_FIELDS)
    block = AgendaBlock(organization=by.organization, retreat=retreat)
    _take(block, values)
    _check_block(block)
    with changing(retreat, "retreat.block_put", by=by, now=now):
        block.save()
    return block


def change_block(block: AgendaBlock, *, by: Viewer, now: datetime, **changes: Any) -> AgendaBlock:
    """Change a block of the agenda."""
    require_plan(by, block.retreat)
    _only(changes, BLOCK_FIELDS)
    _take(block, changes)
    _check_block(block)
    with changing(block.retreat, "retreat.block_put", by=by, now=now):
        block.save(update_fields=[*changes])
    return block


def remove_block(block: AgendaBlock, *, by: Viewer, now: datetime) -> None:
    """Take a block out of the agenda."""
    require_plan(by, block.retreat)
    with changing(block.retreat, "retreat.block_removed", by=by, now=now):
        AgendaBlock.objects.filter(pk=block.pk).delete()


def _only(values: dict[str, Any], known: set[str]) -> None:
    if unknown := set(values) - known:
        raise Invalid(_("Unknown fields: %(names)s.") % {"names": ", ".join(sorted(unknown))})


def _take(row: Retreat | Hub | AgendaBlock, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(row, name, one_line(value) if isinstance(value, str) else value)


def _check_retreat(retreat: Retreat) -> None:
    fields: dict[str, str] = {}
    if not 1 <= len(retreat.name) <= 120:
        fields["name"] = _("Give the retreat a name of 1 to 120 characters.")
    if not 5 <= len(retreat.objective) <= 280:
        fields["objective"] = _("Say in 5 to 280 characters what is there afterwards.")
    if retreat.timezone not in zones():
        fields["timezone"] = _("Choose a time zone such as Europe/Berlin.")
    if retreat.ends_on < retreat.starts_on:
        fields["ends_on"] = _("The end lies before the start. Choose a later day.")
    elif (retreat.ends_on - retreat.starts_on).days >= MOST_DAYS:
        fields["ends_on"] = _("A retreat lasts one to three days. Choose an earlier day.")
    if fields:
        raise Invalid(_("The retreat cannot be saved like this."), fields=fields)


def _check_hub(hub: Hub, name_field: str = "name") -> None:
    fields: dict[str, str] = {}
    if not 1 <= len(hub.name) <= 120:
        fields[name_field] = _("Name the place in 1 to 120 characters.")
    if len(hub.address) > 300:
        fields["address"] = _("An address has at most 300 characters.")
    if hub.timezone not in zones():
        fields["timezone"] = _("Choose a time zone such as Europe/Berlin.")
    if not 0 <= hub.shipping_days <= MOST_SHIPPING_DAYS:
        fields["shipping_days"] = _("Choose between 0 and 60 working days.")
    if not _are_days(hub.closed_on):
        fields["closed_on"] = _("Give at most 20 days, each like 2026-04-03.")
    if fields:
        raise Invalid(_("The place cannot be saved like this."), fields=fields)


def _are_days(texts: Iterable[str]) -> bool:
    days = list(texts)
    try:
        return len(days) <= MOST_CLOSED and all(
            date.fromisoformat(day).isoformat() == day for day in days
        )
    except (TypeError, ValueError):
        return False


def _check_block(block: AgendaBlock) -> None:
    fields: dict[str, str] = {}
    if not 1 <= len(block.title) <= 120:
        fields["title"] = _("Name the block in 1 to 120 characters.")
    if len(block.objective) > 280:
        fields["objective"] = _("An objective has at most 280 characters.")
    days = (block.retreat.ends_on - block.retreat.starts_on).days + 1
    if not 1 <= (block.day or 0) <= days:
        fields["day"] = _("Choose one of the days of the retreat.")
    if not 0 <= (block.starts_min if block.starts_min is not None else -1) < DAY:
        fields["starts_min"] = _("Choose a time of day.")
    if not 5 <= (block.minutes or 0) <= DAY:
        fields["minutes"] = _("Choose between 5 minutes and a day.")
    if block.kind not in BlockKind.values:
        fields["kind"] = _("Choose one of the list.")
    if fields:
        raise Invalid(_("The block cannot be saved like this."), fields=fields)


def _require_new_name(hub: Hub) -> None:
    same = Hub.objects.filter(retreat=hub.retreat, name=hub.name).exclude(pk=hub.pk)
    if same.exists():
        raise Invalid(
            _("There is one of this name already."), fields={"name": _("Choose another name.")}
        )
