"""What goes over the wire about checklists, prompts, objectives and no-shows."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from ninja import Field, Schema


class RitualsIn(Schema):
    """What every session of a program has; sessions that are booked keep theirs."""

    checklist: list[str] | None = None
    artifact_prompts: dict[str, str] | None = None  # learned, next_step
    objectives_per_mentee: int | None = None
    grace_minutes: int | None = None
    no_show_limit: int | None = None
    no_show_weeks: int | None = None
    no_show_pause_days: int | None = None
    consequences: str | None = None


class RitualsOut(Schema):
    checklist: list[str]
    artifact_prompts: dict[str, str]
    objectives_per_mentee: int
    grace_minutes: int
    no_show_limit: int
    no_show_weeks: int
    no_show_pause_days: int
    consequences: str


class AppealIn(Schema):
    text: Annotated[str, Field(max_length=500)]


class DecisionIn(Schema):
    decision: str  # attended, excused, stands
    word: Annotated[str, Field(max_length=280)] = ""


class AppealOut(Schema):
    id: UUID
    session: UUID
    person: UUID
    text: str
    written_at: datetime
    decision: str
    word: str
    decided_at: datetime | None


class SomebodyElseIn(Schema):
    person: UUID  # the other one of the pair
    never_again: bool = False  # onto your private list as well


class SomebodyElseOut(Schema):
    given_back: int


class AutomationOut(Schema):
    purpose: str
    label: str
    is_on: bool
    quiet_until: datetime | None


class SnoozeIn(Schema):
    purpose: str
    days: Annotated[int, Field(ge=0, le=28)]  # 0: it wakes now


class ThanksIn(Schema):
    sentence: Annotated[str, Field(max_length=280)] = ""


class ThanksOut(Schema):
    id: UUID
    giver: UUID
    sentence: str
    given_at: datetime


class QuietOut(Schema):
    id: UUID
    program: UUID
    of_program: bool  # false: the reader's own part in it
    asked_at: datetime
    ends_at: datetime
    kept_at: datetime | None
    ended_at: datetime | None


class QuietIn(Schema):
    answer: str  # keep, end, back
