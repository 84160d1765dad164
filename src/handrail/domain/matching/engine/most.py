"""How many people can be served at all, and who competes for too few seats.

Augmenting chains in phases (Hopcroft and Karp 1973). What nobody unserved can get past is the
over-demanded part of the market (Dulmage and Mendelsohn 1958): all of its seats are held in every
plan that serves most, by its own people.
"""

from __future__ import annotations

import numpy as np

from .bits import lowest
from .compiled import kernel, leaf
from .market import Arcs, Flags, Held, Int32s, Shelf, Tags
from .moves import full, room_for, sit
from .queue import Search
from .serve import move

DEAD = -1


@leaf
def _visit(
    mark: Int32s, search: Search, node: int, came: int, by: int, phase: int, tree: int
) -> int:
    """1 when the node is new, 2 when another tree of this phase holds it, else 0.

    Trees are numbered; those of a phase from `phase` on.
    """
    if mark[node] == DEAD or mark[node] == tree:
        return 0
    if mark[node] >= phase:
        return 2
    mark[node] = tree
    search.came[node] = came
    search.by[node] = by
    return 1


@leaf
def _from_one(
    arcs: Arcs,
    shelf: Shelf,
    held: Held,
    tags: Tags,
    search: Search,
    mark: Int32s,
    r: int,
    phase: int,
    tree: int,
) -> int:
    """1 when r was served, 0 when it cannot be, 2 when another phase has to tell."""
    slots, days = len(shelf.slot_day), len(shelf.day_mentor)
    queue, inner = search.touched, search.heap
    first, last, within, bumped = 0, 0, 0, False
    i, at_node = r, -1
    while True:
        for arc in range(arcs.first[i], arcs.first[i + 1]):
            j = arcs.to[arc]
            if room_for(arcs, shelf, held, arc) >= 0:
                if held.by_mentor[j] < shelf.seats[j]:
                    move(arcs, shelf, held, tags, search, r, arc, i)
                    return 1
                new = _visit(mark, search, slots + days + j, at_node, arc, phase, tree)
                bumped = bumped or new == 2
                if new != 1:
                    continue
                inner[within] = slots + days + j
                within += 1
                for word in range(held.open.shape[1]):
                    taken = shelf.own[j, word] & ~held.open[j, word]
                    while taken:
                        slot = shelf.start_of[j] + word * 64 + lowest(taken)
                        taken &= taken - np.uint64(1)
                        came = slots + days + j
                        day = shelf.slot_day[slot]
                        if shelf.capped[j] and full(shelf, held, day):
                            new = _visit(mark, search, slots + day, came, -1, phase, tree)
                            bumped = bumped or new == 2
                            if new == 1:
                                inner[within] = slots + day
                                within += 1
                            came = slots + day
                        new = _visit(mark, search, slot, came, -1, phase, tree)
                        bumped = bumped or new == 2
                        if new == 1:
                            queue[last] = slot
                            last += 1
                continue
            for word in range(held.open.shape[1]):
                bits = arcs.common[arc, word]
                while bits:
                    slot = shelf.start_of[j] + word * 64 + lowest(bits)
                    bits &= bits - np.uint64(1)
                    if held.holder[slot] == i:
                        continue
                    if held.holder[slot] >= 0:
                        new = _visit(mark, search, slot, at_node, arc, phase, tree)
                        bumped = bumped or new == 2
                        if new == 1:
                            queue[last] = slot
                            last += 1
                        continue
                    day = shelf.slot_day[slot]
                    new = _visit(mark, search, slots + day, at_node, arc, phase, tree)
                    bumped = bumped or new == 2
                    if new != 1:
                        continue
                    inner[within] = slots + day
                    within += 1
                    for other in range(shelf.slot_first[day], shelf.slot_first[day + 1]):
                        if held.holder[other] >= 0:
                            new = _visit(mark, search, other, slots + day, -1, phase, tree)
                            bumped = bumped or new == 2
                            if new == 1:
                                queue[last] = other
                                last += 1
        if first == last:
            break
        at_node = queue[first]
        first += 1
        i = held.holder[at_node]
    if bumped:
        return 2
    for at in range(last):
        mark[queue[at]] = DEAD
    for at in range(within):
        mark[inner[at]] = DEAD
    return 0


@kernel
def serve_most(
    arcs: Arcs, shelf: Shelf, held: Held, tags: Tags, search: Search, out: Flags, apart: Flags
) -> int:
    """Serve as many people as can be; returns how many.

    Marks the over-demanded part: its nodes in `out`, its people in `apart`. `tags` must be zero.
    """
    slots = len(shelf.slot_day)
    people = len(held.place)
    waiting = np.empty(people, np.int32)
    count = 0
    served = 0
    for i in range(people):
        for arc in range(arcs.first[i], arcs.first[i + 1]):
            if held.by_mentor[arcs.to[arc]] < shelf.seats[arcs.to[arc]]:
                slot = room_for(arcs, shelf, held, arc)
                if slot >= 0:
                    sit(arcs, shelf, held, tags, arc, slot)
                    served += 1
                    break
        if held.place[i] < 0:
            waiting[count] = i
            count += 1
    mark = np.zeros(len(search.came), np.int32)
    tree = 0
    while count:
        phase = tree + 1
        left = 0
        for at in range(count):
            tree += 1
            found = _from_one(arcs, shelf, held, tags, search, mark, waiting[at], phase, tree)
            if found == 1:
                served += 1
            elif found == 0:
                apart[waiting[at]] = True
            else:
                waiting[left] = waiting[at]
                left += 1
        count = left
    for node in range(len(mark)):
        if mark[node] == DEAD:
            out[node] = True
            if node < slots:
                apart[held.holder[node]] = True
    return served
