"""Serve one more person: the cheapest chain of moves that ends in an open seat (or in a farewell).

Dijkstra's algorithm on reduced costs over held slots, full days and mentors; open slots stay
implicit. Prices rise by how much nearer than the end each node was, so that they go on proving
the plan (successive shortest paths; Edmonds and Karp 1972, Tomizawa 1971).
"""

from __future__ import annotations

import numpy as np

from .bits import lowest
from .compiled import leaf
from .market import Arcs, Flags, Held, Int64s, Shelf, Tags
from .moves import full, leave, room_for, room_on, sit, sit_on_full, swap
from .queue import Search, begin, nearest, reach

FAR = 1 << 60


@leaf
def cheapest(arcs: Arcs, shelf: Shelf, held: Held, tags: Tags, out: Flags, arc: int) -> int:
    """The least price of an arc's slots; FAR where all are fenced off."""
    j = arcs.to[arc]
    if room_for(arcs, shelf, held, arc) >= 0:
        return int(tags.mentor[j])
    best = FAR
    for word in range(held.open.shape[1]):
        bits = arcs.common[arc, word]
        while bits:
            slot = shelf.start_of[j] + word * 64 + lowest(bits)
            bits &= bits - np.uint64(1)
            if out[slot]:
                continue
            if held.holder[slot] >= 0:
                best = min(best, tags.slot[slot])
            else:
                best = min(best, tags.day[shelf.slot_day[slot]])
    return best


@leaf
def most_left(
    arcs: Arcs, shelf: Shelf, held: Held, tags: Tags, out: Flags, person: int, i: int
) -> int:
    """What the best arc leaves a mentee at these prices; below -FAR / 2 without one."""
    nodes = len(shelf.slot_day) + len(shelf.day_mentor)
    best = -FAR + person
    for arc in range(arcs.first[i], arcs.first[i + 1]):
        j = arcs.to[arc]
        if out[nodes + j]:
            continue
        worth = person + arcs.worth[arc]
        if worth <= best:
            break
        if worth - tags.mentor[j] > best:
            best = max(best, worth - cheapest(arcs, shelf, held, tags, out, arc))
    return best


@leaf
def _relax(
    arcs: Arcs,
    shelf: Shelf,
    held: Held,
    tags: Tags,
    out: Flags,
    search: Search,
    end: Int64s,
    person: int,
    seat_price: int,
    i: int,
    dist: int,
    came: int,
) -> None:
    """All moves of one mentee. `end`: [0] distance, [1] arc or -1, [2] who says farewell."""
    slots, days = len(shelf.slot_day), len(shelf.day_mentor)
    for arc in range(arcs.first[i], arcs.first[i + 1]):
        j = arcs.to[arc]
        base = dist + tags.left[i] - person - arcs.worth[arc]
        if base >= end[0]:
            break
        there = base + tags.mentor[j]
        if there >= end[0] or out[slots + days + j]:
            continue
        if room_for(arcs, shelf, held, arc) >= 0:
            if held.by_mentor[j] < shelf.seats[j]:
                last = there + seat_price * held.by_mentor[j] - tags.mentor[j]
                if last < end[0]:
                    end[0], end[1], end[2] = last, arc, i
            if held.by_mentor[j] > 0:
                reach(search, slots + days + j, there, came, arc)
            continue
        for word in range(held.open.shape[1]):
            bits = arcs.common[arc, word]
            while bits:
                slot = shelf.start_of[j] + word * 64 + lowest(bits)
                bits &= bits - np.uint64(1)
                if out[slot]:
                    continue
                if held.holder[slot] < 0:
                    day = shelf.slot_day[slot]
                    there = base + tags.day[day]
                    if there < end[0] and not out[slots + day]:
                        reach(search, slots + day, there, came, arc)
                elif held.holder[slot] != i:
                    there = base + tags.slot[slot]
                    if there < end[0]:
                        reach(search, slot, there, came, arc)


