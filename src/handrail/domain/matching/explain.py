"""Answers for one mentee: why this one, why not that one, and what would change it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from math import gcd

import numpy as np

from .bound import NOTHING, Duals, cost_of, duals_of
from .change import smallest_change
from .plan import Pair, Plan, Reason
from .problem import Mentee, Problem
from .reasons import shown
from .score import above_floor, gained_by, language_points
from .tables import Tables, tabulate


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
    others: tuple[WhyNot, ...]
    change: Reason | None


def explain(problem: Problem, plan: Plan, mentee: str, *, change: bool = True) -> Explanation:
    """The answers for one mentee by id; KeyError for somebody who is no mentee of the problem.

    `change` looks for the smallest single change that would serve an unmatched person (not for
    cohorts, nor for projects of unequal length); that takes a few re-solves, so it is left out
    for more than 400 mentees unless a free seat answers it.
    """
    tables = tabulate(problem, plan.options, plan.seed)
    place = {who.person: at for at, who in enumerate(tables.mentees)}
    return _explain(problem, plan, tables, place[mentee], change=change)


def explain_all(problem: Problem, plan: Plan) -> dict[str, Explanation]:
    """Every mentee's answers without looking for changes, by id."""
    tables = tabulate(problem, plan.options, plan.seed)
    return {
        who.person: _explain(problem, plan, tables, at, change=False)
        for at, who in enumerate(tables.mentees)
    }


def _explain(problem: Problem, plan: Plan, tables: Tables, at: int, *, change: bool) -> Explanation:
    mentee = tables.mentees[at]
    pair = plan.pair_of(mentee.person)
    duals = _for_length(problem, duals_of(plan.prices, tables), mentee.person)
    net = _net(tables, duals, at, plan.options.keep_slot)
    chosen = next(
        (to for to, who in enumerate(tables.mentors) if pair and who.person == pair.mentor), None
    )
    own = int(net[chosen]) if chosen is not None else 0
    others = [
        _why_not(problem, plan, tables, at, to, own, int(net[to]))
        for to in range(len(tables.mentors))
        if to != chosen
    ]
    others.sort(key=lambda each: (each.difference is None, each.difference or 0, -each.score))
    unmatched = {each.person: each.reason for each in plan.unmatched}
    price = int(cost_of(duals, tables, chosen)[pair.slot]) if pair and chosen is not None else 0
    fitting = [other for other in others if other.difference is not None]
    look = change and not pair and plan.options.model != "cohort" and not problem.loads
    return Explanation(
        mentee=mentee.person,
        pair=pair,
        why=pair.reasons if pair else (unmatched[mentee.person],),
        price=price,
        runner_up=fitting[0] if fitting else None,
        others=tuple(others),
        change=smallest_change(problem, plan, tables, at) if look else None,
    )


def _for_length(problem: Problem, duals: Duals, mentee: str) -> Duals:
    """Prices as somebody pays whose project takes several seats: they are kept for one unit."""
    if not problem.loads:
        return duals
    unit = gcd(*(problem.loads.get(who.person, 1) for who in problem.mentees))
    return replace(duals, mentor=duals.mentor * (problem.loads.get(mentee, 1) // unit))


def _net(tables: Tables, duals: Duals, at: int, keep_slot: int) -> np.ndarray:
    """(M,) what each mentor would leave this mentee after prices; far below zero where none."""
    net = np.full(len(tables.mentors), NOTHING, np.int64)
    for to in np.nonzero(tables.fits[at] & (tables.seats > 0))[0]:
        common = tables.mentee_free[at] & tables.mentor_free[to]
        if common.any():
            left = tables.person + tables.worth[at, to] - cost_of(duals, tables, int(to))
            for _, _, slot in tables.kept[(tables.kept[:, :2] == (at, to)).all(axis=1)]:
                left[slot] += keep_slot if slot >= 0 else 0
            net[to] = left[common].max()
    return net


def _why_not(
    problem: Problem, plan: Plan, tables: Tables, at: int, to: int, own: int, net: int
) -> WhyNot:
    mentee, mentor = tables.mentees[at], tables.mentors[to]
    score = int(tables.score[at, to])
    ruled_out = rule_against(problem, plan, mentee, to, tables)
    if ruled_out is not None:
        return WhyNot(mentor.person, ruled_out, score)
    if plan.options.model == "cohort":
        return _why_not_that_group(plan, mentee, mentor.person, score)
    difference = own - net
    held = [pair for pair in plan.pairs if pair.mentor == mentor.person]
    common = mentee.free & mentor.free
    if len(held) < mentor.seats:
        held = [pair for pair in held if common >> pair.slot & 1]
    raw = int(tables.worth[at, to]) + tables.person - net
    holders = sorted({pair.mentee for pair in held} - {mentee.person})
    if raw > 0 and holders:
        code = "scarce" if 2 * raw > tables.person else "seat_worth_more"
        reason = Reason(code, {"mentor": mentor.person, "holders": holders, "price": raw})
    elif difference > 0:
        reason = Reason("lower_score", {"difference": difference})
    else:
        reason = Reason("tie")
    return WhyNot(mentor.person, reason, score, difference)


def _why_not_that_group(plan: Plan, mentee: Mentee, mentor: str, score: int) -> WhyNot:
    groups = Counter(pair.slot for pair in plan.pairs if pair.mentor == mentor)
    sizes = [size for slot, size in groups.items() if mentee.free >> slot & 1]
    own = plan.pair_of(mentee.person)
    if not sizes:
        return WhyNot(mentor, Reason("no_group_there", {"mentor": mentor}), score)
    if min(sizes) >= plan.options.largest_cohort:
        return WhyNot(mentor, Reason("group_full", {"mentor": mentor}), score)
    difference = max(0, own.score - score) if own else 0
    reason = Reason("lower_score", {"difference": difference}) if difference else Reason("tie")
    return WhyNot(mentor, reason, score, difference)


def rule_against(
    problem: Problem, plan: Plan, mentee: Mentee, to: int, tables: Tables
) -> Reason | None:
    """The first rule that keeps a pair apart: pin, ban, skill, floor, language, seats, time."""
    mentor = tables.mentors[to]
    pair = (mentee.person, mentor.person)
    pinned = {pin.mentee: pin.mentor for pin in problem.pins}
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
