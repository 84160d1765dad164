"""What the outbox runner calls for the ledger: tidying by the clock."""

from __future__ import annotations

from datetime import datetime

from handrail.apps.calendars.actions import delete_past_cells, lapse_expired_holds
from handrail.apps.outbox.models import OutboxRow


def tidy_calendars(row: OutboxRow, now: datetime) -> None:
    """Let expired holds go and delete the cells of days gone by."""
    lapse_expired_holds(now)
    delete_past_cells(now)
