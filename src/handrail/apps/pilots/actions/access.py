"""Who may do this to a pilot, its lock, and its lines in the audit record."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import F

from handrail.apps.organizations.actions import record_audit
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.pilots.models import Pilot
from handrail.apps.programs.queries import require_run


def require_lead(pilot: Pilot, by: Viewer) -> None:
    """Raise NotAllowed unless the viewer runs the pilot's program."""
    require_run(by, pilot.program)


def locked(pilot: Pilot) -> Pilot:
    """Lock the pilot's row, in the caller's transaction; the pilot as it is now."""
    Pilot.objects.filter(pk=pilot.pk).update(rev=F("rev") + 1)
    return Pilot.objects.select_related("program", "team", "organization").get(pk=pilot.pk)


def audit(verb: str, pilot: Pilot, by: Viewer, now: datetime, **detail: Any) -> None:
    """Record what was done to a pilot; never who was assigned what."""
    record_audit(
        by=by,
        verb=verb,
        object_type="pilot",
        object_id=str(pilot.public_id),
        detail=detail,
        now=now,
    )
