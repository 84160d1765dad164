"""Who mentors a project: offered, assigned, asked out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from handrail.apps.organizations.refusals import Conflict, Invalid, NotAllowed
from handrail.apps.organizations.scope import writing
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.people.models import Person
from handrail.apps.programs.models import EnrolmentRole, ProgramStatus
from handrail.apps.programs.queries import takes_part
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
from handrail.apps.projects.actions.keeping import keep
from handrail.apps.projects.actions.shaping import no_time
from handrail.apps.projects.announcing import (
    announce_assigned,
    announce_offered,
    announce_wants_mentor,
)
from handrail.apps.projects.models import (
    Found,
    MentorOffer,
    Mentorship,
    Project,
    ProjectState,
)
from handrail.apps.projects.timing import choose_time, times_for

LONGEST_NOTE = 2000


def assign(
    project: Project,
    mentor: Person,
    *,
    by: Viewer,
    now: datetime,
    found: str = Found.NAMED,
    reasons: Sequence[dict[str, Any]] = (),
) -> Mentorship:
    """Give a project its mentor: day and time are decided, and its check-ins booked ahead.

    Raises Conflict where it has one already, where these people may not be set together, or where
    they share no time that the mentor has minutes for.
    """
    with writing(by.organization):
        require_lead(project, by)
        project = locked(project, [mentor])
        require_going(project)
        if project.program.status != ProgramStatus.RUNNING:
            raise Conflict(
                _("This program is not running, so nothing can be booked in it."),
                code="program-not-running",
            )
        if mentorship_of(project) is not None:
            raise Conflict(
                _("This project has a mentor. Hand it over instead."), code="has-a-mentor"
            )
        people = people_of(project)
        require_may_mentor(project.program, people, mentor)
        chosen = choose_time(project, times_for(project, people, mentor, now=now))
        if chosen is None:
            raise no_time(mentor)
        weekdays, minute = chosen
        write(project, state=ProjectState.RUNNING, weekdays=weekdays, minute=minute)
        if MentorOffer.objects.filter(project=project, mentor=mentor).exists():
            found = Found.OFFERED
        mentorship = Mentorship.objects.create(
            organization=by.organization,
            project=project,
            mentor=mentor,
            found=found,
            reasons=list(reasons),
            since=now,
        )
        MentorOffer.objects.filter(project=project).delete()
        announce_assigned(mentorship, people, now)
        audit("assigned", project, by, now, found=str(found))
        keep(project, by=by, now=now)
    return mentorship


def offer(project: Project, *, by: Viewer, now: datetime) -> MentorOffer:
    """Say that you would mentor this project; the leads are told. Twice is once."""
    with writing(by.organization):
        mentor = _mentor(project, by)
        project = locked(project, [mentor])
        require_going(project)
        mentorship = mentorship_of(project)
        if mentorship is not None and mentorship.asked_out_at is None:
            raise Conflict(_("This project has a mentor."), code="has-a-mentor")
        require_may_mentor(project.program, people_of(project), mentor)
        made, is_new = MentorOffer.objects.get_or_create(
            organization=by.organization,
            project=project,
            mentor=mentor,
            defaults={"made_at": now},
        )
        if is_new:
            announce_offered(made, now)
            audit("offered", project, by, now)
    return made


def take_offer_back(project: Project, *, by: Viewer, now: datetime) -> None:
    """Say that you would rather not; nobody minds."""
    with writing(by.organization):
        mentor = _mentor(project, by)
        gone, _by_model = MentorOffer.objects.filter(project=project, mentor=mentor).delete()
        if gone:
            audit("offer_taken_back", project, by, now)


def ask_out(project: Project, note: str, *, by: Viewer, now: datetime) -> None:
    """Ask to hand the project over, without a reason; the note is for who takes it over.

    The check-ins stay with the mentor until somebody does.
    """
    note = note.strip()
    if len(note) > LONGEST_NOTE:
        raise Invalid(
            _("The note is too long."),
            fields={"note": _("At most %(most)d characters.") % {"most": LONGEST_NOTE}},
        )
    with writing(by.organization):
        mentorship = _own(project, by)
        is_new = mentorship.asked_out_at is None
        Mentorship.objects.filter(pk=mentorship.pk).update(
            note=note, asked_out_at=mentorship.asked_out_at or now
        )
        if is_new:
            announce_wants_mentor(mentorship, now)
            audit("asked_out", project, by, now)


def stay(project: Project, *, by: Viewer, now: datetime) -> None:
    """Take the wish to hand over back."""
    with writing(by.organization):
        mentorship = _own(project, by)
        if Mentorship.objects.filter(pk=mentorship.pk).update(asked_out_at=None):
            audit("stays", project, by, now)


def _own(project: Project, by: Viewer) -> Mentorship:
    if not by.may("programs:write"):
        raise NotAllowed(_("This key may not change projects."))
    mentorship = mentorship_of(locked(project))
    if mentorship is None or mentorship.mentor_id != by.person_id:
        raise NotAllowed(_("Only the mentor of this project may do this."))
    return mentorship


def _mentor(project: Project, by: Viewer) -> Person:
    if not by.may("programs:write"):
        raise NotAllowed(_("This key may not change projects."))
    person = Person.objects.filter(pk=by.person_id).first() if by.person_id else None
    if person is None or not takes_part(project.program, person, EnrolmentRole.MENTOR):
        raise NotAllowed(_("Only a mentor of this program can offer to take a project."))
    return person
