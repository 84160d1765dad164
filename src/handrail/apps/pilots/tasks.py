"""What the outbox runner calls for pilots: the clock."""

from __future__ import annotations

from datetime import datetime

from handrail.apps.organizations.viewer import Viewer
from handrail.apps.outbox.models import OutboxRow
from handrail.apps.pilots.actions.following import follow_pilots as follow_all


def follow_pilots(row: OutboxRow, now: datetime) -> None:
    """Assign hires who came, open waiting places, for as long as something is not known."""
    follow_all(by=Viewer.system(row.organization, "clock"), now=now)
