"""The gate before SQLite's writer: in order, one at a time, never for ever."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from handrail.site.sqlite.gate import Gate, GateTimeout

HOLDER = """
import sys, time
from pathlib import Path
from handrail.site.sqlite.gate import Gate
gate = Gate(Path(sys.argv[1]))
gate.enter(timeout=30)
print("inside", flush=True)
time.sleep(60)
"""


@pytest.fixture
def gate(tmp_path: Path) -> Gate:
    return Gate(tmp_path / "gate")


@pytest.fixture
def holder(tmp_path: Path):
    """Another process that stands inside the same gate."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path / "gate")],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"inside\n"
    yield process
    process.kill()
    process.wait()
    process.stdout.close()


def queue(gate: Gate, names: list[str], passed: list[str]) -> list[threading.Thread]:
    """Start one thread after the other, each only when the one before stands in the queue."""
    threads = []
    for place, name in enumerate(names, start=1):

        def pass_through(name: str = name) -> None:
            gate.enter(timeout=30)
            passed.append(name)
            gate.leave()

        thread = threading.Thread(target=pass_through)
        thread.start()
        threads.append(thread)
        while gate.waiting() < place:
            thread.join(0.001)
    return threads


def test_who_comes_first_is_served_first(gate: Gate) -> None:
    names = [f"writer {n}" for n in range(20)]
    passed: list[str] = []
    gate.enter(timeout=1)
    threads = queue(gate, names, passed)
    gate.leave()
    for thread in threads:
        thread.join()
    assert passed == names


def test_who_waits_too_long_gets_an_answer(gate: Gate) -> None:
    refused: list[bool] = []

    def try_briefly() -> None:
        with pytest.raises(GateTimeout):
            gate.enter(timeout=0.05)
        refused.append(True)

    gate.enter(timeout=1)
    thread = threading.Thread(target=try_briefly)
    thread.start()
    thread.join()
    gate.leave()
    assert refused == [True]


def test_who_gave_up_does_not_hold_up_the_queue(gate: Gate) -> None:
    passed: list[str] = []
    gate.enter(timeout=1)

    def give_up() -> None:
        with pytest.raises(GateTimeout):
            gate.enter(timeout=0.05)

    leaver = threading.Thread(target=give_up)
    leaver.start()
    leaver.join()
    threads = queue(gate, ["patient"], passed)
    gate.leave()
    for thread in threads:
        thread.join()
    assert passed == ["patient"]


def test_a_process_waits_for_another_process(gate: Gate, holder: subprocess.Popen) -> None:
    with pytest.raises(GateTimeout):
        gate.enter(timeout=0.05)


def test_a_killed_process_gives_its_place_back(gate: Gate, holder: subprocess.Popen) -> None:
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    gate.enter(timeout=5)
    gate.leave()


def test_after_waiting_in_vain_the_gate_still_works(gate: Gate, holder: subprocess.Popen) -> None:
    with pytest.raises(GateTimeout):
        gate.enter(timeout=0.05)
    holder.kill()
    holder.wait()
    gate.enter(timeout=5)
    gate.leave()


def test_a_folder_made_anew_has_one_gate_for_all(gate: Gate, tmp_path: Path) -> None:
    gate.enter(timeout=1)
    gate.leave()
    (tmp_path / "gate").unlink()
    gate.enter(timeout=1)
    assert (tmp_path / "gate").exists()
    gate.leave()


def test_a_plain_sqlite_writer_would_not_queue(tmp_path: Path) -> None:
    """Why there is a gate: SQLite itself refuses the second writer at once, in no order."""
    first = sqlite3.connect(tmp_path / "db", isolation_level=None, timeout=0)
    second = sqlite3.connect(tmp_path / "db", isolation_level=None, timeout=0)
    first.execute("BEGIN IMMEDIATE")
    with pytest.raises(sqlite3.OperationalError, match="locked"):
        second.execute("BEGIN IMMEDIATE")
    first.close()
    second.close()
