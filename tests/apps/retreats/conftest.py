"""A two-day kick-off in Lisbon that alice plans, with bob on the list."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from factories.world import NOW, World
from handrail.apps.organizations.scope import reading
from handrail.apps.retreats import actions
from handrail.apps.retreats.models import Guest, KitItem, Retreat

TUESDAY = date(2026, 3, 10)


@pytest.fixture
def world(fresh_world: World) -> Iterator[World]:
    with reading(fresh_world.organization):
        yield fresh_world


@pytest.fixture
def retreat(world: World) -> Retreat:
    return make_kick_off(world)


@pytest.fixture
def bob(world: World, retreat: Retreat) -> Guest:
    return actions.add_guest(retreat, world.person("bob"), by=world.viewer("alice"), now=NOW)


@pytest.fixture
def folder(tmp_path: Path, settings: Any) -> Path:
    settings.MAIL = "folder"
    settings.MAIL_FOLDER = tmp_path
    settings.BASE_URL = "https://handrail.example.org"
    return tmp_path


def make_kick_off(world: World) -> Retreat:
    return actions.create_retreat(
        "kick-off",
        name="Spring kick-off",
        place="Lisbon",
        address="Rua Augusta 12",
        timezone="Europe/Lisbon",
        starts_on=TUESDAY,
        shipping_days=3,
        by=world.viewer("alice"),
        now=NOW,
    )


def item(retreat: Retreat, name: str) -> KitItem:
    return KitItem.objects.get(retreat=retreat, name=name)
