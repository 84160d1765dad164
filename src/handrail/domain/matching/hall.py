"""Who competes with whom: the set that has fewer seats than people, for everybody left out.

From somebody unserved, every seat they could take is held; its holder could take other seats,
which are held too, and so on. All who are reached share only those seats (Hall 1935).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from .tables import Tables


@dataclass(frozen=True, slots=True)
class HallSet:
    """`people` share the only times of `mentors` with `seats` for them; `waiting` go without."""

    people: int
    seats: int
    waiting: int
    mentors: tuple[int, ...]


def hall_sets(tables: Tables, chosen: list[tuple[int, int, int]]) -> dict[int, HallSet]:
    """The Hall set of each mentee that has a feasible pair and is not in `chosen`.

    `chosen` is one session each, (mentee, mentor, slot), and serves as many as possible.
    """
    rivals, touched = _rivals(tables, chosen)
    mentor_of = {at: to for at, to, _ in chosen}
    reach: dict[int, int] = {}
    seen: dict[int, int] = {}
    for at in sorted(touched.keys() - mentor_of.keys()):
        first = rivals[at]
        if first not in seen:
            seen[first] = _closure(first, rivals)
        reach[at] = seen[first]
    waiting: dict[int, int] = defaultdict(int)
    for found in reach.values():
        waiting[found] += 1
    sets: dict[int, HallSet] = {}
    made: dict[int, tuple[int, int, tuple[int, ...]]] = {}
    for at, found in reach.items():
        if found not in made:
            holders = _members(found)
            left = sum(count for other, count in waiting.items() if other | found == found)
            mentors = {mentor_of[holder] for holder in holders} or touched[at]
            made[found] = (len(holders), left, tuple(sorted(mentors)))
        seats, left, names = made[found]
        sets[at] = HallSet(people=seats + left, seats=seats, waiting=left, mentors=names)
    return sets


def _members(bits: int) -> list[int]:
    return [at for at in range(bits.bit_length()) if bits >> at & 1]


def _closure(first: int, rivals: dict[int, int]) -> int:
    found, left = first, first
    while left:
        low = left & -left
        more = rivals[low.bit_length() - 1] & ~found
        found |= more
        left = (left ^ low) | more
    return found


def _rivals(
    tables: Tables, chosen: list[tuple[int, int, int]]
) -> tuple[dict[int, int], dict[int, set[int]]]:
    """For each mentee: the holders of what it could take (bits), and the mentors it could meet."""
    held: dict[int, dict[int, int]] = defaultdict(dict)
    for at, to, slot in chosen:
        held[to][slot] = at
    movable = tables.pin < 0
    rivals: dict[int, int] = defaultdict(int)
    touched: dict[int, set[int]] = defaultdict(set)
    for to in range(len(tables.mentors)):
        if not tables.seats[to]:
            continue
        people = np.nonzero(tables.allowed[:, to])[0]
        common = tables.mentee_free[people] & tables.mentor_free[to]
        some = common.any(axis=1)
        people, common = people[some], common[some]
        by_day: dict[int, int] = defaultdict(int)
        count: dict[int, int] = defaultdict(int)
        for slot, at in held[to].items():
            day = int(tables.day[to, slot])
            by_day[day] |= int(movable[at]) << at
            count[day] += 1
        everybody = 0
        for bits in by_day.values():
            everybody |= bits
        no_seat = len(held[to]) >= tables.seats[to]
        taken = np.zeros(common.shape[1], np.bool_)
        taken[list(held[to])] = True
        for row, at in enumerate(people.tolist()):
            touched[at].add(to)
            bits = 0
            for slot, holder in held[to].items():
                if common[row, slot] and movable[holder]:
                    bits |= 1 << holder
            open_days = set(tables.day[to, np.nonzero(common[row] & ~taken)[0]].tolist())
            for day in open_days:
                if count[day] >= tables.room[to, day]:
                    bits |= by_day[day]
                elif no_seat:
                    bits |= everybody
            rivals[at] |= bits
    return rivals, touched
