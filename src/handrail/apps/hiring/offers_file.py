"""A file of offers to lines, every problem by line and column. No database is asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time

from django.utils.translation import gettext as _

from handrail.apps.hiring.models import Outcome
from handrail.apps.people.table import Reader, Unreadable, read_table

REQUIRED = ("applicant_id", "requisition", "offered_at", "outcome")
OPTIONAL = ("trajectory_shown", "decided_at", "job_family")


@dataclass(frozen=True, slots=True)
class OfferLine:
    """One offer as it was said."""

    number: int
    applicant: str
    requisition: str
    offered_at: datetime
    shown: str  # empty: nothing was said
    outcome: str
    decided_at: datetime | None
    family: str


def read_offers(content: bytes) -> tuple[list[OfferLine], list[str]]:
    """The file's offers and what is wrong with it; with a problem nothing of it may be taken."""
    try:
        rows, problems = read_table(content, required=REQUIRED, optional=OPTIONAL)
    except Unreadable as unreadable:
        return [], [str(unreadable.problem)]
    lines: list[OfferLine] = []
    seen: dict[tuple[str, str], int] = {}
    for row in rows:
        reader = Reader(row, problems)
        before = len(problems)
        applicant = reader.text("applicant_id", longest=80)
        requisition = reader.text("requisition", longest=80)
        offered = _moment(reader, "offered_at", needed=True)
        decided = _moment(reader, "decided_at", needed=False)
        first = seen.setdefault((applicant, requisition), row.number)
        if first != row.number:
            reader.wrong(
                "applicant_id",
                _("The same offer stands in line %(line)d. Keep one of them.") % {"line": first},
            )
        if len(problems) == before and offered is not None:
            lines.append(
                OfferLine(
                    number=row.number,
                    applicant=applicant,
                    requisition=requisition,
                    offered_at=offered,
                    shown=row.get("trajectory_shown").lower(),
                    outcome=row.get("outcome").lower() or Outcome.PENDING,
                    decided_at=decided,
                    family=row.get("job_family"),
                )
            )
    return lines, [str(one) for one in problems if one.is_error]


def _moment(reader: Reader, column: str, *, needed: bool) -> datetime | None:
    """A time with offset; a date alone is noon of that day in UTC."""
    if len(reader.line.get(column)) == len("2026-02-01"):
        day = reader.day(column)
        return datetime.combine(day, time(12), UTC) if day else None
    return reader.moment(column, needed=needed)
