"""Files of outcomes to typed rows, every problem by line and column. No database is asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.utils.translation import gettext as _

from handrail.apps.outcomes.models import OfferOutcome, RoleKind
from handrail.apps.people.table import Problem, Reader, Unreadable, read_table

ONE_DAY = timedelta(days=1)
ARMS = ("", "offered", "waiting")


@dataclass(frozen=True, slots=True)
class Known:
    """What the house knows already: people by id, each with their first day, if there is one."""

    first_days: Mapping[str, date | None]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of any of these files, by field name."""

    line: int
    values: dict[str, Any]


@dataclass(frozen=True, slots=True)
class OutcomeFile:
    """What a file says; with an error, nothing of it may be taken."""

    rows: list[Row] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def errors(self) -> list[Problem]:
        return sorted((p for p in self.problems if p.is_error), key=lambda p: (p.line, p.column))

    @property
    def warnings(self) -> list[Problem]:
        return [problem for problem in self.problems if not problem.is_error]


@dataclass(frozen=True, slots=True)
class Shape:
    """The columns of one kind of file, and who reads a line of it."""

    required: tuple[str, ...]
    optional: tuple[str, ...]
    read: Callable[[Reader, Known], dict[str, Any]]


def parse(kind: str, content: bytes, known: Known) -> OutcomeFile:
    """Read a file of this kind (a key of SHAPES)."""
    shape = SHAPES[kind]
    try:
        lines, problems = read_table(content, required=shape.required, optional=shape.optional)
    except Unreadable as unreadable:
        return OutcomeFile(problems=[unreadable.problem])
    rows = []
    for line in lines:
        before = len(problems)
        values = shape.read(Reader(line, problems), known)
        if not any(problem.is_error for problem in problems[before:]):
            rows.append(Row(line.number, values))
    return OutcomeFile(rows, problems)


def _person(reader: Reader, known: Known, column: str = "person_id", *, needed: bool = True) -> str:
    value = reader.text(column, longest=80, needed=needed)
    if value and value not in known.first_days:
        reader.wrong(
            column, _("'%(value)s' is nobody we know. Import people first.") % {"value": value}
        )
    return value


def _since(reader: Reader, day: date | None, column: str) -> date | None:
    """Known since: never before it happened; empty is the day itself."""
    since = reader.day("known_since")
    if since is None or day is None:
        return day
    return _after(reader, "known_since", since, day, column)


def _after(reader: Reader, column: str, day: date, first: date, name: str) -> date:
    """A day that cannot lie before another one; one day of disorder is mended."""
    if day >= first:
        return day
    if first - day <= ONE_DAY:
        reader.warn(column, _("A day before %(other)s; that day counts.") % {"other": name})
        return first
    reader.wrong(
        column,
        _("This lies before %(other)s (%(day)s). Correct one of them.")
        % {"other": name, "day": first.isoformat()},
    )
    return first


def _event(reader: Reader, known: Known) -> dict[str, Any]:
    person = _person(reader, known)
    task = reader.text("task", longest=120)
    moment: datetime | None = None
    text = reader.line.get("occurred_at")
    if len(text) == len("2026-02-01"):
        day = reader.day("occurred_at", needed=True)
        # Noon, so that it is the same day almost wherever the person lives.
        moment = datetime.combine(day, time(12), UTC) if day else None
    else:
        moment = reader.moment("occurred_at")
    first = known.first_days.get(person)
    if moment and first and moment.date() < first - ONE_DAY:
        reader.wrong(
            "occurred_at",
            _("This lies before their first day (%(day)s). Correct one of them.")
            % {"day": first.isoformat()},
        )
    day = moment.date() if moment else None
    return {
        "person": person,
        "task": task,
        "occurred_at": moment,
        "known_since": _since(reader, day, "occurred_at"),
    }


def _spell(reader: Reader, known: Known) -> dict[str, Any]:
    person = _person(reader, known)
    started = reader.day("started_on", needed=True)
    ended = reader.day("ended_on")
    if ended is None and reader.line.get("known_since"):
        reader.wrong(
            "ended_on",
            _("Known to have left, but without the day. Write the last day here."),
        )
    if started and ended:
        ended = _after(reader, "ended_on", ended, started, "started_on")
    return {
        "person": person,
        "started_on": started,
        "ended_on": ended,
        # Who gave notice is known to leave before the last day.
        "known_since": (reader.day("known_since") or ended) if ended else None,
    }


def _role(reader: Reader, known: Known) -> dict[str, Any]:
    kind = reader.line.get("kind") or RoleKind.CHANGE.value
    if kind not in RoleKind.values:
        reader.wrong(
            "kind",
            _("'%(value)s' is none of %(names)s.")
            % {"value": kind, "names": ", ".join(RoleKind.values)},
        )
    effective = reader.day("effective_on", needed=True)
    decided = reader.day("decided_on") or effective
    return {
        "person": _person(reader, known),
        "family": reader.text("role_family", longest=120),
        "level": reader.text("level", longest=40, needed=False),
        "team_name": reader.text("team", longest=120, needed=False),
        "effective_on": effective,
        "decided_on": decided,
        "known_since": _since(reader, decided, "decided_on"),
        "kind": kind,
        "skills": sorted(dict.fromkeys(reader.list_of("skills"))),
        "hiring_manager": _person(reader, known, "hiring_manager_id", needed=False),
    }


def _offer(reader: Reader, known: Known) -> dict[str, Any]:
    outcome = reader.line.get("outcome") or OfferOutcome.OPEN.value
    if outcome not in OfferOutcome.values:
        reader.wrong(
            "outcome",
            _("'%(value)s' is none of %(names)s.")
            % {"value": outcome, "names": ", ".join(OfferOutcome.values)},
        )
    arm = reader.line.get("arm")
    if arm not in ARMS:
        reader.wrong("arm", _("Write offered or waiting, or leave it empty."))
    assigned, offered = reader.day("assigned_on"), reader.day("offered_on")
    decided = reader.day("decided_on")
    if arm and assigned is None:
        reader.wrong("assigned_on", _("Empty. Somebody with an arm was assigned on a day."))
    if assigned is None and offered is None:
        reader.wrong("offered_on", _("Empty. Write when the offer was made, or when assigned."))
    if outcome not in (OfferOutcome.OPEN, OfferOutcome.WITHDRAWN) and offered is None:
        reader.wrong("offered_on", _("Empty. An offer with an answer was made on a day."))
    if outcome != OfferOutcome.OPEN and decided is None:
        reader.wrong("decided_on", _("Empty. Write a date like 2026-02-01."))
    if offered and decided:
        decided = _after(reader, "decided_on", decided, offered, "offered_on")
    last = decided or offered or assigned
    return {
        "applicant": reader.text("applicant_id", longest=80),
        "requisition": reader.text("requisition", longest=80),
        "arm": arm,
        "assigned_on": assigned,
        "offered_on": offered,
        "outcome": outcome,
        "decided_on": decided,
        "known_since": _since(reader, last, "decided_on"),
    }


SHAPES: dict[str, Shape] = {
    "events": Shape(("person_id", "task", "occurred_at"), ("known_since",), _event),
    "spells": Shape(("person_id", "started_on", "ended_on"), ("known_since",), _spell),
    "roles": Shape(
        ("person_id", "role_family", "level", "team", "effective_on"),
        ("decided_on", "known_since", "kind", "skills", "hiring_manager_id"),
        _role,
    ),
    "offers": Shape(
        ("applicant_id", "requisition", "offered_on", "outcome"),
        ("decided_on", "known_since", "assigned_on", "arm"),
        _offer,
    ),
}
