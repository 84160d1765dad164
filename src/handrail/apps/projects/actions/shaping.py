"""Making a project and changing it: words, people, dates, rhythm; the series follows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext as _

from handrail.apps.organizations.refusals import Conflict, Invalid, NotAllowed
from handrail.apps.organizations.scope import writing
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.people.models import Person, Skill
from handrail.apps.programs.models import EnrolmentRole, Program, ProgramModel, ProgramStatus
from handrail.apps.programs.queries import require_run, takes_part
from handrail.apps.projects.actions.access import (
    audit,
    locked,
    mentorship_of,
    people_of,
    require_going,
    require_lead,
    write,
)
from handrail.apps.projects.actions.keeping import keep, leave_rhythm
from handrail.apps.projects.models import (
    Project,
    ProjectPerson,
    ProjectSkill,
    ProjectState,
    Rhythm,
)
from handrail.apps.projects.timing import choose_time, times_for
from handrail.domain.scheduling import Cadence, NotACadence

MOST_PEOPLE = 5
LONGEST_WHAT = 2000
WORDS = {"name", "what", "link"}
RHYTHM = {"starts_on", "ends_on", "timezone", "rhythm", "every", "weekdays", "minute"}


def create_project(
    program: Program,
    name: str,
    *,
    people: Sequence[Person],
    skills: Sequence[Skill],
    by: Viewer,
    now: datetime,
    starts_on: date | None = None,
    ends_on: date | None = None,
    **values: Any,
) -> Project:
    """Make a project that looks for a mentor: one person, or a few, with dates in the program."""
    require_run(by, program)
    if program.model != ProgramModel.PROJECT:
        raise Conflict(_("Projects belong to a program of that kind."), code="not-a-project")
    if program.status == ProgramStatus.CLOSED:
        raise Conflict(_("This program is closed and cannot be changed."))
    people = list(dict.fromkeys(people))
    project = Project(
        organization=by.organization,
        program=program,
        name=" ".join(name.split()),
        starts_on=starts_on or program.starts_on,
        ends_on=ends_on or program.ends_on,
        created_at=now,
        **{"timezone": people[0].timezone if people else by.timezone, **values},
    )
    _check(project, people, skills)
    with writing(by.organization):
        for person in people:
            if not takes_part(program, person, EnrolmentRole.MENTEE):
                raise Conflict(
                    _("%(name)s is no mentee of this program.") % {"name": person.name},
                    code="not-enrolled",
                )
        project.save()
        ProjectPerson.objects.bulk_create(
            ProjectPerson(organization=by.organization, project=project, person=person)
            for person in people
        )
        _set_skills(project, skills)
        audit("created", project, by, now, people=len(people))
    return project


def edit_project(
    project: Project,
    *,
    by: Viewer,
    now: datetime,
    skills: Sequence[Skill] | None = None,
    **changes: Any,
) -> Project:
    """Change a project; who builds it may change its words, a lead everything.

    New dates or another rhythm move the series: what does not fit any more is cancelled, what is
    missing is booked, and everybody is told.
    """
    if unknown := set(changes) - WORDS - RHYTHM:
        raise Invalid(_("Unknown fields: %(names)s.") % {"names": ", ".join(sorted(unknown))})
    if not by.may("programs:write"):
        raise NotAllowed(_("This key may not change projects."))
    with writing(by.organization):
        people = people_of(project)
        own = by.person_id is not None and by.person_id in {person.pk for person in people}
        if not own or set(changes) - WORDS or skills is not None:
            require_lead(project, by)
        project = locked(project)
        require_going(project)
        # Before anything is set: a change of rhythm asks whether it is one.
        before = {name: getattr(project, name) for name in RHYTHM}
        for name, value in changes.items():
            setattr(project, name, " ".join(value.split()) if name == "name" else value)
        _check(project, people, list(skills) if skills is not None else None)
        moved = any(getattr(project, name) != value for name, value in before.items())
        if moved and project.state == ProjectState.RUNNING:
            _keep_a_time(project, people, now)
            changes |= {"weekdays": project.weekdays, "minute": project.minute}
        write(project, **{name: getattr(project, name) for name in changes})
        if skills is not None:
            _set_skills(project, skills)
        audit("edited", project, by, now, fields=sorted(changes))
        if moved and project.state == ProjectState.RUNNING:
            clock = ("minute", "timezone", "weekdays")
            new_time = any(getattr(project, name) != before[name] for name in clock)
            leave_rhythm(project, new_time=new_time, by=by, now=now)
            keep(project, by=by, now=now)
    return project


def _keep_a_time(project: Project, people: Sequence[Person], now: datetime) -> None:
    """Decide what the changed rhythm leaves open, as when a mentor came."""
    mentorship = mentorship_of(project)
    if project.cadence is not None or mentorship is None:
        return
    chosen = choose_time(project, times_for(project, people, mentorship.mentor, now=now))
    if chosen is None:
        raise no_time(mentorship.mentor)
    project.weekdays, project.minute = chosen


def no_time(mentor: Person) -> Conflict:
    """The refusal where the mentor and the people of a project share no free time."""
    return Conflict(
        _(
            "In the next four weeks there is no time of this rhythm at which %(name)s and "
            "everybody on the project are free. Choose another mentor, another rhythm, or no "
            "fixed time."
        )
        % {"name": mentor.name},
        code="no-common-time",
    )


def _set_skills(project: Project, skills: Sequence[Skill]) -> None:
    ProjectSkill.objects.filter(project=project).delete()
    ProjectSkill.objects.bulk_create(
        ProjectSkill(
            organization=project.organization, project=project, skill=skill, position=position
        )
        for position, skill in enumerate(dict.fromkeys(skills), start=1)
    )


def _check(project: Project, people: Sequence[Person], skills: Sequence[Skill] | None) -> None:
    """Raise Invalid with every field that cannot stand."""
    fields: dict[str, str] = {}
    if not 1 <= len(project.name) <= 120:
        fields["name"] = _("Give the project a name of at most 120 characters.")
    if len(project.what) > LONGEST_WHAT:
        fields["what"] = _("At most %(most)d characters.") % {"most": LONGEST_WHAT}
    if project.link and not _is_link(project.link):
        fields["link"] = _("Paste an address that starts with https:// or http://.")
    if not 1 <= len(people) <= MOST_PEOPLE:
        fields["people"] = _("Choose one to %(most)d people.") % {"most": MOST_PEOPLE}
    if skills is not None and not 1 <= len(skills) <= 4:
        fields["skills"] = _("Choose one to four skills that the mentor should be strong at.")
    fields |= _check_dates(project) | _check_rhythm(project)
    if fields:
        raise Invalid(_("The project cannot be saved like this."), fields=fields)


def _check_dates(project: Project) -> dict[str, str]:
    program = project.program
    if project.ends_on < project.starts_on:
        return {"ends_on": _("The end lies before the start. Choose a later day.")}
    fields = {}
    within = _("The program runs from %(first)s to %(last)s. Choose a day in it.") % {
        "first": program.starts_on.isoformat(),
        "last": program.ends_on.isoformat(),
    }
    for name in ("starts_on", "ends_on"):
        if not program.starts_on <= getattr(project, name) <= program.ends_on:
            fields[name] = within
    return fields


def _check_rhythm(project: Project) -> dict[str, str]:
    if project.rhythm not in Rhythm.values:
        return {"rhythm": _("Choose one of the list.")}
    if project.rhythm == Rhythm.DAYS and project.weekdays:
        return {"weekdays": _("Every few days has no weekdays. Leave them out.")}
    if project.rhythm == Rhythm.WEEKDAYS and not project.weekdays:
        return {"weekdays": _("Choose at least one day.")}
    if project.rhythm in (Rhythm.WEEKLY, Rhythm.BIWEEKLY) and len(project.weekdays) > 1:
        return {"weekdays": _("Choose one day, or a rhythm of several days.")}
    if project.rhythm == Rhythm.DAYS and project.every < 2:
        return {"every": _("Choose between 2 and 84 days.")}
    words = {
        "zone": ("timezone", _("Choose a time zone of the list.")),
        "minute": ("minute", _("Choose a time on five minutes, as 10:00 or 10:25.")),
        "every": ("every", _("Choose between 1 and 12 weeks, or 2 and 84 days.")),
        "weekdays": ("weekdays", _("Choose days of the week, each once.")),
    }
    try:
        Cadence(project.timezone, project.minute or 0, project.steps, tuple(project.weekdays))
    except NotACadence as error:
        name, text = words[error.field]
        return {name: text}
    return {}


def _is_link(text: str) -> bool:
    try:
        URLValidator(schemes=["http", "https"])(text)
    except ValidationError:
        return False
    return len(text) <= 500
