"""Retreats: plan one, its places, people, agenda and kit; the whole of it in one answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from ninja import Router, Schema

from handrail.api.requests import ApiRequest, Page, given, once, page, require_scope
from handrail.api.retreat_schemas import (
    BlockIn,
    GuestIn,
    HubIn,
    ItemIn,
    PiecesIn,
    RetreatIn,
    RetreatPatch,
    RetreatPlanOut,
)
from handrail.api.retreat_showing import plan_out, retreat_out
from handrail.apps.organizations.refusals import Invalid
from handrail.apps.organizations.scope import writing
from handrail.apps.people.queries import person_for
from handrail.apps.retreats import actions, queries
from handrail.apps.retreats.models import Retreat
from handrail.apps.retreats.plan import plan_of

router = Router(tags=["retreats"])


def _seen(request: ApiRequest, retreat_id: UUID) -> Retreat:
    require_scope(request, "retreats:read")
    return queries.retreat_for(request.viewer, retreat_id)


def _planned(request: ApiRequest, retreat_id: UUID) -> Retreat:
    require_scope(request, "retreats:write")
    found = queries.retreat_for(request.viewer, retreat_id)
    queries.require_plan(request.viewer, found)
    return found


def _now(request: ApiRequest, found: Retreat) -> RetreatPlanOut:
    found.refresh_from_db()
    return plan_out(request.viewer, plan_of(found, request.now))


def _after(
    request: ApiRequest, found: Retreat, act: Callable[[], Any], status: int = 200
) -> HttpResponse:
    """Do it once for the caller's key; the answer is the whole retreat."""

    def work() -> tuple[int, dict[str, Any]]:
        act()
        return status, _now(request, found).model_dump(mode="json")

    return once(request, work)


def _given(payload: Schema) -> dict[str, Any]:
    return given(payload, "led_by", "arrives_at", "leaves_at", "hub")


@router.get("/retreats", response=Page, operation_id="list_retreats")
def list_retreats(request: ApiRequest, cursor: str = "", limit: int = 50) -> dict[str, Any]:
    """The retreats you plan or come to, oldest first."""
    require_scope(request, "retreats:read")
    return page(
        queries.retreats_for(request.viewer),
        cursor=cursor,
        limit=limit,
        show=retreat_out,
        name="retreats",
    )


@router.post("/retreats", response={201: RetreatPlanOut}, operation_id="create_retreat")
def create_retreat(request: ApiRequest, payload: RetreatIn) -> HttpResponse:
    """Make a draft from a template, with its agenda, its kit list and one place."""
    require_scope(request, "retreats:write")
    values = payload.dict(exclude={"template"})

    def work() -> tuple[int, dict[str, Any]]:
        made = actions.create_retreat(
            payload.template, by=request.viewer, now=request.now, **values
        )
        return 201, _now(request, made).model_dump(mode="json")

    return once(request, work)


@router.get("/retreats/{retreat_id}", response=RetreatPlanOut, operation_id="read_retreat")
def read_retreat(request: ApiRequest, retreat_id: UUID) -> RetreatPlanOut:
    """The whole retreat: places, people, agenda, kit with ship-by days and what is late."""
    return plan_out(request.viewer, plan_of(_seen(request, retreat_id), request.now))


@router.patch("/retreats/{retreat_id}", response=RetreatPlanOut, operation_id="edit_retreat")
def edit_retreat(request: ApiRequest, retreat_id: UUID, payload: RetreatPatch) -> RetreatPlanOut:
    """Change name, objective, days or zone; the agenda moves along."""
    found = _planned(request, retreat_id)
    actions.edit_retreat(found, by=request.viewer, now=request.now, **_given(payload))
    return _now(request, found)


@router.post(
    "/retreats/{retreat_id}/announce", response=RetreatPlanOut, operation_id="announce_retreat"
)
def announce_retreat(request: ApiRequest, retreat_id: UUID) -> HttpResponse:
    """Tell the calendars of everybody who comes what they do not know yet."""
    found = _planned(request, retreat_id)
    return _after(
        request, found, lambda: actions.announce(found, by=request.viewer, now=request.now)
    )


@router.post(
    "/retreats/{retreat_id}/call-off", response=RetreatPlanOut, operation_id="call_off_retreat"
)
def call_off_retreat(request: ApiRequest, retreat_id: UUID) -> HttpResponse:
    """Call it off: it leaves every calendar."""
    found = _planned(request, retreat_id)
    return _after(
        request, found, lambda: actions.call_off(found, by=request.viewer, now=request.now)
    )


