"""The most that a few sessions can leave each mentee at given prices, over all feasible pairs.

Sessions of one mentee fall on slots apart, and where asked with mentors apart: the best few slots
bound them, and so do the best few mentors.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from ..problem import Options
from ..score import above_floor, gained_by, language_points, score_pair
from .compiled import kernel, leaf
from .crowd import BLOCK, Crowd
from .everywhere import CHUNK, asked_of, scene_of
from .ledger import Ledger
from .look import (
    BEYOND,
    LANGUAGE,
    TIME,
    Sight,
    Tenths,
    banned,
    meets,
    points,
    prefers,
    spoken_in,
    sum_up,
)
from .market import Int32s, Int64s


class Odd(NamedTuple):
    """Pairs with a bonus, or that only a lead's pin permits: of mentee i, `first[i]` to the next.

    `to` mentor, `worth` points with the bonus for the pair; its published slots, which have a
    bonus of their own, are `slot_first[k]` to the next of `slot`.
    """

    first: Int64s
    to: Int32s
    worth: Int64s
    slot_first: Int64s
    slot: Int32s


@leaf
def _note(best: Int64s, left: int) -> None:
    """Keeps the best few of what mentors leave, the best first."""
    at = len(best) - 1
    if left <= best[at]:
        return
    while at > 0 and best[at - 1] < left:
        best[at] = best[at - 1]
        at -= 1
    best[at] = left


@leaf
def _note_slot(best: Int64s, which: Int32s, when: int, left: int) -> None:
    """Keeps the best few slots, each with the most that anybody leaves there."""
    at = len(best) - 1
    if left <= best[at]:
        return
    for known in range(len(best)):
        if which[known] == when:
            if left <= best[known]:
                return
            at = known
            break
    while at > 0 and best[at - 1] < left:
        best[at] = best[at - 1]
        which[at] = which[at - 1]
        at -= 1
    best[at] = left
    which[at] = when


@leaf
def _is_odd(odd: Odd, i: int, j: int) -> bool:
    # numba compiles loops only
    for at in range(odd.first[i], odd.first[i + 1]):  # noqa: SIM110
        if odd.to[at] == j:
            return True
    return False


@leaf
def _note_pair(
    sight: Sight,
    i: int,
    j: int,
    worth: int,
    kept: Int32s,
    keep_slot: int,
    by_mentor: Int64s,
    by_slot: Int64s,
    which: Int32s,
) -> None:
    """What each common slot with a mentor leaves, those in `kept` so much more."""
    most = np.int64(0)
    for slot in range(sight.start_of[j], sight.start_of[j + 1]):
        when = sight.slot_when[slot]
        if (sight.mentee_week[i, when >> 6] >> np.uint64(when & 63)) & np.uint64(1):
            left = worth - sight.cost[slot]
            for at in range(len(kept)):
                if kept[at] == when:
                    left += keep_slot
            most = max(most, np.int64(left))
            _note_slot(by_slot, which, when, left)
    _note(by_mentor, int(most))


@leaf
def _note_odd(
    sight: Sight,
    odd: Odd,
    i: int,
    at: int,
    person: int,
    keep_slot: int,
    by_mentor: Int64s,
    by_slot: Int64s,
    which: Int32s,
) -> None:
    kept = odd.slot[odd.slot_first[at] : odd.slot_first[at + 1]]
    worth = person + odd.worth[at]
    _note_pair(sight, i, odd.to[at], worth, kept, keep_slot, by_mentor, by_slot, which)


@leaf
def _note_all(
    sight: Sight,
    odd: Odd,
    i: int,
    person: int,
    floor: int,
    with_time: bool,
    apart: bool,
    by_mentor: Int64s,
    by_slot: Int64s,
    which: Int32s,
    sums: Tenths,
) -> None:
    """All other mentors that could be among the best few, a block at a time as in a look."""
    mentors, blocks, few = sight.mentor_week.shape[0], sight.union.shape[0], len(by_slot)
    slack = LANGUAGE + (TIME if with_time else 0)
    total = int(sight.total[i])
    first, last = sight.want_from[i], sight.want_from[i + 1]
    start = sight.turn[i] % blocks
    bar, old = np.int64(0), np.int64(-1)
    cut, cut_other, ask, ease = 0, 0, sight.ask[0, 0], sight.ease[0, 0]
    for step in range(blocks):
        bar = by_slot[few - 1]
        if apart:
            bar = min(bar, by_mentor[few - 1])
        if bar != old:
            old = bar
            worthy = 1 if 2 * bar > person else 0
            need = max(-BEYOND, min(BEYOND, int(bar) - worthy * person))
            cut = (need - slack) * total // 750
            cut_other = (need - slack + LANGUAGE // 2) * total // 750
            ask = sight.ask[worthy, sight.total_at[i]]
            ease = sight.ease[worthy, sight.total_at[i]]
        block = start + step
        if block >= blocks:
            block -= blocks
        most = -np.int64(ease[block])
        for want in range(first, last):
            most += sight.heft[want] * sight.crest[sight.wish[want], block]
        if most <= cut or (most <= cut_other and not spoken_in(sight, i, block)):
            continue
        if not meets(sight.mentee_week, i, sight.union, block):
            continue
        low = block * BLOCK
        sum_up(sight, first, last, low, sums)
        for at in range(min(BLOCK, mentors - low)):
            left = np.int64(sums[at]) - np.int64(ask[low + at])
            if left <= cut:
                continue
            j = low + at
            if left <= cut_other and not prefers(sight, i, j):
                continue
            gained = np.int64(sums[at])
            if gained == 0 or 10 * gained < floor * total or sight.closed[j]:
                continue
            if not meets(sight.mentee_week, i, sight.mentor_week, j):
                continue
            worth = points(sight, i, j, int(gained), with_time)
            if worth < 0 or person + worth - sight.least[j] <= bar:
                continue
            if banned(sight, i, j) or _is_odd(odd, i, j):
                continue
            _note_pair(sight, i, j, person + worth, odd.slot[:0], 0, by_mentor, by_slot, which)
            bar = by_slot[few - 1]
            if apart:
                bar = min(bar, by_mentor[few - 1])


@kernel
def look_for_few(
    sight: Sight,
    odd: Odd,
    begin: int,
    end: int,
    few: int,
    person: int,
    floor: int,
    with_time: bool,
    apart: bool,
    keep_slot: int,
    most: Int64s,
) -> None:
    """For mentees `begin` to `end`: `most` (one each) that so few sessions can leave them.

    `apart`: with another mentor each. Who is pinned is looked at like anybody else.
    """
    sums = np.zeros(BLOCK, np.int16)
    by_mentor, by_slot = np.zeros(few, np.int64), np.zeros(few, np.int64)
    which = np.zeros(few, np.int32)
    for i in range(begin, end):
        by_mentor[:] = 0
        by_slot[:] = 0
        which[:] = -1
        for at in range(odd.first[i], odd.first[i + 1]):
            if not sight.closed[odd.to[at]]:
                _note_odd(sight, odd, i, at, person, keep_slot, by_mentor, by_slot, which)
        if sight.total[i] > 0:
            _note_all(
                *(sight, odd, i, person, floor, with_time, apart),
                *(by_mentor, by_slot, which, sums),
            )
        total = np.int64(0)
        for at in range(few):
            total += by_slot[at]
        if apart:
            other = np.int64(0)
            for at in range(few):
                other += by_mentor[at]
            total = min(total, other)
        most[i - begin] = total


def odd_pairs(crowd: Crowd, options: Options) -> Odd:
    """The pairs of a crowd that count more than their points, or that only a pin permits."""
    slots: dict[tuple[int, int], set[int]] = {}
    for i, j, slot in crowd.kept.tolist():
        slots.setdefault((i, j), set()).update({slot} - {-1})
    published = set(slots)
    for i in np.flatnonzero(crowd.pin >= 0).tolist():
        slots.setdefault((i, int(crowd.pin[i])), set())
    rows: list[tuple[int, int, int, list[int]]] = []
    for i, j in sorted(slots):
        mentee, mentor = crowd.mentees[i], crowd.mentors[j]
        if j in crowd.ban[crowd.ban_first[i] : crowd.ban_first[i + 1]]:
            continue
        gained, weights, _ = gained_by(mentee, mentor)
        fits = above_floor(gained, weights, options.floor)
        heard = language_points(mentee.languages, mentor.languages) is not None
        if crowd.pin[i] != j and not (fits and heard):
            continue
        worth = score_pair(mentee, mentor, options).terms.score
        worth += options.keep_pair if (i, j) in published else 0
        rows.append((i, j, worth, sorted(slots[i, j])))
    counts = [len(kept) for _, _, _, kept in rows]
    return Odd(
        first=np.searchsorted([i for i, _, _, _ in rows], np.arange(len(crowd.mentees) + 1)),
        to=np.array([j for _, j, _, _ in rows], np.int32),
        worth=np.array([worth for _, _, worth, _ in rows], np.int64),
        slot_first=np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
        slot=np.array([slot for _, _, _, kept in rows for slot in kept], np.int32),
    )


def most_of_few(
    crowd: Crowd, ledger: Ledger, options: Options, odd: Odd, threads: int
) -> npt.NDArray[np.int64]:
    """(N,) the most that `options.sessions` sessions can leave each mentee at these prices."""
    sight = Sight(*scene_of(crowd), *asked_of(crowd, ledger))
    most = np.zeros(len(crowd.mentees), np.int64)

    def part(begin: int) -> None:
        end = min(begin + CHUNK, len(most))
        look_for_few(
            *(sight, odd, begin, end, options.sessions, ledger.person, options.floor),
            *(options.time_term, options.another_mentor, options.keep_slot, most[begin:end]),
        )

    with ThreadPoolExecutor(max_workers=threads) as pool:
        list(pool.map(part, range(0, len(most), CHUNK)))
    return most
