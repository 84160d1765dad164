"""A made-up company played through the product: import, lottery, program, outcomes, report.

The product draws the arms. Whoever it offers mentoring is given the life of a made-up hire of the
same team who was offered it, and likewise those who wait: hires of a team are exchangeable.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from factories.world import World
from handrail.apps.organizations.models import Organization
from handrail.apps.outcomes.actions import import_outcomes, waive_source
from handrail.apps.people.actions import import_merges, import_people
from handrail.apps.people.models import Person, Skill
from handrail.apps.pilots import actions
from handrail.apps.pilots.models import Assignment, Hire, Pilot
from handrail.apps.programs.actions import create_program, enrol, start_program
from handrail.apps.programs.models import EnrolmentRole, Program
from handrail.apps.reports.actions import build_pilot_report
from handrail.apps.reports.models import Report
from handrail.apps.sessions.actions import book, check_in, start
from handrail.apps.sessions.simulator import simulated_viewer
from handrail.domain.evidence.company import Company, hire

FIRST = date(2026, 2, 2)
WEEKS = 12
TEAMS = 8
CLAIM = {"measure": "first_merge", "value": 0.4, "unit": "faster", "whom": "took_part"}
PEOPLE = (
    "person_id,name,email,role,timezone,working_hours,start_date,last_active,skills,wants,"
    "minutes_per_week,team,employment_end"
)
OBJECTIVES = [("git", "Rebases a branch alone"), ("docs", "Has a page published")]
SEED = bytes(range(32))


class Stage:
    """One pilot of one company; `play` gives its report."""

    def __init__(self, world: World, *, people: int, company: Company, seed: int) -> None:
        self.world = world
        self.people = people
        self.seed = seed
        self.company = replace(company, hires=max(64, 3 * people), teams=TEAMS)
        self.by = world.system
        self.mentors = max(3, people // 20)
        self.slots: dict[tuple[int, date], int] = defaultdict(int)

    @property
    def organization(self) -> Organization:
        return self.world.organization

    def at(self, day: date, hour: int = 6) -> datetime:
        return datetime.combine(day, time(hour), UTC)

    def begins(self, number: int) -> date:
        return FIRST + timedelta(weeks=number * WEEKS // self.people)

    def play(self) -> Report:
        self._import()
        program = self._program()
        pilot = self._pilot(program)
        for week in range(WEEKS):
            actions.follow_pilots(by=self.by, now=self.at(FIRST + timedelta(weeks=week)))
        last = self._lives(pilot)
        cut = last + timedelta(days=200)
        return build_pilot_report(
            pilot=pilot, cut=cut, by=self.by, now=self.at(cut + timedelta(days=1))
        )

    def _import(self) -> None:
        lines = [PEOPLE]
        for n in range(self.people):
            lines.append(
                f"h{n},Hire {n},h{n}@example.org,mentee,UTC,00:00-24:00,{self.begins(n)},,,"
                f"git:1;docs:2,,T{n % TEAMS},"
            )
        for n in range(self.mentors):
            lines.append(
                f"m{n},Mentor {n},m{n}@example.org,mentor,UTC,00:00-24:00,2020-01-06,,"
                f"git:5;docs:5,,2400,T{n % TEAMS},"
            )
        import_people(
            "\n".join([*lines, ""]).encode(),
            filename="people.csv",
            by=self.by,
            now=self.at(FIRST),
        )
        for name in ("git", "docs"):
            Skill.objects.get_or_create(organization=self.organization, name=name)

    def _program(self) -> Program:
        now = self.at(FIRST)
        program = create_program(
            "tooling-start", starts_on=FIRST, by=self.by, now=now, name="Trial",
            ends_on=FIRST + timedelta(days=500), within_days=400,
        )  # fmt: skip
        start_program(program, by=self.by, now=now)
        for person in Person.objects.filter(external_id__regex="^m[0-9]+$"):
            enrol(program, person, EnrolmentRole.MENTOR, by=self.by, now=now)
        return program

    def _pilot(self, program: Program) -> Pilot:
        now = self.at(FIRST)
        pilot = actions.create_pilot(program, "Company", starts_on=FIRST, by=self.by, now=now)
        pilot = actions.edit_pilot(
            pilot, sponsor="Paula Ruiz", claims=[CLAIM], planned_hires=max(4, self.people),
            hired_from=FIRST, waits_days=180, looks=False, by=self.by, now=now,
        )  # fmt: skip
        for person in Person.objects.filter(external_id__regex="^h[0-9]+$").order_by("pk"):
            actions.set_hire_objectives(pilot, person, OBJECTIVES, by=self.by, now=now)
        waive_source(
            program, "merges", "The repository is connected in week one.", signed="Paula Ruiz",
            by=self.by, now=now,
        )  # fmt: skip
        return actions.start_pilot(pilot, by=self.by, now=now, seed=SEED)

    def _lives(self, pilot: Pilot) -> date:
        """Each hire's sessions, first merge and leaving, by the verbs that the web calls."""
        drawn = hire(self.company, seed=self.seed)
        unused: dict[tuple[int, bool], list[int]] = defaultdict(list)
        for place in range(len(drawn.start_day)):
            unused[(int(drawn.team[place]), bool(drawn.offered[place]))].append(place)
        arms = {row.subject: row.arm == "offered" for row in Assignment.objects.filter(pilot=pilot)}
        merges = ["person_id,kind,authored_at,merged_at,areas"]
        spells = ["person_id,started_on,ended_on"]
        last = FIRST
        sessions: list[tuple[date, Person]] = []
        for one in Hire.objects.filter(pilot=pilot).select_related("person").order_by("person_id"):
            assert one.t0 is not None
            last = max(last, one.t0)
            team = int(one.person.external_id[1:]) % TEAMS
            place = unused[(team, arms[one.public_id])].pop()
            leaves = float(drawn.leave_day[place])
            if drawn.took_part[place]:
                day = one.t0 + timedelta(days=math.ceil(float(drawn.session_days[place].min())))
                sessions.append((_weekday(day), one.person))
            if float(drawn.task_day[place]) < min(leaves, 190.0):
                at = self.at(one.t0) + timedelta(days=float(drawn.task_day[place]))
                merges.append(f"{one.person.external_id},merge,,{at.isoformat()},src")
            if leaves < 190:
                ended = one.t0 + timedelta(days=math.floor(leaves))
                spells.append(f"{one.person.external_id},{one.t0},{ended}")
        for day, person in sorted(sessions, key=lambda row: (row[0], row[1].pk)):
            self._session(pilot.program, person, day)
        later = self.at(last + timedelta(days=195))
        import_merges(_file(merges), filename="merges.csv", by=self.by, now=later)
        import_outcomes("spells", _file(spells), filename="s.csv", by=self.by, now=later)
        return last

    def _session(self, program: Program, person: Person, day: date) -> None:
        number = min(range(self.mentors), key=lambda n: (self.slots[(n, day)], n))
        taken = self.slots[(number, day)]
        self.slots[(number, day)] += 1
        mentor = Person.objects.get(external_id=f"m{number}")
        starts_at = self.at(day, 8) + timedelta(minutes=60 * taken)
        viewer = simulated_viewer(person)
        session = book(
            program, person, mentor, starts_at, "Rebase a branch", by=viewer,
            now=starts_at - timedelta(hours=20),
        )  # fmt: skip
        for who in (person, mentor):
            check_in(session, by=simulated_viewer(who), now=starts_at)
        start(session, by=viewer, now=starts_at)


def _weekday(day: date) -> date:
    return day + timedelta(days=max(0, 7 - day.weekday())) if day.weekday() > 4 else day


def _file(lines: list[Any]) -> bytes:
    return "\n".join([*lines, ""]).encode()
