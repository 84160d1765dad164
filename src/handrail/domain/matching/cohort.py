"""Cohorts: six to eight people, one mentor, one slot of the week for all of them.

The lower bound on a group's size and the shared slot break the network, so first it is decided
which groups are held (see `opening`); what any plan can be worth is bounded by prices (see
`groups`).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np

from .bound import Duals
from .describe import describe_pairs, no_pair_reason
from .groups import PeoplePrices, Site, prices_of_people, proven, sites_of
from .linear import Network, face, solve_stage
from .opening import held_sites
from .plan import Certificate, Pair, Plan, Prices, Reason, Unmatched, Value
from .problem import Options, Problem, ProblemError
from .tables import Bools, Ints, Tables, tabulate, tickets

VERSION = "1"
NAMED = 6  # of the people who block a time

Chosen = list[tuple[int, int, int]]


def solve_cohorts(problem: Problem, *, seed: int, options: Options) -> Plan:
    """The best groups found, with the bound that prices prove; small teams come out exact.

    A mentor leads at most as many groups as it has seats. Raises ProblemError where a pinned
    person fits into no group.
    """
    for name in ("seat_price", "keep_slot"):
        if getattr(options, name):
            raise ProblemError("", name, "does not apply to cohorts")
    tables = tabulate(problem, options, seed)
    sites = sites_of(tables, options)
    heavy, used = prices_of_people(tables, sites, options)
    held = held_sites(tables, sites, used, options)
    if held is None:
        raise _misfit(problem, tables, sites)
    chosen = _fill(tables, held, options)
    count = len(chosen)
    light, _ = prices_of_people(tables, sites, options, people=count)
    served_bound = min(len(tables.mentees), proven(tables, sites, options, heavy) // tables.person)
    certificate = Certificate(
        served=count,
        served_bound=served_bound,
        sessions=count,
        sessions_bound=served_bound,
        fit=sum(int(tables.score[at, to]) for at, to, _ in chosen),
        value=sum(int(tables.worth[at, to]) for at, to, _ in chosen),
        bound=proven(tables, sites, options, light) - light.person * count,
        scope="all_pairs",
        week=problem.week,
        seed=seed,
        version=VERSION,
        method="relaxation",
    )
    return Plan(
        pairs=_pairs(tables, chosen, options),
        unmatched=_unmatched(problem, tables, chosen, options),
        prices=_named(tables, heavy),
        certificate=certificate,
        options=options,
        seed=seed,
        fit_prices=_named(tables, light),
    )


def _fill(tables: Tables, held: list[Site], options: Options) -> Chosen:
    """The best people for groups that are held, exactly: a network again; ties go by the lot."""
    people = len(tables.mentees)
    who = np.array([at for site in held for at in site.members], np.int64)
    where = np.repeat(np.arange(len(held)), [len(site.members) for site in held])
    if not held:
        return []
    hosts = np.array([site.mentor for site in held], np.int64)[where]
    slots = np.array([site.slot for site in held], np.int64)[where]
    sizes = np.ones(len(held))
    network = Network(
        rows=np.column_stack([who, people + where]),
        sign=np.ones(len(who), np.int64),
        low=np.concatenate(
            [np.where(tables.pin >= 0, 1.0, -np.inf), sizes * options.smallest_cohort]
        ),
        high=np.concatenate([np.ones(people), sizes * options.largest_cohort]),
        least=np.zeros(len(who)),
        most=np.full(len(who), np.inf),
        scarce=np.arange(people + len(held)) >= people,
    )
    gain = tables.person + tables.worth[who, hosts]
    best = solve_stage(network, gain, np.arange(len(who)))
    network = face(network, gain, best)
    drawn = tickets(tables.mentee_lot[who], tables.mentor_lot[hosts], slots)
    best = solve_stage(network, drawn, np.nonzero(network.most > 0)[0])
    taken = np.nonzero(best.carried > 0)[0]
    return sorted((int(who[at]), int(hosts[at]), int(slots[at])) for at in taken)


def _misfit(problem: Problem, tables: Tables, sites: list[Site]) -> ProblemError:
    """Who cannot be in a group as pinned: somebody alone, or all that one mentor was given."""
    somewhere = {at for site in sites for at in site.members}
    for pin in sorted(problem.pins, key=lambda pin: pin.mentee):
        at = next(at for at, who in enumerate(tables.mentees) if who.person == pin.mentee)
        if at not in somewhere:
            return ProblemError(pin.mentee, "pins", f"fits into no group of {pin.mentor}")
    crowd, mentor = max(
        (count, name) for name, count in Counter(pin.mentor for pin in problem.pins).items()
    )
    return ProblemError(
        mentor, "pins", f"the {crowd} people pinned here do not fit into its groups"
    )


def _pairs(tables: Tables, chosen: Chosen, options: Options) -> tuple[Pair, ...]:
    sizes = Counter((to, slot) for _, to, slot in chosen)
    names = {who.person: at for at, who in enumerate(tables.mentors)}
    no_prices = Duals(
        tables.person,
        np.zeros(len(tables.mentors), np.int64),
        np.zeros(tables.mentor_free.shape, np.int64),
        {},
    )
    found = []
    for pair in describe_pairs(tables, no_prices, [chosen], options):
        size = sizes[names[pair.mentor], pair.slot]
        reasons = [each for each in pair.reasons if each.code != "free_seat"]
        found.append(replace(pair, reasons=(*reasons, Reason("group", {"size": size}))))
    return tuple(found)


def _unmatched(
    problem: Problem, tables: Tables, chosen: Chosen, options: Options
) -> tuple[Unmatched, ...]:
    served = {at for at, _, _ in chosen}
    fitting = tables.allowed & (tables.seats > 0)
    counts = [tables.mentee_free[who].sum(axis=0) for who in fitting.T]  # for each mentor, by slot
    found = []
    for at, mentee in enumerate(tables.mentees):
        if at not in served:
            reason = no_pair_reason(tables, at, options)
            reason = reason or _no_group(problem, tables, fitting, counts, at, options)
            found.append(Unmatched(mentee.person, reason))
    return tuple(sorted(found, key=lambda each: each.person))


def _no_group(
    problem: Problem, tables: Tables, fitting: Bools, counts: list[Ints], at: int, options: Options
) -> Reason:
    """Why somebody with a mentor in reach is in no group, and who blocks the best time for one."""
    people = max(int(fitting[:, to].sum()) for to in np.nonzero(fitting[at])[0])
    smallest = options.smallest_cohort
    if people < smallest:
        return Reason("too_few_for_group", {"smallest": smallest, "people": people})
    there = [
        (int(counts[to][slot]), int(to), int(slot))
        for to in np.nonzero(fitting[at])[0]
        for slot in np.nonzero(tables.mentee_free[at] & tables.mentor_free[to])[0]
    ]
    most, to, slot = max(there, key=lambda each: (each[0], -each[1], -each[2]))
    if most >= smallest:
        return Reason("short_of_groups")
    away = fitting[:, to] & ~tables.mentee_free[:, slot]
    blockers = sorted(tables.mentees[who].person for who in np.nonzero(away)[0])
    params: dict[str, Value] = {
        "smallest": smallest,
        "most": most,
        "mentor": tables.mentors[to].person,
        "slot": slot,
        "when": problem.starts_at(slot).strftime("%a %H:%M UTC"),
        "blockers": [*blockers[:NAMED]],
        "others": max(0, len(blockers) - NAMED),
    }
    return Reason("no_group", params)


def _named(tables: Tables, prices: PeoplePrices) -> Prices:
    names = [who.person for who in tables.mentees]
    priced = enumerate(prices.mentee.tolist())
    return Prices(person=prices.person, mentee={names[at]: each for at, each in priced if each})
