"""A cohort program with an intake that is open, into which a job leads: for scripts of pictures."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from handrail.apps.organizations.viewer import Viewer

LEAD = "Carla Berg"


def open_intake_for(job: str, name: str, *, by: Viewer, now: datetime) -> None:
    """Start a program of this name, with one mentor, for hires of this job."""
    from handrail.apps.cohorts.actions import open_intake
    from handrail.apps.hiring.actions import add_rule
    from handrail.apps.people.models import Person
    from handrail.apps.programs.actions import create_program, start_program

    day = now.date()
    lead = Person.objects.get(name=LEAD)
    mentor = Person.objects.filter(role="mentor").exclude(pk=lead.pk).order_by("pk")[0]
    program = create_program(
        "first-twelve-weeks",
        name=name,
        starts_on=day,
        ends_on=day + timedelta(days=200),
        by=by,
        now=now,
        leads=[lead],
    )
    start_program(program, by=by, now=now)
    open_intake(
        program,
        [mentor],
        opens_on=day,
        closes_on=day + timedelta(days=13),
        starts_on=day + timedelta(days=28),
        hired_from=day + timedelta(days=1),
        by=by,
        now=now,
    )
    add_rule(program, job=job, title="", department="", by=by, now=now)
