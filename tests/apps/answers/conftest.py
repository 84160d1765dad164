"""Bob and alice met, bob handed the artifact in; the clock stands at Tuesday, 11:20 in Berlin."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from factories.answers import Scene, make_scene
from factories.world import World
from handrail.apps.organizations.scope import reading


@pytest.fixture
def scene(fresh_world: World) -> Iterator[Scene]:
    with reading(fresh_world.organization):
        yield make_scene(fresh_world)


@pytest.fixture
def world(fresh_world: World) -> Iterator[World]:
    with reading(fresh_world.organization):
        yield fresh_world
