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
from .several import further_rounds, several_bounds, worth_of_rows

WIDTH = 12  # mentors near the best of each mentee to begin with
ROUNDS = 10  # looks at most: as many as 100,000 people with two wishes for each place take
GAP = 1.5e-4  # of the fit: below it no further look is worth its time, for more than EXACT people


def solve_large(
    problem: Problem,
    *,
    seed: int,
    options: Options,
    version: str,
    progress: Callable[[str], None],
    spread: Spread | None = None,
) -> Plan:
    """The plan of a checked problem, and the proof over all feasible pairs.

    The same for any order of rows and any number of processors. One session each is exact up to
    EXACT people, beyond that within GAP of the bound, or as near as ROUNDS looks bring it: the
    certificate says. Several are planned in rounds and bounded; then no seat may have a price.
    """
    progress("reading people")
    person = worth_of_a_person(problem, options)
    threads = min(8, os.cpu_count() or 1)

    def solved_for(people: Crowd) -> Solved:
        return solve_crowd(
            *(people, options, person, problem.step),
            threads=threads,
            width=WIDTH,
            rounds=ROUNDS,
            gap=GAP if len(people.mentees) > EXACT else 0,
            progress=progress,
            spread=spread,
        )

    crowd = crowd_of(problem, options, seed)
    solved = solved_for(crowd)
    first = rows = _rows(solved)
    fit, value = int(_scores(crowd, solved, options)), solved.value - person * solved.served
    spare = most_seat_cost(problem, options)
    served_bound = min(len(crowd.mentees), (solved.bound + spare) // person)
    sessions_bound, bound = served_bound, solved.bound - person * solved.served
    by_sessions = by_fit = None
    if options.sessions > 1:
        rows = further_rounds(crowd, options, problem.step, first, solved_for, _rows)
        fit, value = worth_of_rows(crowd, options, rows)
        most, at_equal = several_bounds(crowd, options, person, len(rows), solved_for, threads)
        sessions_bound = most.most // person
        bound = at_equal.most - at_equal.ledger.person * len(rows)
        by_sessions, by_fit = prices_of(crowd, most.ledger), prices_of(crowd, at_equal.ledger)
    progress("explaining")
    exact = options.sessions == 1 and solved.bound == solved.value
    return Plan(
        pairs=pairs_of(crowd, solved.ledger, options, rows),
        unmatched=unmatched_of(crowd, problem, options, seed, first[:, 0], _short(solved)),
        prices=prices_of(crowd, solved.ledger),
        certificate=Certificate(
            served=solved.served,
            served_bound=served_bound,
            sessions=len(rows),
            sessions_bound=sessions_bound,
            fit=fit,
            value=value,
            bound=bound,
            scope="all_pairs",
            week=problem.week,
            seed=seed,
            version=version,
            method="rounds" if options.sessions > 1 else "exact" if exact else "near",
        ),
        options=options,
        seed=seed,
        session_prices=by_sessions,
        fit_prices=by_fit,
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
