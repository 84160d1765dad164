"""A place for somebody who was hired and has not begun: given, moved and given back."""

from __future__ import annotations

from datetime import date, datetime

from django.utils.translation import gettext as _

from handrail.apps.cohorts.actions.access import audit, locked, require_open, touch
from handrail.apps.cohorts.actions.places import leave_cohort, move_up, pass_on
from handrail.apps.cohorts.models import CohortState, Intake, Place
from handrail.apps.organizations.refusals import Conflict
from handrail.apps.organizations.scope import writing
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.people.models import Person
from handrail.apps.programs.queries import require_run
from handrail.domain.cohorts import lot_of


def give_place(
    intake: Intake,
    person: Person,
    started_on: date,
    *,
    waits_since: datetime | None = None,
    by: Viewer,
    now: datetime,
) -> Place:
    """A seat in an intake that has not started, or a place at the end of its waiting list.

    Who has a place already keeps it as it is, also where they opted out. Whoever calls tells them.
    """
    require_run(by, intake.program)
    with writing(by.organization):
        intake = locked(intake)
        require_open(intake)
        if intake.cohorts.filter(mentor=person).exists():
            raise Conflict(
                _("%(name)s mentors in this intake.") % {"name": person.name}, code="mentors-here"
            )
        place, is_new = Place.objects.get_or_create(
            organization=by.organization,
            intake=intake,
            person=person,
            defaults={
                "started_on": started_on,
                "eligible_at": waits_since or now,
                "lot": lot_of(intake.seed, person.external_id),
            },
        )
        if is_new:
            touch(intake)
            audit("place_given", intake, by, now)
    return place


def give_back(place: Place, *, by: Viewer, now: datetime) -> None:
    """Give a place back, as if it had never been given; whoever waits moves up.

    In a group that is booked this is leaving it: the seats ahead go to the next in line first.
    """
    require_run(by, place.intake.program)
    with writing(by.organization):
        intake = locked(place.intake)
        places = Place.objects.select_related(
            "cohort", "offered", "person", "intake__program", "intake__organization"
        )
        stands = places.filter(pk=place.pk).first()
        if stands is None:
            return
        if stands.offered is not None:
            pass_on(stands, now=now)
        group = stands.cohort
        if group is not None and group.state in (CohortState.RUNNING, CohortState.TAIL):
            leave_cohort(stands, by=by, now=now)
        Place.objects.filter(pk=stands.pk).delete()
        if group is not None and group.state == CohortState.FORMING:
            move_up(intake, group)
        touch(intake)
        audit("place_given_back", intake, by, now)


def correct_first_day(place: Place, started_on: date, *, by: Viewer, now: datetime) -> None:
    """Another first day for somebody whose place stays the same."""
    require_run(by, place.intake.program)
    with writing(by.organization):
        intake = locked(place.intake)
        if (
            Place.objects.filter(pk=place.pk)
            .exclude(started_on=started_on)
            .update(started_on=started_on)
        ):
            touch(intake)
            audit("first_day_corrected", intake, by, now)


def hand_place_over(place: Place, person: Person, *, by: Viewer, now: datetime) -> None:
    """The same place for somebody who turns out to be the same person under another record."""
    require_run(by, place.intake.program)
    with writing(by.organization):
        intake = locked(place.intake)
        stands = Place.objects.select_related("cohort").get(pk=place.pk)
        if stands.cohort is not None and stands.cohort.state != CohortState.FORMING:
            raise Conflict(_("This cohort has started already."), code="cohort-started")
        if Place.objects.filter(intake=intake, person=person).exists():
            Place.objects.filter(pk=stands.pk).delete()
        else:
            Place.objects.filter(pk=stands.pk).update(person=person)
        touch(intake)
        audit("place_handed_over", intake, by, now)
