"""A web process starts light: what only solving needs is not loaded with it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = ("numba", "scipy", "pandas", "ortools", "highspy", "duckdb", "llvmlite", "dask")
# What the first request loads counts as the start: the pages, the API, every handler of the outbox.
START = """
import sys
import handrail.site.wsgi
from django.urls import get_resolver
from django.utils.module_loading import import_string
from handrail.apps.outbox.handlers import HANDLERS
get_resolver().url_patterns
for path in HANDLERS.values():
    import_string(path)
from django.conf import settings
print(settings.SECRET_KEY_FALLBACKS, sorted(set(sys.argv[1:]) & set(sys.modules)))
"""


@pytest.mark.pure
def test_starting_the_web_process_loads_nothing_that_only_solving_needs(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", START, *HEAVY],
        env={
            **os.environ,
            "HANDRAIL_HOME": str(tmp_path),
            "HANDRAIL_RUN_WORKER": "no",
            "HANDRAIL_SECRET_KEY_FALLBACKS": "older oldest",
        },
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "['older', 'oldest'] []"
