"""`handrail demo` as a stranger starts it: the whole loop in a folder of its own."""

from __future__ import annotations

import fcntl
import json
import os
import re
import socket
import sqlite3
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

# It always plays on SQLite in a folder of its own, whatever engine the tests run on.
pytestmark = pytest.mark.pure

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Run:
    """A finished start of the demo."""

    home: Path
    code: int
    text: str

    def ask(self, question: str) -> list[tuple[object, ...]]:
        with sqlite3.connect(self.home / "handrail.sqlite3") as database:
            return database.execute(question).fetchall()


def start(home: Path, *arguments: str) -> Run:
    front_door = "from handrail.site.command_line import main; main()"
    command = [sys.executable, "-c", front_door, "demo", "--no-serve"]
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("HANDRAIL_", "DATABASE_URL", "DJANGO_"))
    }
    environment["PYTHONPATH"] = str(ROOT / "src")
    ended = subprocess.run(
        [*command, "--home", str(home), *arguments],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return Run(home, ended.returncode, ended.stdout)


@pytest.fixture(scope="session")
def played(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The play that `make test` has begun with; else one, by whichever process comes first."""
    if begun := os.environ.get("HANDRAIL_TESTS_DEMO"):
        home = Path(begun)
        return Run(home, 0, (home / "told.txt").read_text(encoding="utf-8"))
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent
    home, told = folder / "played-demo", folder / "played-demo.json"
    with (folder / "played-demo.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not told.exists():
            run = start(home)
            told.write_text(json.dumps([run.code, run.text]), encoding="utf-8")
    code, text = json.loads(told.read_text(encoding="utf-8"))
    return Run(home, code, text)


def test_it_ends_well_and_names_the_report_last(played: Run) -> None:
    assert played.code == 0, played.text
    last = played.text.strip().splitlines()[-1]
    assert last == f"Report: {played.home / 'reports' / 'program.html'}"
    assert "<svg" in (played.home / "reports" / "program.html").read_text(encoding="utf-8")


def test_nothing_fails_on_the_way(played: Run) -> None:
    assert "WARNING" not in played.text
    assert "Traceback" not in played.text


def test_it_loads_55_people_and_72_merges(played: Run) -> None:
    assert "55 people, 72 merges" in played.text
    assert played.ask("SELECT count(*) FROM people_competencyevent") == [(72,)]


def test_21_who_are_still_here_take_part(played: Run) -> None:
    found = played.ask(
        "SELECT role, count(*) FROM programs_enrolment AS e JOIN programs_program AS p"
        " ON p.id = e.program_id WHERE p.name = 'Tooling start' GROUP BY role ORDER BY role"
    )
    assert found == [("mentee", 14), ("mentor", 7)]


def test_m20_what_articles_claim_is_a_registered_claim_with_its_verdict(played: Run) -> None:
    result = json.loads((played.home / "reports/pilot.json").read_text(encoding="utf-8"))
    claims = [(one["claim"]["measure"], one["claim"]["value"]) for one in result["claims"]]
    assert claims == [("retention_180", 0.15), ("first_merge", 0.4)]
    assert {one["verdict"] for one in result["claims"]} <= {"cannot_tell", "not_yet"}
    assert "Feasibility only: will neither prove nor refute." in played.text


def test_the_baseline_counts_44_newcomers(played: Run) -> None:
    assert "half of 44 people" in played.text


def test_matches_come_with_reasons_and_nothing_is_refused(played: Run) -> None:
    assert "Strong at " in played.text
    assert re.findall(r"booked, (\d+) refused", played.text) == ["0", "0", "0", "0"]


def test_played_sessions_are_labelled_and_the_visitors_are_not(played: Run) -> None:
    states = played.ask(
        "SELECT DISTINCT simulated, state = 'scheduled' FROM mentoring_sessions_session"
        " ORDER BY simulated"
    )
    assert states == [(0, 1), (1, 0)]


def test_nobody_has_more_than_three_played_sessions_within_30_days(played: Run) -> None:
    counts = played.ask(
        "SELECT count(*) FROM mentoring_sessions_session s JOIN calendars_seat k"
        " ON k.booking_id = s.booking_id WHERE s.simulated AND k.role = 'mentee'"
        " AND s.state IN ('closed', 'awaiting_artifact') GROUP BY k.person_id"
    )
    assert max(count for (count,) in counts) == 3


def test_invitations_lie_in_the_folder(played: Run) -> None:
    mails = [path.read_text(encoding="utf-8") for path in (played.home / "mail").glob("*.eml")]
    assert sum("method=REQUEST" in mail.replace('"', "") for mail in mails) > 60
    booked = played.ask("SELECT count(*) FROM outbox_outboxrow WHERE last_error <> ''")
    assert booked == [(0,)]


def test_m22_an_artifact_becomes_an_answer_and_a_question_is_avoided(played: Run) -> None:
    assert re.search(r"becomes an answer, text by text, with the yes of \d", played.text)
    assert played.ask("SELECT state, audience FROM answers_answer") == [("live", 2)] * 2
    states = played.ask("SELECT state FROM answers_question ORDER BY id")
    assert states == [("answered",), ("solved",)]


def test_every_role_can_be_signed_in_as(played: Run) -> None:
    after = played.text.partition("Sign in as one of them")[2]
    for role in (
        "lead",
        "mentor",
        "mentee",
        "manager",
        "administrator",
        "analyst",
        "auditor",
        "recruiter",
    ):
        assert re.search(rf"^  .*\b{role}\b", after, re.MULTILINE), role


def test_a_second_start_uses_it_again(played: Run) -> None:
    before = played.ask("SELECT count(*) FROM organizations_auditentry")
    again = start(played.home)
    assert again.code == 0
    assert "is there already and is used again" in again.text
    assert again.text.strip().splitlines()[-1] == played.text.strip().splitlines()[-1]
    assert played.ask("SELECT count(*) FROM organizations_auditentry") == before


@pytest.mark.nightly
def test_a_second_generated_team_plays_through(tmp_path: Path) -> None:
    made = subprocess.run(
        [sys.executable, "benchmarks/teams.py", "--people", "16", "--seed", "5", "--out", tmp_path],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    assert made.returncode == 0, made.stderr
    run = start(
        tmp_path / "home",
        "--today",
        "2026-02-02",
        "--people",
        str(tmp_path / "people.csv"),
        "--merges",
        str(tmp_path / "merges.csv"),
    )
    assert run.code == 0, run.text
    assert run.text.strip().splitlines()[-1].endswith("program.html")
    assert run.ask("SELECT count(*) > 0 FROM mentoring_sessions_session WHERE simulated") == [(1,)]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--today", "soon"], "'soon' is not a date. Write one like 2026-02-02."),
        (["--people", "nowhere.csv"], "Give --people and --merges together."),
        (
            ["--people", "nowhere.csv", "--merges", "nowhere.csv"],
            "The file nowhere.csv cannot be read: No such file or directory.",
        ),
        ([], "Start it as `handrail demo`: it keeps to a folder."),
    ],
)
def test_wrong_arguments_are_told_in_words(
    tmp_path: Path, arguments: list[str], words: str
) -> None:
    with pytest.raises(CommandError) as refused:
        call_command("demo", "--no-serve", "--home", str(tmp_path), *arguments)
    assert (str(refused.value), refused.value.returncode) == (words, 2)


def test_a_bad_people_file_names_its_lines(tmp_path: Path) -> None:
    people = (ROOT / "examples/remote-team-a/people.csv").read_text(encoding="utf-8")
    bad = tmp_path / "people.csv"
    bad.write_text(people.replace("Europe/Berlin", "Europe/Atlantis", 1), encoding="utf-8")
    run = start(
        tmp_path / "home",
        "--people",
        str(bad),
        "--merges",
        str(ROOT / "examples/remote-team-a/merges.csv"),
    )
    assert run.code == 2
    assert "line 2" in run.text
    assert "Europe/Atlantis" in run.text
    assert "Traceback" not in run.text
    assert list(run.home.glob("*.sqlite3")) == []


def test_an_install_that_is_no_demo_is_never_emptied(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    with sqlite3.connect(home / "handrail.sqlite3") as database:
        database.execute("CREATE TABLE precious (word TEXT)")
    run = start(home)
    assert run.code == 2
    assert "holds an install that is no demo" in run.text
    with sqlite3.connect(home / "handrail.sqlite3") as database:
        assert database.execute("SELECT count(*) FROM precious").fetchall() == [(0,)]


def test_a_port_that_somebody_serves_on_is_refused_before_anything_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("handrail.site.management.commands.demo._home", lambda asked: tmp_path)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(CommandError) as refused:
            call_command("demo", "--port", str(port))
    assert f"Something serves on port {port} already." in str(refused.value)
    assert list(tmp_path.glob("*.sqlite3")) == []
