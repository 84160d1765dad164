"""A problem as arrays, people sorted by a hash of seed and id so that row order cannot matter."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
import numpy.typing as npt

from .problem import Mentee, Mentor, Options, Problem, day_of
from .score import FULL, gain, language_points, skill_points, weight
from .week import Rows, pack

Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]
Tickets = npt.NDArray[np.uint64]

DAYS = 9  # the week's seven, and a day before and after it in the mentor's zone
NO_CAP = 1_000_000


def lot(seed: int, *ids: str) -> int:
    """64 bits drawn from the seed and ids: what decides between equals."""
    text = "\\x1f".join([str(seed), *ids]).encode()
    return int.from_bytes(blake2b(text, digest_size=8).digest(), "little")


def tickets(a: Tickets, b: Tickets, slot: Ints) -> Ints:
    """20 bits for each (mentee, mentor, slot): the higher wins among equals (splitmix64)."""
    mixed = a ^ (b << np.uint64(1)) ^ (b >> np.uint64(63))
    mixed = mixed + (slot + 2).astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    drawn: Ints = ((mixed ^ (mixed >> np.uint64(31))) >> np.uint64(44)).astype(np.int64)
    return drawn


@dataclass(frozen=True)
class Tables:
    """Arrays over mentees (N) and mentors (M); all are read-only.

    `gained` Σ w·gain and `weights` Σ w; `score` points; `spoken` language points or -1;
    `fits`: floor, language, exclusions and forbids permit the pair (or a lead pinned it);
    `allowed`: the same, and pinned people have their pinned mentor only (time is not asked yet);
    `worth` = score + bonus for a published pair; `kept` rows (mentee, mentor, slot or -1) of the
    published plan. `mentee_free`, `mentor_free`: (people, slots) booleans. `pin` mentor index or
    -1, `pin_slot` slot or -1. `person` outweighs every difference that points can make.
    """

    mentees: tuple[Mentee, ...]
    mentors: tuple[Mentor, ...]
    gained: Ints
    weights: Ints
    score: Ints
    spoken: Ints
    fits: Bools
    allowed: Bools
    worth: Ints
    kept: Ints
    mentee_free: Bools
    mentor_free: Bools
    mentee_lot: Tickets
    mentor_lot: Tickets
    seats: Ints
    used: Ints
    room: Ints
    day: Ints
    pin: Ints
    pin_slot: Ints
    person: int


def _grid(rows: Rows, slots: int) -> Bools:
    bits = np.unpackbits(rows.astype("<u8").view(np.uint8), axis=1, bitorder="little")
    return bits[:, :slots].astype(np.bool_)


def _gains(mentees: tuple[Mentee, ...], mentors: tuple[Mentor, ...]) -> tuple[Ints, Ints]:
    """(N, M) Σ w·gain and (N,) Σ w."""
    levels: dict[str, Ints] = {}
    for at, mentor in enumerate(mentors):
        for skill, level in mentor.skills:
            levels.setdefault(skill, np.zeros(len(mentors), np.int64))[at] = level
    rows: dict[tuple[str, int], Ints] = {}
    gained = np.zeros((len(mentees), len(mentors)), np.int64)
    weights = np.zeros(len(mentees), np.int64)
    for at, mentee in enumerate(mentees):
        for want in mentee.wants:
            weights[at] += weight(want.priority)
            if want.skill not in levels:
                continue
            key = (want.skill, want.level)
            if key not in rows:
                ladder = np.array([gain(level, want.level) for level in range(6)], np.int64)
                rows[key] = ladder[levels[want.skill]]
            gained[at] += weight(want.priority) * rows[key]
    return gained, weights


def _languages(mentees: tuple[Mentee, ...], mentors: tuple[Mentor, ...]) -> Ints:
    """(N, M) language points, -1 where no language is shared."""
    mine = {who.languages for who in mentees}
    theirs = {who.languages for who in mentors}
    points = {(a, b): language_points(a, b) for a in mine for b in theirs}
    groups: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for at, mentor in enumerate(mentors):
        groups[mentor.languages].append(at)
    rows: dict[tuple[str, ...], Ints] = {}
    for languages in mine:
        row = np.empty(len(mentors), np.int64)
        for other, places in groups.items():
            found = points[languages, other]
            row[places] = -1 if found is None else found
        rows[languages] = row
    if not mentees:
        return np.empty((0, len(mentors)), np.int64)
    return np.stack([rows[mentee.languages] for mentee in mentees])


def tabulate(problem: Problem, options: Options, seed: int) -> Tables:
    """The arrays of a checked problem."""
    names = [who.person for who in problem.mentees] + [who.person for who in problem.mentors]
    drawn = {name: lot(seed, name) for name in names}
    mentees = tuple(sorted(problem.mentees, key=lambda who: (drawn[who.person], who.person)))
    mentors = tuple(sorted(problem.mentors, key=lambda who: (drawn[who.person], who.person)))
    mentee_at = {who.person: at for at, who in enumerate(mentees)}
    mentor_at = {who.person: at for at, who in enumerate(mentors)}
    gained, weights = _gains(mentees, mentors)
    spoken = _languages(mentees, mentors)
    mentee_rows = pack([who.free for who in mentees])
    mentor_rows = pack([who.free for who in mentors])
    score = skill_points_of(gained, weights) + np.maximum(spoken, 0)
    if options.time_term:
        common = np.bitwise_count(mentee_rows[:, None, :] & mentor_rows[None, :, :]).sum(axis=2)
        score += 1500 * np.minimum(8, common.astype(np.int64)) // 8
    allowed = (gained > 0) & (gained >= options.floor * weights[:, None]) & (spoken >= 0)
    for mentee, mentor in (*problem.excluded, *problem.forbids):
        if mentee in mentee_at and mentor in mentor_at:
            allowed[mentee_at[mentee], mentor_at[mentor]] = False
    fits = allowed.copy()
    pin = np.full(len(mentees), -1, np.int64)
    pin_slot = np.full(len(mentees), -1, np.int64)
    for pinned in problem.pins:
        at, to = mentee_at[pinned.mentee], mentor_at[pinned.mentor]
        pin[at] = to
        pin_slot[at] = -1 if pinned.slot is None else pinned.slot
        allowed[at] = False
        allowed[at, to] = True
        fits[at, to] = True
    kept = [
        (mentee_at[pair.mentee], mentor_at[pair.mentor], -1 if pair.slot is None else pair.slot)
        for pair in dict.fromkeys(problem.published)
        if pair.mentee in mentee_at and pair.mentor in mentor_at
    ]
    published = np.array(sorted(kept), np.int64).reshape(len(kept), 3)
    worth = score.copy()
    worth[published[:, 0], published[:, 1]] += options.keep_pair
    days = np.array(
        [[day_of(who, slot, problem.step) for slot in range(problem.slots)] for who in mentors],
        np.int64,
    ).reshape(len(mentors), problem.slots)
    tables = Tables(
        mentees=mentees,
        mentors=mentors,
        gained=gained,
        weights=weights,
        score=score,
        spoken=spoken,
        fits=fits,
        allowed=allowed,
        worth=worth,
        kept=published,
        mentee_free=_grid(mentee_rows, problem.slots),
        mentor_free=_grid(mentor_rows, problem.slots),
        mentee_lot=np.array([drawn[who.person] for who in mentees], np.uint64),
        mentor_lot=np.array([drawn[who.person] for who in mentors], np.uint64),
        seats=np.array([who.seats for who in mentors], np.int64),
        used=np.zeros(len(mentors), np.int64),
        room=np.array([[who.daily_cap or NO_CAP] * DAYS for who in mentors], np.int64).reshape(
            len(mentors), DAYS
        ),
        day=days + 1,
        pin=pin,
        pin_slot=pin_slot,
        person=worth_of_a_person(problem, options),
    )
    for field in vars(tables).values():
        if isinstance(field, np.ndarray):
            field.flags.writeable = False
    return tables


def skill_points_of(gained: Ints, weights: Ints) -> Ints:
    """(N, M) skill points, by the one definition in `score`."""
    points = np.zeros_like(gained)
    for total in np.unique(weights):
        if total:
            mine = weights == total
            points[mine] = skill_points(gained[mine], int(total))
    return points


def most_seat_cost(problem: Problem, options: Options) -> int:
    """The most that seat prices can take from a plan's value."""
    sessions = len(problem.mentees) * options.sessions
    used = (min(who.seats, sessions) for who in problem.mentors)
    return options.seat_price * sum(seats * (seats - 1) // 2 for seats in used)


def worth_of_a_person(problem: Problem, options: Options) -> int:
    """B: more than all points, bonuses and seat prices of a plan together (and > N·10,000)."""
    sessions = len(problem.mentees) * options.sessions
    per_session = FULL + options.keep_pair + options.keep_slot
    return sessions * per_session + most_seat_cost(problem, options) + 1
