"""Starting a cohort: twelve sessions at one wall time, booked and told in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from handrail.apps.calendars.actions import lock_people
from handrail.apps.calendars.queries import who_blocks
from handrail.apps.calendars.wording import sentence_of
from handrail.apps.cohorts.actions.access import audit, locked, require_open, touch
from handrail.apps.cohorts.actions.holding import release_holds_of, require_room_for_held
from handrail.apps.cohorts.announcing import announce_move, announce_started
from handrail.apps.cohorts.models import (
    FEWEST,
    WEEKS,
    Cohort,
    CohortState,
    HoldEnd,
    IntakeState,
    Meeting,
    Place,
)
from handrail.apps.cohorts.times import best_in_week, first_monday, free_weeks
from handrail.apps.organizations.refusals import Conflict, Invalid
from handrail.apps.organizations.scope import writing
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.people.models import Person
from handrail.apps.programs.actions import enrol
from handrail.apps.programs.models import EnrolmentRole
from handrail.apps.programs.queries import require_run
from handrail.apps.sessions.actions import book_group
from handrail.apps.sessions.models import Session
from handrail.domain.cohorts import moments, shifts

FEWEST_AT_ALL = 2
MENTOR_AWAY = 4  # weeks in which the mentor may need another time
TOLD_AHEAD = timedelta(days=3)  # of a week in which somebody's own time moves


def start_cohort(
    cohort: Cohort,
    first_on: date,
    minute: int,
    *,
    by: Viewer,
    now: datetime,
    although_small: bool = False,
) -> Cohort:
    """Start twelve weeks at a wall time of the cohort's zone; all of it, or nothing.

    Everybody who is free in a week has a seat in its session. A week in which the mentor cannot
    come is held at another time of that week. Fewer than six people need `although_small`.
    """
    require_run(by, cohort.intake.program)
    with writing(by.organization):
        intake = locked(cohort.intake)
        require_open(intake)
        cohort = Cohort.objects.select_related("mentor").get(pk=cohort.pk)
        cohort.intake = intake
        if cohort.state != CohortState.FORMING:
            raise Conflict(_("This cohort has started already."), code="cohort-started")
        people = [place.person for place in members_of(cohort)]
        _enough(len(people), although_small)
        require_room_for_held(intake, cohort.pk)
        starts = _starts(cohort, first_on, minute, now)
        # In order and all at once: each of the twelve bookings then finds them locked.
        lock_people(tuple(sorted({cohort.mentor_id, *(person.pk for person in people)})))
        enrol(intake.program, cohort.mentor, EnrolmentRole.MENTOR, by=by, now=now)
        for person in people:
            enrol(intake.program, person, EnrolmentRole.MENTEE, by=by, now=now)
        _book_weeks(cohort, people, starts, by, now)
        Cohort.objects.filter(pk=cohort.pk).update(
            state=CohortState.RUNNING, first_on=first_on, minute=minute, started_at=now
        )
        cohort.refresh_from_db(fields=["state", "first_on", "minute", "started_at"])
        forming = intake.cohorts.filter(state=CohortState.FORMING)
        if not forming.filter(places__left_at=None, places__opted_out_at=None).exists():
            forming.update(state=CohortState.CALLED_OFF)  # a mentor whose group was not needed
            touch(intake, state=IntakeState.STARTED)
            release_holds_of(intake, HoldEnd.STARTED, now)  # those that waited
        _tell(cohort, people, starts, now)
        audit("started", cohort, by, now, people=len(people))
    return cohort


def members_of(cohort: Cohort) -> list[Place]:
    """Who is in a cohort now, by name."""
    return list(
        Place.objects.filter(cohort=cohort, opted_out_at=None, left_at=None)
        .select_related("person", "intake")
        .order_by("person__name", "pk")
    )


def book_meeting(
    cohort: Cohort,
    number: int,
    planned_at: datetime,
    starts_at: datetime,
    people: Sequence[Person],
    objective: str,
    *,
    by: Viewer,
    now: datetime,
) -> Meeting:
    """Book one week for those of the people who are free then; without any, only plan it."""
    meeting = Meeting.objects.create(
        organization=by.organization, cohort=cohort, number=number, planned_at=planned_at
    )
    book_into(meeting, cohort, starts_at, people, objective, by=by, now=now)
    return meeting


def book_into(
    meeting: Meeting,
    cohort: Cohort,
    starts_at: datetime,
    people: Sequence[Person],
    objective: str,
    *,
    by: Viewer,
    now: datetime,
) -> bool:
    """Book a planned week for those who are free then; False without the mentor or anybody."""
    program = cohort.intake.program
    blocked = who_blocks(
        [cohort.mentor, *people],
        starts_at,
        program.session_minutes,
        now=now,
        min_notice=program.min_notice_minutes,
        host=cohort.mentor,
        daily_cap=program.daily_cap,
    )
    away = {one.person.pk for one in blocked}
    coming = [person for person in people if person.pk not in away]
    if cohort.mentor_id in away or not coming:
        return False

    def on_made(session: Session) -> None:
        Meeting.objects.filter(pk=meeting.pk).update(session=session)

    book_group(
        program,
        cohort.mentor,
        coming,
        starts_at,
        objective,
        seats=cohort.intake.seats,
        zone=cohort.timezone,
        by=by,
        now=now,
        on_made=on_made,
    )
    meeting.refresh_from_db(fields=["session"])
    return True


def _enough(count: int, although_small: bool) -> None:
    if count < FEWEST_AT_ALL:
        raise Conflict(_("A cohort needs at least two people."), code="too-small")
    if count < FEWEST and not although_small:
        raise Conflict(
            _("%(n)d of %(fewest)d: a cohort works from six people on. Say that you start anyway.")
            % {"n": count, "fewest": FEWEST},
            code="below-six",
        )


def _starts(cohort: Cohort, first_on: date, minute: int, now: datetime) -> list[datetime]:
    monday = first_monday(cohort.intake)
    if not -1 <= (first_on - monday).days <= 7 or not 0 <= minute < 1440 or minute % 5:
        raise Invalid(
            _("Choose one of the times shown."), fields={"time": _("Choose one of the times.")}
        )
    starts = moments(first_on, minute, cohort.timezone, range(WEEKS))
    if starts[0] <= now:
        raise Invalid(
            _("The first week lies behind us. Move the day on which the intake starts."),
            fields={"time": _("Choose a later first week.")},
        )
    return starts


def _book_weeks(
    cohort: Cohort, people: list[Person], starts: list[datetime], by: Viewer, now: datetime
) -> None:
    program, monday = cohort.intake.program, first_monday(cohort.intake)
    away = []
    for start in starts:
        blocked = who_blocks(
            [cohort.mentor], start, program.session_minutes, now=now, host=cohort.mentor
        )
        away.append(blocked[0] if blocked else None)
    missing = [one for one in away if one is not None]
    if len(missing) > MENTOR_AWAY:
        raise Conflict(
            ngettext(
                "The mentor could come in only %(n)d week at this time.",
                "The mentor could come in only %(n)d weeks at this time.",
                WEEKS - len(missing),
            )
            % {"n": WEEKS - len(missing)}
            + " "
            + sentence_of(missing[0], own=False),
            code="mentor-away",
        )
    bits = free_weeks(cohort, people, now=now) if missing else {}
    themes = cohort.intake.themes
    for week, start in enumerate(starts):
        at: datetime | None = start
        if away[week] is not None:
            others = [bits[person.pk] for person in people]
            at = best_in_week(bits[cohort.mentor_id], others, monday, week, start)
        book_meeting(cohort, week + 1, start, at or start, people, themes[week], by=by, now=now)


def _tell(cohort: Cohort, people: list[Person], starts: list[datetime], now: datetime) -> None:
    for person in [cohort.mentor, *people]:
        announce_started(cohort, person, now)
        for shift in shifts(starts, person.timezone):
            due_at = max(now, starts[shift.index] - TOLD_AHEAD)
            announce_move(cohort, person, shift.index + 1, due_at, now)
