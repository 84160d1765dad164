"""`make test`: every check in turn; what could not be run is said last and loudly."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import ExitStack
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from shutil import rmtree

from chromium import NoChromium, chromium
from postgres import NoPostgres, postgres
from progress import say

ROOT = Path(__file__).resolve().parents[2]
HOME = ROOT / "var/tests"
WORKERS = max(2, min(4, os.cpu_count() or 2))
USUAL = "not journey and not nightly and not release"
ON_POSTGRES = f"{USUAL} and not pure and not later_on_postgresql"
DATABASES = ("api", "apps", "permissions", "site", "storms")  # what asks for one
DEMO = "the demo plays"
FAR = re.compile(r"\[ *(\d+)%\]$")  # where pytest says how far it is


@dataclass(frozen=True)
class Step:
    """One check: a command that ends with 0 if all is well."""

    name: str
    command: list[str]
    environment: dict[str, str] = field(default_factory=dict)
    modest: int = 0  # by how much it stands back (nice) while others want the processors too


@dataclass(frozen=True)
class Ended:
    """How a step ended, what it wrote, and the seconds it took."""

    code: int
    text: str
    wall: float
    processor: float  # of all its processes together

    def __str__(self) -> str:
        return f"{self.wall:.0f} s ({self.processor:.0f} s of processor)"


def run(step: Step) -> Ended:
    """Run a step to its end; its output is kept, and how far it has come is told now and then."""
    began = time.monotonic()
    process = subprocess.Popen(
        ["nice", "-n", str(step.modest), *step.command],
        cwd=ROOT,
        env={**os.environ, **step.environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )
    lines, told = [], 0
    for line in process.stdout or ():
        lines.append(line)
        far = FAR.search(line)
        if far and int(far[1]) >= told + 20:
            told = int(far[1])
            say(f"   {step.name}: {told} %")
    _pid, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    processor = used.ru_utime + used.ru_stime
    return Ended(process.returncode, "".join(lines), time.monotonic() - began, processor)


def side_by_side(steps: list[Step], at_once: int) -> dict[str, Ended]:
    """Run steps next to each other; each is told when it has ended, and all of them end."""
    say(f"\n── {', '.join(step.name for step in steps)}")
    failed, all_ended = [], {}
    with ThreadPoolExecutor(at_once) as pool:
        ahead = {pool.submit(run, step): step for step in steps}
        for done in as_completed(ahead):
            step, ended = ahead[done], done.result()
            all_ended[step.name] = ended
            say(f"   {step.name}: {ended}")
            if ended.code:
                say(ended.text)
                failed.append(step.name)
    if failed:
        say(f"\n{', '.join(failed)}: failed.")
        raise SystemExit(1)
    return all_ended


def pytest(marked: str, *folders: str, workers: int = WORKERS) -> list[str]:
    spread = ["-n", str(workers), "--dist", "worksteal"]
    where = [f"tests/{folder}" for folder in folders]
    return [sys.executable, "-m", "pytest", "-q", "--no-header", *spread, "-m", marked, *where]


def first_checks(demo: Path) -> list[Step]:
    """What asks for no database; the longest first. The demo of later tests is played meanwhile."""
    rmtree(demo, ignore_errors=True)
    play = ["handrail", "demo", "--no-serve", "--home", str(demo)]
    return [
        Step(DEMO, play, {"DATABASE_URL": ""}),
        Step("types", ["mypy"]),
        Step("import contracts", ["lint-imports", "--no-cache"]),
        Step("migrations", ["handrail", "makemigrations", "--check", "--dry-run"]),
        Step("scripts", ["npm", "--prefix", "frontend", "run", "--silent", "types"]),
        Step("style", ["ruff", "check", "--quiet", "."]),
        Step("format", ["ruff", "format", "--check", "--quiet", "."]),
    ]


def main() -> None:
    began = time.monotonic()
    os.environ["HANDRAIL_HOME"] = str(HOME)
    os.environ.setdefault("HANDRAIL_SECRET_KEY", "only-for-tests-" + "x" * 40)
    left_out: list[str] = []
    browser, demo = "", HOME / "demo"
    if find_spec("signxml") is None:
        left_out.append("sign-in by SAML was not tested: what reads it is not installed")
    os.environ["HANDRAIL_TESTS_DEMO"] = str(demo)
    try:
        browser = chromium()
    except NoChromium as why:
        left_out.append(f"the browser journeys were not run: {why}")
    with ExitStack() as afterwards:
        usual, half = USUAL, None
        try:
            url = {"DATABASE_URL": afterwards.enter_context(postgres())}
            usual += " and not later_on_sqlite"
            # It begins at once, as it asks for no demo, which is played on one processor alone.
            pool = afterwards.enter_context(ThreadPoolExecutor(1))
            step = Step("tests on PostgreSQL", pytest(ON_POSTGRES, *DATABASES), url, modest=5)
            half = pool.submit(side_by_side, [step], 1)
        except NoPostgres as why:
            left_out.append(f"the PostgreSQL half was not run: {why}")
        told = side_by_side(first_checks(demo), WORKERS)
        (demo / "told.txt").write_text(told[DEMO].text, encoding="utf-8")
        rest = [Step("tests on SQLite", pytest(usual), {"DATABASE_URL": ""}, modest=10)]
        if browser:
            # They wait for a good part of their time, in which the others go on. Those stand back,
            # as people's patience is part of a journey.
            command = pytest("journey and not nightly", "journeys", workers=WORKERS + 1)
            where = {"HANDRAIL_CHROMIUM": browser, "DATABASE_URL": ""}
            rest.append(Step("journeys in a browser", command, where))
        ended = side_by_side(rest, len(rest))
        ended |= half.result() if half else {}
    for name, step in ended.items():
        say(f"\n── {name}\n{step.text.rstrip().splitlines()[-1]}")
    say(f"\nAll checks passed in {time.monotonic() - began:.0f} s.")
    for line in left_out:
        say(f"\n*** LEFT OUT: {line} ***")


if __name__ == "__main__":
    main()
