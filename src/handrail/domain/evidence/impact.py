"""Rates of groups beside each other: ratio to the highest, four fifths, and what is not shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

FOUR_FIFTHS = 0.8


@dataclass(frozen=True, slots=True)
class GroupCount:
    """How many of a group there are, and how many of them it happened to."""

    name: str
    n: int
    hits: int


@dataclass(frozen=True, slots=True)
class GroupRate:
    """A group's rate with its exact interval, and its ratio to the highest rate with one too.

    All are fractions; a group that is not shown has None in place of every figure.
    """

    name: str
    n: int | None
    hits: int | None
    rate: float | None
    interval: tuple[float, float] | None
    ratio: float | None
    ratio_interval: tuple[float, float] | None
    is_flagged: bool  # the ratio is below four fifths


def exact_interval(hits: int, n: int, level: float = 0.95) -> tuple[float, float]:
    """The Clopper-Pearson interval of a share: it holds the truth at least as often as it says."""
    from scipy.stats import beta  # late: a web process starts without SciPy

    tail = (1 - level) / 2
    low = 0.0 if hits == 0 else float(beta.ppf(tail, hits, n - hits + 1))
    high = 1.0 if hits == n else float(beta.ppf(1 - tail, hits + 1, n - hits))
    return low, high


def impact(
    groups: Sequence[GroupCount], *, floor: int, said_nothing: int = 0, level: float = 0.95
) -> list[GroupRate]:
    """Each group's rate beside the highest one of those shown, in the order given.

    `floor` is the least size that is shown. Where those that are smaller have fewer
    people together, the smallest of the others
    goes with it, so that no total gives it away: what is not shown has `floor` people together or
    none; `said_nothing` people, who are in no group, are among them.

    The ratio's interval comes from the two shares'
    intervals at level sqrt(level) each: the groups are different people, so both hold together at
    least at `level`, and the ratio of what they hold lies between the ratios of their ends.
    The four-fifths rule is that of the US Uniform Guidelines (29 CFR 1607.4 D).
    """
    shown = {group.name for group in groups if group.n >= floor}
    hidden = [group for group in groups if 0 < group.n < floor]
    if hidden and sum(group.n for group in hidden) + said_nothing < floor:
        rest = sorted((g for g in groups if g.name in shown), key=lambda g: (g.n, g.name))
        for group in rest:
            shown.discard(group.name)
            if sum(one.n for one in groups if one.name not in shown) + said_nothing >= floor:
                break
    if len(shown) == 1:
        shown.clear()  # one alone has nobody to be beside
    rates = {g.name: g.hits / g.n for g in groups if g.name in shown}
    best = max(
        (g for g in groups if g.name in shown), key=lambda g: (rates[g.name], g.n), default=None
    )
    return [_rate(group, best, group.name in shown, level) for group in groups]


def _rate(group: GroupCount, best: GroupCount | None, is_shown: bool, level: float) -> GroupRate:
    if not is_shown or best is None:
        return GroupRate(group.name, None, None, None, None, None, None, is_flagged=False)
    rate, top = group.hits / group.n, best.hits / best.n
    ratio, between = None, None
    if best.hits:
        ratio = rate / top
        both = sqrt(level)
        low, high = exact_interval(group.hits, group.n, both)
        best_low, best_high = exact_interval(best.hits, best.n, both)
        between = (1.0, 1.0) if group is best else (low / best_high, high / best_low)
    return GroupRate(
        group.name,
        group.n,
        group.hits,
        rate,
        exact_interval(group.hits, group.n, level),
        ratio,
        between,
        is_flagged=ratio is not None and ratio < FOUR_FIFTHS,
    )
