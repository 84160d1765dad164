"""Who may do this to a project, and its lock; what all its verbs share."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from handrail.apps.calendars.actions import lock_people
from handrail.apps.matches.models import DecisionKind, PairDecision
from handrail.apps.matches.parting import kept_apart
from handrail.apps.organizations.actions import record_audit
from handrail.apps.organizations.refusals import Conflict, NotAllowed, NotFound
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.people.models import Person
from handrail.apps.programs.models import EnrolmentRole, Program
from handrail.apps.programs.queries import may_run, takes_part
from handrail.apps.projects.models import Mentorship, Project, ProjectPerson, ProjectState


def people_of(project: Project) -> list[Person]:
    """Who builds it, in the order in which they were put on it."""
    rows = ProjectPerson.objects.filter(project=project).select_related("person").order_by("pk")
    return [row.person for row in rows]


def mentorship_of(project: Project) -> Mentorship | None:
    """Who mentors it now."""
    return (
        Mentorship.objects.filter(project=project, until=None)
        .select_related("mentor", "project")
        .first()
    )


def require_lead(project: Project, by: Viewer) -> None:
    """Raise unless the viewer runs the program; NotFound for who may not even see the project."""
    if not by.may("programs:write"):
        raise NotAllowed(_("This key may not change projects."))
    if not may_run(by, project.program):
        raise NotAllowed(_("Only a lead of this program or an administrator may do this."))


def locked(project: Project, also: Iterable[Person] = ()) -> Project:
    """Lock everybody of the project in ascending id, then its row; the project as it is now.

    Who books, moves or reassigns one of its check-ins locks in the same order.
    """
    mentorship = mentorship_of(project)
    ids = {person.pk for person in [*people_of(project), *also]}
    if mentorship is not None:
        ids.add(mentorship.mentor_id)
    lock_people(tuple(sorted(ids)))
    found = (
        Project.objects.select_for_update(of=("self",))
        .select_related("program", "organization")
        .filter(pk=project.pk)
        .first()
    )
    if found is None:
        raise NotFound(_("There is no such project."))
    return found


def require_going(project: Project) -> None:
    """Raise Conflict where the project has ended."""
    if project.state == ProjectState.ENDED:
        raise Conflict(_("This project has ended."), code="project-ended")


def require_may_mentor(program: Program, people: Iterable[Person], mentor: Person) -> None:
    """Raise unless this mentor may be set beside these people; private reasons look all alike."""
    people = list(people)
    not_available = Conflict(
        _("This mentor is not available here. Choose another one."), code="mentor-not-available"
    )
    if not takes_part(program, mentor, EnrolmentRole.MENTOR):
        raise not_available
    apart = kept_apart(program)
    for person in people:
        if person.pk == mentor.pk or (person.pk, mentor.pk) in apart:
            raise not_available
    if PairDecision.objects.filter(
        program=program, mentee__in=people, mentor=mentor, kind=DecisionKind.FORBID
    ).exists():
        raise not_available


def write(project: Project, **values: Any) -> None:
    """Write these values and raise the revision; the caller holds the lock."""
    Project.objects.filter(pk=project.pk).update(**values, rev=F("rev") + 1)
    project.refresh_from_db(fields=[*values, "rev"])


def audit(verb: str, project: Project, by: Viewer, now: datetime, **detail: Any) -> None:
    """Write one line of the record; never a word of what people wrote."""
    record_audit(
        by=by,
        verb=f"project.{verb}",
        object_type="project",
        object_id=str(project.public_id),
        detail=detail,
        now=now,
    )
