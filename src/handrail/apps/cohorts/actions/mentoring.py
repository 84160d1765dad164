"""A group whose mentor does not come any more: who leads is told, and names another one."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from handrail.apps.calendars.actions import lock_people
from handrail.apps.calendars.queries import who_blocks
from handrail.apps.cohorts.actions.access import audit, locked, touch
from handrail.apps.cohorts.actions.starting import book_into, members_of
from handrail.apps.cohorts.announcing import announce_new_mentor, announce_wants_mentor
from handrail.apps.cohorts.models import WEEKS, Cohort, CohortState, Meeting
from handrail.apps.cohorts.shapes import TAIL_THEME
from handrail.apps.cohorts.successors import successors_of
from handrail.apps.cohorts.times import best_in_week, first_monday, free_weeks
from handrail.apps.organizations.refusals import Conflict
from handrail.apps.organizations.scope import writing
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.people.models import Person
from handrail.apps.programs.actions import enrol
from handrail.apps.programs.models import EnrolmentRole
from handrail.apps.programs.queries import require_run
from handrail.apps.sessions.models import SessionState

NOT_OVER = (CohortState.FORMING, CohortState.RUNNING, CohortState.TAIL)


def mentor_gone(person: Person, *, by: Viewer, now: datetime) -> int:
    """Note which groups a person who comes no more has left without a mentor, and tell who leads.

    The caller gives their sessions back afterwards.
    """
    with writing(by.organization):
        cohorts = Cohort.objects.select_for_update(of=("self",)).filter(
            mentor=person, state__in=NOT_OVER, wants_mentor_since=None
        )
        found = list(cohorts.select_related("intake__program").order_by("pk"))
        for cohort in found:
            Cohort.objects.filter(pk=cohort.pk).update(wants_mentor_since=now)
            touch(cohort.intake)
            announce_wants_mentor(cohort, now)
            audit("mentor_gone", cohort, by, now)
    return len(found)


def name_mentor(cohort: Cohort, mentor: Person, *, by: Viewer, now: datetime) -> Cohort:
    """Give a group without a mentor another one, who hosts the weeks ahead in which they are free.

    Its weekly time stays; in a week in which they are not free then, another time of that week is
    taken where there is one. Weeks that somebody cancelled before stay cancelled.
    """
    require_run(by, cohort.intake.program)
    with writing(by.organization):
        intake = locked(cohort.intake)
        cohort = Cohort.objects.select_related("mentor").get(pk=cohort.pk)
        cohort.intake = intake
        since = cohort.wants_mentor_since
        if since is None or cohort.state not in NOT_OVER:
            raise Conflict(_("This group has its mentor."), code="has-mentor")
        if mentor not in successors_of(cohort, now):
            raise Conflict(
                _("This mentor is not available here. Choose another one."),
                code="mentor-not-available",
            )
        people = [place.person for place in members_of(cohort)]
        lock_people(tuple(sorted({mentor.pk, *(person.pk for person in people)})))
        Cohort.objects.filter(pk=cohort.pk).update(mentor=mentor, wants_mentor_since=None)
        cohort.mentor, cohort.wants_mentor_since = mentor, None
        touch(intake)
        audit("mentor_named", cohort, by, now)
        if cohort.state != CohortState.FORMING:
            enrol(intake.program, mentor, EnrolmentRole.MENTOR, by=by, now=now)
            _book_again(cohort, people, since, by, now)
            for person in [mentor, *people]:
                announce_new_mentor(cohort, person, now)
    return cohort


def _book_again(
    cohort: Cohort, people: list[Person], since: datetime, by: Viewer, now: datetime
) -> None:
    program, monday = cohort.intake.program, first_monday(cohort.intake)
    ahead = Meeting.objects.filter(cohort=cohort, planned_at__gt=now).select_related("session")
    bits = free_weeks(cohort, people, now=now)
    for meeting in ahead.order_by("number"):
        old, start = meeting.session, meeting.planned_at
        if old is not None and (
            old.state != SessionState.CANCELLED
            or old.cancelled_at is None
            or old.cancelled_at < since
        ):
            continue
        at: datetime | None = start
        in_weeks = meeting.number <= WEEKS
        if in_weeks and who_blocks(
            [cohort.mentor], start, program.session_minutes, now=now, host=cohort.mentor
        ):
            others = [bits[person.pk] for person in people]
            at = best_in_week(bits[cohort.mentor_id], others, monday, meeting.number - 1, start)
        objective = cohort.intake.themes[meeting.number - 1] if in_weeks else _(TAIL_THEME)
        book_into(meeting, cohort, at or start, people, objective, by=by, now=now)