@router.put(
    "/retreats/{retreat_id}/guests/{person_id}",
    response=RetreatPlanOut,
    operation_id="put_retreat_guest",
)
def put_retreat_guest(
    request: ApiRequest, retreat_id: UUID, person_id: UUID, payload: GuestIn
) -> RetreatPlanOut:
    """Say how a guest comes; who plans also puts somebody new onto the list by it."""
    require_scope(request, "retreats:write")
    found = queries.retreat_for(request.viewer, retreat_id)
    person = person_for(request.viewer, person_id)
    hub = queries.hub_for(found, payload.hub) if payload.hub else None
    by, now = request.viewer, request.now
    with writing(by.organization):
        guest = queries.guests_of(found).filter(person=person).first()
        if guest is None:
            guest = actions.add_guest(found, person, by=by, now=now, hub=hub)
        guest = queries.guest_for(by, found, person_id)
        part: dict[str, Any] = {
            "comes_from": guest.comes_from,
            "arrives_at": guest.arrives_at,
            "leaves_at": guest.leaves_at,
            "needs": guest.needs,
        }
        part |= {name: value for name, value in _given(payload).items() if name != "hub"}
        part |= {name: part[name] or "" for name in ("comes_from", "needs")}
        actions.save_part(guest, by=by, now=now, hub=hub, **part)
    return _now(request, found)


@router.delete(
    "/retreats/{retreat_id}/guests/{person_id}",
    response=RetreatPlanOut,
    operation_id="remove_retreat_guest",
)
def remove_retreat_guest(request: ApiRequest, retreat_id: UUID, person_id: UUID) -> RetreatPlanOut:
    """Take somebody off the list; what they bring is open again."""
    found = _planned(request, retreat_id)
    guest = queries.guest_for(request.viewer, found, person_id)
    actions.take_off(guest, by=request.viewer, now=request.now)
    return _now(request, found)


@router.post(
    "/retreats/{retreat_id}/hubs", response={201: RetreatPlanOut}, operation_id="add_retreat_hub"
)
def add_retreat_hub(request: ApiRequest, retreat_id: UUID, payload: HubIn) -> HttpResponse:
    """Add a place where some of the people meet."""
    found, values = _planned(request, retreat_id), _hub_values(payload)
    return _after(
        request,
        found,
        lambda: actions.put_hub(found, by=request.viewer, now=request.now, **values),
        201,
    )


@router.patch(
    "/retreats/{retreat_id}/hubs/{hub_id}",
    response=RetreatPlanOut,
    operation_id="change_retreat_hub",
)
def change_retreat_hub(
    request: ApiRequest, retreat_id: UUID, hub_id: UUID, payload: HubIn
) -> RetreatPlanOut:
    """Change a place, how long a parcel takes to it, and when nothing is delivered."""
    found = _planned(request, retreat_id)
    hub = queries.hub_for(found, hub_id)
    actions.change_hub(hub, by=request.viewer, now=request.now, **_hub_values(payload))
    return _now(request, found)


@router.delete(
    "/retreats/{retreat_id}/hubs/{hub_id}",
    response=RetreatPlanOut,
    operation_id="remove_retreat_hub",
)
def remove_retreat_hub(request: ApiRequest, retreat_id: UUID, hub_id: UUID) -> RetreatPlanOut:
    """Take out a place where nobody comes to."""
    found = _planned(request, retreat_id)
    actions.remove_hub(queries.hub_for(found, hub_id), by=request.viewer, now=request.now)
    return _now(request, found)


def _hub_values(payload: HubIn) -> dict[str, Any]:
    values = _given(payload)
    if values.get("closed_on") is not None:
        values["closed_on"] = [day.isoformat() for day in values["closed_on"]]
    return values


@router.post(
    "/retreats/{retreat_id}/blocks",
    response={201: RetreatPlanOut},
    operation_id="add_retreat_block",
)
def add_retreat_block(request: ApiRequest, retreat_id: UUID, payload: BlockIn) -> HttpResponse:
    """Put a block onto the agenda; what it overlaps with is said in the answer."""
    found = _planned(request, retreat_id)
    values = _block_values(request, payload)
    return _after(
        request,
        found,
        lambda: actions.put_block(found, by=request.viewer, now=request.now, **values),
        201,
    )


