"""Which groups to hold: whole groups by branch and bound, or by diving where there are many.

People may come in fractions here: once it is known which groups are held, filling them is a
network, and people come out whole (see `cohort`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from .groups import Model, Site, model_of
from .problem import Options
from .tables import Tables

SMALL = 1_500  # places up to which branch and bound is asked first
NODES = 500  # of its tree: a count, not a clock, so that a plan is the same everywhere
SURE = 1e-6


def held_sites(
    tables: Tables, sites: Sequence[Site], used: Sequence[int], options: Options
) -> list[Site] | None:
    """The sites at which groups are held; None where the pinned people fit into none together.

    `used` are the sites that the relaxation opens, even in part: a large problem is decided
    among them and those of pinned people.
    """
    if sum(len(site.members) for site in sites) > SMALL:
        pinned = set(np.nonzero(tables.pin >= 0)[0].tolist())
        wanted = set(used)
        wanted |= {at for at, site in enumerate(sites) if pinned.intersection(site.members)}
        found = _dive(tables, [sites[at] for at in sorted(wanted)], options)
        return _dive(tables, sites, options) if found is None and pinned else found
    return _whole(tables, sites, options)


def _whole(tables: Tables, sites: Sequence[Site], options: Options) -> list[Site] | None:
    if not sites:
        return None if (tables.pin >= 0).any() else []
    from scipy import optimize  # importing the package must stay cheap

    model = model_of(tables, sites, options)
    matrix, low, high = _rows(model, tables)
    places = len(model.who)
    solved = optimize.milp(
        -model.gain(tables.person),
        integrality=np.concatenate([np.zeros(places), np.ones(len(sites))]),
        bounds=optimize.Bounds(0, 1),
        constraints=optimize.LinearConstraint(matrix, low, high),
        options={"node_limit": NODES, "mip_rel_gap": 0},
    )
    if solved.status == 0:
        return [site for site, held in zip(sites, solved.x[places:], strict=True) if held > 0.5]
    return _dive(tables, sites, options)


def _dive(tables: Tables, sites: Sequence[Site], options: Options) -> list[Site] | None:
    """Hold what the relaxation holds surest, relax the rest again, until nothing is in part."""
    if not sites:
        return None if (tables.pin >= 0).any() else []
    model = model_of(tables, sites, options)
    least, most = np.zeros(len(sites)), np.ones(len(sites))
    guessed = np.empty(0, np.int64)
    while True:
        held = _relaxed(tables, model, least, most)
        if held is None:
            if not len(guessed):
                return None
            least[guessed] = 0  # one of them too many: never hold the least sure
            most[guessed[-1]] = 0
            guessed = np.empty(0, np.int64)
            continue
        least[held > 1 - SURE] = 1
        parts = np.nonzero((held > SURE) & (held < 1 - SURE))[0]
        if not len(parts):
            return [site for site, whole in zip(sites, held, strict=True) if whole > 0.5]
        surest = parts[np.argsort(-held[parts], kind="stable")]
        guessed = surest[: max(1, len(parts) // 8)]
        least[guessed] = 1


def _relaxed(
    tables: Tables, model: Model, least: npt.NDArray[np.float64], most: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64] | None:
    """How much of each site the relaxation holds, None when the bounds contradict each other."""
    from scipy import optimize, sparse  # importing the package must stay cheap

    matrix, low, high = _rows(model, tables)
    above, below = np.isfinite(high), np.isfinite(low)
    places = len(model.who)
    solved = optimize.linprog(
        -model.gain(tables.person),
        A_ub=sparse.vstack([matrix[above], -matrix[below]]),
        b_ub=np.concatenate([high[above], -low[below]]),
        bounds=np.column_stack(
            [
                np.concatenate([np.zeros(places), least]),
                np.concatenate([np.ones(places), most]),
            ]
        ),
        method="highs-ds",
    )
    if solved.status == 2:
        return None
    if solved.status:
        raise ArithmeticError(f"the solver stopped before the optimum: {solved.message}")
    held: npt.NDArray[np.float64] = solved.x[places:]
    return held


def _rows(
    model: Model, tables: Tables
) -> tuple[Any, npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """All rows as low ≤ A x ≤ high; pinned people must come."""
    from scipy import sparse  # importing the package must stay cheap

    people, sites, places = model.once.shape[0], model.enough.shape[0], len(model.who)
    matrix = sparse.csr_array(
        sparse.vstack([model.once, model.enough, model.at_most, model.only_open, model.room])
    )
    anything = np.full(sites + places + len(model.most), -np.inf)
    low = np.concatenate([np.where(tables.pin >= 0, 1.0, -np.inf), np.zeros(sites), anything])
    high = np.concatenate(
        [np.ones(people), np.full(sites, np.inf), np.zeros(sites + places), model.most]
    )
    return matrix, low, high
