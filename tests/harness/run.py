"""`make test`: every check in turn; what could not be run is said last and loudly."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from pathlib import Path
from shutil import rmtree

from chromium import NoChromium, chromium
from postgres import NoPostgres, postgres
from progress import say

ROOT = Path(__file__).resolve().parents[2]
HOME = ROOT / "var/tests"
WORKERS = max(2, min(4, os.cpu_count() or 2))
USUAL = "not journey and not nightly"


@dataclass(frozen=True)
class Step:
    """One check: a command that ends with 0 if all is well."""

    name: str
    command: list[str]
    environment: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Ended:
    """How a step ended, what it wrote if that was kept, and the seconds it took."""

    code: int
    text: str
    wall: float
    processor: float  # of all its processes together

    def __str__(self) -> str:
        return f"{self.wall:.0f} s ({self.processor:.0f} s of processor)"


def run(step: Step, *, keep: bool) -> Ended:
    """Run a step to its end; its output is shown as it comes, or kept."""
    began = time.monotonic()
    process = subprocess.Popen(
        step.command,
        cwd=ROOT,
        env={**os.environ, **step.environment},
        stdout=subprocess.PIPE if keep else None,
        stderr=subprocess.STDOUT if keep else None,
        text=True,
        errors="replace",
    )
    text = process.stdout.read() if process.stdout else ""
    _pid, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    processor = used.ru_utime + used.ru_stime
    return Ended(process.returncode, text, time.monotonic() - began, processor)


def alone(step: Step) -> None:
    """Run one step and show it at work; if it fails, the run ends."""
    say(f"\n── {step.name}")
    ended = run(step, keep=False)
    say(f"   {ended}")
    if ended.code:
        say(f"\n{step.name}: failed.")
        raise SystemExit(1)


def side_by_side(steps: list[Step]) -> None:
    """Run steps next to each other; each is told when it has ended, and all of them end."""
    say(f"\n── {', '.join(step.name for step in steps)}")
    failed = []
    with ThreadPoolExecutor(WORKERS) as pool:
        ahead = {pool.submit(run, step, keep=True): step for step in steps}
        for done in as_completed(ahead):
            step, ended = ahead[done], done.result()
            say(f"   {step.name}: {ended}")
            if ended.code:
                say(ended.text)
                failed.append(step.name)
    if failed:
        say(f"\n{', '.join(failed)}: failed.")
        raise SystemExit(1)


def pytest(marked: str) -> list[str]:
    spread = ["-n", str(WORKERS), "--dist", "worksteal"]
    return [sys.executable, "-m", "pytest", "-q", "--no-header", *spread, "-m", marked]


def first_checks(demo: Path | None) -> list[Step]:
    """What asks for no database; the longest first. The journeys' demo is played meanwhile."""
    steps = [
        Step("types", ["mypy"]),
        Step("import contracts", ["lint-imports", "--no-cache"]),
        Step("migrations", ["handrail", "makemigrations", "--check", "--dry-run"]),
        Step("scripts", ["npm", "--prefix", "frontend", "run", "--silent", "types"]),
        Step("style", ["ruff", "check", "--quiet", "."]),
        Step("format", ["ruff", "format", "--check", "--quiet", "."]),
    ]
    if demo is None:
        return steps
    rmtree(demo, ignore_errors=True)
    play = ["handrail", "demo", "--no-serve", "--home", str(demo)]
    return [Step("the demo plays", play, {"DATABASE_URL": ""}), *steps]


def main() -> None:
    began = time.monotonic()
    os.environ["HANDRAIL_HOME"] = str(HOME)
    os.environ.setdefault("HANDRAIL_SECRET_KEY", "only-for-tests-" + "x" * 40)
    left_out: list[str] = []
    browser, demo = "", HOME / "demo"
    try:
        browser = chromium()
    except NoChromium as why:
        left_out.append(f"the browser journeys were not run: {why}")
    side_by_side(first_checks(demo if browser else None))
    alone(Step("tests on SQLite", pytest(USUAL), {"DATABASE_URL": ""}))
    try:
        with postgres() as url:
            databases = pytest(f"({USUAL}) and not pure")
            alone(Step("tests on PostgreSQL", databases, {"DATABASE_URL": url}))
    except NoPostgres as why:
        left_out.append(f"the PostgreSQL half was not run: {why}")
    if browser:
        where = {
            "HANDRAIL_CHROMIUM": browser,
            "HANDRAIL_TESTS_DEMO": str(demo),
            "DATABASE_URL": "",
        }
        alone(Step("journeys in a browser", pytest("journey"), where))
    say(f"\nAll checks passed in {time.monotonic() - began:.0f} s.")
    for line in left_out:
        say(f"\n*** LEFT OUT: {line} ***")


if __name__ == "__main__":
    main()
