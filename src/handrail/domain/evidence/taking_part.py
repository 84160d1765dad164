"""The effect of taking part, from who was offered it: a ratio of two differences."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.stats import t

from handrail.domain.evidence.effect import (
    LEVEL,
    Bools,
    CannotTell,
    Effect,
    Floats,
    Numbers,
    around,
    both_arms,
    codes,
    floats,
    marks,
    same_length,
)

WEAK_F = 10.0
SMALL = 100  # people
LEAST_GAP = 0.20  # take-up offered minus waiting


@dataclass(frozen=True, slots=True)
class TakingPart:
    """The effect among those who take part because it was offered, and how well that is known.

    `set_shape` says what `effect.low` and `effect.high` mean: "interval" everything between them;
    "all" every value is possible; "outside" every value except those strictly between `gap_low`
    and `gap_high`; "half" everything on one side. An unbounded set is an honest answer: take-up
    differs too little to tell.
    """

    effect: Effect
    take_up: tuple[float, float]  # offered, waiting
    first_stage_f: float
    set_shape: str = "interval"
    gap_low: float | None = None
    gap_high: float | None = None

    @property
    def bounded(self) -> bool:
        return self.set_shape == "interval"


def taking_part(
    outcome: Numbers,
    arm: Numbers,
    taken: Numbers,
    *,
    clusters: Numbers | None = None,
    level: float = LEVEL,
) -> TakingPart:
    """Return the complier average causal effect: effect of the offer over its effect on take-up.

    Estimand: mean effect of taking part (attended at least once) among those who do so exactly if
    offered (G. W. Imbens and J. D. Angrist, Econometrica 62 (1994) 467-475). "Completed three" is
    not take-up: partial doses work too, and it would overstate. Interval: Anderson and Rubin's
    where the first stage is weak (F < 10) or there are fewer than 100 people, else the delta
    method. Assumes random assignment, that the offer works only through taking part, and nobody
    who takes part only when not offered.

    `outcome` (n,): any number; for a survival curve `influence_at` of each arm. `arm`, `taken` 0/1;
    `clusters` (n,) labels. Raises CannotTell "take_up_alike" where take-up differs by fewer than
    20 points, and as `mean_difference` does.
    """
    y, offered, took = _three(outcome, arm, taken)
    groups = None if clusters is None else codes(np.asarray(clusters))
    shares = (float(took[offered].mean()), float(took[~offered].mean()))
    if shares[0] - shares[1] < LEAST_GAP:
        raise CannotTell(
            "take_up_alike", "Take-up differs by fewer than 20 points between the arms."
        )
    parts = _moments(y, took.astype(np.float64), offered, groups)
    f = parts.gap_d**2 / parts.vdd if parts.vdd > 0 else math.inf
    if f < WEAK_F or len(y) < SMALL:
        return _anderson_rubin(parts, shares, f, level)
    wald = parts.gap_y / parts.gap_d
    variance = (parts.vyy - 2 * wald * parts.vyd + wald**2 * parts.vdd) / parts.gap_d**2
    error = math.sqrt(max(variance, 0.0))
    effect = around(wald, error, level=level, method="wald_delta", freedom=parts.freedom)
    return TakingPart(effect, shares, f)


def anderson_rubin(
    outcome: Numbers,
    arm: Numbers,
    taken: Numbers,
    *,
    clusters: Numbers | None = None,
    level: float = LEVEL,
) -> TakingPart:
    """Return the effect of taking part with Anderson and Rubin's set, whatever the take-up.

    The set holds every b for which outcome - b x taken does not differ between the arms. That is
    a quadratic inequality a b^2 - 2 h b + c <= 0, solved exactly: with a > 0 an interval, with
    a < 0 all values or all but an open gap, with a = 0 a half line (T. W. Anderson and H. Rubin,
    Annals of Mathematical Statistics 20 (1949) 46-63; A. Mikusheva, Econometrics Journal 13
    (2010) 280-300). It keeps its level at any take-up. Arguments as in `taking_part`.
    """
    y, offered, took = _three(outcome, arm, taken)
    groups = None if clusters is None else codes(np.asarray(clusters))
    shares = (float(took[offered].mean()), float(took[~offered].mean()))
    parts = _moments(y, took.astype(np.float64), offered, groups)
    f = parts.gap_d**2 / parts.vdd if parts.vdd > 0 else math.inf
    return _anderson_rubin(parts, shares, f, level)


@dataclass(frozen=True, slots=True)
class _Moments:
    gap_y: float
    gap_d: float
    vyy: float
    vyd: float
    vdd: float
    freedom: float


def _three(outcome: Numbers, arm: Numbers, taken: Numbers) -> tuple[Floats, Bools, Bools]:
    y = floats(outcome, what="outcome")
    offered, took = marks(arm, what="arm"), marks(taken, what="taken")
    same_length(y, offered, took)
    both_arms(offered)
    return y, offered, took


def _moments(y: Floats, d: Floats, offered: Bools, groups: np.ndarray | None) -> _Moments:
    """Differences of both means, their covariance matrix, and Welch's degrees of freedom."""
    both = np.column_stack([y, d])
    gap = both[offered].mean(axis=0) - both[~offered].mean(axis=0)
    total = np.zeros((2, 2))
    parts: list[tuple[float, int]] = []
    for side in (offered, ~offered):
        rest = both[side] - both[side].mean(axis=0)
        if groups is None:
            sums, number = rest, int(side.sum())
        else:
            labels = np.unique(groups[side], return_inverse=True)[1]
            number = int(labels.max()) + 1
            if number < 2:
                raise CannotTell("one_cluster", "An arm has fewer than 2 clusters.")
            sums = np.column_stack([np.bincount(labels, weights=column) for column in rest.T])
        covariance = sums.T @ sums * number / (number - 1) / int(side.sum()) ** 2
        total += covariance
        parts.append((float(covariance[0, 0]), number))
    if total[0, 0] <= 0:
        raise CannotTell("no_variation", "Everybody has the same outcome: nothing varies.")
    below = sum(part**2 / (number - 1) for part, number in parts)
    freedom = sum(part for part, _ in parts) ** 2 / below
    return _Moments(
        float(gap[0]), float(gap[1]), float(total[0, 0]), float(total[0, 1]), float(total[1, 1]),
        freedom,
    )  # fmt: skip


