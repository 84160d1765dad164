"""People in the order and form that kernels read: the same for any order of the input's rows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..excluded import excluded_rows
from ..problem import Options, Problem
from ..rows import MenteeRows, MentorRows, rows_of, take
from ..score import gain, weight
from ..tables import lot
from .market import Int32s, Int64s, Shelf, Words, shelf_of

BLOCK = 128  # mentors looked at together

Bytes = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class Crowd:
    """Mentees by lot; mentors by the hour they are mostly free, by languages, then by lot.

    `wish` is the row of `ladder` (wishes, mentors; gain / 10) of each wished (skill, level),
    `heft` its weight, `total` Σ weights of a mentee; `ladder` is padded to whole blocks, whose
    mentors' weeks and languages are united in `union` and `tongues`. Excluded mentors of mentee
    i: `ban_first[i]` to `ban_first[i + 1]` of `ban`. `pin` mentor or -1, `pin_slot` slot of the
    week or -1. `kept` rows (mentee, mentor, slot or -1) of the published plan. `turn` is where
    each mentee's look begins, so that equals do not all choose the same.
    """

    mentees: MenteeRows
    mentors: MentorRows
    shelf: Shelf
    wish: Int32s
    heft: Int32s
    total: Int32s
    ladder: Bytes
    union: Words
    tongues: Words
    ban_first: Int64s
    ban: Int32s
    pin: Int32s
    pin_slot: Int32s
    kept: Int64s
    turn: Int64s


def crowd_of(problem: Problem, options: Options, seed: int) -> Crowd:
    """The arrays of a checked problem."""
    asking, giving = rows_of(problem)
    lots = np.array([lot(seed, name) for name in asking.people], np.uint64)
    order = _sorted(asking.people, lots)
    mentees, turn = take(asking, order), lots[order]
    theirs = np.array([lot(seed, name) for name in giving.people], np.uint64)
    by_lot = _sorted(giving.people, theirs)
    mentors = take(giving, by_lot[_near(take(giving, by_lot))])
    mentee_at = {name: at for at, name in enumerate(mentees.people)}
    mentor_at = {name: at for at, name in enumerate(mentors.people)}
    wish, ladder = _ladder(mentees, mentors)
    heft = np.array([weight(at) for at in range(1, 4)], np.int32)[
        np.minimum(mentees.want_priority, 3) - 1
    ]
    total = np.add.reduceat(np.append(heft, 0), mentees.want_from[:-1])
    total[np.diff(mentees.want_from) == 0] = 0
    ban_first, ban = _bans(problem, mentees, mentors, mentee_at, mentor_at)
    pin, pin_slot = np.full((2, len(mentees)), -1, np.int32)
    for pinned in problem.pins:
        at = mentee_at[pinned.mentee]
        pin[at] = mentor_at[pinned.mentor]
        pin_slot[at] = -1 if pinned.slot is None else pinned.slot
    kept = [
        (mentee_at[pair.mentee], mentor_at[pair.mentor], -1 if pair.slot is None else pair.slot)
        for pair in dict.fromkeys(problem.published)
        if pair.mentee in mentee_at and pair.mentor in mentor_at
    ]
    seats = np.minimum(mentors.seats, len(mentees) * options.sessions).astype(np.int32)
    shelf = shelf_of(seats, mentors.daily_cap, mentors.week, mentors.offset_minutes, problem.step)
    union = united(mentors.week, ladder.shape[1])
    return Crowd(
        mentees=mentees,
        mentors=mentors,
        shelf=shelf,
        wish=wish,
        heft=heft.astype(np.int32),
        total=total.astype(np.int32),
        ladder=ladder,
        union=union,
        tongues=united(mentors.speaks, ladder.shape[1]),
        ban_first=ban_first,
        ban=ban,
        pin=pin,
        pin_slot=pin_slot,
        kept=np.array(sorted(kept), np.int64).reshape(len(kept), 3),
        turn=(turn >> np.uint64(1)).astype(np.int64),
    )


def _sorted(people: tuple[str, ...], lots: Words) -> Int64s:
    order: Int64s = np.argsort(lots, kind="stable")
    again = lots[order]
    if not (again[1:] == again[:-1]).any():
        return order
    return np.array(sorted(range(len(people)), key=lambda at: (lots[at], people[at])), np.int64)


def united(words: Words, width: int) -> Words:
    """The bits that any mentor of a block has."""
    padded = np.zeros((width, words.shape[1]), np.uint64)
    padded[: len(words)] = words
    united: Words = np.bitwise_or.reduce(padded.reshape(-1, BLOCK, words.shape[1]), axis=1)
    return united


def _near(mentors: MentorRows) -> Int64s:
    """The order that puts mentors of one zone and language together; equals stay as they are.

    A zone shows in the hour of the day at which somebody is free most often. Languages go by name:
    their numbers follow the order of the input's rows.
    """
    bits = np.unpackbits(mentors.week.astype("<u8").view(np.uint8), axis=1, bitorder="little")
    days = bits.shape[1] // 48
    counts = bits[:, : days * 48].reshape(len(mentors), days, 48).sum(axis=1)
    names = mentors.languages
    spoken = [
        mentors.speaks[:, at // 64] >> np.uint64(at % 64) & np.uint64(1)
        for at in sorted(range(len(names)), key=names.__getitem__)
    ]
    order: Int64s = np.lexsort((*spoken, np.argmax(counts, axis=1)))
    return order


def _ladder(mentees: MenteeRows, mentors: MentorRows) -> tuple[Int32s, Bytes]:
    """Which row each wish reads, and the rows: gain / 10 of every mentor for (skill, level)."""
    key = mentees.want_skill.astype(np.int64) * 16 + mentees.want_level
    keys, wish = np.unique(key, return_inverse=True)
    width = -(-max(1, len(mentors)) // BLOCK) * BLOCK
    ladder = np.zeros((max(1, len(keys)), width), np.uint8)
    owner = np.repeat(np.arange(len(mentors)), np.diff(mentors.skill_from))
    by_skill = np.argsort(mentors.skill, kind="stable")
    first = np.searchsorted(mentors.skill[by_skill], np.arange(len(mentors.skills) + 1))
    steps = np.array([[gain(level, own) // 10 for level in range(6)] for own in range(6)], np.uint8)
    for row, wanted in enumerate(keys.tolist()):
        skill, own = divmod(wanted, 16)
        who = by_skill[first[skill] : first[skill + 1]]
        ladder[row, owner[who]] = steps[own][mentors.level[who]]
    return wish.astype(np.int32), ladder


def _bans(
    problem: Problem,
    mentees: MenteeRows,
    mentors: MentorRows,
    mentee_at: dict[str, int],
    mentor_at: dict[str, int],
) -> tuple[Int64s, Int32s]:
    found = excluded_rows(problem.excluded, mentees.people, mentors.people)
    forbidden = [
        (mentee_at[one], mentor_at[other])
        for one, other in problem.forbids
        if one in mentee_at and other in mentor_at
    ]
    more = np.array(sorted(forbidden), np.int64).reshape(len(forbidden), 2)
    who = np.concatenate([found.mentee.astype(np.int64), more[:, 0]])
    to = np.concatenate([found.mentor.astype(np.int64), more[:, 1]])
    order = np.lexsort((to, who))
    bounds = np.searchsorted(who[order], np.arange(len(mentees) + 1))
    return bounds, to[order].astype(np.int32)
