"""Events on their way out: written with what happened, sent later, tried again for three days.

Which events there are is read off the audit record: what is recorded is what happened, in the same
transaction, and holds ids and no texts.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from handrail.apps.connections.delivering import KEPT, announce, attempt, send_at
from handrail.apps.connections.models import Delivery, DeliveryState
from handrail.apps.connections.outbound import outbound
from handrail.apps.connections.queries import connection_of, connections_of_kind
from handrail.apps.connections.secrets import opened
from handrail.apps.organizations.actions import record_audit
from handrail.apps.organizations.models import AuditEntry
from handrail.apps.organizations.refusals import Conflict, NotAllowed, NotFound
from handrail.apps.organizations.scope import writing
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.outbox.models import OutboxRow
from handrail.integrations.webhooks_out import body_of, deliver

KIND = "webhooks"
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
                announce(connection, kind, content, entry.organization, now=now)


def send(row: OutboxRow, now: datetime) -> None:
    """Send one delivery; what did not get through is tried again later, in a row of its own."""

    def _send(delivery: Delivery) -> int:
        return deliver(
            opened(delivery.connection, now=now),
            outbound(),
            ident=str(delivery.public_id),
            now=now,
            body=body_of(delivery.kind, delivery.happened_at, delivery.content),
        )

    attempt(row, _send, now=now)


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
        send_at(delivery, due_at=now, now=now)
        record_audit(
            by=by,
            verb="delivery.sent_again",
            object_type="connection",
            object_id=connection.public_id,
            detail={"delivery": str(delivery.public_id)},
            now=now,
        )
    return delivery
