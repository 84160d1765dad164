"""Runs a stage in a process of its own and says what it cost: CPU, wall time, peak memory."""

from __future__ import annotations

import ctypes
import gc
import json
import multiprocessing
import os
import resource
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from statistics import median
from time import monotonic, process_time
from typing import Any

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


@dataclass
class Stage:
    """What was measured of one solver in one stage; the lists have an entry for each run."""

    name: str
    cpu: list[float] = field(default_factory=list)
    wall: list[float] = field(default_factory=list)
    building: list[float] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)
    figures: dict[str, Any] = field(default_factory=dict)

    def row(self) -> dict[str, Any]:
        """Medians, as they go into the table and the JSON file."""
        return {
            "name": self.name,
            "runs": len(self.cpu),
            "cpu": median(self.cpu),
            "wall": median(self.wall),
            "building": median(self.building),
            "memory_mb": median(self.memory),
            **self.figures,
        }


def peak() -> float:
    """The most memory this process has had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


Stop = Callable[[], None]
Work = Callable[[Stop], tuple[float, dict[str, Any]]]


def forked(work: Work, into: Stage) -> None:
    """Adds a run of `work` in a forked process; memory is what it takes on top of the inputs.

    `work` gets a function that stops the clocks, so that judging is not counted, and returns the
    CPU seconds of building and figures. Raises RuntimeError when the process fails.
    """
    _give_back()
    here, there = multiprocessing.get_context("fork").Pipe(duplex=False)
    process = multiprocessing.get_context("fork").Process(target=_child, args=(work, there))
    process.start()
    there.close()
    try:
        said = here.recv()
    except EOFError:
        process.join()
        said = {"failed": f"the process ended with {process.exitcode}"}
    process.join()
    if "failed" in said:
        raise RuntimeError(f"{into.name}: {said['failed']}")
    into.cpu.append(said["cpu"])
    into.wall.append(said["wall"])
    into.building.append(said["building"])
    into.memory.append(said["memory"])
    into.figures |= said["figures"]


def _give_back() -> None:
    """Hand freed memory back to the system, or a forked process would use it for nothing."""
    gc.collect()
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)


def _child(work: Work, out: Any) -> None:
    gc.disable()
    before = peak()
    clock: dict[str, float] = {"cpu": process_time(), "wall": monotonic()}

    def stop() -> None:
        clock["cpu"] = process_time() - clock["cpu"]
        clock["wall"] = monotonic() - clock["wall"]
        clock["memory"] = peak() - before

    try:
        building, figures = work(stop)
        out.send({**clock, "building": building, "figures": figures})
    except Exception as error:
        out.send({"failed": f"{type(error).__name__}: {error}"})


def fresh(arguments: list[str], into: Stage) -> dict[str, Any]:
    """Adds a run of this benchmark with other arguments in a new process; returns what it said."""
    command = [sys.executable, os.path.join(ROOT, "benchmarks", "matching.py"), *arguments]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{into.name}: the process ended with {done.returncode}")
    said: dict[str, Any] = json.loads(done.stdout)
    into.cpu.append(said.pop("cpu"))
    into.wall.append(said.pop("wall"))
    into.building.append(0.0)
    into.memory.append(said.pop("memory_mb"))
    into.figures |= said
    return said


def typed(command: list[str], into: Stage) -> None:
    """Adds a run of a command, from its cold start to its end."""
    began = monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{into.name}: {command[0]} ended with {process.returncode}")
    into.cpu.append(used.ru_utime + used.ru_stime)
    into.wall.append(monotonic() - began)
    into.building.append(0.0)
    into.memory.append(used.ru_maxrss / 1024)
