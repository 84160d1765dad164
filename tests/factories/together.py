"""Several requests at the same moment, each on a connection of its own."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from handrail.apps.organizations.refusals import Refusal


@pytest.fixture
def own_database(transactional_db: None, tmp_path: Path) -> Iterator[None]:
    """On SQLite a file as in real use: the tests' database in memory has one writer at most."""
    if connection.vendor != "sqlite":
        yield
        return
    connection.ensure_connection()
    in_memory, name = connection.connection, connection.settings_dict["NAME"]
    path = tmp_path / "handrail.sqlite3"
    with closing(sqlite3.connect(path)) as file:
        in_memory.backup(file)
    connection.connection, connection.settings_dict["NAME"] = None, str(path)
    try:
        yield
    finally:
        connection.close()
        connection.connection, connection.settings_dict["NAME"] = in_memory, name


def together(*steps: Callable[[], Any]) -> list[Any]:
    """Take the steps at the same moment, each as another request; answers or refusals."""
    gate = threading.Barrier(len(steps))
    answers: list[Any] = [None] * len(steps)

    def take(place: int, step: Callable[[], Any]) -> None:
        try:
            gate.wait(10)
            answers[place] = step()
        except (Refusal, threading.BrokenBarrierError) as error:
            answers[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=take, args=entry) for entry in enumerate(steps)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return answers
