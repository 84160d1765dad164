"""The people file: people.csv to typed rows. No database is asked."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache

from django.utils.translation import gettext as _

from handrail.apps.people.table import UPLOAD, Limits, Line, Problem, Reader, Unreadable, read_table
from handrail.apps.people.wording import hours_problem
from handrail.domain.scheduling import NotHours, parse_working_hours, zones

REQUIRED = (
    "person_id",
    "name",
    "email",
    "role",
    "timezone",
    "working_hours",
    "start_date",
    "last_active",
    "skills",
    "wants",
    "minutes_per_week",
)
OPTIONAL = (
    "team",
    "manager_id",
    "languages",
    "employment_end",
    "known_since",
    "pause_until",
    "not_with",
    "recent",
)
ROLES = ("mentor", "mentee", "")
EMAIL = re.compile(r"[^@\s,;<>\"]+@[^@\s,;<>\"]+\.[^@\s,;<>\"]+")
LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One person as the file has them."""

    line: int
    person_id: str
    name: str
    email: str
    role: str
    timezone: str
    works_from_min: int
    works_to_min: int
    start_date: date
    last_active: date | None
    skills: dict[str, int]
    wants: dict[str, int]
    minutes_per_week: int
    team: str = ""
    manager_id: str = ""
    languages: tuple[str, ...] = ()
    employment_end: date | None = None
    known_since: date | None = None
    pause_until: date | None = None
    not_with: tuple[str, ...] = ()
    recent: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PeopleFile:
    """What a people file says; with an error, nothing of it may be taken."""

    rows: list[PersonRow] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    columns: frozenset[str] = frozenset()

    @property
    def errors(self) -> list[Problem]:
        """What must be mended first, in the order of lines."""
        return sorted((p for p in self.problems if p.is_error), key=lambda p: (p.line, p.column))

    @property
    def warnings(self) -> list[Problem]:
        """What was mended on reading."""
        return [problem for problem in self.problems if not problem.is_error]


def parse_people(
    content: bytes,
    *,
    known_ids: frozenset[str] = frozenset(),
    known_managers: Mapping[str, str] | None = None,
    limits: Limits = UPLOAD,
) -> PeopleFile:
    """Read a people file; `known_ids` are people who may be named though they are not in it.

    `known_managers` says who stands above whom so far, for circles that the file would close.
    """
    try:
        lines, problems = read_table(content, required=REQUIRED, optional=OPTIONAL, limits=limits)
    except Unreadable as unreadable:
        return PeopleFile(problems=[unreadable.problem])
    if not lines and not problems:
        problems.append(Problem(2, "", _("There is no person in the file. Add a row for each.")))
    rows: list[PersonRow] = []
    every: list[PersonRow] = []
    for line in lines:
        before = len(problems)
        row = _row(line, problems)
        every.append(row)
        if not any(problem.is_error for problem in problems[before:]):
            rows.append(row)
    ids = {row.person_id for row in every} | known_ids
    columns = frozenset(lines[0].cells) if lines else frozenset()
    _check_together(every, ids, problems)
    if "manager_id" in columns:
        _check_circles(every, known_managers or {}, problems)
    return PeopleFile(rows=rows, problems=problems, columns=columns)


