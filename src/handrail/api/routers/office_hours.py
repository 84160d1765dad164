"""Office hours: free times, booking and waiting, one's turns, and the rota of a program."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpResponse
from ninja import Router, Schema
from pydantic import Field

from handrail.api.requests import ApiRequest, once, require_scope
from handrail.api.routers.sessions import session_out
from handrail.api.schemas import SessionOut
from handrail.apps.office_hours import actions, queries
from handrail.apps.office_hours.blocks import blocks, fair_use
from handrail.apps.office_hours.models import PlaceInLine, RotaSlot
from handrail.apps.programs.queries import require_run

router = Router(tags=["office hours"])


class BlockOut(Schema):
    turn: UUID
    mentor: UUID
    name: str
    starts_at: datetime
    ends_at: datetime
    first: list[datetime]
    others: list[datetime]
    waiting: int
    next_day: date | None


class OfficeHoursOut(Schema):
    program: UUID
    name: str
    session_minutes: int
    blocks: list[BlockOut]


class VisitIn(Schema):
    turn: UUID
    starts_at: datetime
    objective: Annotated[str, Field(max_length=280)]
    note: Annotated[str, Field(max_length=2000)] = ""


class WaitIn(Schema):
    turn: UUID
    objective: Annotated[str, Field(max_length=280)]
    note: Annotated[str, Field(max_length=2000)] = ""


class PlaceInLineOut(Schema):
    id: UUID
    turn: UUID
    objective: str
    state: str
    starts_at: datetime | None
    offered_until: datetime | None


class TurnOut(Schema):
    id: UUID
    program: UUID
    starts_at: datetime
    ends_at: datetime
    state: str
    mentor: UUID | None
    reasons: list[str]
    places: int
    sessions: int
    waiting: int


class MemberOut(Schema):
    mentor: UUID
    name: str
    turns: int
    account: int
    handed_on: int


class RotaBlockOut(Schema):
    id: UUID
    weekday: int
    starts_min: int
    minutes: int
    timezone: str


class RotaOut(Schema):
    open_to: str
    plan_weeks: int
    fair_sessions: int
    fair_days: int
    offer_minutes: int
    compact: bool
    lost_time_counts: bool
    uneven: list[str]
    slots: list[RotaBlockOut]
    turns: list[TurnOut]
    mentors: list[MemberOut]


class RulesIn(Schema):
    open_to: str | None = None
    plan_weeks: int | None = None
    fair_sessions: int | None = None
    fair_days: int | None = None
    offer_minutes: int | None = None
    compact: bool | None = None
    lost_time_counts: bool | None = None


class SlotIn(Schema):
    weekday: int
    starts_min: int
    minutes: int
    timezone: str


@router.get(
    "/programs/{program_id}/office-hours", response=OfficeHoursOut, operation_id="list_office_hours"
)
def list_office_hours(request: ApiRequest, program_id: UUID) -> OfficeHoursOut:
    """The coming turns with the times that are free for you; `next_day` is set by fair use."""
    require_scope(request, "sessions:read")
    rota = queries.rota_for(request.viewer, program_id)
    person = queries.person_of(request.viewer)
    use = fair_use(rota, person) if person is not None else None
    found = []
    for block in blocks(rota, person, request.now):
        turn = block.turn
        assert turn.host is not None
        day = use.next_day(turn.day) if use else turn.day
        found.append(
            BlockOut(
                turn=turn.public_id,
                mentor=turn.host.public_id,
                name=turn.host.name,
                starts_at=turn.starts_at,
                ends_at=turn.ends_at,
                first=block.first,
                others=block.others,
                waiting=block.waiting,
                next_day=None if day == turn.day else day,
            )
        )
    return OfficeHoursOut(
        program=rota.program.public_id,
        name=rota.program.name,
        session_minutes=rota.program.session_minutes,
        blocks=found,
    )


@router.post("/office-hours/bookings", response={201: SessionOut}, operation_id="book_office_hours")
def book_office_hours(request: ApiRequest, payload: VisitIn) -> HttpResponse:
    """Book a time in a turn; one that was just taken answers 409 with the next three."""
    require_scope(request, "sessions:write")
    turn = queries.turn_for(request.viewer, payload.turn)

    def work() -> tuple[int, dict[str, Any]]:
        session = actions.book(
            turn,
            payload.starts_at,
            payload.objective,
            note=payload.note,
            by=request.viewer,
            now=request.now,
        )
        return 201, session_out(session, request).model_dump(mode="json")

    return once(request, work)


@router.post(
    "/office-hours/line", response={201: PlaceInLineOut}, operation_id="wait_for_office_hours"
)
def wait_for_office_hours(request: ApiRequest, payload: WaitIn) -> HttpResponse:
    """Wait in line for a time in a full turn."""
    require_scope(request, "sessions:write")
    turn = queries.turn_for(request.viewer, payload.turn)

    def work() -> tuple[int, dict[str, Any]]:
        place = actions.wait(
            turn, payload.objective, note=payload.note, by=request.viewer, now=request.now
        )
        return 201, place_out(place).model_dump(mode="json")

    return once(request, work)


@router.get("/office-hours/line", response=list[PlaceInLineOut], operation_id="list_places_in_line")
def list_places_in_line(request: ApiRequest) -> list[PlaceInLineOut]:
    """Where you wait, offers first."""
    require_scope(request, "sessions:read")
    return [place_out(place) for place in queries.my_places(request.viewer, request.now)]


@router.post("/line/{place_id}/take", response=SessionOut, operation_id="take_offer")
def take_offer(request: ApiRequest, place_id: UUID) -> HttpResponse:
    """Take the time that is held for you."""
    require_scope(request, "sessions:write")
    place = queries.place_for(request.viewer, place_id)

    def work() -> tuple[int, dict[str, Any]]:
        session = actions.take(place, by=request.viewer, now=request.now)
        return 200, session_out(session, request).model_dump(mode="json")

    return once(request, work)


@router.post("/line/{place_id}/leave", response=PlaceInLineOut, operation_id="leave_line")
def leave_line(request: ApiRequest, place_id: UUID) -> HttpResponse:
    """Leave the line; a time held for you goes to the next one."""
    require_scope(request, "sessions:write")
    place = queries.place_for(request.viewer, place_id)

    def work() -> tuple[int, dict[str, Any]]:
        actions.leave(place, by=request.viewer, now=request.now)
        place.refresh_from_db()
        return 200, place_out(place).model_dump(mode="json")

    return once(request, work)


@router.get("/office-hours/turns", response=list[TurnOut], operation_id="list_my_turns")
def list_my_turns(request: ApiRequest) -> list[TurnOut]:
    """The turns you hold, earliest first."""
    require_scope(request, "sessions:read")
    return [turn_out(card) for card in queries.my_turns(request.viewer, request.now)]


@router.post("/turns/{turn_id}/cannot", response=TurnOut, operation_id="hand_turn_on")
def hand_turn_on(request: ApiRequest, turn_id: UUID) -> HttpResponse:
    """Say that its host cannot hold a turn: it moves on with all that is booked in it."""
    require_scope(request, "sessions:write")
    turn = queries.turn_for(request.viewer, turn_id)

    def work() -> tuple[int, dict[str, Any]]:
        actions.cannot(turn, by=request.viewer, now=request.now)
        after = queries.turn_of(turn)
        return 200, turn_out(queries.cards([after])[0]).model_dump(mode="json")

    return once(request, work)


@router.get("/programs/{program_id}/rota", response=RotaOut, operation_id="read_rota")
def read_rota(request: ApiRequest, program_id: UUID) -> RotaOut:
    """Who holds which turn and why, the accounts, the blocks and the rules."""
    require_scope(request, "programs:read")
    rota = queries.rota_for(request.viewer, program_id)
    require_run(request.viewer, rota.program, "programs:read")
    return _rota_out(request, program_id)


@router.patch("/programs/{program_id}/rota", response=RotaOut, operation_id="edit_rota")
def edit_rota(request: ApiRequest, program_id: UUID, payload: RulesIn) -> HttpResponse:
    """Change the rules; what stands keeps its own."""
    require_scope(request, "programs:write")
    rota = queries.rota_for(request.viewer, program_id)

    def work() -> tuple[int, dict[str, Any]]:
        changes = payload.model_dump(exclude_none=True)
        actions.edit_rules(rota, by=request.viewer, now=request.now, **changes)
        return 200, _rota_out(request, program_id).model_dump(mode="json")

    return once(request, work)


@router.post(
    "/programs/{program_id}/rota/blocks",
    response={201: RotaBlockOut},
    operation_id="add_rota_block",
)
def add_rota_block(request: ApiRequest, program_id: UUID, payload: SlotIn) -> HttpResponse:
    """Add a block of wall time that comes back every week."""
    require_scope(request, "programs:write")
    rota = queries.rota_for(request.viewer, program_id)

    def work() -> tuple[int, dict[str, Any]]:
        slot = actions.add_slot(rota, **payload.model_dump(), by=request.viewer, now=request.now)
        return 201, _slot(slot).model_dump(mode="json")

    return once(request, work)


@router.post("/blocks/{slot_id}/remove", response={204: None}, operation_id="remove_rota_block")
def remove_rota_block(request: ApiRequest, slot_id: UUID) -> HttpResponse:
    """Take a block away; what is booked in it still takes place."""
    require_scope(request, "programs:write")
    slot = queries.slot_for(request.viewer, slot_id)

    def work() -> tuple[int, dict[str, Any]]:
        actions.remove_slot(slot, by=request.viewer, now=request.now)
        return 204, {}

    return once(request, work)


def place_out(place: PlaceInLine) -> PlaceInLineOut:
    """A place in line as its owner sees it."""
    return PlaceInLineOut(
        id=place.public_id,
        turn=place.turn.public_id,
        objective=place.objective,
        state=place.state,
        starts_at=place.booking.starts_at if place.booking else None,
        offered_until=place.offered_until,
    )


def turn_out(card: queries.TurnCard) -> TurnOut:
    """A turn with its reasons in words; never who comes or what for."""
    turn = card.turn
    return TurnOut(
        id=turn.public_id,
        program=turn.slot.rota.program.public_id,
        starts_at=turn.starts_at,
        ends_at=turn.ends_at,
        state=turn.state,
        mentor=turn.host.public_id if turn.host else None,
        reasons=card.why,
        places=card.places,
        sessions=len(card.sessions),
        waiting=card.waiting,
    )


def _rota_out(request: ApiRequest, program_id: UUID) -> RotaOut:
    rota = queries.rota_for(request.viewer, program_id)
    coming, _past = queries.rota_turns(request.viewer, rota, request.now)
    return RotaOut(
        **{name: getattr(rota, name) for name in RulesIn.model_fields},
        uneven=queries.why_uneven(rota),
        slots=[_slot(slot) for slot in queries.slots_of(rota)],
        turns=[turn_out(card) for card in coming],
        mentors=[
            MemberOut(
                mentor=member.person.public_id,
                name=member.person.name,
                turns=member.turns,
                account=member.account,
                handed_on=member.absences,
            )
            for member in queries.rota_members(request.viewer, rota, request.now)
        ],
    )


def _slot(slot: RotaSlot) -> RotaBlockOut:
    return RotaBlockOut(
        id=slot.public_id,
        weekday=slot.weekday,
        starts_min=slot.starts_min,
        minutes=slot.minutes,
        timezone=slot.timezone,
    )
