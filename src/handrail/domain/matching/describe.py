"""Reasons out of the solution itself: why each pair, and what binds each unmatched person."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from .bound import Duals, cost_of
from .hall import hall_sets
from .network import is_kept_pair
from .plan import Pair, Reason, Unmatched
from .problem import Mentee, Mentor, Options
from .roster import Roster
from .rows import take
from .score import score_pair, weight
from .tables import Bools, Ints, Tables

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
    """Why nobody could meet this mentee at all; None where there is a feasible pair."""
    free = tables.mentee_free[at]
    return _why_nobody(
        tables.mentees[at],
        gained=tables.gained[at],
        floor=options.floor,
        heard=lambda places: tables.spoken[at, places] >= 0,
        allowed=lambda places: tables.allowed[at, places],
        seats=tables.seats,
        meets=lambda places: (tables.mentor_free[places] & free).any(axis=1),
    )


def nobody_for(roster: Roster, places: Sequence[int]) -> dict[int, Reason]:
    """Why the mentees at these places could meet nobody, by place; who could is left out."""
    found: dict[int, Reason] = {}
    for at, mentee in zip(places, take(roster.mentees, np.array(places, np.int64)), strict=True):
        row = roster.row(mentee)
        reason = _why_nobody(
            mentee,
            gained=row.gained,
            floor=roster.options.floor,
            heard=partial(_heard, roster, mentee),
            allowed=row.permits,
            seats=roster.seats,
            meets=partial(roster.meets, mentee),
        )
        if reason is not None:
            found[at] = reason
    return found


def _heard(roster: Roster, mentee: Mentee, places: Ints) -> Bools:
    return roster.spoken(mentee.languages, places) >= 0


def _why_nobody(
    mentee: Mentee,
    *,
    gained: npt.NDArray[np.signedinteger[Any]],
    floor: int,
    heard: Callable[[Ints], Bools],
    allowed: Callable[[Ints], Bools],
    seats: Ints,
    meets: Callable[[Ints], Bools],
) -> Reason | None:
    """The rule at which the last of the mentors fell out; None where one of them is left.

    Rules in order: skill, floor, language, exclusions, seats, time. `gained` and `seats` are over
    all mentors; the rest says of some places which of them pass.
    """
    if not mentee.wants:
        return Reason("no_wish")
    if not len(seats):
        return Reason("no_mentors")
    most = int(gained.max())
    if not most:
        return Reason("no_skill", {"skills": [want.skill for want in mentee.wants]})
    weights = sum(weight(want.priority) for want in mentee.wants)
    good = np.flatnonzero(gained >= max(1, floor * weights))
    if not len(good):
        return Reason("below_floor", {"share": most // weights, "floor": floor})
    spoken = good[heard(good)]
    if not len(spoken):
        return Reason("no_language", {"mentors": len(good)})
    free_to_meet = spoken[allowed(spoken)]
    if not len(free_to_meet):
        return Reason("excluded", {"mentors": len(spoken)})
    seated = free_to_meet[seats[free_to_meet] > 0]
    if not len(seated):
        return Reason("no_seats", {"mentors": len(free_to_meet)})
    if not meets(seated).any():
        return Reason("no_time", {"mentors": len(seated)})
    return None
