"""Whole teams that begin in waves: power of a stepped wedge, and its test by permuting waves."""

from __future__ import annotations

import math

import numpy as np
from scipy.stats import norm

from handrail.domain.evidence.effect import LEVEL, CannotTell, Floats, Ints, Numbers, floats

PERMUTE_UNDER = 12  # teams
DRAWS = 4999


def stepped_power(
    *,
    teams: int,
    waves: int,
    people: int,
    before: float,
    after: float,
    between: float,
    level: float = LEVEL,
) -> float:
    """Return the power of a stepped wedge on a share, `people` new ones in each team and period.

    Equal waves, one more period than waves, everybody waiting in the first. `between` is the sd
    of team effects, `before` and `after` the shares. Formula: variance of the effect in the mixed
    model of M. A. Hussey and J. P. Hughes, Contemporary Clinical Trials 28 (2007) 182-191, with
    the binomial variance at the mean share. Only for whole teams: people who are assigned one by
    one see more. Raises ValueError unless the waves divide the teams.
    """
    if waves < 2 or teams % waves or people < 1:
        raise ValueError("At least two waves of equally many teams, and people in them.")
    if not (0 < before < 1 and 0 < after < 1) or before == after or between < 0:
        raise ValueError("Two different shares between 0 and 1, and a sd of 0 or more.")
    periods = waves + 1
    starts = np.repeat(np.arange(1, periods), teams // waves)
    treated = (np.arange(periods)[None, :] >= starts[:, None]).astype(np.float64)
    mean = (before + after) / 2
    cell, team = mean * (1 - mean) / people, between**2
    u = treated.sum()
    w = float((treated.sum(axis=0) ** 2).sum())
    v = float((treated.sum(axis=1) ** 2).sum())
    below = (teams * u - w) * cell + (u**2 + teams * periods * u - periods * w - teams * v) * team
    variance = teams * cell * (cell + periods * team) / below
    z = abs(after - before) / math.sqrt(variance)
    limit = float(norm.ppf((1 + level) / 2))
    return float(norm.cdf(z - limit) + norm.cdf(-z - limit))


def stepped_effect(
    cells: Numbers, starts: Numbers, *, seed: int, draws: int = DRAWS
) -> tuple[float, float]:
    """Return the effect of having begun, and its two-sided p by permuting the order of waves.

    `cells` (teams, periods) are means of the outcome, `starts` (teams,) the first period (from 0)
    in which a team has begun. Estimand: mean difference within periods, teams taken out (least
    squares with both). Formula for p: teams change waves with each other `draws` times, as the lot
    could have; it holds with few teams, where models err (under 12, always use it). Raises
    CannotTell where everybody begins together ("one_draw"), ValueError on other shapes.
    """
    table = floats(cells, what="cells")
    first = np.asarray(starts).astype(np.int64)
    if table.ndim != 2 or len(first) != len(table):
        raise ValueError("cells: teams x periods, with one start a team.")
    if len(np.unique(first)) < 2:
        raise CannotTell("one_draw", "All teams begin together: there is nothing to compare.")
    rest = _without_means(table)
    own = _effect(rest, first)
    rng = np.random.default_rng(seed)
    drawn = np.array([_effect(rest, rng.permutation(first)) for _ in range(draws)])
    p = (1 + int((np.abs(drawn) >= abs(own) - 1e-12).sum())) / (draws + 1)
    return own, p


def _without_means(table: Floats) -> Floats:
    centred: Floats = table - table.mean(axis=0) - table.mean(axis=1, keepdims=True) + table.mean()
    return centred


def _effect(rest: Floats, first: Ints) -> float:
    begun = (np.arange(rest.shape[1])[None, :] >= first[:, None]).astype(np.float64)
    own = _without_means(begun)
    return float((own * rest).sum() / (own * own).sum())
