"""A cohort program that alice leads, with intakes in January and March, and a hiring system."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from factories.world import World
from handrail.apps.cohorts.actions import open_intake
from handrail.apps.cohorts.line import line_of
from handrail.apps.cohorts.models import Intake, Place
from handrail.apps.hiring import actions, hire_queries
from handrail.apps.hiring.models import HireRecord, HireRule
from handrail.apps.organizations.scope import reading
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.outbox.models import OutboxRow
from handrail.apps.programs.actions import create_program, start_program
from handrail.apps.programs.models import Program
from handrail.integrations.webhooks.parsed import HireEvent

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
JANUARY, MARCH = date(2027, 1, 11), date(2027, 3, 1)


@dataclass
class Desk:
    """The world with a cohort program; `now` is the clock that tests move."""

    world: World
    program: Program
    january: Intake
    march: Intake
    now: datetime = NOW
    count: int = 0

    @property
    def lead(self) -> Viewer:
        return self.world.viewer("alice")

    def told(
        self,
        application: str,
        start: date | None = date(2027, 1, 4),
        *,
        delivery: str = "",
        **more: Any,
    ) -> HireRecord:
        """One delivery of a hiring system about one application."""
        self.count += 1
        self.now += timedelta(seconds=1)
        said: dict[str, Any] = {
            "undone": False,
            "name": f"{application.capitalize()} Moll",
            "work_email": "",
            "personal_email": "",
            "job": "J-7",
            "job_title": "Platform engineer",
            "department": "Platform",
            "occurred_at": None,
            **more,
        }
        event = HireEvent(source="greenhouse", application=application, start_date=start, **said)
        return actions.take_hire(
            event,
            connection="greenhouse-1",
            delivery=delivery or f"d{self.count}",
            by=self.world.system,
            now=self.now,
        )

    def undone(self, application: str, **more: Any) -> HireRecord:
        return self.told(application, None, undone=True, **more)

    def rule(self, **said: Any) -> HireRule:
        chosen = {"job": "J-7", "asks_lead": False, **said}
        return actions.add_rule(self.program, by=self.lead, now=self.now, **chosen)

    def seated(self, intake: Intake) -> list[str]:
        return [place.person.name.split()[0].lower() for place in line_of(intake).seated]

    def waiting(self, intake: Intake) -> list[str]:
        return [place.person.name.split()[0].lower() for place in line_of(intake).waiting]

    def queue(self) -> list[tuple[str, str]]:
        lines = hire_queries.queue(self.lead, self.now)
        return [(line.hire.application, line.why) for line in lines]

    def tend(self) -> None:
        actions.tend_hires(by=self.world.system, now=self.now)

    def place(self, application: str) -> Place:
        hire = HireRecord.objects.get(application=application)
        return Place.objects.select_related("intake__program", "person", "cohort").get(
            person=hire.person
        )

    def mails(self) -> list[str]:
        rows = OutboxRow.objects.filter(kind__startswith="mail.hire").order_by("pk")
        return [row.kind for row in rows]


@pytest.fixture
def desk(fresh_world: World) -> Iterator[Desk]:
    world = fresh_world
    nora = world.add("nora", role="mentor", minutes_per_week=60, works=(8 * 60, 20 * 60))
    with reading(world.organization):
        program = create_program(
            "first-twelve-weeks",
            starts_on=NOW.date(),
            ends_on=NOW.date() + timedelta(days=360),
            by=world.system,
            now=NOW,
            leads=[world.person("alice")],
        )
        start_program(program, by=world.system, now=NOW)
        january, march = (
            open_intake(
                program,
                [nora],
                opens_on=NOW.date(),
                closes_on=starts - timedelta(days=14),
                starts_on=starts,
                hired_from=NOW.date(),
                seats=6,
                by=world.system,
                now=NOW,
            )
            for starts in (JANUARY, MARCH)
        )
        yield Desk(world, program, january, march)
