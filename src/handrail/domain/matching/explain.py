"""Answers for one mentee: why this one, why not that one, and what would change it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import overload

import numpy as np

from .books import NEVER, Books, books_of
from .change import smallest_change
from .plan import Pair, Plan, Reason
from .problem import Mentee, Mentor, Problem
from .reasons import shown
from .roster import Bools, Ints
from .score import above_floor, gained_by, language_points


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
    others = _others(books, mentee, pair)
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


def _others(books: Books, mentee: Mentee, pair: Pair | None) -> Sequence[WhyNot]:
    """All mentors but the one proposed, the nearest first; ruled out ones last."""
    roster = books.roster
    row = roster.row(mentee)
    everybody = np.arange(len(roster.mentors))
    score = roster.score(mentee, row, everybody)
    places = books.fits(mentee, row)
    places = places[roster.seats[places] > 0]
    left, cost = np.full((2, len(everybody)), -NEVER, np.int64)
    left[places] = books.left(mentee, row, places)
    cost[places] = books.plan.prices.person + books.worth(mentee, row, places) - left[places]
    ruled_out = left == -NEVER
    chosen = roster.mentor_at[pair.mentor] if pair else -1
    if mentee.person in roster.pinned:
        ruled_out |= everybody != roster.mentor_at[roster.pinned[mentee.person]]
    own = int(left[chosen]) if pair else 0
    lost = np.where(ruled_out, 0, own - left)
    if books.plan.options.model == "cohort":
        groups = [_that_group(books, mentee, pair, int(to), int(score[to])) for to in everybody]
        ruled_out |= np.array([each.difference is None for each in groups], np.bool_)
        lost = np.where(ruled_out, 0, [each.difference or 0 for each in groups])
    order = np.lexsort((roster.rank, -score, lost, ruled_out))
    order = order[order != chosen]
    return Others(books, mentee, order, score[order], lost[order], ruled_out[order], cost[order])


@dataclass(frozen=True, eq=False)
class Others(Sequence[WhyNot]):
    """Why not each of the other mentors, the nearest first; each built when it is asked for.

    Arrays in this order: the mentors' places, scores, what the plan would lose at least, whether
    a rule stands between, and what the cheapest common slot costs.
    """

    books: Books
    mentee: Mentee
    to: Ints
    score: Ints
    lost: Ints
    ruled_out: Bools
    cost: Ints

    def __len__(self) -> int:
        return len(self.to)

    @overload
    def __getitem__(self, at: int) -> WhyNot: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[WhyNot, ...]: ...
    def __getitem__(self, at: int | slice) -> WhyNot | tuple[WhyNot, ...]:
        if isinstance(at, slice):
            return tuple(self[place] for place in range(len(self))[at])
        books, to, score = self.books, int(self.to[at]), int(self.score[at])
        mentor = books.mentor(to)
        if self.ruled_out[at]:
            reason = rule_against(books.problem, books.plan, self.mentee, mentor)
            if reason is not None:
                return WhyNot(mentor.person, reason, score)
        if books.plan.options.model == "cohort":
            pair = books.plan.pair_of(self.mentee.person)
            return _that_group(books, self.mentee, pair, to, score)
        lost, cost = int(self.lost[at]), int(self.cost[at])
        reason = _because(books.plan, self.mentee, mentor, lost, cost)
        return WhyNot(mentor.person, reason, score, lost)


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
