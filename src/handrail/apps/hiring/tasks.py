"""What the outbox runner calls for hiring."""

from __future__ import annotations

from datetime import datetime

from handrail.apps.connections.tasks import nobody_takes
from handrail.apps.outbox.models import OutboxRow


def take_event(row: OutboxRow, now: datetime) -> None:
    """Take one event of a hiring system; until whoever was hired is enrolled, it is put aside."""
    nobody_takes(row, now)
