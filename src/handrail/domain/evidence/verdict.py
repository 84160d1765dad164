"""The verdict on a claim that was registered before the start."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

from handrail.domain.evidence.effect import Effect


class Verdict(StrEnum):
    """What may be said of a claim; the values are the words themselves."""

    CONSISTENT = "consistent with the claim"
    SMALLER = "real but smaller"
    REFUTED = "claim refuted"
    HARMFUL = "harmful"
    CANNOT_TELL = "cannot tell"
    ASSOCIATION = "association only"


class Unit(StrEnum):
    """In what a claim is made."""

    POINTS = "points"  # of a share: .15 is 15 points
    TIME = "time"  # reduction of time to the task: .40 is 40 % faster
    AMOUNT = "amount"  # of the outcome's own unit


class Of(StrEnum):
    """About whom a claim speaks."""

    OFFERED = "offered"
    TOOK_PART = "took_part"


class NoClaim(ValueError):
    """A claim that cannot be judged; `code` is one of the refusals."""

    def __init__(self, code: str, words: str) -> None:
        super().__init__(words)
        self.code = code


@dataclass(frozen=True, slots=True)
class Claim:
    """A claimed effect, positive where it is good; unit, horizon and people are registered too."""

    size: float
    unit: Unit
    horizon: int  # days
    of: Of = Of.OFFERED


def check_claim(claim: Claim, *, baseline: float | None) -> None:
    """Raise NoClaim where a claim cannot be judged.

    "claim_without_baseline": nobody knows from where; "claim_above_100": a share would have to
    pass 100 % (90 % + 15 points) or a time 0; "claim_not_positive": nothing is claimed.
    """
    if not claim.size > 0:
        raise NoClaim("claim_not_positive", "A claim names an improvement above 0.")
    if baseline is None:
        raise NoClaim("claim_without_baseline", "A claim needs a baseline.")
    if claim.unit is Unit.POINTS and baseline + claim.size > 1 + 1e-12:
        raise NoClaim("claim_above_100", "Baseline and claim together pass 100 %.")
    if claim.unit is Unit.TIME and claim.size >= 1:
        raise NoClaim("claim_above_100", "Nobody can be faster by 100 % or more.")


def verdict(
    low: float | None,
    high: float | None,
    claim: float,
    *,
    stands: bool = True,
    randomised: bool = True,
) -> Verdict:
    """Return the verdict on a claim from the interval of the final test; good is positive.

    `low`, `high`: None where the interval is open on that side. `stands`: whether the effect
    passed Holm among the registered measures; without it, it does not count as above (or below) 0.
    The interval must have the level of the final test: 95 %, or 96 % after weekly looks. Without
    `randomised`, an association, whatever the figures. Raises ValueError unless claim > 0 and
    low <= high.
    """
    if not claim > 0:
        raise ValueError("A claim is above 0 in the good direction.")
    if low is not None and high is not None and low > high:
        raise ValueError("An interval begins below its end.")
    if not randomised:
        return Verdict.ASSOCIATION
    above = low is not None and low > 0 and stands
    below = high is not None and high < 0 and stands
    reaches = high is None or high >= claim
    if above:
        return Verdict.CONSISTENT if reaches else Verdict.SMALLER
    if below:
        return Verdict.HARMFUL
    return Verdict.CANNOT_TELL if reaches else Verdict.REFUTED


def of_effect(effect: Effect, claim: float, *, stands: bool = True) -> Verdict:
    """Return `verdict` on an effect whose good direction is positive."""
    return verdict(effect.low, effect.high, claim, stands=stands)


def of_time(log_ratio: Effect, claim: float, *, stands: bool = True) -> Verdict:
    """Return the verdict on a percentage claim from a log time ratio: .40 claims 40 % faster.

    log(time offered / time waiting) in [l, h] is a reduction in [1 - e^h, 1 - e^l].
    """
    low = None if log_ratio.high is None else 1 - math.exp(log_ratio.high)
    high = None if log_ratio.low is None else 1 - math.exp(log_ratio.low)
    return verdict(low, high, claim, stands=stands)
