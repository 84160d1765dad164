"""Following a pilot by the clock: opening the waiting list, closing, changing the rule of moves."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from handrail.apps.organizations.refusals import Conflict, Invalid, Refusal
from handrail.apps.organizations.scope import writing
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.pilots.actions.access import audit, locked, require_lead
from handrail.apps.pilots.actions.assigning import enrol_hires, offer
from handrail.apps.pilots.lottery import seed_of
from handrail.apps.pilots.models import Comparison, Hire, Pilot, PilotState, RuleChange
from handrail.apps.pilots.planning import MOBILITY_RULE
from handrail.apps.pilots.queries import follow_up, waiting_list
from handrail.apps.programs.models import ProgramStatus

log = logging.getLogger(__name__)


def open_places(pilot: Pilot, *, by: Viewer, now: datetime) -> int:
    """Offer mentoring to those who have waited long enough, in lottery order; say how many."""
    require_lead(pilot, by)
    today = now.astimezone(ZoneInfo(pilot.organization.timezone)).date()
    opened = 0
    with writing(by.organization):
        pilot = locked(pilot)
        if pilot.program.status == ProgramStatus.CLOSED:
            return 0
        long_enough = set(
            Hire.objects.filter(
                pilot=pilot, opened_at=None, t0__lte=today - timedelta(days=pilot.waits_days)
            ).values_list("pk", flat=True)
        )
        if not long_enough:
            return 0  # the lottery's order matters to nobody yet: its seed stays closed
        for hire in waiting_list(pilot):
            if hire.pk not in long_enough:
                continue
            Hire.objects.filter(pk=hire.pk).update(opened_at=now)
            offer(pilot, hire, by=by, now=now)
            opened += 1
        if opened:
            audit("pilot.places_opened", pilot, by, now, people=opened)
    return opened


def follow_pilots(*, by: Viewer, now: datetime) -> int:
    """Everything that running pilots need by the clock, for as long as something is not known.

    Hires who came meanwhile and are ready are assigned, waiting places open. It goes on after
    the twelve weeks: until the last hire's last day of follow-up. What one pilot cannot do stands
    on its page, and holds up no other one.
    """
    followed = 0
    for pilot in Pilot.objects.filter(state=PilotState.OPEN).order_by("pk"):
        try:
            if pilot.program.status != ProgramStatus.CLOSED:
                enrol_hires(pilot, by=by, now=now)
            open_places(pilot, by=by, now=now)
        except Refusal as refusal:
            log.warning("pilot %s is not followed: %s", pilot.public_id, refusal.code)
            continue
        Pilot.objects.filter(pk=pilot.pk).update(followed_at=now)
        followed += 1
    return followed


def everything_known(pilot: Pilot, *, now: datetime) -> bool:
    """Whether the whole registered cohort has reached every horizon."""
    today = now.astimezone(ZoneInfo(pilot.organization.timezone)).date()
    return all(one.day <= today for one in follow_up(pilot, now=now))


def close_pilot(pilot: Pilot, *, by: Viewer, now: datetime) -> Pilot:
    """End the pilot and reveal the seed, so that anybody can replay the lottery."""
    require_lead(pilot, by)
    with writing(by.organization):
        pilot = locked(pilot)
        if pilot.state != PilotState.OPEN:
            raise Conflict(_("This pilot is not running."))
        pilot.state, pilot.closed_at = PilotState.CLOSED, now
        if pilot.comparison == Comparison.LOTTERY:
            pilot.revealed_seed = seed_of(pilot).hex()
        pilot.save()
        audit("pilot.closed", pilot, by, now)
    return pilot


def change_mobility_rule(
    pilot: Pilot, changes: dict[str, Any], reason: str, *, by: Viewer, now: datetime
) -> Pilot:
    """Change by which rule a move is counted as associated; every change is kept and printed."""
    require_lead(pilot, by)
    after = {**pilot.mobility_rule, **changes}
    fields: dict[str, str] = {}
    if set(after) != set(MOBILITY_RULE):
        raise Invalid(_("Unknown fields: %(names)s.") % {"names": ", ".join(sorted(changes))})
    if not 0 <= after["from_day"] < after["to_day"] <= 730:
        fields["to_day"] = _("The last day lies after the first one, at most 730 days.")
    if not 1 <= after["sessions"] <= 50:
        fields["sessions"] = _("Choose between 1 and 50 sessions.")
    reason = " ".join(reason.split())
    if pilot.state != PilotState.DRAFT and not 10 <= len(reason) <= 280:
        fields["reason"] = _("Say why in 10 to 280 characters: every report prints it.")
    if fields:
        raise Invalid(_("The rule cannot stand like this."), fields=fields)
    with writing(by.organization):
        pilot = locked(pilot)
        if after == pilot.mobility_rule:
            return pilot
        if pilot.state != PilotState.DRAFT:
            RuleChange.objects.create(
                organization=by.organization,
                pilot=pilot,
                before=pilot.mobility_rule,
                after=after,
                reason=reason,
                changed_at=now,
                changed_by=by.actor,
            )
        pilot.mobility_rule = after
        pilot.save(update_fields=["mobility_rule"])
        audit("pilot.rule_changed", pilot, by, now)
    return pilot
