"""First come, first served: the queue in front of SQLite's one writer.

SQLite lets writers sleep and try again, so that under load some wait for seconds while others
pass. Here they queue: threads of a process in the order of their coming, processes one after the
other by locks on a file beside the database, which the kernel gives back when a process dies.
"""

from __future__ import annotations

import fcntl
import os
import threading
import time
from collections import deque
from pathlib import Path

HOLD, NEXT = 0, 1  # the bytes of the file that are locked: being inside, and being next
SHORTEST_SLEEP, LONGEST_SLEEP = 0.0002, 0.001


class GateTimeout(Exception):
    """Nobody let us in in time."""


class _Waiter:
    __slots__ = ("called", "let_in")

    def __init__(self) -> None:
        self.called = threading.Event()
        self.let_in = False


class Gate:
    """One at a time: `enter` waits for its turn, `leave` lets the next one in."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._start()
        os.register_at_fork(after_in_child=self._start)

    def _start(self) -> None:
        # A forked child holds nothing and inherits nobody's turn.
        self._lock = threading.Lock()
        self._waiters: deque[_Waiter] = deque()
        self._inside = False
        self._file: int | None = None

    def enter(self, *, timeout: float) -> None:
        """Return when it is this thread's turn among all threads and processes."""
        end = time.monotonic() + timeout
        self._enter_process(timeout)
        try:
            self._lock_byte(NEXT, end)
            try:
                self._lock_byte(HOLD, end)
            finally:
                # Whoever has waited longest is next; the process that just left must queue again.
                self._unlock_byte(NEXT)
        except BaseException:
            self._leave_process()
            raise

    def leave(self) -> None:
        """Let the next one in; to be called once for each `enter`, from any thread."""
        self._unlock_byte(HOLD)
        self._leave_process()

    def waiting(self) -> int:
        """How many threads of this process stand in the queue."""
        with self._lock:
            return len(self._waiters)

    def _enter_process(self, timeout: float) -> None:
        with self._lock:
            if not self._inside and not self._waiters:
                self._inside = True
                return
            waiter = _Waiter()
            self._waiters.append(waiter)
        waiter.called.wait(timeout)
        with self._lock:
            if waiter.let_in:
                return
            self._waiters.remove(waiter)
        raise GateTimeout

    def _leave_process(self) -> None:
        with self._lock:
            if self._waiters:
                waiter = self._waiters.popleft()
                waiter.let_in = True
                waiter.called.set()
            else:
                self._inside = False

    def _lock_byte(self, byte: int, end: float) -> None:
        if self._file is not None and os.fstat(self._file).st_nlink == 0:
            # The folder was emptied and made anew: others lock the new file.
            os.close(self._file)
            self._file = None
        if self._file is None:
            self._file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        sleep = SHORTEST_SLEEP
        while True:
            try:
                fcntl.lockf(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, byte)
            except BlockingIOError:
                if time.monotonic() >= end:
                    raise GateTimeout from None
                time.sleep(sleep)
                sleep = min(sleep * 2, LONGEST_SLEEP)
            else:
                return

    def _unlock_byte(self, byte: int) -> None:
        if self._file is not None:
            fcntl.lockf(self._file, fcntl.LOCK_UN, 1, byte)


_gates: dict[Path, Gate] = {}
_gates_lock = threading.Lock()


def gate_beside(database: str | os.PathLike[str]) -> Gate:
    """The one gate of this process for a database file."""
    path = Path(f"{Path(database).resolve()}-gate")
    with _gates_lock:
        if path not in _gates:
            _gates[path] = Gate(path)
        return _gates[path]
