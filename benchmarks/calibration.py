"""How often Handrail's intervals hold the truth, and how often they see what is not there.

    python benchmarks/calibration.py [--quick] [--runs N] [--json FILE] [--mutant NAME]

Every experiment draws companies with a planted truth from fixed seeds (`domain/evidence/company`)
and asks the estimators that a report asks. `--mutant` breaks an estimator on purpose: the goals
must then fail, or they would catch nothing.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import numpy as np
from planted.experiments import experiments
from planted.goals import RUNS, goals
from planted.mutants import break_it
from planted.seeing import Row

QUICK = 150


def _chunk(task: tuple[str, range, str]) -> list[Row]:
    name, seeds, mutant = task
    if mutant and not getattr(_chunk, "broken", False):
        break_it(mutant)
        _chunk.broken = True  # type: ignore[attr-defined]
    experiment = _WORK[name]
    return [experiment(seed) for seed in seeds]


_WORK: dict[str, Callable[[int], Row]] = {}


def _prepare() -> None:
    _WORK.update(experiments())


def measure(runs: int, mutant: str = "", only: str = "") -> dict[str, Row]:
    _prepare()
    names = [name for name in _WORK if any(part in name for part in only.split(","))]
    size = max(1, runs // 8)
    tasks = [
        (name, range(first, min(first + size, runs)), mutant)
        for name in names
        for first in range(0, runs, size)
    ]
    rows: dict[str, list[Row]] = {name: [] for name in names}
    # Forked, so that the planted truths are worked out once.
    with ProcessPoolExecutor(2, mp_context=get_context("fork")) as pool:
        for task, found in zip(tasks, pool.map(_chunk, tasks), strict=True):
            rows[task[0]] += found
            if len(rows[task[0]]) == runs:
                told = ", ".join(f"{key} {value:g}" for key, value in _means(rows[task[0]]).items())
                print(f"{task[0]:28}", told, flush=True)
    return {name: _means(found) for name, found in rows.items()}


def _means(rows: list[Row]) -> Row:
    keys = {key: None for row in rows for key in row}
    return {key: round(float(np.mean([row[key] for row in rows if key in row])), 4) for key in keys}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help=f"{QUICK} runs of each")
    parser.add_argument("--runs", type=int, default=RUNS)
    parser.add_argument(
        "--only", default="", help="experiments whose name contains one of these: A,B"
    )
    parser.add_argument("--mutant", default="", help="variance, bias or unclustered")
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    runs = QUICK if arguments.quick else arguments.runs
    began = time.monotonic()
    figures = measure(runs, arguments.mutant, arguments.only)
    told = goals(figures, runs)
    for goal in told:
        mark = "reached" if goal["reached"] else "NOT REACHED"
        print(f"{mark}: {goal['goal']}: {goal['measured']:g} ({goal['from']:g} to {goal['to']:g})")
    print(f"{runs} runs each, {time.monotonic() - began:.0f} s")
    if arguments.json:
        document = {"runs": runs, "goals": told, "experiments": figures}
        arguments.json.write_text(json.dumps(document, indent=1) + "\n")
    return 0 if all(goal["reached"] for goal in told) else 1


if __name__ == "__main__":
    sys.exit(main())
