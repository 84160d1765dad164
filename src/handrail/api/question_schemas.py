"""What is sent and shown of answers' insides and of questions."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field

Audience = Literal["pair", "team", "organization", "public"]


class WordsIn(Schema):
    """The words of an answer; too long ones are refused with what to do."""

    question: str
    answer: str
    next_step: str = ""
    link: str = ""
    skill: UUID | None = None


class NewWordsIn(WordsIn):
    """`base` is the revision that was read before changing it."""

    base: int


class ApprovalIn(Schema):
    revision: int
    question: Audience = "pair"
    answer: Audience = "pair"
    next_step: Audience = "pair"
    link: Audience = "pair"


class AgreementIn(Schema):
    """How far one of the texts goes that the caller wrote in."""

    revision: int
    text: Literal["question", "answer", "next_step", "link"]
    upto: Audience


class ChangeIn(Schema):
    do: Literal["check", "outdated", "dismiss", "discard", "hand_over", "same", "alias"]
    person: UUID | None = None  # to hand it over to; none: the team
    other: UUID | None = None  # the answer that is the same
    text: str = ""  # of an alias


class PhrasingIn(Schema):
    add: bool


class WriterOut(Schema):
    person: UUID
    name: str
    upto: Audience


class AnswerTextOut(Schema):
    text: str
    body: str
    wanted: Audience
    shown: Audience
    writers: list[WriterOut]


class PhrasingOut(Schema):
    id: UUID
    text: str
    times: int


class InsideOut(Schema):
    """An answer for its people: the last wording, whose words it has, and how it was asked."""

    id: UUID
    state: str
    revision: int
    is_draft: bool
    owner: UUID | None
    flagged: bool
    review_by: date | None
    texts: list[AnswerTextOut]
    suggested: list[PhrasingOut]


class QuestionIn(Schema):
    """`id` is made by who asks, so that a question that is sent twice is asked once."""

    id: UUID
    text: str
    note: str = ""
    skill: UUID | None = None
    language: Annotated[str, Field(max_length=8)] = ""
    asked_at: datetime | None = None


class HitOut(Schema):
    answer: UUID
    question: str
    band: str
    outcome: str
    stale: bool


class OfferedTimeOut(Schema):
    turn: UUID
    mentor: UUID
    name: str
    starts_at: datetime


class QuestionOut(Schema):
    id: UUID
    text: str
    note: str
    skill: UUID | None
    state: str
    route: str
    asked_at: datetime
    answer: UUID | None
    session: UUID | None


class QuestionPageOut(QuestionOut):
    """With the hits that were shown, and the next times of people who know."""

    hits: list[HitOut]
    slots: list[OfferedTimeOut]
    contact: str


class SayIn(Schema):
    answer: UUID
    outcome: Literal["solved", "not_this"]


class BookIn(Schema):
    turn: UUID
    starts_at: datetime


class ReplyIn(Schema):
    """An answer that is there, or one in writing."""

    answer_id: UUID | None = None
    question: str = ""
    answer: str = ""
    next_step: str = ""
    link: str = ""
    audience: Audience = "organization"


class GoOnIn(Schema):
    do: Literal["queue", "withdraw", "skill"]
    skill: UUID | None = None


class ShareOut(Schema):
    hits: int
    n: int
    value: float | None
    low: float | None
    high: float | None


class AvoidedOut(Schema):
    """Figures are null where fewer than 5 people stand behind them."""

    first: date
    last: date
    people_enough: bool
    avoided: int | None
    missed: int | None
    share: ShareOut | None
    needed_a_person: ShareOut | None


class QuestionSettings(Schema):
    words: str
    contact: str
    alarm_hours: int
