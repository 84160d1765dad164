"""The exact joint match of people and slots on given arcs, with the prices that prove it.

Most people first: the over-demanded part is found and solved from the side of its seats, all else
from the side of the people.
"""

from __future__ import annotations

from typing import Any, NamedTuple, TypeVar

import numpy as np

from .auction import auction, price_by_left, settle_left
from .bidding import PATIENCE, bid_for_places, price_dead_ends
from .bits import lowest
from .compiled import kernel, leaf
from .fill import FILLED, LOWERED, fill
from .market import Arcs, Flags, Held, Int64s, Shelf, Tags, free_of_charge, nobody
from .most import serve_most
from .queue import Search, new_search
from .serve import serve

COARSE = 5  # times the step: how an auction that knows nothing begins, twice over
MARGIN = 30  # steps below what was known, where an auction begins
VISITS = 10  # nodes a person that the shortest ways may visit before people bid for what is left
DEAREST = 4  # times the worthiest pair is the most that anybody bids
NO_LIMIT = 1 << 60
AGAIN = 8  # auctions more, at most, for who is left over

Arrays = TypeVar("Arrays", Held, Tags)


class Bids(NamedTuple):
    """How an auction goes: by its `step`, beginning from what people were worth at a step `before`.

    `left` is what each mentee gained then; without it the auction begins coarsely by itself. People
    bid by a `point`.
    """

    step: int
    before: int = 0
    left: Int64s | None = None
    point: int = 1


class Market(NamedTuple):
    """A solved market. The over-demanded part: its people in `apart`, its nodes in `inside`."""

    arcs: Arcs
    shelf: Shelf
    held: Held
    tags: Tags
    apart: Flags
    inside: Flags


@leaf
def _serve_rest(
    arcs: Arcs,
    shelf: Shelf,
    held: Held,
    tags: Tags,
    out: Flags,
    apart: Flags,
    search: Search,
    person: int,
    seat_price: int,
    visits: int,
) -> int:
    """Serve everybody outside the over-demanded part; returns how many could not be (none).

    Stops when so many nodes were visited on the way: what is left is for others to serve.
    """
    failed = 0
    for i in range(len(held.place)):
        if apart[i] or held.place[i] >= 0 or arcs.first[i] == arcs.first[i + 1]:
            continue
        if search.tally[3] > visits:
            break
        if serve(arcs, shelf, held, tags, out, search, person, seat_price, False, i) < 0:
            failed += 1
    return failed


def _anybody_left(arcs: Arcs, held: Held, apart: Flags) -> bool:
    return bool(np.any((held.place < 0) & ~apart & (np.diff(arcs.first) > 0)))


def _serve_or_bid(
    arcs: Arcs,
    shelf: Shelf,
    held: Held,
    tags: Tags,
    out: Flags,
    apart: Flags,
    search: Search,
    person: int,
    seat_price: int,
    bids: Bids,
) -> int:
    """Serve the rest by the shortest ways while that is quick, and by bids from then on."""
    rest = (arcs, shelf, held, tags, out, apart, search, person, seat_price)
    search.tally[3] = 0
    failed = _serve_rest(*rest, VISITS * len(held.place))
    if not _anybody_left(arcs, held, apart):
        return failed
    most = DEAREST * _most_points(arcs, person)
    bid_for_places(arcs, shelf, held, tags, out, apart, person, bids.point, most, PATIENCE)
    settle_left(arcs, shelf, held, tags, out, ~apart, person)
    price_dead_ends(arcs, shelf, held, tags, out, apart, person)
    failed = _serve_rest(*rest, NO_LIMIT)
    settle_left(arcs, shelf, held, tags, out, ~apart, person)
    return failed


def _most_points(arcs: Arcs, person: int) -> int:
    """The most that a pair is worth; what a pin weighs, which is a person, does not count."""
    return int(arcs.worth[2 * arcs.worth < person].max(initial=0))


@leaf
def _fill_mentor(
    arcs: Arcs,
    shelf: Shelf,
    held: Held,
    tags: Tags,
    out: Flags,
    search: Search,
    person: int,
    seat_price: int,
    j: int,
) -> None:
    """Fill a mentor's seats until they are full or cost no more than they must."""
    node = len(shelf.slot_day) + len(shelf.day_mentor) + j
    while held.by_mentor[j] < shelf.seats[j]:
        excess = tags.mentor[j] - seat_price * held.by_mentor[j]
        if excess <= 0:
            return
        if fill(arcs, shelf, held, tags, out, search, person, seat_price, node, excess) == LOWERED:
            return


