"""Answers to questions that rooms below ask without knowing this one."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import Any

from django.dispatch import receiver

from handrail.apps.calendars.models import Seat, SeatRole
from handrail.apps.matches.signals import meetings_asked, sessions_asked
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


@receiver(meetings_asked, dispatch_uid="handrail.sessions.pairs_that_met")
def pairs_that_met(sender: object, since: datetime, **_kwargs: Any) -> set[tuple[int, int]]:
    """Who met whom since then, or will: of every program, for people meet as people."""
    seats = Seat.objects.filter(
        booking__starts_at__gte=since, booking__session__state__in=COUNTED
    ).values_list("booking_id", "person_id", "role")
    mentees: dict[int, list[int]] = defaultdict(list)
    mentors: dict[int, list[int]] = defaultdict(list)
    for booking_id, person_id, role in seats:
        (mentees if role == SeatRole.MENTEE else mentors)[booking_id].append(person_id)
    return {
        (mentee, mentor)
        for booking_id, there in mentees.items()
        for mentee in there
        for mentor in mentors.get(booking_id, [])
    }