@router.patch(
    "/retreats/{retreat_id}/blocks/{block_id}",
    response=RetreatPlanOut,
    operation_id="change_retreat_block",
)
def change_retreat_block(
    request: ApiRequest, retreat_id: UUID, block_id: UUID, payload: BlockIn
) -> RetreatPlanOut:
    """Change a block of the agenda."""
    found = _planned(request, retreat_id)
    block, values = queries.block_for(found, block_id), _block_values(request, payload)
    actions.change_block(block, by=request.viewer, now=request.now, **values)
    return _now(request, found)


@router.delete(
    "/retreats/{retreat_id}/blocks/{block_id}",
    response=RetreatPlanOut,
    operation_id="remove_retreat_block",
)
def remove_retreat_block(request: ApiRequest, retreat_id: UUID, block_id: UUID) -> RetreatPlanOut:
    """Take a block off the agenda."""
    found = _planned(request, retreat_id)
    actions.remove_block(queries.block_for(found, block_id), by=request.viewer, now=request.now)
    return _now(request, found)


def _block_values(request: ApiRequest, payload: BlockIn) -> dict[str, Any]:
    values = _given(payload)
    if values.get("led_by"):
        values["led_by"] = person_for(request.viewer, values["led_by"])
    return values


@router.post(
    "/retreats/{retreat_id}/kit", response={201: RetreatPlanOut}, operation_id="add_retreat_item"
)
def add_retreat_item(request: ApiRequest, retreat_id: UUID, payload: ItemIn) -> HttpResponse:
    """Put something onto the kit list: one for each person, or a number for all."""
    found = _planned(request, retreat_id)
    values = _item_values(found, payload)
    return _after(
        request,
        found,
        lambda: actions.put_item(found, by=request.viewer, now=request.now, **values),
        201,
    )


@router.patch(
    "/retreats/{retreat_id}/kit/{kit_id}",
    response=RetreatPlanOut,
    operation_id="change_retreat_item",
)
def change_retreat_item(
    request: ApiRequest, retreat_id: UUID, kit_id: UUID, payload: ItemIn
) -> RetreatPlanOut:
    """Change a line of the kit list; what people already bring is never dropped."""
    found = _planned(request, retreat_id)
    item, values = queries.item_for(found, kit_id), _item_values(found, payload)
    actions.change_item(item, by=request.viewer, now=request.now, **values)
    return _now(request, found)


@router.delete(
    "/retreats/{retreat_id}/kit/{kit_id}",
    response=RetreatPlanOut,
    operation_id="remove_retreat_item",
)
def remove_retreat_item(request: ApiRequest, retreat_id: UUID, kit_id: UUID) -> RetreatPlanOut:
    """Take a line off the kit list."""
    found = _planned(request, retreat_id)
    actions.remove_item(queries.item_for(found, kit_id), by=request.viewer, now=request.now)
    return _now(request, found)


def _item_values(found: Retreat, payload: ItemIn) -> dict[str, Any]:
    values = _given(payload)
    if values.get("hub"):
        values["hub"] = queries.hub_for(found, values["hub"])
    return values


@router.post(
    "/retreats/{retreat_id}/kit/{kit_id}/pieces",
    response=RetreatPlanOut,
    operation_id="change_retreat_pieces",
)
def change_retreat_pieces(
    request: ApiRequest, retreat_id: UUID, kit_id: UUID, payload: PiecesIn
) -> HttpResponse:
    """Bring pieces (claim), give them back (release), or say how far they are (mark)."""
    require_scope(request, "retreats:write")
    found = queries.retreat_for(request.viewer, retreat_id)
    item, by, now = queries.item_for(found, kit_id), request.viewer, request.now
    guest = queries.guest_for(by, found, payload.person) if payload.person else None
    verbs: dict[str, Callable[[], None]] = {
        "claim": lambda: actions.claim_pieces(item, payload.count, guest=guest, by=by, now=now),
        "release": lambda: actions.release_pieces(item, guest=guest, by=by, now=now),
        "mark": lambda: actions.mark_pieces(item, payload.state, guest=guest, by=by, now=now),
    }
    if payload.do not in verbs:
        raise Invalid(
            _("Choose claim, release or mark."), fields={"do": _("Choose one of the list.")}
        )
    return _after(request, found, verbs[payload.do])
