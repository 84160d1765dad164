"""Old rows of ledgers may go, and only these, and only while somebody is at it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from handrail.apps.organizations.models import Organization


@contextmanager
def old_rows_may_go(organization: Organization, before: datetime) -> Iterator[None]:
    """Inside, the database lets ledgers that name a time go of their rows from before then.

    Runs in the caller's transaction: nobody else ever sees it set.
    """
    here = Organization.objects.filter(pk=organization.pk)
    here.update(purging_before=before)
    yield
    here.update(purging_before=None)
