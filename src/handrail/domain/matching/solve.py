"""Solve: most people served, then the highest fit, then the fewest changes, then the seed's lot."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from importlib.util import find_spec

import numpy as np

from .bound import Duals, bound, duals_of, sessions_bound
from .check import check
from .cohort import solve_cohorts
from .describe import describe_pairs, describe_unmatched
from .linear import Optimum, face, solve_all, solve_stage, with_a_little_room
from .network import Columns, is_kept, is_kept_pair, lay_out
from .plan import Certificate, Plan, Prices
from .problem import Options, Problem
from .project import solve_projects
from .slots import give_slots
from .spread import Spread
from .tables import Bools, Tables, most_seat_cost, tabulate, tickets

VERSION = "2"  # of the rules a plan follows: raise it when the same input gives another plan
FIRST_CHOICES = 12
SMALL = 20_000
MANY = 1_000  # people; up to so many nothing has to be compiled

DEFAULTS = Options()

Chosen = list[tuple[int, int, int]]


def _in_silence(stage: str) -> None:
    pass


def solve(
    problem: Problem,
    *,
    seed: int,
    options: Options = DEFAULTS,
    warm: Plan | None = None,
    progress: Callable[[str], None] = _in_silence,
    spread: Spread | None = None,
) -> Plan:
    """The best plan of a week with its proof; the same for any order of rows.

    `warm`, an earlier plan of a similar week, only speeds the search. `progress` is told each
    stage. `spread` takes the looks of a large run elsewhere, with the same result. Raises
    ProblemError for input that no plan can answer.
    """
    check(problem, options)
    if options.model == "cohort":
        return solve_cohorts(problem, seed=seed, options=options)
    if any(load > 1 for load in problem.loads.values()):
        return solve_projects(problem, seed=seed, options=options)
    many = len(problem.mentees) + len(problem.mentors) > MANY
    several_with_seat_prices = options.sessions > 1 and options.seat_price > 0
    if many and not several_with_seat_prices and find_spec("numba"):
        from .engine.solve import solve_large  # compiles: only where it pays

        return solve_large(
            problem,
            seed=seed,
            options=options,
            version=VERSION,
            progress=progress,
            spread=spread,
        )
    progress("solving")
    tables = tabulate(problem, options, seed)
    start = duals_of(warm.prices, tables) if warm else None
    chosen, duals = _one_session_each(tables, options, start)
    first_bound = bound(tables, duals, options)
    served = len(chosen)
    spare = most_seat_cost(problem, options)
    rounds = [chosen]
    by_sessions = by_fit = duals
    most, at_equal = first_bound, first_bound - tables.person * served
    if options.sessions > 1:
        rounds += _further_rounds(tables, options, chosen)
        count = sum(len(each) for each in rounds)
        by_sessions = _several_sessions(tables, options, None)
        most = sessions_bound(tables, by_sessions, options)
        by_fit = _several_sessions(tables, options, count)
        at_equal = sessions_bound(tables, by_fit, options) - by_fit.person * count
    everything = [pair for each in rounds for pair in each]
    fit, value = _worth(tables, options, everything)
    prices = _named(tables, duals)
    certificate = Certificate(
        served=served,
        served_bound=min(len(tables.mentees), (first_bound + spare) // tables.person),
        sessions=len(everything),
        sessions_bound=(most + spare) // tables.person,
        fit=fit,
        value=value,
        bound=at_equal,
        scope="all_pairs",
        week=problem.week,
        seed=seed,
        version=VERSION,
        method="exact" if options.sessions == 1 else "rounds",
    )
    return Plan(
        pairs=describe_pairs(tables, duals, rounds, options),
        unmatched=describe_unmatched(tables, chosen, options),
        prices=prices,
        certificate=certificate,
        options=options,
        seed=seed,
        session_prices=_named(tables, by_sessions) if options.sessions > 1 else None,
        fit_prices=_named(tables, by_fit) if options.sessions > 1 else None,
    )


def _one_session_each(
    tables: Tables, options: Options, start: Duals | None
) -> tuple[Chosen, Duals]:
    columns = lay_out(
        tables, tables.allowed, seat_price=options.seat_price, keep_slot=options.keep_slot
    )
    gain = np.where(columns.mentee >= 0, tables.person + columns.worth, columns.worth)
    network = columns.network
    live = _first_columns(tables, columns, start)
    best = solve_all(with_a_little_room(network), gain, live, columns.mentee, whole=False)
    duals = _duals(tables, columns, best, tables.person)
    pairs = columns.mentee >= 0
    kept = is_kept_pair(tables, columns.mentee, columns.mentor) & pairs
    if kept.any():
        network = face(network, gain, best)
        slot_too = is_kept(tables, columns.mentee, columns.mentor, columns.slot)
        gain = kept * (len(tables.mentees) + 1) + slot_too
        best = solve_stage(network, gain, np.nonzero(network.most > 0)[0])
    network = face(network, gain, best)
    # By pair alone: a ticket that changed with the hours listed could reward hiding some.
    any_slot = np.full(len(columns.mentee), -1, np.int64)
    drawn = np.where(
        pairs,
        tickets(tables.mentee_lot[columns.mentee], tables.mentor_lot[columns.mentor], any_slot),
        0,
    )
    best = solve_stage(network, drawn, np.nonzero(network.most > 0)[0])
    taken = np.nonzero((best.carried > 0) & pairs)[0]
    found = [
        (int(columns.mentee[at]), int(columns.mentor[at]), int(columns.slot[at])) for at in taken
    ]
    return give_slots(tables, found), duals


def _first_columns(tables: Tables, columns: Columns, start: Duals | None) -> Bools:
    """Columns to begin with: all of a small problem, else each mentee's best dozen pairs."""
    if len(columns.mentee) <= SMALL:
        return np.ones(len(columns.mentee), np.bool_)
    live = tables.pin[columns.mentee] >= 0
    for price in [np.zeros(len(tables.mentors), np.int64)] + ([start.mentor] if start else []):
        left = np.where(tables.allowed, tables.worth - price, -(2**62))
        width = min(FIRST_CHOICES, left.shape[1])
        top = np.argpartition(-left, width - 1, axis=1)[:, :width]
        near = np.zeros(left.shape, np.bool_)
        np.put_along_axis(near, top, True, axis=1)
        live |= near[columns.mentee, columns.mentor]
    return live


