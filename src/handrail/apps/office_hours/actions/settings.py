"""The rules of office hours and the blocks that come back every week."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from handrail.apps.office_hours.actions.absence import free
from handrail.apps.office_hours.actions.access import audit, lock_rota
from handrail.apps.office_hours.actions.planning import booked_inside
from handrail.apps.office_hours.announcing import announce_off
from handrail.apps.office_hours.models import (
    IN_LINE,
    LineState,
    OpenTo,
    PlaceInLine,
    Rota,
    RotaSlot,
    Turn,
    TurnState,
)
from handrail.apps.organizations.refusals import Conflict, Invalid
from handrail.apps.organizations.scope import writing
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.outbox.actions import enqueue
from handrail.apps.programs.models import Program, ProgramModel, ProgramStatus
from handrail.apps.programs.queries import leads_of, require_run
from handrail.domain.scheduling import ARTIFACT_MINUTES, zones

PLAN = "office_hours.plan"
RULES = (
    "open_to",
    "plan_weeks",
    "fair_sessions",
    "fair_days",
    "offer_minutes",
    "compact",
    "lost_time_counts",
)
LONGEST_BLOCK = 8 * 60
MOST_SLOTS = 20
# Two afternoons a week, an hour each: what a new program starts with, for a lead to change.
FIRST_SLOTS = ((1, 14 * 60, 60), (3, 14 * 60, 60))


def set_up(program: Program, *, by: Viewer, now: datetime) -> None:
    """Give a new office-hours program its rules and first blocks, in the caller's transaction."""
    if program.model != ProgramModel.OFFICE_HOURS:
        return
    rota, made = Rota.objects.get_or_create(organization=by.organization, program=program)
    if not made:
        return
    lead = leads_of(program).first()
    zone = lead.timezone if lead is not None else by.organization.timezone
    RotaSlot.objects.bulk_create(
        RotaSlot(
            organization=by.organization,
            rota=rota,
            weekday=weekday,
            starts_min=starts_min,
            minutes=minutes,
            timezone=zone,
        )
        for weekday, starts_min, minutes in FIRST_SLOTS
    )


def edit_rules(rota: Rota, *, by: Viewer, now: datetime, **changes: Any) -> Rota:
    """Change the rules; turns and sessions that stand keep theirs."""
    require_run(by, rota.program)
    if unknown := set(changes) - set(RULES):
        raise Invalid(_("Unknown fields: %(names)s.") % {"names": ", ".join(sorted(unknown))})
    _check(changes)
    with writing(by.organization):
        lock_rota(rota)
        Rota.objects.filter(pk=rota.pk).update(**changes, rev=F("rev") + 1)
        audit("rules_changed", rota.program, by, now, fields=sorted(changes))
        ask_to_plan(rota, now)
    rota.refresh_from_db()
    return rota


def add_slot(
    rota: Rota,
    weekday: int,
    starts_min: int,
    minutes: int,
    timezone: str,
    *,
    by: Viewer,
    now: datetime,
) -> RotaSlot:
    """Add a block that comes back every week at this wall time of the zone."""
    require_run(by, rota.program)
    fields = {}
    shortest = rota.program.session_minutes + ARTIFACT_MINUTES
    if not 0 <= weekday <= 6:
        fields["weekday"] = _("Choose a day of the week.")
    if not 0 <= starts_min < 1440 or starts_min % 5:
        fields["starts_min"] = _("Choose a time on five minutes.")
    if not shortest <= minutes <= LONGEST_BLOCK or minutes % 5:
        fields["minutes"] = _("Choose %(least)d minutes to 8 hours, in steps of five.") % {
            "least": shortest
        }
    if timezone not in zones():
        fields["timezone"] = _("Choose a zone of the list.")
    if fields:
        raise Invalid(_("The block was not added. Correct the fields."), fields=fields)
    if rota.program.status == ProgramStatus.CLOSED:
        raise Conflict(_("This program is closed and cannot be changed."))
    with writing(by.organization):
        rota = lock_rota(rota)
        there = RotaSlot.objects.filter(rota=rota, removed_at=None)
        if there.count() >= MOST_SLOTS:
            raise Invalid(_("There are 20 blocks already. Take one away first."))
        same = there.filter(weekday=weekday, starts_min=starts_min, timezone=timezone).first()
        if same is not None:
            return same
        slot = RotaSlot.objects.create(
            organization=by.organization,
            rota=rota,
            weekday=weekday,
            starts_min=starts_min,
            minutes=minutes,
            timezone=timezone,
        )
        audit("slot_added", rota.program, by, now)
        ask_to_plan(rota, now)
    return slot


def remove_slot(slot: RotaSlot, *, by: Viewer, now: datetime) -> None:
    """Take a block away; turns in which something is booked still take place."""
    rota = slot.rota
    require_run(by, rota.program)
    with writing(by.organization):
        lock_rota(rota)
        if not RotaSlot.objects.filter(pk=slot.pk, removed_at=None).update(removed_at=now):
            return
        audit("slot_removed", rota.program, by, now)
        drop(Turn.objects.filter(slot=slot), by=by, now=now)


def drop(turns: QuerySet[Turn], *, by: Viewer, now: datetime) -> int:
    """Give up coming turns in which nothing is booked; says how many. The rota is locked."""
    dropped = 0
    found = turns.filter(starts_at__gt=now).exclude(state=TurnState.DROPPED)
    for turn in found.select_related("slot__rota__program", "host", "booking").order_by("pk"):
        if booked_inside(turn):
            continue
        host = turn.host
        PlaceInLine.objects.filter(turn=turn, state__in=IN_LINE).update(state=LineState.LEFT)
        if host is not None:
            announce_off(turn, host, now)
            free(turn, by=by, now=now)
        Turn.objects.filter(pk=turn.pk).update(state=TurnState.DROPPED, host=None)
        dropped += 1
    return dropped


def ask_to_plan(rota: Rota, now: datetime) -> None:
    """Have turns planned at once, after this transaction, instead of with the next clock."""
    enqueue(
        PLAN,
        ref={"program": str(rota.program.public_id)},
        dedupe=f"{PLAN}:{rota.program.public_id}:{now.isoformat()}",
        due_at=now,
        stream=f"office-hours:{rota.program.public_id}",
        now=now,
        organization=rota.organization,
    )


def _check(changes: Mapping[str, Any]) -> None:
    fields: dict[str, str] = {}
    spans = {
        "plan_weeks": (1, 12, _("Choose between 1 and 12 weeks.")),
        "fair_sessions": (0, 10, _("Choose between 0 and 10 sessions.")),
        "fair_days": (1, 90, _("Choose between 1 and 90 days.")),
        "offer_minutes": (30, 2880, _("Choose between half an hour and two days.")),
    }
    for name, (least, most, words) in spans.items():
        if name in changes and not least <= int(changes[name]) <= most:
            fields[name] = words
    if "open_to" in changes and changes["open_to"] not in OpenTo.values:
        fields["open_to"] = _("Choose one of the list.")
    if fields:
        raise Invalid(_("Nothing was saved. Correct the fields."), fields=fields)
