"""What every change of a retreat shares: the lock, the state that allows it, the record."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from handrail.apps.organizations.actions import record_audit
from handrail.apps.organizations.refusals import Conflict
from handrail.apps.organizations.scope import writing
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.retreats.models import Retreat, RetreatStatus


@contextmanager
def changing(
    retreat: Retreat, verb: str, *, by: Viewer, now: datetime, **detail: Any
) -> Iterator[None]:
    """One transaction in which nobody else changes this retreat, recorded at its end."""
    with writing(by.organization):
        held = Retreat.objects.select_for_update().get(pk=retreat.pk)
        if held.status == RetreatStatus.CALLED_OFF:
            raise Conflict(_("This retreat is called off and cannot be changed."))
        yield
        Retreat.objects.filter(pk=retreat.pk).update(rev=F("rev") + 1)
        retreat.refresh_from_db()
        record_audit(
            by=by,
            verb=verb,
            object_type="retreat",
            object_id=retreat.public_id,
            detail=detail,
            now=now,
        )


def one_line(text: str) -> str:
    """The text without line breaks and doubled blanks."""
    return " ".join(text.split())
