"""Programs, enrolments, objectives."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from ninja import Router

from handrail.api.requests import (
    ApiRequest,
    Page,
    etag_of,
    once,
    page,
    require_scope,
    require_unchanged,
)
from handrail.api.schemas import (
    EnrolmentIn,
    EnrolmentOut,
    LeadIn,
    ObjectiveIn,
    ObjectiveOut,
    ProgramIn,
    ProgramOut,
    ProgramPatch,
)
from handrail.apps.organizations.refusals import Invalid
from handrail.apps.people.models import Skill
from handrail.apps.people.queries import person_for
from handrail.apps.programs import actions, queries
from handrail.apps.programs.models import Enrolment, Objective, Program
from handrail.apps.programs.objectives import objectives_of

router = Router(tags=["programs"])


def program_out(program: Program) -> ProgramOut:
    """A program as the wire shows it."""
    return ProgramOut(
        id=program.public_id,
        name=program.name,
        model=program.model,
        template=program.template,
        status=program.status,
        starts_on=program.starts_on,
        ends_on=program.ends_on,
        session_minutes=program.session_minutes,
        sessions_per_mentee=program.sessions_per_mentee,
        within_days=program.within_days,
        keep_published=program.keep_published,
        again_after_weeks=program.again_after_weeks,
        quality_floor=program.quality_floor,
        share_load=program.share_load,
        answer_hours=program.answer_hours,
        pause_after_silent=program.pause_after_silent,
        completion_line=program.completion_line,
        reply_line_hours=program.reply_line_hours,
        checklist=program.checklist,
        artifact_prompts=program.artifact_prompts,
        objectives_per_mentee=program.objectives_per_mentee,
        grace_minutes=program.grace_minutes,
        no_show_limit=program.no_show_limit,
        no_show_weeks=program.no_show_weeks,
        no_show_pause_days=program.no_show_pause_days,
        consequences=program.consequences,
    )


def enrolment_out(enrolment: Enrolment) -> EnrolmentOut:
    """An enrolment as the wire shows it."""
    return EnrolmentOut(
        id=enrolment.public_id,
        person=enrolment.person.public_id,
        role=enrolment.role,
        joined_at=enrolment.joined_at,
        objectives=[objective.text for objective in enrolment.objectives.all()],
    )


def objective_out(objective: Objective) -> ObjectiveOut:
    """An objective as the wire shows it."""
    return ObjectiveOut(
        id=objective.public_id,
        text=objective.text,
        skill=objective.skill.name if objective.skill else None,
    )


@router.get("/programs", response=Page, operation_id="list_programs")
def list_programs(request: ApiRequest, cursor: str = "", limit: int = 50) -> dict[str, Any]:
    """The programs you may see, oldest first."""
    require_scope(request, "programs:read")
    return page(
        queries.programs_for(request.viewer),
        cursor=cursor,
        limit=limit,
        show=program_out,
        name="programs",
    )


@router.post("/programs", response={201: ProgramOut}, operation_id="create_program")
def create_program(request: ApiRequest, payload: ProgramIn) -> HttpResponse:
    """Make a draft program from a template."""
    require_scope(request, "programs:write")
    values = payload.dict(exclude={"template", "starts_on", "name", "leads"}, exclude_none=True)

    def work() -> tuple[int, dict[str, Any]]:
        program = actions.create_program(
            payload.template,
            starts_on=payload.starts_on,
            name=payload.name,
            leads=[person_for(request.viewer, lead) for lead in payload.leads],
            by=request.viewer,
            now=request.now,
            **values,
        )
        return 201, program_out(program).model_dump(mode="json")

    return once(request, work)


@router.get("/programs/{program_id}", response=ProgramOut, operation_id="read_program")
def read_program(request: ApiRequest, program_id: UUID, response: HttpResponse) -> ProgramOut:
    """One program; the ETag goes into the If-Match of a change."""
    require_scope(request, "programs:read")
    out = program_out(queries.program_for(request.viewer, program_id))
    response["ETag"] = etag_of(out)
    return out


@router.patch("/programs/{program_id}", response=ProgramOut, operation_id="edit_program")
def edit_program(request: ApiRequest, program_id: UUID, payload: ProgramPatch) -> ProgramOut:
    """Change a program's rules."""
    require_scope(request, "programs:write")
    program = queries.program_for(request.viewer, program_id)
    changes = payload.dict(exclude_unset=True, exclude_none=True)

    def unchanged() -> None:
        now = queries.program_for(request.viewer, program_id)
        require_unchanged(request, program_out(now))

    changed = actions.edit_program(
        program, by=request.viewer, now=request.now, only_if=unchanged, **changes
    )
    return program_out(changed)


@router.post("/programs/{program_id}/leads", response=ProgramOut, operation_id="name_lead")
def name_lead(request: ApiRequest, program_id: UUID, payload: LeadIn) -> HttpResponse:
    """Make somebody a lead of the program."""
    require_scope(request, "programs:write")
    program = queries.program_for(request.viewer, program_id)
    person = person_for(request.viewer, payload.person)

    def work() -> tuple[int, dict[str, Any]]:
        actions.name_lead(program, person, by=request.viewer, now=request.now)
        return 200, program_out(program).model_dump(mode="json")

    return once(request, work)


