"""A company with a planted truth, made up from a seed: for demos, planning and calibration."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq

from handrail.domain.evidence.effect import Bools, Floats, Ints

SIX_MONTHS = 180
COMPLETED = 3  # sessions


@dataclass(frozen=True, slots=True)
class Company:
    """Everything that is true of a made-up company; the starting values are the brief's.

    Times are days from t0. Effects are those of taking part from t0 on: time to the first merge
    is multiplied by `time_ratio`; retention at 180 days would rise from `retention` to
    `retention_with` if all took part. `null` sets both to no effect.
    """

    hires: int = 200
    hires_per_week: float = 10.0
    mondays: bool = False  # everybody starts on the first day of a week
    teams: int = 8
    team_spread: float = 0.2  # sd of log time between teams
    median_days: float = 20.0
    residual: float = 0.7  # sd of log time within a team
    covariate_time: float = -0.25
    motivation_time: float = -0.25
    retention: float = 0.70
    covariate_leaving: float = -0.3  # log hazard
    motivation_leaving: float = -0.5
    hazard_shape: float = 1.0  # below 1: most leave early (Weibull)
    take_up: float = 0.85  # logit at mean covariate and motivation
    covariate_take_up: float = 0.4
    motivation_take_up: float = 0.8
    self_selected: float = -0.2  # the same logit where people choose for themselves
    time_ratio: float = 0.60
    retention_with: float = 0.85
    null: bool = False
    lottery: bool = True  # else everybody chooses
    referral: bool = False  # without a lottery: strugglers are sent, instead of the keen
    contamination: float = 0.0  # share of those waiting who are mentored from t0 all the same
    crossover_day: float | None = None  # from then on those waiting are offered it as well
    spill_over: float = 0.0  # share of the log effect on who waits in a wholly mentored team
    cohort_size: int = 7  # hires offered who share a mentor
    cohort_spread: float = 0.0  # sd of log time between mentors, in the offered arm only
    sessions: int = 3
    attendance: float = 0.9  # of a booked seat, after the first one
    reporting_lag: float = 0.0  # mean days until a leaving is known
    unlinked: float = 0.0  # share whose merges cannot be linked to them
    mobility: float = 0.22  # moves a year
    mobility_ratio: float = 1.0  # of the rate among those who take part


@dataclass(frozen=True, slots=True)
class Hires:
    """One draw of a company; arrays have one entry a hire, in the order of their start.

    `task_day` is the day of the first merge if they stay so long, `leave_day` that of leaving;
    both may lie far in the future, and only `outcomes` cuts them.
    """

    start_day: Floats  # on the company's calendar
    team: Ints
    covariate: Floats
    motivation: Floats  # recorded nowhere
    offered: Bools
    block: Ints
    took_part: Bools  # attended at least once, ever
    treated_from: Floats  # day from t0, infinite for who never takes part
    session_days: Floats  # (n, sessions), infinite where not attended
    cohort: Ints  # mentor of those offered; everybody else a number of their own
    task_day: Floats
    leave_day: Floats
    known_day: Floats  # when the leaving is known, from t0
    linked: Bools
    moved_day: Floats

    @property
    def attended(self) -> Ints:
        """Sessions attended."""
        attended: Ints = np.isfinite(self.session_days).sum(axis=1, dtype=np.int64)
        return attended

    @property
    def completed(self) -> Bools:
        """Whether all three sessions were attended: one must stay to do so."""
        done: Bools = self.attended >= COMPLETED
        return done


@dataclass(frozen=True, slots=True)
class Truth:
    """What was planted, as a hazard of leaving for everybody and its factor for who takes part."""

    hazard: float
    hazard_ratio: float


def truth_of(company: Company) -> Truth:
    """Return the base hazard and the conditional hazard ratio that give the planted retention.

    Retention is the mean of exp(-hazard x 180^shape x e^u) over u, normal with the variance of
    covariate and motivation (Gauss-Hermite); solved by Brent's method. .70 and .85 give .439.
    """
    points, weights = np.polynomial.hermite_e.hermegauss(41)
    weights = weights / weights.sum()
    spread = math.hypot(company.covariate_leaving, company.motivation_leaving)
    grown = np.exp(spread * points) * SIX_MONTHS**company.hazard_shape

    def gap(log_hazard: float, goal: float) -> float:
        return float(weights @ np.exp(-math.exp(log_hazard) * grown)) - goal

    hazard = brentq(gap, -40, 10, args=(company.retention,))
    if company.null:
        return Truth(math.exp(hazard), 1.0)
    treated = brentq(gap, -40, 10, args=(company.retention_with,))
    return Truth(math.exp(hazard), math.exp(treated - hazard))


def hire(company: Company, *, seed: int, arms: Mapping[int, bool] | None = None) -> Hires:
    """Draw a company: the same seed draws the same people. Raises ValueError on fewer than 4.

    `arms` says by place who was offered it by a lottery elsewhere: the same people live on as they
    do in that arm.
    """
    if company.hires < 4:
        raise ValueError(f"A company needs at least 4 hires, not {company.hires}.")
    rng = np.random.default_rng(seed)
    n = company.hires
    start = np.sort(rng.uniform(0, 7 * n / company.hires_per_week, n))
    if company.mondays:
        start = np.floor(start / 7) * 7
    team = rng.integers(0, company.teams, n)
    covariate, motivation = rng.standard_normal(n), rng.standard_normal(n)
    offered, block = _lottery(rng, team) if company.lottery else (np.zeros(n, np.bool_), team)
    for place, arm in (arms or {}).items():
        offered[place] = arm
    would = rng.random(n) < _chance(company, covariate, motivation)
    strays = rng.random(n) < company.contamination
    from_day = _treated_from(company, offered, would, strays)
    task = np.exp(
        math.log(company.median_days)
        + company.covariate_time * covariate
        + company.motivation_time * motivation
        + (company.team_spread * rng.standard_normal(company.teams))[team]
        + company.residual * rng.standard_normal(n)
    )
    cohort, shared = _cohorts(company, rng, offered)
    task = task * np.exp(shared * (from_day < math.inf))
    truth = truth_of(company)
    ratio = 1.0 if company.null else company.time_ratio
    level = np.exp(company.covariate_leaving * covariate + company.motivation_leaving * motivation)
    budget = rng.exponential(1.0, n) / (truth.hazard * level)
    near = _spill(company, team, from_day)
    task = _sped_up(task, from_day, ratio) * np.exp(math.log(ratio) * near)
    slower = np.exp(math.log(truth.hazard_ratio) * near)
    leave = _stays(budget / slower, from_day, truth.hazard_ratio, company.hazard_shape)
    sessions = _sessions(company, rng, from_day, leave)
    took: Bools = np.asarray(np.isfinite(sessions).any(axis=1))
    moves = rng.exponential(365 / company.mobility, n) if company.mobility else np.full(n, math.inf)
    moves = np.where(took, moves / company.mobility_ratio, moves)
    lag = rng.exponential(company.reporting_lag, n) if company.reporting_lag else np.zeros(n)
    return Hires(
        start_day=start,
        team=team,
        covariate=covariate,
        motivation=motivation,
        offered=offered,
        block=block,
        took_part=took,
        treated_from=np.where(took, from_day, math.inf),
        session_days=sessions,
        cohort=cohort,
        task_day=task,
        leave_day=leave,
        known_day=leave + lag,
        linked=rng.random(n) >= company.unlinked,
        moved_day=moves,
    )


def _chance(company: Company, covariate: Floats, motivation: Floats) -> Floats:
    level = company.take_up if company.lottery else company.self_selected
    sign = -1.0 if company.referral and not company.lottery else 1.0
    logit = level + sign * (
        company.motivation_take_up * motivation + company.covariate_take_up * covariate
    )
    chance: Floats = 1 / (1 + np.exp(-logit))
    return chance


def _lottery(rng: np.random.Generator, team: Ints) -> tuple[Bools, Ints]:
    """Permuted blocks of 2 and 4 within teams, in the order of enrolment."""
    offered = np.zeros(len(team), dtype=np.bool_)
    block = np.zeros(len(team), dtype=np.int64)
    number = 0
    for one in np.unique(team):
        mine = np.flatnonzero(team == one)
        place = 0
        while place < len(mine):
            size = int(rng.integers(1, 3)) * 2
            arms = rng.permutation(np.arange(size) < size // 2)[: len(mine) - place]
            offered[mine[place : place + size]] = arms
            block[mine[place : place + size]] = number
            place, number = place + size, number + 1
    return offered, block


def _treated_from(company: Company, offered: Bools, would: Bools, strays: Bools) -> Floats:
    if not company.lottery:
        return np.where(would, 0.0, math.inf)
    later = math.inf if company.crossover_day is None else company.crossover_day
    waiting = np.where(strays, 0.0, np.where(would, later, math.inf))
    return np.where(offered, np.where(would, 0.0, math.inf), waiting)


def _cohorts(company: Company, rng: np.random.Generator, offered: Bools) -> tuple[Ints, Floats]:
    """Mentors of those offered, in the order of start, and what each adds to log time."""
    n = len(offered)
    cohort = n + np.arange(n)
    cohort[offered] = np.arange(int(offered.sum())) // company.cohort_size
    adds = company.cohort_spread * rng.standard_normal(n)
    shared: Floats = np.where(offered, adds[np.minimum(cohort, n - 1)], 0.0)
    return cohort, shared


def _spill(company: Company, team: Ints, from_day: Floats) -> Floats:
    """For who is not mentored: the share of the effect that reaches them from their team."""
    if not company.spill_over:
        return np.zeros(len(team))
    with_mentor = np.isfinite(from_day)
    share = np.bincount(team, with_mentor, company.teams) / np.maximum(
        np.bincount(team, minlength=company.teams), 1
    )
    near: Floats = np.where(with_mentor, 0.0, company.spill_over * share[team])
    return near


def _sped_up(task: Floats, from_day: Floats, ratio: float) -> Floats:
    """What is left of the way when mentoring begins takes `ratio` times as long."""
    begin = np.minimum(from_day, task)
    sped: Floats = begin + (task - begin) * ratio
    return sped


def _stays(budget: Floats, from_day: Floats, ratio: float, shape: float) -> Floats:
    """The day on which the hazard is used up, with its factor from `from_day` on."""
    begin = np.minimum(np.where(np.isfinite(from_day), from_day, 1e6) ** shape, budget)
    day: Floats = (begin + (budget - begin) / ratio) ** (1 / shape)
    return day


def _sessions(
    company: Company, rng: np.random.Generator, from_day: Floats, leave: Floats
) -> Floats:
    """Days of attended sessions: the first is kept by who takes part, the others as they come."""
    n = len(from_day)
    gaps = rng.uniform(5, 11, (n, company.sessions))
    gaps[:, 0] = rng.uniform(1, 6, n)
    begin = np.where(np.isfinite(from_day), from_day, 0.0)
    days = begin[:, None] + np.cumsum(gaps, axis=1)
    came = rng.random((n, company.sessions)) < company.attendance
    came[:, 0] = True
    # Whoever takes part has their first session, be it on their last day.
    days[:, 0] = np.minimum(days[:, 0], np.maximum(leave, begin))
    came &= np.isfinite(from_day)[:, None] & (days <= np.maximum(leave, begin)[:, None])
    came &= (from_day <= leave)[:, None]
    kept: Floats = np.where(came, days, math.inf)
    return kept


@dataclass(frozen=True, slots=True)
class Outcomes:
    """What is known of each hire after `followed` days: the columns that estimators take."""

    days: Floats  # to the first merge, or to leaving or the end of follow-up
    reached: Bools
    restricted: Floats  # days without a merge within 60; who left without counts 60
    stayed: Floats  # to leaving or the end of follow-up
    left: Bools


def outcomes(hires: Hires, *, followed: Floats | float, until: float = 60) -> Outcomes:
    """Return what is known after `followed` days from t0 (one number, or one a hire).

    A leaving counts only when it is known by then; a merge only before leaving, and only where
    it can be linked.
    """
    limit = np.broadcast_to(np.asarray(followed, dtype=np.float64), hires.leave_day.shape)
    left = (hires.leave_day <= limit) & (hires.known_day <= limit)
    stayed = np.where(left, hires.leave_day, limit)
    reached = (hires.task_day <= stayed) & hires.linked
    days = np.where(reached, hires.task_day, stayed)
    restricted: Floats = np.where(reached, np.minimum(hires.task_day, until), until)
    return Outcomes(days, reached, restricted, stayed, left)
