"""What an effect is worth: a range, or a refusal; never one figure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.stats import norm

from handrail.domain.evidence.effect import CannotTell, Effect

DRAWS = 20_000


@dataclass(frozen=True, slots=True)
class Money:
    """What came out of it after its cost, from `low` to `high`, in the customer's currency."""

    low: float
    high: float
    level: float
    loss_possible: bool


def worth(
    effect: Effect,
    *,
    people: int,
    unit_value: tuple[float, float],
    cost: tuple[float, float],
    seed: int,
    draws: int = DRAWS,
) -> Money:
    """Return effect x people offered x value of a unit - cost, as a range.

    Formula: Monte Carlo; the effect is drawn from a normal law whose halves end at the interval's
    ends (so an uneven interval stays uneven), value and cost evenly from the customer's ranges; the
    middle `effect.level` of what comes out. `effect` in the good direction, per person offered;
    `unit_value` what one unit of it is worth (a day, a person who stays); `cost` of the whole
    pilot, the mentors' time included. Same seed, same answer. Raises CannotTell
    "money_interval_holds_zero" where the interval holds 0 or is open, ValueError on ranges that end
    before they begin, a negative value or nobody offered.
    """
    if people < 1 or min(unit_value[0], cost[0]) < 0:
        raise ValueError("Somebody is offered it, and neither value nor cost is below 0.")
    if unit_value[0] > unit_value[1] or cost[0] > cost[1]:
        raise ValueError("A range begins below its end.")
    if effect.low is None or effect.high is None or effect.holds_zero:
        raise CannotTell(
            "money_interval_holds_zero", "The interval holds 0: there is nothing to value."
        )
    rng = np.random.default_rng(seed)
    z = rng.standard_normal(draws) / float(norm.ppf((1 + effect.level) / 2))
    up, down = effect.high - effect.estimate, effect.estimate - effect.low
    drawn = effect.estimate + z * np.where(z > 0, up, down)
    values = rng.uniform(*unit_value, draws)
    costs = rng.uniform(*cost, draws)
    left = drawn * people * values - costs
    edge = (1 - effect.level) / 2
    low, high = np.quantile(left, [edge, 1 - edge])
    return Money(float(low), float(high), effect.level, bool(low < 0))
