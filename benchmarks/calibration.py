"""How often Handrail's intervals hold the truth, and how often they see what is not there.

    python benchmarks/calibration.py [--quick] [--runs N] [--json FILE] [--mutant NAME]

Every experiment draws companies with a planted truth from fixed seeds (`domain/evidence/company`)
and asks the estimators that a report asks. `--mutant` breaks an estimator on purpose: the goals
must then fail, or they would catch nothing.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np

from handrail.domain.evidence import means, stay_difference
from handrail.domain.evidence.company import Company, hire, outcomes
from handrail.domain.evidence.competing import incidence
from handrail.domain.evidence.effect import CannotTell, Effect
from handrail.domain.evidence.levels import holm, planned_levels
from handrail.domain.evidence.lognormal import time_ratio
from handrail.domain.evidence.means import (
    first_merge_difference,
    mean_difference,
    rerandomized_p,
)
from handrail.domain.evidence.monitoring import Leaving, harm, look
from handrail.domain.evidence.rerandomized_ratio import rerandomized_ratio
from handrail.domain.evidence.stay_difference import difference_at, influence_at
from handrail.domain.evidence.switching import structural_time
from handrail.domain.evidence.taking_part import anderson_rubin, taking_part

RUNS = 2000
QUICK = 150
Row = dict[str, float]
MANY = 400_000


def holds(effect: Effect, truth: float) -> float:
    low = -math.inf if effect.low is None else effect.low
    high = math.inf if effect.high is None else effect.high
    return float(low <= truth <= high)


def sees(effect: Effect) -> float:
    return float(not effect.holds_zero)


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
    return {"alone sees": sees(alone), "clustered sees": sees(shared)}


def watched(seed: int, company: Company) -> Row:
    """Weekly looks at rm60 as hires mature, then the final test at 4 %; and leaving for harm."""
    h = hire(company, seed=seed)
    o = outcomes(h, followed=1e6)
    level = planned_levels(("first_merge",), looks=True)["first_merge"]
    mature = h.start_day + 60
    order = np.argsort(mature, kind="stable")
    y, arm, mature = o.restricted[order], h.offered[order], mature[order]
    early = naive = False
    for week in range(1, int(mature[-1] // 7) + 2):
        people = int(np.searchsorted(mature, 7.0 * week, side="right"))
        if people < 20:
            continue
        now = look(y[:people], arm[:people], planned=company.hires, alpha=level.looks)
        early = early or now.shows
        a = arm[:people]
        gap = y[:people][a].mean() - y[:people][~a].mean()
        error = math.sqrt(
            y[:people][a].var(ddof=1) / a.sum() + y[:people][~a].var(ddof=1) / (~a).sum()
        )
        naive = naive or abs(gap) > 1.959964 * error
    last = mean_difference(y, arm, level=level.confidence)
    fixed = mean_difference(y, arm)
    return {
        "hybrid sees": float(early or not last.holds_zero),
        "looks see": float(early),
        "peeking sees": float(naive),
        "one fixed test sees": sees(fixed),
        "harm shown": float(_harm(h).shown),
    }


def watched_both(seed: int, company: Company) -> Row:
    """Two primary measures and weekly looks: the 5 % split beforehand, no Holm."""
    h = hire(company, seed=seed)
    o = outcomes(h, followed=1e6)
    levels = planned_levels(("first_merge", "retention"), looks=True)
    seen = False
    for name, y, lag in (
        ("first_merge", o.restricted, 60.0),
        ("retention", (h.leave_day > 90).astype(float), 90.0),
    ):
        mature = h.start_day + lag
        order = np.argsort(mature, kind="stable")
        y, arm, mature = y[order], h.offered[order], mature[order]
        for week in range(1, int(mature[-1] // 7) + 2):
            people = int(np.searchsorted(mature, 7.0 * week, side="right"))
            if people >= 20:
                now = look(y[:people], arm[:people], planned=len(y), alpha=levels[name].looks)
                seen = seen or now.shows
        last = mean_difference(y, arm, level=levels[name].confidence)
        seen = seen or not last.holds_zero
    return {"either sees": float(seen)}


def _harm(h: Any) -> Any:
    leave = h.start_day + h.leave_day
    last = h.start_day.max() + 180
    days = np.unique(np.floor(leave[leave < last]))
    found = []
    for day in days:
        here = (h.start_day <= day) & (leave >= day)
        gone = here & (leave < day + 1)
        a = h.offered
        found.append(
            Leaving(
                int((gone & a).sum()), int((gone & ~a).sum()),
                int((here & a).sum()), int((here & ~a).sum()),
            )
        )  # fmt: skip
    return harm(found)


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
    from handrail.domain.evidence.table import Question, Table, answer

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


PLANTED = Company()
NULL = replace(PLANTED, null=True)
ALL_TAKE = replace(PLANTED, take_up=30.0, retention=0.995, retention_with=0.997)
CHOSEN = replace(NULL, lottery=False, hires=800)


@dataclass(frozen=True, slots=True)
class Goal:
    """A figure of an experiment that must lie within bounds."""

    experiment: str
    figure: str
    low: float
    high: float
    words: str


GOALS = (
    Goal(
        "planted 200",
        "days holds",
        0.93,
        0.97,
        "first merge: the 95 % interval holds the truth, 200 hires",
    ),
    Goal(
        "planted 200",
        "retention holds",
        0.93,
        0.97,
        "retention (Newcombe): holds the truth, 200 hires",
    ),
    Goal(
        "planted 400",
        "retention holds",
        0.93,
        0.97,
        "retention (Greenwood): holds the truth, 400 hires",
    ),
    Goal("time 200", "ratio holds", 0.93, 0.97, "time ratio: holds the truth, 200 hires"),
    Goal("takers 200", "rule holds", 0.93, 0.97, "taking part: holds the truth, 200 hires"),
    Goal(
        "switched 200",
        "rpsft holds",
        0.93,
        0.97,
        "structural time with crossing over: holds the truth, 200 hires",
    ),
    Goal(
        "null 200",
        "days sees",
        0.03,
        0.07,
        "first merge: sees an effect where there is none, 200 hires",
    ),
    Goal(
        "null 200",
        "retention sees",
        0.03,
        0.07,
        "retention: sees an effect where there is none, 200 hires",
    ),
    Goal(
        "null time 200",
        "ratio sees",
        0.03,
        0.07,
        "time ratio: sees an effect where there is none, 200 hires",
    ),
    Goal(
        "null 40",
        "days sees",
        0.03,
        0.07,
        "first merge by lottery: sees an effect where there is none, 40 hires",
    ),
    Goal(
        "null time 40",
        "lottery ratio sees",
        0.03,
        0.07,
        "time ratio by lottery: sees an effect where there is none, 40 hires",
    ),
    Goal("null 200", "either sees, Holm", 0.0, 0.065, "either primary measure, after Holm"),
    Goal(
        "watched 208",
        "hybrid sees",
        0.0,
        0.06,
        "weekly looks and a final test: see what is not there, 208 hires",
    ),
    Goal(
        "watched 80",
        "hybrid sees",
        0.0,
        0.06,
        "weekly looks and a final test: see what is not there, 80 hires",
    ),
    Goal(
        "watched both 208",
        "either sees",
        0.0,
        0.06,
        "weekly looks at two primary measures: either sees what is not there, 208 hires",
    ),
    Goal("watched 208", "harm shown", 0.0, 0.015, "harm shown where there is none"),
    Goal(
        "clustered 200",
        "clustered sees",
        0.03,
        0.07,
        "hires who share mentors: sees what is not there",
    ),
    Goal(
        "self-selected 800",
        "association only",
        1.0,
        1.0,
        "people who chose: association only, in every run",
    ),
)


def experiments() -> dict[str, Callable[[int], Row]]:
    planted, null, keep = truths(PLANTED), truths(NULL), replace
    nothing = dict.fromkeys(null, 0.0)
    small = {
        f"null {n}": partial(primary, company=keep(NULL, hires=n), truth=nothing) for n in (40, 200)
    }
    weak = keep(PLANTED, take_up=-2.2)
    crossing = keep(ALL_TAKE, take_up=0.85, crossover_day=15.0)
    found: dict[str, Callable[[int], Row]] = {
        "planted 200": partial(primary, company=PLANTED, truth=planted),
        "planted 400": partial(primary, company=keep(PLANTED, hires=400), truth=planted),
        **small,
        "time 200": partial(times, company=ALL_TAKE),
        "null time 200": partial(times, company=keep(ALL_TAKE, null=True)),
        "null time 40": partial(times, company=keep(ALL_TAKE, null=True, hires=40)),
        "time 40": partial(times, company=keep(ALL_TAKE, hires=40)),
        "null time 20": partial(times, company=keep(ALL_TAKE, null=True, hires=20)),
        "switched 200": partial(switched, company=crossing),
        "switched null 200": partial(switched, company=keep(crossing, null=True)),
        "clustered 200": partial(clustered, company=keep(NULL, cohort_spread=0.3, take_up=30.0)),
        "clustered 80": partial(
            clustered, company=keep(NULL, cohort_spread=0.3, hires=80, take_up=30.0)
        ),
        "watched 208": partial(watched, company=keep(NULL, hires=208, hires_per_week=208 / 12)),
        "watched 80": partial(watched, company=keep(NULL, hires=80, hires_per_week=80 / 12)),
        "watched planted 208": partial(
            watched, company=keep(PLANTED, hires=208, hires_per_week=208 / 12)
        ),
        "watched early leavers 208": partial(
            watched, company=keep(NULL, hires=208, hazard_shape=0.6)
        ),
        "watched both 208": partial(
            watched_both, company=keep(NULL, hires=208, hires_per_week=208 / 12)
        ),
        "staggered 300": staggered,
        "self-selected 800": partial(chosen, company=CHOSEN),
    }
    for n in (40, 80, 200, 400):
        company = keep(PLANTED, hires=n)
        for censored in (False, True):
            name = f"curves {n}{' censored' if censored else ''}"
            found[name] = partial(curves, company=company, truth=planted, censored=censored)
        found[f"takers {n}"] = partial(takers, company=company, truth=planted)
    found["takers 200 weak"] = partial(takers, company=keep(weak, hires=200), truth=truths(weak))
    for share in (0.0, 0.25, 0.5):
        company = keep(PLANTED, hires=800, spill_over=share)
        found[f"spilled {share:g}"] = partial(spilled, company=company)
    return found


def break_it(name: str) -> None:
    """Break an estimator on purpose."""
    if name == "variance":
        around = means.around
        means.around = lambda e, s, **kw: around(e, 0.75 * s, **kw)  # type: ignore[assignment]
    elif name == "bias":
        plain = means.mean_difference

        def biased(*args: Any, **kw: Any) -> Effect:
            found = plain(*args, **kw)
            shift = 0.6 * (found.error or 0.0)
            return replace(
                found, estimate=found.estimate + shift,
                low=(found.low or 0) + shift, high=(found.high or 0) + shift,
            )  # fmt: skip

        means.mean_difference = biased
    elif name == "unclustered":
        global mean_difference
        real = mean_difference
        mean_difference = lambda *a, clusters=None, **kw: real(*a, **kw)  # type: ignore[assignment]  # noqa: E731
    elif name:
        raise SystemExit(f"There is no mutant {name}.")


def _chunk(task: tuple[str, range, str]) -> list[Row]:
    name, seeds, mutant = task
    if mutant and not getattr(_chunk, "broken", False):
        break_it(mutant)
        _chunk.broken = True  # type: ignore[attr-defined]
    experiment = _WORK[name]
    return [experiment(seed) for seed in seeds]


_WORK: dict[str, Callable[[int], Row]] = {}


def _prepare() -> None:
    _WORK.update(experiments())


def measure(runs: int, mutant: str = "", only: str = "") -> dict[str, Row]:
    _prepare()
    names = [name for name in _WORK if any(part in name for part in only.split(","))]
    size = max(1, runs // 8)
    tasks = [
        (name, range(first, min(first + size, runs)), mutant)
        for name in names
        for first in range(0, runs, size)
    ]
    rows: dict[str, list[Row]] = {name: [] for name in names}
    # Forked, so that the planted truths are worked out once.
    with ProcessPoolExecutor(2, mp_context=get_context("fork")) as pool:
        for task, found in zip(tasks, pool.map(_chunk, tasks), strict=True):
            rows[task[0]] += found
            if len(rows[task[0]]) == runs:
                told = ", ".join(f"{key} {value:g}" for key, value in _means(rows[task[0]]).items())
                print(f"{task[0]:28}", told, flush=True)
    return {name: _means(found) for name, found in rows.items()}


def _means(rows: list[Row]) -> Row:
    keys = {key: None for row in rows for key in row}
    return {key: round(float(np.mean([row[key] for row in rows if key in row])), 4) for key in keys}


def goals(figures: dict[str, Row], runs: int) -> list[dict[str, Any]]:
    """Each goal with what was measured; with few runs, by as much wider as chance is."""
    told = []
    for goal in GOALS:
        if goal.experiment not in figures:
            continue
        value = figures[goal.experiment][goal.figure]
        exact = goal.low == goal.high
        share = min(max(value, 0.02), 0.98)
        slack = 0.0 if exact or runs >= RUNS else 3 * math.sqrt(share * (1 - share) / runs)
        told.append(
            {
                "goal": goal.words,
                "from": goal.low,
                "to": goal.high,
                "measured": value,
                "reached": bool(goal.low - slack <= value <= goal.high + slack),
            }
        )
    return told


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help=f"{QUICK} runs of each")
    parser.add_argument("--runs", type=int, default=RUNS)
    parser.add_argument(
        "--only", default="", help="experiments whose name contains one of these: A,B"
    )
    parser.add_argument("--mutant", default="", help="variance, bias or unclustered")
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    runs = QUICK if arguments.quick else arguments.runs
    began = time.monotonic()
    figures = measure(runs, arguments.mutant, arguments.only)
    told = goals(figures, runs)
    for goal in told:
        mark = "reached" if goal["reached"] else "NOT REACHED"
        print(f"{mark}: {goal['goal']}: {goal['measured']:g} ({goal['from']:g} to {goal['to']:g})")
    print(f"{runs} runs each, {time.monotonic() - began:.0f} s")
    if arguments.json:
        document = {"runs": runs, "goals": told, "experiments": figures}
        arguments.json.write_text(json.dumps(document, indent=1) + "\n")
    return 0 if all(goal["reached"] for goal in told) else 1


if __name__ == "__main__":
    sys.exit(main())
