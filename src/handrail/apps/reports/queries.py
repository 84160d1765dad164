"""Questions about reports: who may see which, and each as page, file and data."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from handrail.apps.organizations.refusals import NotAllowed, NotFound
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.programs.models import Program, ProgramLead
from handrail.apps.programs.queries import is_lead
from handrail.apps.reports.company_wide import pages as company_wide
from handrail.apps.reports.models import Report
from handrail.apps.reports.page import page_of
from handrail.apps.reports.pilot_report import words
from handrail.apps.reports.pilot_report.pages import page_of_pilot
from handrail.apps.reports.wording import title


def _sees_every_report(viewer: Viewer) -> bool:
    return viewer.is_administrator or viewer.is_analyst or viewer.is_auditor


def _leads(viewer: Viewer) -> bool:
    return (
        viewer.person_id is not None
        and ProgramLead.objects.filter(person_id=viewer.person_id).exists()
    )


def reports_for(viewer: Viewer) -> QuerySet[Report]:
    """The reports the viewer may read, newest first; NotAllowed where reports are not theirs.

    Administrators, analysts and auditors read all, leads those of their programs.
    """
    if not viewer.may("reports:read") or not (_sees_every_report(viewer) or _leads(viewer)):
        raise NotAllowed(
            _("Reports are for leads of a program, analysts, auditors and administrators.")
        )
    reports = Report.objects.select_related("program", "pilot").order_by("-created_at", "-id")
    reports = reports.defer("inputs")  # long, and only a replay reads them
    if _sees_every_report(viewer):
        return reports
    return reports.filter(Q(program__leads__person_id=viewer.person_id))


def report_for(viewer: Viewer, public_id: UUID) -> Report:
    """The report, or NotFound where it is not there or not the viewer's to read."""
    report = reports_for(viewer).filter(public_id=public_id).first()
    if report is None:
        raise NotFound(_("There is no such report."))
    return report


def may_build(viewer: Viewer, program: Program | None) -> bool:
    """Whether the viewer may make a report: of the organisation, or of a program they lead."""
    if not viewer.may("reports:write"):
        return False
    if viewer.is_administrator or viewer.is_analyst:
        return True
    return program is not None and is_lead(viewer, program)


def title_of(report: Report) -> str:
    """The report's heading in the active language."""
    if report.result.get("kind") == "pilot":
        return words.title(report.result)
    if report.result.get("kind") == "company":
        return company_wide.title(report.result)
    return title(report.result)


def report_page(report: Report) -> dict[str, Any]:
    """What `reports/fragment.html` needs, in the active language."""
    if report.result.get("kind") == "pilot":
        return {"page": page_of_pilot(report.result)}
    if report.result.get("kind") == "company":
        return {"page": company_wide.page_of_company(report.result)}
    return {"page": page_of(report.result)}


def report_html(report: Report) -> str:
    """The report as one self-contained file, in the active language."""
    context = {**report_page(report), "language": get_language() or "en", "open_tables": True}
    return render_to_string("reports/file.html", context)


def report_json(report: Report) -> str:
    """Every figure as data, with unrounded fractions; hidden ones are not in it."""
    return json.dumps(report.result, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
