"""Hires: told by a program, answered by a lead; and where each job leads."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from ninja import Router, Schema
from pydantic import Field

from handrail.api.requests import ApiRequest, Page, once, page, require_scope
from handrail.apps.hiring import actions
from handrail.apps.hiring import hire_queries as queries
from handrail.apps.hiring.models import HireRecord, HireRule
from handrail.apps.organizations.refusals import Invalid
from handrail.apps.programs.queries import program_for

router = Router(tags=["hires"])
Short = Annotated[str, Field(max_length=80)]
Text = Annotated[str, Field(max_length=160)]
Department = Annotated[str, Field(max_length=120)]
Address = Annotated[str, Field(max_length=254)]


class HireToldIn(Schema):
    application: Text = ""
    undone: bool = False
    name: Annotated[str, Field(max_length=200)] = ""
    work_email: Address = ""
    personal_email: Address = ""
    job: Short = ""
    job_title: Text = ""
    department: Department = ""
    start_date: date | None = None


class HireRecordOut(Schema):
    id: UUID
    source: str
    application: str
    name: str
    job: str
    job_title: str
    department: str
    start_date: date | None
    start_known_since: date | None
    undone: bool
    program: UUID | None
    intake: UUID | None
    # What a lead can do something about: a code, or nothing.
    waits_for: str
    created_at: datetime


class HireAnswerIn(Schema):
    do: Literal["approve", "refuse", "reopen", "anyway", "send_to", "complete", "came"]
    program: UUID | None = None  # send_to
    always: bool = False  # send_to: and so for every later hire for this job
    name: Annotated[str, Field(max_length=200)] = ""  # complete
    work_email: Address = ""  # complete
    start_date: date | None = None  # complete
    left_on: date | None = None  # came; null: they never came


class HireRuleIn(Schema):
    program: UUID
    job: Short = ""
    title: Text = ""
    department: Department = ""
    asks_lead: bool = True


class HireRuleOut(Schema):
    id: UUID
    program: UUID
    job: str
    title: str
    department: str
    asks_lead: bool


class TriedHireOut(Schema):
    hire: UUID
    matches: bool
    goes_to: UUID | None


def hire_out(hire: HireRecord) -> HireRecordOut:
    """A hire as everything that was told of it comes to; never an address."""
    return HireRecordOut(
        id=hire.public_id,
        source=hire.source,
        application=hire.application,
        name=hire.name,
        job=hire.job,
        job_title=hire.job_title,
        department=hire.department,
        start_date=hire.start_date,
        start_known_since=hire.start_known_since,
        undone=hire.undone,
        program=hire.program.public_id if hire.program else None,
        intake=hire.intake.public_id if hire.intake else None,
        waits_for=queries.waits_for(hire),
        created_at=hire.created_at,
    )


def rule_out(rule: HireRule) -> HireRuleOut:
    """A rule with its program."""
    return HireRuleOut(
        id=rule.public_id,
        program=rule.program.public_id,
        job=rule.job,
        title=rule.title,
        department=rule.department,
        asks_lead=rule.asks_lead,
    )


@router.get("/hires", response=Page, operation_id="list_hires")
def list_hires(request: ApiRequest, cursor: str = "", limit: int = 50) -> dict[str, Any]:
    """Every hire that you may see, oldest first, with what it waits for."""
    require_scope(request, "programs:read")
    hires = queries.hires_for(request.viewer)
    return page(hires, cursor=cursor, limit=limit, name="hires", show=hire_out)


@router.post("/hires", response={201: HireRecordOut}, operation_id="tell_hire")
def tell_hire(request: ApiRequest, payload: HireToldIn) -> HttpResponse:
    """Tell that somebody was hired, or after all was not: the same as an event."""
    require_scope(request, "people:write")

    def work() -> tuple[int, dict[str, Any]]:
        hire = actions.tell_hire(by=request.viewer, now=request.now, **payload.model_dump())
        return 201, hire_out(hire).model_dump(mode="json")

    return once(request, work)


@router.get("/hires/{hire_id}", response=HireRecordOut, operation_id="read_hire")
def read_hire(request: ApiRequest, hire_id: UUID) -> HireRecordOut:
    """One hire, and what it waits for."""
    require_scope(request, "programs:read")
    return hire_out(queries.hire_for(request.viewer, hire_id))


@router.post("/hires/{hire_id}/answer", response=HireRecordOut, operation_id="answer_hire")
def answer_hire(request: ApiRequest, hire_id: UUID, payload: HireAnswerIn) -> HttpResponse:
    """Say what becomes of a hire: where to, whether, or what was missing."""
    require_scope(request, "programs:write")
    hire = queries.hire_for(request.viewer, hire_id)

    def work() -> tuple[int, dict[str, Any]]:
        return 200, hire_out(_answered(request, hire, payload)).model_dump(mode="json")

    return once(request, work)


def _answered(request: ApiRequest, hire: HireRecord, said: HireAnswerIn) -> HireRecord:
    by, now = request.viewer, request.now
    if said.do == "send_to":
        if said.program is None:
            raise Invalid(_("Say into which program."), fields={"program": _("Choose one.")})
        program = program_for(by, said.program)
        return actions.send_hire_to(hire, program, always=said.always, by=by, now=now)
    if said.do == "complete":
        given = said.model_dump(include={"name", "work_email", "start_date"})
        return actions.complete_hire(hire, by=by, now=now, **given)
    if said.do == "came":
        return actions.say_whether_they_came(hire, left_on=said.left_on, by=by, now=now)
    verbs = {
        "approve": actions.approve_hire,
        "refuse": actions.refuse_hire,
        "reopen": actions.reopen_hire,
        "anyway": actions.take_anyway,
    }
    return verbs[said.do](hire, by=by, now=now)


@router.get("/hire-rules", response=list[HireRuleOut], operation_id="list_hire_rules")
def list_hire_rules(request: ApiRequest) -> list[HireRuleOut]:
    """Which jobs lead to which program; jobs that name their program themselves come first."""
    require_scope(request, "programs:read")
    return [rule_out(rule) for rule in queries.job_map(request.viewer).rules]


def _draft(request: ApiRequest, payload: HireRuleIn) -> dict[str, Any]:
    said = payload.model_dump(exclude={"program"})
    return {"program": program_for(request.viewer, payload.program), **said}


@router.post("/hire-rules", response={201: HireRuleOut}, operation_id="add_hire_rule")
def add_hire_rule(request: ApiRequest, payload: HireRuleIn) -> HttpResponse:
    """Keep a rule; whoever waited for it comes in."""
    require_scope(request, "programs:write")
    said = _draft(request, payload)

    def work() -> tuple[int, dict[str, Any]]:
        rule = actions.add_rule(**said, by=request.viewer, now=request.now)
        return 201, rule_out(rule).model_dump(mode="json")

    return once(request, work)


@router.post("/hire-rules/try", response=list[TriedHireOut], operation_id="try_hire_rule")
def try_hire_rule(request: ApiRequest, payload: HireRuleIn) -> list[TriedHireOut]:
    """Which of the last hires a rule would take; nothing is kept and nothing changes."""
    require_scope(request, "programs:write")
    draft = actions.draft_rule(**_draft(request, payload), by=request.viewer, now=request.now)
    return [
        TriedHireOut(
            hire=one.hire.public_id,
            matches=one.matches,
            goes_to=one.goes_to.public_id if one.goes_to else None,
        )
        for one in queries.try_rule(request.viewer, draft)
    ]


@router.delete("/hire-rules/{rule_id}", response={204: None}, operation_id="remove_hire_rule")
def remove_hire_rule(request: ApiRequest, rule_id: UUID) -> HttpResponse:
    """Take a rule away; who came in by it keeps their place."""
    require_scope(request, "programs:write")
    rule = queries.rule_named(request.viewer, rule_id)
    actions.remove_rule(rule, by=request.viewer, now=request.now)
    return HttpResponse(status=204)
