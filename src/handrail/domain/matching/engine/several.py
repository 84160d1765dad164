"""Two or three sessions for each: in rounds, each as good as what the rounds before it left.

Where another mentor is asked for each session, the best plan is NP-hard to find (Even, Itai and
Shamir 1976), so prices bound it: those of a market in which each mentee comes as several people.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from ..problem import Options
from ..roster import pair_scores
from ..rows import take
from .crowd import Crowd, united
from .few import most_of_few, odd_pairs
from .large import Solved
from .ledger import Ledger
from .market import Flags, Int64s, Shelf, Words, shelf_of

DAYS = 16  # more than the week's, and a day before and after it
LOOKS = 9  # prices tried for the bound of the fit


@dataclass(frozen=True)
class Bounded:
    """Prices of several sessions, and the most that any plan can be worth at them."""

    ledger: Ledger
    most: int


def further_rounds(
    crowd: Crowd,
    options: Options,
    step: int,
    first: Int64s,
    solve: Callable[[Crowd], Solved],
    rows_of: Callable[[Solved], Int64s],
) -> Int64s:
    """The sessions of all rounds: rows (mentee, mentor, slot, number), those of `first` before."""
    rows = first
    for number in range(2, options.sessions + 1):
        found = rows_of(solve(_what_is_left(crowd, options, step, rows)))
        found[:, 3] = number
        rows = np.concatenate([rows, found])
    return rows


def _what_is_left(crowd: Crowd, options: Options, step: int, rows: Int64s) -> Crowd:
    """The crowd without the hours, seats and days that are taken, and without who has no session.

    Nobody is pinned or kept in it: that was for the first session.
    """
    who, to, when = rows[:, 0], rows[:, 1], rows[:, 2]
    mentees, mentors = crowd.mentees, crowd.mentors
    mine = _without(mentees.week, who, when)
    mine[np.setdiff1d(np.arange(len(mentees)), who)] = 0
    theirs = _without(mentors.week, to, when)
    held = np.zeros((len(mentors), DAYS), np.int64)
    np.add.at(held, (to, _day(crowd, to, when, step)), 1)
    j, slot = np.nonzero(_bits(theirs))
    cap = mentors.daily_cap[j]
    full = (cap > 0) & (held[j, _day(crowd, j, slot, step)] >= cap)
    theirs = _without(theirs, j[full], slot[full])
    seats = crowd.shelf.seats - np.bincount(to, minlength=len(mentors)).astype(np.int32)
    shelf = shelf_of(seats, mentors.daily_cap, theirs, mentors.offset_minutes, step)
    ban_first, ban = crowd.ban_first, crowd.ban
    if options.another_mentor:
        one = np.concatenate([np.repeat(np.arange(len(mentees)), np.diff(ban_first)), who])
        other = np.concatenate([ban, to])
        order = np.lexsort((other, one))
        ban_first = np.searchsorted(one[order], np.arange(len(mentees) + 1))
        ban = other[order].astype(np.int32)
    nobody = np.full(len(mentees), -1, np.int32)
    return replace(
        crowd,
        mentees=replace(mentees, week=mine),
        mentors=replace(mentors, week=theirs),
        shelf=_with_days_left(crowd, shelf, held, step),
        union=united(theirs, crowd.ladder.shape[1]),
        ban_first=ban_first,
        ban=ban,
        pin=nobody,
        pin_slot=nobody,
        kept=crowd.kept[:0],
    )


def _without(week: Words, who: Int64s, when: Int64s) -> Words:
    left = week.copy()
    bit = np.uint64(1) << (when % 64).astype(np.uint64)
    np.bitwise_and.at(left, (who, when // 64), ~bit)
    return left


def _bits(week: Words) -> Flags:
    bits = np.unpackbits(week.astype("<u8").view(np.uint8), axis=1, bitorder="little")
    return bits.astype(np.bool_)


def _day(crowd: Crowd, to: Int64s, when: Int64s, step: int) -> Int64s:
    """The local day of a mentor's slot, the day before the week being 0."""
    local: Int64s = (when * step + crowd.mentors.offset_minutes[to]) // 1440 + 1
    return local


