"""Bob asks; alice, nora and ole are mentors for git: two, three and one level ahead of him."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from factories.remembered import remembered
from factories.world import NOW, World, make_world
from handrail.apps.organizations.scope import reading
from handrail.apps.outbox.models import OutboxRow
from handrail.apps.people.models import Skill, SkillWanted
from handrail.apps.programs.actions import enrol
from handrail.apps.programs.models import EnrolmentRole
from handrail.apps.requests import actions
from handrail.apps.requests.models import MentoringRequest

TUESDAY = datetime(2026, 2, 3, 10, 0, tzinfo=UTC)  # 11:00 in Berlin
Ask = Callable[..., MentoringRequest]


@remembered
def _make_world() -> World:
    world = make_world()
    world.add("nora", role="mentor", offers={"git": 5}, minutes_per_week=60)
    world.add("ole", role="mentor", offers={"git": 3}, minutes_per_week=60)
    with reading(world.organization):
        # Bob knows something already, so that each level of a mentor counts.
        SkillWanted.objects.filter(person=world.person("bob")).update(own_level=2)
        assert world.program is not None
        for name in ("nora", "ole"):
            enrol(world.program, world.person(name), EnrolmentRole.MENTOR, by=world.system, now=NOW)
    return world


@pytest.fixture
def world(db: None) -> Iterator[World]:
    world = _make_world()
    with reading(world.organization):
        yield world


@pytest.fixture
def ask(world: World) -> Ask:
    """Ask in bob's name: ask(), ask("nora", at=…), ask(note="…")."""

    def ask(mentor: str = "alice", *, at: datetime = TUESDAY, **more: Any) -> MentoringRequest:
        now = more.pop("now", NOW)
        more.setdefault("skill", Skill.objects.get(name="git"))
        assert world.program is not None
        return actions.ask(
            world.program,
            world.person("bob"),
            world.person(mentor),
            at,
            "Rebase a branch without fear",
            by=world.viewer("bob"),
            now=now,
            **more,
        )

    return ask


def mails(kind: str) -> list[str]:
    """To whom rows of a kind were written, oldest first."""
    rows = OutboxRow.objects.filter(kind=f"mail.{kind}").order_by("pk")
    return [row.ref["person"] for row in rows]
