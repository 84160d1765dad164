"""A made-up company played through the product: import, lottery, program, outcomes, report.

`handrail simulate` writes the files, week by week as they are known by then; the product imports
them and draws the arms, which `--arms` tells the simulator: the same people live on as they do in
that arm. Everything is written by the verbs that the pages and the clock call.
"""

from __future__ import annotations

import csv
from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

from django.core.management import call_command

from factories.world import World
from handrail.apps.organizations.models import Organization
from handrail.apps.outcomes.actions import waive_source
from handrail.apps.people.actions import apply_people_import, import_merges, preview_people
from handrail.apps.people.models import Person
from handrail.apps.pilots import actions
from handrail.apps.pilots.models import Assignment, Hire, Pilot
from handrail.apps.pilots.queries import eligible
from handrail.apps.programs.actions import create_program, enrol, start_program
from handrail.apps.programs.models import EnrolmentRole, Program
from handrail.apps.reports.actions import build_pilot_report
from handrail.apps.reports.models import Report
from handrail.apps.sessions.actions import book, check_in, start
from handrail.apps.sessions.simulator import simulated_viewer
from handrail.domain.evidence.company_files import SKILL

FIRST = date(2026, 2, 2)  # a Monday
WEEKS = 12
FOLLOWED = 195  # days after the last hire's week
CLAIM = {"measure": "first_merge", "value": 0.4, "unit": "faster", "whom": "took_part"}
OBJECTIVES = [(SKILL, "Rebases a branch alone"), (SKILL, "Reviews a change alone")]
SEED = bytes(range(32))
A_DAY, A_WEEK = 3, 4  # sessions that one mentor takes here
Row = dict[str, str]


