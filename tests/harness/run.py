"""`make test`: every check in turn; what could not be run is said last and loudly."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

from chromium import NoChromium, chromium
from postgres import NoPostgres, postgres
from progress import say

ROOT = Path(__file__).resolve().parents[2]
PARALLEL = ["-n", "2", "--dist", "worksteal"]


def step(name: str, command: list[str], **environment: str) -> None:
    """Run one check; the first that fails ends the run."""
    say(f"\n── {name}")
    began = time.monotonic()
    done = subprocess.run(command, cwd=ROOT, env={**os.environ, **environment}, check=False)
    say(f"   {time.monotonic() - began:.0f} s")
    if done.returncode:
        say(f"\n{name}: failed.")
        raise SystemExit(done.returncode)


def pytest(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "pytest", "-q", "--no-header", *arguments]


def main() -> None:
    began = time.monotonic()
    home = ROOT / "var/tests"
    os.environ["HANDRAIL_HOME"] = str(home)
    os.environ.setdefault("HANDRAIL_SECRET_KEY", "only-for-tests-" + "x" * 40)
    left_out: list[str] = []
    step("style", ["ruff", "check", "--quiet", "."])
    step("format", ["ruff", "format", "--check", "--quiet", "."])
    step("import contracts", ["lint-imports", "--no-cache"])
    step("types", ["mypy"])
    step("scripts", ["npm", "--prefix", "frontend", "run", "--silent", "types"])
    step("migrations", ["handrail", "makemigrations", "--check", "--dry-run"])
    usual = "not journey and not nightly"
    step("tests on SQLite", pytest(*PARALLEL, "-m", usual), DATABASE_URL="")
    try:
        with postgres() as url:
            databases = f"({usual}) and not pure"
            step("tests on PostgreSQL", pytest(*PARALLEL, "-m", databases), DATABASE_URL=url)
    except NoPostgres as why:
        left_out.append(f"the PostgreSQL half was not run: {why}")
    try:
        path = chromium()
        step(
            "journeys in a browser",
            pytest("-m", "journey"),
            HANDRAIL_CHROMIUM=path,
            DATABASE_URL="",
        )
    except NoChromium as why:
        left_out.append(f"the browser journeys were not run: {why}")
    say(f"\nAll checks passed in {time.monotonic() - began:.0f} s.")
    for line in left_out:
        say(f"\n*** LEFT OUT: {line} ***")


if __name__ == "__main__":
    main()
