"""What a lottery has drawn: whom a row is about, how it was, and whether it is as it was drawn."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from handrail.apps.hiring.models import DrawnBy, Offer, OfferDraw, OfferLottery
from handrail.apps.organizations.sealing import Unsealable, open_sealed
from handrail.domain.evidence.assignment import Assigned, Fault, replay

STRATUM = "offers"
LISTED = 200


@dataclass(frozen=True, slots=True)
class Listed:
    """One draw for people: of which job, and whose where their offer is recorded and stands."""

    requisition: str
    applicant: str
    place: int
    arm: str
    drawn_at: datetime


def place_of(lottery: OfferLottery, column: str) -> str:
    """Where a secret of this lottery is sealed for."""
    return f"hiring:{lottery.organization_id}:{lottery.public_id}:{column}"


def about_of(lottery: OfferLottery, requisition: str, applicant: str) -> str:
    """What a draw is kept under; raises Unsealable where the applicant's key cannot be read."""
    if lottery.unit == DrawnBy.REQUISITION:
        return requisition
    if not lottery.sealed_key:
        raise Unsealable
    key = bytes.fromhex(open_sealed(lottery.sealed_key, place=place_of(lottery, "key")))
    return hashed(key, requisition, applicant)


def hashed(key: bytes, requisition: str, applicant: str) -> str:
    """The requisition, and HMAC-SHA-256 of both in 64 hexadecimal digits."""
    told = f"{requisition}|{applicant}".encode()
    return f"{requisition}|{hmac.new(key, told, hashlib.sha256).hexdigest()}"


def drawn_for(requisition: str, applicant: str, *, before: datetime) -> OfferDraw | None:
    """The draw about an offer that was made before it was sent, of whichever lottery came last.

    None also where the lottery's key is gone: what was found before stands on the offer.
    """
    names = [requisition, *_names(OfferLottery.objects.all(), requisition, applicant)]
    drawn = OfferDraw.objects.filter(about__in=names, drawn_at__lte=before)
    return drawn.select_related("lottery").order_by("-pk").first()


def _names(lotteries: Iterable[OfferLottery], requisition: str, applicant: str) -> list[str]:
    found = []
    for lottery in lotteries:
        try:
            found.append(about_of(lottery, requisition, applicant))
        except Unsealable:
            continue
    return found


def listed(lottery: OfferLottery) -> list[Listed]:
    """The newest draws; an applicant is named only by an offer that still names them."""
    people = {}
    for offer in Offer.objects.filter(drawn_in=lottery).order_by("pk"):
        for about in _names([lottery], offer.requisition, offer.applicant):
            people[about] = offer.applicant
    return [
        Listed(
            row.requisition,
            people.get(row.about, "") if lottery.unit == DrawnBy.OFFER else "",
            row.place,
            row.arm,
            row.drawn_at,
        )
        for row in OfferDraw.objects.filter(lottery=lottery).order_by("-pk")[:LISTED]
    ]


def ledger_of(lottery: OfferLottery) -> list[Assigned]:
    """Every draw in the order in which it was written."""
    return [
        Assigned(row.about, STRATUM, row.place, row.arm)
        for row in OfferDraw.objects.filter(lottery=lottery).order_by("pk")
    ]


def faults_of(lottery: OfferLottery) -> tuple[Fault, ...] | None:
    """What drawing it again from the revealed seed finds wrong; None while it is running."""
    if not lottery.revealed_seed:
        return None
    return replay(
        bytes.fromhex(lottery.revealed_seed),
        published=lottery.commitment,
        strata=[STRATUM],
        places=lottery.places,
        ledger=ledger_of(lottery),
    )
