"""Projects: what is built, who mentors it, its check-ins, and handing over."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from ninja import Router, Schema
from pydantic import Field

from handrail.api.requests import ApiRequest, Page, given, once, page, require_scope
from handrail.apps.organizations.refusals import Invalid
from handrail.apps.people.models import Skill
from handrail.apps.people.queries import person_for
from handrail.apps.programs.queries import program_for, require_run
from handrail.apps.projects import actions, queries
from handrail.apps.projects.models import Found, Project, ProjectState
from handrail.apps.projects.proposing import propose
from handrail.apps.projects.wording import rhythm_words
from handrail.apps.requests.queries import skills_to_ask

router = Router(tags=["projects"])
Weekdays = Annotated[list[Annotated[int, Field(ge=0, le=6)]], Field(max_length=7)]
Text = Annotated[str, Field(max_length=2000)]


class ProjectIn(Schema):
    program: UUID
    name: Annotated[str, Field(max_length=120)]
    people: Annotated[list[UUID], Field(min_length=1, max_length=5)]
    skills: Annotated[list[str], Field(min_length=1, max_length=4)]
    what: Text = ""
    link: Annotated[str, Field(max_length=500)] = ""
    starts_on: date | None = None
    ends_on: date | None = None
    timezone: str | None = None
    rhythm: str = "weekly"
    every: int = 1
    weekdays: Weekdays = []
    minute: int | None = None


class ProjectChangeIn(Schema):
    name: Annotated[str, Field(max_length=120)] | None = None
    what: Text | None = None
    link: Annotated[str, Field(max_length=500)] | None = None
    skills: Annotated[list[str], Field(min_length=1, max_length=4)] | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    timezone: str | None = None
    rhythm: str | None = None
    every: int | None = None
    weekdays: Weekdays | None = None
    minute: int | None = None


class MentorIn(Schema):
    mentor: UUID
    note: Text = ""


class NoteIn(Schema):
    note: Text = ""


class CheckInOut(Schema):
    due_on: date
    session: UUID | None
    starts_at: datetime | None
    state: str
    missed: bool
    closing: bool
    why: str


class ProjectOut(Schema):
    id: UUID
    program: UUID
    name: str
    what: str
    link: str
    people: list[UUID]
    skills: list[str]
    starts_on: date
    ends_on: date
    timezone: str
    rhythm: str
    every: int
    weekdays: list[int]
    minute: int | None
    rhythm_words: str
    state: str
    mentor: UUID | None
    asked_out: bool
    check_ins: list[CheckInOut]


class CandidateOut(Schema):
    mentor: UUID
    name: str
    reasons: list[str]
    best: bool
    offered: bool


class CandidatesOut(Schema):
    candidates: list[CandidateOut]
    nobody: list[str]


def project_out(request: ApiRequest, project: Project) -> ProjectOut:
    """A project as this viewer sees it; check-ins only for who runs, builds or mentors it."""
    shown = queries.shown(request.viewer, project)
    mentorship = shown.mentorship
    return ProjectOut(
        id=project.public_id,
        program=project.program.public_id,
        name=project.name,
        what=project.what,
        link=project.link,
        people=[person.public_id for person in shown.people],
        skills=[skill.name for skill in shown.skills],
        starts_on=project.starts_on,
        ends_on=project.ends_on,
        timezone=project.timezone,
        rhythm=project.rhythm,
        every=project.every,
        weekdays=project.weekdays,
        minute=project.minute,
        rhythm_words=rhythm_words(project),
        state=project.state,
        mentor=mentorship.mentor.public_id if mentorship else None,
        asked_out=bool(mentorship and mentorship.asked_out_at and shown.is_near),
        check_ins=[
            CheckInOut(
                due_on=row.due_on,
                session=row.session.public_id if row.session and row.may_open else None,
                starts_at=row.session.booking.starts_at if row.session else None,
                state=row.session.state if row.session else "skipped",
                missed=row.missed,
                closing=row.closing,
                why=row.why,
            )
            for row in shown.check_ins
        ],
    )


@router.get("/projects", response=Page, operation_id="list_projects")
def list_projects(request: ApiRequest, cursor: str = "", limit: int = 50) -> dict[str, Any]:
    """The projects that you build, mentor, could offer to mentor, or run."""
    require_scope(request, "programs:read")
    return page(
        queries.projects_for(request.viewer).order_by("pk"),
        cursor=cursor,
        limit=limit,
        show=lambda found: project_out(request, found),
        name="projects",
    )


@router.post("/projects", response={201: ProjectOut}, operation_id="create_project")
def create_project(request: ApiRequest, payload: ProjectIn) -> HttpResponse:
    """Make a project that looks for a mentor."""
    require_scope(request, "programs:write")
    program = program_for(request.viewer, payload.program)
    require_run(request.viewer, program)
    said = payload.dict(exclude_none=True)
    people = [person_for(request.viewer, one) for one in payload.people]
    skills = _skills(payload.skills, skills_to_ask(program))
    for name in ("program", "people", "skills"):
        del said[name]

    def work() -> tuple[int, dict[str, Any]]:
        made = actions.create_project(
            program,
            said.pop("name"),
            people=people,
            skills=skills,
            by=request.viewer,
            now=request.now,
            **said,
        )
        return 201, _again(request, made)

    return once(request, work)


@router.get("/projects/{project_id}", response=ProjectOut, operation_id="read_project")
def read_project(request: ApiRequest, project_id: UUID) -> ProjectOut:
    """One project with its check-ins, as far as they are yours to see."""
    require_scope(request, "programs:read")
    return project_out(request, queries.project_for(request.viewer, project_id))


@router.patch("/projects/{project_id}", response=ProjectOut, operation_id="edit_project")
def edit_project(request: ApiRequest, project_id: UUID, payload: ProjectChangeIn) -> HttpResponse:
    """Change a project; new dates or another rhythm move the check-ins that are ahead."""
    changes = given(payload, "minute")
    names = changes.pop("skills", None)

    def act(found: Project) -> None:
        if names is not None:
            changes["skills"] = _skills(names, skills_to_ask(found.program))
        actions.edit_project(found, by=request.viewer, now=request.now, **changes)

    return _act(request, project_id, act)


@router.get(
    "/projects/{project_id}/mentors",
    response=CandidatesOut,
    operation_id="list_project_mentors",
)
def list_project_mentors(request: ApiRequest, project_id: UUID) -> CandidatesOut:
    """Who could mentor a project, the best first, with reasons; for who runs the program."""
    require_scope(request, "programs:read")
    found = queries.project_for(request.viewer, project_id)
    require_run(request.viewer, found.program, "programs:read")
    said = propose(found.program, found, now=request.now)
    return CandidatesOut(
        candidates=[
            CandidateOut(
                mentor=one.mentor.public_id,
                name=one.mentor.name,
                reasons=one.why,
                best=one.is_best,
                offered=one.offered,
            )
            for one in said.candidates
        ],
        nobody=said.nobody,
    )


@router.post(
    "/projects/{project_id}/mentor", response=ProjectOut, operation_id="set_project_mentor"
)
def set_project_mentor(request: ApiRequest, project_id: UUID, payload: MentorIn) -> HttpResponse:
    """Give a project its mentor, or hand a running one over to another."""

    def act(found: Project) -> None:
        require_run(request.viewer, found.program)
        mentor = person_for(request.viewer, payload.mentor)
        more: dict[str, Any] = {"found": Found.NAMED, "by": request.viewer, "now": request.now}
        if found.state == ProjectState.RUNNING:
            actions.hand_over(found, mentor, note=payload.note, **more)
        else:
            actions.assign(found, mentor, **more)

    return _act(request, project_id, act)


@router.post(
    "/projects/{project_id}/offer", response=ProjectOut, operation_id="offer_to_mentor_project"
)
def offer_to_mentor_project(request: ApiRequest, project_id: UUID) -> HttpResponse:
    """Say that you would mentor this project; its leads decide."""
    return _act(
        request,
        project_id,
        lambda found: actions.offer(found, by=request.viewer, now=request.now),
    )


@router.post(
    "/projects/{project_id}/ask-out", response=ProjectOut, operation_id="ask_out_of_project"
)
def ask_out_of_project(request: ApiRequest, project_id: UUID, payload: NoteIn) -> HttpResponse:
    """Ask to hand the project over; the check-ins stay with you until somebody takes it."""
    return _act(
        request,
        project_id,
        lambda found: actions.ask_out(found, payload.note, by=request.viewer, now=request.now),
    )


@router.post("/projects/{project_id}/end", response=ProjectOut, operation_id="end_project")
def end_project(request: ApiRequest, project_id: UUID) -> HttpResponse:
    """End a project; check-ins still ahead are cancelled."""
    return _act(
        request,
        project_id,
        lambda found: actions.end_project(found, by=request.viewer, now=request.now),
    )


def _act(request: ApiRequest, project_id: UUID, act: Callable[[Project], object]) -> HttpResponse:
    require_scope(request, "programs:write")
    found = queries.project_for(request.viewer, project_id)

    def work() -> tuple[int, dict[str, Any]]:
        act(found)
        return 200, _again(request, found)

    return once(request, work)


def _again(request: ApiRequest, project: Project) -> dict[str, Any]:
    now = queries.project_for(request.viewer, project.public_id)
    return project_out(request, now).model_dump(mode="json")


def _skills(names: list[str], known: Any) -> list[Skill]:
    by_name = {skill.name: skill for skill in known}
    if missing := [name for name in names if name not in by_name]:
        raise Invalid(
            _("No mentor of this program offers %(skill)s.") % {"skill": missing[0]},
            fields={"skills": _("Choose one that is offered, or leave it out.")},
        )
    return [by_name[name] for name in dict.fromkeys(names)]
