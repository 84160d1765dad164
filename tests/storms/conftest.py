"""A database of the storms' own, on the engine that this run is for."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from factories.databases import copied_postgres, copied_sqlite, environment

ARENA = Path(__file__).with_name("arena.py")
Storm = Callable[..., dict[str, Any]]


@pytest.fixture(scope="module")
def storm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Storm]:
    """Run one judge, with or without a mutant, and give what it saw."""
    home = tmp_path_factory.mktemp("storm")
    given = os.environ.get("DATABASE_URL", "")
    name = f"storm_{uuid.uuid4().hex[:8]}"
    with ExitStack() as afterwards:
        if given:
            url = afterwards.enter_context(copied_postgres(given, name))
        else:
            url = copied_sqlite(home / "storm.sqlite3")
        yield _storm(environment(url, home), home)


def _storm(processes: dict[str, str], home: Path) -> Storm:
    def run(judge: str, **asked: Any) -> dict[str, Any]:
        question = {"processes": 8, "rounds": 5, "seed": 1, **asked, "judge": judge}
        done = subprocess.run(
            [sys.executable, str(ARENA), json.dumps(question)],
            env=processes,
            capture_output=True,
            text=True,
            check=False,
            cwd=home,
        )
        assert done.returncode == 0, done.stderr[-3000:]
        found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        sys.stdout.write(json.dumps({**question, **found}) + "\n")
        return found

    return run
