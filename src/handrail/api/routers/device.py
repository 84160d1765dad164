"""What our own pages ask for from a device: who is signed in, the clock, operations, a room."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.utils.translation import gettext as _
from ninja import Router, Status

from handrail.api.device_schemas import (
    DeviceOut,
    NoteOut,
    OperationsIn,
    OutcomeOut,
    OutcomesOut,
    RoomOut,
    RoomTextOut,
)
from handrail.api.requests import ApiRequest, browser_auth, etag_of, key_auth, require_scope
from handrail.apps.answers.actions.from_devices import QUESTION, take_question
from handrail.apps.organizations.refusals import Conflict, Invalid
from handrail.apps.sessions import actions, queries

router = Router(tags=["device"], auth=[key_auth, browser_auth])
SCHEMA = 1  # of operations; the server takes this one and the one before


@router.get("/device", response=DeviceOut, operation_id="read_device")
def read_device(request: ApiRequest, response: HttpResponse) -> DeviceOut:
    """Who is signed in, the clock, the epoch, and a fresh token for the page's posts."""
    response["Cache-Control"] = "no-store"
    return DeviceOut(
        account=request.viewer.account,
        epoch=request.viewer.organization.epoch,
        now=request.now,
        schema_version=SCHEMA,
        token=get_token(request),
    )


@router.post("/ops", response=OutcomesOut, operation_id="send_operations")
def send_operations(request: ApiRequest, payload: OperationsIn) -> OutcomesOut:
    """Do what a device kept, in order; each operation in a transaction of its own, once."""
    require_scope(request, "sessions:write")
    viewer = request.viewer
    if any(one.account != viewer.account for one in payload.ops):
        raise Conflict(
            _("Somebody else is signed in here. What you wrote waits until you are."),
            code="other-account",
        )
    if payload.epoch is not None and payload.epoch != viewer.organization.epoch:
        raise Conflict(_("An older backup was put back. Read again first."), code="other-epoch")
    if payload.schema_version not in (SCHEMA, SCHEMA - 1):
        raise Invalid(_("This device is newer than the server."), fields={})
    wishes = (
        actions.Operation(one.id, one.kind, one.target, one.base_rev, one.base, one.fields)
        for one in payload.ops
    )
    outcomes = [
        take_question(wish, by=viewer, now=request.now)
        if wish.kind == QUESTION
        else actions.take_operation(wish, by=viewer, now=request.now)
        for wish in wishes
    ]
    return OutcomesOut(
        epoch=viewer.organization.epoch,
        results=[
            OutcomeOut(
                id=one.id,
                status=one.status,
                rev=one.rev,
                fields=dict(one.fields),
                conflict=list(one.conflict),
                code=one.code,
                reason=one.reason,
            )
            for one in outcomes
        ],
    )


@router.get(
    "/sessions/{session_id}/room", response={200: RoomOut, 304: None}, operation_id="read_room"
)
def read_room(
    request: ApiRequest, response: HttpResponse, session_id: UUID
) -> Status[RoomOut | None]:
    """The room of a session, for its people; 304 where the caller's If-None-Match has it all."""
    require_scope(request, "sessions:read")
    session = queries.session_for(request.viewer, session_id)
    here = queries.room(request.viewer, session, request.now)
    shown = RoomOut(
        epoch=request.viewer.organization.epoch,
        rev=session.rev,
        state=here.state,
        sign=queries.sign_of(here),
        started_at=here.timer.started_at,
        ends_at=here.timer.ends_at,
        texts={
            name: RoomTextOut(body=text.body, rev=text.rev) for name, text in here.texts.items()
        },
        notes=[NoteOut(person=one.person.public_id, body=one.body) for one in here.notes_of_others],
        ticks={
            str(item.public_id): actions.TICKED if item.ticked_at else "" for item in here.checklist
        },
    )
    tag = etag_of(shown)
    response["ETag"] = tag
    response["Cache-Control"] = "no-store"
    response["Handrail-Now"] = request.now.isoformat()
    # A server in between may have marked the tag as weak when it packed the answer.
    wanted = request.headers.get("If-None-Match", "").split(",")
    known = {one.strip().removeprefix("W/") for one in wanted}
    return Status(304, None) if tag in known else Status(200, shown)
