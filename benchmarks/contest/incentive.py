"""What somebody gains by telling less: a third of the hours, or only the dearest wish."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from handrail.domain.matching import Mentee, Problem
from handrail.domain.matching.score import score_pair
from handrail.domain.matching.week import bits_of, slots_of

from . import ours, rivals

OUTCOMES = ("won", "lost", "better", "worse", "same")
Planned = dict[str, str]  # mentee to mentor
Planner = Callable[[Problem], Planned]


def by_us(problem: Problem) -> Planned:
    """Who meets whom by our plan."""
    return {pair.mentee: pair.mentor for pair in ours.solve_week(problem).pairs}


def by_greed(problem: Problem) -> Planned:
    """Who meets whom when the best pair that still finds a slot is taken first."""
    arcs = ours.candidates(problem, min(64, len(problem.mentors)), 1)
    mentees, mentors = ours.names(problem)
    taken = rivals.greedy_joint(arcs, arcs.person).mentor
    return {mentees[at]: mentors[to] for at, to in enumerate(taken.tolist()) if to >= 0}


def fewer_hours(who: Mentee, draw: np.random.Generator) -> Mentee:
    """The same person with a third of the hours."""
    slots = list(slots_of(who.free))
    kept = draw.choice(slots, size=-(-len(slots) // 3), replace=False) if slots else []
    return replace(who, free=bits_of(int(slot) for slot in kept))


def fewer_wishes(who: Mentee, draw: np.random.Generator) -> Mentee:
    """The same person with the first wish only."""
    return replace(who, wants=who.wants[:1])


LIES = {"a third of the hours": fewer_hours, "only the first wish": fewer_wishes}
PLANNERS = {"Handrail": by_us, "greedy": by_greed}


def tried(problem: Problem, asked: int, said: Callable[[str], None]) -> list[dict[str, Any]]:
    """For each way to tell less and each planner: who won or lost a place, who did better or worse.

    Points are those of the wishes a person really has.
    """
    people = list(problem.mentees)
    mentors = {mentor.person: mentor for mentor in problem.mentors}
    chosen = np.random.default_rng(7).permutation(len(people))[:asked].tolist()
    honest = {name: planner(problem) for name, planner in PLANNERS.items()}
    rows = []
    for lie, shorten in LIES.items():
        counts = {
            name: dict.fromkeys(("won", "lost", "better", "worse", "same"), 0) for name in honest
        }
        points: dict[str, list[int]] = {name: [] for name in honest}
        for done, at in enumerate(chosen):
            said(f"incentive, {lie}: {done} of {len(chosen)}")
            who = people[at]
            shorter = shorten(who, np.random.default_rng([7, at]))
            told = replace(problem, mentees=[*people[:at], shorter, *people[at + 1 :]])
            for name, planner in PLANNERS.items():
                before, after = honest[name].get(who.person), planner(told).get(who.person)
                if before is None:
                    counts[name]["won"] += after is not None
                    continue
                if after is None:
                    counts[name]["lost"] += 1
                    continue
                change = score_pair(who, mentors[after], ours.OPTIONS).terms.score
                change -= score_pair(who, mentors[before], ours.OPTIONS).terms.score
                points[name].append(change)
                counts[name]["better" if change > 0 else "worse" if change < 0 else "same"] += 1
        for name, count in counts.items():
            served = sum(people[at].person in honest[name] for at in chosen)
            mean = sum(points[name]) / len(points[name]) if points[name] else 0.0
            rows.append(
                {"lie": lie, "planner": name, "asked": len(chosen), "served": served, **count}
                | {"mean_change": round(mean, 1)}
            )
    return rows
