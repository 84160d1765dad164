"""The end of a project: by itself on the day after its last, or earlier by a lead; with thanks."""

from __future__ import annotations

from datetime import datetime

from handrail.apps.organizations.scope import writing
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.projects.actions.access import (
    audit,
    locked,
    people_of,
    require_lead,
    write,
)
from handrail.apps.projects.announcing import announce_ended
from handrail.apps.projects.check_ins import upcoming
from handrail.apps.projects.models import CheckIn, MentorOffer, Mentorship, Project, ProjectState
from handrail.apps.sessions.actions import cancel


def end_project(project: Project, *, by: Viewer, now: datetime) -> Project:
    """End a project; check-ins still ahead are cancelled, everybody who was part is thanked.

    Ending twice is ending once.
    """
    with writing(by.organization):
        require_lead(project, by)
        project = locked(project)
        if project.state == ProjectState.ENDED:
            return project
        ahead = upcoming(project, now)
        for check_in in ahead:
            give_up(check_in, by=by, now=now)
        write(project, state=ProjectState.ENDED, ended_at=now)
        mentors = Mentorship.objects.filter(project=project).select_related("mentor")
        readers = {row.mentor_id: row.mentor for row in mentors}
        readers |= {person.pk: person for person in people_of(project)}
        Mentorship.objects.filter(project=project, until=None).update(until=now)
        MentorOffer.objects.filter(project=project).delete()
        if mentors:
            announce_ended(project, readers.values(), now)
        audit("ended", project, by, now, cancelled=len(ahead))
    return project


def give_up(check_in: CheckIn, *, by: Viewer, now: datetime) -> None:
    """Cancel a check-in that is ahead, and forget its due day: it may be booked anew."""
    session = check_in.session
    assert session is not None
    cancel(session, by=by, now=now)
    check_in.delete()
