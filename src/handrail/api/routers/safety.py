"""Reports of harm: said from a program, read nowhere but on the pages."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from ninja import Router, Schema

from handrail.api.requests import ApiRequest, once, require_scope
from handrail.apps.safeguarding import actions, queries
from handrail.apps.safeguarding.models import HarmReport

router = Router(tags=["safety"])


class HarmIn(Schema):
    """What happened in a session, and with whom of it, if with one of them."""

    text: str
    concerned: UUID | None = None


class HarmOut(Schema):
    """How far a report is; its words go to nobody's program."""

    id: UUID
    state: str
    reported_at: datetime
    acknowledge_by: datetime
    acknowledged_at: datetime | None
    closed_at: datetime | None


def harm_out(report: HarmReport) -> HarmOut:
    return HarmOut(
        id=report.public_id,
        state=report.state,
        reported_at=report.reported_at,
        acknowledge_by=report.acknowledge_by,
        acknowledged_at=report.acknowledged_at,
        closed_at=report.closed_at,
    )


@router.post(
    "/sessions/{session_id}/harm-reports", response={201: HarmOut}, operation_id="report_harm"
)
def report_harm(request: ApiRequest, session_id: UUID, payload: HarmIn) -> HttpResponse:
    """Report a problem or harm: it is sealed, and all between the two of you stops at once."""
    require_scope(request, "sessions:write")
    queries.people_at(request.viewer, "session", session_id)

    def work() -> tuple[int, dict[str, Any]]:
        made = actions.report_harm(
            "session",
            session_id,
            payload.text,
            concerned=payload.concerned,
            by=request.viewer,
            now=request.now,
        )
        return 201, harm_out(made).model_dump(mode="json")

    return once(request, work)


@router.get("/harm-reports", response=list[HarmOut], operation_id="list_harm_reports")
def list_harm_reports(request: ApiRequest) -> list[HarmOut]:
    """How far your own reports are."""
    require_scope(request, "sessions:read")
    return [harm_out(report) for report in queries.own_reports(request.viewer)]
