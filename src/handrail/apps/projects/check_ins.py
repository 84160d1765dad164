"""The check-ins of a project as they stand: ahead, last, given up."""

from __future__ import annotations

from datetime import date, datetime

from handrail.apps.projects.models import CheckIn, Project
from handrail.apps.sessions.models import Artifact, SessionState
from handrail.domain.scheduling import due_days


def upcoming(project: Project, now: datetime) -> list[CheckIn]:
    """The check-ins that are booked and have not begun, in the order of their start."""
    return list(
        CheckIn.objects.filter(
            project=project,
            session__state=SessionState.SCHEDULED,
            session__booking__starts_at__gt=now,
        )
        .select_related("session", "session__booking", "session__program", "project")
        .order_by("session__booking__starts_at", "pk")
    )


def last_due(project: Project) -> date | None:
    """The due day whose check-in closes the project: the last one that was not skipped."""
    cadence = project.cadence
    if cadence is None:
        return None
    skipped = set(
        CheckIn.objects.filter(project=project, session=None).values_list("due_on", flat=True)
    )
    days = [
        day for day in due_days(cadence, project.starts_on, project.ends_on) if day not in skipped
    ]
    return days[-1] if days else None


def latest_artifact(project: Project) -> Artifact | None:
    """What the last check-in with an artifact left behind."""
    return (
        Artifact.objects.filter(session__check_in__project=project)
        .order_by("-session__booking__starts_at", "-pk")
        .first()
    )
