"""The merges file: merges.csv to typed rows. No database is asked."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from handrail.apps.people.table import Problem, Reader, Unreadable, read_table

REQUIRED = ("person_id", "kind", "authored_at", "merged_at", "areas")


@dataclass(frozen=True, slots=True)
class MergeRow:
    """One merged change as the file has it."""

    line: int
    person_id: str
    kind: str
    authored_at: datetime | None
    merged_at: datetime
    areas: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MergesFile:
    """What a merges file says; with an error, nothing of it may be taken."""

    rows: list[MergeRow] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def errors(self) -> list[Problem]:
        """What must be mended first, in the order of lines."""
        return sorted((p for p in self.problems if p.is_error), key=lambda p: (p.line, p.column))

    @property
    def warnings(self) -> list[Problem]:
        """What was mended on reading."""
        return [problem for problem in self.problems if not problem.is_error]


def parse_merges(content: bytes, *, known_ids: frozenset[str]) -> MergesFile:
    """Read a merges file; every person must be one of `known_ids`."""
    try:
        lines, problems = read_table(content, required=REQUIRED)
    except Unreadable as unreadable:
        return MergesFile(problems=[unreadable.problem])
    rows: list[MergeRow] = []
    for line in lines:
        before = len(problems)
        reader = Reader(line, problems)
        person_id = reader.text("person_id", longest=80)
        if person_id and person_id not in known_ids:
            reader.wrong(
                "person_id",
                _("'%(value)s' is nobody we know. Import people first.") % {"value": person_id},
            )
        kind = line.get("kind")
        if kind != "merge":
            reader.wrong(
                "kind", _("'%(value)s' is not a kind of change. Write merge.") % {"value": kind}
            )
        authored = reader.moment("authored_at", needed=False)
        merged = reader.moment("merged_at")
        if authored and merged and merged < authored:
            if authored - merged <= timedelta(days=1):
                reader.warn(
                    "merged_at", _("Merged up to a day before it was authored; authored counts.")
                )
                merged = authored
            else:
                reader.wrong("merged_at", _("Merged before it was authored. Correct one of them."))
        if merged is not None and not any(problem.is_error for problem in problems[before:]):
            areas = tuple(reader.list_of("areas"))
            rows.append(MergeRow(line.number, person_id, kind, authored, merged, areas))
    return MergesFile(rows=rows, problems=problems)
