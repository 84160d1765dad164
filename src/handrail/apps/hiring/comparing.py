"""Accepted offers with and without the trajectory: what may be said of them, and what may not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence, Set
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from handrail.apps.hiring.access import sees_comparison
from handrail.apps.hiring.models import (
    DrawnBy,
    Offer,
    OfferDraw,
    OfferLottery,
    Outcome,
    Shown,
)
from handrail.apps.organizations.refusals import NotAllowed
from handrail.apps.organizations.viewer import Viewer
from handrail.domain.evidence.assignment import ratio_test
from handrail.domain.evidence.groups import OUTCOME_PEOPLE, shown_groups

if TYPE_CHECKING:
    from handrail.domain.evidence.effect import Effect

COUNTED = (Outcome.ACCEPTED, Outcome.DECLINED, Outcome.EXPIRED)
MOST_FAMILIES = 6


@dataclass(frozen=True, slots=True)
class Arm:
    """One side: how many offers are counted, accepted, and stand apart."""

    counted: int
    accepted: int
    withdrawn: int
    pending: int

    @property
    def share(self) -> float:
        return self.accepted / self.counted if self.counted else 0.0


@dataclass(frozen=True, slots=True)
class Compared:
    """Two arms side by side; `effect` is None where there is too little to say anything."""

    name: str  # a job family; empty: all offers
    shown: Arm
    others: Arm
    effect: Effect | None

    @property
    def is_open(self) -> bool:
        """Whether the figures may be seen at all."""
        return min(self.shown.counted, self.others.counted) >= OUTCOME_PEOPLE

    @property
    def missing(self) -> int:
        """How many decided offers the smaller arm lacks."""
        return max(0, OUTCOME_PEOPLE - min(self.shown.counted, self.others.counted))

    @property
    def tells(self) -> bool:
        """Whether zero lies outside the interval."""
        return self.effect is not None and not self.effect.holds_zero


@dataclass(frozen=True, slots=True)
class Drawn:
    """What a lottery tells: only here may it be called an effect."""

    lottery: OfferLottery
    compared: Compared
    drawn: tuple[int, int]
    without_offer: int
    blocked: bool  # the arms are not as large as they were meant to be


@dataclass(frozen=True, slots=True)
class Comparison:
    """Everything that the page shows."""

    total: Compared
    families: tuple[Compared, ...]
    hidden_families: int
    unknown: int  # offers of which it is not known what was shown
    drawn: Drawn | None


def comparison(viewer: Viewer) -> Comparison:
    """How offers went, for recruiters, analysts and administrators."""
    if not sees_comparison(viewer) or not viewer.may("hiring:read"):
        raise NotAllowed(_("Only recruiters, analysts and administrators see how offers went."))
    offers = list(Offer.objects.order_by("pk"))
    known = [one for one in offers if one.shown != Shown.UNKNOWN]
    families = _families(known)
    total = compare("", known)
    return Comparison(
        total=total,
        families=tuple(families),
        hidden_families=len({one.family for one in known if one.family}) - len(families),
        unknown=len(offers) - len(known),
        drawn=_drawn(offers),
    )


def compare(name: str, offers: Sequence[Offer]) -> Compared:
    """The two arms of these offers, by what was shown: people as they were, not as drawn."""
    shown = [one for one in offers if one.shown == Shown.YES]
    others = [one for one in offers if one.shown == Shown.NO]
    return Compared(name, _arm(shown), _arm(others), _difference(shown, others))


def _arm(offers: Sequence[Offer]) -> Arm:
    counts = Counter(one.outcome for one in offers)
    return Arm(
        counted=sum(counts[state] for state in COUNTED),
        accepted=counts[Outcome.ACCEPTED],
        withdrawn=counts[Outcome.WITHDRAWN],
        pending=counts[Outcome.PENDING],
    )


def _difference(
    shown: Sequence[Offer], others: Sequence[Offer], *, by_requisition: bool = False
) -> Effect | None:
    """The difference of the shares with its interval (Newcombe), where the floor is reached."""
    # Late: nobody who opens another page waits for SciPy.
    from handrail.domain.evidence.effect import CannotTell
    from handrail.domain.evidence.shares import risk_difference

    counted = [(one, 1) for one in shown if one.outcome in COUNTED]
    counted += [(one, 0) for one in others if one.outcome in COUNTED]
    arms = [arm for _one, arm in counted]
    if min(sum(arms), len(arms) - sum(arms)) < OUTCOME_PEOPLE:
        return None
    try:
        return risk_difference(
            [one.outcome == Outcome.ACCEPTED for one, _arm in counted],
            arms,
            clusters=[one.requisition for one, _arm in counted] if by_requisition else None,
        )
    except CannotTell:
        return None


def _families(offers: Sequence[Offer]) -> list[Compared]:
    """The largest families that may stand beside the total: none can be found by subtraction."""
    sizes = Counter(one.family for one in offers if one.family and one.outcome in COUNTED)
    names = [name for name, _size in sizes.most_common(MOST_FAMILIES)]
    allowed = set(names)
    for arm in (Shown.YES, Shown.NO):
        counted = [one for one in offers if one.shown == arm and one.outcome in COUNTED]
        groups: dict[str, Set[Hashable]] = {"": {one.pk for one in counted}}
        groups |= {name: {one.pk for one in counted if one.family == name} for name in names}
        seen = shown_groups(groups)
        allowed &= seen
    return [
        compare(name, [one for one in offers if one.family == name])
        for name in names
        if name in allowed
    ]


def _drawn(offers: Sequence[Offer]) -> Drawn | None:
    """The latest lottery's arms as they were drawn, whatever was shown in the end."""
    lottery = OfferLottery.objects.order_by("-started_at", "-pk").first()
    if lottery is None:
        return None
    by_requisition = lottery.unit == DrawnBy.REQUISITION
    mine = [one for one in offers if one.drawn_in_id == lottery.pk]
    shown = [one for one in mine if one.drawn_arm == "offered"]
    others = [one for one in mine if one.drawn_arm == "waiting"]
    met = {one.requisition if by_requisition else one.pk for one in mine}
    compared = Compared(
        "", _arm(shown), _arm(others), _difference(shown, others, by_requisition=by_requisition)
    )
    sizes = Counter(OfferDraw.objects.filter(lottery=lottery).values_list("arm", flat=True))
    pair = (sizes["offered"], sizes["waiting"])
    analysed = (len(shown), len(others))
    return Drawn(
        lottery=lottery,
        compared=compared,
        drawn=pair,
        without_offer=sum(pair) - len(met),
        blocked=not by_requisition and sum(analysed) > 0 and ratio_test(analysed).blocks,
    )
