"""Make the report of every program side by side; in the background where tables are long."""

from __future__ import annotations

import tempfile
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from handrail import __version__
from handrail.apps.organizations.models import Organization
from handrail.apps.organizations.refusals import NotAllowed
from handrail.apps.organizations.scope import reading, writing
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.outbox.actions import enqueue
from handrail.apps.people.models import CompetencyEvent, EmploymentSpell, SpellBasis
from handrail.apps.reports.actions import check_cut, keep_report
from handrail.apps.reports.company_wide.exporting import export
from handrail.apps.reports.company_wide.figures import figures_of
from handrail.apps.reports.company_wide.pages import title
from handrail.apps.reports.company_wide.summing import sums_of
from handrail.apps.reports.inputs import moment_of
from handrail.apps.reports.measures import digest_of
from handrail.apps.reports.models import Report
from handrail.apps.reports.queries import may_build
from handrail.apps.sessions.models import Session

Rows = dict[str, Any]
FORMAT = 1
LARGE = 20_000  # sessions: more take longer than a page may


def order_company_report(*, cut: date, by: Viewer, now: datetime) -> Report | None:
    """The report of every program, at once; None where it is long and made in the background."""
    _allowed(cut, by, now)
    if Session.objects.count() <= LARGE:
        return build_company_report(cut=cut, by=by, now=now)
    with writing(by.organization):
        enqueue(
            "report.company",
            ref={"cut": cut.isoformat()},
            dedupe=f"{cut}:{now.isoformat()}",
            due_at=now,
            stream="reports",
            now=now,
            organization=by.organization,
        )
    return None


def build_company_report(*, cut: date, by: Viewer, now: datetime) -> Report:
    """Make the report of every program as known at the end of `cut`; kept once, with its sums.

    Rows are read before anything is written: nobody waits for the sums.
    """
    _allowed(cut, by, now)
    with reading(by.organization):
        inputs = gather_company(organization=by.organization, cut=cut, now=now)
    result = measure_company(inputs)
    with writing(by.organization):
        return keep_report(
            program=None, pilot=None, heading=title(result), cut=cut, inputs=inputs,
            result=result, by=by, now=now,
        )  # fmt: skip


def gather_company(*, organization: Organization, cut: date, now: datetime) -> Rows:
    """The sums that this report is made from, and what must be said about their origin."""
    moment = moment_of(organization, cut, now)
    with tempfile.TemporaryDirectory(prefix="handrail-measures-") as name:
        export(Path(name), organization=organization, cut=cut, now=now)
        sums = sums_of(Path(name), cut=cut, moment=moment)
    merges = CompetencyEvent.objects.filter(kind="merge", occurred_at__lte=now)
    spells = EmploymentSpell.objects.filter(basis=SpellBasis.ACTIVITY, started_on__lte=cut)
    sessions = Session.objects.filter(created_at__lte=moment, simulated=True)
    return {
        "kind": "company",
        "format": FORMAT,
        "version": __version__,
        "organization": organization.name,
        "timezone": organization.timezone,
        "cut": cut.isoformat(),
        "moment": moment.isoformat(),
        "day_over": moment.astimezone(ZoneInfo(organization.timezone)).date() > cut,
        "simulated": sessions.exists(),
        "from_activity": spells.exists(),
        "merges_connected": merges.exists(),
        **sums,
    }


def measure_company(inputs: Rows) -> Rows:
    """Every figure of the report, from its kept sums alone."""
    heads = (
        "kind", "format", "version", "organization", "timezone", "cut", "moment", "day_over",
        "simulated", "from_activity", "merges_connected", "lag",
    )  # fmt: skip
    return {
        **{name: inputs[name] for name in heads},
        "digest": digest_of(inputs),
        "program": None,
        **figures_of(inputs),
    }


def _allowed(cut: date, by: Viewer, now: datetime) -> None:
    if not may_build(by, None):
        raise NotAllowed(_("Programs are laid side by side by analysts and administrators."))
    check_cut(cut, by, now)
