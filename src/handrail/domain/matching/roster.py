"""Who may meet whom, a row or a column at a time: all mentors for one mentee, or the reverse."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Any

import numpy as np
import numpy.typing as npt

from .excluded import ExcludedRows
from .problem import Mentee, Mentor, Options, Problem
from .rows import MenteeRows, MentorRows, rows_of
from .score import gain, skill_points, time_points, weight
from .tables import lot, skill_points_of
from .week import pack

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Words = npt.NDArray[np.uint64]

FEW = 16
DENSE = 16  # a skill that one mentor in so many has is kept as a row over all of them
GAIN = np.array([[gain(level, own) for own in range(6)] for level in range(6)], np.uint8)
WEIGHT = np.array([weight(place) for place in range(1, 4)], np.int64)


@dataclass(frozen=True, slots=True)
class Row:
    """One mentee against all mentors (M,): Σ w·gain; Σ w; places that a rule bars."""

    gained: npt.NDArray[np.int32]
    weights: int
    barred: tuple[int, ...]

    def permits(self, places: Ints) -> Bools:
        """Which of the mentors at these places no exclusion and no forbid bars."""
        if len(self.barred) > FEW:
            found: Bools = ~np.isin(places, self.barred)
            return found
        good: Bools = np.ones(len(places), np.bool_)
        for place in self.barred:
            good &= places != place
        return good


@dataclass(frozen=True, slots=True)
class Column:
    """One mentor against all mentees: whom all but the time permits, rising, and the points."""

    places: Ints
    points: Ints


class Roster:
    """Both sides of a checked problem as arrays, in the order of its rows.

    Memory is that of the people: a row costs some microseconds a thousand mentors, and rows are
    made when asked for, never all pairs.
    """

    def __init__(self, problem: Problem, options: Options, seed: int) -> None:
        self.problem, self.options, self.seed = problem, options, seed
        self.mentees, self.mentors = rows_of(problem)
        self.seats: Ints = self.mentors.seats.astype(np.int64)
        self.skill_at = {name: at for at, name in enumerate(self.mentors.skills)}
        self.language_at = {name: at for at, name in enumerate(self.mentors.languages)}
        self._ladders: dict[tuple[int, int], npt.NDArray[np.uint8]] = {}
        owner = np.repeat(np.arange(len(self.mentors)), np.diff(self.mentors.skill_from))
        order = np.argsort(self.mentors.skill, kind="stable")
        self._offer_who, self._offer_level = owner[order], self.mentors.level[order]
        named = np.arange(len(self.mentors.skills) + 1)
        self._offer_from = np.searchsorted(self.mentors.skill[order], named)
        self._mute: Bools = np.bitwise_or.reduce(self.mentors.speaks, axis=1) == 0
        self.pinned = {pin.mentee: pin.mentor for pin in problem.pins}

    @cached_property
    def mentee_at(self) -> dict[str, int]:
        """The place of each mentee."""
        return {name: at for at, name in enumerate(self.mentees.people)}

    @cached_property
    def mentor_at(self) -> dict[str, int]:
        """The place of each mentor."""
        return {name: at for at, name in enumerate(self.mentors.people)}

    @cached_property
    def rank(self) -> Ints:
        """(M,) the order among equals, drawn from the seed: row order cannot matter."""
        names = self.mentors.people
        drawn = [lot(self.seed, name) for name in names]
        order = sorted(range(len(names)), key=lambda to: (drawn[to], names[to]))
        rank = np.empty(len(names), np.int64)
        rank[order] = np.arange(len(names))
        return rank

    # All mentors, as one mentee sees them

    def row(self, mentee: Mentee) -> Row:
        """All mentors for one mentee, who need not be in the problem."""
        gained = np.zeros(len(self.mentors), np.int32)
        for want in mentee.wants:
            skill = self.skill_at.get(want.skill)
            if skill is not None:
                self._add(gained, skill, want.level, weight(want.priority))
        weights = sum(weight(want.priority) for want in mentee.wants)
        return Row(gained, weights, tuple(self._bars_of_mentees.of(mentee.person)))

    def _add(self, gained: npt.NDArray[np.int32], skill: int, own: int, heft: int) -> None:
        first, last = int(self._offer_from[skill]), int(self._offer_from[skill + 1])
        who, level = self._offer_who[first:last], self._offer_level[first:last]
        if (last - first) * DENSE < len(gained):
            gained[who] += np.multiply(GAIN[level, own], heft, dtype=np.int32)
            return
        if (skill, own) not in self._ladders:
            ladder = np.zeros(len(gained), np.uint8)
            ladder[who] = GAIN[level, own]
            self._ladders[skill, own] = ladder
        gained += np.multiply(self._ladders[skill, own], heft, dtype=np.int32)

    def fits(self, mentee: Mentee, row: Row, floor: int) -> Ints:
        """Places of the mentors that skill, floor, language and rules permit; not asked: time."""
        places = np.flatnonzero(row.gained >= max(1, floor * row.weights))
        places = places[row.permits(places)]
        return places[self.spoken(mentee.languages, places) >= 0]

    def spoken(self, languages: tuple[str, ...], places: Ints) -> Ints:
        """Points with the mentors at these places for languages, the preferred first, or -1."""
        points = np.full(len(places), 500, np.int64)
        if not languages:
            return points
        speaks = self.mentors.speaks[places]
        known = [self.language_at[name] for name in languages if name in self.language_at]
        heard: Bools = _any_bit(speaks, known) | self._mute[places]
        points[~heard] = -1
        if languages[0] in self.language_at:
            points[_any_bit(speaks, [self.language_at[languages[0]]])] = 1000
        return points

    def score(self, mentee: Mentee, row: Row, places: Ints) -> Ints:
        """The points of the mentee with the mentors at these places, by the one definition."""
        gained: Any = row.gained[places].astype(np.int64)  # it takes a whole row as well
        spoken = np.maximum(self.spoken(mentee.languages, places), 0)
        points: Ints = skill_points(gained, row.weights) + spoken
        if self.options.time_term:
            points = points + self.for_time(self.common(mentee, places))
        return points

    def common(self, mentee: Mentee, places: Ints) -> Words:
        """(places, 8) the slots that the mentee and each of these mentors are both free at."""
        common: Words = self.mentors.week[places] & pack([mentee.free])
        return common

    def meets(self, mentee: Mentee, places: Ints) -> Bools:
        """Whether there is a common time with the mentors at these places."""
        found = np.zeros(len(places), np.bool_)
        for word, mine in enumerate(pack([mentee.free])[0]):
            if mine:
                found |= (self._words[word][places] & mine) != 0
        return found

    @cached_property
    def _words(self) -> list[Words]:
        return [np.ascontiguousarray(word) for word in self.mentors.week.T]

    @cached_property
    def _bars_of_mentees(self) -> _Bars:
        return _Bars(self.problem, 0, self.mentor_at)

    @cached_property
    def _bars_of_mentors(self) -> _Bars:
        return _Bars(self.problem, 1, self.mentee_at)

    # All mentees, as one mentor sees them

    def column(self, mentor: Mentor) -> Column:
        """All mentees for one mentor, who need not be in the problem."""
        places, gained = self._gained_from(mentor)
        weights = self._weights[places]
        good = gained >= np.maximum(1, self.options.floor * weights)
        barred = self._bars_of_mentors.of(mentor.person)
        if barred:
            good &= ~np.isin(places, barred)
        places, gained, weights = places[good], gained[good], weights[good]
        heard = self.heard(mentor, places)
        good = heard >= 0
        places = places[good]
        points = skill_points_of(gained[good], weights[good]) + heard[good]
        if self.options.time_term:
            points = points + self.for_time(self.mentees.week[places] & pack([mentor.free]))
        return Column(places, points)

    def for_time(self, common: Words) -> Ints:
        """(people,) points for common slots (people, 8); zeros where they count nothing."""
        if not self.options.time_term:
            return np.zeros(len(common), np.int64)
        return _time(np.bitwise_count(common).sum(axis=1).astype(np.int64))

    def _gained_from(self, mentor: Mentor) -> tuple[Ints, Ints]:
        """The mentees who wish for what a mentor has, rising, and what each gains (Σ w·gain)."""
        who, part = [], []
        for name, level in mentor.skills:
            skill = self.skill_at.get(name)
            if skill is not None:
                wish = self._wishes[self._wish_from[skill] : self._wish_from[skill + 1]]
                who.append(self._wisher[wish])
                part.append(GAIN[level, self.mentees.want_level[wish]] * self._heft[wish])
        if len(who) == 1:  # nobody wishes for a skill twice
            return who[0], part[0]
        everybody = np.concatenate(who or [np.zeros(0, np.int64)])
        # whole numbers far below 2 ** 53: exact as floats
        sums = np.bincount(everybody, np.concatenate(part or [np.zeros(0, np.int64)]))
        places = np.flatnonzero(sums)
        return places, sums[places].astype(np.int64)

    @cached_property
    def _wisher(self) -> Ints:
        """(wishes,) the mentee of each."""
        people: Ints = np.repeat(np.arange(len(self.mentees)), np.diff(self.mentees.want_from))
        return people

    @cached_property
    def _wishes(self) -> Ints:
        """(wishes,) all of them by skill, those of one skill in the order of the mentees."""
        order: Ints = np.argsort(self.mentees.want_skill, kind="stable")
        return order

    @cached_property
    def _wish_from(self) -> Ints:
        named = np.arange(len(self.skill_at) + 1)
        first: Ints = np.searchsorted(self.mentees.want_skill[self._wishes], named)
        return first

    @cached_property
    def _heft(self) -> Ints:
        hefts: Ints = WEIGHT[np.minimum(self.mentees.want_priority, len(WEIGHT)) - 1]
        return hefts

    @cached_property
    def _weights(self) -> Ints:
        return _sums(self._heft, self.mentees.want_from)

    def heard(self, mentor: Mentor, places: Ints) -> Ints:
        """Points of the mentees at these places with a mentor for languages, or -1."""
        points = np.full(len(places), 500, np.int64)
        if not mentor.languages:
            return points
        first = self.mentees.first_language[places]
        known = [self.language_at[name] for name in mentor.languages if name in self.language_at]
        points[(first >= 0) & ~_any_bit(self.mentees.speaks[places], known)] = -1
        preferred = np.zeros(len(self.language_at) + 1, np.bool_)
        preferred[known] = True  # the last place stays: no language given
        points[preferred[first]] = 1000
        return points


class _Bars:
    """Pairs ruled out, by the person on one side (0: mentees) as places on the other."""

    def __init__(self, problem: Problem, side: int, other_at: dict[str, int]) -> None:
        self.side, self.other_at = side, other_at
        self.rows = problem.excluded if isinstance(problem.excluded, ExcludedRows) else None
        named: Iterable[tuple[str, str]] = problem.forbids
        if self.rows is None:
            named = chain(problem.excluded, problem.forbids)
        self.named: dict[str, list[int]] = defaultdict(list)
        for pair in named:
            if pair[1 - side] in other_at:
                self.named[pair[side]].append(other_at[pair[1 - side]])

    def of(self, person: str) -> list[int]:
        found = self.named.get(person, [])
        if self.rows is None or person not in self._at:
            return found
        first, last = self._bounds[self._at[person] : self._at[person] + 2].tolist()
        others = self.rows.mentees if self.side else self.rows.mentors
        names = (others[at] for at in self._others[first:last].tolist())
        return found + [self.other_at[name] for name in names if name in self.other_at]

    @cached_property
    def _at(self) -> dict[str, int]:
        assert self.rows is not None
        people = self.rows.mentors if self.side else self.rows.mentees
        return {name: at for at, name in enumerate(people)}

    @cached_property
    def _sorted(self) -> tuple[Ints, Ints]:
        assert self.rows is not None
        mine, theirs = self.rows.mentee, self.rows.mentor
        if self.side:
            mine, theirs = theirs, mine
        order = np.argsort(mine, kind="stable")
        bounds = np.searchsorted(mine[order], np.arange(len(self._at) + 1))
        return bounds.astype(np.int64), theirs[order].astype(np.int64)

    @property
    def _bounds(self) -> Ints:
        return self._sorted[0]

    @property
    def _others(self) -> Ints:
        return self._sorted[1]


def pair_scores(
    mentees: MenteeRows, mentors: MentorRows, who: Ints, to: Ints, *, time_term: bool
) -> Ints:
    """The points of the mentee at `who[k]` with the mentor at `to[k]`, for every k.

    Both sides are over the same vocabularies, as `rows_of` gives them.
    """
    width = max(1, len(mentors.skills))
    owner = np.repeat(np.arange(len(mentors)), np.diff(mentors.skill_from))
    offers = owner * width + mentors.skill
    order = np.argsort(offers, kind="stable")
    offers, levels = np.append(offers[order], -1), np.append(mentors.level[order], 0)
    counts = np.diff(mentees.want_from)[who]
    first = np.concatenate([np.zeros(1, np.int64), np.cumsum(counts)])
    wish = np.repeat(mentees.want_from[who] - first[:-1], counts) + np.arange(first[-1])
    asked = np.repeat(to, counts) * width + mentees.want_skill[wish]
    found = np.searchsorted(offers[:-1], asked)
    level = np.where(offers[found] == asked, levels[found], 0)
    heft = WEIGHT[np.minimum(mentees.want_priority[wish], len(WEIGHT)) - 1]
    top = _sums(GAIN[level, mentees.want_level[wish]] * heft, first)
    points = skill_points_of(top, _sums(heft, first)) + _pair_languages(mentees, mentors, who, to)
    if time_term:
        common = np.bitwise_count(mentees.week[who] & mentors.week[to]).sum(axis=1)
        points = points + _time(common.astype(np.int64))
    return points


def _pair_languages(mentees: MenteeRows, mentors: MentorRows, who: Ints, to: Ints) -> Ints:
    mine, theirs = mentees.speaks[who], mentors.speaks[to]
    first = mentees.first_language[who].astype(np.int64)
    points = np.where((mine & theirs).any(axis=1), 500, 0)
    at = np.maximum(first, 0)
    word = theirs[np.arange(len(to)), at // 64]
    preferred = (word >> (at % 64).astype(np.uint64) & np.uint64(1)).astype(np.bool_)
    points[preferred & (first >= 0)] = 1000
    points[(first < 0) | ~theirs.any(axis=1)] = 500
    return points


def _any_bit(masks: Words, bits: list[int]) -> Bools:
    """(people,) whether a set has one of the bits."""
    found = np.zeros(len(masks), np.bool_)
    for word in {bit // 64 for bit in bits}:
        wanted = sum(1 << bit % 64 for bit in set(bits) if bit // 64 == word)
        found |= (masks[:, word] & np.uint64(wanted)) != 0
    return found


def _sums(values: npt.NDArray[Any], bounds: Ints) -> Ints:
    """(people,) the sum of each one's part of a flat array."""
    running = np.concatenate([np.zeros(1, np.int64), np.cumsum(values, dtype=np.int64)])
    sums: Ints = running[bounds[1:]] - running[bounds[:-1]]
    return sums


def _time(common: Ints) -> Ints:
    table = np.array([time_points(count) for count in range(9)], np.int64)
    points: Ints = table[np.minimum(common, 8)]
    return points
