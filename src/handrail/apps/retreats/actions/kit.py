"""The kit list: what is needed, who brings what, what is on its way."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from handrail.apps.organizations.refusals import Conflict, Invalid, NotAllowed
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.retreats.actions.changing import changing, one_line
from handrail.apps.retreats.models import (
    Guest,
    KitItem,
    KitPiece,
    PieceState,
    Retreat,
)
from handrail.apps.retreats.queries import guests_of, may_plan, require_plan, require_scope

MOST_PIECES = 200
ITEM_FIELDS = {"name", "per_person", "quantity", "to_ship", "hub"}


def put_item(retreat: Retreat, *, by: Viewer, now: datetime, **values: Any) -> KitItem:
    """Put something on the kit list: one for each person, or a number for all."""
    require_plan(by, retreat)
    item = KitItem(organization=by.organization, retreat=retreat)
    _take(item, values)
    with changing(retreat, "retreat.item_put", by=by, now=now):
        _require_new_name(item)
        item.save()
        fit_pieces(item)
    return item


def change_item(item: KitItem, *, by: Viewer, now: datetime, **changes: Any) -> KitItem:
    """Change a line of the kit list; what people already bring is never dropped silently."""
    require_plan(by, item.retreat)
    kind = item.per_person
    _take(item, changes)
    with changing(item.retreat, "retreat.item_put", by=by, now=now):
        _require_new_name(item)
        if item.per_person != kind and _begun(item):
            raise Conflict(
                _("Somebody already brings or gets this. Put a new line on the list instead.")
            )
        if item.per_person != kind:
            KitPiece.objects.filter(item=item).delete()
        item.save(update_fields=[*changes])
        fit_pieces(item)
    return item


def remove_item(item: KitItem, *, by: Viewer, now: datetime) -> None:
    """Take a line off the kit list."""
    require_plan(by, item.retreat)
    with changing(item.retreat, "retreat.item_removed", by=by, now=now):
        KitItem.objects.filter(pk=item.pk).delete()


def claim_pieces(
    item: KitItem, count: int = 1, *, by: Viewer, now: datetime, guest: Guest | None = None
) -> None:
    """Say that a guest brings so many pieces of a shared item: all of them, or none.

    A piece that somebody brings is nobody else's to claim, however many ask at the same moment.
    """
    mine = _bringer(item.retreat, guest, by)
    if item.per_person:
        raise Conflict(_("Everybody gets one of these. There is nothing to bring for others."))
    with changing(item.retreat, "retreat.kit_claimed", by=by, now=now, pieces=count):
        free = KitPiece.objects.filter(item=item, guest=None)
        chosen = list(free.order_by("n").values_list("pk", flat=True)[: max(count, 0)])
        # The condition stands in the update too: what was claimed since is not overwritten.
        taken = free.filter(pk__in=chosen).update(guest=mine, state=PieceState.OPEN)
        if count < 1 or taken < count:
            raise Conflict(
                _("Of “%(item)s” %(n)d are still open. Choose between 1 and that number.")
                % {"item": item.name, "n": free.count() + taken}
                if free.exists() or taken
                else _("Others already bring all of “%(item)s”.") % {"item": item.name},
                code="kit-taken",
            )


def release_pieces(item: KitItem, *, by: Viewer, now: datetime, guest: Guest | None = None) -> None:
    """Say that a guest does not bring a shared item after all; what was sent stays theirs."""
    mine = _bringer(item.retreat, guest, by)
    with changing(item.retreat, "retreat.kit_released", by=by, now=now):
        back = KitPiece.objects.filter(
            item=item,
            item__per_person=False,
            guest=mine,
            state__in=[PieceState.OPEN, PieceState.READY],
        )
        if not back.update(guest=None, state=PieceState.OPEN):
            raise Conflict(_("There is nothing of this to give back."))


def mark_pieces(
    item: KitItem, state: str, *, by: Viewer, now: datetime, guest: Guest | None = None
) -> None:
    """Say how far a guest's pieces are; without a guest a planner says it of all of them."""
    if state not in PieceState.values:
        raise Invalid(_("There is no such state."), fields={"state": _("Choose one of the list.")})
    if guest is None:
        require_plan(by, item.retreat)
    else:
        _bringer(item.retreat, guest, by)
    pieces = KitPiece.objects.filter(item=item)
    if guest is not None:
        pieces = pieces.filter(guest=guest)
    with changing(item.retreat, "retreat.kit_marked", by=by, now=now, state=state):
        if not pieces.update(state=state):
            raise Conflict(_("There is nothing of this yet."))


def fit_pieces(item: KitItem) -> None:
    """Bring an item's pieces in line with who comes, or with how many are needed."""
    pieces = KitPiece.objects.filter(item=item)
    last = pieces.order_by("-n").first()
    free = range((last.n if last else 0) + 1, MOST_PIECES * 10)
    if item.per_person:
        guests = list(guests_of(item.retreat))
        pieces.exclude(guest__in=guests).delete()
        has = set(pieces.values_list("guest_id", flat=True))
        missing: list[Guest | None] = [guest for guest in guests if guest.pk not in has]
    else:
        surplus = pieces.count() - item.quantity
        spare = list(pieces.filter(guest=None).order_by("-n").values_list("pk", flat=True))
        if surplus > len(spare):
            raise Conflict(_("People already bring more of these. Let them give some back first."))
        if surplus > 0:
            KitPiece.objects.filter(pk__in=spare[:surplus]).delete()
        missing = [None] * max(-surplus, 0)
    KitPiece.objects.bulk_create(
        KitPiece(organization_id=item.organization_id, item=item, n=n, guest=guest)
        for n, guest in zip(free, missing, strict=False)
    )


def _begun(item: KitItem) -> bool:
    pieces = KitPiece.objects.filter(item=item)
    if item.per_person:  # it was shared before
        return pieces.exclude(guest=None).exists()
    return pieces.exclude(state=PieceState.OPEN).exists()


def _bringer(retreat: Retreat, guest: Guest | None, by: Viewer) -> Guest:
    """Whose pieces these are: one's own, or for a planner anybody's who comes."""
    require_scope(by, "retreats:write")
    found = guest or guests_of(retreat).filter(person_id=by.person_id or 0).first()
    if found is None or found.taken_off_at is not None or found.retreat_id != retreat.pk:
        raise NotAllowed(_("Only people who come can bring something."))
    if found.person_id != by.person_id and not may_plan(by, retreat):
        raise NotAllowed(_("Only they themselves or who plans the retreat may say this."))
    return found


def _take(item: KitItem, values: dict[str, Any]) -> None:
    if unknown := set(values) - ITEM_FIELDS:
        raise Invalid(_("Unknown fields: %(names)s.") % {"names": ", ".join(sorted(unknown))})
    for name, value in values.items():
        setattr(item, name, one_line(value) if isinstance(value, str) else value)
    fields: dict[str, str] = {}
    if not 1 <= len(item.name) <= 120:
        fields["name"] = _("Name it in 1 to 120 characters.")
    if not 1 <= (item.quantity or 0) <= MOST_PIECES:
        fields["quantity"] = _("Choose between 1 and 200.")
    if item.hub is not None and item.hub.retreat_id != item.retreat_id:
        fields["hub"] = _("Choose one of the list.")
    if fields:
        raise Invalid(_("The kit list cannot be saved like this."), fields=fields)


def _require_new_name(item: KitItem) -> None:
    same = KitItem.objects.filter(retreat=item.retreat, name=item.name).exclude(pk=item.pk)
    if same.exists():
        raise Invalid(
            _("It is on the list already."), fields={"name": _("Change that line instead.")}
        )
