"""What a contest is about, and the judge: is a plan allowed, and what do prices prove?"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Words = npt.NDArray[np.uint64]


@dataclass(frozen=True)
class Arcs:
    """Who could meet whom: for each arc mentee, mentor, score and the common slots of the week.

    Arcs ascend by mentee. `seats` and `week` are the mentors'; `days` local day caps are not
    part of the contest.
    """

    mentee: npt.NDArray[np.int32]
    mentor: npt.NDArray[np.int32]
    score: Ints
    common: Words
    mentees: int
    seats: npt.NDArray[np.int32]
    week: Words

    @property
    def person(self) -> int:
        """What serving one more person is worth: more than all points together."""
        return 10_000 * self.mentees + 1

    @cached_property
    def slots(self) -> tuple[Ints, Ints]:
        """(arc, slot of the week) for every slot that both people of an arc have."""
        owner, when = _set_bits(self.week)
        first = np.searchsorted(owner, np.arange(len(self.seats) + 1))
        count = np.diff(first)[self.mentor]
        arc = np.repeat(np.arange(len(self.mentor)), count)
        begin = first[self.mentor] - np.concatenate([[0], np.cumsum(count)[:-1]])
        slot = when[np.repeat(begin, count) + np.arange(len(arc))]
        word = self.common[arc, slot >> 6] >> (slot & 63).astype(np.uint64)
        both = (word & np.uint64(1)).astype(np.bool_)
        return arc[both], slot[both]


def _set_bits(week: Words) -> tuple[Ints, Ints]:
    bits = np.unpackbits(week.astype("<u8").view(np.uint8), axis=1, bitorder="little")
    row, bit = np.nonzero(bits)
    return row, bit


@dataclass(frozen=True)
class Prices:
    """Of mentors' seats (M,), and of single slots as (mentor, slot of the week, price)."""

    mentor: Ints
    slot: tuple[Ints, Ints, Ints] | None = None


@dataclass(frozen=True)
class Answer:
    """The mentor of each mentee or -1, the slot or -1, CPU seconds of building, and prices."""

    mentor: Ints
    when: Ints | None = None
    building: float = 0.0
    prices: Prices | None = None


@dataclass(frozen=True)
class Judged:
    """How many a plan serves, its points, and the most that B·people + points can be."""

    served: int
    fit: int
    bound: int | None


def judge(arcs: Arcs, answer: Answer) -> Judged:
    """Raises ValueError for a plan that breaks a rule."""
    served = np.flatnonzero(answer.mentor >= 0)
    mentor = answer.mentor[served].astype(np.int64)
    taken = _arcs_between(arcs, served, mentor)
    if np.any(np.bincount(mentor, minlength=len(arcs.seats)) > arcs.seats):
        raise ValueError("a mentor has more people than seats")
    if answer.when is not None:
        when = answer.when[served]
        free = arcs.common[taken, when >> 6] >> (when & 63).astype(np.uint64) & np.uint64(1)
        if not np.all(free):
            raise ValueError("a slot is not free for both")
        if len(np.unique(mentor * 512 + when)) < len(served):
            raise ValueError("two people share a mentor's slot")
    bound = None if answer.prices is None else _bound(arcs, answer.prices)
    return Judged(len(served), int(arcs.score[taken].sum()), bound)


def _arcs_between(arcs: Arcs, mentee: Ints, mentor: Ints) -> Ints:
    key = arcs.mentee.astype(np.int64) * len(arcs.seats) + arcs.mentor
    order = np.argsort(key)
    wanted = mentee * len(arcs.seats) + mentor
    place = np.searchsorted(key[order], wanted)
    place[place == len(key)] = 0
    if len(wanted) and (not len(key) or np.any(key[order][place] != wanted)):
        raise ValueError("two people meet who must not")
    return order[place] if len(wanted) else wanted


def _bound(arcs: Arcs, prices: Prices) -> int:
    """Σ c·p + Σ y + Σ max(0, max(B + s - p - y)): no plan on these arcs is worth more."""
    if np.any(prices.mentor < 0):
        raise ValueError("a price is negative")
    total = int((arcs.seats.astype(np.int64) * prices.mentor).sum())
    if prices.slot is None:
        arc = np.arange(len(arcs.mentee))
        cost = prices.mentor[arcs.mentor]
    else:
        to, when, price = prices.slot
        if np.any(price < 0):
            raise ValueError("a price is negative")
        total += int(price.sum())
        arc, slot = arcs.slots
        key = to * 512 + when
        order = np.argsort(key)
        wanted = arcs.mentor[arc].astype(np.int64) * 512 + slot
        place = np.searchsorted(key[order], wanted)
        place[place == len(key)] = 0
        extra = np.zeros(len(arc), np.int64)
        if len(key):
            hit = key[order][place] == wanted
            extra[hit] = price[order][place[hit]]
        cost = prices.mentor[arcs.mentor[arc]] + extra
    left = arcs.person + arcs.score[arc] - cost
    who = arcs.mentee[arc]
    if len(who) == 0:
        return total
    starts = np.flatnonzero(np.concatenate([[True], who[1:] != who[:-1]]))
    return total + int(np.maximum(np.maximum.reduceat(left, starts), 0).sum())
