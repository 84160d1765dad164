"""Deliveries to a served house: each scheme eight ways, and a burst in which it is killed."""

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
from factories.deliveries import RECEIVING

pytestmark = [pytest.mark.storm, pytest.mark.nightly]
BURST, WAYS = (Path(__file__).with_name(f"hook_{name}.py") for name in ("burst", "ways"))
Burst = Callable[..., dict[str, Any]]
Script = Callable[..., dict[str, Any]]


@pytest.fixture
def script(tmp_path: Path) -> Iterator[Script]:
    """Run a script on a database of its own; what it printed last is JSON."""
    given = os.environ.get("DATABASE_URL", "")
    with ExitStack() as afterwards:
        if given:
            name = f"burst_{uuid.uuid4().hex[:8]}"
            url = afterwards.enter_context(copied_postgres(given, name))
        else:
            url = copied_sqlite(tmp_path / "burst.sqlite3")

        def run(path: Path, *more: str) -> dict[str, Any]:
            done = subprocess.run(
                [sys.executable, str(path), *more],
                env=environment(url, tmp_path),
                capture_output=True,
                text=True,
                check=False,
            )
            assert done.returncode == 0, done.stderr[-3000:]
            found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
            return found

        yield run


@pytest.fixture
def burst(script: Script) -> Burst:
    def run(events: int, kills: int, *more: str) -> dict[str, Any]:
        found = script(BURST, str(events), str(kills), *more)
        times = found.pop("times")
        found["p95_ms"] = times[int(0.95 * len(times))]
        told = {"judge": "hook burst", "events": events, "kills": kills, **found}
        sys.stdout.write(json.dumps({**told, "mutant": " ".join(more)}) + "\n")
        return found

    return run


def test_each_scheme_eight_ways(script: Script) -> None:
    """What is not proven is refused, too large or not; what is proven is stored once."""
    found = script(WAYS)
    refused = dict.fromkeys(("wrong key", "no header", "changed", "stale"), 401)
    proven = {"too large": 413, "good": 200, "again": 200, "not UTF-8": 200, "stored": 2}
    usual = {**refused, **proven}
    ought = dict.fromkeys(found, usual)
    # Its id stands in the body, which nobody can read.
    ought["ashby"] = {**usual, "not UTF-8": 401, "stored": 1}
    # Nothing is signed: whoever knows the token is believed, and the id is the same.
    ought["gitlab-token"] = {**usual, "changed": 200}
    assert found == ought
    assert set(found) == set(RECEIVING)


def test_a_thousand_deliveries_and_two_kills_lose_nothing(burst: Burst) -> None:
    found = burst(1000, 2)
    assert (found["acknowledged"], found["lost"]) == (1000, 0)
    assert (found["twice"], found["waiting"]) == (0, 0)
    assert found["sent_again"] > 0


def test_an_answer_before_it_is_stored_is_found_out(burst: Burst) -> None:
    assert burst(1000, 4, "early")["lost"] > 0
