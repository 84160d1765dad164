"""Where cohorts could meet, and prices that bound what any set of cohorts can be worth.

One price a person: the best group at a mentor's slot is then its people by what they leave after
prices, six at least and eight at most (Lagrangian relaxation, Geoffrion 1974).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from .problem import Options
from .tables import Ints, Tables

LARGE = 5_000


@dataclass(frozen=True)
class Site:
    """A mentor's slot and the people who could come."""

    mentor: int
    slot: int
    members: tuple[int, ...]


@dataclass(frozen=True)
class PeoplePrices:
    """What serving one person counts, and an integer price ≥ 0 for each mentee."""

    person: int
    mentee: Ints


def sites_of(tables: Tables, options: Options) -> list[Site]:
    """Mentors' slots at which enough people could meet, less those that others make needless.

    A slot is needless when as many other slots as the mentor has seats suit all of its people.
    """
    sites: list[Site] = []
    for to in range(len(tables.mentors)):
        people = np.nonzero(tables.allowed[:, to])[0]
        seats = int(tables.seats[to])
        capped = bool(tables.room[to].min() < seats)
        pinned = tables.pin_slot[people]
        found: list[tuple[int, frozenset[int]]] = []
        for slot in np.nonzero(tables.mentor_free[to])[0].tolist():
            fit = tables.mentee_free[people, slot] & ((pinned < 0) | (pinned == slot))
            if seats and fit.sum() >= options.smallest_cohort:
                found.append((slot, frozenset(people[fit].tolist())))
        found.sort(key=lambda each: (-len(each[1]), each[0]))
        kept: list[tuple[int, frozenset[int]]] = []
        for slot, members in found:
            if capped or sum(members <= other for _, other in kept) < seats:
                kept.append((slot, members))
        sites += [Site(to, slot, tuple(sorted(members))) for slot, members in sorted(kept)]
    return sites


def best_group(tables: Tables, site: Site, prices: PeoplePrices, options: Options) -> int:
    """What the best group at a site is worth after prices; it may be negative."""
    people = np.array(site.members, np.int64)
    left = prices.person + tables.worth[people, site.mentor] - prices.mentee[people]
    order = np.argsort(-left, kind="stable")[: options.largest_cohort]
    size = max(options.smallest_cohort, int((left[order] > 0).sum()))
    chosen = order[:size]
    return int(left[chosen].sum())


def proven(tables: Tables, sites: Sequence[Site], options: Options, prices: PeoplePrices) -> int:
    """No plan is worth more: Σ prices + each mentor's best groups, one a slot, one a seat."""
    by_mentor: dict[int, list[int]] = {}
    for site in sites:
        worth = best_group(tables, site, prices, options)
        by_mentor.setdefault(site.mentor, []).append(max(0, worth))
    total: int = sum(prices.mentee.tolist())
    for to, worths in by_mentor.items():
        total += sum(sorted(worths, reverse=True)[: int(tables.seats[to])])
    return total


def prices_of_people(
    tables: Tables, sites: Sequence[Site], options: Options, *, people: int | None = None
) -> tuple[PeoplePrices, list[int]]:
    """Prices from the relaxation in which groups may be held in part, and the sites it uses.

    Without `people` everybody served counts B; with it exactly so many are served, and what one
    more would be worth comes out as the price of a person.
    """
    counts = tables.person if people is None else 0
    if not sites:
        return PeoplePrices(counts, np.zeros(len(tables.mentees), np.int64)), []
    from scipy import optimize, sparse  # importing the package must stay cheap

    model = model_of(tables, sites, options)
    total = np.concatenate([np.ones(len(model.who)), np.zeros(len(sites))])[None, :]
    solved = optimize.linprog(
        -model.gain(counts),
        A_ub=sparse.vstack([model.once, -model.enough, model.at_most, model.only_open, model.room]),
        b_ub=np.concatenate(
            [
                np.ones(len(tables.mentees)),
                np.zeros(2 * len(sites) + len(model.who)),
                model.most,
            ]
        ),
        A_eq=None if people is None else total,
        b_eq=None if people is None else [people],
        bounds=(0, 1),
        method="highs-ipm" if len(model.who) > LARGE else "highs-ds",
    )
    if solved.status:
        raise ArithmeticError(f"the solver stopped before the optimum: {solved.message}")
    prices = np.maximum(0, -solved.ineqlin.marginals[: len(tables.mentees)])
    person = counts if people is None else round(float(solved.eqlin.marginals[0]))
    used = np.nonzero(solved.x[len(model.who) :] > 1e-6)[0].tolist()
    return PeoplePrices(person, np.rint(prices).astype(np.int64)), used


@dataclass(frozen=True)
class Model:
    """Variables: a place for each person at each site, then each site; rows as sparse matrices.

    `once` a person; `enough` and `at_most` people at a site that is held; `only_open`: places at
    sites that are held; `room`: groups a mentor can lead, in the week and on a day, `most` each.
    With sites held or not, the people come out whole; the hull of one site's groups is exactly
    these rows, so the relaxation is as good as one over all groups.
    """

    who: Ints
    where: Ints
    worth: Ints
    once: Any
    enough: Any
    at_most: Any
    only_open: Any
    room: Any
    most: npt.NDArray[np.float64]

    def gain(self, person: int) -> npt.NDArray[np.float64]:
        """What each variable adds when serving one person counts so much."""
        sites = self.enough.shape[0]
        return np.concatenate([(person + self.worth).astype(float), np.zeros(sites)])


def model_of(tables: Tables, sites: Sequence[Site], options: Options) -> Model:
    """The rows of a choice of groups."""
    from scipy import sparse  # importing the package must stay cheap

    who = np.array([at for site in sites for at in site.members], np.int64)
    where = np.repeat(np.arange(len(sites)), [len(site.members) for site in sites])
    hosts = np.array([site.mentor for site in sites], np.int64)
    place, every_site = np.arange(len(who)), np.arange(len(sites))
    held = len(who) + every_site
    width = len(who) + len(sites)

    def rows(height: int, *parts: tuple[Ints, Ints, int]) -> Any:
        values = np.concatenate([np.full(len(part[0]), part[2], float) for part in parts])
        row = np.concatenate([part[0] for part in parts])
        column = np.concatenate([part[1] for part in parts])
        return sparse.csr_array((values, (row, column)), shape=(height, width))

    limits: dict[tuple[int, int], list[int]] = defaultdict(list)
    for at, site in enumerate(sites):
        limits[site.mentor, -1].append(at)
        limits[site.mentor, int(tables.day[site.mentor, site.slot])].append(at)
    most = {key: int(tables.seats[key[0]] if key[1] < 0 else tables.room[key]) for key in limits}
    binding = [key for key, members in limits.items() if most[key] < len(members)]
    limited = [(at, len(who) + k) for at, key in enumerate(binding) for k in limits[key]]
    limit_rows, limit_columns = np.array(limited, np.int64).reshape(-1, 2).T
    return Model(
        who=who,
        where=where,
        worth=tables.worth[who, hosts[where]],
        once=rows(len(tables.mentees), (who, place, 1)),
        enough=rows(len(sites), (where, place, 1), (every_site, held, -options.smallest_cohort)),
        at_most=rows(len(sites), (where, place, 1), (every_site, held, -options.largest_cohort)),
        only_open=rows(len(who), (place, place, 1), (place, held[where], -1)),
        room=rows(len(binding), (limit_rows, limit_columns, 1)),
        most=np.array([most[key] for key in binding], float),
    )
