"""Answers for one mentee: why this one, why not that one, and what would change it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import overload

import numpy as np

from .books import NEVER, Books, books_of
from .change import smallest_change
from .plan import Pair, Plan, Reason
from .problem import Mentee, Mentor, Problem
from .reasons import shown
from .roster import Bools, Ints
from .score import above_floor, gained_by, language_points

FIRST = 8  # mentors looked for at once: as many as a page shows


@dataclass(frozen=True, slots=True)
class WhyNot:
    """Why a mentor is not the one. `difference`: what the plan loses at least; None: ruled out."""

    mentor: str
    reason: Reason
    score: int
    difference: int | None = None


@dataclass(frozen=True, slots=True)
class Explanation:
    """Everything there is to say about one mentee's place in a plan.

    `why` are the reasons of the pair, or the one that binds where there is none. `price` is what
    the seat is worth to others. `runner_up` is the best of the other mentors that fit.
    """

    mentee: str
    pair: Pair | None
    why: tuple[Reason, ...]
    price: int
    runner_up: WhyNot | None
    others: Sequence[WhyNot]
    change: Reason | None


def explain(problem: Problem, plan: Plan, mentee: str, *, change: bool = True) -> Explanation:
    """The answers for one mentee by id; KeyError for somebody who is no mentee of the problem.

    `change` looks for the smallest single change that would serve an unmatched person (not for
    cohorts, nor for projects of unequal length): by solving again up to 400 mentees, by the
    plan's prices beyond.
    """
    return _explain(books_of(problem, plan), mentee, change=change)


def explain_all(problem: Problem, plan: Plan) -> Mapping[str, Explanation]:
    """Every mentee's answers without looking for changes, by id; each made when it is read."""
    return _Everybody(books_of(problem, plan))


class _Everybody(Mapping[str, Explanation]):
    def __init__(self, books: Books) -> None:
        self.books = books

    def __getitem__(self, mentee: str) -> Explanation:
        return _explain(self.books, mentee, change=False)

    def __iter__(self) -> Iterator[str]:
        return iter(self.books.roster.mentees.people)

    def __len__(self) -> int:
        return len(self.books.roster.mentees)


def _explain(books: Books, person: str, *, change: bool) -> Explanation:
    problem, plan = books.problem, books.plan
    mentee = books.mentee(person)
    pair = plan.pair_of(person)
    others = Others(books, mentee, pair)
    chosen = books.roster.mentor_at[pair.mentor] if pair else -1
    look = change and not pair and plan.options.model != "cohort" and not problem.loads
    first = others[0] if others else None
    return Explanation(
        mentee=person,
        pair=pair,
        why=pair.reasons if pair else (books.unmatched[person],),
        price=books.price_at(chosen, pair.slot, books.load(person)) if pair else 0,
        runner_up=first if first and first.difference is not None else None,
        others=others,
        change=smallest_change(problem, plan, person) if look else None,
    )


@dataclass(frozen=True)
class _Near:
    """Mentors that no rule keeps apart, the nearest first.

    Arrays: their places, scores, what the plan would lose at least, and what the cheapest common
    slot costs.
    """

    to: Ints
    score: Ints
    lost: Ints
    cost: Ints


class _Around:
    """The mentors around one mentee, but the one proposed: some of them, or all."""

    def __init__(self, books: Books, mentee: Mentee, pair: Pair | None) -> None:
        self.books, self.mentee, self.pair = books, mentee, pair
        roster, pinned = books.roster, books.roster.pinned.get(mentee.person)
        self.row = roster.row(mentee)
        places = books.fits(mentee, self.row)
        places = places[roster.seats[places] > 0]
        chosen = roster.mentor_at[pair.mentor] if pair else -1
        left = self._left(places[places == chosen])
        self.own = int(left[0]) if len(left) and left[0] > -NEVER else 0
        self.places = places[(places != chosen) & (pinned is None)]

    def _left(self, places: Ints) -> Ints:
        return self.books.left(self.mentee, self.row, places)

    def first(self, few: int) -> _Near:
        """Those `few` or more that leave most, and perhaps all.

        Prices first: the hours that both have matter only where a mentor could come so far.
        """
        most = self.books.left_at_most(self.mentee, self.row, self.places)
        width = 4 * few
        while width < len(self.places):
            bar = np.partition(most, -width)[-width]
            near = self.nearest(self.places[most >= bar])
            settled = int((self.own - near.lost >= bar).sum())
            if settled >= few:
                return _Near(*(part[:settled] for part in vars(near).values()))
            width *= 4
        return self.nearest(self.places)

    def nearest(self, places: Ints) -> _Near:
        """Those of these mentors that no rule keeps apart, in their order."""
        books, roster = self.books, self.books.roster
        left = self._left(places)
        places, left = places[left > -NEVER], left[left > -NEVER]
        score = roster.score(self.mentee, self.row, places)
        cost = books.plan.prices.person + books.worth(self.mentee, self.row, places) - left
        lost = self.own - left
        if books.plan.options.model == "cohort":
            groups = [
                _that_group(books, self.mentee, self.pair, to, points).difference
                for to, points in zip(places.tolist(), score.tolist(), strict=True)
            ]
            there = np.array([difference is not None for difference in groups], np.bool_)
            places, score, cost = places[there], score[there], cost[there]
            lost = np.array([lost for lost in groups if lost is not None], np.int64)
        order = np.lexsort((roster.rank[places], -score, lost))
        return _Near(places[order], score[order], lost[order], cost[order])


