"""The whole database killed at any moment: whoever was told "booked" is booked, and it comes back.

On a PostgreSQL server of the tests' own. On SQLite the process that books is the database; see
`test_kills.py`.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from postgres import Cluster, cluster

from factories.databases import environment, migrate

pytestmark = [
    pytest.mark.storm,
    pytest.mark.skipif(not os.environ.get("DATABASE_URL"), reason="a server is killed, not a file"),
]
SURVIVORS = Path(__file__).with_name("survivors.py")
BACK_WITHIN = 15.0  # seconds until the next answer


@pytest.fixture(scope="module")
def server() -> Any:
    with cluster() as server:
        migrate(server.url)
        yield server


Kill = Callable[..., dict[str, Any]]


@pytest.fixture
def kill(server: Cluster, tmp_path: Path) -> Kill:
    def run(kills: int, *, processes: int = 4, mutant: str = "") -> dict[str, Any]:
        stop, chance, slowest = tmp_path / "stop", random.Random(1), 0.0
        answers = Path(f"{stop}.answers")
        command = [sys.executable, str(SURVIVORS), str(processes), str(stop)]
        survivors = subprocess.Popen(
            [*command, "early"] if mutant else command,
            env=environment(server.url, tmp_path),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=tmp_path,
        )

        def size() -> int:
            return answers.stat().st_size if answers.exists() else 0

        def wait_for_an_answer(after: int) -> None:
            began = time.monotonic()
            while size() <= after:
                assert survivors.poll() is None, survivors.communicate()[1][-2000:]
                assert time.monotonic() - began < 60, "nothing is booked any more"
                time.sleep(0.01)

        wait_for_an_answer(0)
        for _kill in range(kills):
            time.sleep(chance.random() * 0.3)
            server.kill()
            killed, before = time.monotonic(), size()
            server.start()
            wait_for_an_answer(before)
            slowest = max(slowest, time.monotonic() - killed)
        stop.touch()
        out, errors = survivors.communicate(timeout=60)
        assert survivors.returncode == 0, errors[-2000:]
        found: dict[str, Any] = json.loads(out)
        told = {"judge": "database kills", "mutant": mutant, "processes": processes}
        back = {"rounds": kills, "seed": 1, "slowest_back": round(slowest, 2)}
        sys.stdout.write(json.dumps({**told, **back, **found}) + "\n")
        assert slowest < BACK_WITHIN
        return found

    return run


@pytest.mark.nightly
def test_three_kills_of_the_database_lose_nothing_that_was_answered(kill: Kill) -> None:
    found = kill(3)
    assert found["answered"] >= 4
    assert (found["lost"], found["overlaps"], found["cells_astray"]) == (0, 0, 0)


@pytest.mark.nightly
def test_fifty_kills_of_the_database_lose_nothing_that_was_answered(kill: Kill) -> None:
    found = kill(50)
    assert (found["lost"], found["overlaps"], found["cells_astray"]) == (0, 0, 0)


@pytest.mark.nightly
def test_an_answer_before_the_commit_is_found_out_when_the_database_dies(kill: Kill) -> None:
    assert kill(20, processes=8, mutant="answer before commit")["lost"] > 0
