"""Whether an interval holds the truth, and whether it sees anything at all."""

from __future__ import annotations

import math

from handrail.domain.evidence.effect import Effect

Row = dict[str, float]


def holds(effect: Effect, truth: float) -> float:
    low = -math.inf if effect.low is None else effect.low
    high = math.inf if effect.high is None else effect.high
    return float(low <= truth <= high)


def sees(effect: Effect) -> float:
    return float(not effect.holds_zero)
