"""The over-demanded part at scale: the scarce side bids for people (Bertsekas 1979).

A mentor's free seat takes the person who is worth most to it after what others bid, and raises
that person's price to what the next one would be worth, and a step more. What mentors can hold is
a transversal matroid (people to slots), so no bid is ever regretted by more than the step.
"""

from __future__ import annotations

import numpy as np

from .bits import clear_bit, has, lowest, set_bit
from .compiled import kernel, leaf
from .market import Arcs, Flags, Held, Int32s, Int64s, Shelf, Tags, Words
from .moves import full, leave, sit, swap
from .serve import FAR, most_left


@leaf
def unit_of(shelf: Shelf, inside: Flags, slot: int) -> int:
    """The node that bids for a slot: its mentor, its day or itself, the highest that is inside."""
    slots, days = len(shelf.slot_day), len(shelf.day_mentor)
    day = shelf.slot_day[slot]
    j = shelf.day_mentor[day]
    if inside[slots + days + j]:
        return int(slots + days + j)
    return int(slots + day) if inside[slots + day] else slot


@leaf
def _bounds(shelf: Shelf, unit: int) -> tuple[int, int, int, int]:
    """A unit's mentor, its first slot, the slot after its last, and its seats."""
    slots, days = len(shelf.slot_day), len(shelf.day_mentor)
    if unit >= slots + days:
        j = unit - slots - days
        return j, shelf.start_of[j], shelf.start_of[j + 1], shelf.seats[j]
    if unit >= slots:
        day = unit - slots
        j = shelf.day_mentor[day]
        return j, shelf.slot_first[day], shelf.slot_first[day + 1], shelf.day_cap[day]
    return shelf.day_mentor[shelf.slot_day[unit]], unit, unit + 1, 1


@leaf
def _within_reach(
    arcs: Arcs, shelf: Shelf, held: Held, unit: int, level: Int32s, reach: Words
) -> None:
    """Slots of a unit that one more person could take, by how many holders would move."""
    j, low, high, _ = _bounds(shelf, unit)
    first = shelf.start_of[j]
    whole = unit >= len(shelf.slot_day) + len(shelf.day_mentor)
    reach[:] = 0
    for slot in range(low, high):
        bit = slot - first
        level[bit] = -1
        if held.holder[slot] >= 0:
            continue
        if whole and shelf.capped[j] and full(shelf, held, shelf.slot_day[slot]):
            continue
        level[bit] = 0
        reach[bit >> 6] |= np.uint64(1) << np.uint64(bit & 63)
    depth, more = 0, True
    while more:
        more = False
        depth += 1
        for slot in range(low, high):
            bit = slot - first
            if level[bit] >= 0 or held.holder[slot] < 0:
                continue
            via = held.via[held.holder[slot]]
            for word in range(reach.shape[0]):
                if arcs.common[via, word] & reach[word]:
                    level[bit] = depth
                    more = True
                    break
        for slot in range(low, high):
            bit = slot - first
            if level[bit] == depth:
                reach[bit >> 6] |= np.uint64(1) << np.uint64(bit & 63)


@leaf
def _drop(shelf: Shelf, held: Held, inside: Flags, count: Int32s, slot: int) -> int:
    """The holder of a slot leaves; returns the unit that has a free seat now."""
    unit = unit_of(shelf, inside, slot)
    count[unit] -= 1
    if unit >= len(shelf.slot_day) + len(shelf.day_mentor):
        leave(shelf, held, slot)
        return unit
    i = held.holder[slot]
    held.holder[slot] = -1
    held.place[i] = -1
    held.via[i] = -1
    if unit >= len(shelf.slot_day):
        set_bit(held.open, shelf.day_mentor[shelf.slot_day[slot]], shelf.slot_bit[slot])
    return unit