class Stage:
    """One pilot of one company; `play` gives its report."""

    def __init__(
        self, world: World, folder: Path, *, people: int, seed: int, null: bool = False
    ) -> None:
        self.world = world
        self.folder = folder
        self.people = people
        self.options: dict[str, Any] = {
            "hires": people, "hires_per_week": people / WEEKS, "seed": seed, "null": null,
            "mondays": True, "first": FIRST.isoformat(),
        }  # fmt: skip
        self.by = world.system
        self.met: set[str] = set()
        self.taken: Counter[tuple[str, date]] = Counter()
        self.weeks: Counter[tuple[str, int]] = Counter()

    @property
    def organization(self) -> Organization:
        return self.world.organization

    def at(self, day: int, hour: int = 6) -> datetime:
        """A moment of the company's calendar, whose first day is 0."""
        return datetime.combine(FIRST + timedelta(days=day), time(hour), UTC)

    def play(self) -> Report:
        self._import_people(0)
        program = self._program()
        pilot = self._pilot(program)
        for week in range(WEEKS):
            day = 7 * week
            now = self.at(day)
            self._import_people(day)
            for person, _first in eligible(pilot, now=now):
                if not Hire.objects.filter(pilot=pilot, person=person).exists():
                    actions.set_hire_objectives(pilot, person, OBJECTIVES, by=self.by, now=now)
            actions.follow_pilots(by=self.by, now=now)
            self._tell_arms(pilot)
            self._sessions(program, week)
        end = 7 * WEEKS + FOLLOWED
        self._import_people(end)
        merges = (self.folder / "merges.csv").read_bytes()
        import_merges(merges, filename="merges.csv", by=self.by, now=self.at(end))
        return build_pilot_report(
            pilot=pilot,
            cut=FIRST + timedelta(days=end),
            by=self.by,
            now=self.at(end + 1),
        )

    def _simulate(self, cut: float) -> None:
        arms = self.folder / "arms.csv"
        call_command(
            "simulate", out=self.folder, cut=cut, arms=arms if arms.exists() else None,
            stdout=StringIO(), **self.options,
        )  # fmt: skip

    def _rows(self, name: str) -> list[Row]:
        return list(csv.DictReader((self.folder / name).read_text().splitlines()))

    def _import_people(self, day: int) -> None:
        self._simulate(day)
        content, now = (self.folder / "people.csv").read_bytes(), self.at(day, 5)
        kept = preview_people(content, "people.csv", by=self.by, now=now)
        apply_people_import(kept, by=self.by, now=now)

    def _program(self) -> Program:
        now = self.at(0)
        program = create_program(
            "tooling-start", starts_on=FIRST, by=self.by, now=now, name="Trial",
            ends_on=FIRST + timedelta(days=500), within_days=400,
        )  # fmt: skip
        start_program(program, by=self.by, now=now)
        for person in Person.objects.filter(external_id__regex="^m[0-9]+$").order_by("pk"):
            enrol(program, person, EnrolmentRole.MENTOR, by=self.by, now=now)
        return program

    def _pilot(self, program: Program) -> Pilot:
        now = self.at(0)
        pilot = actions.create_pilot(program, "Company", starts_on=FIRST, by=self.by, now=now)
        pilot = actions.edit_pilot(
            pilot, sponsor="Paula Ruiz", claims=[CLAIM], planned_hires=max(4, self.people),
            hired_from=FIRST, waits_days=180, looks=False, by=self.by, now=now,
        )  # fmt: skip
        waive_source(
            program, "merges", "The repository is connected in week one.", signed="Paula Ruiz",
            by=self.by, now=now,
        )  # fmt: skip
        return actions.start_pilot(pilot, by=self.by, now=now, seed=SEED)

    def _tell_arms(self, pilot: Pilot) -> None:
        """What the product drew, as `handrail simulate --arms` takes it."""
        arms = dict(Assignment.objects.filter(pilot=pilot).values_list("subject", "arm"))
        hires = Hire.objects.filter(pilot=pilot).exclude(assigned_at=None).select_related("person")
        lines = [
            f"{hire.person.external_id},{int(arms[hire.public_id] == 'offered')}"
            for hire in hires.order_by("person_id")
        ]
        (self.folder / "arms.csv").write_text("\n".join(["person_id,arm", *lines, ""]))

    def _sessions(self, program: Program, week: int) -> None:
        """Each hire's first session of the week that now comes, on its day and with its mentor."""
        self._simulate(7 * week + 7)
        for row in self._rows("sessions.csv"):
            if row["mentee"] in self.met:
                continue
            self.met.add(row["mentee"])
            day = datetime.fromisoformat(row["starts_at"]).date()
            # Nobody works at the weekend, and who starts on a Monday is there on its Friday.
            self._session(program, row, day - timedelta(days=max(0, day.weekday() - 4)), week)

    def _session(self, program: Program, row: Row, day: date, week: int) -> None:
        named = self._free(row["mentor"], day, week)
        mentor, person = (
            Person.objects.get(external_id=name) for name in (named, row["mentee"])
        )  # fmt: skip
        before = self.taken[(named, day)]
        self.taken[(named, day)] += 1
        self.weeks[(named, week)] += 1
        starts_at = datetime.combine(day, time(12), UTC) + timedelta(hours=before)
        viewer = simulated_viewer(person)
        session = book(
            program, person, mentor, starts_at, "Rebase a branch", by=viewer,
            now=starts_at - timedelta(hours=20),
        )  # fmt: skip
        for who in (person, mentor):
            check_in(session, by=simulated_viewer(who), now=starts_at)
        start(session, by=viewer, now=starts_at)

    def _free(self, name: str, day: date, week: int) -> str:
        """This mentor, or where their day or week is full whoever has had fewest this week."""
        if self.taken[(name, day)] < A_DAY and self.weeks[(name, week)] < A_WEEK:
            return name
        names = [row["person_id"] for row in self._rows("people.csv") if row["role"] == "mentor"]
        return min(names, key=lambda one: (self.weeks[(one, week)], self.taken[(one, day)], one))
