"""What goes over the wire: public ids, UTC times, no internal keys."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from ninja import Field, Schema

from handrail.api.ritual_schemas import RitualsIn, RitualsOut

Name = Annotated[str, Field(min_length=1, max_length=200)]
Minutes = Annotated[int, Field(ge=0, le=2400)]
Link = Annotated[str, Field(max_length=500)]


class SkillOut(Schema):
    skill: str
    level: int


class WantOut(Schema):
    skill: str
    priority: int


class PersonOut(Schema):
    id: UUID
    person_id: str
    name: str
    role: str
    timezone: str
    languages: list[str]
    team: str | None
    offers: list[SkillOut]
    wants: list[WantOut]
    # Shown to the person, their manager and administrators; null for everybody else.
    email: str | None = None
    minutes_per_week: int | None = None
    pause_until: date | None = None
    working_hours: str | None = None
    # Shown to the person alone.
    call_link: str | None = None


class PersonIn(Schema):
    name: Name | None = None
    timezone: Annotated[str, Field(max_length=64)] | None = None
    working_hours: Annotated[str, Field(max_length=11)] | None = None
    languages: list[Annotated[str, Field(max_length=35)]] | None = None
    minutes_per_week: Minutes | None = None
    call_link: Link | None = None  # one's own alone; empty takes it away


SkillName = Annotated[str, Field(min_length=1, max_length=120)]


class SkillIn(Schema):
    skill: SkillName
    level: Annotated[int, Field(ge=1, le=5)]


class SkillsIn(Schema):
    offers: list[SkillIn]
    wants: list[SkillName]


class PauseIn(Schema):
    until: date | None


class MergesOut(Schema):
    created: int
    known: int
    warnings: list[str]


class ImportOut(Schema):
    id: UUID
    kind: str
    filename: str
    applied_at: datetime | None
    summary: dict[str, Any]


class ProgramIn(Schema):
    template: str
    starts_on: date
    name: Annotated[str, Field(max_length=120)] = ""
    session_minutes: int | None = None
    sessions_per_mentee: int | None = None
    within_days: int | None = None
    leads: list[UUID] = []


class LeadIn(Schema):
    person: UUID


class AttendanceIn(Schema):
    person: UUID
    attendance: str


class ProgramPatch(RitualsIn):
    name: Annotated[str, Field(max_length=120)] | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    session_minutes: int | None = None
    sessions_per_mentee: int | None = None
    within_days: int | None = None
    min_notice_minutes: int | None = None
    late_cancel_minutes: int | None = None
    daily_cap: int | None = None
    keep_published: str | None = None
    again_after_weeks: int | None = None
    quality_floor: int | None = None
    share_load: str | None = None
    answer_hours: int | None = None
    pause_after_silent: int | None = None
    completion_line: int | None = None
    reply_line_hours: int | None = None


class ProgramOut(RitualsOut):
    id: UUID
    name: str
    model: str
    template: str
    status: str
    starts_on: date
    ends_on: date
    session_minutes: int
    sessions_per_mentee: int
    within_days: int
    keep_published: str
    again_after_weeks: int
    quality_floor: int
    share_load: str
    answer_hours: int
    pause_after_silent: int
    completion_line: int
    reply_line_hours: int


class EnrolmentIn(Schema):
    person: UUID
    role: str


class EnrolmentOut(Schema):
    id: UUID
    person: UUID
    role: str
    joined_at: datetime
    objectives: list[str]


class ObjectiveIn(Schema):
    text: Annotated[str, Field(max_length=280)]
    skill: Annotated[str, Field(max_length=120)] | None = None


class ObjectiveOut(Schema):
    id: UUID
    text: str
    skill: str | None


class MatchRunIn(Schema):
    week: date
    seed: Annotated[int, Field(ge=0, le=2**62)] | None = None


class MatchOut(Schema):
    id: UUID
    mentee: UUID
    mentor: UUID
    starts_at: datetime
    minutes: int
    skill: str
    score: int
    reasons: list[str]
    runner_up: str
    others: list[str]
    pinned: bool


class UnmatchedOut(Schema):
    person: UUID
    reasons: list[str]


class MatchRunOut(Schema):
    id: UUID
    program: UUID
    week: date
    seed: int
    status: str
    # Empty unless the run is being worked out; `why` is empty unless it failed.
    stage: str
    why: str
    certificate: dict[str, Any]
    created_at: datetime


class MatchRunWhole(MatchRunOut):
    # At most 200 of each; `more` says that there are others, on their own pages.
    matches: list[MatchOut]
    unmatched: list[UnmatchedOut]
    more: bool
    rules: dict[str, Any]
    advice: dict[str, Any]


class MatchRunStatus(Schema):
    id: UUID
    status: str
    stage: str
    step: int
    steps: int


class PlanOut(Schema):
    run: UUID
    served: int
    served_bound: int
    fit: float
    bound: float
    gap: float


class PlaceOut(Schema):
    mentor: UUID
    starts_at: datetime


class ChangeOut(Schema):
    mentee: UUID
    before: PlaceOut | None
    after: PlaceOut | None
    why: list[str]  # there is no place in the one plan


class ComparisonOut(Schema):
    before: PlanOut
    after: PlanOut
    # At most 50 of each kind; the counts are of all.
    another_mentor: list[ChangeOut]
    another_time: list[ChangeOut]
    newly_served: list[ChangeOut]
    lost_place: list[ChangeOut]
    counts: dict[str, int]
    decided_since: list[str]
    taken_back: list[str]
    settings: list[str]


class PairIn(Schema):
    kind: str
    mentee: UUID
    mentor: UUID


class PairOut(PairIn):
    id: UUID
    decided_at: datetime


class SlotOut(Schema):
    starts_at: datetime


class SessionIn(Schema):
    program: UUID
    mentor: UUID
    mentee: UUID | None = None  # default: the key's owner
    starts_at: datetime
    objective: Annotated[str, Field(max_length=280)] = ""


class SeatOut(Schema):
    person: UUID
    role: str
    attendance: str
    checked_in_at: datetime | None
    # What they answered to the invitation: needs_action, accepted, tentative or declined.
    participation: str


class SessionOut(Schema):
    id: UUID
    program: UUID
    state: str
    objective: str
    starts_at: datetime
    ends_at: datetime
    minutes: int
    started_at: datetime | None
    ended_at: datetime | None
    seats: list[SeatOut]
    capacity: int  # mentees who fit in: more than one in a group
    # Where the two talk: shown to the two, until the session is over.
    call_link: str | None = None


class MoveIn(Schema):
    starts_at: datetime


class ProposalOut(Schema):
    id: UUID
    person: UUID
    starts_at: datetime
    made_at: datetime


class ProposalAnswerIn(Schema):
    accept: bool


class TickIn(Schema):
    ticked: bool


class TextIn(Schema):
    operation: UUID
    base_rev: Annotated[int, Field(ge=0)]
    body: Annotated[str, Field(max_length=200_000)]


class CallLinkIn(Schema):
    operation: UUID
    base_rev: Annotated[int, Field(ge=0)]
    call_link: Link  # empty: the one from the settings


class TextOut(Schema):
    field: str
    rev: int
    body: str
    conflict: bool


class ArtifactIn(Schema):
    learned: Annotated[str, Field(max_length=20_000)]
    next_step: Annotated[str, Field(max_length=20_000)]
    owner: UUID | None = None
    link: Link = ""


class ArtifactOut(Schema):
    id: UUID
    session: UUID
    learned: str
    next_step: str
    owner: UUID | None
    link: str
    submitted_at: datetime


class ReportIn(Schema):
    program: UUID | None = None
    pilot: UUID | None = None  # then the report is about its question
    every_program: bool = False  # then all programs stand side by side
    cut: date


class ReportOut(Schema):
    id: UUID
    title: str
    program: UUID | None
    pilot: UUID | None = None
    cut: date
    created_at: datetime
    simulated_sessions: bool


class ReportWhole(ReportOut):
    result: dict[str, Any]


class MeOut(Schema):
    organization: str
    person: UUID | None
    roles: list[str]
    scopes: list[str]
