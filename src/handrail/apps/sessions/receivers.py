"""Answers to questions that rooms below ask without knowing this one."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import Any

from django.dispatch import receiver

from handrail.apps.calendars.models import SeatRole
from handrail.apps.matches.signals import sessions_asked
from handrail.apps.programs.models import Program
from handrail.apps.sessions.models import Session
from handrail.apps.sessions.queries.lists import COUNTED


@receiver(sessions_asked, dispatch_uid="handrail.sessions.starts_by_mentee")
def starts_by_mentee(sender: object, program: Program, **_kwargs: Any) -> dict[int, list[datetime]]:
    """When each mentee of the program meets or met somebody; cancelled ones do not count."""
    starts: dict[int, list[datetime]] = defaultdict(list)
    found = Session.objects.filter(
        program=program, state__in=COUNTED, booking__seats__role=SeatRole.MENTEE
    ).values_list("booking__seats__person_id", "booking__starts_at")
    for person_id, starts_at in found:
        starts[person_id].append(starts_at)
    return dict(starts)