def _duals(tables: Tables, columns: Columns, best: Optimum, person: int) -> Duals:
    people = len(tables.mentees)
    price = np.maximum(best.price, 0)
    slot = np.zeros(tables.mentor_free.shape, np.int64)
    for (to, when), row in columns.slot_row.items():
        slot[to, when] = price[row]
    day = {key: int(price[row]) for key, row in columns.day_row.items() if price[row]}
    return Duals(person, price[people : people + len(tables.mentors)], slot, day)


def _further_rounds(tables: Tables, options: Options, first: Chosen) -> list[Chosen]:
    """Second and third sessions: each round is exact in what the rounds before it left."""
    rounds: list[Chosen] = []
    taken = list(first)
    for _ in range(options.sessions - 1):
        left = _what_is_left(tables, taken, options)
        chosen, _ = _one_session_each(left, options, None)
        rounds.append(chosen)
        taken += chosen
    return rounds


def _what_is_left(tables: Tables, taken: Chosen, options: Options) -> Tables:
    seats, used, room = tables.seats.copy(), tables.used.copy(), tables.room.copy()
    mentee_free, mentor_free = tables.mentee_free.copy(), tables.mentor_free.copy()
    allowed = tables.fits.copy()
    allowed[np.setdiff1d(np.arange(len(allowed)), [at for at, _, _ in taken])] = False
    for at, to, slot in taken:
        seats[to] -= 1
        used[to] += 1
        room[to, tables.day[to, slot]] -= 1
        mentee_free[at, slot] = False
        mentor_free[to, slot] = False
        if options.another_mentor:
            allowed[at, to] = False
    return replace(
        _without_pins(tables),
        seats=seats,
        used=used,
        room=room,
        mentee_free=mentee_free,
        mentor_free=mentor_free,
        allowed=allowed,
        kept=tables.kept[:0],
    )


def _without_pins(tables: Tables) -> Tables:
    nobody = np.full_like(tables.pin, -1)
    return replace(tables, pin=nobody, pin_slot=nobody)


def _several_sessions(tables: Tables, options: Options, total: int | None) -> Duals:
    """Prices of the relaxation in which a mentee's own sessions may fall on the same slot.

    Without `total`: for the most sessions. With it: for the most fit of exactly so many, and the
    price of the last row says what one session more would be worth.
    """
    open_to_all = _without_pins(tables)
    columns = lay_out(
        open_to_all,
        tables.fits,
        seat_price=options.seat_price,
        keep_slot=options.keep_slot,
        sessions=options.sessions,
        another_mentor=options.another_mentor,
        total=total,
    )
    count = tables.person if total is None else 0
    gain = np.where(columns.mentee >= 0, count + columns.worth, columns.worth)
    live = _first_columns(open_to_all, columns, None)
    best = solve_all(columns.network, gain, live, columns.mentee)
    person = tables.person if total is None else -int(best.price[-1])
    return _duals(tables, columns, best, person)


def _worth(tables: Tables, options: Options, pairs: Chosen) -> tuple[int, int]:
    """Fit, and value: fit with bonuses for what is kept, less the price of further seats."""
    if not pairs:
        return 0, 0
    mentee, mentor, slot = np.array(pairs, np.int64).T
    fit = int(tables.score[mentee, mentor].sum())
    value = int(tables.worth[mentee, mentor].sum())
    value += options.keep_slot * int(is_kept(tables, mentee, mentor, slot).sum())
    for seats in np.bincount(mentor).tolist():
        value -= options.seat_price * (seats * (seats - 1) // 2)
    return fit, value


def _named(tables: Tables, duals: Duals) -> Prices:
    names = [who.person for who in tables.mentors]
    slot = [(int(to), int(when)) for to, when in zip(*np.nonzero(duals.slot), strict=True)]
    return Prices(
        person=duals.person,
        mentor={names[to]: price for to, price in enumerate(duals.mentor.tolist()) if price},
        day={(names[to], which - 1): price for (to, which), price in duals.day.items()},
        slot={(names[to], when): int(duals.slot[to, when]) for to, when in slot},
    )
