"""What the outbox runner calls for the ledger: tidying by the clock, calendars elsewhere."""

from __future__ import annotations

from datetime import datetime

from handrail.apps.calendars.actions import delete_past_cells, lapse_expired_holds
from handrail.apps.calendars.connecting import end
from handrail.apps.calendars.outbound import outbound
from handrail.apps.calendars.refreshing import refresh
from handrail.apps.calendars.source_models import CalendarSource
from handrail.apps.calendars.sources import enqueue_refresh
from handrail.apps.organizations.scope import writing
from handrail.apps.outbox.models import OutboxRow


def tidy_calendars(row: OutboxRow, now: datetime) -> None:
    """Let expired holds go and delete the cells of days gone by."""
    lapse_expired_holds(now)
    delete_past_cells(now)


def refresh_calendars(row: OutboxRow, now: datetime) -> None:
    """Have every calendar of the organisation read, each by a row of its own."""
    with writing(row.organization):
        for source in CalendarSource.objects.filter(removed_at=None).order_by("pk"):
            enqueue_refresh(source, now, mark=row.dedupe)


def refresh_calendar(row: OutboxRow, now: datetime) -> None:
    """Read one calendar, unless it was taken away meanwhile."""
    source = (
        CalendarSource.objects.select_related("person", "organization")
        .filter(public_id=row.ref["source"], removed_at=None)
        .first()
    )
    if source is not None:
        refresh(source, outbound=outbound(), now=now)


def end_calendar(row: OutboxRow, now: datetime) -> None:
    """Tell the other side that one calendar was taken away, and forget it."""
    source = (
        CalendarSource.objects.select_related("organization")
        .filter(public_id=row.ref["source"])
        .exclude(removed_at=None)
        .first()
    )
    if source is not None:
        end(source, now)
