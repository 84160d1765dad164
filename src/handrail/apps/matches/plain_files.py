"""Matching on a people file alone: no database, the same engine, a plan and its certificate."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from handrail.apps.people.people_file import PeopleFile, PersonRow
from handrail.domain.matching import (
    Mentee,
    Mentor,
    Options,
    Plan,
    Problem,
    Reason,
    Spread,
    Want,
    certificate_document,
    explain_all,
    sentence,
    solve,
)
from handrail.domain.matching.change import smallest_change
from handrail.domain.matching.problem import Code, Model
from handrail.domain.matching.rows import rows_of
from handrail.domain.scheduling import Hours, week_bits

SESSION_MINUTES = 20
COLUMNS = ("mentee", "mentor", "start", "minutes", "score", "skill", "reason")
FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Matched:
    """A problem made from a file, and its plan."""

    problem: Problem
    plan: Plan


def default_week(file: PeopleFile) -> date:
    """The first Monday after the latest start date: the same file gives the same week."""
    latest = max(row.start_date for row in file.rows)
    return latest + timedelta(days=7 - latest.weekday())


def problem_of(file: PeopleFile, *, week: date) -> Problem:
    """Everybody in the file takes part, unless their employment ends before the week."""
    rows = [
        row
        for row in sorted(file.rows, key=lambda row: row.person_id)
        if row.role and not (row.employment_end and row.employment_end < week)
    ]
    seekers = [row for row in rows if row.role == "mentee"]
    givers = [row for row in rows if row.role == "mentor"]
    free, offset = _Weeks(week), _Offsets(week)
    problem = Problem(
        week=week,
        minutes=SESSION_MINUTES,
        mentees=[
            Mentee(
                person=row.person_id,
                wants=tuple(
                    Want(skill, place, row.skills.get(skill, 0))
                    for skill, place in sorted(row.wants.items(), key=lambda w: (w[1], w[0]))
                ),
                free=0 if _pauses(row, week) else free[_hours(row)],
                languages=row.languages,
            )
            for row in seekers
        ],
        mentors=[
            Mentor(
                person=row.person_id,
                skills=tuple(sorted(row.skills.items())),
                seats=row.minutes_per_week // SESSION_MINUTES,
                free=0 if _pauses(row, week) else free[_hours(row)],
                languages=row.languages,
                offset_minutes=offset[row.timezone],
            )
            for row in givers
        ],
        excluded=excluded_by_file(rows),
    )
    mentees, mentors = rows_of(problem)
    return replace(problem, mentees=mentees, mentors=mentors)


def _pauses(row: PersonRow, week: date) -> bool:
    return row.pause_until is not None and row.pause_until >= week + timedelta(days=6)


def _hours(row: PersonRow) -> tuple[str, int, int]:
    return row.timezone, row.works_from_min, row.works_to_min


class _Weeks(dict[tuple[str, int, int], int]):
    """Bits by zone and hours: many people share both."""

    def __init__(self, week: date) -> None:
        self.week = week

    def __missing__(self, hours: tuple[str, int, int]) -> int:
        self[hours] = bits = week_bits(Hours.office(*hours), self.week)
        return bits


class _Offsets(dict[str, int]):
    """Minutes east of UTC at the week's first noon, by zone."""

    def __init__(self, week: date) -> None:
        self.noon = datetime(week.year, week.month, week.day, 12, tzinfo=UTC)

    def __missing__(self, zone: str) -> int:
        offset = self.noon.astimezone(ZoneInfo(zone)).utcoffset() or timedelta()
        self[zone] = minutes = int(offset.total_seconds() // 60)
        return minutes


def excluded_by_file(rows: list[PersonRow]) -> dict[tuple[str, str], Code]:
    """(mentee, mentor) that the file rules out: the reporting line, private lists, recent pairs."""
    part = {row.person_id: row.role for row in rows}
    managers = {row.person_id: row.manager_id for row in rows if row.manager_id}
    found: dict[tuple[str, str], Code] = {}

    def rule_out(one: str, other: str, code: Code) -> None:
        if part.get(one) == "mentee" and part.get(other) == "mentor":
            found[(one, other)] = code
        if part.get(one) == "mentor" and part.get(other) == "mentee":
            found[(other, one)] = code

    for row in rows:
        for other in row.recent:
            rule_out(row.person_id, other, "recent")
    for row in rows:
        above, seen = managers.get(row.person_id), {row.person_id}
        while above and above not in seen:
            seen.add(above)
            rule_out(row.person_id, above, "reporting_line")
            above = managers.get(above)
    for row in rows:
        for other in row.not_with:
            rule_out(row.person_id, other, "not_with")
    return found


def _in_silence(stage: str) -> None:
    pass


def match_file(
    file: PeopleFile,
    *,
    model: Model = "speed",
    sessions: int = 1,
    week: date,
    seed: int,
    progress: Callable[[str], None] = _in_silence,
    spread: Spread | None = None,
) -> Matched:
    """Solve one week of a file; raises ProblemError naming the person and the field."""
    problem = problem_of(file, week=week)
    options = Options(model=model, sessions=sessions)
    return match_problem(problem, options, seed=seed, progress=progress, spread=spread)


def match_problem(
    problem: Problem,
    options: Options,
    *,
    seed: int,
    progress: Callable[[str], None] = _in_silence,
    spread: Spread | None = None,
) -> Matched:
    """The same for a problem that was made already: the file need not be kept for it."""
    plan = solve(problem, seed=seed, options=options, progress=progress, spread=spread)
    return Matched(problem, plan)


def plan_csv(matched: Matched) -> Iterator[str]:
    """PLAN.csv in pieces: a line a session, and one for each unmatched person with the reason."""
    minutes = matched.problem.minutes
    yield _line(*COLUMNS)
    for pair in matched.plan.pairs:
        start = matched.problem.starts_at(pair.slot).isoformat()
        why = "; ".join(sentence(reason) for reason in pair.reasons)
        names = (safe(pair.mentee), safe(pair.mentor))
        yield _line(*names, start, minutes, pair.score, safe(pair.skill), why)
    for row in matched.plan.unmatched:
        yield _line(safe(row.person), "", "", minutes, "", "", sentence(row.reason))


def _line(*cells: str | int) -> str:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\n").writerow(cells)
    return out.getvalue()


def safe(text: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text


def certificate_json(matched: Matched) -> Iterator[str]:
    """CERT.json in pieces, with the prices, so that anybody can check the bound."""
    document: Mapping[str, Any] = certificate_document(matched.plan)
    yield from json.JSONEncoder(indent=1, sort_keys=True).iterencode(document)
    yield "\n"


def reasons_json(matched: Matched) -> Iterator[str]:
    """REASONS.jsonl: for each mentee by id why this one, the runner-up, what would change it.

    A line a person, each reason as a code, its parameters and a sentence.
    """
    problem, plan = matched.problem, matched.plan
    told = explain_all(problem, plan)
    changes = plan.options.model != "cohort"
    tried: dict[Hashable, frozenset[str]] = {}
    for person in sorted(told):
        found = told[person]
        document: dict[str, Any] = {"mentee": person, "mentor": None, "start": None}
        if found.pair is not None:
            document["mentor"] = found.pair.mentor
            document["start"] = problem.starts_at(found.pair.slot).isoformat()
        document["why"] = [_told(reason) for reason in found.why]
        first = found.runner_up
        document["runner_up"] = first and {
            "mentor": first.mentor,
            "score": first.score,
            "difference": first.difference,
            **_told(first.reason),
        }
        if found.pair is None and changes:
            document["change"] = _told(smallest_change(problem, plan, person, tried))
        yield json.dumps(document, ensure_ascii=False) + "\n"


def _told(reason: Reason) -> dict[str, Any]:
    return {**reason.document(), "sentence": sentence(reason)}
