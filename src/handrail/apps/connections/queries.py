"""Questions about connections: which there are, how they do, what came in and went out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from handrail.apps.connections.models import (
    Connection,
    ConnectionSecret,
    Delivery,
    DeliveryState,
    Event,
    EventState,
)
from handrail.apps.organizations.refusals import NotAllowed, NotFound
from handrail.apps.organizations.scope import finding_hook
from handrail.apps.organizations.viewer import Viewer


class Health(StrEnum):
    """How a connection does, in a word."""

    OFF = "off"
    STOPPED = "stopped"  # by the house, after too many failures
    NEW = "new"  # nothing was ever heard of it
    FAILING = "failing"
    WAITING = "waiting"  # it works, and events are put aside
    WELL = "well"


@dataclass(frozen=True, slots=True)
class State:
    """One connection as its administrator sees it."""

    connection: Connection
    health: Health
    parked: int
    given_up: int


def connections_of(viewer: Viewer) -> QuerySet[Connection]:
    """All connections, by name; for administrators."""
    if not viewer.is_administrator:
        raise NotAllowed(_("Only an administrator sees what is connected."))
    return Connection.objects.order_by("name", "id")


def connection_of(viewer: Viewer, public_id: UUID) -> Connection:
    """One connection of the viewer's organisation; NotFound where there is none."""
    found = connections_of(viewer).filter(public_id=public_id).first()
    if found is None:
        raise NotFound(_("There is no such connection."))
    return found


def connection_for(address: str) -> Connection | None:
    """The connection that has this address and is switched on, in whichever organisation."""
    if not address or len(address) > 64 or not address.isascii():
        return None
    with finding_hook(address):
        return (
            Connection.objects.filter(address=address, is_on=True, organization__erasing_since=None)
            .select_related("organization")
            .first()
        )


def connections_of_kind(*codes: str) -> QuerySet[Connection]:
    """The connections of these kinds that are switched on, the oldest first; in a room's scope."""
    return Connection.objects.filter(kind__in=codes, is_on=True).order_by("id")


def states_of(viewer: Viewer) -> list[State]:
    """Every connection with its health, by name."""
    found = connections_of(viewer).annotate(
        parked=Count("events", filter=Q(events__state=EventState.PARKED), distinct=True),
        given_up=Count(
            "deliveries", filter=Q(deliveries__state=DeliveryState.GIVEN_UP), distinct=True
        ),
    )
    return [_state(one, one.parked, one.given_up) for one in found]


def state_of(connection: Connection) -> State:
    """One connection with its health."""
    return _state(
        connection,
        Event.objects.filter(connection=connection, state=EventState.PARKED).count(),
        Delivery.objects.filter(connection=connection, state=DeliveryState.GIVEN_UP).count(),
    )


def _state(connection: Connection, parked: int, given_up: int) -> State:
    if not connection.is_on:
        health = Health.STOPPED if connection.stopped_for else Health.OFF
    elif connection.failures:
        health = Health.FAILING
    elif connection.ok_at is None and connection.event_at is None:
        health = Health.NEW
    else:
        health = Health.WAITING if parked else Health.WELL
    return State(connection, health, parked, given_up)


def events_of(connection: Connection, *, state: str = "") -> QuerySet[Event]:
    """What came in through a connection, the newest first."""
    events = Event.objects.filter(connection=connection).order_by("-received_at", "-id")
    return events.filter(state=state) if state else events


def deliveries_of(connection: Connection) -> QuerySet[Delivery]:
    """What went out through a connection, the newest first."""
    return Delivery.objects.filter(connection=connection).order_by("-happened_at", "-id")


def rotating(connection: Connection, *, now: datetime) -> dict[str, datetime]:
    """The secrets of which an older one is still accepted, with the moment until when."""
    older = ConnectionSecret.objects.filter(connection=connection, ends_at__gt=now)
    return {field: ends for field, ends in older.values_list("field", "ends_at") if ends}


def secrets_set(connection: Connection) -> dict[str, datetime]:
    """Which secrets are set, and since when; never what they are."""
    newest = ConnectionSecret.objects.filter(connection=connection, ends_at=None)
    return dict(newest.values_list("field", "made_at"))
