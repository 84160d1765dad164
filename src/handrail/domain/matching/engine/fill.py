"""Fill one more seat: the best chain that ends with somebody who waits (or with a seat let go).

The mirror of `serve`, from the side of what is scarce: Dijkstra's algorithm backwards from an
empty seat that has a price. Prices fall by how much nearer than the end each node was. A seat that
was left keeps counting as taken (a ghost) on each level until the price of that level is settled.
"""

from __future__ import annotations

import numpy as np

from .compiled import leaf
from .market import Arcs, Flags, Held, Int64s, Shelf, Tags
from .moves import full, leave, room_for, room_on, sit, sit_on_full, swap
from .queue import Search, begin, nearest, reach

LOWERED, FILLED, WITHIN = 0, 1, 2


@leaf
def _ask(
    arcs: Arcs,
    shelf: Shelf,
    held: Held,
    tags: Tags,
    out: Flags,
    search: Search,
    person: int,
    end: Int64s,
    node: int,
    dist: int,
) -> None:
    """Everybody who could come to a slot, to an open slot of a full day, or of a mentor.

    `end`: [0] distance and [1] node of the nearest end so far: somebody who waits is one.
    """
    slots, days = len(shelf.slot_day), len(shelf.day_mentor)
    people = slots + days + len(shelf.seats)
    if node < slots:
        j, price = shelf.day_mentor[shelf.slot_day[node]], tags.slot[node]
        bit = shelf.slot_bit[node]
        word, place = bit >> 6, np.uint64(bit & 63)
        for at in range(arcs.of_first[j], arcs.of_first[j + 1]):
            base = dist - person - arcs.of_worth[at] + price
            if base >= end[0]:
                break
            if not (arcs.of_common[at, word] >> place) & np.uint64(1):
                continue
            i = arcs.of_who[at]
            there = base + tags.left[i]
            if there < end[0] and held.place[i] != node and not out[people + i]:
                reach(search, people + i, there, node, arcs.of[at])
                if held.place[i] < 0:
                    end[0], end[1] = there, people + i
        return
    on_day = node < slots + days
    j = shelf.day_mentor[node - slots] if on_day else node - slots - days
    price = tags.day[node - slots] if on_day else tags.mentor[j]
    for at in range(arcs.of_first[j], arcs.of_first[j + 1]):
        arc = arcs.of[at]
        base = dist - person - arcs.of_worth[at] + price
        if base >= end[0]:
            break
        i = arcs.of_who[at]
        there = base + tags.left[i]
        if there >= end[0] or out[people + i]:
            continue
        if on_day:
            slot = room_on(arcs, shelf, held, arc, node - slots)
        else:
            slot = room_for(arcs, shelf, held, arc)
        if slot >= 0:
            reach(search, people + i, there, node, arc)
            if held.place[i] < 0:
                end[0], end[1] = there, people + i


@leaf
def _up(
    shelf: Shelf,
    held: Held,
    tags: Tags,
    out: Flags,
    search: Search,
    slot: int,
    node: int,
    dist: int,
    limit: int,
) -> None:
    """A slot that its holder would leave gives room to its day, or to its mentor."""
    slots, days = len(shelf.slot_day), len(shelf.day_mentor)
    day = shelf.slot_day[slot]
    j = shelf.day_mentor[day]
    if shelf.capped[j] and full(shelf, held, day):
        there = dist + tags.slot[slot] - tags.day[day]
        if there < limit and not out[slots + day]:
            reach(search, slots + day, there, node, -1)
    else:
        there = dist + tags.slot[slot] - tags.mentor[j]
        if there < limit and not out[slots + days + j]:
            reach(search, slots + days + j, there, node, -1)


