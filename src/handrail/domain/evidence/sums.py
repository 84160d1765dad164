"""Figures from sums alone: whoever added up, where and in what order, the figure is the same."""

from __future__ import annotations

import math
from dataclasses import dataclass

from handrail.domain.evidence.intervals import (
    LEVEL,
    PEOPLE_FOR_CLUSTERS,
    Share,
    normal_quantile,
    wilson,
)


@dataclass(frozen=True, slots=True)
class Trials:
    """Hits and trials of clusters: how many clusters, totals, squares and products of totals."""

    clusters: int = 0
    hits: int = 0
    trials: int = 0
    hits_squared: int = 0
    products: int = 0  # hits x trials
    trials_squared: int = 0

    def __add__(self, other: Trials) -> Trials:
        """Both together, where no cluster is in both."""
        return Trials(
            self.clusters + other.clusters,
            self.hits + other.hits,
            self.trials + other.trials,
            self.hits_squared + other.hits_squared,
            self.products + other.products,
            self.trials_squared + other.trials_squared,
        )


def share_of_sums(sums: Trials, *, level: float = LEVEL) -> Share:
    """Return the share of `intervals.share_of` from sums: a fraction with its interval.

    The same rules; the squares of hits_i - p x trials_i are added up from their parts, so the ends
    agree to rounding.
    """
    if sums.trials == 0:
        return Share(0, 0, None, None, None, "none")
    share = sums.hits / sums.trials
    if sums.clusters < PEOPLE_FOR_CLUSTERS:
        low, high = wilson(sums.hits, sums.trials, level=level)
        return Share(sums.hits, sums.trials, share, low, high, "wilson")
    # In whole numbers, times trials squared: no digits are lost.
    squares = (
        sums.hits_squared * sums.trials**2
        - 2 * sums.hits * sums.products * sums.trials
        + sums.hits**2 * sums.trials_squared
    ) / sums.trials**2
    spread = math.sqrt(sums.clusters / (sums.clusters - 1) * squares)
    half = normal_quantile(level) * spread / sums.trials
    if half == 0.0:
        low, high = wilson(share * sums.clusters, sums.clusters, level=level)
    else:
        low, high = max(0.0, share - half), min(1.0, share + half)
    return Share(sums.hits, sums.trials, share, low, high, "clustered")


@dataclass(frozen=True, slots=True)
class Spread:
    """A number of people's values: their sum and the sum of their squares."""

    people: int = 0
    total: int = 0
    squared: int = 0

    @property
    def mean(self) -> float | None:
        """The mean, None of nobody."""
        return self.total / self.people if self.people else None

    @property
    def error(self) -> float | None:
        """The standard error of the mean, None of fewer than two."""
        if self.people < 2:
            return None
        squares = self.people * self.squared - self.total**2
        return math.sqrt(squares / (self.people**2 * (self.people - 1)))
