"""A plan as page, file and data: the same plan gives the same bytes."""

from __future__ import annotations

import json
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.template.loader import render_to_string
from django.utils.translation import get_language

from handrail.apps.pilots import wording
from handrail.apps.pilots.models import Comparison, Pilot, PilotState
from handrail.apps.pilots.planning import (
    Claim,
    Foresight,
    claims_of,
    digest_of,
    foresee,
    plan_of,
    strata_of,
    timing_trap,
)

Rows = dict[str, Any]


def foreseen_of(pilot: Pilot) -> list[Foresight]:
    """What was foreseen when the plan was frozen; while it is a draft, what can be by now."""
    if pilot.state == PilotState.DRAFT:
        return foresee(pilot)
    from handrail.domain.evidence.power import Baseline, Outlook  # late: loads SciPy

    return [
        Foresight(
            Claim.of(row["claim"]),
            Baseline(**row["baseline"]) if row["baseline"] else None,
            Outlook(**row["outlook"]) if row["outlook"] else None,
            tuple((ratio, power) for ratio, power in row["curve"]),
            row["problem"],
        )
        for row in pilot.plan["foreseen"]
    ]


def label_of(pilot: Pilot) -> str:
    """The fixed label of a pilot that is too small for what is claimed; empty otherwise."""
    if pilot.state == PilotState.DRAFT or pilot.comparison != Comparison.LOTTERY:
        return ""
    only = any(row["feasibility_only"] for row in pilot.plan["foreseen"])
    return wording.feasibility_label() if only else ""


def claim_lines(pilot: Pilot) -> list[str]:
    """The registered claims in words."""
    return [wording.claim_words(claim) for claim in claims_of(pilot)]


def plan_view(pilot: Pilot, *, today: date) -> Rows:
    """The plan in sentences of the reader's language."""
    foreseen = foreseen_of(pilot)
    lottery = pilot.comparison == Comparison.LOTTERY
    plan = pilot.plan or plan_now(pilot, foreseen, today)
    return {
        "starts_on": wording.day(pilot.starts_on),
        "frozen_on": wording.day(_frozen(pilot)) if pilot.started_at else "",
        "claims": [
            {
                "words": wording.claim_words(one.claim),
                "smallest": wording.smallest_words(one, pilot.planned_hires) if lottery else "",
                "chance": wording.chance_words(one, pilot.planned_hires) if lottery else "",
                "baseline": wording.baseline_words(one),
                "curve": [
                    (wording.percent(1 - ratio), wording.percent(power))
                    for ratio, power in one.curve
                ],
                "label": wording.feasibility_label() if lottery and one.feasibility_only else "",
            }
            for one in foreseen
        ],
        "timing": wording.timing_words(pilot),
        "trap": timing_trap(pilot),
        "rules": wording.rule_words(pilot),
        "sources": [
            {
                **row,
                "name": wording.source_words(row["source"]),
                "last_event": _day(row["last_event"]),
            }
            for row in plan["sources"]
        ],
        "waivers": [
            {**row, "name": wording.source_words(row["source"]), "on": _day(row["on"])}
            for row in plan["waivers"]
        ],
    }


def _day(text: str | None) -> str:
    return wording.day(date.fromisoformat(text)) if text else ""


def _frozen(pilot: Pilot) -> date:
    assert pilot.started_at is not None
    return pilot.started_at.astimezone(ZoneInfo(pilot.organization.timezone)).date()


def plan_now(pilot: Pilot, foreseen: list[Foresight], today: date) -> Rows:
    """The plan as it would be frozen now."""
    places = 2 * pilot.planned_hires
    return plan_of(pilot, foreseen, strata=strata_of(pilot), places=places, today=today)


def plan_html(pilot: Pilot, *, today: date) -> str:
    """The plan as one self-contained file, in the active language."""
    context = {
        "pilot": pilot,
        "plan": plan_view(pilot, today=today),
        "language": get_language() or "en",
        "title": pilot.name,
    }
    return render_to_string("pilots/plan_file.html", context)


def plan_json(pilot: Pilot, *, today: date) -> str:
    """The frozen plan with its fingerprint, or the draft without one."""
    plan = pilot.plan or plan_now(pilot, foresee(pilot), today)
    body = {
        "plan": plan,
        "frozen": bool(pilot.plan),
        "sha256": pilot.plan_digest or None,
        "lottery_sha256": pilot.commitment or None,
        "now_sha256": digest_of(plan),
    }
    return json.dumps(body, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
