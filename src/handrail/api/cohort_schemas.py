"""What cohorts are told and tell over the API: intakes, places, times and weeks."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from ninja import Schema
from pydantic import Field

Seats = Annotated[int, Field(ge=6, le=8)]
Theme = Annotated[str, Field(min_length=5, max_length=280)]


class IntakeIn(Schema):
    mentors: list[UUID]
    opens_on: date
    closes_on: date
    starts_on: date
    held_until: date | None = None
    hired_from: date | None = None
    seats: Seats = 8
    by_lot: bool = False
    tail_sessions: Annotated[int, Field(ge=0, le=6)] = 3
    themes: list[Theme] | None = None


class CohortPlaceOut(Schema):
    person: UUID
    started_on: date
    cohort: UUID | None
    offered_until: datetime | None


class IntakeOut(Schema):
    id: UUID
    program: UUID
    state: str
    opens_on: date
    closes_on: date
    starts_on: date
    held_until: date
    seats: int
    by_lot: bool
    tail_sessions: int
    themes: list[str]


class IntakeWhole(IntakeOut):
    # For who runs the program: who is in, who waits in order; nobody who opted out.
    seated: list[CohortPlaceOut]
    waiting: list[CohortPlaceOut]
    held: int
    cohorts: list[UUID]


class OwnPlaceOut(Schema):
    state: str
    number: int
    cohort: UUID | None
    offered_until: datetime | None


class PlaceIn(Schema):
    do: str  # out, in, accept or decline


class MissesOut(Schema):
    person: UUID
    weeks: list[int]


class MovesOut(Schema):
    person: UUID
    week: int
    minutes: int


class TimeOut(Schema):
    first_on: date
    minute: int
    everybody_in_weeks: int
    misses: list[MissesOut]
    moves: list[MovesOut]


class BlockerOut(Schema):
    person: UUID
    weeks_without: int
    starts_a_week_without: int


class TimesOut(Schema):
    times: list[TimeOut]
    never_together: bool
    blockers: list[BlockerOut]


class CohortWeekOut(Schema):
    number: int
    planned_at: datetime
    session: UUID | None
    state: str


class CohortOut(Schema):
    id: UUID
    intake: UUID
    mentor: UUID
    state: str
    timezone: str
    first_on: date | None
    minute: int | None
    members: list[UUID]
    wants_mentor_since: datetime | None  # its mentor comes no more: name another one
    weeks: list[CohortWeekOut]


class NamedIn(Schema):
    mentor: UUID


class StartIn(Schema):
    first_on: date
    minute: Annotated[int, Field(ge=0, lt=1440)]
    although_small: bool = False
