"""The organisation's own rows as Parquet: what was known at a cut, without names."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from handrail.apps.organizations.models import Organization
from handrail.apps.outcomes.models import RoleRecord
from handrail.apps.pilots.lottery import ledger_of
from handrail.apps.pilots.models import Comparison, Hire, Pilot, PilotState
from handrail.apps.programs.models import Program
from handrail.apps.reports.endings import end_of, ending_of, sessions_until
from handrail.apps.reports.inputs import (
    STARTER_DAYS,
    Spell,
    Stay,
    moment_of,
    program_stays,
    reached_before,
    started_between,
    stays_at,
)
from handrail.apps.reports.pilot_report.gathering import change_of
from handrail.domain.evidence.assignment import standing
from handrail.domain.evidence.attendance import Ending
from handrail.integrations.measures_at_scale.tables import TABLES, WHOLE

Row = tuple[Any, ...]
AT_ONCE = 2_000  # sessions read at a time


def export(folder: Path, *, organization: Organization, cut: date, now: datetime) -> dict[str, int]:
    """Write the tables of `integrations/measures_at_scale/tables.py`; return rows by table.

    People have the number of their place in the people list. Arms of a pilot are told apart only
    when it is closed: before, that would be a look which nobody counted.
    """
    moment = moment_of(organization, cut, now)
    stays = stays_at(cut, now)
    programs = {
        program.pk: number
        for number, program in enumerate(
            Program.objects.filter(starts_on__lte=cut).order_by("starts_on", "public_id"), start=1
        )
    }
    rows: dict[str, Iterable[Row]] = {
        "sessions": _sessions(organization, programs, moment, stays),
        "people": _people(programs, stays, cut, moment),
        "moves": _moves(stays, cut),
        "leavings": _leavings(stays),
        "programs": (
            (programs[program.pk], str(program.public_id), program.name)
            for program in Program.objects.filter(pk__in=programs)
        ),
    }
    return {name: write(folder, name, found) for name, found in rows.items()}


def write(folder: Path, name: str, rows: Iterable[Row]) -> int:
    """Write one table as Parquet, a row at a time; return how many there were."""
    from handrail.integrations.measures_at_scale.embedded import to_parquet  # late: DuckDB

    written = 0
    with tempfile.NamedTemporaryFile(
        "w", encoding="utf-8", newline="", suffix=".csv", dir=folder
    ) as lines:
        writer = csv.writer(lines, lineterminator="\n")
        writer.writerow(TABLES[name])
        for row in rows:
            writer.writerow(row)
            written += 1
        lines.flush()
        to_parquet(Path(lines.name), folder, name)
    return written


def _number(stay: Stay) -> int:
    return int(stay.label[1:])


def _sessions(
    organization: Organization, programs: dict[int, int], moment: datetime, stays: dict[int, Stay]
) -> Iterator[Row]:
    zone = ZoneInfo(organization.timezone)
    for session in sessions_until(moment).order_by("pk").iterator(chunk_size=AT_ONCE):
        ending = ending_of(session)
        if ending is Ending.EARLIER_CANCELLED or session.program_id not in programs:
            continue
        seats = {"mentee": [], "mentor": []}  # type: dict[str, list[tuple[str, str]]]
        for seat in session.booking.seats.all():
            seats[str(seat.role)].append((stays[seat.person_id].label, str(seat.attendance)))
        mentees, mentors = sorted(seats["mentee"]), sorted(seats["mentor"])
        everybody = [label for label, _ in mentees or mentors]
        cluster = min(everybody, default="p0")[1:]
        day = session.booking.starts_at.astimezone(zone).date()
        week = day - timedelta(days=day.weekday())
        ends_at = int(end_of(session).timestamp())
        for place in range(max(len(mentees), len(mentors))):
            mentee = mentees[place] if place < len(mentees) else ("p", "")
            mentor = mentors[place] if place < len(mentors) else ("p", "")
            yield (
                programs[session.program_id], cluster, mentee[0][1:], mentor[0][1:], place == 0,
                ends_at, week, ending, mentee[1], mentor[1],
            )  # fmt: skip


def _people(
    programs: dict[int, int], stays: dict[int, Stay], cut: date, moment: datetime
) -> Iterator[Row]:
    for stay in started_between(stays, cut - timedelta(days=STARTER_DAYS), cut):
        spell = stay.spells[0]
        yield _person(WHOLE, stay, ("", ""), spell, spell.started, None, cut)
    labels = {stay.label: pk for pk, stay in stays.items()}
    for program in Program.objects.filter(pk__in=programs).order_by("pk"):
        arms = _arms(program)
        for stay, spell, t0, joined_at in program_stays(program, stays, moment):
            arm = arms.get(labels[stay.label], ("", ""))
            yield _person(programs[program.pk], stay, arm, spell, t0, joined_at, cut)


def _person(
    program: int, stay: Stay, arm: tuple[str, str], spell: Spell, t0: date,
    joined_at: datetime | None, cut: date,
) -> Row:  # fmt: skip
    merged = None if stay.merges_unknown else stay.first_merge
    early = merged is not None and reached_before(stay, merged, t0, joined_at)
    before: bool | str = "" if stay.merges_unknown else early
    day = None if merged is None or early else stay.day(merged)
    return (
        program, _number(stay), *arm, t0, "" if day is None or day > cut else day, before,
        spell.basis, spell.ended or "", spell.ended_known or "", spell.known_until or "",
    )  # fmt: skip


def _arms(program: Program) -> dict[int, tuple[str, str]]:
    """Arm and stratum of each hire of a closed pilot."""
    pilot = Pilot.objects.filter(
        program=program, state=PilotState.CLOSED, comparison=Comparison.LOTTERY
    ).first()
    if pilot is None:
        return {}
    rows = standing(ledger_of(pilot))
    found = {}
    for hire in Hire.objects.filter(pilot=pilot):
        row = rows.get(str(hire.public_id))
        if row is not None and not row.void:
            found[hire.person_id] = (row.arm, row.stratum)
    return found


def _moves(stays: dict[int, Stay], cut: date) -> Iterator[Row]:
    before: dict[int, RoleRecord] = {}
    records = RoleRecord.objects.filter(
        superseded_at=None, effective_on__lte=cut, known_since__lte=cut
    )
    for record in records.order_by("effective_on", "pk"):
        last = before.get(record.person_id)
        before[record.person_id] = record
        if last is None:
            continue
        change = change_of(record, last)
        kind = change if change in ("title", "probation", "reorganisation") else "change"
        person = _number(stays[record.person_id])
        yield person, last.team_name, record.effective_on, record.known_since, kind


def _leavings(stays: dict[int, Stay]) -> Iterator[Row]:
    for stay in stays.values():
        for spell in stay.spells:
            if spell.ended is not None:
                yield spell.basis, spell.ended, spell.ended_known
