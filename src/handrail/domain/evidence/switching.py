"""How much faster those who take part are, when people switch: structural failure times."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.stats import norm

from handrail.domain.evidence.effect import (
    LEVEL,
    Bools,
    CannotTell,
    Effect,
    Floats,
    Numbers,
    both_arms,
    floats,
    marks,
    same_length,
)
from handrail.domain.evidence.stay_difference import _log_rank

WIDEST = 4.0  # psi is looked for between -4 and 4: a factor of 55 either way
GRID = 33
TOLERANCE = 1e-5


@dataclass(frozen=True, slots=True)
class Switching:
    """psi: a day with mentoring counts exp(psi) days without. `ratio` = exp(-psi) of time.

    An end is None where the test rejects nothing on that side. `roots` counts the places where
    the test statistic crosses nought: more than one means a flat or ragged answer.
    """

    psi: float
    low: float | None
    high: float | None
    level: float
    p: float
    roots: int

    @property
    def ratio(self) -> float:
        """Time with mentoring over time without: under 1 where mentoring speeds up."""
        return math.exp(-self.psi)

    @property
    def ratio_low(self) -> float | None:
        return None if self.high is None else math.exp(-self.high)

    @property
    def ratio_high(self) -> float | None:
        return None if self.low is None else math.exp(-self.low)

    def change(self) -> Effect:
        """The effect as a relative change of time: -.40 is 40 % faster."""
        low, high = self.ratio_low, self.ratio_high
        return Effect(
            self.ratio - 1,
            None if low is None else low - 1,
            None if high is None else high - 1,
            self.level,
            "rpsft",
            p=self.p,
        )


def structural_time(
    days: Numbers,
    happened: Numbers,
    arm: Numbers,
    treated_days: Numbers,
    followed: Numbers,
    *,
    level: float = LEVEL,
) -> Switching:
    """Return the effect of mentoring on time by g-estimation, with crossing over and not.

    Estimand: psi in U = days without + exp(psi) x days with mentoring, where U, the time nobody
    mentored would have needed, is alike in both arms by the lottery. Formula: the psi at which the
    log-rank test of U finds no difference; interval: every psi that it does not reject (J. M.
    Robins and A. A. Tsiatis, Communications in Statistics 20 (1991) 2609-2631). Censored times are
    recensored at the smallest U a person could have had, min(C, C exp(psi)), in each arm in which
    exposure differs (I. R. White et al., Statistics in Medicine 18 (1999) 2617-2634).
    The root is found by bisection, not by a grid. Assumes that a day of mentoring counts alike for
    all and whenever it comes. Secondary to `time_ratio`, which needs less.

    `days`, `happened` (n,): time to the task or end of follow-up; `arm` 0/1; `treated_days` (n,)
    of these days spent mentored, 0 to `days`; `followed` (n,) days up to which the person would
    have been followed, at least `days`. Raises CannotTell without events, without a difference in
    exposure ("exposure_alike"), or where no psi balances the arms ("no_root").
    """
    time, event = floats(days, what="days"), marks(happened, what="happened")
    offered, on = marks(arm, what="arm"), floats(treated_days, what="treated_days")
    until = floats(followed, what="followed")
    same_length(time, event, offered, on, until)
    both_arms(offered)
    if (time < 0).any() or (on < 0).any() or (on > time + 1e-9).any():
        raise ValueError("treated_days: between 0 and the days followed.")
    if (until < time - 1e-9).any():
        raise ValueError("followed: nobody can be followed for fewer than their days.")
    if not event.any():
        raise CannotTell("no_events", "Nobody reached the task yet.")
    shares = np.where(time > 0, on / np.maximum(time, 1e-12), 0.0)
    if abs(float(shares[offered].mean() - shares[~offered].mean())) < 0.05:
        raise CannotTell("exposure_alike", "Both arms were mentored for as long.")
    again = np.zeros(len(time), dtype=np.bool_)
    for side in (offered, ~offered):
        if np.ptp(shares[side]) > 1e-12:
            again |= side

    def statistic(psi: float) -> float:
        return _statistic(psi, time, event, offered, on, until, again)

    return _solve(statistic, level)


def _statistic(
    psi: float,
    time: Floats,
    event: Bools,
    offered: Bools,
    on: Floats,
    until: Floats,
    again: Bools,
) -> float:
    growth = math.exp(psi)
    counter = time - on + growth * on
    # Whoever is not recensored was exposed like all in their arm: their time turns as a whole.
    limit = np.where(again, np.minimum(until, until * growth), np.inf)
    own = np.minimum(counter, limit)
    seen = event & (counter <= limit)
    # Times that are equal but for rounding must be ties.
    own = np.round(own, 9).astype(np.float64)
    found = _log_rank(own, seen, offered)
    return found.z


def _solve(statistic: Callable[[float], float], level: float) -> Switching:
    grid = np.linspace(-WIDEST, WIDEST, GRID)
    values = np.array([statistic(float(psi)) for psi in grid])
    z = float(norm.ppf((1 + level) / 2))
    crossings = np.flatnonzero((values[:-1] > 0) != (values[1:] > 0))
    if not len(crossings):
        raise CannotTell("no_root", "No factor makes the arms alike.")
    rising = values[-1] > values[0]
    nearest = crossings[np.argmin(np.abs(grid[crossings]))]
    psi = _bisect(statistic, float(grid[nearest]), float(grid[nearest + 1]), 0.0)
    first, last = (-z, z) if rising else (z, -z)
    low = _edge(statistic, grid, values, first, upward=False, start=psi)
    high = _edge(statistic, grid, values, last, upward=True, start=psi)
    p = float(2 * norm.sf(abs(statistic(0.0))))
    return Switching(psi, low, high, level, p, len(crossings))


def _edge(
    statistic: Callable[[float], float],
    grid: Floats,
    values: Floats,
    target: float,
    *,
    upward: bool,
    start: float,
) -> float | None:
    """The first psi outwards from the root at which the statistic passes `target`."""
    outwards = [i for i in range(len(grid)) if (grid[i] > start) == upward]
    previous = start
    for i in outwards if upward else reversed(outwards):
        if abs(values[i]) >= abs(target) and (values[i] > 0) == (target > 0):
            return _bisect(statistic, previous, float(grid[i]), target)
        previous = float(grid[i])
    return None


def _bisect(statistic: Callable[[float], float], one: float, other: float, target: float) -> float:
    """Where the statistic, a step function, passes `target` between two places."""
    above = statistic(one) > target
    while abs(other - one) > TOLERANCE:
        middle = (one + other) / 2
        if (statistic(middle) > target) == above:
            one = middle
        else:
            other = middle
    return (one + other) / 2
