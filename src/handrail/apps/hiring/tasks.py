"""What the outbox runner calls for hiring."""

from __future__ import annotations

from datetime import datetime

from handrail.apps.outbox.handlers import Undeliverable
from handrail.apps.outbox.models import OutboxRow


def take_event(row: OutboxRow, now: datetime) -> None:
    """Take one event of a hiring system: whoever was hired is enrolled."""
    raise Undeliverable("hire events are not taken yet")
