"""A running project keeps going: check-ins booked ahead, named, flagged; the clock's part."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from handrail.apps.calendars.queries import Blocked
from handrail.apps.organizations.refusals import Conflict, Refusal
from handrail.apps.organizations.scope import reading, writing
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.people.models import Person
from handrail.apps.programs.models import EnrolmentRole, ProgramStatus
from handrail.apps.programs.queries import takes_part
from handrail.apps.projects.actions.access import (
    audit,
    locked,
    mentorship_of,
    people_of,
    require_may_mentor,
)
from handrail.apps.projects.actions.ending import end_project, give_up
from handrail.apps.projects.announcing import (
    announce_missed,
    announce_missed_twice,
    announce_wants_mentor,
)
from handrail.apps.projects.check_ins import last_due, latest_artifact, upcoming
from handrail.apps.projects.missing import is_missed, streak_before
from handrail.apps.projects.models import (
    CheckIn,
    Mentorship,
    Project,
    ProjectPerson,
    ProjectState,
)
from handrail.apps.projects.timing import HORIZON, local_day, meeting_for
from handrail.apps.sessions.actions import book_ahead, name_objective
from handrail.apps.sessions.models import Session, SessionState
from handrail.domain.scheduling import Meeting, due_days

STILL = timedelta(days=14)  # a due day may still find a later day
LOOK_AGAIN = timedelta(hours=6)  # at a due day for which no time was found
OPEN = (SessionState.SCHEDULED, SessionState.RUNNING)


def keep_projects(*, by: Viewer, now: datetime) -> int:
    """Keep every running project of the organisation going; says how many there are."""
    with reading(by.organization):
        running = list(
            Project.objects.filter(state=ProjectState.RUNNING)
            .select_related("program", "organization")
            .order_by("pk")
        )
    for project in running:
        keep(project, by=by, now=now)
    return len(running)


def keep(project: Project, *, by: Viewer, now: datetime) -> None:
    """Do for one project what the clock has made due: flag, end, book ahead, name."""
    with reading(by.organization):
        flag_missed(project, by=by, now=now)
        over = _is_over(project, now)
    if over:
        end_project(project, by=by, now=now)
        return
    if project.program.status != ProgramStatus.RUNNING:
        return
    with writing(by.organization):
        mentorship, people = _who_is_here(project, by, now)
    if mentorship is None:
        return
    if not people:
        end_project(project, by=by, now=now)
        return
    with reading(by.organization):
        _book_ahead(project, mentorship, people, by, now)
        _name(project, people, by, now)


def leave_rhythm(project: Project, *, new_time: bool, by: Viewer, now: datetime) -> None:
    """Cancel the check-ins ahead that dates and rhythm do not have any more."""
    cadence = project.cadence
    assert cadence is not None
    dues = set(due_days(cadence, project.starts_on, project.ends_on))
    for check_in in upcoming(project, now):
        assert check_in.session is not None
        day = local_day(project, check_in.session.booking.starts_at)
        if new_time or check_in.due_on not in dues or day > project.ends_on:
            give_up(check_in, by=by, now=now)
    skipped = CheckIn.objects.filter(project=project, session=None)
    skipped.filter(due_on__gte=local_day(project, now)).delete()


def flag_missed(project: Project, *, by: Viewer, now: datetime) -> None:
    """Tell the people of a check-in that it was missed, and the leads after two in a row."""
    rows = CheckIn.objects.filter(project=project, flagged_at=None).exclude(session=None)
    for check_in in rows.select_related("session", "session__booking", "project"):
        assert check_in.session is not None
        if not is_missed(check_in.session):
            continue
        with writing(by.organization):
            if not CheckIn.objects.filter(pk=check_in.pk, flagged_at=None).update(flagged_at=now):
                continue  # another worker was quicker
            seats = check_in.session.booking.seats.select_related("person")
            announce_missed(check_in, [seat.person for seat in seats], now)
            if streak_before(check_in) % 2 == 1:
                announce_missed_twice(check_in, now)
            audit("missed", project, by, now, due=check_in.due_on.isoformat())


def _is_over(project: Project, now: datetime) -> bool:
    if (
        local_day(project, now) <= project.ends_on
        and project.program.status != ProgramStatus.CLOSED
    ):
        return False
    return not Session.objects.filter(check_in__project=project, state__in=OPEN).exists()


def _who_is_here(
    project: Project, by: Viewer, now: datetime
) -> tuple[Mentorship | None, list[Person]]:
    """The mentor, where they can go on, and the people who still take part; a lead is told."""
    mentorship = mentorship_of(project)
    here: list[Person] = []
    gone: list[Person] = []
    for person in people_of(project):
        (here if takes_part(project.program, person, EnrolmentRole.MENTEE) else gone).append(person)
    if gone:
        locked(project)
        ProjectPerson.objects.filter(project=project, person__in=gone).delete()
        for check_in in upcoming(project, now):
            give_up(check_in, by=by, now=now)
        audit("people_left", project, by, now, people=len(gone))
    if mentorship is None:
        return None, here
    try:
        require_may_mentor(project.program, here, mentorship.mentor)
    except Conflict:
        # Left the program, or not to be set beside one of them any more: it looks the same.
        left = Mentorship.objects.filter(pk=mentorship.pk, asked_out_at=None)
        if left.update(asked_out_at=now):
            announce_wants_mentor(mentorship, now)
            audit("mentor_left", project, by, now)
        return None, here
    return mentorship, here


def _book_ahead(
    project: Project, mentorship: Mentorship, people: Sequence[Person], by: Viewer, now: datetime
) -> None:
    cadence = project.cadence
    if cadence is None:
        return
    first = max(project.starts_on, local_day(project, mentorship.since))
    until = local_day(project, now + HORIZON)
    rows = {row.due_on: row for row in CheckIn.objects.filter(project=project, due_on__gte=first)}
    for due in due_days(cadence, project.starts_on, min(project.ends_on, until)):
        row = rows.get(due)
        if due < first or (row is not None and not _look_again(row, now)):
            continue
        meeting = meeting_for(project, due, people, mentorship.mentor, now=now)
        if meeting is not None:
            _book(project, meeting, mentorship, people, by, now)


def _look_again(row: CheckIn, now: datetime) -> bool:
    """Whether a due day without a time is worth another look: calendars change."""
    is_near = row.due_on >= now.date() - STILL
    return row.session_id is None and is_near and now - row.looked_at >= LOOK_AGAIN


def _book(
    project: Project,
    meeting: Meeting[Blocked],
    mentorship: Mentorship,
    people: Sequence[Person],
    by: Viewer,
    now: datetime,
) -> None:
    if meeting.starts_at is None:
        note_skipped(project, meeting, now)
        return

    def on_made(session: Session) -> None:
        again = Project.objects.select_for_update().get(pk=project.pk)
        current = mentorship_of(again)
        there = CheckIn.objects.filter(project=project, due_on=meeting.due).first()
        if again.state != ProjectState.RUNNING or current is None:
            raise Conflict("ended meanwhile", code="project-ended")
        if current.pk != mentorship.pk or (there is not None and there.session_id is not None):
            raise Conflict("booked meanwhile", code="check-in-booked")
        values = {"session": session, "why": why_document(meeting.why), "looked_at": now}
        CheckIn.objects.update_or_create(
            organization=project.organization,
            project=project,
            due_on=meeting.due,
            defaults=values,
        )

    # Taken a moment ago, or changed meanwhile: the next round looks again.
    with suppress(Refusal):
        book_ahead(
            project.program,
            people,
            mentorship.mentor,
            meeting.starts_at,
            _objective(project, people, closing=meeting.due == last_due(project)),
            zone=project.timezone,
            by=by,
            now=now,
            on_made=on_made,
        )


def note_skipped(project: Project, meeting: Meeting[Blocked], now: datetime) -> None:
    """Write down that a due day has no check-in, and what stood against it."""
    CheckIn.objects.update_or_create(
        organization=project.organization,
        project=project,
        due_on=meeting.due,
        defaults={"session": None, "why": why_document(meeting.why), "looked_at": now},
    )


def why_document(why: Blocked | None) -> dict[str, str]:
    """What stood against a day as it is kept: a code, and whose it is."""
    if why is None:
        return {}
    return {"code": why.why.value, "person": str(why.person.public_id)}


def _name(project: Project, people: Sequence[Person], by: Viewer, now: datetime) -> None:
    """The next check-in is for the next step of the last artifact; the last one closes."""
    closing, artifact = last_due(project), latest_artifact(project)
    for place, check_in in enumerate(upcoming(project, now)):
        session = check_in.session
        assert session is not None
        wanted = _objective(project, people, closing=check_in.due_on == closing)
        if place == 0 and artifact is not None and check_in.due_on != closing:
            wanted = " ".join(artifact.next_step.split())[:280] or wanted
        if session.objective != wanted:
            name_objective(session, wanted, by=by, now=now)


def _objective(project: Project, people: Sequence[Person], *, closing: bool) -> str:
    """What a check-in is for where no artifact says it, in the language of who builds it."""
    language = next((person.language for person in people if person.language), "")
    with translation.override(language or settings.LANGUAGE_CODE):
        words = (
            _("Close “%(name)s”: what was built, what was learned, what comes next")
            if closing
            else _("The next step of “%(name)s”")
        )
        return words % {"name": project.name}
