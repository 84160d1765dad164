"""Our matching against OR-Tools, SciPy, greedy and match-then-slot, interleaved in one run.

    .venv/bin/python benchmarks/matching.py [--sizes 1k,10k,100k,1m] [--tight] [--quick]
                                            [--repeat N] [--json OUT]

Every solver gets the same candidates; a judge that belongs to none of them counts who is served
and what prices prove. Each run is a process of its own. Trust the ratios of CPU seconds: the
absolute figures are those of the machine. Compiling is not counted. Memory of a stage is what it
takes on top of its inputs, memory of a whole solve is that of the process.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import monotonic, process_time, process_time_ns
from typing import Any

import numpy as np
from contest import goals, incentive, ours, reference, rivals
from contest.arcs import Answer, Arcs, judge
from contest.measure import ROOT, Stage, Stop, Work, forked, fresh, peak, typed
from contest.table import show

from handrail.domain.matching import Problem, generate

SIZES = {"1k": 1_000, "10k": 10_000, "100k": 100_000, "1m": 1_000_000}
SLOW = 30.0  # CPU seconds: a rival that takes longer runs once
LARGEST_NUMPY = 10_000
LARGEST_CONTEST = 100_000  # beyond, rivals take hours or more memory than there is
REQUESTS = 300
PATIENCE = 10.0  # CPU seconds for all requests
COMMAND = str(Path(sys.executable).parent / "handrail")
BEGAN = monotonic()


def say(text: str) -> None:
    """Progress, on the error channel."""
    print(f"{monotonic() - BEGAN:6.0f} s: {text}", file=sys.stderr, flush=True)


class Contest:
    """All stages of one team."""

    def __init__(self, size: str, tight: bool, chosen: argparse.Namespace) -> None:
        self.team = f"{size} tight" if tight else size
        self.mentees, self.tight, self.chosen = SIZES[size], tight, chosen
        self.failures: list[str] = []
        self.width = chosen.width if self.mentees <= LARGEST_CONTEST else min(8, chosen.width)

    def run(self) -> list[dict[str, Any]]:
        """Rows of the stages, each with its ratio to ours."""
        if self.mentees > LARGEST_CONTEST and not self.chosen.all_rivals:
            return []
        say(f"{self.team}: making up the team and its candidates")
        self.problem = generate(seed=self.chosen.seed, mentees=self.mentees, tight=self.tight)
        self.arcs = ours.candidates(self.problem, self.width, self.chosen.threads)
        stages = {
            "candidates": self._candidates(),
            "matching": self._contest(ours.match, rivals.MATCHING),
            "joint": self._contest(ours.joint, rivals.JOINT),
        }
        measured = {(stage, name): Stage(name) for stage, works in stages.items() for name in works}
        for turn in range(self.chosen.repeat):
            for (stage, name), into in measured.items():
                if into.cpu and into.cpu[0] > SLOW and name != "Handrail":
                    continue
                say(f"{self.team}: {stage}, {name}, run {turn + 1} of {self.chosen.repeat}")
                try:
                    forked(stages[stage][name], into)
                except RuntimeError as error:
                    self.failures.append(f"{self.team}, {stage}: {error}")
        rows = []
        for (stage, _), into in measured.items():
            our = measured[stage, "Handrail"]
            if into.cpu:
                row = _against(into.row(), our.row()) if our.cpu else into.row()
                rows.append({"team": self.team, "stage": stage, **row})
        return rows

    def _candidates(self) -> dict[str, Work]:
        def by_us(stop: Stop) -> tuple[float, dict[str, Any]]:
            arcs = ours.candidates(self.problem, self.width, 1)
            stop()
            return 0.0, {"pairs": len(arcs.mentee), "points": int(arcs.score.sum())}

        def by_numpy(stop: Stop) -> tuple[float, dict[str, Any]]:
            best = reference.best_scores(self.problem, self.width)
            stop()
            found = best[best >= 0]
            return 0.0, {"pairs": len(found), "points": int(found.sum())}

        works: dict[str, Work] = {"Handrail": by_us}
        if self.mentees <= (1_000 if self.chosen.quick else LARGEST_NUMPY):
            works["NumPy, every pair"] = by_numpy
        return works

    def _contest(
        self, our: Callable[[Arcs], Answer], others: dict[str, Callable[[Arcs, int], Answer]]
    ) -> dict[str, Work]:
        arcs = self.arcs
        works: dict[str, Work] = {"Handrail": _judged(arcs, lambda: our(arcs))}
        for name, rival in others.items():
            largest = rivals.LARGEST.get(name, self.mentees)
            if self.chosen.quick:
                largest = min(largest, rivals.LARGEST_QUICK.get(name, largest))
            if self.mentees > largest and not self.chosen.all_rivals:
                continue
            works[name] = _judged(arcs, lambda rival=rival: rival(arcs, arcs.person))
            if name == "OR-Tools" and not (self.chosen.quick and self.mentees > 1_000):
                works[rivals.UNPROVEN] = _judged(arcs, lambda rival=rival: rival(arcs, rivals.LOW))
        return works

    def whole(self) -> list[dict[str, Any]]:
        """Solve as the product does, with the certificate over all pairs, and ask online."""
        into = Stage("Handrail")
        arguments = ["--whole", str(self.mentees), "--seed", str(self.chosen.seed)]
        arguments += ["--tight"] if self.tight else []
        for turn in range(self.chosen.repeat):
            say(f"{self.team}: the whole solve and online, run {turn + 1} of {self.chosen.repeat}")
            try:
                fresh(arguments, into)
            except RuntimeError as error:
                self.failures.append(f"{self.team}, whole: {error}")
                return []
            if into.cpu[0] > SLOW:
                break
        return [{"team": self.team, "stage": "whole", **into.row(), "ratio": 1.0}]


def _judged(arcs: Arcs, solve: Callable[[], Answer]) -> Work:
    def work(stop: Stop) -> tuple[float, dict[str, Any]]:
        answer = solve()
        stop()
        judged = judge(arcs, answer)
        figures: dict[str, Any] = {"served": judged.served, "fit": judged.fit}
        if judged.bound is not None:
            figures["served_bound"] = min(arcs.mentees, judged.bound // arcs.person)
            figures["bound"] = judged.bound - arcs.person * judged.served
        return answer.building, figures

    return work


def _against(row: dict[str, Any], our: dict[str, Any]) -> dict[str, Any]:
    """The row with its ratios to ours, and its gap to what our prices prove."""
    row = {**row, "ratio": row["cpu"] / our["cpu"]}
    ours_alone = our["cpu"] - our["building"]
    row["ratio_without_building"] = (row["cpu"] - row["building"]) / ours_alone
    if "bound" in our and row["served"] == our["served"] == our["served_bound"]:
        row["bound"] = our["bound"]
        row["gap"] = (our["bound"] - row["fit"]) / row["fit"] if row["fit"] else 0.0
    return row


def whole(chosen: argparse.Namespace) -> dict[str, Any]:
    """One solve and some requests in this process, as figures."""
    problem = generate(seed=chosen.seed, mentees=chosen.whole, tight=chosen.tight)
    ours.warm_up()
    cpu, wall = process_time(), monotonic()
    plan = ours.solve_week(problem)
    cpu, wall = process_time() - cpu, monotonic() - wall
    memory = peak()
    said = plan.certificate
    told = process_time()
    pairs = sum(len(pair.reasons) > 0 for pair in plan.pairs)
    told = process_time() - told
    return {
        "pairs": pairs,
        "reasons_cpu": told,
        "reasons_memory_mb": peak(),
        "cpu": cpu,
        "wall": wall,
        "memory_mb": memory,
        "served": said.served,
        "served_bound": said.served_bound,
        "fit": said.fit,
        "bound": said.bound,
        "gap": said.gap,
        "scope": said.scope,
        **_online(problem, plan, chosen.seed),
    }


def _online(problem: Problem, plan: Any, seed: int) -> dict[str, float]:
    """CPU microseconds of a request: what half, and what all but one in a hundred, stay under."""
    draw = np.random.default_rng(seed)
    people = [problem.mentees[at] for at in draw.integers(0, len(problem.mentees), REQUESTS)]
    began = process_time()
    ours.ask(problem, plan, people[0])
    first = process_time() - began
    took = [] if first < PATIENCE / 10 else [first * 1e6]
    while people and sum(took) < PATIENCE * 1e6:
        began_at = process_time_ns()
        ours.ask(problem, plan, people.pop())
        took.append((process_time_ns() - began_at) / 1000)
    half, most = median(took), float(np.quantile(took, 0.99))
    return {"requests": len(took), "online_p50_us": half, "online_p99_us": most}


def example(repeat: int) -> dict[str, Any]:
    """The example team from a cold start, as a person types it."""
    people = Path(ROOT) / "examples" / "remote-team-a" / "people.csv"
    into = Stage("Handrail")
    with tempfile.TemporaryDirectory() as folder:
        proof = Path(folder) / "cert.json"
        for _ in range(repeat):
            typed([COMMAND, "match", str(people), "--certificate", str(proof)], into)
        said = json.loads(proof.read_text())
    into.figures = {name: said[name] for name in ("served", "served_bound", "gap", "scope")}
    into.figures |= {"fit": said["points"]["fit"], "bound": said["points"]["bound"]}
    return {"team": "example", "stage": "cold", **into.row(), "ratio": 1.0}


def parsed(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sizes", default="1k,10k", help="of 1k, 10k, 100k and 1m mentees")
    parser.add_argument("--tight", action="store_true", help="mentors with 1-3 hours a week too")
    parser.add_argument("--quick", action="store_true", help="1k and 10k once, under 50 seconds")
    parser.add_argument("--repeat", type=int, default=3, metavar="N", help="medians of N runs")
    parser.add_argument("--asked", type=int, default=300, help="people who tell less (at 1k)")
    parser.add_argument("--width", type=int, default=16, help="candidates a mentee")
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--all-rivals", action="store_true", help="even where they take an hour")
    parser.add_argument("--json", type=Path, metavar="OUT")
    parser.add_argument("--whole", type=int, default=0, help=argparse.SUPPRESS)
    chosen = parser.parse_args(arguments)
    if chosen.quick:
        chosen.sizes, chosen.repeat, chosen.asked = "1k,10k", 1, 0
    chosen.sizes = chosen.sizes.split(",")
    for size in chosen.sizes:
        if size not in SIZES:
            parser.error(f"--sizes: {size!r} is none of {', '.join(SIZES)}")
    if chosen.repeat < 1:
        parser.error("--repeat must be 1 or more")
    return chosen


def main(arguments: list[str]) -> int:
    chosen = parsed(arguments)
    if chosen.whole:
        print(json.dumps(whole(chosen)))
        return 0
    say("compiling")
    ours.warm_up()
    rivals.warm_up(ours.candidates(generate(seed=1, mentees=60), 16, 1))
    rows, lies, failures = [example(chosen.repeat)], [], []
    for size in chosen.sizes:
        for tight in (False, True) if chosen.tight or chosen.quick else (False,):
            contest = Contest(size, tight, chosen)
            rows += contest.run() + contest.whole()
            failures += contest.failures
            if size == "1k" and chosen.asked:
                found = incentive.tried(contest.problem, chosen.asked, say)
                lies += [{"team": contest.team, **row} for row in found]
    reached = goals.judged(rows, lies)
    print(show(rows, lies, reached))
    for failure in failures:
        print(f"FAILED: {failure}")
    if chosen.json:
        machine = {"processors": os.cpu_count(), "python": platform.python_version()}
        figures = {"rows": rows, "incentive": lies, "goals": reached, "machine": machine}
        figures["failures"] = failures
        chosen.json.write_text(json.dumps({**figures, "command": sys.argv}, indent=1) + "\n")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
