"""A database of the storms' own, on the engine that this run is for."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

ARENA = Path(__file__).with_name("arena.py")
ROOT = ARENA.parents[2]
Storm = Callable[..., dict[str, Any]]


@pytest.fixture(scope="module")
def storm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Storm]:
    """Run one judge, with or without a mutant, and give what it saw."""
    home = tmp_path_factory.mktemp("storm")
    given = os.environ.get("DATABASE_URL", "")
    name = f"storm_{uuid.uuid4().hex[:8]}"
    environment = {**os.environ, "HANDRAIL_HOME": str(home), "PYTHONPATH": str(ROOT / "src")}
    if given:
        _on_postgres(given, f"CREATE DATABASE {name}")
        environment["DATABASE_URL"] = given.rpartition("/")[0] + f"/{name}"
    else:
        environment["DATABASE_URL"] = f"sqlite:///{home / 'storm.sqlite3'}"
    subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), "migrate", "-v", "0"],
        env=environment,
        check=True,
        cwd=home,
    )

    def run(judge: str, **asked: Any) -> dict[str, Any]:
        question = {"processes": 8, "rounds": 5, "seed": 1, **asked, "judge": judge}
        done = subprocess.run(
            [sys.executable, str(ARENA), json.dumps(question)],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            cwd=home,
        )
        assert done.returncode == 0, done.stderr[-3000:]
        found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        sys.stdout.write(json.dumps({**question, **found}) + "\n")
        return found

    yield run
    if given:
        _on_postgres(given, f"DROP DATABASE {name} WITH (FORCE)")


def _on_postgres(url: str, statement: str) -> None:
    import psycopg

    assert urlsplit(url).scheme.startswith("postgres")
    with psycopg.connect(url.replace("postgres://", "postgresql://"), autocommit=True) as database:
        database.execute(statement)
