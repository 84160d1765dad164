"""The difference of two shares: people, or whole requisitions that were assigned."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from scipy.stats import norm

from handrail.domain.evidence.effect import (
    LEVEL,
    CannotTell,
    Effect,
    Numbers,
    both_arms,
    marks,
    same_length,
)
from handrail.domain.evidence.means import mean_difference
from handrail.domain.evidence.stay_difference import newcombe


def risk_difference(
    happened: Numbers, arm: Numbers, *, clusters: Numbers | None = None, level: float = LEVEL
) -> Effect:
    """Return the share offered minus the share waiting to whom it happened, a fraction.

    Estimand: difference of two shares, everybody as assigned. Interval: Newcombe's hybrid of two
    Wilson intervals (Statistics in Medicine 17 (1998) 873-890, method 10); with `clusters` (offers
    by requisition) Student's t around the jackknife variance of clusters (`mean_difference`).
    `happened`, `arm` (n,) 0/1, `clusters` (n,) labels. Raises CannotTell: "one_arm", "no_events"
    or "all_events" (it happened to nobody, or to everybody), "one_cluster".
    """
    hit, offered = marks(happened, what="outcome"), marks(arm, what="arm")
    same_length(hit, offered)
    people, others = both_arms(offered)
    if not hit.any():
        raise CannotTell("no_events", "It happened to nobody.")
    if hit.all():
        raise CannotTell("all_events", "It happened to everybody.")
    if clusters is not None:
        found = mean_difference(hit, offered, clusters=clusters, level=level)
        return replace(found, method="cluster_robust")
    ours, theirs = int(hit[offered].sum()), int(hit[~offered].sum())
    low, high = newcombe(ours, people, theirs, others, level=level)
    one, other = ours / people, theirs / others
    pooled = (ours + theirs) / (people + others)
    score = (one - other) / math.sqrt(pooled * (1 - pooled) * (1 / people + 1 / others))
    error = math.sqrt(one * (1 - one) / people + other * (1 - other) / others)
    p = float(2 * norm.sf(abs(score)))
    return Effect(one - other, low, high, level, "newcombe", error or None, p)


@dataclass(frozen=True, slots=True)
class Offers:
    """Offer acceptance of two arms: accepted of those assigned, withdrawn offers apart."""

    accepted: tuple[int, int]  # offered the trajectory, not offered it
    assigned: tuple[int, int]
    withdrawn: tuple[int, int]
    effect: Effect


def offer_acceptance(
    states: list[str], arm: Numbers, *, requisitions: Numbers | None = None, level: float = LEVEL
) -> Offers:
    """Return accepted offers per person *assigned*, with the difference of the arms.

    `states` (n,): "accepted", "declined", "expired", "withdrawn" (by the company: apart, in no
    denominator) or "none" (no offer came: not accepted). Assigned at offer stage, so none is
    "none", it is accepted per offer. By requisition, give their labels: people within one are not
    independent. Raises ValueError on another state, CannotTell as `risk_difference` does.
    """
    known = {"accepted", "declined", "expired", "withdrawn", "none"}
    for state in states:
        if state not in known:
            raise ValueError(f"{state!r} is no state of an offer.")
    offered = marks(arm, what="arm")
    kept = [place for place, state in enumerate(states) if state != "withdrawn"]
    hit = [states[place] == "accepted" for place in kept]
    labels = None if requisitions is None else np.asarray(requisitions)[kept]
    effect = risk_difference(hit, offered[kept], clusters=labels, level=level)

    def count(side: bool, state: str) -> int:
        return sum(s == state and bool(a) == side for s, a in zip(states, offered, strict=True))

    assigned = tuple(sum(bool(offered[place]) == side for place in kept) for side in (True, False))
    return Offers(
        (count(True, "accepted"), count(False, "accepted")),
        (assigned[0], assigned[1]),
        (count(True, "withdrawn"), count(False, "withdrawn")),
        effect,
    )
