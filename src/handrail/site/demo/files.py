"""The demo's input files, moved to the time in which the demo plays."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from handrail.apps.people.merging import refused_file
from handrail.apps.people.people_file import parse_people

EXAMPLE_MONDAY = date(2026, 2, 2)  # the day after which the example's people are newcomers
EXAMPLE_DATA_END = date(2026, 8, 22)

PEOPLE_DAYS = ("start_date", "last_active", "employment_end", "known_since", "pause_until")
MERGE_MOMENTS = ("authored_at", "merged_at")

MANAGER_ID = "office-manager"
OFFICE = (
    (MANAGER_ID, "Maren Hoff", "the newcomers' manager"),
    ("office-analyst", "Ansel Roth", "analyst"),
    ("office-auditor", "Odile Brandt", "auditor"),
    ("office-recruiter", "Rika Lund", "recruiter"),
)


def monday_of(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def shift_for(today: date) -> timedelta:
    """By how much the example moves: whole weeks, so that weekdays stay what they were."""
    return monday_of(today) - EXAMPLE_MONDAY


def moved(content: bytes, shift: timedelta, columns: Iterable[str]) -> bytes:
    """The same CSV file with the days and moments of these columns moved.

    What is no date stays as it is: the import names its line.
    """
    if not shift:
        return content
    try:
        rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    except (UnicodeDecodeError, csv.Error):
        return content
    if not rows:
        return content
    places = [place for place, name in enumerate(rows[0]) if name.strip() in set(columns)]
    for row in rows[1:]:
        for place in places:
            if place < len(row):
                row[place] = _moved_value(row[place], shift)
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue().encode()


def _moved_value(text: str, shift: timedelta) -> str:
    try:
        if "T" in text:
            return (datetime.fromisoformat(text) + shift).isoformat()
        return (date.fromisoformat(text) + shift).isoformat()
    except ValueError:
        return text


def require_people(content: bytes) -> None:
    """Raise Invalid, naming each line, for a people file that the import would refuse."""
    file = parse_people(with_manager(content), known_ids=frozenset({MANAGER_ID}))
    if file.errors:
        raise refused_file([str(problem) for problem in file.errors])


def office_file(timezone: str) -> bytes:
    """The made-up people who run the place: no role in any session."""
    head = "person_id,name,email,role,timezone,working_hours,start_date,last_active,skills,wants"
    lines = [f"{head},minutes_per_week"]
    for person_id, name, _what in OFFICE:
        address = f"{person_id}@example.org"
        lines.append(f"{person_id},{name},{address},,{timezone},09:00-17:00,2015-01-05,,,,")
    return "\n".join([*lines, ""]).encode()


def with_manager(content: bytes) -> bytes:
    """The people file with a made-up manager for its mentees, where it names no managers."""
    try:
        rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    except (UnicodeDecodeError, csv.Error):
        return content
    if not rows or "manager_id" in rows[0] or "role" not in rows[0]:
        return content
    place = rows[0].index("role")
    rows[0].append("manager_id")
    for row in rows[1:]:
        row.append(MANAGER_ID if len(row) > place and row[place] == "mentee" else "")
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue().encode()
