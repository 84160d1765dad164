"""What the outbox runner calls for reports: weekly looks, and long reports."""

from __future__ import annotations

from datetime import date, datetime

from handrail.apps.organizations.viewer import Viewer
from handrail.apps.outbox.models import OutboxRow


def look_at_pilots(row: OutboxRow, now: datetime) -> None:
    """Look at pilots whose plan has weekly looks, and report those known to the end."""
    from handrail.apps.reports.looking import look_at_pilots as look  # late: loads SciPy

    look(by=Viewer.system(row.organization, "clock"), now=now)


def build_company(row: OutboxRow, now: datetime) -> None:
    """Make the report of every program, which somebody who may ordered."""
    from handrail.apps.reports.company_wide.building import build_company_report  # late: numbers

    cut = date.fromisoformat(row.ref["cut"])
    build_company_report(cut=cut, by=Viewer.system(row.organization, "clock"), now=now)
