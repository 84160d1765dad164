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
        log = home / "arena.log"
        arena = subprocess.Popen(
            [sys.executable, str(ARENA)],
            env=environment(url, home),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=afterwards.enter_context(log.open("wb")),
            text=True,
            cwd=home,
        )
        yield _storm(arena, log)
        arena.communicate()


def _storm(arena: subprocess.Popen[str], log: Path) -> Storm:
    def run(judge: str, **asked: Any) -> dict[str, Any]:
        question = {"processes": 8, "rounds": 5, "seed": 1, **asked, "judge": judge}
        assert arena.stdin is not None
        assert arena.stdout is not None
        arena.stdin.write(json.dumps(question) + "\n")
        arena.stdin.flush()
        answer = arena.stdout.readline()
        assert answer, log.read_text()[-3000:]
        found: dict[str, Any] = json.loads(answer)
        sys.stdout.write(json.dumps({**question, **found}) + "\n")
        return found

    return run
