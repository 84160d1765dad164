"""People who are many bid for places themselves, where all of them can be served (Bertsekas 1979).

A mentee takes the place that leaves it most and pays what makes its next best mentor as good, and
a step more. Whoever can be moved or let go most cheaply makes room: what a mentor can hold is a
laminar matroid (slots, days, seats), so a place costs the lowest bid on the ways that lead from it.
"""

from __future__ import annotations

import numpy as np

from .bits import has, lowest
from .compiled import kernel, leaf
from .market import Arcs, Flags, Held, Int32s, Int64s, Shelf, Tags
from .moves import full, leave, room_for, sit, swap
from .serve import FAR

PATIENCE = 40  # bids a person, on average; who is left then is served by the shortest way


@leaf
def _reprice(
    arcs: Arcs,
    shelf: Shelf,
    held: Held,
    tags: Tags,
    out: Flags,
    paid: Int64s,
    j: int,
    step_to: Int32s,
    day_by: Int32s,
) -> int:
    """What each place of mentor j costs, by the bids of its holders; returns who would go first.

    `step_to[slot of j]` is where its holder would move to make room (-1: it would go), `day_by`
    the slot of each full day whose holder makes room there; the answer is a slot or -1.
    """
    slots = len(shelf.slot_day)
    first, last = shelf.start_of[j], shelf.start_of[j + 1]
    seats_left = held.by_mentor[j] < shelf.seats[j]
    top, goes = np.int64(0) if seats_left else np.int64(FAR), -1
    for slot in range(first, last):
        h = held.holder[slot]
        if h >= 0:
            step_to[slot - first] = -1
            tags.slot[slot] = paid[h]
            if not seats_left and paid[h] < top:
                top, goes = paid[h], slot
    tags.mentor[j] = top
    for day in range(shelf.day_first[j], shelf.day_first[j + 1]):
        tags.day[day] = np.int64(FAR) if full(shelf, held, day) else top
    more = True
    while more:
        more = False
        for slot in range(first, last):
            h = held.holder[slot]
            if h < 0:
                continue
            via = held.via[h]
            for word in range(held.open.shape[1]):
                bits = arcs.common[via, word]
                while bits:
                    other = first + word * 64 + lowest(bits)
                    bits &= bits - np.uint64(1)
                    if out[other]:
                        continue
                    if held.holder[other] >= 0:
                        price = tags.slot[other]
                    else:
                        price = tags.day[shelf.slot_day[other]]
                    if price < tags.slot[slot]:
                        tags.slot[slot] = price
                        step_to[slot - first] = other
                        more = True
            day = shelf.slot_day[slot]
            if (
                shelf.capped[j]
                and full(shelf, held, day)
                and not out[slots + day]
                and tags.slot[slot] < tags.day[day]
            ):
                tags.day[day] = tags.slot[slot]
                day_by[day - shelf.day_first[j]] = slot
                more = True
    return goes


@leaf
def _cheapest_place(arcs: Arcs, shelf: Shelf, held: Held, tags: Tags, out: Flags, arc: int) -> int:
    """The slot of an arc that costs least; -1 where all are fenced off."""
    room = room_for(arcs, shelf, held, arc)
    if room >= 0:
        return room
    best, at = np.int64(FAR), -1
    for word in range(held.open.shape[1]):
        bits = arcs.common[arc, word]
        while bits:
            slot = shelf.start_of[arcs.to[arc]] + word * 64 + lowest(bits)
            bits &= bits - np.uint64(1)
            if out[slot]:
                continue
            price = tags.slot[slot] if held.holder[slot] >= 0 else tags.day[shelf.slot_day[slot]]
            if price < best:
                best, at = price, slot
    return at


@leaf
def _price_of(shelf: Shelf, held: Held, tags: Tags, slot: int) -> int:
    return int(tags.slot[slot] if held.holder[slot] >= 0 else tags.day[shelf.slot_day[slot]])


@leaf
def _worth(arcs: Arcs, person: int, arc: int) -> int:
    """What an arc is worth to who bids; a pin, which weighs a person more, bids as all do."""
    worth = person + arcs.worth[arc]
    return int(worth - person if 2 * arcs.worth[arc] > person else worth)


@leaf
def _make_room(
    arcs: Arcs,
    shelf: Shelf,
    held: Held,
    tags: Tags,
    arc: int,
    slot: int,
    goes: int,
    step_to: Int32s,
    day_by: Int32s,
) -> int:
    """The mentee of an arc sits down at a slot, others move; returns who has to go, or -1."""
    j = arcs.to[arc]
    first = shelf.start_of[j]
    while True:
        h = held.holder[slot]
        if h >= 0:
            via, to = held.via[h], step_to[slot - first]
            swap(arcs, held, arc, slot)
            if to < 0:
                return int(h)
            arc, slot = via, to
            continue
        day = shelf.slot_day[slot]
        by = -1
        if shelf.capped[j] and full(shelf, held, day):
            by = day_by[day - shelf.day_first[j]]
        elif held.by_mentor[j] >= shelf.seats[j]:
            by = goes
        if by < 0:
            sit(arcs, shelf, held, tags, arc, slot)
            return -1
        h = held.holder[by]
        via, to = held.via[h], step_to[by - first]
        leave(shelf, held, by)
        sit(arcs, shelf, held, tags, arc, slot)
        if to < 0:
            return int(h)
        arc, slot = via, to