@leaf
def _down(shelf: Shelf, held: Held, tags: Tags, search: Search, node: int, limit: int) -> None:
    """From a mentor to its full days and held slots, from a full day to its held slots."""
    slots, days = len(shelf.slot_day), len(shelf.day_mentor)
    dist = search.dist[node]
    if node < slots + days:
        day = node - slots
        for slot in range(shelf.slot_first[day], shelf.slot_first[day + 1]):
            if held.holder[slot] >= 0:
                there = dist + tags.slot[slot] - tags.day[day]
                if there < limit:
                    reach(search, slot, there, node, -1)
        return
    j = node - slots - days
    for word in range(held.open.shape[1]):
        taken = shelf.own[j, word] & ~held.open[j, word]
        while taken:
            slot = shelf.start_of[j] + word * 64 + lowest(taken)
            taken &= taken - np.uint64(1)
            day = shelf.slot_day[slot]
            if shelf.capped[j] and full(shelf, held, day):
                there = dist + tags.day[day] - tags.mentor[j]
                if there < limit:
                    reach(search, slots + day, there, node, -1)
            elif held.holder[slot] >= 0:
                there = dist + tags.slot[slot] - tags.mentor[j]
                if there < limit:
                    reach(search, slot, there, node, -1)


@leaf
def serve(
    arcs: Arcs,
    shelf: Shelf,
    held: Held,
    tags: Tags,
    out: Flags,
    search: Search,
    person: int,
    seat_price: int,
    farewell: bool,
    r: int,
) -> int:
    """Serve mentee r, best for all: 1 one more is served, 0 somebody goes without, -1 no way.

    Without `farewell` nobody is let go: where that leaves no way, all that was reached is fenced
    off (`out`): those people compete for those seats and no others.
    """
    slots = len(shelf.slot_day)
    best = most_left(arcs, shelf, held, tags, out, person, r)
    if best < -FAR // 2 or (farewell and best <= 0):
        tags.left[r] = 0
        return 0 if farewell else -1
    tags.left[r] = best
    end = search.end
    end[0], end[1], end[2] = (best if farewell else FAR), -1, r
    begin(search)
    _relax(arcs, shelf, held, tags, out, search, end, person, seat_price, r, 0, -1)
    while True:
        node = nearest(search)
        if node < 0 or search.dist[node] >= end[0]:
            break
        if node >= slots:
            _down(shelf, held, tags, search, node, end[0])
            continue
        h, dist = held.holder[node], search.dist[node]
        if farewell and dist + tags.left[h] < end[0]:
            end[0], end[1], end[2] = dist + tags.left[h], -1, h
        _relax(arcs, shelf, held, tags, out, search, end, person, seat_price, h, dist, node)
    if end[0] >= FAR:
        for at in range(search.tally[2]):
            out[search.touched[at]] = True
        return -1
    _raise(shelf, held, tags, search, r, end[0])
    move(arcs, shelf, held, tags, search, r, end[1], end[2])
    return 1 if end[1] >= 0 else 0


@leaf
def _raise(shelf: Shelf, held: Held, tags: Tags, search: Search, r: int, end: int) -> None:
    slots, days = len(shelf.slot_day), len(shelf.day_mentor)
    tags.left[r] -= end
    for at in range(search.tally[2]):
        node = search.touched[at]
        more = end - search.dist[node]
        if more <= 0:
            continue
        if node < slots:
            tags.slot[node] += more
            tags.left[held.holder[node]] -= more
        elif node < slots + days:
            tags.day[node - slots] += more
        else:
            tags.mentor[node - slots - days] += more


@leaf
def move(
    arcs: Arcs,
    shelf: Shelf,
    held: Held,
    tags: Tags,
    search: Search,
    r: int,
    arc: int,
    who: int,
) -> None:
    """Everybody on the chain moves, the last one first."""
    slots, days = len(shelf.slot_day), len(shelf.day_mentor)
    left = held.place[who]
    if arc >= 0:
        slot = room_for(arcs, shelf, held, arc)
        sit(arcs, shelf, held, tags, arc, slot)
    elif who != r:
        held.place[who] = -1
        held.via[who] = -1
    while who != r:
        came, by = search.came[left], search.by[left]
        if by >= 0:
            who = arcs.who[by]
            before = held.place[who]
            swap(arcs, held, by, left)
            left = before
            continue
        leave(shelf, held, left)
        if came < slots + days and search.by[came] < 0:
            came = search.came[came]
        by = search.by[came]
        who = arcs.who[by]
        left = held.place[who]
        if came < slots + days:
            slot = room_on(arcs, shelf, held, by, came - slots)
            sit_on_full(arcs, shelf, held, tags, by, slot, tags.day[came - slots])
        else:
            sit(arcs, shelf, held, tags, by, room_for(arcs, shelf, held, by))
