"""A plan as page, file and data: the same plan gives the same bytes."""

from __future__ import annotations

import json
from typing import Any

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


def plan_view(pilot: Pilot) -> Rows:
    """The plan in sentences of the reader's language."""
    foreseen = foreseen_of(pilot)
    lottery = pilot.comparison == Comparison.LOTTERY
    return {
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
            {**row, "name": wording.source_words(row["source"])}
            for row in (pilot.plan or plan_now(pilot, foreseen))["sources"]
        ],
        "waivers": [
            {**row, "name": wording.source_words(row["source"])}
            for row in (pilot.plan or plan_now(pilot, foreseen))["waivers"]
        ],
    }


def plan_now(pilot: Pilot, foreseen: list[Foresight]) -> Rows:
    """The plan as it would be frozen now."""
    return plan_of(pilot, foreseen, strata=strata_of(pilot), places=2 * pilot.planned_hires)


def plan_html(pilot: Pilot) -> str:
    """The plan as one self-contained file, in the active language."""
    context = {
        "pilot": pilot,
        "plan": plan_view(pilot),
        "language": get_language() or "en",
        "title": pilot.name,
    }
    return render_to_string("pilots/plan_file.html", context)


def plan_json(pilot: Pilot) -> str:
    """The frozen plan with its fingerprint, or the draft without one."""
    plan = pilot.plan or plan_now(pilot, foresee(pilot))
    body = {
        "plan": plan,
        "frozen": bool(pilot.plan),
        "sha256": pilot.plan_digest or None,
        "lottery_sha256": pilot.commitment or None,
        "now_sha256": digest_of(plan),
    }
    return json.dumps(body, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