def _row(line: Line, problems: list[Problem]) -> PersonRow:
    reader = Reader(line, problems)
    start = reader.day("start_date", needed=True)
    role = line.get("role")
    if role not in ROLES:
        reader.wrong(
            "role", _("'%(value)s' is not a role. Write mentor or mentee.") % {"value": role}
        )
    zone = line.get("timezone")
    if zone not in zones():
        reader.wrong(
            "timezone",
            _("'%(value)s' is not a time zone. Write one like Europe/Berlin.") % {"value": zone},
        )
    from_min, to_min = 9 * 60, 17 * 60
    if hours := line.get("working_hours"):
        try:
            from_min, to_min = _hours(hours)
        except NotHours as error:
            reader.wrong("working_hours", hours_problem(error))
    email = reader.text("email", longest=254).lower()
    if email and not EMAIL.fullmatch(email):
        reader.wrong(
            "email",
            _("'%(value)s' is not an address. Write one like ada@example.org.") % {"value": email},
        )
    languages = reader.list_of("languages")
    for language in languages:
        if not LANGUAGE.fullmatch(language):
            reader.wrong(
                "languages",
                _("'%(value)s' is not a language code. Write en or de.") % {"value": language},
            )
    person_id = reader.text("person_id", longest=80)
    not_with, recent = reader.list_of("not_with"), reader.list_of("recent")
    for column, named in (("not_with", not_with), ("recent", recent)):
        if person_id and person_id in named:
            reader.wrong(column, _("This names the person of the line itself. Remove it."))
    if person_id and line.get("manager_id") == person_id:
        reader.wrong("manager_id", _("A person cannot be their own manager. Change it."))
    return PersonRow(
        line=line.number,
        person_id=person_id,
        name=reader.text("name", longest=200),
        email=email,
        role=role,
        timezone=zone,
        works_from_min=from_min,
        works_to_min=to_min,
        start_date=start or date.min,
        last_active=_not_before(reader, "last_active", start),
        skills=reader.numbered("skills", lowest=1, highest=5),
        wants=reader.numbered("wants", lowest=1, highest=99),
        minutes_per_week=reader.number("minutes_per_week", lowest=0, highest=2400, default=0),
        team=reader.text("team", longest=120, needed=False),
        manager_id=line.get("manager_id"),
        languages=tuple(languages),
        employment_end=_not_before(reader, "employment_end", start),
        known_since=reader.day("known_since"),
        pause_until=reader.day("pause_until"),
        not_with=tuple(not_with),
        recent=tuple(recent),
    )


@lru_cache(maxsize=1000)  # a file has few different ones
def _hours(text: str) -> tuple[int, int]:
    return parse_working_hours(text)


def _not_before(reader: Reader, column: str, start: date | None) -> date | None:
    """A date from the start on; one day of disorder is mended with a warning, more is an error."""
    day = reader.day(column)
    if day is None or start is None or day >= start:
        return day
    if start - day == timedelta(days=1):
        reader.warn(
            column,
            _("%(day)s lies one day before the start; %(start)s is taken.")
            % {"day": day, "start": start},
        )
        return start
    reader.wrong(
        column,
        _("%(day)s lies before the start %(start)s. Correct one of them.")
        % {"day": day, "start": start},
    )
    return None


def _check_together(rows: list[PersonRow], ids: set[str], problems: list[Problem]) -> None:
    """What only shows across lines: people twice, people whom nobody knows."""
    first_id: dict[str, int] = {}
    first_email: dict[str, int] = {}
    for row in rows:
        for column, value, first in (
            ("person_id", row.person_id, first_id),
            ("email", row.email, first_email),
        ):
            if not value:
                continue
            if value in first:
                message = _("'%(value)s' is already in line %(line)d. Each person is there once.")
                words = {"value": value, "line": first[value]}
                problems.append(Problem(row.line, column, message % words))
            else:
                first[value] = row.line
        named = [("manager_id", row.manager_id)] if row.manager_id else []
        named += [("not_with", other) for other in row.not_with]
        named += [("recent", other) for other in row.recent]
        for column, other in named:
            if other not in ids:
                message = _("'%(value)s' is nobody's person_id. Correct it.")
                problems.append(Problem(row.line, column, message % {"value": other}))


def _check_circles(
    rows: list[PersonRow], known: Mapping[str, str], problems: list[Problem]
) -> None:
    lines = {row.person_id: row.line for row in rows}
    managers = {person: above for person, above in known.items() if person not in lines}
    managers |= {
        row.person_id: row.manager_id
        for row in rows
        if row.manager_id and row.manager_id != row.person_id
    }
    done: set[str] = set()
    for start in managers:
        path: list[str] = []
        seen: set[str] = set()
        person = start
        while person in managers and person not in done and person not in seen:
            seen.add(person)
            path.append(person)
            person = managers[person]
        if person in seen:
            circle = path[path.index(person) :]
            names = " → ".join([*circle, circle[0]])
            message = _("A circle of managers: %(names)s. Break it.") % {"names": names}
            problems.extend(
                Problem(lines[one], "manager_id", message) for one in circle if one in lines
            )
        done |= seen


def role_counts(rows: list[PersonRow]) -> Counter[str]:
    """How many mentors and mentees the file has."""
    return Counter(row.role for row in rows)
