"""Shares with an interval."""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from statistics import NormalDist

LEVEL = 0.95
PEOPLE_FOR_CLUSTERS = 30


@dataclass(frozen=True, slots=True)
class Share:
    """Hits of trials as a fraction with its interval; all three None where nothing was tried."""

    hits: int
    trials: int
    value: float | None
    low: float | None
    high: float | None
    method: str  # "none", "wilson" or "clustered"


def normal_quantile(level: float) -> float:
    """Return z such that a standard normal lies within plus or minus z with this probability."""
    if not 0 < level < 1:
        raise ValueError(f"The level must lie between 0 and 1, not {level}.")
    return NormalDist().inv_cdf((1 + level) / 2)


def wilson(hits: float, trials: float, *, level: float = LEVEL) -> tuple[float, float]:
    """Return the score interval of a share, two fractions within 0 to 1.

    Source: E. B. Wilson, JASA 22 (1927) 209-212. Raises ValueError unless
    0 <= hits <= trials and trials > 0.
    """
    if trials <= 0 or not 0 <= hits <= trials:
        raise ValueError(f"{hits} of {trials} is not a share.")
    z2 = normal_quantile(level) ** 2
    share = hits / trials
    middle = (share + z2 / (2 * trials)) / (1 + z2 / trials)
    half = math.sqrt(z2 * (share * (1 - share) / trials + z2 / (4 * trials**2))) / (1 + z2 / trials)
    # At 0 and 1 the bound is exact; rounding may not push the share out of its interval.
    low = 0.0 if hits == 0 else max(0.0, middle - half)
    high = 1.0 if hits == trials else min(1.0, middle + half)
    return low, high


def share_of_people(hits: int, people: int, *, level: float = LEVEL) -> Share:
    """Return the share of people, one trial each, with Wilson's interval."""
    if people == 0:
        return Share(0, 0, None, None, None, "none")
    return Share(hits, people, hits / people, *wilson(hits, people, level=level), "wilson")


def share_of(trials: Iterable[tuple[Hashable, bool]], *, level: float = LEVEL) -> Share:
    """Return the share of hits among trials, each given as (cluster, hit).

    Under 30 clusters the interval is Wilson's over the trials; from 30 on it is that of a ratio
    of cluster totals, p +/- z sqrt(k / (k - 1) * sum((hits_i - p * trials_i)^2)) / trials
    (Cochran, Sampling Techniques, 1977, section 6.3), cut at 0 and 1. Where all clusters agree
    wholly that width is 0, so Wilson over the number of clusters stands in.
    """
    totals: dict[Hashable, list[int]] = {}
    for cluster, hit in trials:
        total = totals.setdefault(cluster, [0, 0])
        total[0] += hit
        total[1] += 1
    hits = sum(total[0] for total in totals.values())
    tried = sum(total[1] for total in totals.values())
    if tried == 0:
        return Share(0, 0, None, None, None, "none")
    share = hits / tried
    clusters = len(totals)
    if clusters < PEOPLE_FOR_CLUSTERS:
        return Share(hits, tried, share, *wilson(hits, tried, level=level), "wilson")
    squares = math.fsum((total[0] - share * total[1]) ** 2 for total in totals.values())
    half = normal_quantile(level) * math.sqrt(clusters / (clusters - 1) * squares) / tried
    if half == 0.0:
        low, high = wilson(share * clusters, clusters, level=level)
    else:
        low, high = max(0.0, share - half), min(1.0, share + half)
    return Share(hits, tried, share, low, high, "clustered")
