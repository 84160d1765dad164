"""The verifier for many people: each mentee against all mentors in one row, by its own arithmetic.

Says what `verify` says pair by pair, and shares no code with the solver. Every feasible pair is
scored; slots are gone through where a pair could be worth more than the best found so far.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain

import numpy as np
import numpy.typing as npt

from .plan import Prices
from .problem import Mentee
from .verify_rules import Case

Whole = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

LEADS = (0, 80, 100, 90, 70, 60)
BYTES = 64  # of a week: 512 starts at most
RARE = 32  # a skill that fewer than one mentor in so many has is kept as a list
NO_BAR = 2**62
SOME = 48  # mentors whose hours are compared at a time
TELL = 1_000  # mentees between two words of progress

Progress = Callable[[int, int], None]


class Rows:
    """All mentors of a case as arrays (M,), in the order of the problem."""

    def __init__(self, case: Case) -> None:
        self.case = case
        mentors = list(case.mentors.values())
        self.at = {mentor.person: place for place, mentor in enumerate(mentors)}
        self.mentors = mentors
        self.seats: Whole = np.array([mentor.seats for mentor in mentors], np.int64)
        self.weeks = _weeks([mentor.free for mentor in mentors])
        self.silent: Flags = np.array([not mentor.languages for mentor in mentors], np.bool_)
        self.tongues = {
            language: np.array([language in mentor.languages for mentor in mentors], np.bool_)
            for language in {name for mentor in mentors for name in mentor.languages}
        }
        who: dict[str, list[int]] = defaultdict(list)
        level: dict[str, list[int]] = defaultdict(list)
        for place, mentor in enumerate(mentors):
            for skill, reached in mentor.skills:
                who[skill].append(place)
                level[skill].append(reached)
        self.givers = {skill: np.array(places, np.int64) for skill, places in who.items()}
        self.levels = {skill: np.array(reached, np.int64) for skill, reached in level.items()}
        self.whole_rows: dict[tuple[str, int], npt.NDArray[np.uint8]] = {}
        self.ruled_out: dict[str, list[int]] = defaultdict(list)
        for mentee, name in chain(case.problem.excluded, case.problem.forbids):
            if name in self.at:
                self.ruled_out[mentee].append(self.at[name])
        self.again: dict[str, list[int]] = defaultdict(list)
        for mentee, name in case.kept_pairs:
            if name in self.at:
                self.again[mentee].append(self.at[name])

    def gained(self, mentee: Mentee) -> tuple[npt.NDArray[np.int32], int]:
        """Percent-weighted gain with each mentor, and the total weight of the wishes."""
        row = np.zeros(len(self.mentors), np.int32)
        total = 0
        for want in mentee.wants:
            factor = 4 if want.priority == 1 else 2 if want.priority == 2 else 1
            total += factor
            if want.skill not in self.givers:
                continue
            places = self.givers[want.skill]
            if len(places) * RARE < len(row):
                row[places] += factor * self._gains(want.skill, want.level).astype(np.int32)
                continue
            key = (want.skill, want.level)
            if key not in self.whole_rows:
                whole = np.zeros(len(row), np.uint8)
                whole[places] = self._gains(*key)
                self.whole_rows[key] = whole
            row += self.whole_rows[key] * np.int32(factor)
        return row, total

    def _gains(self, skill: str, own: int) -> npt.NDArray[np.uint8]:
        lead = np.clip(self.levels[skill] - own, 0, 5)
        return np.array(LEADS, np.uint8)[lead]

    def language_points(self, mentee: Mentee, places: Whole) -> Whole:
        """Points for the languages shared with some mentors; 0 stands for none."""
        if not mentee.languages:
            return np.full(len(places), 500, np.int64)
        points: Whole = 500 * self.silent[places].astype(np.int64)
        for language in reversed(mentee.languages):
            if language in self.tongues:
                worth = 1000 if language == mentee.languages[0] else 500
                points[self.tongues[language][places]] = worth
        return points

    def feasible(self, mentee: Mentee) -> tuple[Whole, Whole]:
        """Places of all mentors that every rule but the time permits, and the points there."""
        options = self.case.options
        gained, total = self.gained(mentee)
        places = np.flatnonzero(gained >= max(1, options.floor * total))
        speak = self.language_points(mentee, places)
        good = (speak > 0) & (self.seats[places] >= self.case.load(mentee.person))
        for barred in self.ruled_out.get(mentee.person, ()):
            good &= places != barred
        places, speak = places[good], speak[good]
        points = 75 * gained[places].astype(np.int64) // max(1, total) + speak
        return places, points + self._time_points(mentee, places)

    def _time_points(self, mentee: Mentee, places: Whole) -> Whole:
        if not self.case.options.time_term:
            return np.zeros(len(places), np.int64)
        shared = self.weeks[places] & _weeks([mentee.free])
        counts = np.bitwise_count(shared).sum(axis=1).astype(np.int64)
        points: Whole = 1500 * np.minimum(counts, 8) // 8
        return points

    def pinned(self, mentee: Mentee, mentor: str) -> tuple[Whole, Whole]:
        """The place of the only mentor that a lead left to somebody, and the points there."""
        place = np.array([self.at[mentor]])
        gained, total = self.gained(mentee)
        points = 75 * gained[place].astype(np.int64) // max(1, total)
        points = points + self.language_points(mentee, place) + self._time_points(mentee, place)
        enough = self.seats[place] >= self.case.load(mentee.person)
        return place[enough], points[enough]


class Priced:
    """Rows at the prices of a plan."""

    def __init__(self, rows: Rows, prices: Prices) -> None:
        self.rows, self.case, self.person = rows, rows.case, prices.person
        self.seat: Whole = np.array(
            [prices.mentor.get(mentor.person, 0) for mentor in rows.mentors], np.int64
        )
        self.slots: dict[int, dict[int, int]] = defaultdict(dict)
        for (name, slot), price in prices.slot.items():
            self.slots[rows.at[name]][slot] = price
        self.days: dict[int, dict[int, int]] = defaultdict(dict)
        for (name, day), price in prices.day.items():
            self.days[rows.at[name]][day] = price
        self.least: Whole = np.zeros(len(rows.mentors), np.int64)
        self.uneven: Flags = np.zeros(len(rows.mentors), np.bool_)
        for to in {*self.slots, *self.days}:
            extra = [self._extra(to, slot) for slot in _starts(rows.mentors[to].free)]
            self.least[to] = min(extra, default=0)
            self.uneven[to] = min(extra, default=0) < max(extra, default=0)

    def _extra(self, to: int, slot: int) -> int:
        """What a slot and its day cost beside the seat."""
        minute = slot * self.case.problem.step + self.rows.mentors[to].offset_minutes
        by_slot, by_day = self.slots.get(to), self.days.get(to)
        price = by_slot.get(slot, 0) if by_slot else 0
        return price + (by_day.get(minute // 1440, 0) if by_day else 0)

    def most(self, mentee: Mentee, sessions: int, planned: tuple[str, int] | None) -> int:
        """The best that all mentors and slots leave one mentee, over every feasible pair.

        `planned`, a mentor and slot that the plan gives and that were found sound, is where the
        search begins: what cannot be worth more need not be looked at slot by slot.
        """
        case = self.case
        pin = case.pinned.get(mentee.person) if sessions == 1 else None
        if pin:
            places, points = self.rows.pinned(mentee, pin[0])
        else:
            places, points = self.rows.feasible(mentee)
        if not pin and mentee.person in case.pinned:  # permits a pair beside those that fit
            place, there = self.rows.pinned(mentee, case.pinned[mentee.person][0])
            beside = ~np.isin(place, places)
            places, points = np.append(places, place[beside]), np.append(points, there[beside])
        units = case.load(mentee.person) // case.unit
        base = self.person + points - units * self.seat[places]
        if sessions > 1:
            return self._several(mentee, places, base, sessions)
        if pin:
            lefts = [
                left
                for to, most in zip(places.tolist(), base.tolist(), strict=True)
                for slot, left in self._lefts(mentee, to, most)
                if pin[1] in (None, slot)
            ]
            return max(lefts, default=0)
        return self._best(mentee, places, base, planned)

    def _best(
        self, mentee: Mentee, places: Whole, base: Whole, planned: tuple[str, int] | None
    ) -> int:
        best = 0
        if planned is not None:
            to, slot = self.rows.at[planned[0]], planned[1]
            for most in base[places == to].tolist():
                best = max(best, dict(self._lefts(mentee, to, most)).get(slot, 0))
        kept = self.rows.again.get(mentee.person, ())
        upper = base - self.least[places] + self._bonus(mentee, places)
        order = np.flatnonzero(upper > best)
        order = order[np.argsort(-upper[order], kind="stable")]
        mine = _weeks([mentee.free])
        for begin in range(0, len(order), SOME):
            part = order[begin : begin + SOME]
            shared = self.rows.weeks[places[part]] & mine
            meets: Flags = np.logical_or.reduce(shared, axis=1)
            for at, met in zip(part.tolist(), meets.tolist(), strict=True):
                if upper[at] <= best:
                    return best
                to = int(places[at])
                if met and not self.uneven[to] and to not in kept:
                    return int(upper[at])
                if met:
                    lefts = self._lefts(mentee, to, int(base[at]))
                    best = max(best, max(left for _, left in lefts))
        return best

    def _lefts(self, mentee: Mentee, to: int, base: int) -> Iterator[tuple[int, int]]:
        """Each common slot with a mentor, and what it leaves after prices, bonuses included."""
        options, mentor = self.case.options, self.rows.mentors[to]
        pair = (mentee.person, mentor.person)
        base += options.keep_pair if pair in self.case.kept_pairs else 0
        for slot in _starts(mentee.free & mentor.free):
            bonus = options.keep_slot if (*pair, slot) in self.case.kept_slots else 0
            yield slot, base + bonus - self._extra(to, slot)

    def _several(self, mentee: Mentee, places: Whole, base: Whole, sessions: int) -> int:
        """The best few slots, or with another mentor each the best few mentors if that is less.

        The dearest pairs first, until none that follows could be among the best few.
        """
        apart = self.case.options.another_mentor
        by_slot: dict[int, int] = {}
        by_mentor: list[int] = []
        upper = base - self.least[places] + self._bonus(mentee, places)
        order = np.flatnonzero(upper > 0)
        order = order[np.argsort(-upper[order], kind="stable")]
        met = (self.rows.weeks[places[order]] & _weeks([mentee.free])).any(axis=1)
        bar = 0
        for at in order[met].tolist():
            if upper[at] <= bar:
                break
            lefts = list(self._lefts(mentee, int(places[at]), int(base[at])))
            by_mentor.append(max(left for _, left in lefts))
            for slot, left in lefts:
                by_slot[slot] = max(by_slot.get(slot, 0), left)
            bar = min(
                _last_of(by_slot.values(), sessions),
                _last_of(by_mentor, sessions) if apart else NO_BAR,
            )
        gained = _largest(by_slot.values(), sessions)
        return min(gained, _largest(by_mentor, sessions)) if apart else gained

    def _bonus(self, mentee: Mentee, places: Whole) -> Whole:
        """The most that publishing some of these pairs before can add."""
        options, kept = self.case.options, self.rows.again.get(mentee.person, ())
        bonus: Whole = (options.keep_pair + options.keep_slot) * np.isin(places, kept)
        return bonus


def gained_in_rows(
    case: Case,
    prices: Prices,
    sessions: int,
    planned: Mapping[str, tuple[str, int]],
    progress: Progress,
) -> int:
    """Σ over the mentees of the best that all mentors and slots leave them, in Python integers."""
    priced = Priced(Rows(case), prices)
    total = 0
    for at, mentee in enumerate(case.mentees.values()):
        if at % TELL == 0:
            progress(at, len(case.mentees))
        total += priced.most(mentee, sessions, planned.get(mentee.person))
    progress(len(case.mentees), len(case.mentees))
    return total


def _weeks(weeks: Sequence[int]) -> npt.NDArray[np.uint64]:
    """(people, 8) a week's bits as words, the earliest slot in the lowest bit."""
    raw = b"".join(week.to_bytes(BYTES, "little") for week in weeks)
    words: npt.NDArray[np.uint64] = np.frombuffer(raw, "<u8").reshape(len(weeks), -1)
    return words


def _starts(week: int) -> Iterator[int]:
    while week:
        lowest = week & -week
        yield lowest.bit_length() - 1
        week -= lowest


def _last_of(values: Iterable[int], count: int) -> int:
    """The smallest of the `count` largest, 0 where there are fewer."""
    largest = sorted(values, reverse=True)[:count]
    return max(0, largest[-1]) if len(largest) == count else 0


def _largest(values: Iterable[int], count: int) -> int:
    return sum(sorted((value for value in values if value > 0), reverse=True)[:count])
