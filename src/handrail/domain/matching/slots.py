"""Slots for pairs: a free one for each, published slots first, then by the seed's lot."""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from .network import is_kept
from .tables import Tables, tickets

KEPT = 2**40
IMPOSSIBLE = -(2**50)


def give_slots(tables: Tables, pairs: list[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    """(mentee, mentor, slot) for pairs whose slot may still be open (-1), sorted by mentee.

    Mentors with a binding daily cap keep the slots they have; all others are laid out anew.
    """
    from scipy.optimize import linear_sum_assignment  # importing the package must stay cheap

    held: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
    for pair in pairs:
        held[pair[1]].append(pair)
    placed: list[tuple[int, int, int]] = []
    for to, group in held.items():
        if tables.room[to].min() < len(group):
            placed += group
            continue
        open_slots = np.nonzero(tables.mentor_free[to])[0]
        people = np.array([at for at, _, _ in group], np.int64)[:, None]
        mentor = np.full_like(people, to)
        when = open_slots[None, :]
        pinned = tables.pin_slot[people]
        fit = tables.mentee_free[people, when] & ((pinned < 0) | (pinned == when))
        gain = tickets(tables.mentee_lot[people], tables.mentor_lot[mentor], when)
        gain = gain + KEPT * is_kept(tables, people, mentor, when)
        gain = np.where(fit, gain, IMPOSSIBLE)
        row, place = linear_sum_assignment(gain, maximize=True)
        placed += [
            (int(people[at, 0]), to, int(open_slots[chosen]))
            for at, chosen in zip(row, place, strict=True)
        ]
    return sorted(placed)
