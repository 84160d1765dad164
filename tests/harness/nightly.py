"""`make nightly`: the long judges and benchmarks; each leaves what it measured in docs/measured.

    python tests/harness/nightly.py [--only NAME] [--out FOLDER] [--release]

Judges of what is right run two at a time; those of how fast, one after the other and alone. What is
asked before a release only (`--release`) takes an hour more. A file holds the figures, the command
that made them, the commit and the machine. A judge that fails leaves a file that says so, the
others still run, and the command ends with 1.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from chromium import NoChromium, chromium
from measured import page
from postgres import NoPostgres, postgres
from progress import say

ROOT = Path(__file__).resolve().parents[2]
SEEN = re.compile(r"\{.*\}")  # what a storm says it saw: one JSON object on a line
Figures = dict[str, Any]


def run(command: list[str], **environment: str) -> subprocess.CompletedProcess[str]:
    """One command from the root of the project, its output kept."""
    return subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )


def judges(folder: Path, url: str, marked: str = "nightly", **environment: str) -> Figures:
    """The tests so marked on one engine: what each storm saw, and how long each test took."""
    report = folder / "judges.xml"
    command = [sys.executable, "-m", "pytest", "-q", "-s", "-m", marked]
    command += ["--hypothesis-seed=1", f"--junitxml={report}"]
    done = run(command, DATABASE_URL=url, **environment)
    tests = {
        f"{case.get('classname')}::{case.get('name')}": {
            "passed": not [
                *case.iter("failure"),
                *case.iter("error"),
            ],  # an element alone is no truth
            "seconds": float(case.get("time", 0)),
        }
        for case in (ElementTree.parse(report).iter("testcase") if report.exists() else ())
    }
    cases = ElementTree.parse(report).iter("testcase") if report.exists() else ()
    skipped = [
        f"{case.get('name')}: {one.get('message')}"
        for case in cases
        for one in case.iter("skipped")
    ]
    return _checked(done, {"tests": tests, "seen": list(_seen(done.stdout)), "left_out": skipped})


def _seen(text: str) -> Iterator[Any]:
    """What the storms said they saw, among all else that tests write."""
    for found in SEEN.findall(text):
        with suppress(json.JSONDecodeError):
            told = json.loads(found)
            if "judge" in told:
                yield told


def on_sqlite(folder: Path) -> Figures:
    return judges(folder, "", "(nightly and not journey) or later_on_sqlite")


def on_postgres(folder: Path) -> Figures:
    with postgres() as url:
        return judges(folder, url, "(nightly and not pure and not journey) or later_on_postgresql")


def release_on_sqlite(folder: Path) -> Figures:
    """The longest storms, as they are asked before a release."""
    return judges(folder, "", "release")


def release_on_postgres(folder: Path) -> Figures:
    with postgres() as url:
        return judges(folder, url, "release")


def journeys(folder: Path) -> Figures:
    """The ways through a browser, every page in both themes."""
    try:
        browser = chromium()
    except NoChromium as why:
        return {"passed": False, "why": str(why)}
    return judges(folder, "", "journey", HANDRAIL_AT_NIGHT="yes", HANDRAIL_CHROMIUM=browser)


def gate(folder: Path) -> Figures:
    """How long writers wait on SQLite, with the gate and without it."""
    out = folder / "gate.json"
    done = run([sys.executable, "benchmarks/gate.py", "--json", str(out)])
    return _checked(done, json.loads(out.read_text()) if out.exists() else {})


def second_team(folder: Path) -> Figures:
    """A generated team plays through the whole loop."""
    team = folder / "team"
    size = {"people": 200, "seed": 1}
    options = [text for name, value in size.items() for text in (f"--{name}", str(value))]
    made = run([sys.executable, "benchmarks/teams.py", *options, "--out", str(team)])
    if made.returncode:
        return _checked(made, size)
    played = ["--home", str(folder / "demo"), "--today", "2026-02-02", "--no-serve"]
    files = ["--people", str(team / "people.csv"), "--merges", str(team / "merges.csv")]
    began = time.monotonic()
    done = run(["handrail", "demo", *played, *files])
    return _checked(done, {**size, "seconds": round(time.monotonic() - began, 1)})


def matching(*options: str) -> Callable[[Path], Figures]:
    """Our engine against others on one team, all in one run."""

    def judge(folder: Path) -> Figures:
        out = folder / "matching.json"
        done = run([sys.executable, "benchmarks/matching.py", *options, "--json", str(out)])
        return _checked(done, {"contest": json.loads(out.read_text())} if out.exists() else {})

    return judge


def hooks(folder: Path) -> Figures:
    """How soon a delivery to a connection is acknowledged, in the server's own time."""
    out = folder / "hooks.json"
    done = run([sys.executable, "benchmarks/hooks.py", "--json", str(out)])
    return _checked(done, json.loads(out.read_text()) if out.exists() else {})


