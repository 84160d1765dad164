"""One registered claim: how far it is known, its effects, and what the verdict is about."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import asdict
from datetime import date
from typing import Any

import numpy as np

from handrail.apps.pilots.history import horizon_of
from handrail.apps.pilots.planning import Claim as Registered
from handrail.apps.reports.pilot_report.hires import before_opening, is_known, stayed, take_up, task
from handrail.domain.evidence.assignment import ARMS
from handrail.domain.evidence.effect import CannotTell, Effect
from handrail.domain.evidence.groups import OUTCOME_PEOPLE
from handrail.domain.evidence.lognormal import time_ratio
from handrail.domain.evidence.means import first_merge_difference, rerandomized_p, restricted_days
from handrail.domain.evidence.rerandomized_ratio import rerandomized_ratio
from handrail.domain.evidence.stay_difference import (
    GREENWOOD_FROM,
    difference_at,
    influence_at,
    influence_in_arms,
)
from handrail.domain.evidence.survival import kaplan_meier
from handrail.domain.evidence.switching import structural_time
from handrail.domain.evidence.taking_part import taking_part
from handrail.domain.evidence.verdict import Claim as Judged
from handrail.domain.evidence.verdict import NoClaim, Of, Unit, Verdict, check_claim

Rows = dict[str, Any]
OFFERED, WAITING = ARMS
SEED = 20_260_203
RERANDOMIZE_UNDER = 80
STRATUM_PEOPLE = 5  # in each arm
CODES = {
    Verdict.CONSISTENT: "consistent",
    Verdict.SMALLER: "smaller",
    Verdict.REFUTED: "refuted",
    Verdict.HARMFUL: "harmful",
    Verdict.CANNOT_TELL: "cannot_tell",
    Verdict.ASSOCIATION: "association",
}


def claim_of(
    inputs: Rows, people: list[Rows], claim: Registered, shown: frozenset[str], lottery: bool
) -> Rows:
    """One registered claim: how far it is known, the effects, and the verdict."""
    horizon = horizon_of(claim.measure)
    timed = claim.is_about_time
    eligible = [
        one for one in people if not (timed and one["reached"][claim.measure.value]["before"])
    ]
    known = [one for one in eligible if is_known(one, claim, horizon)]
    over = date.fromisoformat(inputs["enrolling_ends"]) <= date.fromisoformat(inputs["cut"])
    foreseen = next(
        row for row in inputs["plan"]["foreseen"] if row["claim"]["measure"] == claim.measure.value
    )
    told: Rows = {
        "claim": claim.row,
        "horizon": horizon,
        "level": inputs["plan"]["level"],
        "people": len(eligible),
        "known": len(known),
        "before": len(people) - len(eligible),
        "mature": over and len(known) == len(eligible) and bool(eligible),
        "foreseen": foreseen,
        "hidden": True,
        "problem": "",
        "verdict": "cannot_tell" if lottery else "association",
        "offer": None,
        "days": None,
        "takers": None,
        "arms": [],
    }
    arms = {arm: [one for one in eligible if one["arm"] == arm] for arm in ARMS}
    enough = all(arm in shown and len(arms[arm]) >= OUTCOME_PEOPLE for arm in ARMS if
                 lottery or arm == OFFERED)  # fmt: skip
    if not enough:
        return {**told, "problem": "too_few_people"}
    told["hidden"] = False
    told["arms"] = [_curve(arms[arm], claim, arm) for arm in ARMS if arms[arm]]
    if not lottery:
        return {**told, "problem": "no_lottery"}
    if not told["mature"]:
        return {**told, "verdict": "not_yet", "problem": "not_mature"}
    try:
        told |= _time(inputs, eligible, claim) if timed else _stay(inputs, eligible, claim, told)
    except CannotTell as error:
        told["problem"] = error.code
    except NoClaim as error:
        told["problem"] = error.code
    return told


def _curve(rows: list[Rows], claim: Registered, arm: str) -> Rows:
    timed = claim.is_about_time
    pairs = [task(one, claim) if timed else stayed(one) for one in rows]
    horizon = horizon_of(claim.measure)
    # Beyond the horizon nothing was promised, and few are followed.
    days = [min(day, horizon) for day, _hit in pairs]
    happened = [hit and day <= horizon for day, hit in pairs]
    curve = kaplan_meier(days, happened)
    return {
        "arm": arm,
        "people": len(rows),
        "events": curve.events,
        "at_horizon": asdict(curve.at(horizon)),
        "median": asdict(curve.median()),
        "steps": [asdict(step) for step in curve.steps],
    }


def _clusters(inputs: Rows, rows: list[Rows]) -> list[str] | None:
    """Hires of one mentor, where the plan says that they share one; others stand alone."""
    if inputs["plan"]["hires_per_mentor"] <= 1:
        return None
    return [
        one["sessions"][0]["mentor"] if one["arm"] == OFFERED and one["sessions"] else one["person"]
        for one in rows
    ]


def _time(inputs: Rows, rows: list[Rows], claim: Registered) -> Rows:
    """The time ratio of the offer and of taking part, and the difference in days."""
    level = inputs["plan"]["level"]
    pairs = [task(one, claim) for one in rows]
    days, reached = [day for day, _hit in pairs], [hit for _day, hit in pairs]
    arm = [one["arm"] == OFFERED for one in rows]
    blocks, clusters = [one["block"] for one in rows], _clusters(inputs, rows)
    gone = [one["left"] is not None and not hit for one, hit in zip(rows, reached, strict=True)]
    horizon = horizon_of(claim.measure)
    difference = first_merge_difference(
        restricted_days(days, reached, gone, until=horizon),
        arm,
        seed=SEED,
        covariates=_strata(inputs, rows),
        blocks=blocks,
        clusters=clusters,
        level=level,
    ).turned()
    followed = [one["reached"][claim.measure.value]["followed"] for one in rows]
    if clusters is None and len(rows) < RERANDOMIZE_UNDER:
        ratio = rerandomized_ratio(
            days, reached, arm, followed=followed, seed=SEED, blocks=blocks, level=level
        )
    else:
        ratio = time_ratio(days, reached, arm, clusters=clusters, level=level)
    offer = _faster(ratio)
    told: Rows = {"days": asdict(difference), "offer": offer, "takers": None}
    shares = take_up(rows)
    told["take_up"] = shares
    # The test of times knows no mentors: hires who share one would count as independent.
    if shares[0] - shares[1] >= 0.20 and clusters is None:
        told["takers"] = _takers_time(rows, days, reached, arm, followed, level)
    if clusters is not None:
        told["no_takers"] = "takers_share_mentors"
    return {**told, **_judged(claim, told, claim.value, Unit.TIME, 1.0)}


def _strata(inputs: Rows, rows: list[Rows]) -> np.ndarray[Any, Any] | None:
    """Team and level as columns of 0 and 1, where the plan says that days are adjusted for them.

    Only strata with people enough in both arms have a column of their own: the others share what
    is left, as a column for three people would adjust for nothing but them.
    """
    if not inputs["plan"].get("adjusted_for"):
        return None
    named = [one["block"].partition("#")[0] for one in rows]
    sizes = Counter((name, one["arm"]) for name, one in zip(named, rows, strict=True))
    large = [
        name
        for name in sorted(set(named))
        if min(sizes[(name, arm)] for arm in ARMS) >= STRATUM_PEOPLE
    ]
    if len(large) == len(set(named)):
        large = large[1:]
    if not large:
        return None
    return np.array([[float(name == one) for one in large] for name in named])


def _takers_time(
    rows: list[Rows],
    days: list[int],
    reached: list[bool],
    arm: list[bool],
    followed: list[int],
    level: float,
) -> Rows | None:
    on = []
    for one, day in zip(rows, days, strict=True):
        first = min((row["day"] for row in before_opening(one)), default=None)
        on.append(0.0 if first is None else float(max(0, day - first)))
    try:
        found = structural_time(days, reached, arm, on, followed, level=level)
    except CannotTell:
        return None
    low = None if found.ratio_high is None else 1 - found.ratio_high
    high = None if found.ratio_low is None else 1 - found.ratio_low
    return {
        "estimate": 1 - found.ratio, "low": low, "high": high, "level": level,
        "method": "g_estimate", "p": found.p,
    }  # fmt: skip


def _faster(log_ratio: Effect) -> Rows:
    """A log time ratio as a share faster: good is positive."""
    return {
        "estimate": 1 - math.exp(log_ratio.estimate),
        "low": None if log_ratio.high is None else 1 - math.exp(log_ratio.high),
        "high": None if log_ratio.low is None else 1 - math.exp(log_ratio.low),
        "level": log_ratio.level,
        "method": log_ratio.method,
        "p": log_ratio.p,
    }


def _stay(inputs: Rows, rows: list[Rows], claim: Registered, told: Rows) -> Rows:
    """The difference of those still here, of the offer and of taking part, in points."""
    level, horizon = inputs["plan"]["level"], horizon_of(claim.measure)
    pairs = [stayed(one) for one in rows]
    here, left = [day for day, _hit in pairs], [hit for _day, hit in pairs]
    arm = [one["arm"] == OFFERED for one in rows]
    clusters = _clusters(inputs, rows)
    found = difference_at(here, left, arm, day=horizon, clusters=clusters, level=level)
    offer = asdict(found)
    # A lottery of people says nothing about what a mentor adds to their hires.
    if clusters is None and len(rows) < GREENWOOD_FROM:
        offer["p"] = rerandomized_p(
            influence_at(here, left, horizon), arm, seed=SEED,
            blocks=[one["block"] for one in rows],
        )  # fmt: skip
    shares = take_up(rows)
    takers: Rows | None = None
    took = [bool(before_opening(one)) for one in rows]
    values = influence_in_arms(here, left, arm, horizon)
    try:
        taken = taking_part(values, arm, took, clusters=clusters, level=level)
        if taken.bounded:
            takers = asdict(taken.effect)
    except CannotTell:
        takers = None
    baseline = (told["foreseen"]["baseline"] or {}).get("retention")
    size = claim.value if baseline is None else claim.points(baseline)
    said = {"offer": offer, "takers": takers, "take_up": shares, "days": None}
    return {**said, "claimed_points": size, **_judged(claim, said, size, Unit.POINTS, baseline)}


def _judged(claim: Registered, told: Rows, size: float, unit: Unit, baseline: float | None) -> Rows:
    """The effect that the claim is about; the verdict waits until all claims are there."""
    of = Of(claim.whom.value)
    check_claim(Judged(size, unit, horizon_of(claim.measure), of), baseline=baseline)
    effect = told["takers"] if of is Of.TOOK_PART else told["offer"]
    if effect is None:
        return {"judged": None, "size": size, "problem": told.get("no_takers", "take_up_alike")}
    return {"judged": effect, "size": size}