@leaf
def _join(
    arcs: Arcs,
    shelf: Shelf,
    held: Held,
    tags: Tags,
    unit: int,
    arc: int,
    level: Int32s,
    reach: Words,
) -> None:
    """The mentee of an arc joins a unit; holders move until one takes an open slot."""
    first = shelf.start_of[arcs.to[arc]]
    while True:
        best, at = 1 << 30, -1
        for word in range(reach.shape[0]):
            bits = arcs.common[arc, word] & reach[word]
            while bits:
                bit = word * 64 + lowest(bits)
                bits &= bits - np.uint64(1)
                if level[bit] < best:
                    best, at = level[bit], bit
        slot = first + at
        if best > 0:
            moved = held.via[held.holder[slot]]
            swap(arcs, held, arc, slot)
            reach[at >> 6] &= ~(np.uint64(1) << np.uint64(at & 63))
            arc = moved
            continue
        if unit >= len(shelf.slot_day) + len(shelf.day_mentor):
            sit(arcs, shelf, held, tags, arc, slot)
            return
        i = arcs.who[arc]
        held.holder[slot] = i
        held.place[i] = slot
        held.via[i] = arc
        if unit >= len(shelf.slot_day):
            clear_bit(held.open, arcs.to[arc], at)
        return


@leaf
def _best_bid(
    arcs: Arcs,
    shelf: Shelf,
    held: Held,
    tags: Tags,
    inside: Flags,
    apart: Flags,
    person: int,
    least: int,
    unit: int,
    reach: Words,
    bid: Int64s,
) -> int:
    """The arc a unit bids for, -1 for none; `bid` gets its value and the next one's."""
    j = _bounds(shelf, unit)[0]
    bid[0], bid[1] = least, least
    chosen = -1
    for at in range(arcs.of_first[j], arcs.of_first[j + 1]):
        worth = person + arcs.of_worth[at]
        if worth <= bid[1]:
            break
        can = False
        for word in range(reach.shape[0]):
            if arcs.of_common[at, word] & reach[word]:
                can = True
                break
        if not can:
            continue
        i = arcs.of_who[at]
        worth -= tags.left[i]
        if worth <= bid[1] or not apart[i]:
            continue
        place = held.place[i]
        if place >= 0 and arcs.to[held.via[i]] == j and unit_of(shelf, inside, place) == unit:
            continue
        if worth > bid[0]:
            bid[1] = bid[0]
            bid[0] = worth
            chosen = arcs.of[at]
        else:
            bid[1] = worth
    return chosen


@kernel
def auction(
    arcs: Arcs,
    shelf: Shelf,
    held: Held,
    tags: Tags,
    inside: Flags,
    apart: Flags,
    person: int,
    seat_price: int,
    step: int,
) -> int:
    """Give away all seats of the over-demanded part; returns how many found nobody (none)."""
    slots, days, mentors = len(shelf.slot_day), len(shelf.day_mentor), len(shelf.seats)
    nodes = slots + days + mentors
    queue = np.empty(nodes, np.int32)
    queued = np.zeros(nodes, np.bool_)
    count = np.zeros(nodes, np.int32)
    level = np.zeros(64 * shelf.own.shape[1], np.int32)
    reach = np.zeros(shelf.own.shape[1], np.uint64)
    values = np.zeros(2, np.int64)
    size = 0
    for slot in range(slots):
        if inside[slot]:
            unit = unit_of(shelf, inside, slot)
            if not queued[unit]:
                queued[unit] = True
                queue[size] = unit
                size += 1
    empty = 0
    first = 0
    while size:
        unit = queue[first]
        first = (first + 1) % nodes
        size -= 1
        queued[unit] = False
        j, _, _, seats = _bounds(shelf, unit)
        while count[unit] < seats:
            _within_reach(arcs, shelf, held, unit, level, reach)
            least = tags.mentor[j]
            if unit >= slots + days:
                least = np.int64(seat_price) * held.by_mentor[j]
            arc = _best_bid(
                *(arcs, shelf, held, tags, inside, apart, person, least, unit, reach, values),
            )
            if arc < 0:
                break
            i = arcs.who[arc]
            tags.left[i] += values[0] - values[1] + step
            if held.place[i] >= 0:
                other = _drop(shelf, held, inside, count, held.place[i])
                if not queued[other]:
                    queued[other] = True
                    queue[(first + size) % nodes] = other
                    size += 1
            _join(arcs, shelf, held, tags, unit, arc, level, reach)
            count[unit] += 1
    for unit in range(nodes):
        if inside[unit]:
            low = _bounds(shelf, unit)[1]
            if unit_of(shelf, inside, low) == unit:
                empty += int(_bounds(shelf, unit)[3] - count[unit])
    return empty


