"""Reports of harm that were closed long ago go, with every word of them."""

from __future__ import annotations

from datetime import datetime

from handrail.apps.organizations.models import Organization
from handrail.apps.organizations.purging import old_rows_may_go
from handrail.apps.safeguarding.models import HarmRead, HarmReport


def closed_reports(organization: Organization, before: datetime, do: bool) -> int:
    """Reports that were closed before then, and lines of who opened any report before then."""
    old = HarmReport.objects.filter(closed_at__lt=before)
    reads = HarmRead.objects.filter(read_at__lt=before)
    if not do:
        return old.count() + reads.count()
    with old_rows_may_go(organization, before):
        return old.delete()[0] + reads.delete()[0]