@kernel
def bid_for_places(
    arcs: Arcs,
    shelf: Shelf,
    held: Held,
    tags: Tags,
    out: Flags,
    apart: Flags,
    person: int,
    step: int,
    most: int,
    patience: int,
) -> None:
    """Everybody without a place who is not `apart` bids, `patience` times each on average.

    Begins from what holders pay by the prices so far. Nobody bids more than `most` above what a
    place is worth in points: who is still without one afterwards is for others to serve.
    `tags.left` is not kept; seats must cost nothing by number.
    """
    people, mentors = len(held.place), len(shelf.seats)
    nodes = len(shelf.slot_day) + len(shelf.day_mentor)
    paid = np.zeros(people, np.int64)
    queue = np.empty(people + 1, np.int32)
    step_to = np.full(64 * held.open.shape[1], -1, np.int32)
    day_by = np.full(64 * held.open.shape[1], -1, np.int32)
    size = first = 0
    for i in range(people):
        if held.place[i] >= 0:
            paid[i] = tags.slot[held.place[i]]
        elif not apart[i] and arcs.first[i] < arcs.first[i + 1]:
            queue[size] = i
            size += 1
    for j in range(mentors):
        if not out[nodes + j]:
            _reprice(arcs, shelf, held, tags, out, paid, j, step_to, day_by)
    floor = np.int64(person) - most
    bids = patience * size
    while size and bids:
        bids -= 1
        i = queue[first]
        first = (first + 1) % (people + 1)
        size -= 1
        best = next_best = floor
        chosen, place = -1, -1
        for arc in range(arcs.first[i], arcs.first[i + 1]):
            worth = _worth(arcs, person, arc)
            if worth <= next_best:
                break
            j = arcs.to[arc]
            if out[nodes + j] or worth - tags.mentor[j] <= next_best:
                continue
            slot = _cheapest_place(arcs, shelf, held, tags, out, arc)
            if slot < 0:
                continue
            gain = np.int64(worth - _price_of(shelf, held, tags, slot))
            if gain > best:
                if chosen < 0 or arcs.to[chosen] != j:
                    next_best = best
                best, chosen, place = gain, arc, slot
            elif gain > next_best and arcs.to[chosen] != j:
                next_best = gain
        if chosen < 0:
            continue
        j = arcs.to[chosen]
        paid[i] = _worth(arcs, person, chosen) - next_best + step
        goes = _reprice(arcs, shelf, held, tags, out, paid, j, step_to, day_by)
        gone = _make_room(arcs, shelf, held, tags, chosen, place, goes, step_to, day_by)
        if gone >= 0:
            queue[(first + size) % (people + 1)] = gone
            size += 1
        _reprice(arcs, shelf, held, tags, out, paid, j, step_to, day_by)


@kernel
def price_dead_ends(
    arcs: Arcs, shelf: Shelf, held: Held, tags: Tags, out: Flags, apart: Flags, person: int
) -> None:
    """Full mentors and days that nobody can leave cost so much that nobody prefers them.

    Their seats belong to the over-demanded part. `tags.left` must be known without them.
    """
    nodes = len(shelf.slot_day) + len(shelf.day_mentor)
    for j in range(len(shelf.seats)):
        if out[nodes + j]:
            continue
        whole = tags.mentor[j] >= FAR
        if whole:
            tags.mentor[j] = 0
        for day in range(shelf.day_first[j], shelf.day_first[j + 1]):
            if tags.day[day] >= FAR:
                tags.day[day] = 0
                _ask_for_day(arcs, shelf, held, tags, out, apart, person, j, day)
                if whole and not full(shelf, held, day):
                    tags.mentor[j] = max(tags.mentor[j], tags.day[day])
        for day in range(shelf.day_first[j], shelf.day_first[j + 1]):
            tags.day[day] = max(tags.day[day], tags.mentor[j])


@leaf
def _ask_for_day(
    arcs: Arcs,
    shelf: Shelf,
    held: Held,
    tags: Tags,
    out: Flags,
    apart: Flags,
    person: int,
    j: int,
    day: int,
) -> None:
    """Raise a day's price to what anybody would give for an open slot on it."""
    for at in range(arcs.of_first[j], arcs.of_first[j + 1]):
        i = arcs.of_who[at]
        ask = person + arcs.of_worth[at] - tags.left[i]
        if apart[i] or ask <= tags.day[day]:
            continue
        for slot in range(shelf.slot_first[day], shelf.slot_first[day + 1]):
            if (
                held.holder[slot] < 0
                and not out[slot]
                and has(arcs.of_common, at, shelf.slot_bit[slot])
            ):
                tags.day[day] = ask
                break
