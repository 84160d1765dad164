"""A running program with alice and marc as mentors, and a worker whose solver the test chooses."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

import pytest

from factories.world import MONDAY, NOW, World
from handrail.apps.matches import actions, tasks
from handrail.apps.matches.apart import Told
from handrail.apps.matches.models import MatchRun
from handrail.apps.matches.solving import Asked, answer
from handrail.apps.organizations.scope import reading
from handrail.apps.outbox.runner import Drained, drain
from handrail.apps.programs.actions import enrol, set_objective

Propose = Callable[..., MatchRun]


@pytest.fixture
def world(fresh_world: World) -> Iterator[World]:
    with reading(fresh_world.organization):
        yield fresh_world


def add_mentor(world: World, name: str, **changes: Any) -> None:
    offers = {"offers": {"git": 4}, "minutes_per_week": 60, **changes}
    world.add(name, role="mentor", **offers)
    enrol(world.program, world.person(name), "mentor", by=world.system, now=NOW)


def add_mentee(world: World, name: str, *, objective: bool = True, **changes: Any) -> None:
    world.add(name, role="mentee", **{"wants": {"git": 1}, **changes})
    part = enrol(world.program, world.person(name), "mentee", by=world.system, now=NOW)
    world.enrolments[name] = part
    if objective:
        set_objective(part, f"{name}'s first change", by=world.system, now=NOW)


@pytest.fixture
def propose(world: World) -> Propose:
    """Match the week; by alice, unless somebody else is named."""

    def propose(name: str = "alice", **changes: Any) -> MatchRun:
        asked = {"week": MONDAY, "by": world.viewer(name), "now": NOW, **changes}
        return actions.propose_matches(world.program, **asked)

    return propose


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every program counts as a large one, for which a worker solves."""
    monkeypatch.setattr(actions, "AT_ONCE", 0)


class Solver:
    """Stands for the process apart: what it does before it answers is the test's."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.before: Callable[[], None] = lambda: None
        self.stages: list[str] = []

    @contextmanager
    def __call__(
        self, asked: Asked, *, say: Callable[[str], Any], wanted: Callable[[], bool]
    ) -> Iterator[Told]:
        self.asked.append(asked)

        def tell(stage: str) -> None:
            self.stages.append(stage)
            say(stage)

        told = answer(asked, tell)
        self.before()
        if not wanted():
            raise tasks.NotWanted
        rows = [{"match": asdict(found)} for found in told.matches]
        rows += [{"unmatched": [person, why]} for person, why in told.unmatched]
        whole = {"certificate": told.certificate, "prices": told.prices, "advice": told.advice}
        yield Told(whole, iter(rows))


@pytest.fixture
def solver(monkeypatch: pytest.MonkeyPatch) -> Solver:
    solver = Solver()
    monkeypatch.setattr(tasks, "answer_apart", solver)
    return solver


def work(after: timedelta = timedelta(0), **options: Any) -> Drained:
    """Let a worker do what is due so long after the beginning."""
    now: datetime = NOW + after
    return drain(now=now, **options)
