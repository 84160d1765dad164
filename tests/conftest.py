"""What every test shares: no network, a home of its own, and marks by folder."""

from __future__ import annotations

import gc
import os
import re
import socket
from collections.abc import Iterator
from contextlib import closing
from copy import deepcopy
from pathlib import Path

import pytest
from django.conf import settings as all_settings
from django.db import connection, transaction
from pytest_django import DjangoDbBlocker

from factories.databases import keep_in_memory, migrated_postgres
from factories.world import World, make_world

MARKS = {
    **dict.fromkeys(("domain", "docs", "integrations", "benchmarks"), pytest.mark.pure),
    "journeys": pytest.mark.journey,
}
# What asks either engine in the same words runs on one of them by day, and on both at night. What
# an engine can make a difference to runs on both every time: claims, the outbox, who sees what,
# storms, and what two people do at once.
LATER = {
    "web": pytest.mark.later_on_postgresql,
    "site": pytest.mark.later_on_postgresql,
    "apps/assistance": pytest.mark.later_on_postgresql,
    "apps/chat": pytest.mark.later_on_postgresql,
    "apps/connections": pytest.mark.later_on_postgresql,
    "apps/hiring": pytest.mark.later_on_postgresql,
    "apps/hiring/hires": pytest.mark.later_on_postgresql,
    "apps/identity": pytest.mark.later_on_postgresql,
    "apps/records": pytest.mark.later_on_postgresql,
    "apps/matches": pytest.mark.later_on_postgresql,
    "apps/cohorts": pytest.mark.later_on_postgresql,
    "apps/outcomes": pytest.mark.later_on_postgresql,
    "apps/pilots": pytest.mark.later_on_postgresql,
    "apps/people": pytest.mark.later_on_postgresql,
    "apps/reports": pytest.mark.later_on_postgresql,
    "apps/sessions": pytest.mark.later_on_postgresql,
    "apps/office_hours": pytest.mark.later_on_postgresql,
    "apps/requests": pytest.mark.later_on_postgresql,
    "apps/answers": pytest.mark.later_on_postgresql,
    "apps/retreats": pytest.mark.later_on_postgresql,
    "api": pytest.mark.later_on_postgresql,
}

ON_BOTH = (
    "apps/sessions/test_booking.py",
    "apps/connections/test_receiving.py",
)
HERE = Path(__file__).parent
OF_THE_NIGHT = re.compile(r"^pytestmark = .*\bnightly\b", re.MULTILINE)  # a file as a whole


def pytest_configure() -> None:
    """Every test client is a server of its own: it need not look at every static file at once."""
    all_settings.WHITENOISE_AUTOREFRESH = True
    gc.set_threshold(100_000, 20, 50)  # what reading makes stays, nearly all of it


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """A file of which nothing is asked for is not even read: each process would read them all."""
    wanted = config.option.markexpr
    if " or " in wanted:
        return None
    left_out = set(re.findall(r"\bnot (\w+)", wanted))
    name = collection_path.relative_to(HERE).as_posix()
    if (mark := MARKS.get(name.split("/")[0])) and mark.name in left_out:
        return True
    if collection_path.suffix != ".py":
        return None
    later = LATER.get(name.rpartition("/test_")[0])
    if later and not _on_both(name) and {later.name, "pure"} <= left_out:
        return True
    whole = "nightly" in left_out and OF_THE_NIGHT.search(collection_path.read_text("utf-8"))
    return True if whole else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Say by a test's folder on which engines it runs by day; every test runs on one at least."""
    for item in items:
        name = item.nodeid.removeprefix("tests/")
        if mark := MARKS.get(name.split("/")[0]):
            item.add_marker(mark)
        folder = name.rpartition("/test_")[0]
        stays = item.get_closest_marker("pure") is not None or _on_both(name)
        if (mark := LATER.get(folder)) and not stays:
            item.add_marker(mark)
        if {"later_on_sqlite", "later_on_postgresql"} <= {one.name for one in item.iter_markers()}:
            raise pytest.UsageError(f"{item.nodeid} would run on no engine by day")


def _on_both(name: str) -> bool:
    return name.startswith(ON_BOTH) or "/test_together.py" in name


def pytest_collection_finish() -> None:
    """What is there by now stays: the collector of garbage need not look through it every time."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None,
) -> Iterator[None]:
    """The tests' database begins as a copy of a migrated one: `migrate` finds no work."""
    if connection.vendor == "postgresql":
        template = migrated_postgres(os.environ["DATABASE_URL"])
        connection.settings_dict["TEST"]["TEMPLATE"] = template
        yield
    else:
        with closing(keep_in_memory(connection.creation._get_test_db_name())):
            yield


@pytest.fixture(scope="module")
def world_of_the_file(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield make_world()
        transaction.set_rollback(True)


@pytest.fixture
def fresh_world(world_of_the_file: World, db: None) -> World:
    """The world as it is made, once for a whole file of tests: what a test changes is undone."""
    return deepcopy(world_of_the_file)


@pytest.fixture(autouse=True)
def only_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that reaches for the net fails: only loopback and local sockets answer."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: object) -> None:
        host = address[0] if isinstance(address, tuple) else "127.0.0.1"
        if self.family != socket.AF_UNIX and host not in ("127.0.0.1", "localhost", "::1"):
            raise AssertionError(f"a test reached for {host}")
        connect(self, address)  # type: ignore[arg-type]

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture(autouse=True)
def own_mail_folder(tmp_path: Path, settings: object) -> None:
    """Mails of a test land in its own folder."""
    settings.MAIL = "folder"  # type: ignore[attr-defined]
    settings.MAIL_FOLDER = tmp_path / "mail"  # type: ignore[attr-defined]
