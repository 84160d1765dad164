"""What a pilot of this size can see, simulated from the organisation's own past hires.

Nothing here has a default for how much people differ: the hires needed grow with its square.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import norm

from handrail.domain.evidence.effect import LEVEL, CannotTell, Floats, floats, marks, same_length
from handrail.domain.evidence.lognormal import SAME_DAY, log_normal, spread_of
from handrail.domain.evidence.stay_difference import survival_at

GOAL = 0.80
FEWEST_PAST = 10
RUNS = 1000


@dataclass(frozen=True, slots=True)
class PastHires:
    """What is known of past hires; each array has one entry a person of that measure.

    `days`, `reached`: to the first task or the end of follow-up. `stayed`, `left`: days employed
    from t0 to leaving or the end of follow-up. `hires_per_week` is the pace.
    """

    days: tuple[float, ...]
    reached: tuple[bool, ...]
    stayed: tuple[float, ...]
    left: tuple[bool, ...]
    hires_per_week: float


@dataclass(frozen=True, slots=True)
class Baseline:
    """Past hires in a few figures: what the planning page shows and a plan freezes."""

    people: int
    median_days: float | None  # to the first task
    spread: float | None  # sd of log days
    retention: float | None  # share still here at `horizon`
    horizon: int  # days
    hires_per_week: float


@dataclass(frozen=True, slots=True)
class Pilot:
    """A pilot to be planned. `group` hires of the offered arm share one mentor (1: nobody does)."""

    hires: int
    take_up: float  # share of those offered who attend at least once, above 0 up to 1
    level: float = LEVEL  # that of the final test: .96 after weekly looks
    group: int = 1
    within: float = 0.0  # intraclass correlation of outcomes among hires with one mentor


@dataclass(frozen=True, slots=True)
class Outlook:
    """What leads the planning page. Effects are those of taking part, fractions.

    `time_ratio` .6 means 40 % faster. `points` is the change of retention that could be seen; it
    may be larger than can exist (`impossible`). Each is None where own history does not give it.
    `power` is the chance to see the registered claim. `feasibility_only` is the fixed label.
    """

    time_ratio: float | None
    points: float | None
    impossible: bool
    power: float | None
    error: float | None  # Monte-Carlo standard error of `power`
    feasibility_only: bool
    hires_needed: int | None  # for 80 % power at the claim


def baseline_of(past: PastHires, *, horizon: int) -> Baseline:
    """Return the figures of past hires; a measure with fewer than 10 people is None.

    Median and spread: log-normal maximum likelihood with censoring; retention: Kaplan-Meier at
    `horizon` days. Raises ValueError on unequal lengths or a pace that is not positive.
    """
    if not past.hires_per_week > 0:
        raise ValueError("hires_per_week must be above 0.")
    median: float | None = None
    spread: float | None = None
    retention: float | None = None
    if len(past.days) >= FEWEST_PAST:
        try:
            median, spread = spread_of(past.days, past.reached)
        except CannotTell:
            median = spread = None
    if len(past.stayed) >= FEWEST_PAST:
        try:
            retention = survival_at(past.stayed, past.left, horizon).share
        except CannotTell:
            retention = None
    people = max(len(past.days), len(past.stayed))
    return Baseline(people, median, spread, retention, horizon, past.hires_per_week)


def hires_for_ratio(
    spread: float, ratio: float, *, take_up: float = 1.0, power: float = GOAL, level: float = LEVEL
) -> float:
    """Return how many hires, both arms together, show a time ratio with this power.

    Formula: 4 (z_level + z_power)^2 s^2 / (take_up ln ratio)^2, two equal arms, everybody followed
    until the task is reached (D. A. Schoenfeld and J. R. Richter, Biometrics 38 (1982) 163-170,
    with s the sd of log time). Not rounded. Raises ValueError outside 0 < take_up <= 1,
    spread > 0, ratio > 0 and not 1.
    """
    _check_take_up(take_up)
    if spread <= 0 or ratio <= 0 or ratio == 1:
        raise ValueError("The spread must be above 0, the ratio too and not 1.")
    return 4 * (_sum_of_z(level, power) * spread / (take_up * math.log(ratio))) ** 2


def smallest_ratio(
    spread: float, hires: int, *, take_up: float = 1.0, power: float = GOAL, level: float = LEVEL
) -> float:
    """Return the time ratio nearest to 1 that so many hires show, from `hires_for_ratio`."""
    _check_take_up(take_up)
    return math.exp(-2 * _sum_of_z(level, power) * spread / (take_up * math.sqrt(hires)))


def smallest_points(
    baseline: float,
    expected: float,
    hires: int,
    *,
    take_up: float = 1.0,
    power: float = GOAL,
    level: float = LEVEL,
) -> float:
    """Return the change of a share that so many hires show, as a fraction.

    Formula: (z_level + z_power) sqrt((p0 q0 + p1 q1) / (hires / 2)) / take_up with p1 the share
    that is `expected` in the offered arm under the claim. For small pilots this is more than can
    exist: then no possible effect would be seen.
    """
    _check_take_up(take_up)
    varies = baseline * (1 - baseline) + expected * (1 - expected)
    return _sum_of_z(level, power) * math.sqrt(varies / (hires / 2)) / take_up


def needed_for_shares(
    first: float, second: float, *, power: float = GOAL, level: float = LEVEL
) -> int:
    """Return how many people, both arms together, tell two shares apart.

    Formula: (z_level + z_power)^2 (p0 q0 + p1 q1) / (p1 - p0)^2 in each arm, rounded up (J. L.
    Fleiss, Statistical Methods for Rates and Proportions, 1981, chapter 3, separate variances).
    Also how many applicants a comparison of offers needs. Raises ValueError unless two different
    shares from 0 to 1 are given.
    """
    if not (0 <= first <= 1 and 0 <= second <= 1) or first == second:
        raise ValueError("Two different shares from 0 to 1 are needed.")
    varies = first * (1 - first) + second * (1 - second)
    return 2 * math.ceil(_sum_of_z(level, power) ** 2 * varies / (second - first) ** 2)


def design_factor(*, group: int, within: float) -> float:
    """Return by how much the variance of an effect grows where one arm has groups of `group`.

    1 + (group - 1) x within multiplies the variance of the offered arm only: half of the whole
    (C. Roberts and S. A. Roberts, Clinical Trials 2 (2005) 152-162). 1 without groups.
    """
    if group < 1 or not 0 <= within <= 1:
        raise ValueError("A group has at least 1 hire, a correlation lies from 0 to 1.")
    return 1 + (group - 1) * within / 2


def power_for_time(
    past: PastHires,
    pilot: Pilot,
    *,
    ratio: float,
    followed: float,
    seed: int,
    runs: int = RUNS,
) -> tuple[float, float]:
    """Return the power to show that the offer changes time to the task, and its Monte-Carlo error.

    In each run the pilot's hires are drawn from past hires with replacement; the offered half
    takes part by chance with probability `take_up`, and then needs `ratio` times as long.
    Everybody is followed for `followed` days. Test: `time_ratio` (log-normal, robust Wald) at the
    pilot's level. Past hires that were censored are given a time by the fitted tail beyond what
    was seen of them. Raises CannotTell with fewer than 10 past hires or without spread.
    """
    if len(past.days) < FEWEST_PAST:
        raise CannotTell("too_few_past_hires", f"At least {FEWEST_PAST} past hires are needed.")
    _check(pilot)
    rng = np.random.default_rng(seed)
    logs = _completed(past, rng)
    shape = (runs, pilot.hires)
    log_time = rng.choice(logs, shape)
    offered = _halves(rng, shape)
    takers = offered & (rng.random(shape) < pilot.take_up)
    log_time = log_time + np.where(takers, math.log(ratio), 0.0)
    log_time = log_time + _shared(rng, shape, pilot, float(logs.std())) * offered
    end = math.log(followed)
    event = log_time <= end
    design = np.stack([np.ones(shape), offered], axis=-1)
    fit = log_normal(np.minimum(log_time, end), event, design)
    variance = fit.covariance[..., 1, 1] * design_factor(group=pilot.group, within=pilot.within)
    z = np.abs(fit.coefficients[..., 1]) / np.sqrt(np.maximum(variance, 1e-300))
    seen = fit.converged & (z > norm.ppf((1 + pilot.level) / 2))
    return _share(seen)


def power_for_stay(
    baseline: float, pilot: Pilot, *, points: float, seed: int, runs: int = RUNS
) -> tuple[float, float]:
    """Return the power to show a change of retention by `points` among those who take part.

    Each run draws complete follow-up: waiting hires stay with probability `baseline`, takers with
    `baseline + points` (a fraction, cut to 0 to 1). Test: the difference with separate variances,
    which Newcombe's and Greenwood's agree with at this size.
    """
    _check(pilot)
    rng = np.random.default_rng(seed)
    half = pilot.hires // 2
    waiting = rng.binomial(half, baseline, runs) / half
    takers = rng.binomial(pilot.hires - half, pilot.take_up, runs)
    more = min(1.0, max(0.0, baseline + points))
    stayed = rng.binomial(takers, more) + rng.binomial(pilot.hires - half - takers, baseline)
    offered = stayed / (pilot.hires - half)
    grown = 1 + (pilot.group - 1) * pilot.within
    variance = (
        offered * (1 - offered) * grown / (pilot.hires - half) + waiting * (1 - waiting) / half
    )
    z = np.abs(offered - waiting) / np.sqrt(np.maximum(variance, 1e-12))
    return _share(z > norm.ppf((1 + pilot.level) / 2))


def outlook_for_time(
    past: PastHires, pilot: Pilot, *, claim: float, followed: float, seed: int, runs: int = RUNS
) -> Outlook:
    """Return what a pilot can see of time to the task; `claim` is a time ratio such as .6.

    Feasibility only: simulated power at the claim under 80 %.
    """
    power, error = power_for_time(past, pilot, ratio=claim, followed=followed, seed=seed, runs=runs)
    _, spread = spread_of(past.days, past.reached)
    grown = design_factor(group=pilot.group, within=pilot.within)
    smallest = _smallest_simulated(past, pilot, followed, seed, runs)
    needed = hires_for_ratio(spread, claim, take_up=pilot.take_up, level=pilot.level) * grown
    return Outlook(
        time_ratio=smallest,
        points=None,
        impossible=False,
        power=power,
        error=error,
        feasibility_only=power < GOAL,
        hires_needed=math.ceil(needed),
    )


def outlook_for_stay(
    baseline: Baseline, pilot: Pilot, *, claim: float, seed: int, runs: int = RUNS
) -> Outlook:
    """Return what a pilot can see of retention; `claim` is a fraction such as .15.

    Raises CannotTell without a baseline, ValueError where baseline + claim is not within 0 to 1.
    """
    if baseline.retention is None:
        raise CannotTell("too_few_past_hires", "Own history gives no baseline of retention.")
    if not 0 <= baseline.retention + claim <= 1:
        raise ValueError("Baseline and claim together must lie within 0 to 1.")
    power, error = power_for_stay(baseline.retention, pilot, points=claim, seed=seed, runs=runs)
    expected = baseline.retention + pilot.take_up * claim
    grown = design_factor(group=pilot.group, within=pilot.within)
    points = smallest_points(
        baseline.retention, expected, pilot.hires, take_up=pilot.take_up, level=pilot.level
    ) * math.sqrt(grown)
    needed = needed_for_shares(baseline.retention, expected, level=pilot.level) * grown
    return Outlook(
        time_ratio=None,
        points=points,
        impossible=baseline.retention + points > 1,
        power=power,
        error=error,
        feasibility_only=power < GOAL,
        hires_needed=math.ceil(needed),
    )


def power_curve(
    past: PastHires,
    pilot: Pilot,
    *,
    ratios: Sequence[float],
    followed: float,
    seed: int,
    runs: int = RUNS,
) -> tuple[tuple[float, float], ...]:
    """Return (time ratio, power) for a chart, each by `power_for_time` with the same seed."""
    return tuple(
        (
            ratio,
            power_for_time(past, pilot, ratio=ratio, followed=followed, seed=seed, runs=runs)[0],
        )
        for ratio in ratios
    )


def _smallest_simulated(
    past: PastHires, pilot: Pilot, followed: float, seed: int, runs: int
) -> float | None:
    """The ratio nearest to 1 with 80 % simulated power, to half a point; None below 1/20."""
    low, high = 0.05, 1.0
    if power_for_time(past, pilot, ratio=low, followed=followed, seed=seed, runs=runs)[0] < GOAL:
        return None
    while high - low > 0.005:
        middle = (low + high) / 2
        found, _ = power_for_time(
            past, pilot, ratio=middle, followed=followed, seed=seed, runs=runs
        )
        low, high = (middle, high) if found >= GOAL else (low, middle)
    return low


def _completed(past: PastHires, rng: np.random.Generator) -> Floats:
    """Log days of past hires, censored ones drawn from the fitted tail beyond what was seen."""
    days = floats(past.days, what="days")
    reached = marks(past.reached, what="reached")
    same_length(days, reached)
    median, spread = spread_of(days, reached)
    logs: Floats = np.log(np.maximum(days, SAME_DAY))
    tail = norm.sf((logs - math.log(median)) / spread) * rng.random(len(logs))
    drawn = math.log(median) + spread * norm.isf(np.maximum(tail, 1e-300))
    completed: Floats = np.where(reached, logs, np.maximum(drawn, logs))
    return completed


def _halves(rng: np.random.Generator, shape: tuple[int, int]) -> np.ndarray:
    order = np.argsort(rng.random(shape), axis=1)
    offered: np.ndarray = order < shape[1] // 2
    return offered


def _shared(
    rng: np.random.Generator, shape: tuple[int, int], pilot: Pilot, spread: float
) -> Floats:
    """What hires with one mentor have in common, on the log scale."""
    if pilot.group == 1 or pilot.within == 0:
        return np.zeros(shape)
    groups = -(-shape[1] // pilot.group)
    common = rng.standard_normal((shape[0], groups)) * spread * math.sqrt(pilot.within)
    return np.repeat(common, pilot.group, axis=1)[:, : shape[1]]


def _share(seen: np.ndarray) -> tuple[float, float]:
    share = float(seen.mean())
    return share, math.sqrt(share * (1 - share) / seen.size)


def _sum_of_z(level: float, power: float) -> float:
    return float(norm.ppf((1 + level) / 2) + norm.ppf(power))


def _check_take_up(take_up: float) -> None:
    if not 0 < take_up <= 1:
        raise ValueError(f"Take-up lies above 0 and at most at 1, not at {take_up}.")


def _check(pilot: Pilot) -> None:
    _check_take_up(pilot.take_up)
    if pilot.hires < 4:
        raise ValueError(f"A pilot needs at least 4 hires, not {pilot.hires}.")
    design_factor(group=pilot.group, within=pilot.within)
