"""Offers: written down, brought in by file, drawn by lot, and compared."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from ninja import Router, Schema
from pydantic import Field

from handrail.api.requests import ApiRequest, Page, once, page, require_scope
from handrail.apps.hiring import queries
from handrail.apps.hiring.actions.lottery import draw
from handrail.apps.hiring.actions.offers import import_offers, record_offer
from handrail.apps.hiring.comparing import Arm, Compared, comparison
from handrail.apps.hiring.models import Offer
from handrail.apps.organizations.refusals import Invalid

router = Router(tags=["hiring"])
Short = Annotated[str, Field(max_length=80)]


class OfferIn(Schema):
    applicant: Short
    requisition: Short
    offered_at: datetime
    shown: Annotated[str, Field(max_length=8)] = ""  # yes, no, unknown; empty: as it was drawn
    outcome: Annotated[str, Field(max_length=12)] = "pending"
    decided_at: datetime | None = None
    family: Short = ""


class OfferOut(Schema):
    id: UUID
    applicant: str
    requisition: str
    family: str
    offered_at: datetime
    shown: str
    outcome: str
    decided_at: datetime | None
    promise: str  # the address of what was promised; empty where nothing was
    program_version: int | None


def show_offer(offer: Offer) -> OfferOut:
    return OfferOut(
        id=offer.public_id,
        applicant=offer.applicant,
        requisition=offer.requisition,
        family=offer.family,
        offered_at=offer.offered_at,
        shown=offer.shown,
        outcome=offer.outcome,
        decided_at=offer.decided_at,
        promise=queries.address_of_promise(offer),
        program_version=offer.promise.program_rev if offer.promise else None,
    )


@router.get("/offers", response=Page, operation_id="list_offers")
def list_offers(request: ApiRequest, cursor: str = "", limit: int = 50) -> dict[str, Any]:
    """Every offer, oldest first; an applicant is an id and nothing else."""
    require_scope(request, "hiring:read")
    rows = queries.offers_for(request.viewer)
    return page(rows, cursor=cursor, limit=limit, name="offers", show=show_offer)


@router.post("/offers", response={201: OfferOut}, operation_id="record_offer")
def put_offer(request: ApiRequest, payload: OfferIn) -> HttpResponse:
    """Record an offer, or what became of it."""
    require_scope(request, "hiring:write")
    for name in ("offered_at", "decided_at"):
        moment = getattr(payload, name)
        if moment is not None and moment.tzinfo is None:
            raise Invalid(
                _("A time needs its offset."),
                fields={name: _("Write a time like 2026-02-01T09:00:00+01:00.")},
            )

    def work() -> tuple[int, dict[str, Any]]:
        kept = record_offer(**payload.dict(), source="api", by=request.viewer, now=request.now)
        return 201, show_offer(kept).model_dump(mode="json")

    return once(request, work)


class OffersIn(Schema):
    content: Annotated[str, Field(max_length=10_000_000)]  # the CSV file's text
    filename: Annotated[str, Field(max_length=64)] = "api"


class BroughtOut(Schema):
    created: int
    changed: int
    known: int


@router.post("/offers/file", response={201: BroughtOut}, operation_id="import_offers")
def bring_offers(request: ApiRequest, payload: OffersIn) -> HttpResponse:
    """Bring a CSV file of offers in, all or nothing."""
    require_scope(request, "hiring:write")

    def work() -> tuple[int, dict[str, Any]]:
        came = import_offers(
            payload.content.encode(),
            filename=payload.filename,
            by=request.viewer,
            now=request.now,
        )
        return 201, BroughtOut(
            created=came.created, changed=came.changed, known=came.known
        ).model_dump(mode="json")

    return once(request, work)


class DrawIn(Schema):
    requisition: Short
    applicant: Short = ""


class DrawOut(Schema):
    place: int
    show: bool
    drawn_at: datetime


@router.post("/offers/draws", response={201: DrawOut}, operation_id="draw_offer")
def draw_offer(request: ApiRequest, payload: DrawIn) -> HttpResponse:
    """Draw whether an offer shows the trajectory, before it is sent; again says the same."""
    require_scope(request, "hiring:write")

    def work() -> tuple[int, dict[str, Any]]:
        drawn = draw(payload.requisition, payload.applicant, by=request.viewer, now=request.now)
        return 201, DrawOut(
            place=drawn.place, show=drawn.arm == "offered", drawn_at=drawn.drawn_at
        ).model_dump(mode="json")

    return once(request, work)


class ArmOut(Schema):
    decided: int
    accepted: int | None  # null: too few to be shown
    withdrawn: int
    pending: int


class ComparedOut(Schema):
    family: str
    shown: ArmOut
    not_shown: ArmOut
    points: float | None
    low: float | None
    high: float | None
    verdict: str  # too few, cannot tell, more, less


class OfferComparisonOut(Schema):
    note: str
    all: ComparedOut
    families: list[ComparedOut]
    unknown: int
    effect: ComparedOut | None  # only where a lottery was drawn


def _arm(arm: Arm, is_open: bool) -> ArmOut:
    return ArmOut(
        decided=arm.counted,
        accepted=arm.accepted if is_open else None,
        withdrawn=arm.withdrawn,
        pending=arm.pending,
    )


def _compared(one: Compared) -> ComparedOut:
    effect = one.effect
    verdict = "cannot tell" if one.is_open else "too few"
    if effect is not None and one.tells:
        verdict = "more" if effect.estimate > 0 else "less"
    return ComparedOut(
        family=one.name,
        shown=_arm(one.shown, one.is_open),
        not_shown=_arm(one.others, one.is_open),
        points=round(effect.estimate * 100, 1) if effect else None,
        low=round(effect.low * 100, 1) if effect and effect.low is not None else None,
        high=round(effect.high * 100, 1) if effect and effect.high is not None else None,
        verdict=verdict,
    )


@router.get("/offers/comparison", response=OfferComparisonOut, operation_id="compare_offers")
def compare_offers(request: ApiRequest) -> OfferComparisonOut:
    """Accepted with and without the trajectory, with an interval in points; no claim of a cause."""
    require_scope(request, "hiring:read")
    found = comparison(request.viewer)
    drawn = found.drawn
    return OfferComparisonOut(
        note=_("Jobs with a program differ from jobs without."),
        all=_compared(found.total),
        families=[_compared(one) for one in found.families],
        unknown=found.unknown,
        effect=_compared(drawn.compared) if drawn and not drawn.blocked else None,
    )