def _anderson_rubin(
    parts: _Moments, shares: tuple[float, float], f: float, level: float
) -> TakingPart:
    limit = float(t(parts.freedom).ppf((1 + level) / 2)) ** 2
    a = parts.gap_d**2 - limit * parts.vdd
    h = parts.gap_y * parts.gap_d - limit * parts.vyd
    c = parts.gap_y**2 - limit * parts.vyy
    wald = parts.gap_y / parts.gap_d if parts.gap_d else math.copysign(math.inf, parts.gap_y)
    p = float(2 * t(parts.freedom).sf(abs(parts.gap_y) / math.sqrt(parts.vyy)))

    def answer(low: float | None, high: float | None, shape: str, **gap: float) -> TakingPart:
        effect = Effect(wald, low, high, level, "anderson_rubin", p=p, freedom=parts.freedom)
        return TakingPart(effect, shares, f, shape, **gap)

    scale = parts.gap_d**2 + limit * parts.vdd
    if abs(a) <= 1e-12 * max(scale, 1e-300):
        if abs(h) <= 1e-300:
            return answer(None, None, "all")
        edge = c / (2 * h)
        return answer(edge, None, "half") if h > 0 else answer(None, edge, "half")
    root = h * h - a * c
    if a > 0:
        # The Wald ratio itself solves the inequality, so there are two ends.
        half = math.sqrt(max(root, 0.0)) / a
        return answer(h / a - half, h / a + half, "interval")
    if root <= 0:
        return answer(None, None, "all")
    half = math.sqrt(root) / -a
    return answer(None, None, "outside", gap_low=h / a - half, gap_high=h / a + half)
