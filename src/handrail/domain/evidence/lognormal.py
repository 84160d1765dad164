"""How many times as fast: a log-normal accelerated failure time model, many data sets at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import log_ndtr

from handrail.domain.evidence.effect import (
    LEVEL,
    Bools,
    CannotTell,
    Effect,
    Floats,
    Ints,
    Numbers,
    around,
    both_arms,
    codes,
    columns,
    floats,
    marks,
    same_length,
)
from handrail.domain.evidence.means import sides_of, welch

SAME_DAY = 0.5  # a task reached on the day of the start took half a day
STEPS = 60
CLOSE = 1e-9
LOG_ROOT_2_PI = 0.5 * np.log(2 * np.pi)


@dataclass(frozen=True, slots=True)
class Fit:
    """Maximum likelihood of log T = X b + s e, e standard normal; leading axes are data sets."""

    coefficients: Floats  # (..., k)
    spread: Floats  # (...,), s: the sd of log time
    covariance: Floats  # (..., k, k), robust
    converged: Bools  # (...,)


def log_normal(log_time: Floats, event: Bools, design: Floats) -> Fit:
    """Fit log-normal times with right censoring; shapes (..., n), (..., n) and (..., n, k).

    `log_time` is the logarithm of days (any unit: it moves the first column only, which must be
    ones). Newton's method on g = b / s and h = 1 / s, in which the likelihood is concave (R. J.
    Olsen, Econometrica 46 (1978) 1211-1215). Covariance: the sandwich of Huber (1967), without
    small-sample factor. A data set that has no finite maximum (an arm without events) is marked as
    not converged; its figures mean nothing.
    """
    centre = log_time.mean(axis=-1, keepdims=True)
    y = log_time - centre
    k = design.shape[-1]
    v = np.concatenate([design, -y[..., None]], axis=-1)
    theta = np.zeros((*y.shape[:-1], k + 1))
    theta[..., k] = 1 / np.maximum(y.std(axis=-1), 1e-3)
    events = event.sum(axis=-1)
    done = np.zeros(y.shape[:-1], dtype=np.bool_)
    for _ in range(STEPS):
        score, bread = _slopes(v, event, theta)
        total = score.sum(axis=-2)
        step = _solve(bread, total)
        h = theta[..., k]
        # h stays positive; far from the maximum a step is not longer than the scale allows.
        shrink = np.where(step[..., k] < -0.7 * h, -0.7 * h / np.minimum(step[..., k], -1e-300), 1)
        theta = theta + step * np.minimum(1.0, shrink)[..., None]
        size = np.abs(step).max(axis=-1) / (1 + np.abs(theta).max(axis=-1))
        done = (size < CLOSE) & (events > 0)
        if done.all():
            break
    score, bread = _slopes(v, event, theta)
    meat = np.einsum("...ni,...nj->...ij", score, score)
    inverse = _inverse(bread)
    sandwich = inverse @ meat @ inverse
    h = theta[..., k]
    slope = np.zeros((*h.shape, k, k + 1))  # d b / d (g, h) for b = g / h
    slope[..., range(k), range(k)] = (1 / h)[..., None]
    slope[..., :, k] = -theta[..., :k] / (h**2)[..., None]
    covariance = slope @ sandwich @ np.swapaxes(slope, -1, -2)
    coefficients = theta[..., :k] / h[..., None]
    coefficients[..., 0] += centre[..., 0]
    fine = done & np.isfinite(covariance).all(axis=(-1, -2)) & (np.abs(coefficients) < 50).all(-1)
    return Fit(coefficients, 1 / h, covariance, fine)


def time_ratio(
    days: Numbers,
    reached: Numbers,
    arm: Numbers,
    *,
    covariates: Numbers | None = None,
    clusters: Numbers | None = None,
    level: float = LEVEL,
) -> Effect:
    """Return log(time of those offered / time of those waiting), everybody as assigned.

    Estimand: the factor by which the offer multiplies days to the task, on the log scale: -40 %
    is log(.6). Formula: `log_normal` of days on the arm (and covariates), robust Wald interval.
    Source: D. R. Cox and D. Oakes, Analysis of Survival Data (1984), chapter 5; as the model may
    be wrong, the variance is Huber's. Assumes random assignment, censoring that has nothing to do
    with the outcome, and a factor that is the same early and late. Under 80 hires use
    `rerandomized_ratio`, as Wald errs too often there. With `clusters` the variance is their
    jackknife by one Newton step, with Student's t and Welch's degrees of freedom, as in
    `mean_difference` (decision 0030).

    `days` (n,) to the task or to the end of follow-up, 0 counting as half a day; `reached` and
    `arm` (n,) 0/1; `covariates` (n, c); `clusters` (n,) labels. Raises CannotTell without
    an event in each arm or with fewer than 2 clusters in one ("one_cluster"), ValueError on
    negative days or unequal lengths.
    """
    log_time, event, offered = checked_times(days, reached, arm)
    x = columns(covariates, len(log_time))
    design = np.column_stack([np.ones(len(log_time)), offered, x - x.mean(axis=0)])
    found = log_normal(log_time, event, design)
    if not found.converged:
        raise CannotTell("no_maximum", "The times do not settle a ratio: too few were reached.")
    error, freedom = float(np.sqrt(found.covariance[1, 1])), None
    method = "log_normal_aft"
    if clusters is not None:
        groups = codes(np.asarray(clusters))
        same_length(log_time, groups)
        sides = sides_of(groups, offered)
        shares = _left_out(found, log_time, event, design, groups)
        error, freedom = float(np.linalg.norm(shares)), welch(shares, sides)
        method = "log_normal_aft_clustered"
    ratio = float(found.coefficients[1])
    return around(ratio, error, level=level, method=method, freedom=freedom)


def spread_of(days: Numbers, reached: Numbers) -> tuple[float, float]:
    """Return the median in days and the sd of log time of one group with right censoring.

    Formula: maximum likelihood of the log-normal. Raises CannotTell under 2 events or where all
    events took equally long.
    """
    log_time = _log_days(days)
    event = marks(reached, what="reached")
    same_length(log_time, event)
    if event.sum() < 2:
        raise CannotTell("no_events", "Fewer than 2 people reached the task.")
    if event.all() and np.ptp(log_time) == 0:
        raise CannotTell("no_variation", "Everybody took equally long.")
    found = log_normal(log_time, event, np.ones((len(log_time), 1)))
    if not found.converged:
        raise CannotTell("no_maximum", "The times do not settle a spread: too few were reached.")
    return float(np.exp(found.coefficients[0])), float(found.spread)


def checked_times(days: Numbers, reached: Numbers, arm: Numbers) -> tuple[Floats, Bools, Bools]:
    """Return log days, events and arm, checked as `time_ratio` says."""
    log_time = _log_days(days)
    event, offered = marks(reached, what="reached"), marks(arm, what="arm")
    same_length(log_time, event, offered)
    both_arms(offered)
    if not event.any():
        raise CannotTell("no_events", "Nobody reached the task yet.")
    if not (event & offered).any() or not (event & ~offered).any():
        raise CannotTell("no_events_in_arm", "In one arm nobody reached the task yet.")
    return log_time, event, offered


def _log_days(days: Numbers) -> Floats:
    values = floats(days, what="days")
    if (values < 0).any():
        raise ValueError("days: nobody can need fewer than 0.")
    return np.log(np.maximum(values, SAME_DAY))


def _slopes(v: Floats, event: Bools, theta: Floats) -> tuple[Floats, Floats]:
    """Each person's score (..., n, k + 1) and minus the second derivative (..., k + 1, k + 1)."""
    z = -np.einsum("...ni,...i->...n", v, theta)
    mills = np.exp(-0.5 * z**2 - LOG_ROOT_2_PI - log_ndtr(-z))
    pull = np.where(event, z, mills)
    weight = np.where(event, 1.0, mills * (mills - z))
    score = pull[..., None] * v
    h = theta[..., -1]
    score[..., -1] += event / h[..., None]
    bread = np.einsum("...n,...ni,...nj->...ij", weight, v, v, optimize=True)
    bread[..., -1, -1] += event.sum(axis=-1) / h**2
    return score, bread


