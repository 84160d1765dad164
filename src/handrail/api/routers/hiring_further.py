"""Hiring, the rarer steps: promises of closed programs, the lottery of offers, jobs of a board."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpResponse
from ninja import Router, Schema
from pydantic import Field

from handrail.api.requests import ApiRequest, Page, once, page, require_scope
from handrail.apps.hiring import queries
from handrail.apps.hiring.actions.board import apply_jobs, differences, read_jobs
from handrail.apps.hiring.actions.lottery import end_lottery, start_lottery
from handrail.apps.hiring.actions.postings import settle_promise
from handrail.apps.hiring.drawn import faults_of
from handrail.apps.hiring.models import JobReading, Offer, OfferLottery

router = Router(tags=["hiring"])


class PromiseOut(Schema):
    """A promise whose program was closed, and what was decided about it."""

    offer: UUID
    requisition: str
    program: UUID
    address: str  # where the applicant reads it
    fate: str  # open, honoured, told
    words: str
    decided_at: datetime | None


class PromiseIn(Schema):
    honoured: bool
    words: Annotated[str, Field(max_length=1000)]  # what the applicant reads, at once


class OfferLotteryOut(Schema):
    id: UUID
    unit: str
    places: int
    drawn: int
    commitment: str
    seed: str | None  # shown once it is over
    faults: int | None  # what drawing it again finds wrong; null while it is running
    started_at: datetime
    ended_at: datetime | None


class OfferLotteryIn(Schema):
    unit: Literal["offer", "requisition"]


class BoardIn(Schema):
    board: Annotated[str, Field(max_length=80)]  # its name, as it stands in its address


class BoardLineOut(Schema):
    what: str  # new, changed, same, gone
    title: str
    city: str
    fields: list[str]


class BoardOut(Schema):
    """What a board showed, and what taking it over would do."""

    id: UUID
    board: str
    read_at: datetime
    applied_at: datetime | None
    jobs: list[BoardLineOut]


class BoardTakenOut(Schema):
    new: int
    changed: int
    same: int


def promise_out(offer: Offer) -> PromiseOut:
    assert offer.promise is not None
    return PromiseOut(
        offer=offer.public_id,
        requisition=offer.requisition,
        program=offer.promise.program.public_id,
        address=queries.address_of_promise(offer),
        fate=offer.fate,
        words=offer.fate_words,
        decided_at=offer.fate_at,
    )


def lottery_out(lottery: OfferLottery) -> OfferLotteryOut:
    faults = faults_of(lottery)
    return OfferLotteryOut(
        id=lottery.public_id,
        unit=lottery.unit,
        places=lottery.places,
        drawn=lottery.draws.count(),
        commitment=lottery.commitment,
        seed=lottery.revealed_seed or None,
        faults=None if faults is None else len(faults),
        started_at=lottery.started_at,
        ended_at=lottery.ended_at,
    )


def board_out(reading: JobReading) -> BoardOut:
    lines = [] if reading.applied_at else differences(reading)
    return BoardOut(
        id=reading.public_id,
        board=reading.board,
        read_at=reading.read_at,
        applied_at=reading.applied_at,
        jobs=[BoardLineOut(**{"fields": [], **line}) for line in lines],
    )


@router.get("/promises", response=list[PromiseOut], operation_id="list_promises")
def list_promises(request: ApiRequest) -> list[PromiseOut]:
    """The promises of closed programs that you lead, those that wait for a word first."""
    require_scope(request, "hiring:read")
    return [promise_out(one) for one in queries.promises_for(request.viewer)]


@router.post("/promises/{offer_id}", response=PromiseOut, operation_id="settle_promise")
def say_of_promise(request: ApiRequest, offer_id: UUID, payload: PromiseIn) -> HttpResponse:
    """Honour a promise, or tell who it was made to that you cannot."""
    require_scope(request, "hiring:write")
    found = queries.promise_for(request.viewer, offer_id)

    def work() -> tuple[int, dict[str, Any]]:
        settle_promise(
            found,
            honoured=payload.honoured,
            words=payload.words,
            by=request.viewer,
            now=request.now,
        )
        said = queries.promise_for(request.viewer, offer_id)
        return 200, promise_out(said).model_dump(mode="json")

    return once(request, work)


@router.get("/offers/lotteries", response=Page, operation_id="list_offer_lotteries")
def list_offer_lotteries(request: ApiRequest, cursor: str = "", limit: int = 50) -> dict[str, Any]:
    """Every lottery of offers, with the hash that was published and, once it is over, its seed."""
    require_scope(request, "hiring:read")
    rows = queries.lotteries_for(request.viewer)
    return page(rows, cursor=cursor, limit=limit, name="offer lotteries", show=lottery_out)


@router.post(
    "/offers/lotteries", response={201: OfferLotteryOut}, operation_id="start_offer_lottery"
)
def begin_offer_lottery(request: ApiRequest, payload: OfferLotteryIn) -> HttpResponse:
    """Draw the whole list and publish its hash, before the first offer is drawn."""
    require_scope(request, "hiring:write")

    def work() -> tuple[int, dict[str, Any]]:
        made = start_lottery(payload.unit, by=request.viewer, now=request.now)
        return 201, lottery_out(made).model_dump(mode="json")

    return once(request, work)


@router.post("/offers/lotteries/end", response=OfferLotteryOut, operation_id="end_offer_lottery")
def finish_offer_lottery(request: ApiRequest) -> HttpResponse:
    """End the running lottery and show its seed."""
    require_scope(request, "hiring:write")

    def work() -> tuple[int, dict[str, Any]]:
        ended = end_lottery(by=request.viewer, now=request.now)
        return 200, lottery_out(ended).model_dump(mode="json")

    return once(request, work)


@router.post("/job-boards", response=BoardOut, operation_id="read_job_board")
def look_at_board(request: ApiRequest, payload: BoardIn) -> BoardOut:
    """Read a public board's open jobs, each time it is asked; no job here changes by it."""
    require_scope(request, "hiring:write")
    return board_out(read_jobs(payload.board, by=request.viewer, now=request.now))


@router.get("/job-boards/{board_id}", response=BoardOut, operation_id="read_job_reading")
def read_job_reading(request: ApiRequest, board_id: UUID) -> BoardOut:
    """What a board showed, and what taking it over would do now."""
    require_scope(request, "hiring:read")
    return board_out(queries.reading_for(request.viewer, board_id))


@router.post(
    "/job-boards/{board_id}/apply", response=BoardTakenOut, operation_id="apply_job_reading"
)
def take_jobs_over(request: ApiRequest, board_id: UUID) -> HttpResponse:
    """Take the jobs over, unless jobs here changed since they were shown."""
    require_scope(request, "hiring:write")
    found = queries.reading_for(request.viewer, board_id)

    def work() -> tuple[int, dict[str, Any]]:
        counts = apply_jobs(found, by=request.viewer, now=request.now)
        return 200, BoardTakenOut(**counts).model_dump(mode="json")

    return once(request, work)