@leaf
def _price_at_most(
    arcs: Arcs, shelf: Shelf, tags: Tags, inside: Flags, apart: Flags, person: int
) -> None:
    """Begin the over-demanded part dear: each seat at what its best person is worth to it."""
    slots, days = len(shelf.slot_day), len(shelf.day_mentor)
    for j in range(len(shelf.seats)):
        whole = inside[slots + days + j]
        top = np.int64(0)
        for at in range(arcs.of_first[j], arcs.of_first[j + 1]):
            arc = arcs.of[at]
            if not apart[arcs.who[arc]]:
                continue
            worth = person + arcs.worth[arc]
            top = max(top, worth)
            if whole:
                continue
            for word in range(shelf.own.shape[1]):
                bits = arcs.common[arc, word]
                while bits:
                    slot = shelf.start_of[j] + word * 64 + lowest(bits)
                    bits &= bits - np.uint64(1)
                    day = shelf.slot_day[slot]
                    if inside[slots + day]:
                        tags.day[day] = max(tags.day[day], worth)
                    elif inside[slot]:
                        tags.slot[slot] = max(tags.slot[slot], worth)
        if whole:
            tags.mentor[j] = top


@kernel
def _fill_apart(
    arcs: Arcs,
    shelf: Shelf,
    held: Held,
    tags: Tags,
    inside: Flags,
    apart: Flags,
    search: Search,
    person: int,
    seat_price: int,
) -> int:
    """Fill every seat of the over-demanded part; returns how many stayed empty (none)."""
    slots, days, mentors = len(shelf.slot_day), len(shelf.day_mentor), len(shelf.seats)
    out = np.zeros(slots + days + mentors + len(apart), np.bool_)
    for node in range(slots + days + mentors):
        out[node] = not inside[node]
    for i in range(len(apart)):
        out[slots + days + mentors + i] = not apart[i]
    empty = 0
    for j in range(mentors):
        if inside[slots + days + j]:
            _fill_mentor(arcs, shelf, held, tags, out, search, person, seat_price, j)
            empty += shelf.seats[j] - held.by_mentor[j]
            continue
        for day in range(shelf.day_first[j], shelf.day_first[j + 1]):
            if inside[slots + day]:
                for _ in range(shelf.day_cap[day]):
                    excess = tags.day[day] - tags.mentor[j]
                    found = fill(
                        *(arcs, shelf, held, tags, out, search),
                        *(person, seat_price, slots + day, excess),
                    )
                    if found == FILLED:
                        held.by_day[day] -= 1
                        held.by_mentor[j] -= 1
                    else:
                        empty += 1
                continue
            for slot in range(shelf.slot_first[day], shelf.slot_first[day + 1]):
                if inside[slot]:
                    excess = tags.slot[slot] - tags.mentor[j]
                    found = fill(
                        arcs, shelf, held, tags, out, search, person, seat_price, slot, excess
                    )
                    if found != FILLED:
                        empty += 1
    return empty


@leaf
def _fence(shelf: Shelf, held: Held, out: Flags) -> None:
    """Seats of the over-demanded part count as taken while all others are given."""
    slots, days = len(shelf.slot_day), len(shelf.day_mentor)
    for j in range(len(shelf.seats)):
        if out[slots + days + j]:
            for day in range(shelf.day_first[j], shelf.day_first[j + 1]):
                out[slots + day] = True
                out[shelf.slot_first[day] : shelf.slot_first[day + 1]] = True
            continue
        for day in range(shelf.day_first[j], shelf.day_first[j + 1]):
            closed = out[slots + day]
            if closed:
                held.by_day[day] = shelf.day_cap[day]
                held.by_mentor[j] += shelf.day_cap[day]
            for slot in range(shelf.slot_first[day], shelf.slot_first[day + 1]):
                if closed:
                    out[slot] = True
                if out[slot]:
                    bit = shelf.slot_bit[slot]
                    held.open[j, bit >> 6] &= ~(np.uint64(1) << np.uint64(bit & 63))
                    if not closed:
                        held.by_day[day] += 1
                        held.by_mentor[j] += 1


@leaf
def _open_days(shelf: Shelf, held: Held, inside: Flags) -> None:
    """Open the slots of over-demanded days again; their seats are filled one by one."""
    slots, days = len(shelf.slot_day), len(shelf.day_mentor)
    for day in range(days):
        j = shelf.day_mentor[day]
        if inside[slots + day] and not inside[slots + days + j]:
            for slot in range(shelf.slot_first[day], shelf.slot_first[day + 1]):
                bit = shelf.slot_bit[slot]
                held.open[j, bit >> 6] |= np.uint64(1) << np.uint64(bit & 63)


