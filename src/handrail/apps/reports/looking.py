"""Looking at running pilots every week, as their plan says; and reporting when all is known."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from handrail.apps.organizations.scope import writing
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.pilots.actions.following import everything_known
from handrail.apps.pilots.history import horizon_of
from handrail.apps.pilots.models import WEEKS, Look, Pilot, PilotState
from handrail.apps.pilots.planning import Claim
from handrail.apps.reports.actions import build_pilot_report
from handrail.apps.reports.models import Report
from handrail.apps.reports.pilot_report.gathering import gather_pilot
from handrail.apps.reports.pilot_report.hires import is_known, stayed, task
from handrail.domain.evidence.assignment import ARMS
from handrail.domain.evidence.groups import OUTCOME_PEOPLE
from handrail.domain.evidence.monitoring import look

Rows = dict[str, Any]
WEEK = timedelta(days=7)


def look_at_pilots(*, by: Viewer, now: datetime) -> int:
    """One look a week at each running pilot that planned looks; say how many were made.

    A pilot that is known to the end gets its report, once, by itself.
    """
    today = now.astimezone(ZoneInfo(by.organization.timezone)).date()
    made = 0
    for pilot in Pilot.objects.filter(state=PilotState.OPEN).select_related("program", "team"):
        if pilot.plan["looks"]:
            made += _look(pilot, today, now)
        over = today > pilot.starts_on + timedelta(weeks=WEEKS)
        if over and everything_known(pilot, now=now):
            settled = today - timedelta(days=1)
            if not Report.objects.filter(pilot=pilot, created_by=by.actor).exists():
                build_pilot_report(pilot=pilot, cut=settled, by=by, now=now)
    return made


def _look(pilot: Pilot, today: date, now: datetime) -> int:
    last = Look.objects.filter(pilot=pilot).order_by("-day").first()
    if last is not None and today - last.day < WEEK:
        return 0
    result = seen(gather_pilot(pilot=pilot, cut=today - timedelta(days=1), now=now))
    if result is None:
        return 0
    with writing(pilot.organization):
        Look.objects.get_or_create(
            organization=pilot.organization, pilot=pilot, day=today, defaults={"result": result}
        )
    return 1


def seen(inputs: Rows) -> Rows | None:
    """The primary measure among those whose day has come; None before ten are known in each arm.

    In days sooner for time, in shares for staying; good is positive.
    """
    claim = Claim.of(inputs["plan"]["claims"][0])
    horizon = horizon_of(claim.measure)
    rows = [
        one
        for one in inputs["people"]
        if not one["void"]
        and is_known(one, claim, horizon)
        and not (claim.is_about_time and one["reached"][claim.measure.value]["before"])
    ]
    arm = [one["arm"] == ARMS[0] for one in rows]
    if min(sum(arm), len(arm) - sum(arm)) < OUTCOME_PEOPLE:
        return None
    outcome = []
    for one in rows:
        if claim.is_about_time:
            day, done = task(one, claim)
            outcome.append(-float(min(day, horizon)) if done else -float(horizon))
        else:
            day, left = stayed(one)
            outcome.append(0.0 if left and day <= horizon else 1.0)
    alpha = float(inputs["plan"]["levels"][claim.measure.value]["looks"])
    found = look(outcome, arm, planned=inputs["plan"]["planned_hires"], alpha=alpha)
    if found.estimate is None:
        return None
    return {
        "people": found.people,
        "estimate": found.estimate,
        "low": found.low,
        "high": found.high,
    }
