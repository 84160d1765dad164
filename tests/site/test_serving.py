"""Serving begins with a database that fits, and says so to whatever watches."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client


def test_serving_without_a_database_says_how_to_begin(tmp_path: Path) -> None:
    handrail = Path(sys.executable).with_name("handrail")
    done = subprocess.run(
        [str(handrail), "serve"],
        env={**os.environ, "HANDRAIL_HOME": str(tmp_path), "DATABASE_URL": ""},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 2
    assert "Begin with: handrail init" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.django_db
def test_ready_means_that_the_tables_are_those_of_this_version() -> None:
    assert Client().get("/readyz").status_code == 200
    MigrationRecorder.Migration.objects.filter(app="sessions").latest("pk").delete()
    answer = Client().get("/readyz")
    assert (answer.status_code, answer.content) == (503, b"database waits for: handrail migrate\n")