def _give_away(
    arcs: Arcs,
    shelf: Shelf,
    held: Held,
    tags: Tags,
    inside: Flags,
    apart: Flags,
    person: int,
    seat_price: int,
    bids: Bids,
) -> int:
    """Give away the over-demanded part, again and again; returns how many seats stay empty (none).

    Nobody's worth to the bidders ever falls in an auction, so it begins below what is known from
    the one before. Whoever is left over should be worth nothing: they begin at nothing the next
    time, until what they are worth together is little.
    """
    empty_held, empty_tags = _copy(held), _copy(tags)
    steps = [bids.step]
    if bids.left is None:
        steps = [bids.step * COARSE**2, bids.step * COARSE, bids.step]
    else:
        # who was outside this part gained the worth of a person: that says nothing here
        known = np.where(2 * bids.left < person, bids.left, 0)
        tags.left[apart] = np.maximum(known - MARGIN * bids.before, 0)[apart]
    failed = auction(arcs, shelf, held, tags, inside, apart, person, seat_price, steps[0])
    for last, step in zip(steps, steps[1:] + [bids.step] * AGAIN, strict=False):
        over = apart & (held.place < 0) & (tags.left > 0)
        little = step * int((held.place >= 0).sum()) // 16
        if step == last and int(tags.left[over].sum()) <= little:
            break
        known = np.where(over, 0, np.maximum(tags.left - MARGIN * last, 0))
        _put_back(held, empty_held)
        _put_back(tags, empty_tags)
        tags.left[apart] = known[apart]
        failed = auction(arcs, shelf, held, tags, inside, apart, person, seat_price, step)
    return failed


def _copy(arrays: Arrays) -> Arrays:
    return type(arrays)._make(array.copy() for array in arrays)


def _put_back(arrays: tuple[Any, ...], before: tuple[Any, ...]) -> None:
    for array, was in zip(arrays, before, strict=True):
        array[...] = was


def solve_joint(
    arcs: Arcs,
    shelf: Shelf,
    mentees: int,
    person: int,
    seat_price: int,
    bids: Bids | None = None,
) -> Market:
    """The plan with most people and then most worth on these arcs, and its prices.

    With `bids` the over-demanded part is given away by an auction: each of its seats may miss the
    best by its step. People of the other part whom the shortest ways do not reach soon bid too, by
    a point. Without `bids` all is exact.

    `person` must outweigh all points of a plan; prices include it where a seat decides who is
    served at all. Raises ArithmeticError if the two parts do not come out as proven.
    """
    nodes = len(shelf.slot_day) + len(shelf.day_mentor) + len(shelf.seats)
    search = new_search(nodes + mentees)
    held, tags = nobody(shelf, mentees), free_of_charge(shelf, mentees)
    out = np.zeros(nodes + mentees, np.bool_)
    apart = np.zeros(mentees, np.bool_)
    serve_most(arcs, shelf, held, tags, search, out, apart)
    held, tags = nobody(shelf, mentees), free_of_charge(shelf, mentees)
    _fence(shelf, held, out)
    inside = out.copy()
    tags.mentor[:] = seat_price * np.maximum(held.by_mentor.astype(np.int64) - 1, 0)
    tags.day[:] = tags.mentor[shelf.day_mentor]
    rest = (arcs, shelf, held, tags, out, apart, search, person, seat_price)
    if bids and seat_price == 0:
        failed = _serve_or_bid(*rest, bids)
    else:
        failed = _serve_rest(*rest, NO_LIMIT)
    _open_days(shelf, held, inside)
    if bids:
        failed += _give_away(arcs, shelf, held, tags, inside, apart, person, seat_price, bids)
        price_by_left(arcs, shelf, held, tags, inside, apart, person, seat_price)
        nothing = np.zeros_like(out)
        settle_left(arcs, shelf, held, tags, nothing, apart, person)
    else:
        _price_at_most(arcs, shelf, tags, inside, apart, person)
        failed += _fill_apart(arcs, shelf, held, tags, inside, apart, search, person, seat_price)
    if failed:
        raise ArithmeticError(f"{failed} seats or people of a proven part came out empty")
    return Market(arcs, shelf, held, tags, apart, inside)
