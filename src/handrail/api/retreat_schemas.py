"""What goes over the wire about retreats; a guest's needs only to them and to who plans."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from ninja import Field, Schema

Text = Annotated[str, Field(max_length=1000)]
Count = Annotated[int, Field(ge=1, le=1000)]


class RetreatIn(Schema):
    template: str
    name: Text
    place: Text
    timezone: str
    starts_on: date
    address: Text = ""
    shipping_days: int = 5


class RetreatPatch(Schema):
    name: Text | None = None
    objective: Text | None = None
    timezone: str | None = None
    starts_on: date | None = None
    ends_on: date | None = None


class RetreatOut(Schema):
    id: UUID
    name: str
    objective: str
    status: str
    timezone: str
    starts_on: date
    ends_on: date
    planner: UUID | None


class HubIn(Schema):
    name: Text | None = None
    address: Text | None = None
    timezone: str | None = None
    shipping_days: int | None = None  # working days that a parcel takes
    closed_on: list[date] | None = None  # nothing is delivered then


class HubOut(Schema):
    id: UUID
    name: str
    address: str
    timezone: str
    shipping_days: int
    closed_on: list[date]


class GuestIn(Schema):
    hub: UUID | None = None
    comes_from: Text | None = None
    arrives_at: datetime | None = None
    leaves_at: datetime | None = None
    needs: Text | None = None


class GuestOut(Schema):
    person: UUID
    hub: UUID
    comes_from: str
    arrives_at: datetime | None
    leaves_at: datetime | None
    needs: str | None = None  # null where the reader may not know


class BlockIn(Schema):
    day: int | None = None  # 1 is the first
    starts_min: int | None = None  # after midnight, where the retreat is
    minutes: int | None = None
    kind: str | None = None  # work, mentoring, social
    title: Text | None = None
    objective: Text | None = None
    led_by: UUID | None = None


class AgendaBlockOut(Schema):
    id: UUID
    day: int
    starts_at: datetime
    ends_at: datetime
    kind: str
    title: str
    objective: str
    led_by: UUID | None
    overlaps: list[str]  # titles
    is_outside: bool


class ItemIn(Schema):
    name: Text | None = None
    per_person: bool | None = None
    quantity: int | None = None
    to_ship: bool | None = None
    hub: UUID | None = None


class PiecesOut(Schema):
    person: UUID | None  # null: nobody brings them yet
    count: int
    state: str
    ship_by: date | None
    is_late: bool


class ItemOut(Schema):
    id: UUID
    name: str
    per_person: bool
    quantity: int
    to_ship: bool
    open: int
    ship_by: date | None
    pieces: list[PiecesOut]


class PiecesIn(Schema):
    do: str  # claim, release, mark
    count: Count = 1  # of a claim
    state: str = ""  # of a mark: open, ready, shipped, arrived
    person: UUID | None = None  # by default: you


class RetreatPlanOut(Schema):
    retreat: RetreatOut
    hubs: list[HubOut]
    guests: list[GuestOut]
    agenda: list[AgendaBlockOut]
    kit: list[ItemOut]
