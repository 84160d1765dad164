"""The market as flat arrays: arcs between people, mentors' slots, who holds what, and prices.

A mentor has days, a day has slots; a slot takes one person, a day and a mentor so many. These are
two laminar families, so the best plan is a min-cost flow and prices prove it (see `serve`).
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

Int32s = npt.NDArray[np.int32]
Int64s = npt.NDArray[np.int64]
Words = npt.NDArray[np.uint64]
Flags = npt.NDArray[np.bool_]

NO_CAP = 1 << 30


class Arcs(NamedTuple):
    """Who could meet whom: for mentee i the arcs `first[i]` to `first[i + 1]`, by mentee.

    `to` mentor, `who` mentee, `worth` points (bonuses in), `common` (arcs, words): bits of the
    mentor's own slots at which both are free. `of_first`, `of`: the arcs of each mentor; `of_who`,
    `of_worth`, `of_common` repeat them in that order: a mentor reads its own in one go.
    """

    first: Int64s
    to: Int32s
    who: Int32s
    worth: Int64s
    common: Words
    of_first: Int64s
    of: Int32s
    of_who: Int32s
    of_worth: Int64s
    of_common: Words


class Shelf(NamedTuple):
    """What mentors have: days `day_first[j]` to `day_first[j + 1]`, slots likewise by day.

    `slot_when` is the slot of the week, `slot_bit` its number within the mentor, whose first is
    `start_of`; `own` (mentors, words) has a bit for each. `capped`: whether days have a cap.
    """

    seats: Int32s
    day_first: Int32s
    day_mentor: Int32s
    day_cap: Int32s
    slot_first: Int32s
    slot_day: Int32s
    slot_when: Int32s
    slot_bit: Int32s
    start_of: Int32s
    own: Words
    capped: Flags


class Held(NamedTuple):
    """Who holds what: `holder` of each slot, `place` and arc `via` of each mentee (-1: none).

    `open` (mentors, words): bits of the slots that nobody holds.
    """

    holder: Int32s
    place: Int32s
    via: Int32s
    by_day: Int32s
    by_mentor: Int32s
    open: Words


class Tags(NamedTuple):
    """Prices: `left` what each mentee gains, `mentor`; `day` and `slot` are sums from the top.

    `day` counts where a day is full, `slot` where a slot is held; all else costs as its mentor.
    """

    left: Int64s
    mentor: Int64s
    day: Int64s
    slot: Int64s


def shelf_of(seats: Int32s, daily_cap: Int32s, week: Words, offset: Int32s, step: int) -> Shelf:
    """The shelf of mentors whose week is (M, 8) bits; days are local by `offset` minutes.

    A mentor without a cap has one day, which is never full.
    """
    count = len(seats)
    bits = np.unpackbits(week.astype("<u8").view(np.uint8), axis=1, bitorder="little")
    mentor, when = np.nonzero(bits)
    local = (when * step + offset[mentor]) // 1440
    capped = daily_cap > 0
    day = np.where(capped[mentor], local + 1, 0)
    key = mentor * 16 + day
    new_day = np.ones(len(key), np.bool_)
    new_day[1:] = key[1:] != key[:-1]
    slot_day = np.cumsum(new_day) - 1
    day_mentor = mentor[new_day]
    day_first = np.searchsorted(day_mentor, np.arange(count + 1))
    start_of = np.searchsorted(mentor, np.arange(count + 1))
    slot_first = np.searchsorted(slot_day, np.arange(len(day_mentor) + 1))
    cap = np.where(capped[day_mentor], daily_cap[day_mentor], NO_CAP)
    bit = np.arange(len(when)) - start_of[mentor]
    words = max(1, -(-(int(bit.max(initial=0)) + 1) // 64))
    own = np.zeros((count, words), np.uint64)
    np.bitwise_or.at(own, (mentor, bit // 64), np.uint64(1) << (bit % 64).astype(np.uint64))
    return Shelf(
        seats=seats.astype(np.int32),
        day_first=day_first.astype(np.int32),
        day_mentor=day_mentor.astype(np.int32),
        day_cap=cap.astype(np.int32),
        slot_first=slot_first.astype(np.int32),
        slot_day=slot_day.astype(np.int32),
        slot_when=when.astype(np.int32),
        slot_bit=bit.astype(np.int32),
        start_of=start_of.astype(np.int32),
        own=own,
        capped=capped.copy(),
    )


def arcs_of(
    who: Int32s, to: Int32s, worth: Int64s, common: Words, mentees: int, mentors: int
) -> Arcs:
    """Arcs sorted by mentee and the arcs of each mentor, both with the worthiest first."""
    below = int(worth.max(initial=0)) - worth.astype(np.int64)
    order = _mostly_in_order(who, below, to)
    who, to = who[order].astype(np.int32), to[order].astype(np.int32)
    worth, common = worth[order].astype(np.int64), np.ascontiguousarray(common[order])
    by_worth = _in_order(below[order])
    of = by_worth[_in_order(to[by_worth])].astype(np.int32)  # equals stay as they are: by mentee
    return Arcs(
        first=np.searchsorted(who, np.arange(mentees + 1)),
        to=to,
        who=who,
        worth=worth,
        common=common,
        of_first=np.searchsorted(to[of], np.arange(mentors + 1)),
        of=of,
        of_who=who[of],
        of_worth=worth[of],
        of_common=np.ascontiguousarray(common[of]),
    )


def _mostly_in_order(*keys: npt.NDArray[np.signedinteger[Any]]) -> Int64s:
    """The order by keys of 0 and more, the first key first, equals as they are; quick if in order.

    One number instead of several keys, where they fit: a sort by several looks at all of them.
    """
    sizes = [int(key.max(initial=0)).bit_length() for key in keys]
    if sum(sizes) > 63:
        several: Int64s = np.lexsort(keys[::-1])
        return several
    packed = np.zeros(len(keys[0]), np.int64)
    for key, size in zip(keys, sizes, strict=True):
        packed = packed << size | key
    return np.argsort(packed, kind="stable")


def _in_order(key: npt.NDArray[np.signedinteger[Any]]) -> Int64s:
    """The order by a key of 0 and more, equals as they are: by 16 bits after 16, which is quick."""
    order: Int64s = np.argsort((key & 0xFFFF).astype(np.uint16), kind="stable")
    for shift in range(16, int(key.max(initial=0)).bit_length(), 16):
        digit = (key[order] >> shift & 0xFFFF).astype(np.uint16)
        order = order[np.argsort(digit, kind="stable")]
    return order


def nobody(shelf: Shelf, mentees: int) -> Held:
    """A market in which nobody holds anything."""
    return Held(
        holder=np.full(len(shelf.slot_day), -1, np.int32),
        place=np.full(mentees, -1, np.int32),
        via=np.full(mentees, -1, np.int32),
        by_day=np.zeros(len(shelf.day_mentor), np.int32),
        by_mentor=np.zeros(len(shelf.seats), np.int32),
        open=shelf.own.copy(),
    )


def free_of_charge(shelf: Shelf, mentees: int) -> Tags:
    """Prices of nothing."""
    return Tags(
        left=np.zeros(mentees, np.int64),
        mentor=np.zeros(len(shelf.seats), np.int64),
        day=np.zeros(len(shelf.day_mentor), np.int64),
        slot=np.zeros(len(shelf.slot_day), np.int64),
    )