def _with_days_left(crowd: Crowd, shelf: Shelf, held: Int64s, step: int) -> Shelf:
    to = shelf.day_mentor
    when = shelf.slot_when[shelf.slot_first[:-1]].astype(np.int64)
    used = np.where(shelf.capped[to], held[to, _day(crowd, to.astype(np.int64), when, step)], 0)
    return shelf._replace(day_cap=(shelf.day_cap - used).astype(np.int32))


def several_bounds(
    crowd: Crowd,
    options: Options,
    person: int,
    sessions: int,
    solve: Callable[[Crowd], Solved],
    threads: int,
) -> tuple[Bounded, Bounded]:
    """Prices that bound the number of sessions, and prices that bound the fit of so many.

    The second are the first, less what makes sessions count more than points: by how much decides
    how good they are, so some are tried. Each session counts `person` there, which may be negative.
    """
    copies = solve(_copied(crowd, options.sessions))
    odd = odd_pairs(crowd, options)

    def bounded(ledger: Ledger) -> Bounded:
        most = most_of_few(crowd, ledger, options, odd, threads)
        return Bounded(ledger, ledger.sold(crowd.shelf, 0) + sum(most.tolist()))

    most = bounded(copies.ledger)
    tried: dict[int, Bounded] = {}

    def excess(count: int) -> int:
        if count not in tried:
            tried[count] = bounded(_lowered(copies.ledger, crowd.shelf, person - count))
        return tried[count].most - count * sessions

    low, high = -10_000, 10_000
    while len(tried) < LOOKS and high - low > 100:
        near, far = low + (high - low) * 3 // 8, low + (high - low) * 5 // 8
        if excess(near) <= excess(far):
            high = far
        else:
            low = near
    return most, tried[min(tried, key=lambda count: (excess(count), count))]


def _copied(crowd: Crowd, times: int) -> Crowd:
    """Each mentee as several people, who do not know each other."""
    bans = len(crowd.ban)
    starts = [crowd.ban_first[:-1] + copy * bans for copy in range(times)]
    people = np.tile(np.arange(len(crowd.mentees)), times)
    nobody = np.full(len(people), -1, np.int32)
    return replace(
        crowd,
        mentees=take(crowd.mentees, people),
        wish=np.tile(crowd.wish, times),
        heft=np.tile(crowd.heft, times),
        total=np.tile(crowd.total, times),
        ban_first=np.concatenate([*starts, [bans * times]]),
        ban=np.tile(crowd.ban, times),
        pin=nobody,
        pin_slot=nobody,
        kept=crowd.kept[:0],
        turn=np.tile(crowd.turn, times),
    )


def _lowered(ledger: Ledger, shelf: Shelf, by: int) -> Ledger:
    """The ledger with every session that costs so much cheaper by it, and nothing below zero."""
    mentor = np.maximum(ledger.mentor - by, 0)
    left = (by - ledger.mentor + mentor)[shelf.day_mentor]
    day = np.maximum(ledger.day - left, 0)
    rest = (left - ledger.day + day)[shelf.slot_day]
    return Ledger(ledger.person - by, ledger.step, mentor, day, np.maximum(ledger.slot - rest, 0))


def worth_of_rows(crowd: Crowd, options: Options, rows: Int64s) -> tuple[int, int]:
    """Fit, and value: fit with the bonuses for what is kept."""
    who, to = rows[:, 0], rows[:, 1]
    points = pair_scores(crowd.mentees, crowd.mentors, who, to, time_term=options.time_term)
    fit = value = sum(points.tolist())
    if options.keep_pair or options.keep_slot:
        kept = {tuple(row) for row in crowd.kept.tolist()}
        pairs = {(i, j) for i, j, _ in kept}
        for i, j, slot in rows[:, :3].tolist():
            value += options.keep_pair * ((i, j) in pairs)
            value += options.keep_slot * ((i, j, slot) in kept)
    return fit, value
