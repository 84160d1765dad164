"""Reports: what happened, with its definitions, as page, file and data."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from handrail.apps.organizations.refusals import Conflict, Invalid, NotAllowed
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.programs.models import Program
from handrail.apps.programs.queries import program_for, programs_for
from handrail.apps.reports import actions, queries
from handrail.apps.reports.company_wide.building import order_company_report
from handrail.apps.reports.models import Report
from handrail.apps.reports.operations import operations, this_monday
from handrail.web.entry import PageRequest, local_today, signed_in
from handrail.web.forms.reports import ReportForm
from handrail.web.refusals import form_page


@require_GET
@signed_in
def reports(request: PageRequest) -> HttpResponse:
    context = {
        "reports": queries.reports_for(request.viewer),
        "may_build": bool(_subjects(request.viewer)),
    }
    return render(request, "reports/reports.html", context)


@require_http_methods(["GET", "POST"])
@signed_in
def report_new(request: PageRequest) -> HttpResponse:
    subjects = _subjects(request.viewer)
    if not subjects:
        raise NotAllowed(_("Reports are made by leads of a program, analysts and administrators."))
    form = ReportForm(
        request.POST or None,
        subjects=subjects,
        initial={"program": request.GET.get("program", ""), "cut": local_today(request)},
    )
    if request.method != "POST" or not form.is_valid():
        return form_page(request, "reports/new.html", {}, form)
    try:
        report = _made(request, form)
    except (Invalid, Conflict) as refusal:
        return form_page(request, "reports/new.html", {}, form, refusal)
    if report is None:
        messages.success(
            request, _("There is much to add up. The report will stand here in a few minutes.")
        )
        return redirect("reports")
    messages.success(request, _("The report is ready. It is kept with what it was made from."))
    return redirect("report", report.public_id)


def _made(request: PageRequest, form: ReportForm) -> Report | None:
    cut = form.cleaned_data["cut"]
    if form.is_every_program:
        return order_company_report(cut=cut, by=request.viewer, now=request.now)
    return actions.build_report(
        program=form.chosen_program(), cut=cut, by=request.viewer, now=request.now
    )


@require_GET
@signed_in
def report(request: PageRequest, public_id: UUID) -> HttpResponse:
    found = queries.report_for(request.viewer, public_id)
    return render(request, "reports/report.html", {"report": found, **queries.report_page(found)})


@require_GET
@signed_in
def report_file(request: PageRequest, public_id: UUID) -> HttpResponse:
    found = queries.report_for(request.viewer, public_id)
    return _attachment(queries.report_html(found), "text/html; charset=utf-8", public_id, "html")


@require_GET
@signed_in
def report_data(request: PageRequest, public_id: UUID) -> HttpResponse:
    found = queries.report_for(request.viewer, public_id)
    return _attachment(queries.report_json(found), "application/json", public_id, "json")


@require_GET
@signed_in
def program_week(request: PageRequest, public_id: UUID) -> HttpResponse:
    """Five minutes a week: held, answered, left out, and who carries how much."""
    program = program_for(request.viewer, public_id)
    current = this_monday(request.viewer, request.now)
    try:
        monday = date.fromisoformat(request.GET.get("from", "") or current.isoformat())
    except ValueError as error:
        raise Invalid(_("This is no day. Write it like 2026-02-02.")) from error
    ops = operations(request.viewer, program, monday=monday, now=request.now)
    later = ops.monday + timedelta(days=7)
    context = {
        "program": program,
        "ops": ops,
        "earlier": ops.monday - timedelta(days=7),
        "later": later if later <= current else None,
    }
    return render(request, "programs/week.html", context)


def _subjects(viewer: Viewer) -> list[Program | None]:
    """What the viewer may make a report of; None is the whole organisation."""
    return [
        subject for subject in (None, *programs_for(viewer)) if queries.may_build(viewer, subject)
    ]


def _attachment(body: str, content_type: str, public_id: UUID, ending: str) -> HttpResponse:
    response = HttpResponse(body, content_type=content_type)
    name = f"handrail-report-{str(public_id)[:8]}.{ending}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
