"""What leaves through a connection: kept with what happened, tried for three days, then given up.

A row holds ids and states, so that its page can show how it went and *Send again* can send it once
more; what is said of them is made when it is sent.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from handrail.apps.connections.kinds import kind_of
from handrail.apps.connections.models import Connection, Delivery, DeliveryState
from handrail.apps.connections.noting import note_failure, note_ok
from handrail.apps.organizations.actions import record_audit
from handrail.apps.organizations.models import Organization
from handrail.apps.organizations.scope import writing
from handrail.apps.organizations.sealing import Unsealable
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.outbox.actions import enqueue, tell_administrators
from handrail.apps.outbox.models import OutboxRow
from handrail.integrations.kinds import Trouble

KEPT = timedelta(days=30)
# Between one try and the next; after the last one a delivery is given up.
PAUSES = (
    timedelta(seconds=30),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=20),
)
NAMED_BY = uuid.UUID("5d0f9c1c-2f3e-4c0b-9b55-8f5a0c6a7d21")  # of what must be told once


class Unneeded(Exception):
    """What was to be told is no longer so, or nobody wants to hear it any more."""


def announce(
    connection: Connection,
    kind: str,
    content: dict[str, Any],
    organization: Organization,
    *,
    once: str = "",
    stream: str = "",
    now: datetime,
) -> None:
    """Write a delivery and its outbox row, in the caller's transaction.

    What has the same `once` is written a single time. The first tries of a `stream` keep their
    order; without one, a delivery that hangs keeps no other waiting.
    """
    # The database decides: two mails of one session may be on their way at the same moment.
    delivery, is_new = Delivery.objects.get_or_create(
        organization=organization,
        public_id=uuid.uuid5(NAMED_BY, once) if once else uuid.uuid4(),
        defaults={
            "connection": connection,
            "kind": kind,
            "content": content,
            "happened_at": now,
            "purge_on": (now + KEPT).date(),
        },
    )
    if is_new:
        send_at(delivery, due_at=now, now=now, stream=stream)


def attempt(row: OutboxRow, send: Callable[[Delivery], int | None], *, now: datetime) -> None:
    """Send the delivery of a row once; what did not get through is tried later, in its own row.

    `send` answers the other side's status where there is one, and raises `Trouble`, or `Unneeded`.
    """
    delivery = (
        Delivery.objects.select_related("connection__organization")
        .filter(public_id=row.ref["delivery"], state=DeliveryState.WAITING)
        .first()
    )
    if delivery is None:
        return
    why, status, hopeless = "", None, False
    if not delivery.connection.is_on:
        why, hopeless = "switched-off", True
    else:
        try:
            status = send(delivery)
        except Unneeded:
            Delivery.objects.filter(pk=delivery.pk, state=DeliveryState.WAITING).update(
                state=DeliveryState.DROPPED, failure="", tried_at=now
            )
            return
        except Trouble as trouble:
            why, hopeless = trouble.why, trouble.hopeless
        except Unsealable:
            why = "sealed-elsewhere"
    with writing(row.organization):
        _note(delivery, why, status, hopeless, now)


def send_at(delivery: Delivery, *, due_at: datetime, now: datetime, stream: str = "") -> None:
    """Put a delivery into the outbox, for whoever sends those of its kind of connection."""
    enqueue(
        kind_of(delivery.connection.kind).sends,
        ref={"delivery": str(delivery.public_id)},
        dedupe=f"webhook:{delivery.public_id}:{delivery.again}:{delivery.tries}",
        due_at=due_at,
        stream=stream or f"webhook:{delivery.public_id}",
        now=now,
        organization=delivery.organization,
    )


def _note(delivery: Delivery, why: str, status: int | None, hopeless: bool, now: datetime) -> None:
    """Write down how a try went, and what follows: sent, again later, given up, switched off."""
    connection, tries = delivery.connection, delivery.tries + 1
    changed = {"tries": tries, "tried_at": now, "status": status, "failure": why[:48]}
    waiting = Delivery.objects.filter(pk=delivery.pk, state=DeliveryState.WAITING)
    if not why:
        waiting.update(**changed, state=DeliveryState.SENT)
        note_ok(connection, now=now)
        return
    note_failure(connection, why, now=now)
    if not (hopeless or why == "gone") and tries <= len(PAUSES):
        waiting.update(**changed)
        delivery.tries = tries
        send_at(delivery, due_at=now + PAUSES[tries - 1], now=now)
        return
    waiting.update(**changed, state=DeliveryState.GIVEN_UP)
    if not kind_of(connection.kind).stops:
        return
    heard = Connection.objects.filter(pk=connection.pk, ok_at__gt=delivery.happened_at).exists()
    if why == "gone" or (why != "switched-off" and not heard):
        _stop(connection, why, now)


def _stop(connection: Connection, why: str, now: datetime) -> None:
    """Nothing got through for three days, or never will: send there no more until a person says."""
    stopped = Connection.objects.filter(pk=connection.pk, is_on=True).update(
        is_on=False, stopped_for=why[:48]
    )
    if stopped:
        record_audit(
            by=Viewer.system(connection.organization, "connections"),
            verb="connection.stopped",
            object_type="connection",
            object_id=connection.public_id,
            detail={"why": why},
            now=now,
        )
        tell_administrators(
            "mail.connection_stopped",
            ref={"connection": str(connection.public_id)},
            dedupe=f"connection stopped:{connection.public_id}:{now.isoformat()}",
            stream=f"connection:{connection.public_id}",
            now=now,
            organization=connection.organization,
        )
