"""What the wire says of time: hours, why a time is not free, calendars."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from ninja import Field, Schema

Spans = Annotated[str, Field(max_length=200)]  # "09:00-12:00, 13:00-17:00"; "" is none


class WeekdayHours(Schema):
    weekday: Annotated[int, Field(ge=0, le=6)]  # 0 is Monday
    open: Spans = ""
    closed: Spans = ""  # no sessions, inside what is open


class DayHours(Schema):
    day: date
    hours: Spans = ""  # empty: away all day


class WeekMinutes(Schema):
    monday: date
    given: int
    left: int


class HoursIn(Schema):
    week: Annotated[list[WeekdayHours], Field(max_length=7)]  # empty: the working hours hold
    days: Annotated[list[DayHours], Field(max_length=200)]
    buffer_before: int = 0
    buffer_after: int = 5
    min_notice_minutes: int = 0
    daily_cap: int = 0
    holidays_of: Annotated[str, Field(max_length=16)] = ""  # "DE" or "DE-BE"


class HoursOut(HoursIn):
    timezone: str
    minutes_per_week: int
    minutes: list[WeekMinutes]  # this week and the next, over all programs


class WhyNotOut(Schema):
    person: UUID
    code: str
    text: str


class SlotAnswer(Schema):
    free: bool
    reasons: list[WhyNotOut]


class CalendarIn(Schema):
    """A published calendar to be added; with a user and password, those of a CalDAV server."""

    name: str
    address: str
    user: str = ""
    password: str = ""


class CalendarOut(Schema):
    """A calendar elsewhere; its address is a secret and not shown."""

    id: UUID
    name: str
    kind: str
    host: str
    tried_at: datetime | None
    good_at: datetime | None
    trouble: str | None
    problems: list[str]
