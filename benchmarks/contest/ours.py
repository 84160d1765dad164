"""Our engine behind the four calls that a contest makes: the only file here that knows it.

`candidates`, `match` and `joint` take and give arrays; `solve` and `request` are the product's.
"""

from __future__ import annotations

from time import process_time

import numpy as np

from handrail.domain.matching import (
    Mentee,
    Options,
    Plan,
    Problem,
    generate,
    request,
    solve,
)
from handrail.domain.matching.rows import MenteeRows, MentorRows

from .arcs import Answer, Arcs, Ints, Prices

OPTIONS = Options()
SEED = 1
MANY = 1_200  # people that the product gives to its engine for many


def candidates(problem: Problem, width: int, threads: int) -> Arcs:
    """The `width` best mentors of each mentee by score, over all feasible pairs."""
    from handrail.domain.matching.engine.crowd import crowd_of
    from handrail.domain.matching.engine.large import look_everywhere, wanted_of
    from handrail.domain.matching.engine.ledger import nothing_costs

    crowd = crowd_of(problem, OPTIONS, SEED)
    person = 10_000 * len(crowd.mentees) + 1
    free = nothing_costs(crowd.shelf, person, problem.step)
    known = np.full(len(crowd.mentees), person - 1)
    looked = look_everywhere(crowd, free, OPTIONS, known, width, threads, best_first=True)
    found = wanted_of(looked)
    mentee, mentor, score = found.who, found.to, found.worth
    return arcs_between(crowd.mentees, crowd.mentors, mentee, mentor, score)


def names(problem: Problem) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Mentees and mentors in the order in which `candidates` numbers them."""
    from handrail.domain.matching.engine.crowd import crowd_of

    crowd = crowd_of(problem, OPTIONS, SEED)
    return crowd.mentees.people, crowd.mentors.people


def arcs_between(
    mentees: MenteeRows, mentors: MentorRows, mentee: Ints, mentor: Ints, score: Ints
) -> Arcs:
    """Arcs with the slots that both people have."""
    return Arcs(
        mentee=mentee.astype(np.int32),
        mentor=mentor.astype(np.int32),
        score=score.astype(np.int64),
        common=mentees.week[mentee] & mentors.week[mentor],
        mentees=len(mentees),
        seats=mentors.seats,
        week=mentors.week,
    )


def match(arcs: Arcs) -> Answer:
    """The best match without regard to time, with prices of seats."""
    return _solved(arcs, (np.uint64(1) << arcs.seats.astype(np.uint64)) - np.uint64(1), False)


def joint(arcs: Arcs) -> Answer:
    """The best match with slots, with prices of seats and slots."""
    return _solved(arcs, None, True)


def _solved(
    arcs: Arcs, pretended: Ints | None, with_slots: bool, step: int | None = None
) -> Answer:
    from handrail.domain.matching.engine.joint import Bids, solve_joint
    from handrail.domain.matching.engine.large import EXACT
    from handrail.domain.matching.engine.ledger import ledger_of
    from handrail.domain.matching.engine.look import common_bits
    from handrail.domain.matching.engine.market import arcs_of, shelf_of

    began = process_time()
    mentors = len(arcs.seats)
    nothing = np.zeros(mentors, np.int32)
    week = arcs.week
    if pretended is not None:
        week = np.zeros_like(arcs.week)
        week[:, 0] = pretended
    shelf = shelf_of(arcs.seats, nothing, week, nothing, 30)
    if with_slots:
        common = np.zeros((len(arcs.mentee), shelf.own.shape[1]), np.uint64)
        any_slot = np.full(len(arcs.mentee), -1, np.int32)
        everyone = np.arange(len(arcs.mentee), dtype=np.int32)
        common_bits(
            arcs.common, shelf.slot_when, shelf.start_of, everyone, arcs.mentor, any_slot, common
        )
    else:
        common = shelf.own[arcs.mentor]
    inner = arcs_of(arcs.mentee, arcs.mentor, arcs.score, common, arcs.mentees, mentors)
    building = process_time() - began
    if step is None:
        step = 1 if arcs.mentees > EXACT else 0
    bids = Bids(step) if step else None
    market = solve_joint(inner, shelf, arcs.mentees, arcs.person, 0, bids)
    ledger = ledger_of(market.shelf, market.held, market.tags, arcs.person, 30)
    via = market.held.via
    mentor = np.where(via >= 0, inner.to[via], -1)
    owner = shelf.day_mentor[shelf.slot_day].astype(np.int64)
    if not with_slots:
        # Every person may take every one of the pretended slots: the cheapest is what counts.
        least = np.full(mentors, np.iinfo(np.int64).max)
        np.minimum.at(least, owner, ledger.slot)
        least[arcs.seats == 0] = 0
        return Answer(mentor, None, building, Prices(ledger.mentor + least))
    place = market.held.place
    when = np.where(place >= 0, shelf.slot_when[place], -1).astype(np.int64)
    slots = (owner, shelf.slot_when.astype(np.int64), ledger.slot)
    return Answer(mentor, when, building, Prices(ledger.mentor, slots))


def solve_week(problem: Problem) -> Plan:
    """The product's plan with its certificate over all pairs."""
    return solve(problem, seed=SEED, options=OPTIONS)


def ask(problem: Problem, plan: Plan, mentee: Mentee) -> object:
    """The product's answer to one person who asks for a session."""
    return request(problem, plan, mentee)


def warm_up() -> None:
    """Compile or load the kernels, so that no contest pays for it."""
    arcs = candidates(generate(seed=1, mentees=60, tight=True), 4, 1)
    match(arcs)
    for step in (0, 1):
        _solved(arcs, None, True, step)
    solve_week(generate(seed=1, mentees=MANY, tight=True))