@leaf
def _ask(
    arcs: Arcs,
    shelf: Shelf,
    held: Held,
    tags: Tags,
    inside: Flags,
    apart: Flags,
    person: int,
    unit: int,
    ask: Int64s,
) -> None:
    """What each slot of a unit must cost so that nobody else wants it, and no holder another."""
    j, low, high, _ = _bounds(shelf, unit)
    first = shelf.start_of[j]
    ask[low - first : high - first] = 0
    for at in range(arcs.of_first[j], arcs.of_first[j + 1]):
        arc = arcs.of[at]
        i = arcs.who[arc]
        if not apart[i]:
            continue
        place = held.place[i]
        if place >= 0 and arcs.to[held.via[i]] == j and unit_of(shelf, inside, place) == unit:
            continue
        worth = person + arcs.worth[arc] - tags.left[i]
        for slot in range(low, high):
            bit = slot - first
            if worth > ask[bit] and has(arcs.common, arc, bit):
                ask[bit] = worth
    more = True
    while more:
        more = False
        for slot in range(low, high):
            if held.holder[slot] < 0:
                continue
            via = held.via[held.holder[slot]]
            for other in range(low, high):
                bit = other - first
                if ask[bit] < ask[slot - first] and has(arcs.common, via, bit):
                    ask[bit] = ask[slot - first]
                    more = True


@kernel
def price_by_left(
    arcs: Arcs,
    shelf: Shelf,
    held: Held,
    tags: Tags,
    inside: Flags,
    apart: Flags,
    person: int,
    seat_price: int,
) -> None:
    """Prices of the seats from what people are worth: such that nobody wants to change."""
    slots, days, mentors = len(shelf.slot_day), len(shelf.day_mentor), len(shelf.seats)
    ask = np.zeros(64 * shelf.own.shape[1], np.int64)
    for unit in range(slots + days + mentors):
        if not inside[unit]:
            continue
        j, low, high, _ = _bounds(shelf, unit)
        if low == high or unit_of(shelf, inside, low) != unit:
            continue
        first = shelf.start_of[j]
        _ask(arcs, shelf, held, tags, inside, apart, person, unit, ask)
        base = tags.mentor[j]
        if unit >= slots + days:
            base = np.int64(seat_price) * max(0, held.by_mentor[j] - 1)
            for slot in range(low, high):
                free = held.holder[slot] < 0
                if free and not (shelf.capped[j] and full(shelf, held, shelf.slot_day[slot])):
                    base = max(base, ask[slot - first])
            tags.mentor[j] = base
        for slot in range(low, high):
            day = shelf.slot_day[slot]
            if unit >= slots and (slot == low or day != shelf.slot_day[slot - 1]):
                tags.day[day] = base
                for other in range(shelf.slot_first[day], shelf.slot_first[day + 1]):
                    if held.holder[other] < 0:
                        tags.day[day] = max(tags.day[day], ask[other - first])
            tags.slot[slot] = max(base, ask[slot - first])
            if unit >= slots and full(shelf, held, day):
                tags.slot[slot] = max(tags.slot[slot], tags.day[day])


@leaf
def settle_left(
    arcs: Arcs, shelf: Shelf, held: Held, tags: Tags, out: Flags, apart: Flags, person: int
) -> None:
    """What each person of the over-demanded part gains at these prices."""
    for i in range(len(apart)):
        if apart[i]:
            best = most_left(arcs, shelf, held, tags, out, person, i)
            tags.left[i] = max(0, best) if best > -FAR // 2 else 0
