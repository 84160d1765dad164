"""The outcome ledger: tasks that are ticked, files, waivers, and how good the data are."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpResponse
from ninja import Router, Schema
from pydantic import Field

from handrail.api.requests import ApiRequest, once, require_scope
from handrail.api.routers.pilots import Name
from handrail.apps.outcomes.actions import import_outcomes, waive_source
from handrail.apps.outcomes.queries import data_health
from handrail.apps.outcomes.ticking import tick
from handrail.apps.people.queries import person_for
from handrail.apps.programs.queries import program_for

router = Router(tags=["pilots"])


class TaskTickIn(Schema):
    person: UUID
    task: Name
    done_on: date | None = None


class TickOut(Schema):
    task: str
    done_on: date
    mentee_said: bool
    mentor_said: bool
    counts: bool


@router.post("/programs/{program_id}/ticks", response={201: TickOut}, operation_id="tick_task")
def tick_task(request: ApiRequest, program_id: UUID, payload: TaskTickIn) -> HttpResponse:
    """Say that a task was done: your own as mentee, or a mentee's as mentor. Both make it count."""
    require_scope(request, "programs:write")
    program = program_for(request.viewer, program_id)
    person = person_for(request.viewer, payload.person)

    def work() -> tuple[int, dict[str, Any]]:
        said = tick(
            program,
            person,
            payload.task,
            done_on=payload.done_on,
            by=request.viewer,
            now=request.now,
        )
        return 201, TickOut(
            task=said.task,
            done_on=said.done_on,
            mentee_said=said.mentee_at is not None,
            mentor_said=said.mentor_at is not None,
            counts=said.event is not None,
        ).model_dump(mode="json")

    return once(request, work)


class WaiverIn(Schema):
    source: str
    reason: Annotated[str, Field(max_length=2000)]
    signed: Annotated[str, Field(max_length=200)]


@router.post("/programs/{program_id}/waivers", response={201: dict}, operation_id="waive_source")
def waive(request: ApiRequest, program_id: UUID, payload: WaiverIn) -> HttpResponse:
    """Answer in writing for measuring without a source."""
    require_scope(request, "programs:write")
    program = program_for(request.viewer, program_id)

    def work() -> tuple[int, dict[str, Any]]:
        made = waive_source(program, **payload.dict(), by=request.viewer, now=request.now)
        return 201, {"source": made.source, "waived_at": made.waived_at.isoformat()}

    return once(request, work)


class SourceOut(Schema):
    source: str
    connected: bool
    facts: int
    people: int
    last_event: date | None
    last_known: date | None
    lag_days: int | None
    bots: int
    unlinked: int
    without: int | None
    waived_for: list[str]


class HealthOut(Schema):
    day: date
    sources: list[SourceOut]
    corrections: int
    waiting_ticks: int
    activity_spells: int


@router.get("/data-health", response=HealthOut, operation_id="read_data_health")
def read_data_health(request: ApiRequest) -> HealthOut:
    """Each source: last event, reporting lag, gaps, waivers."""
    require_scope(request, "reports:read")
    health = data_health(request.viewer, now=request.now)
    return HealthOut(
        day=health.day,
        sources=[
            SourceOut(
                source=one.source.value,
                connected=one.is_connected,
                facts=one.rows,
                people=one.people,
                last_event=one.last_event,
                last_known=one.last_known,
                lag_days=one.lag_days,
                bots=one.bots,
                unlinked=one.unlinked,
                without=one.without,
                waived_for=list(one.waived),
            )
            for one in health.sources
        ],
        corrections=health.corrected,
        waiting_ticks=health.waiting_ticks,
        activity_spells=health.activity_spells,
    )


class OutcomesIn(Schema):
    kind: str  # events, spells, roles or offers
    content: Annotated[str, Field(max_length=10_000_000)]  # the CSV file's text
    filename: Annotated[str, Field(max_length=64)] = "api"


class CameOut(Schema):
    created: int
    corrected: int
    known: int
    warnings: list[str]


@router.post("/outcomes", response={201: CameOut}, operation_id="import_outcomes")
def bring_outcomes(request: ApiRequest, payload: OutcomesIn) -> HttpResponse:
    """Bring a CSV file of outcomes in, all or nothing."""
    require_scope(request, "people:write")

    def work() -> tuple[int, dict[str, Any]]:
        came = import_outcomes(
            payload.kind,
            payload.content.encode(),
            filename=payload.filename,
            by=request.viewer,
            now=request.now,
        )
        return 201, CameOut(
            created=came.created,
            corrected=came.corrected,
            known=came.known,
            warnings=list(came.warnings),
        ).model_dump(mode="json")

    return once(request, work)
