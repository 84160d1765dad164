"""Others who solve the same: OR-Tools, SciPy, greedy, and first a match and then slots."""

from __future__ import annotations

from time import process_time

import numba
import numpy as np

from .arcs import Answer, Arcs, Ints

LOW = 20_000  # what a person weighs here proves nothing, but the flow is quicker with it
UNPROVEN = "OR-Tools, B=20,000"


def _flow(
    start: Ints, end: Ints, capacity: Ints, cost: Ints, nodes: Ints, supply: Ints, began: float
) -> tuple[Ints, float]:
    """Flow on each arc by OR-Tools, and when building ended."""
    from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

    flow = SimpleMinCostFlow()
    arcs = flow.add_arcs_with_capacity_and_unit_cost(start, end, capacity, cost)
    flow.set_nodes_supplies(nodes, supply)
    building = process_time() - began
    if flow.solve() != flow.OPTIMAL:
        raise ArithmeticError("OR-Tools found no optimum")
    return flow.flows(arcs), building


def ortools_match(arcs: Arcs, person: int) -> Answer:
    """Min-cost flow mentee → mentor → end; who goes without pays `person`."""
    began = process_time()
    people, mentors = arcs.mentees, len(arcs.seats)
    end = people + mentors
    everybody = np.arange(people)
    start = np.concatenate([arcs.mentee, everybody, people + np.arange(mentors)])
    to = np.concatenate([people + arcs.mentor, np.full(people, end), np.full(mentors, end)])
    capacity = np.concatenate([np.ones(len(arcs.mentee) + people, np.int64), arcs.seats])
    cost = np.concatenate(
        [10_000 - arcs.score, np.full(people, person), np.zeros(mentors, np.int64)]
    )
    nodes = np.append(everybody, end)
    supply = np.append(np.ones(people, np.int64), -people)
    carried, building = _flow(start, to, capacity, cost, nodes, supply, began)
    used = np.flatnonzero(carried[: len(arcs.mentee)])
    return Answer(_per_mentee(arcs, arcs.mentee[used], arcs.mentor[used]), None, building)


