"""What the clock does: new hires come in, offers pass on, twelve weeks end, the tail ends."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import F
from django.utils.translation import gettext as _

from handrail.apps.calendars.actions import lock_people
from handrail.apps.cohorts.actions.access import audit, locked
from handrail.apps.cohorts.actions.holding import release_what_is_over
from handrail.apps.cohorts.actions.intakes import take_in
from handrail.apps.cohorts.actions.places import join, pass_on
from handrail.apps.cohorts.actions.starting import book_meeting, members_of
from handrail.apps.cohorts.announcing import announce_ended
from handrail.apps.cohorts.models import (
    DAYS,
    WEEKS,
    Cohort,
    CohortState,
    Intake,
    IntakeState,
    Meeting,
    Place,
)
from handrail.apps.cohorts.shapes import TAIL_THEME
from handrail.apps.organizations.refusals import Conflict, NotFound
from handrail.apps.organizations.scope import reading, writing
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.programs.models import ProgramStatus
from handrail.domain.cohorts import moments, over_at

EVERY_WEEKS = 4  # between two meetings of the tail


def tend(*, by: Viewer, now: datetime) -> int:
    """Bring every intake and cohort of the organisation up to the clock; say how many changed."""
    with reading(by.organization):
        intakes = list(
            Intake.objects.filter(
                state=IntakeState.OPEN, program__status=ProgramStatus.RUNNING
            ).order_by("pk")
        )
        late = list(Place.objects.filter(offered_until__lte=now).order_by("pk"))
        cohorts = list(
            Cohort.objects.filter(state__in=(CohortState.RUNNING, CohortState.TAIL))
            .select_related("mentor", "intake__program", "intake__organization")
            .order_by("pk")
        )
    # One transaction each: a long list never holds a lock for long.
    changed = release_what_is_over(by=by, now=now)
    changed += sum(take_in(intake, by=by, now=now) > 0 for intake in intakes)
    changed += sum(_passed(place, now) for place in late)
    return changed + sum(_moved_on(cohort, by, now) for cohort in cohorts)


def come_after_all(meeting: Meeting, place: Place, *, by: Viewer, now: datetime) -> None:
    """A member takes a seat again in one week's session."""
    if by.person_id != place.person_id or place.cohort_id != meeting.cohort_id:
        raise NotFound(_("There is no such session."))
    if place.left_at is not None or meeting.session is None:
        raise Conflict(_("This session is not yours any more."), code="not-a-member")
    if not join(meeting.session, place.person, by=by, now=now):
        raise Conflict(_("You are not free then, or all seats are taken."), code="no-seat-or-time")


def _passed(place: Place, now: datetime) -> bool:
    with writing(place.organization):
        locked(place.intake)
        again = (
            Place.objects.filter(pk=place.pk, offered_until__lte=now)
            .select_related("intake__program", "intake__organization", "offered", "person")
            .first()
        )
        if again is None:
            return False
        pass_on(again, now=now)
    return True


def _moved_on(cohort: Cohort, by: Viewer, now: datetime) -> bool:
    assert cohort.first_on is not None
    if cohort.state == CohortState.RUNNING:
        ends_at = over_at(cohort.first_on, cohort.timezone, DAYS)
        return now >= ends_at and _end_weeks(cohort, ends_at, by, now)
    last = Meeting.objects.filter(cohort=cohort).order_by("-number").first()
    if last is not None and now < last.planned_at + timedelta(days=1):
        return False
    return _write(cohort, CohortState.TAIL, CohortState.ENDED, by, now)


def _end_weeks(cohort: Cohort, ends_at: datetime, by: Viewer, now: datetime) -> bool:
    """The twelve weeks are over: a light tail is booked, or nothing more."""
    with writing(by.organization):
        cohort.intake = locked(cohort.intake)
        tail = cohort.intake.tail_sessions
        after = CohortState.TAIL if tail else CohortState.ENDED
        if not _write(cohort, CohortState.RUNNING, after, by, now, ended_at=ends_at):
            return False
        people = [place.person for place in members_of(cohort)]
        # In order and all at once: each booking then finds them locked, whoever is free for it.
        lock_people(tuple(sorted({cohort.mentor_id, *(person.pk for person in people)})))
        assert cohort.first_on is not None
        assert cohort.minute is not None
        weeks = [WEEKS - 1 + EVERY_WEEKS * number for number in range(1, tail + 1)]
        starts = moments(cohort.first_on, cohort.minute, cohort.timezone, weeks)
        for number, start in enumerate(starts, start=WEEKS + 1):
            if start > now:
                book_meeting(cohort, number, start, start, people, _(TAIL_THEME), by=by, now=now)
        for person in [cohort.mentor, *people]:
            announce_ended(cohort, person, now)
    return True


def _write(
    cohort: Cohort,
    before: CohortState,
    after: CohortState,
    by: Viewer,
    now: datetime,
    **values: datetime,
) -> bool:
    with writing(by.organization):
        moved = Cohort.objects.filter(pk=cohort.pk, state=before).update(state=after, **values)
        if moved:
            Intake.objects.filter(pk=cohort.intake_id).update(rev=F("rev") + 1)
            audit("weeks_over" if before == CohortState.RUNNING else "ended", cohort, by, now)
    return bool(moved)
