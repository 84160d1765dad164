"""What devices send and get: who is signed in, operations, the room."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from ninja import Schema
from pydantic import Field

Name = Annotated[str, Field(max_length=64)]
Body = Annotated[str, Field(max_length=1_000_000)]  # what is too long for a field is parked


class DeviceOut(Schema):
    account: UUID
    epoch: UUID
    now: datetime
    schema_version: int
    token: str


class OperationIn(Schema):
    id: UUID
    account: UUID
    kind: Annotated[str, Field(max_length=16)]
    target: UUID
    base_rev: Annotated[int, Field(ge=0, le=2**62)] = 0
    base: dict[Name, Body] = {}
    fields: dict[Name, Body] = {}


class OperationsIn(Schema):
    schema_version: int = 1
    epoch: UUID | None = None
    ops: Annotated[list[OperationIn], Field(max_length=50)]


class OutcomeOut(Schema):
    id: UUID
    status: str
    rev: int
    fields: dict[str, str]
    conflict: list[str]
    code: str
    reason: str


class OutcomesOut(Schema):
    epoch: UUID
    results: list[OutcomeOut]


class RoomTextOut(Schema):
    body: str
    rev: int


class NoteOut(Schema):
    person: UUID
    body: str


class RoomOut(Schema):
    epoch: UUID
    rev: int
    state: str
    sign: str
    started_at: datetime | None
    ends_at: datetime | None
    texts: dict[str, RoomTextOut]
    notes: list[NoteOut]
    ticks: dict[str, str]
