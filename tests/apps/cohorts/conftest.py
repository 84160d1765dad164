"""A cohort program that alice leads, nora who mentors, and new hires from three zones."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from factories.remembered import remembered
from factories.world import World, make_world
from handrail.apps.cohorts import actions, queries
from handrail.apps.cohorts.models import Cohort, Intake, Meeting, Place
from handrail.apps.cohorts.times import Choice
from handrail.apps.organizations.scope import reading, writing
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.outbox.models import OutboxRow
from handrail.apps.people.models import EmploymentSpell, SpellBasis
from handrail.apps.programs.actions import create_program, start_program
from handrail.apps.programs.models import Program

OPENS = date(2027, 1, 18)
NOW = datetime(2027, 1, 18, 9, 0, tzinfo=UTC)  # a Monday
CLOSES = date(2027, 1, 29)
STARTS = date(2027, 2, 8)  # a Monday; clocks change on 14 March (US) and 28 March (EU)
NAMES = ("ada", "ben", "cem", "dora", "emil", "fay", "gus", "hana", "ivo", "jun")
ZONES = ("Europe/Berlin", "America/New_York", "Europe/London")


@dataclass
class Office:
    """The world with a cohort program; `now` is the clock that the tests move."""

    world: World
    program: Program
    now: datetime = NOW
    intakes: list[Intake] = field(default_factory=list)

    @property
    def lead(self) -> Viewer:
        return self.world.viewer("alice")

    def hire(self, name: str, started: date, *, zone: str = "Europe/Berlin", **more: Any) -> None:
        """Somebody new, who works from 8 to 20 where they are."""
        works = more.pop("works", (8 * 60, 20 * 60))
        person = self.world.add(name, role="mentee", timezone=zone, works=works, **more)
        with writing(self.world.organization):
            person.spells.all().delete()
            EmploymentSpell.objects.create(
                organization=self.world.organization,
                person=person,
                basis=SpellBasis.EMPLOYMENT,
                started_on=started,
                start_known_since=started,
            )

    def hires(self, count: int) -> list[str]:
        """So many new hires, one a day from 4 January, in turn from three zones."""
        names = list(NAMES[:count])
        for n, name in enumerate(names):
            self.hire(name, date(2027, 1, 4) + timedelta(days=n), zone=ZONES[n % 3])
        return names

    def open(self, mentors: tuple[str, ...] = ("nora",), **more: Any) -> Intake:
        days = {"opens_on": OPENS, "closes_on": CLOSES, "starts_on": STARTS} | more
        intake = actions.open_intake(
            self.program,
            [self.world.person(name) for name in mentors],
            **days,
            by=self.lead,
            now=self.now,
        )
        self.intakes.append(intake)
        return intake

    def place(self, name: str, intake: Intake | None = None) -> Place:
        return Place.objects.select_related("intake__program", "person", "cohort").get(
            person=self.world.person(name), intake=intake or self.intakes[-1]
        )

    def page(self, intake: Intake | None = None) -> queries.IntakePage:
        return queries.intake_page(self.lead, intake or self.intakes[-1], self.now)

    def names(self, places: list[Place]) -> list[str]:
        return [place.person.external_id for place in places]

    def choices(self, cohort: Cohort) -> list[Choice]:
        return queries.times_of(self.lead, cohort, self.now).choices

    def start(self, intake: Intake | None = None, **more: Any) -> Cohort:
        """Form the first group and start it at the best time."""
        intake = intake or self.intakes[-1]
        actions.form_groups(intake, by=self.lead, now=self.now)
        cohort = Cohort.objects.filter(intake=intake, places__isnull=False).distinct()[0]
        best = self.choices(cohort)[0]
        return actions.start_cohort(
            cohort, best.first_on, best.minute, by=self.lead, now=self.now, **more
        )

    def meetings(self, cohort: Cohort) -> list[Meeting]:
        meetings = Meeting.objects.filter(cohort=cohort).select_related("session__booking")
        return list(meetings.order_by("number"))

    def mails(self, kind: str) -> list[str]:
        """To whom mails of a kind are waiting or were sent, by name."""
        people = {str(p.public_id): name for name, p in self.world.people.items()}
        rows = OutboxRow.objects.filter(kind=kind).order_by("pk")
        return sorted(people[row.ref["person"]] for row in rows)


@remembered
def _make_program() -> tuple[World, Program]:
    world = make_world()
    world.add("nora", role="mentor", minutes_per_week=60, works=(8 * 60, 20 * 60))
    world.add("otis", role="mentor", minutes_per_week=60, works=(8 * 60, 20 * 60))
    with reading(world.organization):
        program = create_program(
            "first-twelve-weeks",
            starts_on=OPENS,
            by=world.system,
            now=NOW,
            leads=[world.person("alice")],
        )
        start_program(program, by=world.system, now=NOW)
    return world, program


@pytest.fixture
def office(db: None) -> Iterator[Office]:
    world, program = _make_program()
    with reading(world.organization):
        yield Office(world, program)


Hired = Callable[..., None]
