"""Who would take a place that does not exist yet, and what it is worth to them."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property, lru_cache
from typing import NamedTuple

import numpy as np

from .books import NEVER, Books
from .problem import Mentor
from .roster import Bools, Ints, Words
from .score import score_pair
from .week import pack

KEPT = 256  # pools that are not made again
GLANCE = 256  # people looked at first; they come in order, so more are seldom needed
MOST_FOR_LANGUAGE, MOST_FOR_TIME = 1000, 1500
ONE_MORE = "\x00one more"


class Bid(NamedTuple):
    """What a place is worth to somebody and to the others, above the places they have.

    `mine` is None for somebody who could not take it; `other` is the most that it is worth to
    anybody else, -NEVER where nobody could take it, and `other_waits` whether one of those to
    whom it is worth so much has no place yet.
    """

    mine: int | None
    other: int
    other_waits: bool


class Demand:
    """The demand for a mentor's new hour and for a new mentor, at the prices of a plan."""

    def __init__(self, books: Books) -> None:
        self.books, self.roster = books, books.roster
        self._at_mentor: Callable[[int], _Pool] = lru_cache(KEPT)(self._pool_of_mentor)
        self._wishing: Callable[[str, int], _Pool] = lru_cache(KEPT)(self._pool_of_skill)

    def for_hour(self, to: int, slot: int, at: int) -> Bid:
        """A seat of the mentor at place `to` at one more slot, for the mentee at place `at`."""
        books, options = self.books, self.books.plan.options
        mine, other, waits = self._at_mentor(to).bid(at, 1 << slot)
        price, bonus = books.price_at(to, slot), 0
        own: int | None = None
        if books.problem.published:  # of others it is not known that it is less
            bonus = options.keep_pair + options.keep_slot
        if mine is not None:
            again = books.kept.get(self.roster.mentees.people[at], {}).get(to)
            own = mine - price + (options.keep_pair if again else 0)
            own += options.keep_slot if again and slot in again else 0
        return Bid(own, max(-NEVER, other - price + bonus), waits)

    def for_expert(self, expert: Mentor, at: int) -> Bid:
        """The only seat of a new mentor for one skill, for the mentee at place `at`."""
        return self._of(expert).bid(at, expert.free, expert)

    def waiting_for(self, expert: Mentor) -> int:
        """How many people without a place could take the seat of a new mentor for one skill."""
        return self._of(expert).waiting(expert.free, expert)

    def _of(self, expert: Mentor) -> _Pool:
        ((skill, level),) = expert.skills
        return self._wishing(skill, level)

    def _pool_of_mentor(self, to: int) -> _Pool:
        books, people, mentor = self.books, self.roster.mentees, self.books.mentor(to)
        column = self.roster.column(mentor)
        free = ~books.is_pinned[column.places]
        places, points = column.places[free], column.points[free]
        pinned = books.pinned_to.get(mentor.person, [])
        theirs = [score_pair(people[at], mentor, books.plan.options).terms.score for at in pinned]
        places, points = np.append(places, pinned), np.append(points, theirs)
        return _Pool(books, places.astype(np.int64), points.astype(np.int64))

    def _pool_of_skill(self, skill: str, level: int) -> _Pool:
        # somebody who names no language shares one with everybody, for 500 points
        column = self.roster.column(Mentor(ONE_MORE, ((skill, level),), 1, 0))
        free = ~self.books.is_pinned[column.places]
        return _Pool(self.books, column.places[free], column.points[free] - 500)


class _Pool:
    """Those who could take a place but for its hours, those first to whom it is worth most."""

    def __init__(self, books: Books, places: Ints, points: Ints) -> None:
        self.books, self.roster = books, books.roster
        worth = books.plan.prices.person + points - books.surplus[places]
        order = np.argsort(-worth, kind="stable")
        self.places, self.worth = places[order], worth[order]
        self._rising: Ints = np.argsort(self.places)

    def bid(self, at: int, hours: int, expert: Mentor | None = None) -> Bid:
        """What the place is worth at these hours; an expert's languages and time count as well."""
        week = pack([hours])
        mine, place = None, self._place_of(at)
        if place is not None:
            found = self._worth(slice(place, place + 1), week, expert)
            mine = int(found[0]) if found[0] > -NEVER else None
        other, waits = -NEVER, False
        beside = self._most_beside(expert)
        begin, width = 0, GLANCE
        while begin < len(self.places):
            end = begin + width
            found = self._worth(slice(begin, end), week, expert)
            if place is not None and begin <= place < end:
                found[place - begin] = -NEVER
            best = int(found.max())
            if best > -NEVER and best >= other:
                waiting = bool(self.books.waits[self.places[begin:end][found == best]].any())
                other, waits = best, waiting or (waits and best == other)
            if end < len(self.places) and other > int(self.worth[end]) + beside:
                break  # nobody behind can come up to it
            begin, width = end, 2 * width
        return Bid(mine, other, waits)

    def waiting(self, hours: int, expert: Mentor) -> int:
        """How many of those without a place could take this one."""
        good = self._meet(hours) & (self.roster.heard(expert, self._waiting) >= 0)
        return int(good.sum())

    def _worth(self, part: slice, week: Words, expert: Mentor | None) -> Ints:
        """What the place is worth to some of them, -NEVER where hours or languages rule it out."""
        places, worth = self.places[part], self.worth[part]
        common = self.roster.mentees.week[places] & week
        good = common.any(axis=1)
        if expert is not None:
            heard = self.roster.heard(expert, places)
            good &= heard >= 0
            worth = worth + heard + self.roster.for_time(common)
        return np.where(good, worth, -NEVER)

    def _most_beside(self, expert: Mentor | None) -> int:
        if expert is None:
            return 0
        return MOST_FOR_LANGUAGE + MOST_FOR_TIME * self.books.plan.options.time_term

    def _place_of(self, at: int) -> int | None:
        found = int(np.searchsorted(self.places, at, sorter=self._rising))
        if found == len(self.places) or self.places[self._rising[found]] != at:
            return None
        return int(self._rising[found])

    @cached_property
    def _waiting(self) -> Ints:
        return self.places[self.books.waits[self.places]]

    @cached_property
    def _waiting_weeks(self) -> Words:
        """(8, people) word by word, as most hours lie in a few words."""
        return np.ascontiguousarray(self.roster.mentees.week[self._waiting].T)

    def _meet(self, hours: int) -> Bools:
        good = np.zeros(len(self._waiting), np.bool_)
        for word, theirs in zip(pack([hours])[0], self._waiting_weeks, strict=True):
            if word:
                good |= (theirs & word) != 0
        return good


def demand_of(books: Books) -> Demand:
    """The demand at the prices of a plan, kept with its books."""
    kept = books.plan.notes.get("demand")
    if isinstance(kept, Demand) and kept.books is books:
        return kept
    demand = books.plan.notes["demand"] = Demand(books)
    return demand
