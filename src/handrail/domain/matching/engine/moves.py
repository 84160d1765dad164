"""Small moves in the market: who can sit where, sitting down, getting up."""

from __future__ import annotations

import numpy as np

from .bits import clear_bit, lowest, set_bit
from .compiled import leaf
from .market import Arcs, Held, Shelf, Tags


@leaf
def full(shelf: Shelf, held: Held, day: int) -> bool:
    """Whether a day's cap is reached."""
    return bool(held.by_day[day] >= shelf.day_cap[day])


@leaf
def room_for(arcs: Arcs, shelf: Shelf, held: Held, arc: int) -> int:
    """The first open slot of an arc on a day that is not full; -1 when there is none."""
    j = arcs.to[arc]
    base = shelf.start_of[j]
    for word in range(held.open.shape[1]):
        open_here = arcs.common[arc, word] & held.open[j, word]
        while open_here:
            slot = base + word * 64 + lowest(open_here)
            if not shelf.capped[j] or not full(shelf, held, shelf.slot_day[slot]):
                return int(slot)
            open_here &= open_here - np.uint64(1)
    return -1


@leaf
def room_on(arcs: Arcs, shelf: Shelf, held: Held, arc: int, day: int) -> int:
    """The first open slot of an arc on one day; -1 when there is none."""
    j = arcs.to[arc]
    for slot in range(shelf.slot_first[day], shelf.slot_first[day + 1]):
        bit = shelf.slot_bit[slot]
        here = arcs.common[arc, bit >> 6] & held.open[j, bit >> 6]
        if (here >> np.uint64(bit & 63)) & np.uint64(1):
            return slot
    return -1


@leaf
def sit(arcs: Arcs, shelf: Shelf, held: Held, tags: Tags, arc: int, slot: int) -> None:
    """The mentee of an arc takes an open slot, which costs what its day or mentor costs."""
    i, j, day = arcs.who[arc], arcs.to[arc], shelf.slot_day[slot]
    held.holder[slot] = i
    held.place[i] = slot
    held.via[i] = arc
    clear_bit(held.open, j, shelf.slot_bit[slot])
    held.by_mentor[j] += 1
    held.by_day[day] += 1
    tags.slot[slot] = tags.mentor[j]
    if held.by_day[day] == shelf.day_cap[day]:
        tags.day[day] = tags.mentor[j]


@leaf
def sit_on_full(
    arcs: Arcs, shelf: Shelf, held: Held, tags: Tags, arc: int, slot: int, price: int
) -> None:
    """The same on a day that somebody just left and that is full again, at the day's price."""
    sit(arcs, shelf, held, tags, arc, slot)
    tags.day[shelf.slot_day[slot]] = price
    tags.slot[slot] = price


@leaf
def leave(shelf: Shelf, held: Held, slot: int) -> None:
    """A held slot becomes open; its holder has no place until it sits down elsewhere."""
    i, day = held.holder[slot], shelf.slot_day[slot]
    j = shelf.day_mentor[day]
    held.holder[slot] = -1
    if held.place[i] == slot:
        held.place[i] = -1
        held.via[i] = -1
    set_bit(held.open, j, shelf.slot_bit[slot])
    held.by_mentor[j] -= 1
    held.by_day[day] -= 1


@leaf
def swap(arcs: Arcs, held: Held, arc: int, slot: int) -> None:
    """The mentee of an arc takes a held slot from its holder, who has moved or moves next."""
    i, other = arcs.who[arc], held.holder[slot]
    if held.place[other] == slot:
        held.place[other] = -1
        held.via[other] = -1
    held.holder[slot] = i
    held.place[i] = slot
    held.via[i] = arc
