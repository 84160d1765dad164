"""Kaplan-Meier: how long until something happens, when not everybody was followed to the end."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from handrail.domain.evidence.intervals import LEVEL, normal_quantile

# S is a product of fractions: equality with a half must survive rounding.
TOLERANCE = 1e-12


@dataclass(frozen=True, slots=True)
class Step:
    """The curve from this day on: the share for whom it has not happened by its end.

    `low` and `high` are None where no interval exists (nobody left at risk).
    """

    day: int
    at_risk: int
    events: int
    censored: int
    share: float
    error: float  # Greenwood's standard error of the share
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value with its interval; None stands for "cannot tell", high None for "open"."""

    value: float | None
    low: float | None
    high: float | None


CANNOT_TELL = Estimate(None, None, None)


@dataclass(frozen=True, slots=True)
class Curve:
    """A survival curve; one step per day on which something happened or somebody was censored."""

    people: int
    events: int
    level: float
    steps: tuple[Step, ...]

    @property
    def followed_to(self) -> int | None:
        """The last day on which anybody was still followed; None without people."""
        return self.steps[-1].day if self.steps else None

    def at(self, day: int) -> Estimate:
        """Return the share still without the event at the end of this day.

        It cannot be told for a day after the last follow-up, unless nobody was left by then.
        """
        if self.followed_to is None or day < 0:
            return CANNOT_TELL
        last = self.steps[-1]
        if day > last.day and last.share > TOLERANCE:
            return CANNOT_TELL
        before = [step for step in self.steps if step.day <= day]
        if not before:
            return Estimate(1.0, None, None)
        return Estimate(before[-1].share, before[-1].low, before[-1].high)

    def median(self) -> Estimate:
        """Return the first day by whose end half have had the event, in days.

        Interval: the days on which the band crosses one half (Brookmeyer and Crowley,
        Biometrics 38 (1982) 29-41). Fewer than half so far: the value is None, while `low` may
        already be known.
        """
        value = _first_at_or_under_half((step.day, step.share) for step in self.steps)
        low = _first_at_or_under_half((step.day, step.low) for step in self.steps)
        high = _first_at_or_under_half((step.day, step.high) for step in self.steps)
        return Estimate(value, low, high)


def kaplan_meier(days: Sequence[int], happened: Sequence[bool], *, level: float = LEVEL) -> Curve:
    """Return the product-limit curve of people followed for `days` (whole days, from 0).

    `days[i]` is the day of the event where `happened[i]`, else the last day known to be without
    it; both sequences have one entry a person. On a tie events come before censorings. Band:
    Greenwood's variance on the log(-log) scale (Kalbfleisch and Prentice, The Statistical
    Analysis of Failure Time Data, 2002, section 1.4). Raises ValueError on negative days or
    unequal lengths.
    """
    if len(days) != len(happened):
        raise ValueError(f"{len(days)} durations, but {len(happened)} marks.")
    if any(day < 0 for day in days):
        raise ValueError("A duration is negative: nobody can be followed for under 0 days.")
    events = Counter(day for day, hit in zip(days, happened, strict=True) if hit)
    censored = Counter(day for day, hit in zip(days, happened, strict=True) if not hit)
    return curve_of_counts(events, censored, level=level)


def curve_of_counts(
    events: Mapping[int, int], censored: Mapping[int, int], *, level: float = LEVEL
) -> Curve:
    """Return the curve of `kaplan_meier` from people counted by day: it needs no more than these.

    `events` and `censored`: people by day, whole days from 0.
    """
    z = normal_quantile(level)
    people = at_risk = sum(events.values()) + sum(censored.values())
    share, greenwood = 1.0, 0.0
    steps: list[Step] = []
    for day in sorted({*events, *censored}):
        hits, others = events.get(day, 0), censored.get(day, 0)
        if hits == at_risk:
            share, greenwood = 0.0, math.inf
        elif hits:
            share *= (at_risk - hits) / at_risk
            greenwood += hits / (at_risk * (at_risk - hits))
        low, high = _band(share, greenwood, z)
        error = share * math.sqrt(greenwood) if share else 0.0
        steps.append(Step(day, at_risk, hits, others, share, error, low, high))
        at_risk -= hits + others
    return Curve(people, sum(events.values()), level, tuple(steps))


def _band(share: float, greenwood: float, z: float) -> tuple[float | None, float | None]:
    if share >= 1.0 or share <= 0.0:
        return None, None
    logged = math.log(share)
    width = z * math.sqrt(greenwood) / abs(logged)
    try:
        low = math.exp(logged * math.exp(width))
    except OverflowError:
        low = 0.0
    return low, math.exp(logged * math.exp(-width))


def _first_at_or_under_half(points: Iterable[tuple[int, float | None]]) -> float | None:
    for day, share in points:
        if share is not None and share <= 0.5 + TOLERANCE:
            return float(day)
    return None
