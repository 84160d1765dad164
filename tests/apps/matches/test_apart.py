"""The process apart: its answer is the same, it ends when told, and never outlives who asked."""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path

import pytest

from handrail.apps.matches import solving
from handrail.apps.matches.apart import Failed, Lost, NotWanted, answer_apart
from handrail.apps.matches.solving import Asked, Found, answer
from handrail.domain.matching import Mentee, Mentor, Options, Pin, Problem, Want, bits_of, generate

pytestmark = pytest.mark.pure

BOB = Mentee("bob", (Want("git", 1),), bits_of([3]))
XENA = Mentor("xena", (("git", 3),), 1, bits_of([3]))
SMALL = Asked(Problem(date(2026, 2, 2), [BOB], [XENA]), Options(), 1)
# Long enough to be interrupted: dozens of weeks are solved anew for those who wait.
LONG = Asked(generate(seed=1, mentees=300, mentors=20, tight=True), Options(), 1)


def test_the_answer_is_that_of_a_call() -> None:
    stages: list[str] = []
    expected = answer(SMALL)
    with answer_apart(SMALL, say=stages.append, wanted=lambda: True) as told:
        rows = list(told.rows)
    assert [Found(**row["match"]) for row in rows] == expected.matches
    assert told.whole["certificate"] == expected.certificate
    assert told.whole["advice"] == asdict_like(expected.advice)
    assert stages == ["solving", "checking", "explaining"]


def test_a_stage_is_told_once_and_never_backwards(monkeypatch: pytest.MonkeyPatch) -> None:
    plan = solving.solve(SMALL.problem, seed=1)

    def in_rounds(*_args: object, progress: Callable[[str], None], **_options: object) -> object:
        for stage in ("reading people", "candidates", "solving", "proving", "solving", "proving"):
            progress(stage)
        return plan

    monkeypatch.setattr(solving, "solve", in_rounds)
    stages: list[str] = []
    answer(SMALL, stages.append)
    assert stages == ["candidates", "solving", "checking", "explaining"]


def asdict_like(document: object) -> object:
    """As JSON brings it back: tuples are lists."""
    if isinstance(document, dict):
        return {key: asdict_like(value) for key, value in document.items()}
    if isinstance(document, list | tuple):
        return [asdict_like(value) for value in document]
    return document


def test_what_no_plan_can_answer_comes_back_with_person_and_field() -> None:
    problem = replace(SMALL.problem, pins=(Pin("bob", "nobody"),))
    with (
        pytest.raises(Failed) as failed,
        answer_apart(replace(SMALL, problem=problem), say=print, wanted=lambda: True),
    ):
        pass
    assert failed.value.code == "problem"
    assert failed.value.params["person"] == "nobody"
    assert failed.value.params["field"] == "pins"


def test_it_is_ended_when_nobody_wants_the_answer() -> None:
    asked: list[int] = []

    def wanted() -> bool:
        asked.append(1)
        return False

    with (
        pytest.raises(NotWanted),
        answer_apart(LONG, say=lambda _stage: None, wanted=wanted, look_every=0.05),
    ):
        pass
    assert asked == [1]


def test_it_is_ended_when_it_takes_too_long() -> None:
    with (
        pytest.raises(Failed) as failed,
        answer_apart(
            LONG, say=lambda _stage: None, wanted=lambda: True, longest=0.0, look_every=0.05
        ),
    ):
        pass
    assert failed.value.code == "too_long"


def test_killed_by_the_machine_it_is_lost() -> None:
    def kill(_stage: str) -> None:
        children = subprocess.run(
            ["ps", "--no-headers", "-o", "pid", "--ppid", str(os.getpid())],
            capture_output=True,
            text=True,
            check=False,
        ).stdout.split()
        for child in children:
            command = Path(f"/proc/{child}/cmdline")
            if command.exists() and b"matches.solving" in command.read_bytes():
                os.kill(int(child), signal.SIGKILL)

    with pytest.raises(Lost), answer_apart(LONG, say=kill, wanted=lambda: True):
        pass


def test_it_ends_with_who_asked() -> None:
    data = pickle.dumps(LONG)
    child = subprocess.Popen(
        [sys.executable, "-m", "handrail.apps.matches.solving", os.devnull],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert child.stdin is not None
    assert child.stdout is not None
    child.stdin.write(len(data).to_bytes(8, "big") + data)
    child.stdin.flush()
    assert b"solving" in child.stdout.readline()
    child.stdin.close()
    assert child.wait(60) == 1
    child.stdout.close()


def test_it_needs_no_database_and_no_settings() -> None:
    code = (
        "import sys; import handrail.apps.matches.solving; "
        "print([name for name in ('django', 'scipy', 'numba') if name in sys.modules])"
    )
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "nothing.of.the.kind"}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
    assert asdict(answer(SMALL))["matches"][0]["mentor"] == "xena"
