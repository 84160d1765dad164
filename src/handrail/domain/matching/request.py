"""Online: one person asks, the best mentors with a free time answer, by the prices of a plan."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from .describe import skill_reasons
from .plan import Plan, Reason
from .problem import Mentee, Mentor, Problem, day_of
from .score import above_floor, gained_by, language_points, score_pair
from .tables import lot
from .week import bits_of, slots_of


@dataclass(frozen=True, slots=True)
class Offer:
    """A mentor with a slot that is free for both; `price` is what the batch says the seat costs."""

    mentor: str
    slot: int
    score: int
    price: int
    skill: str
    reasons: tuple[Reason, ...]


def request(
    problem: Problem,
    plan: Plan,
    mentee: Mentee,
    *,
    top: int = 8,
    taken: Iterable[tuple[str, int]] | None = None,
) -> tuple[Offer, ...]:
    """At most `top` offers, best score - price first, each with its first free common slot.

    `taken`, (mentor, slot), is what is booked by now; without it, what the plan proposes. The
    mentee need not be in the problem. The booking decides: an offer holds nothing.
    """
    booked = [(pair.mentor, pair.slot) for pair in plan.pairs] if taken is None else list(taken)
    own = bits_of(pair.slot for pair in plan.pairs if pair.mentee == mentee.person)
    open_for_me = mentee.free & ~own
    held = Counter(name for name, _ in booked)
    found: list[tuple[int, int, Offer]] = []
    for mentor in problem.mentors:
        if held[mentor.person] >= mentor.seats or not _may_meet(problem, plan, mentee, mentor):
            continue
        slots = [slot for name, slot in booked if name == mentor.person]
        slot = _first_free(problem, mentor, open_for_me, slots)
        if slot is None:
            continue
        scored = score_pair(mentee, mentor, plan.options)
        day = day_of(mentor, slot, problem.step)
        price = (
            plan.prices.mentor.get(mentor.person, 0)
            + plan.prices.slot.get((mentor.person, slot), 0)
            + plan.prices.day.get((mentor.person, day), 0)
        )
        offer = Offer(
            mentor=mentor.person,
            slot=slot,
            score=scored.terms.score,
            price=price,
            skill=scored.skill,
            reasons=tuple(skill_reasons(mentee, mentor, scored.skill)),
        )
        drawn = lot(plan.seed, mentee.person, mentor.person)
        found.append((price - offer.score, drawn, offer))
    return tuple(offer for _, _, offer in sorted(found, key=lambda each: each[:2])[:top])


def _may_meet(problem: Problem, plan: Plan, mentee: Mentee, mentor: Mentor) -> bool:
    pair = (mentee.person, mentor.person)
    if pair in problem.excluded or pair in problem.forbids or mentee.person == mentor.person:
        return False
    gained, weights, _ = gained_by(mentee, mentor)
    if not above_floor(gained, weights, plan.options.floor):
        return False
    return language_points(mentee.languages, mentor.languages) is not None


def _first_free(problem: Problem, mentor: Mentor, free: int, taken: list[int]) -> int | None:
    common = free & mentor.free & ~bits_of(taken)
    if not mentor.daily_cap:
        return next(slots_of(common), None)
    days = Counter(day_of(mentor, slot, problem.step) for slot in taken)
    open_days = (
        slot
        for slot in slots_of(common)
        if days[day_of(mentor, slot, problem.step)] < mentor.daily_cap
    )
    return next(open_days, None)
