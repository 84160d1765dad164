"""Prices laid out: what a mentor's seat, a day and a slot cost, each by itself."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .market import Held, Int64s, Shelf, Tags


@dataclass(frozen=True)
class Ledger:
    """Prices ≥ 0 per mentor, per day and per slot of a shelf; `person` weighs more than points."""

    person: int
    step: int
    mentor: Int64s
    day: Int64s
    slot: Int64s

    def cost(self, shelf: Shelf) -> Int64s:
        """(slots,) what a session costs at each slot."""
        cost: Int64s = (self.mentor[shelf.day_mentor] + self.day)[shelf.slot_day] + self.slot
        return cost

    def at(self, shelf: Shelf, mentor: int, when: int) -> int:
        """What a session with a mentor costs at a slot of the week."""
        first, last = int(shelf.start_of[mentor]), int(shelf.start_of[mentor + 1])
        slot = first + int(np.searchsorted(shelf.slot_when[first:last], when))
        day = int(shelf.slot_day[slot])
        return int(self.mentor[mentor]) + int(self.day[day]) + int(self.slot[slot])

    def sold(self, shelf: Shelf, seat_price: int) -> int:
        """Σ seats + Σ days + Σ slots at these prices, in Python integers."""
        total: int = sum(self.slot.tolist())
        priced = np.nonzero(self.day)[0]
        total += sum(int(self.day[d]) * int(shelf.day_cap[d]) for d in priced.tolist())
        if not seat_price:
            return total + sum(map(_times, self.mentor.tolist(), shelf.seats.tolist()))
        for price, seats in zip(self.mentor.tolist(), shelf.seats.tolist(), strict=True):
            total += sum(max(0, price - seat_price * before) for before in range(seats))
        return total


def _times(price: int, seats: int) -> int:
    return price * seats


def ledger_of(shelf: Shelf, held: Held, tags: Tags, person: int, step: int) -> Ledger:
    """What the tags of a solved market say, as separate prices."""
    mentor = tags.mentor.copy()
    above = mentor[shelf.day_mentor]
    day = np.where(held.by_day >= shelf.day_cap, tags.day - above, 0)
    slot = np.where(held.holder >= 0, tags.slot - (above + day)[shelf.slot_day], 0)
    return Ledger(person, step, mentor, day, np.maximum(slot, 0))


def nothing_costs(shelf: Shelf, person: int, step: int) -> Ledger:
    """A ledger of zeros."""
    return Ledger(
        person,
        step,
        np.zeros(len(shelf.seats), np.int64),
        np.zeros(len(shelf.day_mentor), np.int64),
        np.zeros(len(shelf.slot_day), np.int64),
    )
