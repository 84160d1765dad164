"""Has a run solved in a process of its own, which can be ended at any moment."""

from __future__ import annotations

import json
import logging
import pickle
import queue
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from handrail.apps.matches.solving import Asked

log = logging.getLogger("handrail.matches")

LONGEST = 15 * 60.0  # seconds; whatever takes longer is ended
LOOK_EVERY = 1.0  # seconds between two questions whether the answer is still wanted


class Failed(Exception):
    """No answer, and asking again would not help: a code with parameters says why."""

    def __init__(self, code: str, params: dict[str, Any] | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.params = params or {}


class Lost(Exception):
    """The process ended without an answer; another try may get one."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class NotWanted(Exception):
    """Nobody wants the answer any more; the process was ended."""


@dataclass(frozen=True, slots=True)
class Told:
    """An answer in a file; read once, from its start."""

    whole: dict[str, Any]
    rows: Iterator[dict[str, Any]]


@contextmanager
def answer_apart(
    asked: Asked,
    *,
    say: Callable[[str], object],
    wanted: Callable[[], bool],
    longest: float = LONGEST,
    look_every: float = LOOK_EVERY,
) -> Iterator[Told]:
    """The answer of another process; the caller's thread only waits.

    `say` is told each stage, `wanted` is asked every second; on no the process is ended and
    NotWanted raised. Raises Failed or Lost where there is no answer.
    """
    with tempfile.TemporaryDirectory(prefix="handrail-solving-") as folder:
        path = Path(folder) / "answer.jsonl"
        with (Path(folder) / "errors").open("w+") as errors:
            _run(asked, path, errors, say, wanted, longest, look_every)
        with path.open(encoding="utf-8") as file:
            whole = json.loads(next(file))
            yield Told(whole, _rows(file))


def _rows(file: IO[str]) -> Iterator[dict[str, Any]]:
    for line in file:
        row = json.loads(line)
        if "end" in row:
            return
        yield row
    raise Lost("cut_short")


def _run(
    asked: Asked,
    path: Path,
    errors: IO[str],
    say: Callable[[str], object],
    wanted: Callable[[], bool],
    longest: float,
    look_every: float,
) -> None:
    command = [sys.executable, "-m", "handrail.apps.matches.solving", str(path)]
    process = subprocess.Popen(  # noqa: S603 - our own module, no shell
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors
    )
    try:
        lines: queue.Queue[str | None] = queue.Queue()
        threading.Thread(target=_listen, args=(process, lines), daemon=True).start()
        _ask(process, asked)
        _follow(lines, say, wanted, time.monotonic() + longest, look_every)
        if code := process.wait():
            errors.seek(0)
            last = (errors.read().strip().splitlines() or [""])[-1]
            log.warning("solving ended with %s: %s", code, last.partition(":")[0])
            raise Lost("killed" if code < 0 else "broken")
    finally:
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with suppress(BrokenPipeError):  # what was not read any more
                    pipe.close()


def _ask(process: subprocess.Popen[bytes], asked: Asked) -> None:
    assert process.stdin is not None
    data = pickle.dumps(asked)
    with suppress(BrokenPipeError):  # it ended already: its exit code says more
        process.stdin.write(len(data).to_bytes(8, "big") + data)
        process.stdin.flush()  # and left open: its end would tell the process that we are gone


def _listen(process: subprocess.Popen[bytes], lines: queue.Queue[str | None]) -> None:
    assert process.stdout is not None
    with suppress(ValueError):  # closed from our side
        for line in process.stdout:
            lines.put(line.decode())
    lines.put(None)


def _follow(
    lines: queue.Queue[str | None],
    say: Callable[[str], object],
    wanted: Callable[[], bool],
    deadline: float,
    look_every: float,
) -> None:
    """Pass the stages on until the process has nothing more to say."""
    looked = time.monotonic()
    while True:
        try:
            line = lines.get(timeout=look_every)
        except queue.Empty:
            line = ""
        if line is None:
            return
        heard = json.loads(line) if line else {}
        if "stage" in heard:
            say(heard["stage"])
        elif "failed" in heard:
            raise Failed(heard["failed"]["code"], heard["failed"]["params"])
        now = time.monotonic()
        if now >= deadline:
            raise Failed("too_long", {"minutes": round(LONGEST / 60)})
        if now - looked >= look_every:
            looked = now
            if not wanted():
                raise NotWanted
