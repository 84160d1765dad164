"""From tables to a network: which columns are needed so that every plan can be found."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from .linear import Network
from .tables import Bools, Ints, Tables


@dataclass(frozen=True)
class Columns:
    """All columns: mentee, mentor, slot (-1: any), points; then the seats (mentee -1).

    A pair with at least as many common slots as the mentor has seats needs no slot of its own:
    whatever the others take, one stays free (Hall). Elsewhere every common slot is a column.
    """

    mentee: Ints
    mentor: Ints
    slot: Ints
    worth: Ints
    network: Network
    slot_row: dict[tuple[int, int], int]
    day_row: dict[tuple[int, int], int]


def lay_out(
    tables: Tables,
    allowed: Bools,
    *,
    seat_price: int,
    keep_slot: int,
    sessions: int = 1,
    another_mentor: bool = False,
    total: int | None = None,
) -> Columns:
    """Every column of the allowed pairs; `sessions` is the most a mentee may have.

    With `total` a last row asks for exactly so many sessions in all.
    """
    mentees, mentors = tables.score.shape
    seats = np.minimum(tables.seats, mentees * sessions)
    kept: dict[int, list[tuple[int, int]]] = {}
    for at, to, slot in tables.kept.tolist():
        if slot >= 0 and tables.mentee_free[at, slot] and tables.mentor_free[to, slot]:
            kept.setdefault(to, []).append((at, slot))
    parts: list[tuple[Ints, Ints, Ints]] = []
    for to in range(mentors):
        if seats[to] == 0:
            continue
        open_slots = np.nonzero(tables.mentor_free[to])[0]
        people = np.nonzero(allowed[:, to])[0]
        common = tables.mentee_free[np.ix_(people, open_slots)].copy()
        for pinned in np.nonzero(tables.pin_slot[people] >= 0)[0]:
            common[pinned] &= open_slots == tables.pin_slot[people[pinned]]
        capped = tables.room[to].min() < seats[to]
        loose = common.sum(axis=1) >= seats[to] + sessions - 1
        loose &= not capped
        loose &= tables.pin_slot[people] < 0
        any_slot = people[loose]
        row, place = np.nonzero(common[~loose])
        loose_people = set(any_slot.tolist())
        extra = [(at, slot) for at, slot in kept.get(to, []) if at in loose_people]
        who = np.concatenate([any_slot, people[~loose][row], [at for at, _ in extra]])
        when = np.concatenate(
            [np.full(len(any_slot), -1), open_slots[place], [slot for _, slot in extra]]
        )
        parts.append((who.astype(np.int64), np.full(len(who), to, np.int64), when.astype(np.int64)))
    empty = np.empty(0, np.int64)
    mentee, mentor, slot = (
        np.concatenate([part[axis] for part in parts] or [empty]) for axis in range(3)
    )
    worth = tables.worth[mentee, mentor] if len(mentee) else empty
    worth = worth + keep_slot * is_kept(tables, mentee, mentor, slot)
    columns = _with_rows(
        tables, seats, seat_price, sessions, another_mentor, mentee, mentor, slot, worth
    )
    return columns if total is None else _with_total(columns, total)


def _with_total(columns: Columns, total: int) -> Columns:
    network = columns.network
    last = np.where(columns.mentee >= 0, len(network.low), -1)[:, None]
    return replace(
        columns,
        network=replace(
            network,
            rows=np.concatenate([network.rows, last], axis=1),
            low=np.append(network.low, total),
            high=np.append(network.high, total),
            scarce=np.append(network.scarce, False),
        ),
    )


def is_kept(tables: Tables, mentee: Ints, mentor: Ints, slot: Ints) -> Bools:
    """Whether the published plan has this pair at this very slot."""
    return np.isin(_key(tables, mentee, mentor, slot), _key(tables, *tables.kept.T)) & (slot >= 0)


def is_kept_pair(tables: Tables, mentee: Ints, mentor: Ints) -> Bools:
    """Whether the published plan has this pair, at whichever slot."""
    pairs = _key(tables, tables.kept[:, 0], tables.kept[:, 1], np.int64(0))
    return np.isin(_key(tables, mentee, mentor, np.int64(0)), pairs)


def _key(tables: Tables, mentee: Ints, mentor: Ints, slot: Ints | np.int64) -> Ints:
    return (mentee * len(tables.mentors) + mentor) * 1024 + slot


def _with_rows(
    tables: Tables,
    seats: Ints,
    seat_price: int,
    sessions: int,
    another_mentor: bool,
    mentee: Ints,
    mentor: Ints,
    slot: Ints,
    worth: Ints,
) -> Columns:
    mentees, mentors = tables.score.shape
    slots = tables.mentor_free.shape[1]
    rows = np.full((len(mentee), 4), -1, np.int64)
    rows[:, 0] = mentee
    rows[:, 1] = mentees + mentor
    timed = np.nonzero(slot >= 0)[0]
    keys, place = np.unique(mentor[timed] * slots + slot[timed], return_inverse=True)
    rows[timed, 2] = mentees + mentors + place
    slot_row = {
        (int(key) // slots, int(key) % slots): mentees + mentors + at for at, key in enumerate(keys)
    }
    height = mentees + mentors + len(keys)
    day_row: dict[tuple[int, int], int] = {}
    day_cap: list[int] = []
    hosts = mentor[timed]
    room = tables.room[hosts, tables.day[hosts, slot[timed]]]
    for at in timed[room < seats[hosts]]:
        key = (int(mentor[at]), int(tables.day[mentor[at], slot[at]]))
        if key not in day_row:
            day_row[key] = height + len(day_row)
            day_cap.append(int(tables.room[key]))
        rows[at, 3] = day_row[key]
    high = np.concatenate([np.full(mentees, sessions), seats, np.ones(len(keys)), day_cap])
    low = np.full(len(high), -np.inf)
    low[:mentees][tables.pin >= 0] = 1
    scarce = np.arange(len(high)) >= mentees
    sign = np.ones(len(mentee), np.int64)
    most = np.full(len(mentee), 1.0 if another_mentor else np.inf)
    if seat_price:
        owner = np.repeat(np.arange(mentors), seats)
        step = np.arange(len(owner)) - np.repeat(np.cumsum(seats) - seats - tables.used, seats)
        seat_rows = np.full((len(owner), 4), -1, np.int64)
        seat_rows[:, 1] = mentees + owner
        rows = np.concatenate([rows, seat_rows])
        sign = np.concatenate([sign, np.full(len(owner), -1)])
        most = np.concatenate([most, np.ones(len(owner))])
        high[mentees : mentees + mentors] = 0
        mentee = np.concatenate([mentee, np.full(len(owner), -1)])
        mentor = np.concatenate([mentor, owner])
        slot = np.concatenate([slot, np.full(len(owner), -1)])
        worth = np.concatenate([worth, -seat_price * step])
    network = Network(rows, sign, low, high.astype(float), np.zeros(len(rows)), most, scarce)
    return Columns(mentee, mentor, slot, worth, network, slot_row, day_row)
