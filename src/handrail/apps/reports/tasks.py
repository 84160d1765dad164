"""What the outbox runner calls for reports: weekly looks, and the report when all is known."""

from __future__ import annotations

from datetime import datetime

from handrail.apps.organizations.viewer import Viewer
from handrail.apps.outbox.models import OutboxRow


def look_at_pilots(row: OutboxRow, now: datetime) -> None:
    """Look at pilots whose plan has weekly looks, and report those known to the end."""
    from handrail.apps.reports.looking import look_at_pilots as look  # late: loads SciPy

    look(by=Viewer.system(row.organization, "clock"), now=now)