@dataclass(frozen=True, eq=False)
class Others(Sequence[WhyNot]):
    """Why not each mentor but the one proposed, the nearest first; ruled out ones last.

    Each is built when it is asked for, and those far behind are looked for only then.
    """

    books: Books
    mentee: Mentee
    pair: Pair | None

    @cached_property
    def _around(self) -> _Around:
        return _Around(self.books, self.mentee, self.pair)

    @cached_property
    def _first(self) -> _Near:
        cohort = self.books.plan.options.model == "cohort"  # goes by groups, not by prices
        return self._all if cohort else self._around.first(FIRST)

    @cached_property
    def _all(self) -> _Near:
        return self._around.nearest(self._around.places)

    def __len__(self) -> int:
        return len(self.books.roster.mentors) - (self.pair is not None)

    @overload
    def __getitem__(self, at: int) -> WhyNot: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[WhyNot, ...]: ...
    def __getitem__(self, at: int | slice) -> WhyNot | tuple[WhyNot, ...]:
        if isinstance(at, slice):
            return tuple(self[place] for place in range(len(self))[at])
        if not -len(self) <= at < len(self):
            raise IndexError(at)
        at %= len(self)
        near = self._first if at < len(self._first.to) else self._all
        if at >= len(near.to):
            return self._ruled_out(at - len(near.to))
        to, score = int(near.to[at]), int(near.score[at])
        if self.books.plan.options.model == "cohort":
            return _that_group(self.books, self.mentee, self.pair, to, score)
        mentor, lost = self.books.mentor(to), int(near.lost[at])
        reason = _because(self.books.plan, self.mentee, mentor, lost, int(near.cost[at]))
        return WhyNot(mentor.person, reason, score, lost)

    def _ruled_out(self, at: int) -> WhyNot:
        places, scores = self._rest
        mentor, score = self.books.mentor(int(places[at])), int(scores[at])
        reason = rule_against(self.books.problem, self.books.plan, self.mentee, mentor)
        if reason is None:
            return _that_group(self.books, self.mentee, self.pair, int(places[at]), score)
        return WhyNot(mentor.person, reason, score)

    @cached_property
    def _rest(self) -> tuple[Ints, Ints]:
        """Those whom a rule keeps apart, the higher scores first: their places and the scores."""
        roster = self.books.roster
        apart: Bools = np.ones(len(roster.mentors), np.bool_)
        apart[self._all.to] = False
        if self.pair:
            apart[roster.mentor_at[self.pair.mentor]] = False
        places = np.flatnonzero(apart)
        score = roster.score(self.mentee, roster.row(self.mentee), places)
        order = np.lexsort((roster.rank[places], -score))
        return places[order], score[order]


def _because(plan: Plan, mentee: Mentee, mentor: Mentor, lost: int, cost: int) -> Reason:
    held = plan.held.get(mentor.person, ())
    common = mentee.free & mentor.free
    if len(held) < mentor.seats:
        held = tuple(session for session in held if common >> session[1] & 1)
    holders = sorted({holder for holder, _ in held} - {mentee.person})
    if cost > 0 and holders:
        code = "scarce" if 2 * cost > plan.prices.person else "seat_worth_more"
        return Reason(code, {"mentor": mentor.person, "holders": holders, "price": cost})
    return Reason("lower_score", {"difference": lost}) if lost > 0 else Reason("tie")


def _that_group(books: Books, mentee: Mentee, pair: Pair | None, to: int, score: int) -> WhyNot:
    plan, mentor = books.plan, books.roster.mentors.people[to]
    groups = Counter(slot for _, slot in plan.held.get(mentor, ()))
    sizes = [size for slot, size in groups.items() if mentee.free >> slot & 1]
    if not sizes:
        return WhyNot(mentor, Reason("no_group_there", {"mentor": mentor}), score)
    if min(sizes) >= plan.options.largest_cohort:
        return WhyNot(mentor, Reason("group_full", {"mentor": mentor}), score)
    difference = max(0, pair.score - score) if pair else 0
    reason = Reason("lower_score", {"difference": difference}) if difference else Reason("tie")
    return WhyNot(mentor, reason, score, difference)


def rule_against(problem: Problem, plan: Plan, mentee: Mentee, mentor: Mentor) -> Reason | None:
    """The first rule that keeps a pair apart: pin, ban, skill, floor, language, seats, time."""
    pair = (mentee.person, mentor.person)
    pinned = books_of(problem, plan).roster.pinned
    if pinned.get(mentee.person, mentor.person) != mentor.person:
        return Reason("pinned_elsewhere", {"mentee": pair[0], "mentor": pinned[mentee.person]})
    if pair in problem.excluded:
        return Reason(shown(problem.excluded[pair]))
    if pair in problem.forbids:
        return Reason("forbidden")
    gained, weights, _ = gained_by(mentee, mentor)
    if mentee.person not in pinned:
        if gained == 0:
            return Reason("no_skill_pair", {"mentor": mentor.person})
        if not above_floor(gained, weights, plan.options.floor):
            floor = plan.options.floor
            return Reason("below_floor", {"share": gained // weights, "floor": floor})
        if language_points(mentee.languages, mentor.languages) is None:
            return Reason("no_language", {"mentors": 1})
    if mentor.seats == 0:
        return Reason("no_seats", {"mentors": 1})
    if not mentee.free & mentor.free:
        return Reason("no_time_pair")
    return None
