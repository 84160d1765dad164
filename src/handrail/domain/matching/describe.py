"""Reasons out of the solution itself: why each pair, and what binds each unmatched person."""

from __future__ import annotations

import numpy as np

from .bound import Duals, cost_of
from .hall import hall_sets
from .network import is_kept_pair
from .plan import Pair, Reason, Unmatched
from .problem import Mentee, Mentor, Options
from .score import score_pair
from .tables import Tables

Chosen = list[tuple[int, int, int]]


def describe_pairs(
    tables: Tables, duals: Duals, rounds: list[Chosen], options: Options
) -> tuple[Pair, ...]:
    """All sessions with terms and reasons, sorted by mentee and session."""
    pairs = [
        _pair(tables, duals, at, to, slot, number, options)
        for number, chosen in enumerate(rounds, start=1)
        for at, to, slot in chosen
    ]
    return tuple(sorted(pairs, key=lambda pair: (pair.mentee, pair.session)))


def _pair(
    tables: Tables, duals: Duals, at: int, to: int, slot: int, number: int, options: Options
) -> Pair:
    mentee, mentor = tables.mentees[at], tables.mentors[to]
    scored = score_pair(mentee, mentor, options)
    pinned = bool(tables.pin[at] == to) and number == 1
    reasons = skill_reasons(mentee, mentor, scored.skill)
    common = (mentee.free & mentor.free).bit_count()
    reasons.append(Reason("time", {"slot": slot, "common": common}))
    if pinned:
        reasons.append(Reason("pinned"))
    if is_kept_pair(tables, np.array([at]), np.array([to]))[0]:
        reasons.append(Reason("kept"))
    if number == 1:
        reasons.append(price_reason(int(cost_of(duals, tables, to)[slot]), tables.person))
    return Pair(
        mentee=mentee.person,
        mentor=mentor.person,
        slot=slot,
        terms=scored.terms,
        skill=scored.skill,
        reasons=tuple(reasons),
        session=number,
        pinned=pinned,
    )


def skill_reasons(mentee: Mentee, mentor: Mentor, skill: str) -> list[Reason]:
    """What the two have in common: the best skill, and the language."""
    reasons = []
    if skill:
        own = next(want.level for want in mentee.wants if want.skill == skill)
        level = dict(mentor.skills)[skill]
        reasons.append(Reason("skill", {"skill": skill, "mentor_level": level, "own_level": own}))
    shared = [language for language in mentee.languages if language in mentor.languages]
    if shared or not mentee.languages or not mentor.languages:
        reasons.append(Reason("language", {"language": shared[0] if shared else ""}))
    return reasons


def price_reason(price: int, person: int) -> Reason:
    """What the seat is worth to others: nothing, some points, or serving somebody else."""
    if price == 0:
        return Reason("free_seat", {"price": 0})
    if 2 * price > person:
        return Reason("scarce_seat", {"price": price})
    return Reason("price", {"price": price})


def describe_unmatched(tables: Tables, chosen: Chosen, options: Options) -> tuple[Unmatched, ...]:
    """Everybody without a session, each with the binding reason, sorted by id."""
    served = {at for at, _, _ in chosen}
    left = [at for at in range(len(tables.mentees)) if at not in served]
    sets = hall_sets(tables, chosen) if left else {}
    found: list[Unmatched] = []
    for at in left:
        reason = no_pair_reason(tables, at, options)
        if reason is None:
            hall = sets[at]
            names = sorted(tables.mentors[to].person for to in hall.mentors)
            reason = Reason(
                "short_of_seats",
                {
                    "people": hall.people,
                    "mentors": len(names),
                    "seats": hall.seats,
                    "waiting": hall.waiting,
                    "mentor_ids": names,
                },
            )
        found.append(Unmatched(tables.mentees[at].person, reason))
    return tuple(sorted(found, key=lambda each: each.person))


def no_pair_reason(tables: Tables, at: int, options: Options) -> Reason | None:
    """Why nobody could meet this mentee at all; None where there is a feasible pair.

    Rules in order: skill, floor, language, exclusions, seats, time. The rule named is the one at
    which the last of the mentors fell out.
    """
    mentee = tables.mentees[at]
    if not mentee.wants:
        return Reason("no_wish")
    if not tables.mentors:
        return Reason("no_mentors")
    able = tables.gained[at] > 0
    if not able.any():
        return Reason("no_skill", {"skills": [want.skill for want in mentee.wants]})
    weights = int(tables.weights[at])
    good = able & (tables.gained[at] >= options.floor * weights)
    if not good.any():
        share = int(tables.gained[at].max()) // weights
        return Reason("below_floor", {"share": share, "floor": options.floor})
    spoken = good & (tables.spoken[at] >= 0)
    if not spoken.any():
        return Reason("no_language", {"mentors": int(good.sum())})
    free_to_meet = spoken & tables.allowed[at]
    if not free_to_meet.any():
        return Reason("excluded", {"mentors": int(spoken.sum())})
    seated = free_to_meet & (tables.seats > 0)
    if not seated.any():
        return Reason("no_seats", {"mentors": int(free_to_meet.sum())})
    common = (tables.mentor_free[seated] & tables.mentee_free[at]).any(axis=1)
    if not common.any():
        return Reason("no_time", {"mentors": int(seated.sum())})
    return None
