"""Reports: what happened, with its definitions, as page, file and data."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from handrail.apps.organizations.refusals import Conflict, Invalid
from handrail.apps.programs.queries import programs_for
from handrail.apps.reports import actions, queries
from handrail.web.entry import PageRequest, local_today, signed_in
from handrail.web.forms.reports import ReportForm
from handrail.web.refusals import form_page


@require_GET
@signed_in
def reports(request: PageRequest) -> HttpResponse:
    return render(request, "reports/reports.html", {"reports": queries.reports_for(request.viewer)})


@require_http_methods(["GET", "POST"])
@signed_in
def report_new(request: PageRequest) -> HttpResponse:
    queries.reports_for(request.viewer)  # who may not read reports makes none
    programs = programs_for(request.viewer)
    form = ReportForm(request.POST or None, programs=programs, today=local_today(request))
    if request.method != "POST" or not form.is_valid():
        return form_page(request, "reports/new.html", {}, form)
    try:
        report = actions.build_report(
            program=form.chosen_program(),
            cut=form.cleaned_data["cut"],
            by=request.viewer,
            now=request.now,
        )
    except (Invalid, Conflict) as refusal:
        return form_page(request, "reports/new.html", {}, form, refusal)
    messages.success(request, _("The report is ready. It is kept with what it was made from."))
    return redirect("report", report.public_id)


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


def _attachment(body: str, content_type: str, public_id: UUID, ending: str) -> HttpResponse:
    response = HttpResponse(body, content_type=content_type)
    name = f"handrail-report-{str(public_id)[:8]}.{ending}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
