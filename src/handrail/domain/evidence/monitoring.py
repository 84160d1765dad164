"""Looking every week without fooling oneself."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from handrail.domain.evidence.effect import Bools, Floats, Numbers, floats, marks, same_length

LOOKS_ALPHA = 0.01
BURN_IN = 20  # mature people
HARM_RATIOS = (1.25, 1.5, 2.0, 3.0)


@dataclass(frozen=True, slots=True)
class Look:
    """What a weekly look may say; nothing before 20 people are mature."""

    people: int
    estimate: float | None
    low: float | None
    high: float | None

    @property
    def shows(self) -> bool:
        """Whether the sequence excludes no effect: it may be said, and the pilot goes on."""
        return self.low is not None and self.high is not None and (self.low > 0 or self.high < 0)


def half_width(people: int, spread: float, *, planned: int, alpha: float = LOOKS_ALPHA) -> float:
    """Return the half-width of the asymptotic confidence sequence at `people` mature people.

    s sqrt(2 (n r + 1) / (n^2 r) ln(sqrt(n r + 1) / alpha)) with r = (-2 ln alpha + ln(1 - 2 ln
    alpha)) / planned, narrowest at the planned number (I. Waudby-Smith, D. Arbour, R. Sinha,
    E. H. Kennedy, A. Ramdas, arXiv 2103.06476). `spread` is the standard deviation of one
    person's contribution to the effect. Raises ValueError unless people, planned > 0 and
    0 < alpha < 1/2.
    """
    if people < 1 or planned < 1 or not 0 < alpha < 0.5:
        raise ValueError("At least one person, now and planned, and an alpha below a half.")
    r = (-2 * math.log(alpha) + math.log(1 - 2 * math.log(alpha))) / planned
    grown = people * r + 1
    inside = 2 * grown / (people**2 * r) * math.log(math.sqrt(grown) / alpha)
    return spread * math.sqrt(inside)


def look(outcome: Numbers, arm: Numbers, *, planned: int, alpha: float = LOOKS_ALPHA) -> Look:
    """Return one weekly look at the people who are mature by now.

    Estimand: difference of means, everybody as assigned. One person's contribution: the deviation
    from their arm's mean, over that arm's share. May be repeated at every number of people: the
    chance that it ever excludes a true effect stays near `alpha`. Until 20 people are mature, or
    while an arm has fewer than 5, it says nothing. `outcome`, `arm` (n,).
    """
    y, offered = floats(outcome, what="outcome"), marks(arm, what="arm")
    people = same_length(y, offered)
    ours = int(offered.sum())
    if people < BURN_IN or min(ours, people - ours) < 5:
        return Look(people, None, None, None)
    return _look(y, offered, planned, alpha)


def _look(y: Floats, offered: Bools, planned: int, alpha: float) -> Look:
    people, ours = len(y), int(offered.sum())
    means = float(y[offered].mean()), float(y[~offered].mean())
    share = ours / people
    parts = np.where(offered, (y - means[0]) / share, -(y - means[1]) / (1 - share))
    # Two means were estimated: without this factor early looks are too narrow.
    spread = float(np.sqrt((parts**2).sum() / (people - 2)))
    half = half_width(people, spread, planned=planned, alpha=alpha)
    gap = means[0] - means[1]
    return Look(people, gap, gap - half, gap + half)


@dataclass(frozen=True, slots=True)
class Leaving:
    """One day on which people left: how many, and how many were here, by arm."""

    left_offered: int
    left_waiting: int
    here_offered: int  # at the start of the day
    here_waiting: int


@dataclass(frozen=True, slots=True)
class Harm:
    """Evidence that those offered leave sooner: a bet against "they do not"."""

    evidence: float  # e-value now
    highest: float  # ever since the start
    alpha: float

    @property
    def shown(self) -> bool:
        """Whether the lead must be told: 1 / alpha was reached at some time."""
        return self.highest >= 1 / self.alpha


def harm(days: Sequence[Leaving], *, alpha: float = LOOKS_ALPHA) -> Harm:
    """Return the anytime-valid log-rank test for harm, day by day in the order of the calendar.

    Estimand: the hazard ratio of leaving, offered to waiting; no harm: at most 1. Formula: product
    over days of the chance of the leavers' arms under a ratio of 1.25, 1.5, 2 or 3 (the average of
    the four bets) over that under 1, both noncentral hypergeometric where several leave at once.
    The chance that it ever reaches 1 / alpha without harm is at most alpha (P. D. Grunwald, A. Ly,
    M. F. Perez-Ortiz, J. ter Schure, "The safe logrank test", 2021). Raises ValueError where more
    left than were here.
    """
    bets = [0.0] * len(HARM_RATIOS)
    highest = 1.0
    evidence = 1.0
    for day in days:
        left = day.left_offered + day.left_waiting
        if day.left_offered > day.here_offered or day.left_waiting > day.here_waiting:
            raise ValueError("More people left than were here.")
        if not left:
            continue
        for place, ratio in enumerate(HARM_RATIOS):
            bets[place] += _gain(day, ratio)
        evidence = sum(math.exp(min(bet, 600.0)) for bet in bets) / len(bets)
        highest = max(highest, evidence)
    return Harm(evidence, highest, alpha)


def _gain(day: Leaving, ratio: float) -> float:
    """Log likelihood ratio of one day's leavers at a hazard ratio against 1."""
    left = day.left_offered + day.left_waiting
    least, most = max(0, left - day.here_waiting), min(left, day.here_offered)
    weights = [
        _choose(day.here_offered, k) + _choose(day.here_waiting, left - k)
        for k in range(least, most + 1)
    ]
    slope = math.log(ratio)
    with_harm = _log_sum(
        [w + slope * k for w, k in zip(weights, range(least, most + 1), strict=True)]
    )
    return slope * day.left_offered + _log_sum(weights) - with_harm


def _choose(people: int, some: int) -> float:
    return math.lgamma(people + 1) - math.lgamma(some + 1) - math.lgamma(people - some + 1)


def _log_sum(values: list[float]) -> float:
    top = max(values)
    return top + math.log(sum(math.exp(value - top) for value in values))
