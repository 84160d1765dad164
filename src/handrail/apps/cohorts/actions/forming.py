"""Forming: which new hire is with which mentor; a lead may move one to another group."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from handrail.apps.cohorts.actions.access import audit, locked, require_open, touch
from handrail.apps.cohorts.line import line_of
from handrail.apps.cohorts.models import (
    FEWEST,
    WEEKS,
    Cohort,
    CohortState,
    Intake,
    Place,
)
from handrail.apps.cohorts.times import STEP, first_monday, free_weeks
from handrail.apps.matches.parting import kept_apart
from handrail.apps.organizations.refusals import Conflict
from handrail.apps.organizations.scope import writing
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.people.models import Person
from handrail.apps.programs.queries import require_run
from handrail.domain.matching import (
    Mentee,
    Mentor,
    Options,
    Problem,
    Series,
    Want,
    fold_weeks,
    solve,
)

TOGETHER = "cohort"  # what every mentor offers and every new hire wants: a group at all
MAY_MISS = (0, 1, 2, 4, 8, WEEKS)


def form_groups(intake: Intake, *, by: Viewer, now: datetime) -> Intake:
    """Put who is in into groups: as many as are needed, by common times first, then by wishes.

    Groups that have started keep their people; forming again starts from the line as it stands.
    """
    require_run(by, intake.program)
    with writing(by.organization):
        intake = locked(intake)
        require_open(intake)
        groups = list(
            Cohort.objects.filter(intake=intake, state=CohortState.FORMING).select_related(
                "mentor", "intake__program"
            )
        )
        line = line_of(intake)
        people = [place for place in line.seated if _is_loose(place, groups)]
        if not people:
            raise Conflict(_("Nobody is in this intake yet."), code="nobody-in")
        Place.objects.filter(intake=intake, cohort__in=groups).update(cohort=None)
        for place, group in _shared_out(intake, people, groups, len(line.held), now).items():
            Place.objects.filter(pk=place).update(cohort=group)
        touch(intake)
        audit("formed", intake, by, now, people=len(people))
    return intake


def move_member(place: Place, group: Cohort, *, by: Viewer, now: datetime) -> None:
    """Put one person into another group that has not started."""
    require_run(by, place.intake.program)
    with writing(by.organization):
        intake = locked(place.intake)
        require_open(intake)
        members = Place.objects.filter(cohort=group, opted_out_at=None, left_at=None)
        stands = Place.objects.filter(pk=place.pk, opted_out_at=None).first()
        if stands is None:
            raise Conflict(_("This person is not in the intake."), code="not-in")
        if stands.cohort_id is None and line_of(intake).number_of(stands):
            raise Conflict(
                _("This person is on the waiting list: all seats are taken or held."),
                code="waits",
            )
        if group.intake_id != intake.pk or group.state != CohortState.FORMING:
            raise Conflict(
                _("This group has started or is not of this intake."), code="wrong-group"
            )
        if (place.person_id, group.mentor_id) in kept_apart(intake.program):
            raise Conflict(
                _("This mentor is not available here. Choose another one."),
                code="mentor-not-available",
            )
        if members.exclude(pk=place.pk).count() >= intake.seats:
            raise Conflict(_("All seats of this group are taken."), code="no-seat-left")
        Place.objects.filter(pk=place.pk).update(cohort=group)
        touch(intake)
        audit("member_moved", intake, by, now)


def _is_loose(place: Place, groups: Sequence[Cohort]) -> bool:
    return place.cohort_id is None or place.cohort_id in {group.pk for group in groups}


def _shared_out(
    intake: Intake,
    people: Sequence[Place],
    groups: Sequence[Cohort],
    held: int,
    now: datetime,
) -> dict[int, Cohort]:
    """Each place's group. The engine serves whom it can with as few missed weeks as it takes."""
    needed = min(len(groups), -(-(len(people) + held) // intake.seats))
    if needed == 1 and len(groups) == 1:
        return {place.pk: groups[0] for place in people}
    apart = kept_apart(intake.program)
    names = {str(place.person_id): place for place in people}
    by_mentor = {str(group.mentor_id): group for group in groups}
    persons = [place.person for place in people]
    bits = {
        pk: weeks for group in groups for pk, weeks in free_weeks(group, persons, now=now).items()
    }
    series = Series(first_monday(intake), ZoneInfo(groups[0].timezone), WEEKS, STEP)
    found: dict[int, Cohort] = {}
    for may_miss in MAY_MISS:
        folded = {
            str(pk): fold_weeks(str(pk), weeks, series, may_miss=may_miss)
            for pk, weeks in bits.items()
        }
        problem = Problem(
            week=first_monday(intake),
            minutes=intake.program.session_minutes,
            step=STEP,
            mentees=[_mentee(place.person, folded) for place in people],
            mentors=[_mentor(group.mentor, folded) for group in groups],
            excluded={
                (person, mentor): "not_with"
                for person, place in names.items()
                for mentor, group in by_mentor.items()
                if (place.person_id, group.mentor_id) in apart
            },
        )
        smallest = max(1, min(FEWEST, len(people) // needed))
        options = Options(
            model="cohort", floor=0, smallest_cohort=smallest, largest_cohort=intake.seats
        )
        plan = solve(problem, seed=intake.seed, options=options)
        served = {names[pair.mentee].pk: by_mentor[pair.mentor] for pair in plan.pairs}
        if len(served) > len(found):
            found = served
        if len(found) == len(people):
            break
    return _with_the_rest(intake, people, groups, found)


def _with_the_rest(
    intake: Intake, people: Sequence[Place], groups: Sequence[Cohort], found: dict[int, Cohort]
) -> dict[int, Cohort]:
    """Whom no common time serves goes where there is most room: nobody is left out in silence."""
    apart = kept_apart(intake.program)
    counts = {group.pk: 0 for group in groups}
    for group in found.values():
        counts[group.pk] += 1
    for place in people:
        if place.pk in found:
            continue
        room = [
            group
            for group in groups
            if counts[group.pk] < intake.seats and (place.person_id, group.mentor_id) not in apart
        ]
        if room:
            # The group that is held already and has most room; an empty one only where none is.
            best = min(room, key=lambda group: (counts[group.pk] == 0, counts[group.pk], group.pk))
            found[place.pk] = best
            counts[best.pk] += 1
    return found


def _mentee(person: Person, folded: dict[str, int]) -> Mentee:
    wanted = sorted(person.wants.select_related("skill"), key=lambda want: want.priority)
    wants = [
        Want(want.skill.name, min(place, 3), want.own_level)
        for place, want in enumerate(wanted, start=1)
    ]
    return Mentee(
        person=str(person.pk),
        wants=(*wants, Want(TOGETHER, 4)),
        free=folded[str(person.pk)],
        languages=tuple(person.languages),
    )


def _mentor(person: Person, folded: dict[str, int]) -> Mentor:
    offers = person.offers.select_related("skill")
    return Mentor(
        person=str(person.pk),
        skills=(*((offer.skill.name, offer.level) for offer in offers), (TOGETHER, 3)),
        seats=1,
        free=folded[str(person.pk)],
        languages=tuple(person.languages),
    )
