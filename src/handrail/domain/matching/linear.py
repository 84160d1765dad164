"""Exact optimum of the session network by HiGHS, in stages: each keeps the optima of the last.

The network (mentee → slot → day → mentor) is totally unimodular, so every vertex is a plan and
every dual is an integer (Schrijver, Theory of Linear and Integer Programming, chapter 19).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from .tables import Bools, Ints

LARGE = 5_000

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Network:
    """Columns of the linear program and the rows they use.

    Column k has up to five rows, `rows[k]` (-1: none), each with sign +1 except `seat` columns,
    which give room (-1) to their mentor's row. Bounds hold as low ≤ A x ≤ high.
    `scarce` rows are what mentors have: seats, slots, days.
    """

    rows: Ints
    sign: Ints
    low: Floats
    high: Floats
    least: Floats
    most: Floats
    scarce: Bools


@dataclass(frozen=True)
class Optimum:
    """A vertex: what each column carries, and an integer price for each row."""

    carried: Ints
    price: Ints


def with_a_little_room(network: Network) -> Network:
    """The network with a sliver more of all that is scarce, so small that the best basis stays.

    Its prices are the lowest that prove the optimum: what one more seat would be worth. A basis
    of whole numbers changes after 1 / rows at the earliest.
    """
    room = network.scarce / (4 * max(1, len(network.high)))
    return replace(network, high=network.high + room)


def solve_stage(network: Network, gain: Ints, live: Ints, *, whole: bool = True) -> Optimum:
    """The maximum of gain·x over the columns `live` (indices); the others carry nothing.

    Raises ArithmeticError when the solver stops short of a vertex with whole numbers. Without
    `whole` only the prices matter: they are rounded, and prove a bound all the same.
    """
    from scipy import optimize, sparse  # importing the package must stay cheap

    if not len(live):  # nobody can meet anybody: the solver refuses an empty question
        return Optimum(np.zeros(len(network.rows), np.int64), np.zeros(len(network.low), np.int64))
    used = network.rows[live]
    at, place = np.nonzero(used >= 0)
    matrix: Any = sparse.csr_array(
        (network.sign[live][at].astype(float), (used[at, place], at)),
        shape=(len(network.low), len(live)),
    )
    equal = network.low == network.high
    above = ~equal & np.isfinite(network.high)
    below = ~equal & np.isfinite(network.low)
    # Interior point with crossover is five times faster on large ones; simplex never fails.
    for method in ("highs-ipm", "highs-ds") if len(live) > LARGE else ("highs-ds",):
        solved = optimize.linprog(
            -gain[live].astype(float),
            A_ub=sparse.vstack([matrix[above], -matrix[below]]),
            b_ub=np.concatenate([network.high[above], -network.low[below]]),
            A_eq=matrix[equal],
            b_eq=network.high[equal],
            bounds=np.column_stack([network.least[live], network.most[live]]),
            method=method,
        )
        if solved.status == 0 and (not whole or _is_whole(solved.x)):
            break
    else:
        raise ArithmeticError(f"the solver stopped between two plans: {solved.message}")
    price = np.zeros(len(network.low))
    upper = int(above.sum())
    price[above] -= solved.ineqlin.marginals[:upper]
    price[below] += solved.ineqlin.marginals[upper:]
    price[equal] -= solved.eqlin.marginals
    carried = np.zeros(len(network.rows), np.int64)
    carried[live] = np.rint(solved.x).astype(np.int64)
    return Optimum(carried, np.rint(price).astype(np.int64))


def _is_whole(carried: Floats) -> bool:
    return not len(carried) or float(np.abs(carried - np.rint(carried)).max()) < 1e-6


def reduced(network: Network, gain: Ints, price: Ints) -> Ints:
    """Gain of each column less the prices of its rows."""
    padded = np.append(price, 0)
    left: Ints = gain - network.sign * padded[network.rows].sum(axis=1)
    return left


def solve_all(
    network: Network, gain: Ints, live: Bools, owner: Ints, *, whole: bool = True
) -> Optimum:
    """The maximum over all columns, starting from those in `live` and adding what prices call for.

    A column joins when its reduced gain is positive: at most 30 of each owner a round. Columns
    without an owner (-1) are always in.
    """
    live = live | (owner < 0)
    while True:
        found = solve_stage(network, gain, np.nonzero(live)[0], whole=whole)
        wanted = np.nonzero(~live & (reduced(network, gain, found.price) > 0))[0]
        if not len(wanted):
            return found
        lost = -reduced(network, gain, found.price)[wanted]
        wanted = wanted[np.lexsort((wanted, lost, owner[wanted]))]
        first = np.searchsorted(owner[wanted], owner[wanted], side="left")
        live[wanted[np.arange(len(wanted)) - first < 30]] = True


def face(network: Network, gain: Ints, optimum: Optimum) -> Network:
    """The network of exactly those plans that are as good as the optimum.

    Complementary slackness: a column that loses carries its least, one that gains its most, and
    a priced row is held at the bound that its price pushes against.
    """
    left = reduced(network, gain, optimum.price)
    low, high = network.low.copy(), network.high.copy()
    low[optimum.price > 0] = network.high[optimum.price > 0]
    high[optimum.price < 0] = network.low[optimum.price < 0]
    least, most = network.least.copy(), network.most.copy()
    most[left < 0] = network.least[left < 0]
    least[left > 0] = network.most[left > 0]
    return replace(network, low=low, high=high, least=least, most=most)
