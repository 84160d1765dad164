"""Matching on a people file alone: no database, the same engine, a plan and its certificate."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Mapping
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
    Spread,
    Want,
    certificate_document,
    sentence,
    solve,
)
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
    plan = solve(problem, seed=seed, options=options, progress=progress, spread=spread)
    return Matched(problem, plan)


def plan_csv(matched: Matched) -> str:
    """PLAN.csv: one line a session, and one for each unmatched person with the reason."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for pair in matched.plan.pairs:
        writer.writerow(
            [
                _safe(pair.mentee),
                _safe(pair.mentor),
                matched.problem.starts_at(pair.slot).isoformat(),
                matched.problem.minutes,
                pair.score,
                _safe(pair.skill),
                "; ".join(sentence(reason) for reason in pair.reasons),
            ]
        )
    for row in matched.plan.unmatched:
        reason = sentence(row.reason)
        writer.writerow([_safe(row.person), "", "", matched.problem.minutes, "", "", reason])
    return out.getvalue()


def _safe(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA) else text


def certificate_json(matched: Matched) -> str:
    """CERT.json with the prices, so that anybody can check the bound."""
    document: Mapping[str, Any] = certificate_document(matched.plan)
    return json.dumps(document, indent=1, sort_keys=True) + "\n"
