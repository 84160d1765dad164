"""From kept inputs to what may be said: the same inputs give the same result, to the byte."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from handrail.apps.pilots.planning import Claim as Registered
from handrail.apps.reports.measures import digest_of
from handrail.apps.reports.pilot_report.claims import claim_of
from handrail.apps.reports.pilot_report.hires import before_opening
from handrail.apps.reports.pilot_report.others import mobility_of, money_of, offers_of
from handrail.domain.evidence.assignment import ARMS, ratio_test
from handrail.domain.evidence.groups import may_show, shown_groups
from handrail.domain.evidence.levels import holm
from handrail.domain.evidence.verdict import Verdict, verdict

Rows = dict[str, Any]
OFFERED, WAITING = ARMS
SEED = 20_260_203
RERANDOMIZE_UNDER = 80
CODES = {
    Verdict.CONSISTENT: "consistent",
    Verdict.SMALLER: "smaller",
    Verdict.REFUTED: "refuted",
    Verdict.HARMFUL: "harmful",
    Verdict.CANNOT_TELL: "cannot_tell",
    Verdict.ASSOCIATION: "association",
}


def measure_pilot(inputs: Rows) -> Rows:
    """Compute what the report says; what a small group hides is not in the result at all."""
    people = [one for one in inputs["people"] if not one["void"]]
    arms = _arms(people)
    claims = [Registered.of(row) for row in inputs["plan"]["claims"]]
    lottery = inputs["plan"]["comparison"] == "lottery"
    blocked = _blocked(inputs, arms, lottery)
    shown = _shown(inputs, arms, lottery)
    found = [] if blocked else [claim_of(inputs, people, claim, shown, lottery) for claim in claims]
    _settle(found, inputs)
    return {
        "kind": "pilot",
        "format": inputs["format"],
        "version": inputs["version"],
        "digest": digest_of(inputs),
        "organization": inputs["organization"],
        "timezone": inputs["timezone"],
        "program": None,
        "name": inputs["name"],
        "cut": inputs["cut"],
        "moment": inputs["moment"],
        "day_over": inputs["day_over"],
        "simulated": inputs["simulated"],
        "plan": inputs["plan"],
        "plan_digest": inputs["plan_digest"],
        "lottery": inputs["lottery"],
        "blocked": blocked,
        "feasibility_only": lottery
        and any(one["feasibility_only"] for one in inputs["plan"]["foreseen"]),
        "assigned": {arm: len(rows) for arm, rows in arms.items()},
        "void": len(inputs["people"]) - len(people),
        "exposure": _exposure(arms),
        "contacts": len(inputs["contacts"]),
        "ratio": _ratio(arms) if lottery and len(people) else None,
        "claims": found,
        "looks": inputs["looks"],
        "rule": inputs["rule"],
        "rule_changes": inputs["rule_changes"],
        "waivers": inputs["waivers"],
        "mobility": None if blocked else mobility_of(inputs, people, shown),
        "offers": offers_of(inputs["offers"]),
        "money": None if blocked or not found else money_of(inputs, people, found[0]),
        "refused": _refused(found, blocked),
    }


def _arms(people: Sequence[Rows]) -> dict[str, list[Rows]]:
    return {arm: [one for one in people if one["arm"] == arm] for arm in ARMS}


def _blocked(inputs: Rows, arms: dict[str, list[Rows]], lottery: bool) -> str:
    """Why no figure is given at all; empty where nothing stands against it."""
    if inputs["faults"]:
        return "replay_failed"
    counts = (len(arms[OFFERED]), len(arms[WAITING]))
    if lottery and any(counts) and ratio_test(counts).blocks:
        return "arms_unequal"
    return ""


def _ratio(arms: dict[str, list[Rows]]) -> Rows:
    found = ratio_test((len(arms[OFFERED]), len(arms[WAITING])))
    return {"chi_square": found.chi_square, "p": found.p}


def _shown(inputs: Rows, arms: dict[str, list[Rows]], lottery: bool) -> frozenset[str]:
    """Arms that may show an outcome, beside each other and beside the program's own report."""
    groups = {
        arm: frozenset(one["person"] for one in rows)
        for arm, rows in arms.items()
        if lottery or arm == OFFERED
    }
    program = frozenset(inputs["program_people"])
    return shown_groups(groups, published=[program] if may_show(len(program)) else [])


def _exposure(arms: dict[str, list[Rows]]) -> Rows:
    """Who took part and how much: counts of what happened, for five people or more."""
    told: Rows = {}
    for arm, rows in arms.items():
        took = [one for one in rows if before_opening(one)]
        told[arm] = {
            "people": len(rows),
            "hidden": len(rows) < 5,
            **(
                {}
                if len(rows) < 5
                else {
                    "took_part": len(took),
                    "sessions": sum(len(before_opening(one)) for one in rows),
                    # How many opted out is told only together: it is theirs alone.
                }
            ),
        }
    return told


def _settle(found: list[Rows], inputs: Rows) -> None:
    """Give each claim its verdict: with two of them and no looks, Holm decides which stand."""
    tests = {
        place: one["offer"]["p"]
        for place, one in enumerate(found)
        if one.get("judged") and one["offer"] and one["offer"]["p"] is not None
    }
    stands = dict.fromkeys(range(len(found)), True)
    if len(tests) > 1 and not inputs["plan"]["looks"]:
        held = holm({str(place): p for place, p in tests.items()})
        stands |= {int(place): ok for place, ok in held.items()}
    for place, one in enumerate(found):
        if one.get("judged"):
            effect = one["judged"]
            said = verdict(effect["low"], effect["high"], one["size"], stands=stands[place])
            one["verdict"] = CODES[said]
            one["stands"] = stands[place]


def _refused(found: list[Rows], blocked: str) -> list[str]:
    """Codes of what was asked and is not said, each once."""
    codes = [blocked] if blocked else []
    codes += [one["problem"] for one in found if one["problem"]]
    return list(dict.fromkeys(codes))
