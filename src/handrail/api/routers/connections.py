"""What is connected: set up, tried out, switched, taken away; what came in and went out."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from ninja import Router, Schema
from pydantic import Field

from handrail.api.requests import ApiRequest, Page, once, page, require_scope
from handrail.apps.connections import actions, queries
from handrail.apps.connections.kinds import kind_of
from handrail.apps.connections.models import Connection, Delivery, Event
from handrail.apps.connections.sending import send_again
from handrail.apps.connections.words import reason_words, trouble_words

router = Router(tags=["connections"])
Name = Annotated[str, Field(min_length=1, max_length=80)]
Code = Annotated[str, Field(max_length=32)]
Text = Annotated[str, Field(max_length=2000)]


class ConnectionIn(Schema):
    kind: Code
    name: Name
    settings: dict[str, Text | list[Text]] = {}
    secrets: dict[str, Text] = {}  # taken, and never given back


class ConnectionChangeIn(Schema):
    name: Name
    settings: dict[str, Text | list[Text]] = {}


class SecretIn(Schema):
    field: Code
    secret: Annotated[str, Field(min_length=1, max_length=2000)]


class SwitchIn(Schema):
    on: bool


class ConnectionOut(Schema):
    id: UUID
    kind: str
    name: str
    health: str
    on: bool
    settings: dict[str, Any]
    secrets: dict[str, datetime]  # which are set, and since when
    send_to: str | None  # where the service sends to
    last_event_at: datetime | None
    last_ok_at: datetime | None
    last_failure_at: datetime | None
    failure: str | None
    failures: int
    parked: int
    given_up: int


class TestOut(Schema):
    works: bool
    why: str | None


class EventOut(Schema):
    id: UUID
    kind: str
    state: str
    reason: str | None
    received_at: datetime
    settled_at: datetime | None
    tries: int


class EventDoIn(Schema):
    do: Literal["retry", "drop"]


class DeliveryOut(Schema):
    id: UUID
    kind: str
    content: dict[str, Any]
    state: str
    status: int | None
    failure: str | None
    tries: int
    happened_at: datetime
    tried_at: datetime | None


def connection_out(state: queries.State) -> ConnectionOut:
    """A connection as the wire shows it: never a secret."""
    connection = state.connection
    kind = kind_of(connection.kind)
    why = connection.stopped_for or connection.failure
    to = reverse("hook", args=[connection.address])
    return ConnectionOut(
        id=connection.public_id,
        kind=connection.kind,
        name=connection.name,
        health=state.health.value,
        on=connection.is_on,
        settings=connection.settings,
        secrets=queries.secrets_set(connection),
        send_to=f"{settings.BASE_URL}{to}" if kind.receives or kind.answers else None,
        last_event_at=connection.event_at,
        last_ok_at=connection.ok_at,
        last_failure_at=connection.failed_at,
        failure=trouble_words(why) if why else None,
        failures=connection.failures,
        parked=state.parked,
        given_up=state.given_up,
    )


def _shown(connection: Connection) -> dict[str, Any]:
    return connection_out(queries.state_of(connection)).model_dump(mode="json")


def event_out(event: Event) -> EventOut:
    return EventOut(
        id=event.public_id,
        kind=event.kind,
        state=event.state,
        reason=reason_words(event.reason) if event.reason else None,
        received_at=event.received_at,
        settled_at=event.settled_at,
        tries=event.tries,
    )


def delivery_out(delivery: Delivery) -> DeliveryOut:
    return DeliveryOut(
        id=delivery.public_id,
        kind=delivery.kind,
        content=delivery.content,
        state=delivery.state,
        status=delivery.status,
        failure=trouble_words(delivery.failure) if delivery.failure else None,
        tries=delivery.tries,
        happened_at=delivery.happened_at,
        tried_at=delivery.tried_at,
    )


@router.get("/connections", response=Page, operation_id="list_connections")
def list_connections(request: ApiRequest, cursor: str = "", limit: int = 50) -> dict[str, Any]:
    """Everything that is connected, with its health; for administrators."""
    require_scope(request, "connections:read")
    return page(
        queries.connections_of(request.viewer),
        cursor=cursor,
        limit=limit,
        name="connections",
        show=lambda connection: connection_out(queries.state_of(connection)),
    )


@router.post("/connections", response={201: ConnectionOut}, operation_id="connect_service")
def connect_service(request: ApiRequest, data: ConnectionIn) -> HttpResponse:
    """Connect a service with secrets of its own: over the API none is made, and none given back."""
    require_scope(request, "connections:write")

    def work() -> tuple[int, dict[str, Any]]:
        done = actions.connect(**data.dict(), by=request.viewer, now=request.now, make=False)
        return 201, _shown(done.connection)

    return once(request, work)


@router.get("/connections/{connection_id}", response=ConnectionOut, operation_id="read_connection")
def read_connection(request: ApiRequest, connection_id: UUID) -> ConnectionOut:
    """One connection."""
    require_scope(request, "connections:read")
    return connection_out(queries.state_of(queries.connection_of(request.viewer, connection_id)))


@router.put("/connections/{connection_id}", response=ConnectionOut, operation_id="edit_connection")
def edit_connection(
    request: ApiRequest, connection_id: UUID, data: ConnectionChangeIn
) -> ConnectionOut:
    """Change a connection's name and what is set."""
    require_scope(request, "connections:write")
    changed = actions.change(connection_id, **data.dict(), by=request.viewer, now=request.now)
    return connection_out(queries.state_of(changed))