def _left_out(fit: Fit, log_time: Floats, event: Bools, design: Floats, groups: Ints) -> Floats:
    """By how much the log ratio moves, to one Newton step, when a cluster is left out."""
    h = 1 / float(fit.spread)
    theta = np.append(fit.coefficients * h, h)
    v = np.column_stack([design, -log_time])
    score, bread = _slopes(v[:, None, :], event[:, None], theta)  # one data set a person
    number, size = int(groups.max()) + 1, len(theta)
    scores, breads = np.zeros((number, size)), np.zeros((number, size, size))
    np.add.at(scores, groups, score[:, 0])
    np.add.at(breads, groups, bread)
    slope = np.zeros(size)  # of g / h at the arm, for g and for h
    slope[1], slope[-1] = 1 / h, -theta[1] / h**2
    try:
        moved = _solve(breads.sum(axis=0) - breads, scores)
    except np.linalg.LinAlgError:
        raise CannotTell("one_cluster", "One cluster alone decides the result.") from None
    shares: Floats = moved @ slope
    return shares


def _solve(bread: Floats, total: Floats) -> Floats:
    ridge = 1e-10 * np.trace(bread, axis1=-2, axis2=-1)[..., None, None] * np.eye(bread.shape[-1])
    solved: Floats = np.linalg.solve(bread + ridge, total[..., None])[..., 0]
    return solved


def _inverse(bread: Floats) -> Floats:
    ridge = 1e-12 * np.trace(bread, axis1=-2, axis2=-1)[..., None, None] * np.eye(bread.shape[-1])
    return np.linalg.inv(bread + ridge)
