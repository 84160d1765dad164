"""The difference of two survival curves at one day; log-rank and restricted mean as checks."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from scipy.stats import norm

from handrail.domain.evidence.effect import (
    LEVEL,
    Bools,
    CannotTell,
    Effect,
    Floats,
    Numbers,
    around,
    both_arms,
    floats,
    marks,
    same_length,
)
from handrail.domain.evidence.intervals import wilson
from handrail.domain.evidence.means import mean_difference

GREENWOOD_FROM = 400  # hires, both arms together


@dataclass(frozen=True, slots=True)
class Point:
    """A Kaplan-Meier share at one day. `effective` is how many people it is worth."""

    share: float
    variance: float  # Greenwood's
    at_risk: int  # followed to the end of the day
    events: int
    effective: float


def survival_at(days: Numbers, happened: Numbers, day: float) -> Point:
    """Return the share of one group without the event at the end of `day`.

    Formula: product-limit with Greenwood's variance (J. D. Kalbfleisch and R. L. Prentice, The
    Statistical Analysis of Failure Time Data, 2002, section 1.4); on a tie events come before
    censorings. Effective number: S (1 - S) / variance (F. J. Dorey and E. L. Korn, Statistics in
    Medicine 6 (1987) 679-687); at 0 or 1, where it is not defined, those of whom the day is known:
    had the event by then, or were followed to its end. `days`, `happened` (n,): day of the event
    where 1, else last day known without it. Raises CannotTell ("all_censored") where nobody was
    followed that far and not everybody had the event.
    """
    time, event = _followed(days, happened)
    if not len(time):
        raise CannotTell("nobody", "There is nobody in this group.")
    moments, hits, risk = _table(time, event)
    last = float(time.max())
    before = moments <= day
    share = float(np.prod(1 - hits[before] / risk[before]))
    if day > last and share > 1e-12:
        raise CannotTell("all_censored", f"Nobody was followed to day {day:g}.")
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = hits[before] / (risk[before] * (risk[before] - hits[before]))
    variance = 0.0 if share <= 1e-12 else share**2 * float(terms.sum())
    at_risk = int((time >= day).sum())
    inside = 1e-12 < share < 1 - 1e-12 and variance > 0
    events = int(hits[before].sum())
    effective = share * (1 - share) / variance if inside else float(max(at_risk + events, 1))
    return Point(0.0 if share <= 1e-12 else share, variance, at_risk, events, effective)


def influence_at(days: Numbers, happened: Numbers, day: float) -> Floats:
    """Return one value a person whose mean is the Kaplan-Meier share at `day`.

    Without censoring the value is 0 or 1. Their variance over n is that of the share, so means,
    clusters and ratios of them are worked out as for any outcome: S + its influence function,
    S - S (event term - integral over the person's time at risk) (N. Reid, Annals of Statistics 9
    (1981) 78-92). Shape (n,). Raises CannotTell like `survival_at`.
    """
    time, event = _followed(days, happened)
    share = survival_at(days, happened, day).share
    moments, hits, risk = _table(time, event)
    inside = (moments <= day) & (hits > 0)
    moments, hits, risk = moments[inside], hits[inside], risk[inside]
    if share <= 0.0:
        return np.zeros(len(time))
    people = len(time)
    # The factor r - d in place of r makes the values exact without censoring.
    growth = np.concatenate([[0.0], np.cumsum(hits * people / (risk * np.maximum(risk - hits, 1)))])
    passed = np.searchsorted(moments, time, side="right")
    seen = growth[passed]
    place = np.searchsorted(moments, time, side="left")
    own = np.zeros(people)
    mine = event & (time <= day)
    own[mine] = people / np.maximum(risk[place[mine]] - hits[place[mine]], 1)
    values: Floats = share - share * (own - seen)
    return values


def influence_in_arms(days: Numbers, happened: Numbers, arm: Numbers, day: float) -> Floats:
    """Return `influence_at` of each arm's own curve: its means are the shares of the two arms."""
    time, event, offered = _all(days, happened, arm)
    values = np.empty(len(time))
    for side in (offered, ~offered):
        values[side] = influence_at(time[side], event[side], day)
    return values


