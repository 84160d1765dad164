"""Reports, kept with their inputs."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from ninja import Router, Schema

from handrail.api.requests import ApiRequest, Page, once, page, require_scope
from handrail.api.schemas import ReportIn, ReportOut, ReportWhole
from handrail.apps.pilots.queries import pilot_for
from handrail.apps.programs.queries import program_for
from handrail.apps.reports import actions, queries
from handrail.apps.reports.company_wide.building import order_company_report
from handrail.apps.reports.models import Report
from handrail.apps.reports.operations import operations, this_monday
from handrail.domain.evidence.operations import Rate

router = Router(tags=["reports"])


def report_out(report: Report) -> ReportOut:
    """A report's head as the wire shows it."""
    return ReportOut(
        id=report.public_id,
        title=queries.title_of(report),
        program=report.program.public_id if report.program else None,
        pilot=report.pilot.public_id if report.pilot else None,
        cut=report.cut,
        created_at=report.created_at,
        simulated_sessions=report.simulated_sessions,
    )


@router.get("/reports", response=Page, operation_id="list_reports")
def list_reports(request: ApiRequest, cursor: str = "", limit: int = 50) -> dict[str, Any]:
    """The reports you may see, oldest first."""
    require_scope(request, "reports:read")
    return page(
        queries.reports_for(request.viewer),
        cursor=cursor,
        limit=limit,
        show=report_out,
        name="reports",
    )


class ReportOrdered(Schema):
    detail: str  # it is long, and made in the background: look in the list


@router.post("/reports", response={201: ReportOut, 202: ReportOrdered}, operation_id="build_report")
def build_report(request: ApiRequest, payload: ReportIn) -> HttpResponse:
    """Build a report at a cut and keep it with its inputs."""
    require_scope(request, "reports:write")
    program = program_for(request.viewer, payload.program) if payload.program else None

    pilot = pilot_for(request.viewer, payload.pilot) if payload.pilot else None

    def work() -> tuple[int, dict[str, Any]]:
        report: Report | None
        if payload.every_program:
            report = order_company_report(cut=payload.cut, by=request.viewer, now=request.now)
            if report is None:
                return 202, {"detail": "The report is being made. It will stand in the list."}
        elif pilot is not None:
            report = actions.build_pilot_report(
                pilot=pilot, cut=payload.cut, by=request.viewer, now=request.now
            )
        else:
            report = actions.build_report(
                program=program, cut=payload.cut, by=request.viewer, now=request.now
            )
        return 201, report_out(report).model_dump(mode="json")

    return once(request, work)


@router.get("/reports/{report_id}", response=ReportWhole, operation_id="read_report")
def read_report(request: ApiRequest, report_id: UUID) -> ReportWhole:
    """One report with its figures as unrounded fractions."""
    require_scope(request, "reports:read")
    report = queries.report_for(request.viewer, report_id)
    return ReportWhole(**report_out(report).dict(), result=report.result)


class RateOut(Schema):
    met: int
    of: int
    share: float | None  # a fraction; null for fewer than five


class LoadOut(Schema):
    mentor: UUID
    this_week: int
    four_weeks: int


class WeekOut(Schema):
    monday: date
    completed: RateOut
    below_line: bool
    not_held: int
    late_cancelled: int
    ahead: int
    artifacts: RateOut
    replies: RateOut
    waiting: int
    repeat: RateOut
    load: list[LoadOut]
    left_out: list[UUID]


@router.get("/programs/{program_id}/week", response=WeekOut, operation_id="read_program_week")
def read_program_week(request: ApiRequest, program_id: UUID, monday: date | None = None) -> WeekOut:
    """One week of a program: held, answered, left out, and who carries how much."""
    require_scope(request, "reports:read")
    program = program_for(request.viewer, program_id)
    day = monday or this_monday(request.viewer, request.now)
    ops = operations(request.viewer, program, monday=day, now=request.now)
    week = ops.week
    return WeekOut(
        monday=ops.monday,
        completed=_rate(week.completed),
        below_line=ops.is_below,
        not_held=week.not_held,
        late_cancelled=week.late_cancelled,
        ahead=week.ahead,
        artifacts=_rate(week.artifacts),
        replies=_rate(week.replies),
        waiting=week.waiting,
        repeat=_rate(ops.repeat),
        load=[
            LoadOut(
                mentor=row.mentor.public_id,
                this_week=row.this_week,
                four_weeks=row.four_weeks,
            )
            for row in ops.load
        ],
        left_out=[row.mentee.public_id for row in ops.left_out],
    )


def _rate(rate: Rate) -> RateOut:
    return RateOut(met=rate.met, of=rate.of, share=rate.share)
