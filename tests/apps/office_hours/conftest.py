"""Office hours on Tuesdays, 10:00 to 11:00 in Berlin, held by alice, marc and nora in turn."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import pytest

from factories.world import MONDAY, NOW, World
from handrail.apps.calendars.models import Cell
from handrail.apps.office_hours import actions
from handrail.apps.office_hours.blocks import Block, blocks
from handrail.apps.office_hours.models import Rota, RotaSlot, Turn
from handrail.apps.organizations.scope import reading
from handrail.apps.programs.actions import create_program, enrol, start_program
from handrail.apps.programs.models import EnrolmentRole, Program
from handrail.apps.sessions.models import Session

MENTORS = ("alice", "marc", "nora")
TUESDAY = datetime(2026, 2, 3, 9, 0, tzinfo=UTC)  # 10:00 in Berlin


def at(*, weeks: int = 0, minutes: int = 0) -> datetime:
    """A moment after the first block begins."""
    from datetime import timedelta

    return TUESDAY + timedelta(weeks=weeks, minutes=minutes)


@dataclass
class Office:
    """A running program with one block a week, and the verbs of the people in it."""

    world: World
    program: Program
    rota: Rota

    def plan(self, now: datetime = NOW) -> int:
        return actions.plan(self.rota, by=self.world.system, now=now)

    def turns(self) -> list[Turn]:
        turns = Turn.objects.filter(slot__rota=self.rota).select_related("host", "booking")
        return list(turns.order_by("starts_at"))

    def hosts(self) -> list[str]:
        return [turn.host.external_id if turn.host else "-" for turn in self.turns()]

    def book(
        self,
        who: str,
        turn: Turn | None = None,
        *,
        minute: int = 0,
        now: datetime = NOW,
        **more: Any,
    ) -> Session:
        from datetime import timedelta

        turn = turn or self.turns()[0]
        start = turn.starts_at + timedelta(minutes=minute)
        return actions.book(
            turn, start, "Rebase a branch", by=self.world.viewer(who), now=now, **more
        )

    def blocks(self, who: str, now: datetime = NOW) -> list[Block]:
        return blocks(self.rota, self.world.person(who), now)

    def cells(self, who: str) -> int:
        return Cell.objects.filter(person=self.world.person(who)).count()


def make_office(world: World, *, mentors: tuple[str, ...] = MENTORS, **changes: Any) -> Office:
    """The program through the product's own actions; blocks: Tuesdays 10:00-11:00 in Berlin."""
    for name in mentors:
        if name not in world.people:
            world.add(name, role="mentor", offers={"git": 3}, minutes_per_week=60)
    by = world.system
    program = create_program(
        "office-hours", starts_on=MONDAY, by=by, now=NOW, leads=[world.person("alice")]
    )
    rota = Rota.objects.get(program=program)
    for slot in RotaSlot.objects.filter(rota=rota):
        actions.remove_slot(slot, by=by, now=NOW)
    actions.add_slot(rota, 1, 600, 60, "Europe/Berlin", by=by, now=NOW)
    if changes:
        actions.edit_rules(rota, by=by, now=NOW, **changes)
    start_program(program, by=by, now=NOW)
    for name in mentors:
        enrol(program, world.person(name), EnrolmentRole.MENTOR, by=by, now=NOW)
    enrol(program, world.person("bob"), EnrolmentRole.MENTEE, by=by, now=NOW)
    return Office(world, program, Rota.objects.select_related("program").get(pk=rota.pk))


@pytest.fixture
def office(fresh_world: World) -> Iterator[Office]:
    with reading(fresh_world.organization):
        office = make_office(fresh_world)
        office.plan()
        yield office


def day(number: int) -> date:
    return date(2026, 2, number)
