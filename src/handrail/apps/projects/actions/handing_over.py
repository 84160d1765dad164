"""Another mentor for a running project: every check-in ahead changes hands, or moves with it."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from handrail.apps.organizations.refusals import Conflict, Invalid, Refusal
from handrail.apps.organizations.scope import writing
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.people.models import Person
from handrail.apps.projects.actions.access import (
    audit,
    locked,
    mentorship_of,
    people_of,
    require_going,
    require_lead,
    require_may_mentor,
    write,
)
from handrail.apps.projects.actions.ending import give_up
from handrail.apps.projects.actions.keeping import keep, note_skipped
from handrail.apps.projects.actions.mentoring import LONGEST_NOTE
from handrail.apps.projects.actions.shaping import no_time
from handrail.apps.projects.announcing import announce_handed_over
from handrail.apps.projects.check_ins import upcoming
from handrail.apps.projects.models import (
    CheckIn,
    Found,
    MentorOffer,
    Mentorship,
    Project,
    Rhythm,
)
from handrail.apps.projects.timing import (
    choose_time,
    meeting_for,
    times_for,
    why_not_at,
)
from handrail.apps.sessions.actions import hand_over as give_session


@dataclass(frozen=True, slots=True)
class HandOver:
    """What became of the check-ins ahead: at their time, at another one, or given up."""

    mentorship: Mentorship
    kept: int
    moved: int
    given_up: int


def hand_over(
    project: Project,
    mentor: Person,
    *,
    by: Viewer,
    now: datetime,
    found: str = Found.NAMED,
    reasons: Sequence[dict[str, Any]] = (),
    note: str = "",
) -> HandOver:
    """Give a running project another mentor, all or nothing.

    Each check-in ahead is reassigned at its time where the new mentor can, else at the next time
    of the rhythm; where the rhythm's time never suits the new mentor, another one is chosen.
    """
    if len(note) > LONGEST_NOTE:
        raise Invalid(
            _("The note is too long."),
            fields={"note": _("At most %(most)d characters.") % {"most": LONGEST_NOTE}},
        )
    with writing(by.organization):
        require_lead(project, by)
        project = locked(project, [mentor])
        require_going(project)
        before, people = mentorship_of(project), people_of(project)
        if before is None:
            raise Conflict(_("This project has no mentor yet. Choose one."), code="no-mentor")
        if before.mentor_id == mentor.pk:
            raise Conflict(
                _("%(name)s mentors this project already.") % {"name": mentor.name},
                code="same-mentor",
            )
        require_may_mentor(project.program, people, mentor)
        ahead = upcoming(project, now)
        _find_time(project, people, mentor, ahead, now)
        after = _change(project, before, mentor, found, reasons, note.strip(), by, now)
        ways = [_pass_on(project, row, people, mentor, by, now) for row in ahead]
        announce_handed_over(before, after, people, now)
        audit("handed_over", project, by, now, check_ins=len(ahead), found=str(after.found))
        keep(project, by=by, now=now)
    return HandOver(after, ways.count("kept"), ways.count("moved"), ways.count("given up"))


def _change(
    project: Project,
    before: Mentorship,
    mentor: Person,
    found: str,
    reasons: Sequence[dict[str, Any]],
    note: str,
    by: Viewer,
    now: datetime,
) -> Mentorship:
    told = "\n\n".join(text for text in (before.note, note) if text)
    Mentorship.objects.filter(pk=before.pk).update(until=now, note=told)
    if MentorOffer.objects.filter(project=project, mentor=mentor).exists():
        found = Found.OFFERED
    MentorOffer.objects.filter(project=project).delete()
    return Mentorship.objects.create(
        organization=by.organization,
        project=project,
        mentor=mentor,
        found=found,
        reasons=list(reasons),
        since=now,
    )


def _find_time(
    project: Project,
    people: Sequence[Person],
    mentor: Person,
    ahead: Sequence[CheckIn],
    now: datetime,
) -> None:
    """Keep the rhythm's time if the new mentor can at any of the check-ins, else choose another."""
    for row in ahead:
        assert row.session is not None
        booking = row.session.booking
        if why_not_at(project, people, mentor, now=now, without=booking)(booking.starts_at) is None:
            return
    starts = times_for(project, people, mentor, now=now)
    if choose_time(project, starts) is None:
        project.minute = None
        if project.rhythm in (Rhythm.WEEKLY, Rhythm.BIWEEKLY):
            project.weekdays = []
        chosen = choose_time(project, starts)
        if chosen is None:
            raise no_time(mentor)
        write(project, weekdays=chosen[0], minute=chosen[1])


def _pass_on(
    project: Project,
    row: CheckIn,
    people: Sequence[Person],
    mentor: Person,
    by: Viewer,
    now: datetime,
) -> str:
    """Reassign one check-in; its due day moves along where the rhythm has another weekday now."""
    session = row.session
    assert session is not None
    booking = session.booking
    free = why_not_at(project, people, mentor, now=now, without=booking)
    due = _due_now(project, row)
    if due == row.due_on and free(booking.starts_at) is None:
        with suppress(Refusal):
            give_session(session, mentor, by=by, now=now)
            return "kept"
    meeting = meeting_for(project, due, people, mentor, now=now, without=booking)
    taken = CheckIn.objects.filter(project=project, due_on=due).exclude(pk=row.pk).exists()
    if meeting is not None and meeting.starts_at is not None and not taken:
        with suppress(Refusal):
            give_session(session, mentor, starts_at=meeting.starts_at, by=by, now=now)
            CheckIn.objects.filter(pk=row.pk).update(due_on=due)
            return "moved"
    give_up(row, by=by, now=now)
    if meeting is not None and meeting.starts_at is None and not taken:
        note_skipped(project, meeting, now)
    return "given up"


def _due_now(project: Project, row: CheckIn) -> date:
    """The due day of the same week under the rhythm as it is now."""
    if project.rhythm not in (Rhythm.WEEKLY, Rhythm.BIWEEKLY):
        return row.due_on
    monday = row.due_on - timedelta(days=row.due_on.weekday())
    return monday + timedelta(days=project.weekdays[0])
