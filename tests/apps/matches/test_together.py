"""Two leads press at the same moment: one run, one preview, nothing lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from factories.together import own_database
from factories.together import together as at_once
from factories.world import MONDAY, NOW, World, make_world
from handrail.apps.matches import actions
from handrail.apps.matches.models import MatchRun, RunStatus
from handrail.apps.organizations.scope import reading
from handrail.apps.outbox.models import OutboxRow

__all__ = ["own_database"]


@pytest.fixture
def world(own_database: None) -> Iterator[World]:
    made = make_world()
    with reading(made.organization):
        yield made


def together(world: World, *steps: Callable[[], Any]) -> list[Any]:
    """Take the steps at the same moment, each as another request within the world."""

    def within(step: Callable[[], Any]) -> Callable[[], Any]:
        def take() -> Any:
            with reading(world.organization):
                return step()

        return take

    return at_once(*map(within, steps))


def propose_as(world: World, name: str) -> Callable[[], MatchRun]:
    by = world.viewer(name)
    return lambda: actions.propose_matches(world.program, week=MONDAY, by=by, now=NOW)


def test_of_a_large_program_one_run_is_made(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "AT_ONCE", 0)
    names = ("alice", "adam", "alice", "adam")
    runs = together(world, *(propose_as(world, name) for name in names))
    assert len({run.pk for run in runs}) == 1
    assert MatchRun.objects.get().status == RunStatus.RUNNING
    assert OutboxRow.objects.filter(kind="match.solve").count() == 1


def test_of_a_small_program_one_preview_stays(world: World) -> None:
    runs = together(world, propose_as(world, "alice"), propose_as(world, "adam"))
    assert all(run.matches.count() == 1 for run in runs)
    states = sorted(MatchRun.objects.values_list("status", flat=True))
    assert states == ["discarded", "preview"]


def test_stopped_by_two_at_once_it_is_stopped_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "AT_ONCE", 0)
    run = propose_as(world, "alice")()
    viewers = [world.viewer(name) for name in ("alice", "adam")]
    answers = together(
        world, *(lambda by=by: actions.stop_run(run, by=by, now=NOW) for by in viewers)
    )
    assert sorted(type(answer).__name__ for answer in answers) == ["Conflict", "NoneType"]
