"""What the outbox calls for connections."""

from __future__ import annotations

from datetime import datetime

from handrail.apps.connections.events import park
from handrail.apps.connections.models import ConnectionSecret, Delivery, Event
from handrail.apps.organizations.scope import writing
from handrail.apps.outbox.models import OutboxRow

NOBODY = "nobody-takes"


def nobody_takes(row: OutboxRow, now: datetime) -> None:
    """No room acts on this kind of event yet: it waits, and can be retried once one does."""
    park(row, NOBODY, now=now)


def tidy_connections(row: OutboxRow, now: datetime) -> None:
    """Forget events and deliveries whose day has come, and secrets that ended."""
    day = now.date()
    with writing(row.organization):
        Event.objects.filter(purge_on__lte=day).delete()
        Delivery.objects.filter(purge_on__lte=day).delete()
        ConnectionSecret.objects.filter(ends_at__lte=now).delete()
