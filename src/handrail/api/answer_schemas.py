"""What answers and questions look like to programs and devices."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from ninja import Schema


class AnswerRow(Schema):
    """One answer as its reader may see it; "not checked since" follows from `review_by`."""

    id: UUID
    question: str
    answer: str
    next_step: str
    link: str
    aliases: list[str]
    skill: UUID | None
    skill_name: str
    source: str
    language: str
    owner: str
    audience: str
    revision: int
    checked_on: date | None
    review_by: date | None
    flagged: bool
    uses: int


class GoneRow(Schema):
    """An answer that this reader cannot read any more."""

    id: UUID
    deleted: bool


class ChangesOut(Schema):
    """Give `cursor` back with the next question; `more` says that it may be asked at once."""

    epoch: UUID
    cursor: str
    more: bool
    rows: list[AnswerRow | GoneRow]
