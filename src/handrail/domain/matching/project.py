"""Projects of unequal length: one mentor and one weekly check-in to the end, the seats kept.

With equal lengths this is one session a person, an exact network. Where a project takes several
of its mentor's seats it is the generalised assignment problem: first the most people, then the best
fit, by branch and bound; bounded by the prices of the relaxation, with only as much of each
mentor's seats as projects can fill (Martello and Toth, Knapsack Problems, 1990, chapter 7).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from math import gcd
from typing import Any

import numpy as np
import numpy.typing as npt

from .bound import Duals, cost_of, still_to_gain
from .describe import describe_pairs, no_pair_reason, price_reason
from .network import Columns, lay_out
from .plan import Certificate, Pair, Plan, Prices, Reason, Unmatched
from .problem import Options, Problem, ProblemError
from .slots import give_slots
from .tables import Ints, Tables, tabulate

VERSION = "1"
SMALL = 2_000  # columns up to which branch and bound looks at all of them, to the end
NEAR = 1_000  # beyond, at those that lose at most so many points by prices
CLOSE = 1e-3  # and until it is so near to its own bound
NODES = 200  # of its tree: a count, not a clock, so that a plan is the same everywhere
SURE = 1e-6

Chosen = list[tuple[int, int, int]]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Running:
    """A project that goes on: its mentee, mentor and slot, and the seats it takes."""

    mentee: str
    mentor: str
    slot: int
    seats: int = 1


def keep_seats(problem: Problem, running: Iterable[Running]) -> Problem:
    """The problem with the seats and slots of running projects kept, their mentees left out.

    Raises ProblemError where more seats run than the mentor has, or two projects share a slot.
    """
    on = list(running)
    taken: Counter[str] = Counter()
    slots: dict[str, int] = {}
    for each in on:
        taken[each.mentor] += each.seats
        if slots.get(each.mentor, 0) >> each.slot & 1:
            raise ProblemError(each.mentor, "running", f"has two projects at slot {each.slot}")
        slots[each.mentor] = slots.get(each.mentor, 0) | 1 << each.slot
    for mentor in problem.mentors:
        if taken[mentor.person] > mentor.seats:
            raise ProblemError(
                mentor.person,
                "running",
                f"runs {taken[mentor.person]} seats of projects and has {mentor.seats}",
            )
    busy = {each.mentee for each in on}
    mentors = [
        replace(
            mentor,
            seats=mentor.seats - taken[mentor.person],
            free=mentor.free & ~slots.get(mentor.person, 0),
        )
        for mentor in problem.mentors
    ]
    mentees = [mentee for mentee in problem.mentees if mentee.person not in busy]
    loads = {name: load for name, load in problem.loads.items() if name not in busy}
    return replace(problem, mentees=mentees, mentors=mentors, loads=loads)


@dataclass(frozen=True)
class _Case:
    """Tables with seats counted in units, the largest that divides every project's length.

    `load` (N,) units a project takes; `units` (M,) of a mentor that projects can fill at all.
    """

    tables: Tables
    load: Ints
    units: Ints
    options: Options


def solve_projects(problem: Problem, *, seed: int, options: Options) -> Plan:
    """The best projects found, with the bound that prices prove; small teams come out exact.

    Raises ProblemError where pinned projects take more seats than their mentor has.
    """
    if options.seat_price:
        raise ProblemError("", "seat_price", "does not apply to projects of unequal length")
    case = _case_of(problem, seed, options)
    tables = case.tables
    columns = _columns(case, None)
    heavy = _duals(case, columns, tables.person)
    chosen = give_slots(tables, _best(case, columns))
    count = len(chosen)
    light = _duals(case, _columns(case, count), None)
    served_bound = min(len(tables.mentees), _bound(case, heavy) // tables.person)
    kept = {(at, to, slot) for at, to, slot in tables.kept.tolist()}
    value = sum(
        int(tables.worth[at, to]) + options.keep_slot * ((at, to, slot) in kept)
        for at, to, slot in chosen
    )
    certificate = Certificate(
        served=count,
        served_bound=served_bound,
        sessions=count,
        sessions_bound=served_bound,
        fit=sum(int(tables.score[at, to]) for at, to, _ in chosen),
        value=value,
        bound=_bound(case, light) - light.person * count,
        scope="all_pairs",
        week=problem.week,
        seed=seed,
        version=VERSION,
        method="relaxation",
    )
    return Plan(
        pairs=_pairs(problem, case, heavy, chosen),
        unmatched=_unmatched(problem, case, chosen),
        prices=_named(tables, heavy),
        certificate=certificate,
        options=options,
        seed=seed,
        fit_prices=_named(tables, light),
    )


def _case_of(problem: Problem, seed: int, options: Options) -> _Case:
    tables = tabulate(problem, options, seed)
    lengths = [problem.loads.get(who.person, 1) for who in tables.mentees]
    unit = gcd(*lengths) or 1
    load = np.array(lengths, np.int64) // unit
    pinned: Counter[int] = Counter()
    for at, to in enumerate(tables.pin.tolist()):
        pinned[to] += lengths[at]
    for to, mentor in enumerate(tables.mentors):
        if pinned[to] > mentor.seats:
            raise ProblemError(
                mentor.person,
                "pins",
                f"the projects pinned take {pinned[to]} seats, there are {mentor.seats}",
            )
    rooms = [seats // unit for seats in tables.seats.tolist()]
    sums, widest = 1, (1 << max(rooms, default=0) + 1) - 1  # bit n: some projects fill n units
    for each in load.tolist():
        sums |= sums << each & widest
    units = [(sums & (1 << room + 1) - 1).bit_length() - 1 for room in rooms]
    return _Case(tables, load, np.array(units, np.int64), options)


def _columns(case: _Case, total: int | None) -> Columns:
    """Every column of the network; its rows of mentors count units (see `_matrix`)."""
    shortest = int(case.load.min(initial=1)) or 1
    most = replace(case.tables, seats=case.units // shortest)
    columns = lay_out(
        most, case.tables.allowed, seat_price=0, keep_slot=case.options.keep_slot, total=total
    )
    high = columns.network.high.copy()
    people = len(case.tables.mentees)
    high[people : people + len(case.units)] = case.units
    return replace(columns, network=replace(columns.network, high=high))


def _matrix(case: _Case, columns: Columns) -> Any:
    from scipy import sparse  # importing the package must stay cheap

    rows = columns.network.rows
    amount = np.ones(rows.shape)
    amount[:, 1] = case.load[columns.mentee]
    at, place = np.nonzero(rows >= 0)
    return sparse.csr_array(
        (amount[at, place], (rows[at, place], at)), shape=(len(columns.network.low), len(rows))
    )


def _relaxed(
    case: _Case, columns: Columns, gain: Floats, least: Floats, most: Floats
) -> tuple[Floats, Ints] | None:
    """(carried, integer price of each row) of the relaxation; None when no plan fits between."""
    from scipy import optimize, sparse  # importing the package must stay cheap

    matrix, low, high = _matrix(case, columns), columns.network.low, columns.network.high
    equal = low == high
    above, below = ~equal & np.isfinite(high), ~equal & np.isfinite(low)
    solved = optimize.linprog(
        -gain,
        A_ub=sparse.vstack([matrix[above], -matrix[below]]),
        b_ub=np.concatenate([high[above], -low[below]]),
        A_eq=matrix[equal] if equal.any() else None,
        b_eq=high[equal] if equal.any() else None,
        bounds=np.column_stack([least, most]),
        method="highs-ds",
    )
    if solved.status == 2:
        return None
    if solved.status:
        raise ArithmeticError(f"the solver stopped before the optimum: {solved.message}")
    price = np.zeros(len(low))
    price[above] -= solved.ineqlin.marginals[: int(above.sum())]
    price[below] += solved.ineqlin.marginals[int(above.sum()) :]
    if equal.any():
        price[equal] -= solved.eqlin.marginals
    return solved.x, np.rint(price).astype(np.int64)


def _duals(case: _Case, columns: Columns, person: int | None) -> Duals:
    """Prices of units, slots and days; without `person` what one more would be worth."""
    tables = case.tables
    people, mentors = tables.score.shape
    slot = np.zeros(tables.mentor_free.shape, np.int64)
    if not len(columns.mentee):
        return Duals(person or 0, np.zeros(mentors, np.int64), slot, {})
    gain = (columns.worth + (person or 0)).astype(float)
    found = _relaxed(case, columns, gain, np.zeros(len(gain)), np.ones(len(gain)))
    if found is None:
        raise ArithmeticError("the solver takes a plan that exists for impossible")
    price = np.maximum(found[1], 0)
    for (to, when), row in columns.slot_row.items():
        slot[to, when] = price[row]
    day = {key: int(price[row]) for key, row in columns.day_row.items() if price[row]}
    each = -int(found[1][-1]) if person is None else person
    return Duals(each, price[people : people + mentors], slot, day)


def _bound(case: _Case, duals: Duals) -> int:
    """No plan is worth more: all that is for sale at its price, and what is left to each person."""
    tables = case.tables
    total: int = int(duals.slot.sum()) + sum((case.units * duals.mentor).tolist())
    total += sum(int(tables.room[key]) * price for key, price in duals.day.items())
    usable = replace(tables, seats=case.units)
    for load in np.unique(case.load).tolist():
        alike = case.load == load
        allowed = tables.allowed & alike[:, None] & (case.units >= load)
        dearer = replace(duals, mentor=duals.mentor * load)
        _, left = still_to_gain(usable, allowed, dearer, case.options.keep_slot)
        best = left.max(axis=1, initial=-(2**62))
        gains = np.where(tables.pin >= 0, best, np.maximum(best, 0))[alike]
        total += sum(gains.tolist())
    return total


def _best(case: _Case, columns: Columns) -> Chosen:
    """The best whole plan found, as (mentee, mentor, slot or -1): most people, then most worth."""
    if not len(columns.mentee):
        return []
    gain = (columns.worth + case.tables.person).astype(float)
    near = np.arange(len(gain))
    if len(gain) > SMALL:
        found = _relaxed(case, columns, gain, np.zeros(len(gain)), np.ones(len(gain)))
        if found is not None:
            left = gain - _matrix(case, columns).T @ found[1]
            pinned = case.tables.pin[columns.mentee] >= 0
            near = np.nonzero((left >= -NEAR) | (found[0] > SURE) | pinned)[0]
    people = _whole(case, columns, near, np.ones(len(gain)), None)
    if people is None:
        return _taken(columns, _dive(case, columns, gain))
    count = len(_taken(columns, people))
    best = _whole(case, columns, near, columns.worth.astype(float), count)
    return _taken(columns, people if best is None else best)


def _whole(
    case: _Case, columns: Columns, near: Ints, gain: Floats, count: int | None
) -> Floats | None:
    """Branch and bound over the columns `near`, for exactly `count` people if given."""
    from scipy import optimize, sparse  # importing the package must stay cheap

    matrix, low, high = _matrix(case, columns)[:, near], columns.network.low, columns.network.high
    if count is not None:
        matrix = sparse.vstack([matrix, sparse.csr_array(np.ones((1, len(near))))])
        low, high = np.append(low, count), np.append(high, count)
    solved = optimize.milp(
        -gain[near],
        integrality=np.ones(len(near)),
        bounds=optimize.Bounds(0, 1),
        constraints=optimize.LinearConstraint(matrix, low, high),
        options={"node_limit": NODES, "mip_rel_gap": 0 if len(gain) <= SMALL else CLOSE},
    )
    if solved.x is None:
        return None
    carried = np.zeros(len(gain))
    carried[near] = solved.x
    return carried


def _taken(columns: Columns, carried: Floats) -> Chosen:
    taken = np.nonzero(carried > 0.5)[0]
    return [
        (int(columns.mentee[at]), int(columns.mentor[at]), int(columns.slot[at])) for at in taken
    ]


def _dive(case: _Case, columns: Columns, gain: Floats) -> Floats:
    """Fix what the relaxation is sure of, then the longest of what it splits, and relax again.

    The last resort: it always ends in a plan.
    """
    least, most = np.zeros(len(gain)), np.ones(len(gain))
    guessed = np.empty(0, np.int64)
    while True:
        found = _relaxed(case, columns, gain, least, most)
        if found is None:
            least[guessed] = 0  # too many at once: fewer, and never one that does not fit alone
            if len(guessed) == 1:
                most[guessed] = 0
            guessed = guessed[: len(guessed) // 2]
            least[guessed] = 1
            continue
        carried = found[0]
        least[carried > 1 - SURE] = 1
        parts = np.nonzero((carried > SURE) & (carried < 1 - SURE))[0]
        if not len(parts):
            return carried
        order = np.lexsort((parts, -carried[parts], -case.load[columns.mentee[parts]]))
        guessed = parts[order][: max(1, len(parts) // 8)]
        least[guessed] = 1


def _pairs(problem: Problem, case: _Case, duals: Duals, chosen: Chosen) -> tuple[Pair, ...]:
    tables = case.tables
    nothing = replace(
        duals, mentor=np.zeros_like(duals.mentor), slot=np.zeros_like(duals.slot), day={}
    )
    places = {tables.mentees[at].person: (at, to, slot) for at, to, slot in chosen}
    found = []
    for pair in describe_pairs(tables, nothing, [chosen], case.options):
        at, to, slot = places[pair.mentee]
        cost = int(cost_of(duals, tables, to)[slot])
        cost += int(duals.mentor[to]) * (int(case.load[at]) - 1)
        reasons = [each for each in pair.reasons if each.code != "free_seat"]
        seats = problem.loads.get(pair.mentee, 1)
        if seats > 1:
            reasons.append(Reason("takes_seats", {"mentor": pair.mentor, "seats": seats}))
        reasons.append(price_reason(cost, tables.person))
        found.append(replace(pair, reasons=tuple(reasons)))
    return tuple(found)


def _unmatched(problem: Problem, case: _Case, chosen: Chosen) -> tuple[Unmatched, ...]:
    tables = case.tables
    left = Counter({to: int(seats) for to, seats in enumerate(tables.seats)})
    for at, to, _ in chosen:
        left[to] -= problem.loads.get(tables.mentees[at].person, 1)
    served = {at for at, _, _ in chosen}
    found = []
    for at, mentee in enumerate(tables.mentees):
        if at in served:
            continue
        reason = no_pair_reason(tables, at, case.options)
        if reason is None:
            meets = tables.allowed[at] & (tables.mentor_free & tables.mentee_free[at]).any(axis=1)
            seats = problem.loads.get(mentee.person, 1)
            free = max(left[to] for to in np.nonzero(meets)[0].tolist())
            code = "seats_taken" if free < seats else "times_taken"
            reason = Reason(code, {"seats": seats, "free": free})
        found.append(Unmatched(mentee.person, reason))
    return tuple(sorted(found, key=lambda each: each.person))


def _named(tables: Tables, duals: Duals) -> Prices:
    names = [who.person for who in tables.mentors]
    return Prices(
        person=duals.person,
        mentor={names[to]: price for to, price in enumerate(duals.mentor.tolist()) if price},
        day={(names[to], which - 1): price for (to, which), price in duals.day.items()},
        slot={
            (names[to], int(when)): int(duals.slot[to, when])
            for to, when in np.argwhere(duals.slot).tolist()
        },
    )
