"""`solve` for thousands of people and more: the same answer's shape, from the kernels."""

from __future__ import annotations

import os
from collections.abc import Callable

import numpy as np

from ..plan import Certificate, Plan
from ..problem import Options, Problem
from ..spread import Spread
from ..tables import most_seat_cost, worth_of_a_person
from .answer import Short, pairs_of, prices_of, unmatched_of
from .crowd import Crowd, crowd_of
from .large import EXACT, Solved, solve_crowd
from .market import Int64s

WIDTH = 12  # mentors near the best of each mentee to begin with
ROUNDS = 6
GAP = 5e-5  # of the fit: below it no further look is worth its time, for more than EXACT people


def solve_large(
    problem: Problem,
    *,
    seed: int,
    options: Options,
    version: str,
    progress: Callable[[str], None],
    spread: Spread | None = None,
) -> Plan:
    """The plan of a checked problem with one session each, and the proof over all feasible pairs.

    The same for any order of rows and any number of processors. Exact up to EXACT people, beyond
    that within GAP of the bound, or as near as ROUNDS looks bring it: the certificate says.
    """
    progress("reading people")
    person = worth_of_a_person(problem, options)
    crowd = crowd_of(problem, options, seed)
    solved = solve_crowd(
        *(crowd, options, person, problem.step),
        threads=min(8, os.cpu_count() or 1),
        width=WIDTH,
        rounds=ROUNDS,
        gap=GAP if len(crowd.mentees) > EXACT else 0,
        progress=progress,
        spread=spread,
    )
    progress("explaining")
    rows = _rows(solved)
    pairs = pairs_of(crowd, solved.ledger, options, rows)
    fit = int(_scores(crowd, solved, options))
    value = solved.value - person * solved.served
    spare = most_seat_cost(problem, options)
    return Plan(
        pairs=pairs,
        unmatched=unmatched_of(crowd, problem, options, seed, rows[:, 0], _short(solved)),
        prices=prices_of(crowd, solved.ledger),
        certificate=Certificate(
            served=solved.served,
            served_bound=min(len(crowd.mentees), (solved.bound + spare) // person),
            sessions=solved.served,
            sessions_bound=min(len(crowd.mentees), (solved.bound + spare) // person),
            fit=fit,
            value=value,
            bound=solved.bound - person * solved.served,
            scope="all_pairs",
            week=problem.week,
            seed=seed,
            version=version,
            method="exact" if solved.bound == solved.value else "near",
        ),
        options=options,
        seed=seed,
    )


def _rows(solved: Solved) -> Int64s:
    held, shelf, arcs = solved.market.held, solved.market.shelf, solved.market.arcs
    who = np.nonzero(held.place >= 0)[0]
    to = arcs.to[held.via[who]]
    when = shelf.slot_when[held.place[who]]
    return np.column_stack([who, to, when, np.ones(len(who))]).astype(np.int64)


def _scores(crowd: Crowd, solved: Solved, options: Options) -> int:
    """The fit: points without bonuses, without what a pin weighs and what seats cost."""
    held, arcs = solved.market.held, solved.market.arcs
    via = held.via[held.via >= 0]
    total: int = sum(arcs.worth[via].tolist())
    who, to = arcs.who[via], arcs.to[via]
    total -= solved.ledger.person * int((crowd.pin[who] >= 0).sum())
    if options.keep_pair or options.keep_slot:
        when = crowd.shelf.slot_when[held.place[who]]
        met = set(zip(who.tolist(), to.tolist(), when.tolist(), strict=True))
        pairs = {(i, j) for i, j, _ in met}
        total -= options.keep_pair * len({(i, j) for i, j, _ in crowd.kept.tolist()} & pairs)
        total -= options.keep_slot * len({tuple(row) for row in crowd.kept.tolist()} & met)
    return total


def _short(solved: Solved) -> Short:
    shelf = solved.market.shelf
    inside, slots, days = solved.market.inside, len(shelf.slot_day), len(shelf.day_mentor)
    mentors = inside[slots + days : slots + days + len(shelf.seats)].copy()
    mentors[shelf.day_mentor[inside[slots : slots + days]]] = True
    mentors[shelf.day_mentor[shelf.slot_day[inside[:slots]]]] = True
    people = solved.market.apart & (np.diff(solved.market.arcs.first) > 0)
    return Short(np.nonzero(people)[0], np.nonzero(mentors)[0])
