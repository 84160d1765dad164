"""Comparing people who chose for themselves: an association, never "caused"."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from handrail.domain.evidence.effect import (
    LEVEL,
    Bools,
    CannotTell,
    Effect,
    Floats,
    Numbers,
    around,
    both_arms,
    columns,
    floats,
    marks,
    same_length,
    varying,
)

OVERLAP = (0.1, 0.9)
BALANCED = 0.1  # standardised difference
STEPS = 100


@dataclass(frozen=True, slots=True)
class Balance:
    """How alike the groups are: standardised differences by covariate, before and weighted."""

    before: tuple[float, ...]
    after: tuple[float, ...]

    @property
    def balanced(self) -> bool:
        """Whether every weighted difference is below a tenth of a standard deviation."""
        return all(abs(one) < BALANCED for one in self.after)


@dataclass(frozen=True, slots=True)
class EValue:
    """How strong an unrecorded cause would have to be, as a risk ratio with both sides."""

    estimate: float
    interval: float  # for the end of the interval nearer to no effect; 1 where it holds it


def propensity(taken: Numbers, covariates: Numbers) -> Floats:
    """Return each person's chance to take part given covariates, (n,).

    Formula: logistic regression by maximum likelihood, Newton's method on standardised columns.
    Raises CannotTell ("separated") where the covariates tell wholly who takes part.
    """
    took = marks(taken, what="taken")
    both_arms(took)
    x = columns(covariates, len(took))
    spread = x.std(axis=0)
    design = np.column_stack([np.ones(len(took)), (x - x.mean(axis=0)) / spread])
    beta = np.zeros(design.shape[1])
    for _ in range(STEPS):
        chance = expit(design @ beta)
        weight = chance * (1 - chance)
        bread = design.T @ (design * weight[:, None]) + 1e-10 * np.eye(len(beta))
        step = np.linalg.solve(bread, design.T @ (took - chance))
        beta = beta + step * min(1.0, 5.0 / max(1e-12, float(np.abs(step).max())))
        if np.abs(step).max() < 1e-9:
            break
    chances: Floats = expit(design @ beta)
    if np.abs(np.where(took, 1 - chances, chances)).max() < 1e-4:
        raise CannotTell("separated", "The covariates tell wholly who takes part.")
    return chances


def within_overlap(chance: Floats, bounds: tuple[float, float] = OVERLAP) -> Bools:
    """Return who has a chance between the bounds: comparable people exist on both sides.

    Source: R. K. Crump, V. J. Hotz, G. W. Imbens, O. A. Mitnik, Biometrika 96 (2009) 187-199.
    """
    inside: Bools = (chance >= bounds[0]) & (chance <= bounds[1])
    return inside


def ipw_att(outcome: Numbers, taken: Numbers, chance: Floats, *, level: float = LEVEL) -> Effect:
    """Return the association among takers by weighting the others with odds e / (1 - e).

    Estimand: mean outcome of takers minus that of others weighted to look like them (Hajek's
    ratio; G. W. Imbens, Review of Economics and Statistics 86 (2004) 4-29). Assumes that all that
    matters is recorded, which can never be known. Standard error: of the ratio, with the chances
    taken as given. Arrays (n,).
    """
    y, took = _two(outcome, taken)
    odds = np.where(took, 0.0, chance / (1 - chance))
    usual = float((odds * y).sum() / odds.sum())
    mean = float(y[took].mean())
    parts = np.where(took, (y - mean) / took.sum(), -odds * (y - usual) / odds.sum())
    error = math.sqrt(float((parts**2).sum()))
    return around(mean - usual, error, level=level, method="ipw_att")


def aipw_att(
    outcome: Numbers,
    taken: Numbers,
    covariates: Numbers,
    *,
    overlap: tuple[float, float] | None = OVERLAP,
    level: float = LEVEL,
) -> tuple[Effect, int]:
    """Return the doubly robust association among takers, and how many people it rests on.

    Estimand: mean over takers of outcome minus what people like them have who do not take part.
    Formula: sum of D (y - m) - (1 - D) e / (1 - e) (y - m), over the number of takers, with `m` a
    linear regression among the others and `e` `propensity`; error from the influence function
    (J. M. Robins, A. Rotnitzky, L. P. Zhao, JASA 89 (1994) 846-866). With `overlap`, only people
    whose chance lies within it, chances fitted again among them. Assumes that all that matters is
    recorded: so it is an association whatever the interval says.
    Raises CannotTell where too few people overlap ("no_overlap").
    """
    y, took = _two(outcome, taken)
    x = columns(covariates, len(y))
    chance = propensity(took, x)
    if overlap is not None:
        inside = within_overlap(chance, overlap)
        if min((inside & took).sum(), (inside & ~took).sum()) < 2 + x.shape[1]:
            raise CannotTell("no_overlap", "Hardly anybody who took part is like anybody else.")
        y, took, x = y[inside], took[inside], columns(x[inside], int(inside.sum()))
        chance = propensity(took, x)
    design = np.column_stack([np.ones(len(y)), x])
    beta, *_ = np.linalg.lstsq(design[~took], y[~took], rcond=None)
    rest = y - design @ beta
    odds = chance / (1 - chance)
    parts = np.where(took, rest, -odds * rest)
    share = float(took.mean())
    estimate = float(parts.sum() / took.sum())
    influence = (parts - took * estimate) / share
    error = math.sqrt(float((influence**2).mean()) / len(y))
    return around(estimate, error, level=level, method="aipw_att"), len(y)


def ipw_ate(outcome: Numbers, taken: Numbers, chance: Floats, *, level: float = LEVEL) -> Effect:
    """Return the association over everybody by inverse chances, with a robust error.

    Formula: Hajek means with weights 1 / e and 1 / (1 - e) (M. A. Hernan and J. M. Robins, Causal
    Inference: What If, 2020, section 12.4). Used where everybody could take part.
    """
    y, took = _two(outcome, taken)
    weight = np.where(took, 1 / chance, 1 / (1 - chance))
    means = [float(np.average(y[side], weights=weight[side])) for side in (took, ~took)]
    rest = y - np.where(took, means[0], means[1])
    totals = np.where(took, weight[took].sum(), weight[~took].sum())
    error = math.sqrt(float(((weight * rest / totals) ** 2).sum()))
    return around(means[0] - means[1], error, level=level, method="ipw_ate")


def aipw_ate(
    outcome: Numbers, taken: Numbers, covariates: Numbers, *, level: float = LEVEL
) -> Effect:
    """Return the doubly robust association over everybody.

    Formula: mean of m1 - m0 + D (y - m1) / e - (1 - D) (y - m0) / (1 - e), with a linear
    regression on either side (source as in `aipw_att`).
    """
    y, took = _two(outcome, taken)
    x = columns(covariates, len(y))
    chance = propensity(took, x)
    design = np.column_stack([np.ones(len(y)), x])
    fits = [design @ np.linalg.lstsq(design[s], y[s], rcond=None)[0] for s in (took, ~took)]
    parts = fits[0] - fits[1] + took * (y - fits[0]) / chance - ~took * (y - fits[1]) / (1 - chance)
    error = float(parts.std() / math.sqrt(len(y)))
    return around(float(parts.mean()), error, level=level, method="aipw_ate")


def balance(taken: Numbers, covariates: Numbers, chance: Floats) -> Balance:
    """Return standardised differences of covariates, before and after weighting to takers.

    Difference of means over the takers' standard deviation (P. C. Austin, Statistics in Medicine
    28 (2009) 3083-3107).
    """
    took = marks(taken, what="taken")
    x = columns(covariates, len(took))
    odds = chance / (1 - chance)
    before, after = [], []
    for column in x.T:
        spread = float(column[took].std()) or 1.0
        mean = float(column[took].mean())
        before.append((mean - float(column[~took].mean())) / spread)
        weighted = float(np.average(column[~took], weights=odds[~took]))
        after.append((mean - weighted) / spread)
    return Balance(tuple(before), tuple(after))


def e_value(
    effect: Effect, *, baseline: float | None = None, spread: float | None = None
) -> EValue:
    """Return how strong an unrecorded cause of both would have to be to explain an association.

    RR + sqrt(RR (RR - 1)) with RR at least 1 (T. J. VanderWeele and P. Ding, Annals of Internal
    Medicine 167 (2017) 268-274). Give `baseline`, the share among those who did not take part,
    for a difference of shares; or `spread`, the outcome's standard deviation, for a difference of
    means, which becomes a risk ratio by exp(.91 d). Raises ValueError with neither.
    """
    near = effect.low if effect.estimate > 0 else effect.high
    if baseline is not None:

        def ratio(value: float) -> float:
            share = min(max(baseline + value, 1e-9), 1.0)
            return share / max(baseline, 1e-9)

    elif spread is not None and spread > 0:

        def ratio(value: float) -> float:
            return math.exp(0.91 * value / spread)

    else:
        raise ValueError("An E-value needs the baseline share or the outcome's spread.")
    crossed = near is None or effect.holds_zero
    return EValue(
        _strength(ratio(effect.estimate)), 1.0 if crossed else _strength(ratio(near or 0.0))
    )


def _strength(ratio: float) -> float:
    above = max(ratio, 1 / ratio)
    return above + math.sqrt(above * (above - 1))


def _two(outcome: Numbers, taken: Numbers) -> tuple[Floats, Bools]:
    y, took = floats(outcome, what="outcome"), marks(taken, what="taken")
    same_length(y, took)
    both_arms(took)
    varying(y, took)
    return y, took
