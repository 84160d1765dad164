"""Look at all mentors for each mentee: the best few after prices, and the most a mentee can gain.

Every feasible pair is either looked at or ruled out by a bound that it cannot pass: the gain of a
whole block of mentors is summed in bytes and compared with what a price and a threshold ask.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from .compiled import kernel, leaf
from .crowd import BLOCK
from .market import Flags, Int32s, Int64s, Words

LANGUAGE = 1000
TIME = 1500
BEYOND = 20_000
WORDS = 8  # of 64 bits in a week
STEPS = ((100, 1000), (100, 500), (90, 500), (75, 500), (50, 500))  # how near the best to begin


Tenths = npt.NDArray[np.int16]


class Scene(NamedTuple):
    """What a look reads whatever the prices: both sides, with the arrays of a crowd.

    `total_at` is the place of each mentee's Σ weights among all that occur, `crest` the most that
    a row of the ladder has in a block.
    """

    mentee_week: Words
    mentor_week: Words
    want_from: Int64s
    wish: Int32s
    heft: Int32s
    total: Int32s
    total_at: Int32s
    ladder: npt.NDArray[np.uint8]
    crest: npt.NDArray[np.uint8]
    union: Words
    tongues: Words
    ban_first: Int64s
    ban: Int32s
    speaks: Words
    spoken: Words
    first_language: Int32s
    pin: Int32s
    turn: Int64s
    slot_when: Int32s
    start_of: Int32s


class Asked(NamedTuple):
    """What a look reads of the prices.

    `cost` of each slot of each mentor with everything in, `least` of each mentor (all its slots
    cost at least so much), `level` whether they all cost just that. `ask` (2, totals, mentors):
    a price in tenths of gain for each Σ weights, for people worth serving [1] and others [0];
    `ease` is its least in each block. `closed` mentors have no seat or no hour.
    """

    cost: Int64s
    least: Int64s
    level: Flags
    closed: Flags
    ask: Tenths
    ease: Tenths


class Sight(NamedTuple):
    """A scene and what is asked in it, side by side for the kernels."""

    mentee_week: Words
    mentor_week: Words
    want_from: Int64s
    wish: Int32s
    heft: Int32s
    total: Int32s
    total_at: Int32s
    ladder: npt.NDArray[np.uint8]
    crest: npt.NDArray[np.uint8]
    union: Words
    tongues: Words
    ban_first: Int64s
    ban: Int32s
    speaks: Words
    spoken: Words
    first_language: Int32s
    pin: Int32s
    turn: Int64s
    slot_when: Int32s
    start_of: Int32s
    cost: Int64s
    least: Int64s
    level: Flags
    closed: Flags
    ask: Tenths
    ease: Tenths


@leaf
def points(sight: Sight, i: int, j: int, gained: int, with_time: bool) -> int:
    """The score of a pair with so much gain (in tenths); -1 where no language is shared."""
    language = 0
    first = sight.first_language[i]
    mute = True
    for word in range(sight.spoken.shape[1]):
        if sight.spoken[j, word]:
            mute = False
    if first < 0 or mute:
        language = 500
    elif (sight.spoken[j, first >> 6] >> np.uint64(first & 63)) & np.uint64(1):
        language = 1000
    else:
        for word in range(sight.spoken.shape[1]):
            if sight.spoken[j, word] & sight.speaks[i, word]:
                language = 500
    if language == 0:
        return -1
    score = 750 * gained // sight.total[i] + language
    if with_time:
        common = 0
        for word in range(sight.mentee_week.shape[1]):
            both = sight.mentee_week[i, word] & sight.mentor_week[j, word]
            while both and common < 8:
                both &= both - np.uint64(1)
                common += 1
        score += TIME * common // 8
    return int(score)


@leaf
def price(sight: Sight, i: int, j: int) -> int:
    """The least price of a slot free for both; -1 when there is none."""
    any_common = False
    for word in range(sight.mentee_week.shape[1]):
        if sight.mentee_week[i, word] & sight.mentor_week[j, word]:
            any_common = True
            break
    if not any_common:
        return -1
    if sight.level[j]:
        return int(sight.least[j])
    best = -1
    for slot in range(sight.start_of[j], sight.start_of[j + 1]):
        when = sight.slot_when[slot]
        free = (sight.mentee_week[i, when >> 6] >> np.uint64(when & 63)) & np.uint64(1)
        if free != np.uint64(0) and (best < 0 or sight.cost[slot] < best):
            best = int(sight.cost[slot])
    return best


@leaf
def banned(sight: Sight, i: int, j: int) -> bool:
    """Whether a pair is ruled out by name."""
    # numba compiles loops only
    for at in range(sight.ban_first[i], sight.ban_first[i + 1]):  # noqa: SIM110
        if sight.ban[at] == j:
            return True
    return False


@leaf
def prefers(sight: Sight, i: int, j: int) -> bool:
    """Whether a mentor speaks the language that a mentee prefers."""
    first = sight.first_language[i]
    if first < 0:
        return False
    return bool((sight.spoken[j, first >> 6] >> np.uint64(first & 63)) & np.uint64(1))


@leaf
def spoken_in(sight: Sight, i: int, block: int) -> bool:
    """Whether anybody in a block speaks the language that a mentee prefers."""
    first = sight.first_language[i]
    if first < 0:
        return False
    return bool((sight.tongues[block, first >> 6] >> np.uint64(first & 63)) & np.uint64(1))


@leaf
def meets(one: Words, i: int, other: Words, j: int) -> bool:
    """Whether two weeks have a slot in common; all words at once, which is quicker than to stop."""
    common = np.uint64(0)
    for word in range(WORDS):
        common |= one[i, word] & other[j, word]
    return bool(common != np.uint64(0))


@leaf
def sum_up(sight: Sight, first: int, last: int, low: int, sums: Tenths) -> None:
    """The gain (in tenths) that each mentor of a block gives for some wishes."""
    row = sight.ladder[sight.wish[first], low : low + BLOCK]
    heft = np.int16(sight.heft[first])
    for at in range(BLOCK):
        sums[at] = np.int16(heft * row[at])
    for want in range(first + 1, last):
        row = sight.ladder[sight.wish[want], low : low + BLOCK]
        heft = np.int16(sight.heft[want])
        for at in range(BLOCK):
            sums[at] = np.int16(sums[at] + heft * row[at])


@leaf
def _best_gain(sight: Sight, i: int, tops: Tenths, sums: Tenths) -> int:
    """The most gain (in tenths) of any mentor; `tops` gets that of each block, -1 for no hour."""
    best = 0
    first, last = sight.want_from[i], sight.want_from[i + 1]
    for block in range(len(tops)):
        tops[block] = -1
        most = 0
        for want in range(first, last):
            most += sight.heft[want] * sight.crest[sight.wish[want], block]
        if most == 0 or not meets(sight.mentee_week, i, sight.union, block):
            continue
        sum_up(sight, first, last, block * BLOCK, sums)
        top = np.int16(-1)
        for at in range(BLOCK):
            top = max(top, sums[at])
        tops[block] = top
        best = max(best, int(top))
    return best


@leaf
def _pass(
    sight: Sight,
    i: int,
    row: int,
    person: int,
    floor: int,
    with_time: bool,
    bar: int,
    best_to: Int32s,
    best_worth: Int64s,
    value: Int64s,
    tops: Tenths,
    sums: Tenths,
) -> int:
    """All mentors that leave mentee i more than `bar`, the best few kept; returns how many.

    Where `tops` are known, blocks whose gain cannot reach what is asked are passed over.
    """
    width, blocks, mentors = len(value), sight.union.shape[0], sight.mentor_week.shape[0]
    slack = LANGUAGE + (TIME if with_time else 0)
    total = int(sight.total[i])
    first, last = sight.want_from[i], sight.want_from[i + 1]
    start = sight.turn[i] % blocks
    count = 0
    old = bar - 1
    cut, cut_other, ask, ease = 0, 0, sight.ask[0, 0], sight.ease[0, 0]
    for step in range(blocks):
        if bar != old:
            old = bar
            worthy = 1 if 2 * bar > person else 0
            need = max(-BEYOND, min(BEYOND, bar - worthy * person))
            cut = (need - slack) * total // 750
            cut_other = (need - slack + LANGUAGE // 2) * total // 750
            ask = sight.ask[worthy, sight.total_at[i]]
            ease = sight.ease[worthy, sight.total_at[i]]
        block = start + step
        if block >= blocks:
            block -= blocks
        if len(tops):
            most = np.int64(tops[block]) - ease[block]
        else:
            most = -np.int64(ease[block])
            for want in range(first, last):
                most += sight.heft[want] * sight.crest[sight.wish[want], block]
        if most <= cut or (most <= cut_other and not spoken_in(sight, i, block)):
            continue
        if not meets(sight.mentee_week, i, sight.union, block):
            continue
        low = block * BLOCK
        sum_up(sight, first, last, low, sums)
        asked = ask[low : low + BLOCK]
        top = np.int16(-32768)
        for at in range(BLOCK):
            top = max(top, np.int16(sums[at] - asked[at]))
        if top <= cut:
            continue
        for at in range(min(BLOCK, mentors - low)):
            left = int(sums[at]) - int(asked[at])
            if left <= cut:
                continue
            j = low + at
            if left <= cut_other and not prefers(sight, i, j):
                continue
            gained = int(sums[at])
            if gained == 0 or 10 * gained < floor * total or sight.closed[j]:
                continue
            if not meets(sight.mentee_week, i, sight.mentor_week, j):
                continue
            worth = points(sight, i, j, gained, with_time)
            if worth < 0 or person + worth - sight.least[j] <= bar or banned(sight, i, j):
                continue
            gain = person + worth - price(sight, i, j)
            if gain <= bar:
                continue
            place = count if count < width else width - 1
            while place > 0 and value[place - 1] < gain:
                value[place] = value[place - 1]
                best_to[row, place] = best_to[row, place - 1]
                best_worth[row, place] = best_worth[row, place - 1]
                place -= 1
            value[place] = gain
            best_to[row, place] = j
            best_worth[row, place] = worth
            if count < width:
                count += 1
            if count == width:
                bar = value[width - 1]
    return count


@kernel
def look(
    sight: Sight,
    begin: int,
    end: int,
    person: int,
    floor: int,
    with_time: bool,
    best_first: bool,
    known: Int64s,
    best_to: Int32s,
    best_worth: Int64s,
    most: Int64s,
) -> None:
    """For mentees `begin` to `end`: up to K mentors that leave more than `known`, the best first.

    All results and `known` have a row for each of these mentees: `best_to` (.., K) mentors or -1,
    `best_worth` their points; `most` gets the largest value found, or `known` where none is.
    Values are person + points - price. `best_first` begins with those near the best there is and
    goes on only where they are too few; it takes prices of zero.
    """
    width = best_to.shape[1]
    sums = np.zeros(BLOCK, np.int16)
    tops = np.zeros(sight.union.shape[0] if best_first else 0, np.int16)
    value = np.zeros(width, np.int64)
    for i in range(begin, end):
        row = i - begin
        most[row] = known[row]
        total = np.int64(sight.total[i])
        if total == 0 or sight.pin[i] >= 0:
            continue
        count = 0
        if best_first:
            best = _best_gain(sight, i, tops, sums)
            for share, language in STEPS:
                near = 750 * (best * share // 100) // total + language - 1
                bar = max(known[row], person + near)
                count = _pass(
                    *(sight, i, row, person, floor, with_time, bar),
                    *(best_to, best_worth, value, tops, sums),
                )
                if count == width:
                    break
        if count < width:
            count = _pass(
                *(sight, i, row, person, floor, with_time, known[row]),
                *(best_to, best_worth, value, tops, sums),
            )
        for place in range(count, width):
            best_to[row, place] = -1
        if count:
            most[row] = value[0]


@leaf
def common_bits(
    mentee_week: Words,
    slot_when: Int32s,
    start_of: Int32s,
    who: Int32s,
    to: Int32s,
    only: Int32s,
    common: Words,
) -> None:
    """For each pair the bits of the mentor's own slots at which both are free; `only` one slot."""
    for arc in range(len(who)):
        i, j = who[arc], to[arc]
        for slot in range(start_of[j], start_of[j + 1]):
            when = slot_when[slot]
            if only[arc] >= 0 and only[arc] != when:
                continue
            if (mentee_week[i, when >> 6] >> np.uint64(when & 63)) & np.uint64(1):
                bit = slot - start_of[j]
                common[arc, bit >> 6] |= np.uint64(1) << np.uint64(bit & 63)
