"""A thousand deliveries and a house that is killed among them: what was acknowledged is stored."""

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

pytestmark = [pytest.mark.storm, pytest.mark.nightly]
SCRIPT = Path(__file__).with_name("hook_burst.py")
Burst = Callable[..., dict[str, Any]]


@pytest.fixture
def burst(tmp_path: Path) -> Iterator[Burst]:
    given = os.environ.get("DATABASE_URL", "")
    with ExitStack() as afterwards:
        if given:
            name = f"burst_{uuid.uuid4().hex[:8]}"
            url = afterwards.enter_context(copied_postgres(given, name))
        else:
            url = copied_sqlite(tmp_path / "burst.sqlite3")

        def run(events: int, kills: int, *more: str) -> dict[str, Any]:
            done = subprocess.run(
                [sys.executable, str(SCRIPT), str(events), str(kills), *more],
                env=environment(url, tmp_path),
                capture_output=True,
                text=True,
                check=False,
            )
            assert done.returncode == 0, done.stderr[-3000:]
            found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
            times = found.pop("times")
            found["p95_ms"] = times[int(0.95 * len(times))]
            told = {"judge": "hook burst", "events": events, "kills": kills, **found}
            sys.stdout.write(json.dumps({**told, "mutant": " ".join(more)}) + "\n")
            return found

        yield run


def test_a_thousand_deliveries_and_two_kills_lose_nothing(burst: Burst) -> None:
    found = burst(1000, 2)
    assert (found["acknowledged"], found["lost"]) == (1000, 0)
    assert (found["twice"], found["waiting"]) == (0, 0)
    assert found["sent_again"] > 0


def test_an_answer_before_it_is_stored_is_found_out(burst: Burst) -> None:
    assert burst(1000, 4, "early")["lost"] > 0
