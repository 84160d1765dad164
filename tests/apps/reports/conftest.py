"""The example team with a program, and sessions put down as they ended."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction

from factories.world import World
from handrail.apps.calendars.models import Booking, Seat
from handrail.apps.organizations.actions import create_organization
from handrail.apps.organizations.models import Organization
from handrail.apps.organizations.scope import reading
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.people.actions import import_merges, import_people
from handrail.apps.people.models import Person
from handrail.apps.programs.actions import create_program, enrol_everyone, start_program
from handrail.apps.programs.models import Program
from handrail.apps.sessions.models import Session

EXAMPLE = Path(__file__).parents[3] / "examples" / "remote-team-a"
DATA_END = date(2026, 8, 22)
PROGRAM_DAY = date(2026, 2, 2)
LATER = datetime(2026, 8, 23, 8, 0, tzinfo=UTC)


@dataclass
class Team:
    """The example team; `session` puts down a session without playing it."""

    organization: Organization
    by: Viewer
    program: Program | None = None
    ids: Any = field(default_factory=lambda: itertools.count(1))

    def person(self, external_id: str) -> Person:
        return Person.objects.get(external_id=external_id)

    def session(
        self,
        state: str,
        mentor: str,
        mentee: str,
        marks: tuple[str, str] = ("not_recorded", "not_recorded"),
        *,
        starts_at: datetime = datetime(2026, 2, 10, 12, 0, tzinfo=UTC),
        simulated: bool = False,
        cancelled_before: timedelta | None = None,
        cancelled_by: str | None = None,
        program: Program | None = None,
    ) -> Session:
        """A session of mentor and mentee with the marks (mentor's, mentee's) on its seats."""
        ends_at = starts_at + timedelta(minutes=20)
        booking = Booking.objects.create(
            organization=self.organization,
            kind="speed",
            status="cancelled" if state == "cancelled" else "confirmed",
            host=self.person(mentor),
            starts_at=starts_at,
            ends_at=ends_at,
            occupied_until=ends_at + timedelta(minutes=10),
            timezone="UTC",
            wall_time=f"{starts_at:%Y-%m-%dT%H:%M}",
            uid=f"{next(self.ids)}-{uuid4()}",
            created_at=starts_at - timedelta(days=5),
            updated_at=starts_at - timedelta(days=5),
        )
        for n, (role, person, mark) in enumerate(
            (("mentor", mentor, marks[0]), ("mentee", mentee, marks[1]))
        ):
            Seat.objects.create(
                organization=self.organization,
                booking=booking,
                n=n,
                person=self.person(person),
                role=role,
                attendance=mark,
            )
        return Session.objects.create(
            organization=self.organization,
            booking=booking,
            program=program or self.program,
            state=state,
            objective="Make a first own change",
            minutes=20,
            created_at=starts_at - timedelta(days=5),
            cancelled_at=None if cancelled_before is None else starts_at - cancelled_before,
            cancelled_by=None if cancelled_by is None else self.person(cancelled_by),
            simulated=simulated,
        )


def import_example(name: str = "Team A") -> Team:
    organization = create_organization(name, now=LATER)
    by = Viewer.system(organization, "tests")
    with reading(organization):
        for import_file, filename in ((import_people, "people.csv"), (import_merges, "merges.csv")):
            import_file(
                (EXAMPLE / filename).read_bytes(),
                filename=filename,
                by=by,
                now=LATER,
                data_end=DATA_END,
            )
    return Team(organization, by)


@pytest.fixture(scope="module")
def imported(django_db_setup: None, django_db_blocker: Any) -> Iterator[Team]:
    """The example, read in once for a whole file of tests; each test's own changes roll back."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield import_example()
        transaction.set_rollback(True)


@pytest.fixture
def team(imported: Team, db: None) -> Iterator[Team]:
    """The example team, long after its data ended, without any program."""
    with reading(imported.organization):
        yield replace(imported)


@pytest.fixture
def pilot(team: Team) -> Team:
    """The example team in a program from 2026-02-02 on; all who are still there take part."""
    start = datetime(2026, 2, 2, 6, 0, tzinfo=UTC)
    team.program = create_program("tooling-start", starts_on=PROGRAM_DAY, by=team.by, now=start)
    start_program(team.program, by=team.by, now=start)
    enrol_everyone(team.program, day=PROGRAM_DAY, by=team.by, now=start)
    return team


@pytest.fixture
def world(fresh_world: World) -> Iterator[World]:
    with reading(fresh_world.organization):
        yield fresh_world
