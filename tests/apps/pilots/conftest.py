"""A team with new hires, ready for a pilot; each hire has two objectives."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker

from factories.world import MONDAY, NOW, World
from handrail.apps.organizations.models import Organization
from handrail.apps.organizations.scope import reading
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.people.models import (
    EmploymentSpell,
    Person,
    Skill,
    SpellBasis,
    TakesPartAs,
    Team,
)
from handrail.apps.pilots import actions
from handrail.apps.pilots.models import Hire, Pilot
from handrail.apps.programs.actions import create_program, start_program
from handrail.apps.programs.models import Program

SEED = bytes(range(32))
CLAIM = {"measure": "first_merge", "value": 0.4, "unit": "faster", "whom": "took_part"}
OBJECTIVES = [("git", "Rebases a branch alone"), ("docs", "Has a page published")]


@dataclass
class Lab:
    """A running program of its own with a pilot in planning, led by alice."""

    world: World
    program: Program
    pilot: Pilot

    @property
    def organization(self) -> Organization:
        return self.world.organization

    @property
    def lead(self) -> Viewer:
        return self.world.viewer("alice")

    def hire(self, name: str, first: date = MONDAY, *, listed: bool = True) -> Person:
        """Somebody of the team who begins on a day; on the list with two objectives."""
        person = Person.objects.create(
            organization=self.organization,
            external_id=name,
            name=name.capitalize(),
            email=f"{name}@northwind.example.org",
            role=TakesPartAs.MENTEE,
            timezone="Europe/Berlin",
            team=Team.objects.get(name="Tools"),
        )
        EmploymentSpell.objects.create(
            organization=self.organization,
            person=person,
            basis=SpellBasis.EMPLOYMENT,
            started_on=first,
            start_known_since=first,
        )
        if listed:
            actions.set_hire_objectives(self.pilot, person, OBJECTIVES, by=self.lead, now=NOW)
        return person

    def start(self, *, seed: bytes = SEED, now: datetime = NOW) -> Pilot:
        self.pilot = actions.start_pilot(self.pilot, by=self.lead, now=now, seed=seed)
        return self.pilot

    def enrol(self, now: datetime = NOW) -> int:
        return actions.enrol_hires(self.pilot, by=self.lead, now=now)

    def hire_of(self, name: str) -> Hire:
        return Hire.objects.get(pilot=self.pilot, person__external_id=name)


@pytest.fixture(scope="module")
def lab_of_the_file(world_of_the_file: World, django_db_blocker: DjangoDbBlocker) -> Iterator[Lab]:
    world = world_of_the_file
    with django_db_blocker.unblock(), transaction.atomic(), reading(world.organization):
        program = create_program(
            "tooling-start",
            starts_on=MONDAY,
            by=world.system,
            now=NOW,
            leads=[world.person("alice")],
            name="Pilot program",
        )
        start_program(program, by=world.system, now=NOW)
        Skill.objects.get_or_create(organization=world.organization, name="docs")
        pilot = actions.create_pilot(
            program,
            "Tools, spring",
            starts_on=MONDAY,
            hired_from=MONDAY - timedelta(days=7),
            by=world.viewer("alice"),
            now=NOW,
        )
        pilot = actions.edit_pilot(
            pilot,
            team=Team.objects.get(name="Tools"),
            sponsor="Paula Ruiz, engineering",
            claims=[CLAIM],
            planned_hires=40,
            by=world.viewer("alice"),
            now=NOW,
        )
        yield Lab(world, program, pilot)
        transaction.set_rollback(True)


@pytest.fixture
def lab(lab_of_the_file: Lab, db: None) -> Iterator[Lab]:
    """The lab as it was made; what a test changes is undone."""
    made = lab_of_the_file
    with reading(made.organization):
        yield Lab(made.world, made.program, Pilot.objects.get(pk=made.pilot.pk))