@leaf
def fill(
    arcs: Arcs,
    shelf: Shelf,
    held: Held,
    tags: Tags,
    out: Flags,
    search: Search,
    person: int,
    seat_price: int,
    source: int,
    excess: int,
) -> int:
    """Fill a slot, a day's or a mentor's seat that is worth `excess` more than what it costs.

    FILLED: one more person has a place. WITHIN: somebody of the same mentor (or day) came, and the
    seat is free one level up. LOWERED: nobody is worth it, the price fell by `excess`.
    """
    slots, days, mentors = len(shelf.slot_day), len(shelf.day_mentor), len(shelf.seats)
    parent = -1
    if source < slots:
        day = shelf.slot_day[source]
        j = shelf.day_mentor[day]
        parent = slots + days + j
        if shelf.capped[j] and full(shelf, held, day):
            parent = slots + day
    elif source < slots + days:
        parent = slots + days + shelf.day_mentor[source - slots]
    end = search.end
    end[0], end[1] = excess, -1
    people = slots + days + mentors
    begin(search)
    _ask(arcs, shelf, held, tags, out, search, person, end, source, 0)
    while True:
        node = nearest(search)
        if node < 0 or search.dist[node] >= end[0]:
            break
        dist = search.dist[node]
        if node == parent:
            end[0], end[1] = dist, node
            break
        if node >= people:
            slot = held.place[node - people]
            _ask(arcs, shelf, held, tags, out, search, person, end, slot, dist)
            _up(shelf, held, tags, out, search, slot, node, dist, end[0])
        elif node >= slots + days:
            j = node - slots - days
            if node != source:
                shed = dist + tags.mentor[j] - seat_price * (held.by_mentor[j] - 1)
                if shed < end[0]:
                    end[0], end[1] = shed, node
                _ask(arcs, shelf, held, tags, out, search, person, end, node, dist)
        elif node != source:
            _ask(arcs, shelf, held, tags, out, search, person, end, node, dist)
            j = shelf.day_mentor[node - slots]
            there = dist + tags.day[node - slots] - tags.mentor[j]
            if there < end[0] and not out[slots + days + j]:
                reach(search, slots + days + j, there, node, -1)
    _lower(shelf, held, tags, search, source, end[0])
    if end[1] < 0:
        return LOWERED
    _move(arcs, shelf, held, tags, search, source, end[1], end[1] == parent)
    return WITHIN if end[1] == parent else FILLED


@leaf
def _lower(shelf: Shelf, held: Held, tags: Tags, search: Search, source: int, end: int) -> None:
    slots, days, mentors = len(shelf.slot_day), len(shelf.day_mentor), len(shelf.seats)
    if source < slots:
        tags.slot[source] -= end
    elif source < slots + days:
        tags.day[source - slots] -= end
    else:
        tags.mentor[source - slots - days] -= end
    for at in range(search.tally[2]):
        node = search.touched[at]
        less = end - search.dist[node]
        if less <= 0 or node == source:
            continue
        if node >= slots + days + mentors:
            i = node - slots - days - mentors
            tags.left[i] += less
            if held.place[i] >= 0:
                tags.slot[held.place[i]] -= less
        elif node >= slots + days:
            tags.mentor[node - slots - days] -= less
        else:
            tags.day[node - slots] -= less


@leaf
def _move(
    arcs: Arcs,
    shelf: Shelf,
    held: Held,
    tags: Tags,
    search: Search,
    source: int,
    last: int,
    within: bool,
) -> None:
    """Everybody on the chain moves, beginning with who waited or with the seat let go."""
    slots, days, mentors = len(shelf.slot_day), len(shelf.day_mentor), len(shelf.seats)
    people = slots + days + mentors
    node = last
    while True:
        if node < people:
            below = search.came[node]
            if below < people:
                below = search.came[below]
            leave(shelf, held, held.place[below - people])
            node = below
            continue
        target, by = search.came[node], search.by[node]
        if target < slots:
            if target == source:
                i = node - people
                held.holder[target] = i
                held.place[i] = target
                held.via[i] = by
                if within:
                    day = shelf.slot_day[target]
                    held.by_day[day] += 1
                    held.by_mentor[shelf.day_mentor[day]] += 1
                return
            other = held.holder[target]
            swap(arcs, held, by, target)
            node = people + other
            continue
        if target >= slots + days:
            if target != source:
                below = search.came[target]
                if below < people:
                    below = search.came[below]
                leave(shelf, held, held.place[below - people])
            sit(arcs, shelf, held, tags, by, room_for(arcs, shelf, held, by))
        else:
            day, price = target - slots, tags.day[target - slots]
            if target != source:
                below = search.came[target]
                leave(shelf, held, held.place[below - people])
            slot = room_on(arcs, shelf, held, by, day)
            sit_on_full(arcs, shelf, held, tags, by, slot, price)
        if target == source:
            return
        node = below
