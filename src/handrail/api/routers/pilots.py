"""Pilots: planned, drawn, followed and closed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from ninja import Router, Schema
from pydantic import Field

from handrail.api.requests import ApiRequest, Page, once, page, require_scope
from handrail.apps.organizations.refusals import NotFound
from handrail.apps.people.models import Team
from handrail.apps.people.queries import person_for
from handrail.apps.pilots import actions, exports, queries
from handrail.apps.pilots.models import Pilot
from handrail.apps.programs.queries import program_for

router = Router(tags=["pilots"])
Words = Annotated[str, Field(max_length=280)]
Name = Annotated[str, Field(min_length=1, max_length=120)]


class ClaimIn(Schema):
    measure: str
    value: Annotated[float, Field(gt=0, lt=1)]  # a fraction: .4 is 40 percent
    unit: str
    whom: str = "took_part"


class PilotIn(Schema):
    program: UUID
    name: Name
    starts_on: date | None = None
    team: UUID | None = None
    sponsor: Annotated[str, Field(max_length=200)] = ""


class PilotChangeIn(Schema):
    name: Name | None = None
    sponsor: Annotated[str, Field(max_length=200)] | None = None
    starts_on: date | None = None
    hired_from: date | None = None
    planned_hires: int | None = None
    take_up: int | None = None  # percent
    measure: str | None = None
    task: Annotated[str, Field(max_length=120)] | None = None
    claims: Annotated[list[ClaimIn], Field(max_length=2)] | None = None
    comparison: str | None = None
    waits_days: int | None = None
    compares_later: bool | None = None
    looks: bool | None = None
    hires_per_mentor: int | None = None
    session_cost: Decimal | None = None
    value_low: Decimal | None = None
    value_high: Decimal | None = None
    currency: Annotated[str, Field(max_length=3)] | None = None


class FollowedOut(Schema):
    measure: str
    people: int
    known: int
    not_yet: int
    everybody_by: date
    week: int


class HireOut(Schema):
    hire: UUID  # a pseudonym; who runs the pilot sees the person as well
    person: UUID | None
    arm: str  # empty until drawn
    stratum: str
    place: int
    counted_from: date | None
    void: bool


class PilotOut(Schema):
    id: UUID
    program: UUID
    name: str
    team: str | None
    state: str
    starts_on: date
    measure: str
    claims: list[dict[str, Any]]
    comparison: str
    waits_days: int
    label: str  # the fixed label where it is too small for what is claimed
    plan_sha256: str
    lottery_sha256: str
    follow_up: list[FollowedOut]
    hires: list[HireOut]
    contacts_while_waiting: int
    lottery_replays: bool
    mobility_rule: dict[str, Any]


def pilot_out(request: ApiRequest, pilot: Pilot) -> PilotOut:
    """A pilot as this viewer sees it; people only for who runs it."""
    named = queries.names_people(request.viewer, pilot)
    return PilotOut(
        id=pilot.public_id,
        program=pilot.program.public_id,
        name=pilot.name,
        team=pilot.team.name if pilot.team else None,
        state=pilot.state,
        starts_on=pilot.starts_on,
        measure=pilot.measure,
        claims=pilot.claims,
        comparison=pilot.comparison,
        waits_days=pilot.waits_days,
        label=exports.label_of(pilot),
        plan_sha256=pilot.plan_digest,
        lottery_sha256=pilot.commitment,
        follow_up=[
            FollowedOut(
                measure=one.measure,
                people=one.people,
                known=one.known,
                not_yet=one.not_yet,
                everybody_by=one.day,
                week=one.week,
            )
            for one in queries.follow_up(pilot, now=request.now)
        ],
        hires=[
            HireOut(
                hire=line.hire.public_id,
                person=line.hire.person.public_id if named else None,
                arm=line.arm,
                stratum=line.stratum,
                place=line.place,
                counted_from=line.hire.t0,
                void=line.void,
            )
            for line in queries.hires_of(pilot, now=request.now)
        ],
        contacts_while_waiting=len(queries.contamination(pilot, until=request.now)),
        lottery_replays=not queries.faults_of(pilot),
        mobility_rule=pilot.mobility_rule,
    )


def _after(request: ApiRequest, pilot_id: UUID, work: Callable[[Pilot], Any]) -> HttpResponse:
    """Do something to a pilot once, and show it as it is then."""
    require_scope(request, "programs:write")
    pilot = queries.pilot_for(request.viewer, pilot_id)

    def done() -> tuple[int, dict[str, Any]]:
        work(pilot)
        again = queries.pilot_for(request.viewer, pilot_id)
        return 200, pilot_out(request, again).model_dump(mode="json")

    return once(request, done)


@router.get("/pilots", response=Page, operation_id="list_pilots")
def list_pilots(request: ApiRequest, cursor: str = "", limit: int = 50) -> dict[str, Any]:
    """The pilots you may look at."""
    require_scope(request, "reports:read")
    queries.require_pilots(request.viewer)
    return page(
        queries.pilots_for(request.viewer).order_by("pk"),
        cursor=cursor,
        limit=limit,
        show=lambda found: pilot_out(request, found),
        name="pilots",
    )


@router.post("/pilots", response={201: PilotOut}, operation_id="create_pilot")
def create_pilot(request: ApiRequest, payload: PilotIn) -> HttpResponse:
    """Begin planning a pilot of a program that you run."""
    require_scope(request, "programs:write")
    program = program_for(request.viewer, payload.program)
    team = None
    if payload.team is not None:
        team = Team.objects.filter(public_id=payload.team).first()
        if team is None:
            raise NotFound(_("There is no such team."))

    def work() -> tuple[int, dict[str, Any]]:
        made = actions.create_pilot(
            program,
            payload.name,
            starts_on=payload.starts_on,
            team=team,
            sponsor=payload.sponsor,
            by=request.viewer,
            now=request.now,
        )
        return 201, pilot_out(request, made).model_dump(mode="json")

    return once(request, work)


@router.get("/pilots/{pilot_id}", response=PilotOut, operation_id="read_pilot")
def read_pilot(request: ApiRequest, pilot_id: UUID) -> PilotOut:
    """One pilot: follow-up, hires by pseudonym, fingerprints."""
    require_scope(request, "reports:read")
    return pilot_out(request, queries.pilot_for(request.viewer, pilot_id))


@router.patch("/pilots/{pilot_id}", response=PilotOut, operation_id="edit_pilot")
def edit_pilot(request: ApiRequest, pilot_id: UUID, payload: PilotChangeIn) -> PilotOut:
    """Change what is planned; refused once the plan is frozen."""
    require_scope(request, "programs:write")
    pilot = queries.pilot_for(request.viewer, pilot_id)
    changes = payload.dict(exclude_unset=True)
    made = actions.edit_pilot(pilot, by=request.viewer, now=request.now, **changes)
    return pilot_out(request, made)


class HireIn(Schema):
    person: UUID
    objectives: list[tuple[str, Words]]  # two, each a skill's name and what can be seen after


@router.post("/pilots/{pilot_id}/hires", response=PilotOut, operation_id="list_pilot_hire")
def list_pilot_hire(request: ApiRequest, pilot_id: UUID, payload: HireIn) -> HttpResponse:
    """Put a hire on the list with exactly two objectives."""

    def work(pilot: Pilot) -> None:
        found = person_for(request.viewer, payload.person)
        actions.set_hire_objectives(
            pilot, found, payload.objectives, by=request.viewer, now=request.now
        )

    return _after(request, pilot_id, work)


@router.post("/pilots/{pilot_id}/start", response=PilotOut, operation_id="start_pilot")
def start_pilot(request: ApiRequest, pilot_id: UUID) -> HttpResponse:
    """Freeze the plan, publish the fingerprints, and draw who is ready."""

    def work(pilot: Pilot) -> None:
        started = actions.start_pilot(pilot, by=request.viewer, now=request.now)
        actions.enrol_hires(started, by=request.viewer, now=request.now)

    return _after(request, pilot_id, work)


@router.post("/pilots/{pilot_id}/draw", response=PilotOut, operation_id="draw_pilot_hires")
def draw_pilot_hires(request: ApiRequest, pilot_id: UUID) -> HttpResponse:
    """Draw by lot everybody whose first day has come and who has two objectives."""
    return _after(
        request,
        pilot_id,
        lambda pilot: actions.enrol_hires(pilot, by=request.viewer, now=request.now),
    )


@router.post("/pilots/{pilot_id}/close", response=PilotOut, operation_id="close_pilot")
def close_pilot(request: ApiRequest, pilot_id: UUID) -> HttpResponse:
    """End the pilot and reveal the seed."""
    return _after(
        request,
        pilot_id,
        lambda pilot: actions.close_pilot(pilot, by=request.viewer, now=request.now),
    )


class VoidIn(Schema):
    hire: UUID
    reason: Words


@router.post("/pilots/{pilot_id}/void", response=PilotOut, operation_id="void_pilot_assignment")
def void_pilot_assignment(request: ApiRequest, pilot_id: UUID, payload: VoidIn) -> HttpResponse:
    """Correct an assignment of somebody who was not eligible, by a second row."""

    def work(pilot: Pilot) -> None:
        hire = pilot.hires.filter(public_id=payload.hire).first()
        if hire is None:
            raise NotFound(_("There is no such hire."))
        actions.void_assignment(pilot, hire, payload.reason, by=request.viewer, now=request.now)

    return _after(request, pilot_id, work)


class RuleIn(Schema):
    from_day: int | None = None
    to_day: int | None = None
    sessions: int | None = None
    skill_must_match: bool | None = None
    reason: Words = ""


@router.put("/pilots/{pilot_id}/moves", response=PilotOut, operation_id="change_mobility_rule")
def change_mobility_rule(request: ApiRequest, pilot_id: UUID, payload: RuleIn) -> PilotOut:
    """Change by which rule a move is associated; while the pilot runs, with a reason."""
    require_scope(request, "programs:write")
    pilot = queries.pilot_for(request.viewer, pilot_id)
    said = payload.dict(exclude_none=True)
    reason = said.pop("reason", "")
    made = actions.change_mobility_rule(pilot, said, reason, by=request.viewer, now=request.now)
    return pilot_out(request, made)


@router.get("/pilots/{pilot_id}/plan", response=dict, operation_id="read_pilot_plan")
def read_pilot_plan(request: ApiRequest, pilot_id: UUID) -> HttpResponse:
    """The frozen plan with its SHA-256; a draft as it would be frozen now."""
    require_scope(request, "reports:read")
    pilot = queries.pilot_for(request.viewer, pilot_id)
    return HttpResponse(
        exports.plan_json(pilot, today=request.now.date()), content_type="application/json"
    )


@router.get("/pilots/{pilot_id}/lottery", response=dict, operation_id="read_pilot_lottery")
def read_pilot_lottery(request: ApiRequest, pilot_id: UUID) -> dict[str, Any]:
    """All that a replay needs; the seed once the pilot is closed."""
    require_scope(request, "reports:read")
    return queries.lottery_record(queries.pilot_for(request.viewer, pilot_id))


class OutOut(Schema):
    out: bool


@router.post("/pilots/{pilot_id}/opt-out", response=OutOut, operation_id="opt_out_of_pilot")
def opt_out_of_pilot(request: ApiRequest, pilot_id: UUID) -> HttpResponse:
    """Your own private, no-fault word as a hire: no mentoring, and nobody is told."""
    require_scope(request, "programs:write")
    pilot, _mine = queries.my_part(request.viewer, pilot_id)

    def work() -> tuple[int, dict[str, Any]]:
        actions.opt_out(pilot, by=request.viewer, now=request.now)
        return 200, {"out": True}

    return once(request, work)
