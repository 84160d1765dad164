"""The front door as people meet it: a clock that the test sets, and one browser for each."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from django.core.cache import cache
from django.test import Client

from factories.world import NOW, World


class Clock:
    """What the server takes for now."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock(NOW)
    monkeypatch.setattr("django.utils.timezone.now", clock)
    return clock


@pytest.fixture
def world(fresh_world: World, clock: Clock) -> World:
    cache.clear()  # what was asked too often in another test is not held against this one
    return fresh_world


@pytest.fixture
def signed_in_as(world: World) -> Callable[[str], Client]:
    """A browser in which this person of the world is signed in."""

    def enter(name: str) -> Client:
        client = Client()
        client.force_login(world.users[name], "django.contrib.auth.backends.ModelBackend")
        return client

    return enter
