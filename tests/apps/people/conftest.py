"""The world of the tests, for what brings people in."""

from __future__ import annotations

import pytest

from factories.world import World, make_world


@pytest.fixture
def world(db: None) -> World:
    return make_world()