def slots(folder: Path) -> Figures:
    """Free starts of up to 10,000 mentors over the changes of clocks, against plain ways."""
    out = folder / "slots.json"
    done = run([sys.executable, "benchmarks/slots.py", "--json", str(out)])
    return _checked(done, {"slots": json.loads(out.read_text())} if out.exists() else {})


# What is broken on purpose, and the experiment whose goals must then fail.
MUTANTS = {"variance": "planted 200", "bias": "planted 200", "unclustered": "clustered 200"}


def calibration(folder: Path) -> Figures:
    """How often intervals hold a planted truth, and that a broken estimator would be seen."""
    out = folder / "calibration.json"
    command = [sys.executable, "benchmarks/calibration.py"]
    done = run([*command, "--json", str(out)])
    figures = {"calibration": json.loads(out.read_text())} if out.exists() else {}
    caught = {}
    for name, experiment in MUTANTS.items():
        broken = run([*command, "--only", experiment, "--mutant", name])
        caught[name] = broken.returncode == 1 and "NOT REACHED" in broken.stdout
    checked = _checked(done, {**figures, "mutants_caught": caught})
    return {**checked, "passed": checked["passed"] and all(caught.values())}


def answers(folder: Path) -> Figures:
    """Who finds the right answer; on the public set too, where its folder is named in STACKFAQ."""
    out = folder / "answers.json"
    public = ["--stackfaq", where] if (where := os.environ.get("STACKFAQ", "")) else []
    done = run([sys.executable, "benchmarks/answers.py", *public, "--json", str(out)])
    return _checked(done, {"answers": json.loads(out.read_text())} if out.exists() else {})


def offline(folder: Path) -> Figures:
    """Search and typing on a device, what its index and scripts weigh; a slow page is noticed."""
    out, slow = folder / "offline.json", folder / "slow.json"
    command = [sys.executable, "benchmarks/offline.py", "--json"]
    done = run([*command, str(out)])
    figures = {"offline": json.loads(out.read_text())} if out.exists() else {}
    run([*command, str(slow), "--mutant", "--sizes", "10000", "--questions", "20"])
    goals = json.loads(slow.read_text())["goals"] if slow.exists() else []
    caught = any("a key" in one["goal"] and one["reached"] is False for one in goals)
    checked = _checked(done, {**figures, "slow_page_caught": caught})
    return {**checked, "passed": checked["passed"] and caught}


def measures(folder: Path) -> Figures:
    """Company-wide sums of ten million sessions: the product's expressions against plain SQL."""
    out = folder / "measures.json"
    done = run([sys.executable, "benchmarks/measures.py", "--json", str(out)])
    return _checked(done, {"measures": json.loads(out.read_text())} if out.exists() else {})


def scim(folder: Path) -> Figures:
    """A directory's first sync of 10,000 people over HTTP, on both engines."""
    out = folder / "scim.json"
    done = run([sys.executable, "benchmarks/scim.py", "--json", str(out)])
    return _checked(done, {"scim": json.loads(out.read_text())} if out.exists() else {})