def difference_at(
    days: Numbers,
    happened: Numbers,
    arm: Numbers,
    *,
    day: float,
    clusters: Numbers | None = None,
    level: float = LEVEL,
) -> Effect:
    """Return S1(day) - S0(day), a fraction, everybody as assigned.

    Estimand: difference in the share still without the event (for leaving: retention) at the end
    of `day`. Interval: Greenwood's from 400 people on; below it Newcombe's hybrid of two Wilson
    intervals with effective numbers, which covers where Greenwood's falls short (decision 0029).
    Sources: M. Greenwood (1926); R. G. Newcombe, Statistics in Medicine 17 (1998) 873-890, method
    10. With `clusters` (hires who share a mentor) `mean_difference` of `influence_in_arms`, at any
    size (decision 0030). Assumes random assignment and censoring by the calendar only. Arrays
    (n,): days, 0/1, 0/1, labels. Raises CannotTell: an arm too small, nobody followed so far
    ("all_censored"), no event in either arm ("no_events"), an arm with fewer than 2 clusters.
    """
    one, other = _two(days, happened, arm, day)
    if clusters is not None:
        values = influence_in_arms(days, happened, arm, day)
        return replace(
            mean_difference(values, arm, clusters=clusters, level=level), method="km_clustered"
        )
    estimate = one.share - other.share
    people = len(np.asarray(arm))
    if people >= GREENWOOD_FROM and min(one.variance, other.variance) > 0:
        error = math.sqrt(one.variance + other.variance)
        return around(estimate, error, level=level, method="km_greenwood")
    low, high = newcombe(
        one.share * one.effective,
        one.effective,
        other.share * other.effective,
        other.effective,
        level=level,
    )
    error = math.sqrt(one.variance + other.variance)
    p = float(2 * norm.sf(abs(estimate) / error)) if error > 0 else 1.0
    return Effect(estimate, low, high, level, "km_newcombe", error or None, p)


def newcombe(
    hits: float, trials: float, other_hits: float, other_trials: float, *, level: float = LEVEL
) -> tuple[float, float]:
    """Return the interval of hits/trials - other_hits/other_trials, two fractions.

    Formula: d -/+ sqrt of the squared distances to the Wilson bounds (R. G. Newcombe, Statistics
    in Medicine 17 (1998) 873-890, method 10). Numbers may be fractions (effective numbers).
    Raises ValueError unless 0 <= hits <= trials and trials > 0, in both.
    """
    one, other = min(hits, trials) / trials, min(other_hits, other_trials) / other_trials
    low, high = wilson(min(hits, trials), trials, level=level)
    other_low, other_high = wilson(min(other_hits, other_trials), other_trials, level=level)
    gap = one - other
    return (
        gap - math.hypot(one - low, other_high - other),
        gap + math.hypot(high - one, other - other_low),
    )


@dataclass(frozen=True, slots=True)
class LogRank:
    """Events observed in the offered arm against those expected without a difference."""

    observed: float
    expected: float
    variance: float

    @property
    def z(self) -> float:
        """Standard normal without a difference; positive: the event is more frequent offered."""
        return (self.observed - self.expected) / math.sqrt(self.variance) if self.variance else 0.0

    @property
    def chi_square(self) -> float:
        """Square of z, 1 degree of freedom."""
        return self.z**2

    @property
    def p(self) -> float:
        """Two-sided."""
        return float(2 * norm.sf(abs(self.z)))


def log_rank(days: Numbers, happened: Numbers, arm: Numbers) -> LogRank:
    """Return the log-rank test of two arms.

    Estimand: none; it tests equal hazards at all times. Formula: observed minus expected events
    with the hypergeometric variance at ties (N. Mantel, Cancer Chemotherapy Reports 50 (1966)
    163-170). Arrays (n,). Raises CannotTell without events.
    """
    time, event = _followed(days, happened)
    offered = marks(arm, what="arm")
    same_length(time, offered)
    if not event.any():
        raise CannotTell("no_events", "It has happened to nobody.")
    return _log_rank(time, event, offered)


