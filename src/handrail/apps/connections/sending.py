"""Events on their way out: written with what happened, sent later, tried again for three days.

Which events there are is read off the audit record: what is recorded is what happened, in the same
transaction, and holds ids and no texts.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from handrail.apps.connections.models import Connection, Delivery, DeliveryState
from handrail.apps.connections.noting import note_failure, note_ok
from handrail.apps.connections.outbound import outbound
from handrail.apps.connections.queries import connection_of, connections_of_kind
from handrail.apps.connections.secrets import opened
from handrail.apps.organizations.actions import record_audit
from handrail.apps.organizations.models import AuditEntry, Organization
from handrail.apps.organizations.refusals import Conflict, NotAllowed, NotFound
from handrail.apps.organizations.scope import writing
from handrail.apps.organizations.sealing import Unsealable
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.outbox.actions import enqueue
from handrail.apps.outbox.models import OutboxRow
from handrail.integrations.kinds import Trouble
from handrail.integrations.webhooks_out import body_of, deliver

KIND = "webhooks"
SEND = "webhook.send"
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
# A line of the audit record -> what is told: the event, and the state that the thing is in now.
TOLD: dict[str, tuple[tuple[str, str], ...]] = {
    "program.running": (("program.started", "running"),),
    "program.closed": (("program.closed", "closed"),),
    "program.enrolled": (("enrolment.made", "enrolled"),),
    "program.left": (("enrolment.ended", "ended"),),
    "session.booked": (("session.booked", "scheduled"),),
    "session.moved": (("session.moved", "scheduled"),),
    "session.cancelled": (("session.cancelled", "cancelled"),),
    # A session closes by its artifact.
    "session.closed": (("artifact.written", "written"), ("session.closed", "closed")),
    "answer.approved": (("answer.published", "live"),),
}


def tell_outside(sender: object, entry: AuditEntry, now: datetime, **_signal: Any) -> None:
    """Write a delivery for each address that wants to know of what was just recorded."""
    told = TOLD.get(entry.verb)
    if told is None:
        return
    for connection in connections_of_kind(KIND):
        wanted = connection.settings.get("events", [])
        for kind, state in told:
            if kind in wanted:
                content = {"id": entry.object_id, "object": entry.object_type, "state": state}
                _announce(connection, kind, content, entry.organization, now)


def send(row: OutboxRow, now: datetime) -> None:
    """Send one delivery; what did not get through is tried again later, in a row of its own."""
    delivery = (
        Delivery.objects.select_related("connection__organization")
        .filter(public_id=row.ref["delivery"], state=DeliveryState.WAITING)
        .first()
    )
    if delivery is None:
        return
    connection, why, status = delivery.connection, "", None
    if not connection.is_on:
        why = "switched-off"
    else:
        try:
            status = deliver(
                opened(connection, now=now),
                outbound(),
                ident=str(delivery.public_id),
                now=now,
                body=body_of(delivery.kind, delivery.happened_at, delivery.content),
            )
        except Trouble as trouble:
            why = trouble.why
        except Unsealable:
            why = "sealed-elsewhere"
    with writing(row.organization):
        _note(delivery, why, status, now)


def send_again(public_id: UUID, delivery_id: UUID, *, by: Viewer, now: datetime) -> Delivery:
    """Have a delivery sent once more, under the same id, so that the receiver knows a double."""
    if not by.is_administrator or not by.may("connections:write"):
        raise NotAllowed(_("Only an administrator connects services."))
    with writing(by.organization):
        connection = connection_of(by, public_id)
        delivery = (
            Delivery.objects.select_for_update(of=("self",))
            .select_related("connection", "organization")
            .filter(connection=connection, public_id=delivery_id)
            .first()
        )
        if delivery is None:
            raise NotFound(_("There is no such delivery."))
        if delivery.state == DeliveryState.WAITING:
            raise Conflict(_("This delivery is on its way."), code="delivery-waiting")
        delivery.state, delivery.tries, delivery.failure = DeliveryState.WAITING, 0, ""
        delivery.again += 1
        delivery.purge_on = (now + KEPT).date()
        delivery.save(update_fields=["state", "tries", "failure", "again", "purge_on"])
        _enqueue(delivery, due_at=now, now=now)
        record_audit(
            by=by,
            verb="delivery.sent_again",
            object_type="connection",
            object_id=connection.public_id,
            detail={"delivery": str(delivery.public_id)},
            now=now,
        )
    return delivery


def _announce(
    connection: Connection,
    kind: str,
    content: dict[str, str],
    organization: Organization,
    now: datetime,
) -> None:
    delivery = Delivery.objects.create(
        organization=organization,
        connection=connection,
        kind=kind,
        content=content,
        happened_at=now,
        purge_on=(now + KEPT).date(),
    )
    _enqueue(delivery, due_at=now, now=now)


def _enqueue(delivery: Delivery, *, due_at: datetime, now: datetime) -> None:
    enqueue(
        SEND,
        ref={"delivery": str(delivery.public_id)},
        dedupe=f"webhook:{delivery.public_id}:{delivery.again}:{delivery.tries}",
        due_at=due_at,
        stream=f"webhook:{delivery.public_id}",  # one that hangs keeps no other waiting
        now=now,
        organization=delivery.organization,
    )


def _note(delivery: Delivery, why: str, status: int | None, now: datetime) -> None:
    """Write down how a try went, and what follows: sent, again later, given up, switched off."""
    connection, tries = delivery.connection, delivery.tries + 1
    changed = {"tries": tries, "tried_at": now, "status": status, "failure": why[:48]}
    waiting = Delivery.objects.filter(pk=delivery.pk, state=DeliveryState.WAITING)
    if not why:
        waiting.update(**changed, state=DeliveryState.SENT)
        note_ok(connection, now=now)
        return
    note_failure(connection, why, now=now)
    final = why in ("gone", "switched-off") or tries > len(PAUSES)
    if not final:
        waiting.update(**changed)
        delivery.tries = tries
        _enqueue(delivery, due_at=now + PAUSES[tries - 1], now=now)
        return
    waiting.update(**changed, state=DeliveryState.GIVEN_UP)
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
