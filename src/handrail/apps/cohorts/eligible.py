"""Who is a new hire for an intake: by first day, and in no other cohort."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q

from handrail.apps.cohorts.models import Cohort, CohortState, Intake, IntakeState, Place
from handrail.apps.cohorts.signals import elsewhere_asked
from handrail.apps.matches.parting import kept_apart
from handrail.apps.people.models import EmploymentSpell, Person, TakesPartAs


@dataclass(frozen=True, slots=True)
class NewHire:
    """Somebody to be taken in; who waited in an intake before keeps that time."""

    person: Person
    started_on: date
    waits_since: datetime | None


def new_hires(intake: Intake) -> list[NewHire]:
    """Who became eligible since the last look, in the order of their first day.

    A new hire takes part as mentee, started from the intake's day on until its window closes, is
    still here, is not hired for a job of another program, and has no place in this one yet, unless
    it is on the waiting list of an intake that started without them.
    """
    spells = EmploymentSpell.objects.filter(
        Q(ended_on=None) | Q(ended_on__gte=intake.closes_on),
        started_on__gte=intake.hired_from,
        started_on__lte=intake.closes_on,
        person__role=TakesPartAs.MENTEE,
    )
    mentors = list(Cohort.objects.filter(intake=intake).values_list("mentor_id", flat=True))
    known = set(intake.places.values_list("person_id", flat=True))
    waited = _still_waiting(intake)
    elsewhere = _had_a_place(intake) - set(waited)
    apart = kept_apart(intake.program)
    found: dict[int, NewHire] = {}
    for spell in spells.select_related("person").order_by("started_on", "person__external_id"):
        person = spell.person
        is_apart = all((person.pk, mentor) in apart for mentor in mentors)
        if person.pk in known or person.pk in elsewhere or person.pk in mentors or is_apart:
            continue
        found[person.pk] = NewHire(person, spell.started_on, waited.get(person.pk))
    for place in _waiting_places(intake):
        if place.person_id not in known and place.person_id not in found:
            found[place.person_id] = NewHire(place.person, place.started_on, place.eligible_at)
    answers: list[tuple[Any, Any]] = elsewhere_asked.send(
        sender=Intake, program=intake.program, people=frozenset(found)
    )
    others = {pk for _receiver, ids in answers for pk in ids}
    return [hire for pk, hire in found.items() if pk not in others]


def _waiting_places(intake: Intake) -> list[Place]:
    """Places of earlier intakes of the program that came to nothing, without fault."""
    return list(
        Place.objects.filter(
            Q(intake__state=IntakeState.STARTED, cohort=None)
            | Q(intake__state=IntakeState.CALLED_OFF),
            intake__program=intake.program,
            opted_out_at=None,
            left_at=None,
            offered_until=None,
        )
        .exclude(intake=intake)
        .select_related("person")
        .order_by("eligible_at", "pk")
    )


def _still_waiting(intake: Intake) -> dict[int, datetime]:
    found: dict[int, datetime] = {}
    for place in _waiting_places(intake):
        found.setdefault(place.person_id, place.eligible_at)
    return found


def _had_a_place(intake: Intake) -> set[int]:
    places = Place.objects.filter(intake__program=intake.program).exclude(intake=intake)
    live = Q(cohort__state__in=(CohortState.FORMING, CohortState.RUNNING))
    others = Place.objects.filter(live).exclude(intake=intake)
    return {
        *places.values_list("person_id", flat=True),
        *others.values_list("person_id", flat=True),
    }