Judge = Callable[[Path], Figures]
# Whether something is right: two at a time, the longest first.
RIGHT: dict[str, Judge] = {
    "judges-sqlite": on_sqlite,
    "journeys": journeys,
    "judges-postgresql": on_postgres,
    "calibration": calibration,
    "second-team": second_team,
}
# How fast it is: each alone.
FAST: dict[str, Judge] = {
    "sqlite-gate": gate,
    "slots": slots,
    "hooks": hooks,
    "offline": offline,
    "scim": scim,
    "measures": measures,
    "answers": answers,
    "matching": matching("--sizes", "1k,10k,100k", "--repeat", "3", "--asked", "60"),
    "matching-tight": matching("--sizes", "10k,100k", "--tight", "--repeat", "1"),
    "matching-million": matching("--sizes", "1m"),
}
RELEASE: dict[str, Judge] = {
    "release-sqlite": release_on_sqlite,
    "release-postgresql": release_on_postgres,
}


def _checked(done: subprocess.CompletedProcess[str], figures: Figures) -> Figures:
    if done.returncode == 0:
        return {"passed": True, **figures}
    say(done.stdout[-3000:])
    return {"passed": False, **figures}


def commit() -> str:
    """The commit that is measured, with a plus where files differ from it."""
    name = run(["git", "rev-parse", "--short=12", "HEAD"]).stdout.strip()
    changed = run(["git", "status", "--porcelain", "--untracked-files=no"]).stdout.strip()
    return f"{name}+" if changed else name


def machine() -> Figures:
    """What the figures hold for."""
    return {
        "processors": os.cpu_count(),
        "architecture": platform.machine(),
        "system": platform.system(),
        "python": platform.python_version(),
    }


@contextmanager
def _own_home() -> Iterator[None]:
    """Settings of the nightly run's own, taken away again afterwards."""
    with tempfile.TemporaryDirectory(prefix="handrail-nightly-") as home:
        os.environ["HANDRAIL_HOME"] = home
        os.environ.setdefault("HANDRAIL_SECRET_KEY", "only-for-tests-" + "x" * 40)
        yield


def held(name: str, judge: Judge, out: Path, measured: Figures) -> bool | str:
    """Let one judge judge and keep what it saw: whether it passed, or why it could not."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="handrail-judge-") as folder:
        try:
            figure = judge(Path(folder))
        except NoPostgres as why:
            return f"{name} was not run: {why}"
    took = round(time.monotonic() - began)
    command = f"python tests/harness/nightly.py --only {name}"
    text = {"figure": figure, "command": command, **measured, "seconds": took}
    path = out / f"{name}.json"
    path.write_text(json.dumps(text, indent=2) + "\n")
    for why in figure.get("left_out", []):
        say(f"*** LEFT OUT in {name}: {why} ***")
    say(f"   {name}: {'passed' if figure['passed'] else 'FAILED'} in {took} s: {path}")
    return bool(figure["passed"])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", help="only judges whose name contains this")
    parser.add_argument("--out", type=Path, default=ROOT / "docs/measured")
    parser.add_argument(
        "--release", action="store_true", help="also what is asked before a release"
    )
    arguments = parser.parse_args()
    out: Path = arguments.out
    out.mkdir(parents=True, exist_ok=True)
    measured = {"commit": commit(), "machine": machine()}
    known = {**RIGHT, **FAST, **RELEASE}
    chosen = [name for name in known if arguments.only in name]
    if not arguments.only and not arguments.release:
        chosen = [name for name in chosen if name not in RELEASE]
    if not chosen:
        parser.error(f"no judge is called {arguments.only}; there are {', '.join(known)}")

    def judged(name: str) -> bool | str:
        say(f"── {name}")
        return held(name, known[name], out, measured)

    with _own_home():
        beside = [name for name in chosen if name in RIGHT]
        with ThreadPoolExecutor(2) as pool:
            ended = dict(zip(beside, pool.map(judged, beside), strict=True))
        ended |= {name: judged(name) for name in chosen if name not in RIGHT}
    (out / "README.md").write_text(page(out), encoding="utf-8")
    for why in ended.values():
        if isinstance(why, str):
            say(f"\n*** LEFT OUT: {why} ***")
    if failed := [name for name, passed in ended.items() if passed is False]:
        say(f"\nFailed: {', '.join(failed)}.")
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
