"""Verbs on reports: make one and keep it with its inputs."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from handrail.apps.organizations.actions import record_audit
from handrail.apps.organizations.refusals import Conflict, Invalid, NotAllowed, NotFound
from handrail.apps.organizations.scope import writing
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.pilots.models import Pilot, PilotState
from handrail.apps.pilots.queries import pilots_for
from handrail.apps.programs.models import Program
from handrail.apps.programs.queries import programs_for
from handrail.apps.reports.inputs import gather
from handrail.apps.reports.measures import measure
from handrail.apps.reports.models import Report
from handrail.apps.reports.pilot_report import words
from handrail.apps.reports.pilot_report.gathering import gather_pilot
from handrail.apps.reports.queries import may_build
from handrail.apps.reports.wording import title

EARLIEST = date(1970, 1, 1)  # windows look back from a report's day


def build_report(*, program: Program | None = None, cut: date, by: Viewer, now: datetime) -> Report:
    """Make the report of a program, or of the organisation, as known at the end of `cut`.

    The same inputs give the same report: it is kept once, with what it was made from.
    """
    with writing(by.organization):
        _check(program, cut, by, now)
        inputs = gather(organization=by.organization, program=program, cut=cut, now=now)
        result = measure(inputs)
        return keep_report(
            program=program, pilot=None, heading=title(result), cut=cut, inputs=inputs,
            result=result, by=by, now=now,
        )  # fmt: skip


def build_pilot_report(*, pilot: Pilot, cut: date, by: Viewer, now: datetime) -> Report:
    """Make the report of a pilot as known at the end of `cut`; kept once, with its inputs.

    Where the lottery does not replay, or the arms are of very different size, it says so and
    gives no effect.
    """
    # SciPy is loaded when a pilot is judged, not when a server starts.
    from handrail.apps.reports.pilot_report.effects import measure_pilot

    with writing(by.organization):
        if not pilots_for(by).filter(pk=pilot.pk).exists():
            raise NotFound(_("There is no such pilot."))
        if pilot.state == PilotState.DRAFT:
            raise Conflict(_("This pilot has not started: there is nothing to report."))
        _check(pilot.program, cut, by, now)
        inputs = gather_pilot(pilot=pilot, cut=cut, now=now)
        result = measure_pilot(inputs)
        return keep_report(
            program=pilot.program, pilot=pilot, heading=words.title(result), cut=cut,
            inputs=inputs, result=result, by=by, now=now,
        )  # fmt: skip


def keep_report(
    *,
    program: Program | None,
    pilot: Pilot | None,
    heading: str,
    cut: date,
    inputs: dict[str, Any],
    result: dict[str, Any],
    by: Viewer,
    now: datetime,
) -> Report:
    """Keep a report with its inputs, once for the same; inside `writing`."""
    same = Report.objects.filter(program=program, pilot=pilot, cut=cut, digest=result["digest"])
    if (kept := same.first()) is not None:
        return kept
    report = Report.objects.create(
        organization=by.organization,
        program=program,
        pilot=pilot,
        title=heading[:160],
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
    check_cut(cut, by, now)


def check_cut(cut: date, by: Viewer, now: datetime) -> None:
    """Refuse a day that nobody has seen yet, neither the organisation nor the viewer."""
    zones = (ZoneInfo(by.organization.timezone), ZoneInfo(by.timezone))
    if cut > max(now.astimezone(zone).date() for zone in zones):
        raise Invalid(
            _("A report cannot know the future."),
            fields={"cut": _("Choose today or an earlier day.")},
        )
    if cut < EARLIEST:
        raise Invalid(_("There are no data of that day."), fields={"cut": _("Choose a later day.")})
