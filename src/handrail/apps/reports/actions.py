"""Verbs on reports: make one and keep it with its inputs."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from handrail.apps.organizations.actions import record_audit
from handrail.apps.organizations.refusals import Invalid, NotAllowed, NotFound
from handrail.apps.organizations.scope import writing
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.programs.models import Program
from handrail.apps.programs.queries import programs_for
from handrail.apps.reports.inputs import gather
from handrail.apps.reports.measures import measure
from handrail.apps.reports.models import Report
from handrail.apps.reports.queries import may_build
from handrail.apps.reports.wording import title


def build_report(*, program: Program | None = None, cut: date, by: Viewer, now: datetime) -> Report:
    """Make the report of a program, or of the organisation, as known at the end of `cut`.

    The same inputs give the same report: it is kept once, with what it was made from.
    """
    with writing(by.organization):
        _check(program, cut, by, now)
        inputs = gather(organization=by.organization, program=program, cut=cut, now=now)
        result = measure(inputs)
        kept = Report.objects.filter(program=program, cut=cut, digest=result["digest"]).first()
        if kept is not None:
            return kept
        report = Report.objects.create(
            organization=by.organization,
            program=program,
            title=title(result)[:160],
            cut=cut,
            inputs=inputs,
            result=result,
            digest=result["digest"],
            simulated_sessions=result["simulated"],
            created_at=now,
            created_by=by.actor,
        )
        record_audit(
            by=by,
            verb="report.built",
            object_type="report",
            object_id=report.public_id,
            detail={"cut": cut.isoformat(), "digest": report.digest},
            now=now,
        )
    return report


def _check(program: Program | None, cut: date, by: Viewer, now: datetime) -> None:
    if program is not None and not programs_for(by).filter(pk=program.pk).exists():
        raise NotFound(_("There is no such program."))
    if not may_build(by, program):
        raise NotAllowed(
            _("Reports are made by analysts, administrators and leads of the program.")
        )
    zones = (ZoneInfo(by.organization.timezone), ZoneInfo(by.timezone))
    if cut > max(now.astimezone(zone).date() for zone in zones):
        raise Invalid(
            _("A report cannot know the future."),
            fields={"cut": _("Choose today or an earlier day.")},
        )
