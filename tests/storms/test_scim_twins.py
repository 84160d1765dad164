"""Whoever is second to say the same is told that it is there already; nobody loses a member."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import uuid
from contextlib import ExitStack
from pathlib import Path

import pytest

from factories.databases import copied_postgres, copied_sqlite, environment

pytestmark = [pytest.mark.nightly, pytest.mark.storm]
SCRIPT = Path(__file__).with_name("scim_twins.py")


def test_of_two_who_send_the_same_one_is_told_that_it_is_there(tmp_path: Path) -> None:
    given = os.environ.get("DATABASE_URL", "")
    with ExitStack() as afterwards:
        if given:
            url = afterwards.enter_context(copied_postgres(given, f"twins_{uuid.uuid4().hex[:8]}"))
        else:
            url = copied_sqlite(tmp_path / "twins.sqlite3")
        done = subprocess.run(
            [sys.executable, str(SCRIPT)],
            env=environment(url, tmp_path),
            cwd=tmp_path,
            capture_output=True,
            text=True,
        )
    assert done.returncode == 0, done.stderr[-3000:]
    assert json.loads(done.stdout.splitlines()[-1]) == {
        "people": [[201, ""], [409, "uniqueness"]],
        "teams": [[201, ""], [409, "uniqueness"]],
        "made": [1, 1],
        "written": 1,
        "patches": [[200, ""], [200, ""]],
        "members": 2,
    }