@router.post("/programs/{program_id}/start", response=ProgramOut, operation_id="start_program")
def start_program(request: ApiRequest, program_id: UUID) -> HttpResponse:
    """Set a draft running."""
    require_scope(request, "programs:write")
    program = queries.program_for(request.viewer, program_id)

    def work() -> tuple[int, dict[str, Any]]:
        moved = actions.start_program(program, by=request.viewer, now=request.now)
        return 200, program_out(moved).model_dump(mode="json")

    return once(request, work)


@router.post("/programs/{program_id}/close", response=ProgramOut, operation_id="close_program")
def close_program(request: ApiRequest, program_id: UUID) -> HttpResponse:
    """End a running program."""
    require_scope(request, "programs:write")
    program = queries.program_for(request.viewer, program_id)

    def work() -> tuple[int, dict[str, Any]]:
        moved = actions.close_program(program, by=request.viewer, now=request.now)
        return 200, program_out(moved).model_dump(mode="json")

    return once(request, work)


@router.get("/programs/{program_id}/enrolments", response=Page, operation_id="list_enrolments")
def list_enrolments(
    request: ApiRequest, program_id: UUID, cursor: str = "", limit: int = 50
) -> dict[str, Any]:
    """Who takes part, for those who run the program."""
    require_scope(request, "programs:read")
    program = queries.program_for(request.viewer, program_id)
    return page(
        queries.enrolments(request.viewer, program),
        cursor=cursor,
        limit=limit,
        show=enrolment_out,
        name="enrolments",
    )


@router.post(
    "/programs/{program_id}/enrolments", response={201: EnrolmentOut}, operation_id="enrol"
)
def enrol(request: ApiRequest, program_id: UUID, payload: EnrolmentIn) -> HttpResponse:
    """Put a person into the program."""
    require_scope(request, "programs:write")
    program = queries.program_for(request.viewer, program_id)
    person = person_for(request.viewer, payload.person)

    def work() -> tuple[int, dict[str, Any]]:
        made = actions.enrol(program, person, payload.role, by=request.viewer, now=request.now)
        return 201, enrolment_out(made).model_dump(mode="json")

    return once(request, work)


@router.post(
    "/enrolments/{enrolment_id}/leave", response=EnrolmentOut, operation_id="leave_program"
)
def leave(request: ApiRequest, enrolment_id: UUID) -> HttpResponse:
    """Leave a program: a private choice without fault."""
    require_scope(request, "programs:write")
    enrolment = queries.enrolment_for(request.viewer, enrolment_id)

    def work() -> tuple[int, dict[str, Any]]:
        actions.leave(enrolment, by=request.viewer, now=request.now)
        return 200, enrolment_out(enrolment).model_dump(mode="json")

    return once(request, work)


@router.post(
    "/enrolments/{enrolment_id}/objectives",
    response={201: ObjectiveOut},
    operation_id="set_objective",
)
def set_objective(request: ApiRequest, enrolment_id: UUID, payload: ObjectiveIn) -> HttpResponse:
    """Write down what the mentee wants to be able to do; the latest one counts."""
    require_scope(request, "programs:write")
    enrolment = queries.enrolment_for(request.viewer, enrolment_id)
    skill = _skill(payload.skill)

    def work() -> tuple[int, dict[str, Any]]:
        made = actions.set_objective(
            enrolment, payload.text, skill=skill, by=request.viewer, now=request.now
        )
        return 201, objective_out(made).model_dump(mode="json")

    return once(request, work)


@router.get(
    "/enrolments/{enrolment_id}/objectives",
    response=list[ObjectiveOut],
    operation_id="list_objectives",
)
def list_objectives(request: ApiRequest, enrolment_id: UUID) -> list[ObjectiveOut]:
    """A mentee's objectives in the order they were written, for them and who runs the program."""
    require_scope(request, "programs:read")
    enrolment = queries.enrolment_for(request.viewer, enrolment_id)
    return [objective_out(one) for one in objectives_of(enrolment.program, enrolment.person)]


@router.patch("/objectives/{objective_id}", response=ObjectiveOut, operation_id="change_objective")
def change_objective(request: ApiRequest, objective_id: UUID, payload: ObjectiveIn) -> ObjectiveOut:
    """Say an objective in other words; sessions that are booked keep theirs."""
    require_scope(request, "programs:write")
    changed = actions.change_objective(
        queries.objective_for(request.viewer, objective_id),
        payload.text,
        skill=_skill(payload.skill),
        by=request.viewer,
        now=request.now,
    )
    return objective_out(changed)


def _skill(name: str | None) -> Skill | None:
    if not name:
        return None
    skill = Skill.objects.filter(name=name).first()
    if skill is None:
        raise Invalid(
            _("There is no such skill."), fields={"skill": _("Use a name from the people.")}
        )
    return skill