def ortools_joint(arcs: Arcs, person: int, only: Ints | None = None) -> Answer:
    """Min-cost flow mentee → (mentor, slot) → mentor → end; `only` these arcs, if given."""
    began = process_time()
    people, mentors = arcs.mentees, len(arcs.seats)
    arc, when = arcs.slots
    if only is not None:
        mine = np.isin(arc, only)
        arc, when = arc[mine], when[mine]
    key, place = np.unique(arcs.mentor[arc].astype(np.int64) * 512 + when, return_inverse=True)
    first_mentor = people + len(key)
    end = first_mentor + mentors
    everybody = np.arange(people)
    start = np.concatenate(
        [arcs.mentee[arc], people + np.arange(len(key)), first_mentor + np.arange(mentors)]
    )
    to = np.concatenate([people + place, first_mentor + key // 512, np.full(mentors, end)])
    capacity = np.concatenate([np.ones(len(arc) + len(key), np.int64), arcs.seats])
    cost = np.concatenate([10_000 - arcs.score[arc], np.zeros(len(key) + mentors, np.int64)])
    start, to = np.append(start, everybody), np.append(to, np.full(people, end))
    capacity = np.append(capacity, np.ones(people, np.int64))
    cost = np.append(cost, np.full(people, person))
    nodes = np.append(everybody, end)
    supply = np.append(np.ones(people, np.int64), -people)
    carried, building = _flow(start, to, capacity, cost, nodes, supply, began)
    used = np.flatnonzero(carried[: len(arc)])
    who = arcs.mentee[arc[used]]
    slot = _per_mentee(arcs, who, when[used])
    return Answer(_per_mentee(arcs, who, arcs.mentor[arc[used]]), slot, building)


def match_then_slot(arcs: Arcs, person: int) -> Answer:
    """The best match without regard to time, then the best slots for what was matched."""
    matched = ortools_match(arcs, person).mentor
    return ortools_joint(arcs, person, only=np.flatnonzero(matched[arcs.mentee] == arcs.mentor))


def scipy_dense(arcs: Arcs, person: int) -> Answer:
    """`linear_sum_assignment` on every mentee and every seat."""
    from scipy.optimize import linear_sum_assignment

    began = process_time()
    owner = np.repeat(np.arange(len(arcs.seats)), arcs.seats)
    first = np.concatenate([[0], np.cumsum(arcs.seats)])
    cost = np.full((arcs.mentees, len(owner)), float(person))
    at, column = _seats_of(arcs, first)
    cost[arcs.mentee[at], column] = 10_000 - arcs.score[at]
    building = process_time() - began
    row, chosen = linear_sum_assignment(cost)
    real = cost[row, chosen] < person
    return Answer(_per_mentee(arcs, row[real], owner[chosen[real]]), None, building)


def scipy_sparse(arcs: Arcs, person: int) -> Answer:
    """`min_weight_full_bipartite_matching`; a column for each mentee stands for going without."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import min_weight_full_bipartite_matching

    began = process_time()
    owner = np.repeat(np.arange(len(arcs.seats)), arcs.seats)
    first = np.concatenate([[0], np.cumsum(arcs.seats)])
    at, column = _seats_of(arcs, first)
    everybody = np.arange(arcs.mentees)
    rows = np.concatenate([arcs.mentee[at], everybody])
    columns = np.concatenate([column, len(owner) + everybody])
    weights = np.concatenate([10_001.0 - arcs.score[at], np.full(arcs.mentees, float(person))])
    shape = (arcs.mentees, len(owner) + arcs.mentees)
    graph = csr_array((weights, (rows, columns)), shape=shape)
    building = process_time() - began
    row, chosen = min_weight_full_bipartite_matching(graph)
    real = chosen < len(owner)
    return Answer(_per_mentee(arcs, row[real], owner[chosen[real]]), None, building)


def greedy_match(arcs: Arcs, person: int) -> Answer:
    """The best pair first, as long as there is a seat."""
    began = process_time()
    order = np.argsort(-arcs.score, kind="stable")
    building = process_time() - began
    taken = np.full(arcs.mentees, -1)
    _greedy(order, arcs.mentee, arcs.mentor, arcs.seats.copy(), taken)
    return Answer(taken, None, building)


def greedy_joint(arcs: Arcs, person: int) -> Answer:
    """The best pair first, as long as there is a seat and a slot; the first that both have."""
    began = process_time()
    order = np.argsort(-arcs.score, kind="stable")
    building = process_time() - began
    taken, when = np.full(arcs.mentees, -1), np.full(arcs.mentees, -1)
    left, free = arcs.seats.copy(), arcs.week.copy()
    _greedy_with_slots(order, arcs.mentee, arcs.mentor, left, arcs.common, free, taken, when)
    return Answer(taken, when, building)


def _seats_of(arcs: Arcs, first: Ints) -> tuple[Ints, Ints]:
    """(arc, seat) for every seat of every arc's mentor."""
    count = arcs.seats[arcs.mentor].astype(np.int64)
    at = np.repeat(np.arange(len(count)), count)
    begin = first[arcs.mentor] - np.concatenate([[0], np.cumsum(count)[:-1]])
    return at, np.repeat(begin, count) + np.arange(len(at))


def _per_mentee(arcs: Arcs, mentee: Ints, value: Ints) -> Ints:
    found = np.full(arcs.mentees, -1)
    found[mentee] = value
    return found


@numba.njit
def _greedy(order, mentee, mentor, left, taken):
    for arc in order:
        if taken[mentee[arc]] < 0 and left[mentor[arc]] > 0:
            taken[mentee[arc]] = mentor[arc]
            left[mentor[arc]] -= 1


@numba.njit
def _greedy_with_slots(order, mentee, mentor, left, common, free, taken, when):
    for arc in order:
        i, j = mentee[arc], mentor[arc]
        if taken[i] >= 0 or left[j] == 0:
            continue
        for word in range(common.shape[1]):
            both = common[arc, word] & free[j, word]
            if both == 0:
                continue
            place = 0
            while not (both >> np.uint64(place)) & np.uint64(1):
                place += 1
            free[j, word] &= ~(np.uint64(1) << np.uint64(place))
            taken[i] = j
            when[i] = word * 64 + place
            left[j] -= 1
            break


def warm_up(arcs: Arcs) -> None:
    """Compile and load everything once, so that no contest pays for it."""
    for rival in (*MATCHING.values(), *JOINT.values()):
        rival(arcs, arcs.person)


MATCHING = {
    "OR-Tools": ortools_match,
    "SciPy sparse": scipy_sparse,
    "SciPy dense": scipy_dense,
    "greedy": greedy_match,
}
JOINT = {
    "OR-Tools": ortools_joint,
    "match then slot": match_then_slot,
    "greedy": greedy_joint,
}
LARGEST = {"SciPy dense": 10_000, "SciPy sparse": 100_000, "OR-Tools": 100_000}
LARGEST |= {"match then slot": 100_000}
LARGEST_QUICK = {"SciPy dense": 1_000}