def _log_rank(time: Floats, event: Bools, offered: Bools) -> LogRank:
    order = np.argsort(time, kind="stable")
    time, event, offered = time[order], event[order], offered[order]
    starts = np.flatnonzero(np.concatenate([[True], time[1:] > time[:-1]]))
    hits = np.add.reduceat(event.astype(np.float64), starts)
    ours = np.add.reduceat((event & offered).astype(np.float64), starts)
    risk = (len(time) - starts).astype(np.float64)
    behind = np.concatenate([[0.0], np.cumsum(offered)])
    offered_risk = behind[-1] - behind[starts]
    some = hits > 0
    hits, ours, risk, offered_risk = hits[some], ours[some], risk[some], offered_risk[some]
    share = offered_risk / risk
    expected = float((hits * share).sum())
    many = risk > 1
    variance = (
        hits[many] * share[many] * (1 - share[many]) * (risk[many] - hits[many]) / (risk[many] - 1)
    ).sum()
    return LogRank(float(ours.sum()), expected, float(variance))


def restricted_mean(days: Numbers, happened: Numbers, until: float) -> tuple[float, float]:
    """Return the mean days without the event within `until` days, and its variance.

    Formula: area under Kaplan-Meier; variance by the sum of squared areas to the right, times
    d / (r (r - d)) (P. Royston and M. K. B. Parmar, BMC Medical Research Methodology 13 (2013)
    152). Raises CannotTell where follow-up ends before `until` with people still without it.
    """
    time, event = _followed(days, happened)
    if not len(time):
        raise CannotTell("nobody", "There is nobody in this group.")
    last = float(time.max())
    moments, hits, risk = _table(time, event)
    curve = np.cumprod(1 - hits / risk)
    if until > last and curve[-1] > 1e-12:
        raise CannotTell("all_censored", f"Nobody was followed to day {until:g}.")
    inside = moments < until
    edges = np.concatenate([[0.0], moments[inside], [until]])
    levels = np.concatenate([[1.0], curve[inside]])
    areas = levels * np.diff(edges)
    right = np.cumsum(areas[::-1])[::-1][1:]
    d, r = hits[inside], risk[inside]
    terms = np.where(r > d, d / (r * np.maximum(r - d, 1)), 0.0)
    return float(areas.sum()), float((right**2 * terms).sum())


def restricted_mean_difference(
    days: Numbers, happened: Numbers, arm: Numbers, *, until: float, level: float = LEVEL
) -> Effect:
    """Return the difference of restricted mean days, offered minus waiting.

    Estimand: how many more days of the first `until` pass without the event. Interval: normal
    with the variances of `restricted_mean`. A check beside `difference_at`, with censoring.
    """
    time, event, offered = _all(days, happened, arm)
    one = restricted_mean(time[offered], event[offered], until)
    other = restricted_mean(time[~offered], event[~offered], until)
    error = math.sqrt(one[1] + other[1])
    return around(one[0] - other[0], error, level=level, method="rmst")


def _two(days: Numbers, happened: Numbers, arm: Numbers, day: float) -> tuple[Point, Point]:
    time, event, offered = _all(days, happened, arm)
    one = survival_at(time[offered], event[offered], day)
    other = survival_at(time[~offered], event[~offered], day)
    if not one.events and not other.events:
        raise CannotTell("no_events", f"By day {day:g} it had happened to nobody.")
    return one, other


def _all(days: Numbers, happened: Numbers, arm: Numbers) -> tuple[Floats, Bools, Bools]:
    time, event = _followed(days, happened)
    offered = marks(arm, what="arm")
    same_length(time, offered)
    both_arms(offered)
    return time, event, offered


def _followed(days: Numbers, happened: Numbers) -> tuple[Floats, Bools]:
    time, event = floats(days, what="days"), marks(happened, what="happened")
    same_length(time, event)
    if (time < 0).any():
        raise ValueError("days: nobody can be followed for fewer than 0.")
    return time, event


def _table(time: Floats, event: Bools) -> tuple[Floats, Floats, Floats]:
    """Distinct times, events at each, and how many were at risk."""
    moments, place = np.unique(time, return_inverse=True)
    hits = np.bincount(place, weights=event, minlength=len(moments)).astype(np.float64)
    gone = np.bincount(place, minlength=len(moments))
    risk = (len(time) - np.concatenate([[0], np.cumsum(gone)[:-1]])).astype(np.float64)
    return moments, hits, risk
