"""When it does not go as planned: appeals against a no-show, and asking for somebody else."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from ninja import Router

from handrail.api.requests import ApiRequest, once, require_scope
from handrail.api.ritual_schemas import (
    AppealIn,
    AppealOut,
    DecisionIn,
    SomebodyElseIn,
    SomebodyElseOut,
)
from handrail.apps.people.queries import person_for
from handrail.apps.programs.queries import program_for
from handrail.apps.requests import actions as requests
from handrail.apps.sessions import actions, queries
from handrail.apps.sessions.models import Appeal

router = Router(tags=["sessions"])


def appeal_out(found: Appeal) -> AppealOut:
    """An appeal as the wire shows it."""
    return AppealOut(
        id=found.public_id,
        session=found.session.public_id,
        person=found.person.public_id,
        text=found.text,
        written_at=found.written_at,
        decision=found.decision,
        word=found.word,
        decided_at=found.decided_at,
    )


@router.get("/sessions/{session_id}/appeals", response=list[AppealOut], operation_id="list_appeals")
def list_appeals(request: ApiRequest, session_id: UUID) -> list[AppealOut]:
    """What was said about a session that somebody is recorded as missing."""
    require_scope(request, "sessions:read")
    session = queries.session_for(request.viewer, session_id)
    return [appeal_out(found) for found in queries.appeals_of(request.viewer, session)]


@router.post(
    "/sessions/{session_id}/appeal", response={201: AppealOut}, operation_id="appeal_no_show"
)
def appeal_no_show(request: ApiRequest, session_id: UUID, payload: AppealIn) -> HttpResponse:
    """Say in a sentence why your no-show is not right; once, within 14 days."""
    require_scope(request, "sessions:write")
    session = queries.session_for(request.viewer, session_id)

    def work() -> tuple[int, dict[str, Any]]:
        made = actions.appeal(session, payload.text, by=request.viewer, now=request.now)
        return 201, appeal_out(made).model_dump(mode="json")

    return once(request, work)


@router.post("/appeals/{appeal_id}/decide", response=AppealOut, operation_id="decide_appeal")
def decide_appeal(request: ApiRequest, appeal_id: UUID, payload: DecisionIn) -> HttpResponse:
    """Decide as the other person or a lead: attended, excused or stands; the seat follows."""
    require_scope(request, "sessions:write")
    found = queries.appeal_for(request.viewer, appeal_id)

    def work() -> tuple[int, dict[str, Any]]:
        decided = actions.decide_appeal(
            found, payload.decision, word=payload.word, by=request.viewer, now=request.now
        )
        return 200, appeal_out(decided).model_dump(mode="json")

    return once(request, work)


@router.post(
    "/programs/{program_id}/somebody-else",
    response=SomebodyElseOut,
    operation_id="ask_for_somebody_else",
)
def ask_for_somebody_else(
    request: ApiRequest, program_id: UUID, payload: SomebodyElseIn
) -> HttpResponse:
    """End a pair you are half of, without a reason; nobody is told who asked."""
    require_scope(request, "sessions:write")
    program = program_for(request.viewer, program_id)
    other = person_for(request.viewer, payload.person)

    def work() -> tuple[int, dict[str, Any]]:
        given_back = requests.ask_for_somebody_else(
            program,
            other,
            never_again=payload.never_again,
            by=request.viewer,
            now=request.now,
        )
        return 200, SomebodyElseOut(given_back=given_back).model_dump(mode="json")

    return once(request, work)
