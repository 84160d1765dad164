"""A team read from Git as the two plain files that every import starts from."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping

from handrail.apps.people.merges_file import REQUIRED as MERGE_COLUMNS
from handrail.apps.people.people_file import REQUIRED as PEOPLE_COLUMNS
from handrail.integrations.git import GitTeam

LONGEST_NAME, LONGEST_AREA = 200, 120
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def safe_cell(text: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text


def people_csv(team: GitTeam) -> bytes:
    """people.csv of a team."""
    rows = []
    for person in team.people:
        minutes = person.minutes_per_week
        rows.append(
            [
                person.person_id,
                safe_cell(person.name)[:LONGEST_NAME],
                person.email,
                person.role,
                person.timezone,
                person.working_hours,
                person.start_date.isoformat(),
                person.last_active.isoformat() if person.last_active else "",
                _numbered(person.skills),
                _numbered(person.wants),
                "" if minutes is None else str(minutes),
            ]
        )
    return _csv(PEOPLE_COLUMNS, rows)


def merges_csv(team: GitTeam) -> bytes:
    """merges.csv of a team."""
    rows = [
        [
            merge.person_id,
            "merge",
            merge.authored_at,
            merge.merged_at,
            ";".join(map(_area, merge.areas)),
        ]
        for merge in team.merges
    ]
    return _csv(MERGE_COLUMNS, rows)


def _numbered(parts: Mapping[str, int]) -> str:
    return ";".join(f"{_area(name)}:{number}" for name, number in parts.items())


def _area(name: str) -> str:
    return name.replace(";", ",")[:LONGEST_AREA]


def _csv(columns: Iterable[str], rows: Iterable[list[str]]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return out.getvalue().encode()
