"""Who could go on with a group whose mentor does not come any more."""

from __future__ import annotations

from datetime import datetime

from handrail.apps.cohorts.actions.access import local_day
from handrail.apps.cohorts.models import Cohort, Place
from handrail.apps.matches.parting import kept_apart
from handrail.apps.people.models import Person, TakesPartAs
from handrail.apps.people.queries import still_here


def successors_of(cohort: Cohort, now: datetime) -> list[Person]:
    """Mentors who are here, have the time, and are kept apart from nobody of the group."""
    program = cohort.intake.program
    members = set(
        Place.objects.filter(cohort=cohort, opted_out_at=None, left_at=None).values_list(
            "person", flat=True
        )
    )
    # An intake has one group a mentor, also of those that were called off.
    others = Cohort.objects.filter(intake=cohort.intake).exclude(pk=cohort.pk)
    found = still_here(local_day(cohort.intake, now)).filter(
        role=TakesPartAs.MENTOR, minutes_per_week__gte=program.session_minutes
    )
    apart = kept_apart(program)
    return [
        person
        for person in found.exclude(pk__in=others.values("mentor"))
        if person.pk not in members and not any((one, person.pk) in apart for one in members)
    ]