@router.delete(
    "/connections/{connection_id}", response={204: None}, operation_id="remove_connection"
)
def remove_connection(request: ApiRequest, connection_id: UUID) -> HttpResponse:
    """Forget a connection, its secrets, and what waits in it."""
    require_scope(request, "connections:write")
    actions.disconnect(connection_id, by=request.viewer, now=request.now)
    return HttpResponse(status=204)


@router.post(
    "/connections/{connection_id}/secrets",
    response=ConnectionOut,
    operation_id="rotate_connection_secret",
)
def rotate_connection_secret(
    request: ApiRequest, connection_id: UUID, data: SecretIn
) -> HttpResponse:
    """Let a new secret count; the one before is accepted for another week."""
    require_scope(request, "connections:write")

    def work() -> tuple[int, dict[str, Any]]:
        by, now = request.viewer, request.now
        actions.rotate_secret(connection_id, data.field, data.secret, by=by, now=now, make=False)
        return 200, _shown(queries.connection_of(by, connection_id))

    return once(request, work)


@router.delete(
    "/connections/{connection_id}/secrets",
    response={204: None},
    operation_id="end_older_connection_secrets",
)
def end_older_connection_secrets(request: ApiRequest, connection_id: UUID) -> HttpResponse:
    """Accept older secrets no more."""
    require_scope(request, "connections:write")
    actions.end_old_secrets(connection_id, by=request.viewer, now=request.now)
    return HttpResponse(status=204)


@router.put(
    "/connections/{connection_id}/switch",
    response=ConnectionOut,
    operation_id="switch_connection",
)
def switch_connection(request: ApiRequest, connection_id: UUID, data: SwitchIn) -> ConnectionOut:
    """Switch a connection on or off."""
    require_scope(request, "connections:write")
    switched = actions.switch(connection_id, on=data.on, by=request.viewer, now=request.now)
    return connection_out(queries.state_of(switched))


@router.post("/connections/{connection_id}/test", response=TestOut, operation_id="test_connection")
def test_connection(request: ApiRequest, connection_id: UUID) -> TestOut:
    """Try a connection out, each time it is asked: a test has no effect but a note how it went."""
    require_scope(request, "connections:write")
    why = actions.send_test(connection_id, by=request.viewer, now=request.now)
    return TestOut(works=not why, why=trouble_words(why) if why else None)


@router.get(
    "/connections/{connection_id}/events",
    response=Page,
    operation_id="list_connection_events",
)
def list_connection_events(
    request: ApiRequest,
    connection_id: UUID,
    state: Literal["", "received", "done", "ignored", "parked"] = "",
    cursor: str = "",
    limit: int = 50,
) -> dict[str, Any]:
    """What came in, the oldest first; with `state` only what is in it."""
    require_scope(request, "connections:read")
    connection = queries.connection_of(request.viewer, connection_id)
    return page(
        queries.events_of(connection, state=state),
        cursor=cursor,
        limit=limit,
        name=f"events {connection.public_id} {state}",
        show=event_out,
    )


@router.post(
    "/connections/{connection_id}/events/{event_id}",
    response=EventOut,
    operation_id="settle_connection_event",
)
def settle_connection_event(
    request: ApiRequest, connection_id: UUID, event_id: UUID, data: EventDoIn
) -> HttpResponse:
    """Have an event that was put aside taken again, or let it rest."""
    require_scope(request, "connections:write")
    act = actions.retry_event if data.do == "retry" else actions.drop_event

    def work() -> tuple[int, dict[str, Any]]:
        event = act(connection_id, event_id, by=request.viewer, now=request.now)
        return 200, event_out(event).model_dump(mode="json")

    return once(request, work)


@router.get(
    "/connections/{connection_id}/deliveries",
    response=Page,
    operation_id="list_connection_deliveries",
)
def list_connection_deliveries(
    request: ApiRequest, connection_id: UUID, cursor: str = "", limit: int = 50
) -> dict[str, Any]:
    """What went out, the oldest first."""
    require_scope(request, "connections:read")
    connection = queries.connection_of(request.viewer, connection_id)
    return page(
        queries.deliveries_of(connection),
        cursor=cursor,
        limit=limit,
        name=f"deliveries {connection.public_id}",
        show=delivery_out,
    )


@router.post(
    "/connections/{connection_id}/deliveries/{delivery_id}",
    response=DeliveryOut,
    operation_id="send_delivery_again",
)
def send_delivery_again(
    request: ApiRequest, connection_id: UUID, delivery_id: UUID
) -> HttpResponse:
    """Have a delivery sent once more, under the same id."""
    require_scope(request, "connections:write")

    def work() -> tuple[int, dict[str, Any]]:
        delivery = send_again(connection_id, delivery_id, by=request.viewer, now=request.now)
        return 200, delivery_out(delivery).model_dump(mode="json")

    return once(request, work)
