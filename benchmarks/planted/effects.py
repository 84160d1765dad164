"""One company asked once: each measure, as a report asks it, against what was planted."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np

from handrail.domain.evidence import stay_difference
from handrail.domain.evidence.company import Company, hire, outcomes
from handrail.domain.evidence.competing import incidence
from handrail.domain.evidence.effect import CannotTell
from handrail.domain.evidence.levels import holm
from handrail.domain.evidence.lognormal import time_ratio
from handrail.domain.evidence.means import (
    first_merge_difference,
    mean_difference,
    rerandomized_p,
)
from handrail.domain.evidence.rerandomized_ratio import rerandomized_ratio
from handrail.domain.evidence.stay_difference import difference_at, influence_at
from handrail.domain.evidence.switching import structural_time
from handrail.domain.evidence.taking_part import anderson_rubin, taking_part
from planted.seeing import Row, holds, sees

MANY = 400_000


def truths(company: Company) -> Row:
    """What the offer and taking part truly do, from a company of 400,000."""
    drawn = hire(replace(company, hires=MANY), seed=99)
    seen = outcomes(drawn, followed=10_000.0)
    arm = drawn.offered
    stay = drawn.leave_day > 180
    took = drawn.took_part[arm].mean() - drawn.took_part[~arm].mean()
    days = seen.restricted[arm].mean() - seen.restricted[~arm].mean()
    points = stay[arm].mean() - stay[~arm].mean()
    return {
        "days": float(days),
        "points": float(points),
        "took": float(took),
        "taker_points": float(points / took),
        "taker_days": float(days / took),
    }


def primary(seed: int, company: Company, truth: Row) -> Row:
    """Both primary measures with complete follow-up, as a report asks them."""
    h = hire(company, seed=seed)
    o = outcomes(h, followed=180.0)
    x = h.covariate
    days = first_merge_difference(o.restricted, h.offered, seed=seed, covariates=x, blocks=h.block)
    stay = difference_at(o.stayed, o.left, h.offered, day=179.999)
    p = rerandomized_p(
        influence_at(o.stayed, o.left, 179.999), h.offered, seed=seed, blocks=h.block, draws=999
    )
    both = holm({"first_merge": days.p or 0.0, "retention": p})
    return {
        "days holds": holds(days, truth["days"]),
        "days sees": sees(days),
        "retention holds": holds(stay, truth["points"]),
        "retention sees": sees(stay),
        "retention lottery sees": float(p <= 0.05),
        "either sees, Holm": float(any(both.values())),
    }


def times(seed: int, company: Company) -> Row:
    """The time ratio where all who are offered it take part, and leaving is rare."""
    h = hire(company, seed=seed)
    o = outcomes(h, followed=60.0)
    truth = 0.0 if company.null else math.log(company.time_ratio)
    wald = time_ratio(o.days, o.reached, h.offered, covariates=h.covariate)
    found = {"ratio holds": holds(wald, truth), "ratio sees": sees(wald)}
    if company.hires < 80:
        lot = rerandomized_ratio(
            o.days, o.reached, h.offered, followed=60.0, seed=seed, blocks=h.block
        )
        found |= {"lottery ratio holds": holds(lot, truth), "lottery ratio sees": sees(lot)}
    return found


def curves(seed: int, company: Company, truth: Row, censored: bool) -> Row:
    """Retention: Newcombe with effective numbers against Greenwood, with censoring or without."""
    h = hire(company, seed=seed)
    rng = np.random.default_rng(seed)
    followed = rng.uniform(90, 270, company.hires) if censored else np.full(company.hires, 180.0)
    o = outcomes(h, followed=followed)
    day = 179.999
    try:
        sides = [
            stay_difference.survival_at(o.stayed[side], o.left[side], day)
            for side in (h.offered, ~h.offered)
        ]
    except CannotTell:
        return {"told": 0.0}  # nobody of an arm was followed that far
    gap = sides[0].share - sides[1].share
    error = math.sqrt(sides[0].variance + sides[1].variance)
    low, high = stay_difference.newcombe(
        sides[0].share * sides[0].effective, sides[0].effective,
        sides[1].share * sides[1].effective, sides[1].effective,
    )  # fmt: skip
    return {
        "told": 1.0,
        "newcombe holds": float(low <= truth["points"] <= high),
        "greenwood holds": float(abs(gap - truth["points"]) <= 1.959964 * error),
        "newcombe width": high - low,
        "greenwood width": 2 * 1.959964 * error,
    }


def takers(seed: int, company: Company, truth: Row) -> Row:
    h = hire(company, seed=seed)
    o = outcomes(h, followed=180.0)
    stay = (o.stayed >= 179.999).astype(float)
    chosen: Row = {}
    ar = anderson_rubin(stay, h.offered, h.took_part)
    inside = _in_set(ar, truth["taker_points"])
    chosen["anderson-rubin holds"] = inside
    chosen["unbounded"] = float(not ar.bounded)
    try:
        rule = taking_part(stay, h.offered, h.took_part)
        chosen["rule holds"] = _in_set(rule, truth["taker_points"])
        chosen["shown"] = 1.0
    except CannotTell:
        chosen["shown"] = 0.0
    return chosen


def _in_set(found: Any, truth: float) -> float:
    if found.set_shape == "outside":
        return float(not found.gap_low < truth < found.gap_high)
    return holds(found.effect, truth)


def switched(seed: int, company: Company) -> Row:
    """RPSFT with those waiting crossing over on a day, leaving being rare."""
    h = hire(company, seed=seed)
    o = outcomes(h, followed=60.0)
    on = np.maximum(0.0, o.days - np.minimum(h.treated_from, o.days))
    until = np.full(company.hires, 60.0)
    try:
        found = structural_time(o.days, o.reached, h.offered, on, until)
    except CannotTell:
        return {"found": 0.0}
    truth = 0.0 if company.null else -math.log(company.time_ratio)
    low = -math.inf if found.low is None else found.low
    high = math.inf if found.high is None else found.high
    return {"found": 1.0, "rpsft holds": float(low <= truth <= high), "bias": found.psi - truth}


def clustered(seed: int, company: Company) -> Row:
    """No effect, but those offered share mentors: with clusters in one arm, and as if alone."""
    h = hire(company, seed=seed)
    y = np.log(h.task_day)
    alone = mean_difference(y, h.offered, covariates=h.covariate)
    shared = mean_difference(y, h.offered, covariates=h.covariate, clusters=h.cohort)
    days, reached = np.minimum(h.task_day, 60.0), h.task_day <= 60
    ratio = time_ratio(days, reached, h.offered, clusters=h.cohort)
    return {
        "alone sees": sees(alone),
        "clustered sees": sees(shared),
        "clustered ratio sees": sees(ratio),
    }


def spilled(seed: int, company: Company) -> Row:
    h = hire(company, seed=seed)
    o = outcomes(h, followed=180.0)
    y = o.restricted
    stay = o.stayed >= 179.999
    return {
        "days": float(y[h.offered].mean() - y[~h.offered].mean()),
        "points": float(stay[h.offered].mean() - stay[~h.offered].mean()),
    }


def staggered(seed: int) -> Row:
    """Leaving before a first merge, found in a history that begins late for half."""
    rng = np.random.default_rng(seed)
    n = 300
    merge, leave = rng.exponential(40, n), rng.exponential(120, n)
    late = rng.random(n) < 0.5
    entered, until = np.where(late, rng.uniform(0, 40, n), -1.0), rng.uniform(60, 120, n)
    time = np.minimum(np.minimum(merge, leave), until)
    cause = np.where(time == merge, 1, np.where(time == leave, 2, 0))
    seen = entered < time
    truth = (1 / 120) / (1 / 40 + 1 / 120) * (1 - math.exp(-50 * (1 / 40 + 1 / 120)))
    right = incidence(time[seen], cause[seen], of=2, entered=entered[seen]).at(50)
    naive = incidence(time[seen], cause[seen], of=2).at(50)
    return {
        "late entry holds": float(abs(right[0] - truth) <= 1.959964 * right[1]),
        "late entry bias": right[0] - truth,
        "ignored entry bias": naive[0] - truth,
    }


def chosen(seed: int, company: Company) -> Row:
    """People who chose for themselves: what `handrail estimate` may call it."""
    from handrail.domain.evidence.question import Question, Table
    from handrail.domain.evidence.table import answer

    h = hire(company, seed=seed)
    o = outcomes(h, followed=180.0)
    table = Table(
        arm=h.completed, outcome=(o.stayed >= 179.999).astype(float),
        covariates=h.covariate[:, None], covariate_names=("covariate",),
    )  # fmt: skip
    told = answer(table, Question(kind="binary", design="self-selected", claim=0.15))
    effect = told.offer_effect
    return {
        "association only": float(told.verdict == "association only"),
        "no effect named": float(not any(r.code == "" for r in told.refused)),
        "interval excludes 0": 0.0 if effect is None else sees(effect),
        "gap": float(o.left[~h.completed].mean() - o.left[h.completed].mean()),
    }
