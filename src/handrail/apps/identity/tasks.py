"""What the outbox runner calls when an HR system told of somebody."""

from __future__ import annotations

import hashlib
from datetime import datetime

from handrail.apps.connections.events import DONE, DOUBLE, Outcome, claim_effect, ignored, take
from handrail.apps.connections.models import Event
from handrail.apps.identity.actions.staff import hear_of
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.outbox.models import OutboxRow
from handrail.integrations.webhooks.staff import STAFF


def take_staff(row: OutboxRow, now: datetime) -> None:
    """Take one event of an HR system: what it says waits to be confirmed."""
    take(row, now, _take)


def _take(event: Event, now: datetime) -> Outcome:
    told = STAFF[event.connection.kind](event.fields)
    about = ",".join(one.person for one in told)
    fact = hashlib.sha256(repr(told).encode()).hexdigest()[:32]
    if not claim_effect(event, about=f"staff {about}", fact=fact):
        return ignored(DOUBLE)
    by = Viewer.system(event.connection.organization, event.connection.kind)
    for one in told:
        hear_of(one, by=by, now=now)
    return DONE
