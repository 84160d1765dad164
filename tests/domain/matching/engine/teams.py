"""Random teams for the engine: easy, tight and mixed, with everything that a lead can set."""

from __future__ import annotations

import random
from dataclasses import replace

from domain.matching.oracles import WEEK
from handrail.domain.matching import (
    Mentee,
    Mentor,
    Options,
    Pin,
    Plan,
    Problem,
    Published,
    Want,
    bits_of,
)

KINDS = ("easy", "tight", "mixed")
LANGUAGES = (("en",), ("en",), ("de", "en"), ("de",), ())
HOURS = 12  # starts in all, spread over three days


def team(seed: int, kind: str, people: int, *, caps: bool = False) -> Problem:
    """`people` in all. Mixed: half of the skills have few seats, and some wish skills of both."""
    draw = random.Random(f"{seed} {kind} {people} {caps}")
    mentees, mentors = [], []
    count = max(1, people // 4)
    for at in range(people - count):
        scarce = kind == "tight" or (kind == "mixed" and at % 2 == 0)
        both = kind == "mixed" and draw.random() < 0.1
        pool = _skills(True) + _skills(False) if both else _skills(scarce)
        wishes = draw.sample(pool, draw.randint(1, 3))
        mentees.append(
            Mentee(
                person=f"m{at:03d}",
                wants=tuple(Want(s, n, draw.randint(0, 2)) for n, s in enumerate(wishes, start=1)),
                free=_hours(draw, 0.5),
                languages=draw.choice(LANGUAGES),
            )
        )
    for at in range(count):
        scarce = kind == "tight" or (kind == "mixed" and at % 2 == 0)
        mentors.append(
            Mentor(
                person=f"x{at:03d}",
                skills=tuple((s, draw.randint(1, 5)) for s in draw.sample(_skills(scarce), 3)),
                seats=draw.randint(0, 3) if scarce else draw.randint(3, 8),
                free=_hours(draw, 0.2 if scarce else 0.8),
                languages=draw.choice(LANGUAGES),
                daily_cap=draw.randint(0, 3) if caps else 0,
                offset_minutes=60 * draw.randint(-9, 9) if caps else 0,
            )
        )
    pairs = [(m.person, x.person) for m in mentees for x in mentors]
    excluded = dict.fromkeys(draw.sample(pairs, len(pairs) // 15), "recent")
    return Problem(WEEK, mentees, mentors, excluded=excluded)


def _skills(scarce: bool) -> list[str]:
    return [f"{'rare' if scarce else 'common'}-{at}" for at in range(4)]


def _hours(draw: random.Random, share: float) -> int:
    return bits_of(48 * (at % 3) + 6 * (at // 3) for at in range(HOURS) if draw.random() < share)


def with_a_leads_word(problem: Problem, plan: Plan, seed: int) -> Problem:
    """Some of what is planned is pinned, with and without its slot; some of the rest forbidden."""
    draw = random.Random(seed)
    chosen = draw.sample(list(plan.pairs), min(len(plan.pairs), 3))
    pins = tuple(Pin(p.mentee, p.mentor, p.slot if draw.random() < 0.5 else None) for p in chosen)
    others = [(p.mentee, p.mentor) for p in plan.pairs if p not in chosen]
    return replace(problem, pins=pins, forbids=frozenset(others[:2]))


def with_an_odd_pin(problem: Problem, seed: int) -> Problem:
    """Somebody pinned to a mentor who may lack skill and language, where an hour is common."""
    draw = random.Random(seed)
    found = [
        Pin(mentee.person, mentor.person)
        for mentee in problem.mentees
        for mentor in problem.mentors
        if mentee.free & mentor.free and mentor.seats and not mentor.daily_cap
        if (mentee.person, mentor.person) not in problem.excluded
    ]
    return replace(problem, pins=(draw.choice(found),)) if found else problem


def with_a_published_plan(problem: Problem, plan: Plan, seed: int) -> Problem:
    """Part of a plan that was published, some of it at other hours; and a new exclusion."""
    draw = random.Random(seed)
    kept = [
        Published(p.mentee, p.mentor, draw.choice([p.slot, p.slot, None, 0]))
        for p in plan.pairs
        if draw.random() < 0.6
    ]
    moved = [Published(p.mentee, draw.choice(problem.mentors).person, p.slot) for p in plan.pairs]
    return replace(problem, published=tuple(kept + moved[:3]))


def options(seed: int) -> Options:
    """Any mixture of what a program can set."""
    draw = random.Random(f"options {seed}")
    return Options(
        floor=draw.choice([0, 30, 30, 60]),
        time_term=draw.random() < 0.3,
        seat_price=draw.choice([0, 0, 50, 700]),
        keep_pair=draw.choice([0, 0, 100]),
        keep_slot=draw.choice([0, 50]),
    )
