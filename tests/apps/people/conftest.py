"""The world of the tests, for what brings people in."""

from __future__ import annotations

import pytest

from factories.world import World


@pytest.fixture
def world(fresh_world: World) -> World:
    return fresh_world
