"""What would serve somebody who is not served: the smallest single change, proven by re-solving."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterator
from dataclasses import replace

import numpy as np

from .bound import Duals, cost_of, duals_of
from .plan import Plan, Reason
from .problem import Mentor, Options, Problem, day_of
from .score import language_points, score_pair
from .solve import solve
from .tables import Ints, Tables
from .week import slots_of

RESOLVED = 400  # mentees up to which a change is tried out
TRIES = 6

Tried = dict[Hashable, frozenset[str]]
Change = tuple[Problem, Options, Reason]


def smallest_change(
    problem: Problem, plan: Plan, tables: Tables, at: int, tried: Tried | None = None
) -> Reason:
    """One hour of the person's own, else an hour or a seat of a mentor's, the floor, a mentor.

    Own hours where a mentor has a seat left need no proof: they serve one person more, and only
    this one can be it. All else is tried by solving again, unless the plan's prices rule it out;
    the first that serves wins, and "others first" means that none of them would. `tried` keeps
    who was served by which change: share it between the people of one plan.
    """
    mentee = tables.mentees[at]
    if not mentee.wants:
        return Reason("name_a_wish")
    own = _own_time(problem, plan, tables, at)
    if own is not None:
        return own
    if len(tables.mentees) <= RESOLVED:
        known = {} if tried is None else tried
        surplus = _surplus(plan, tables)
        for key, (changed, options, reason) in _candidates(problem, plan, tables, at, surplus):
            if reason.code == "one_more_mentor" and surplus is not None:
                told = _new_seat_serves(plan, tables, at, changed.mentors[-1], surplus)
                if told is not None:
                    known[key] = frozenset({mentee.person}) if told else frozenset()
            if key not in known:
                known[key] = _served(changed, plan, options)
            if mentee.person in known[key]:
                return reason
    waiting = sum(each.reason.code == "short_of_seats" for each in plan.unmatched)
    return Reason("others_first", {"waiting": waiting})


def _served(problem: Problem, plan: Plan, options: Options) -> frozenset[str]:
    again = solve(problem, seed=plan.seed, options=replace(options, sessions=1), warm=plan)
    return frozenset(pair.mentee for pair in again.pairs)


def _surplus(plan: Plan, tables: Tables) -> Ints | None:
    """(N,) what each person's place leaves above its price; None where prices prove no optimum.

    By complementary slackness a person is on no arc of an optimal plan that leaves less.
    """
    proof = plan.certificate
    exact = proof.value == proof.bound and proof.served == proof.served_bound
    if not exact or proof.scope != "all_pairs" or plan.options.sessions > 1:
        return None
    duals = duals_of(plan.prices, tables)
    mentee_at = {who.person: place for place, who in enumerate(tables.mentees)}
    mentor_at = {who.person: place for place, who in enumerate(tables.mentors)}
    surplus = np.zeros(len(tables.mentees), np.int64)
    for pair in plan.pairs:
        at, to = mentee_at[pair.mentee], mentor_at[pair.mentor]
        kept = bool((tables.kept == (at, to, pair.slot)).all(axis=1).any())
        worth = int(tables.worth[at, to]) + plan.options.keep_slot * kept
        surplus[at] = duals.person + worth - int(cost_of(duals, tables, to)[pair.slot])
    return surplus


def _new_seat_serves(
    plan: Plan, tables: Tables, at: int, expert: Mentor, surplus: Ints
) -> bool | None:
    """Whether a new mentor's only seat serves this person; None where prices do not tell.

    The seat adds at most the largest of B + score - surplus. Who waits and reaches that can be
    given it, so it is added; then nobody is served on an arc that leaves less.
    """
    if plan.options.seat_price:
        return None
    duals = duals_of(plan.prices, tables)
    matched = {pair.mentee for pair in plan.pairs}
    worth: dict[int, int] = {}
    for place, who in enumerate(tables.mentees):
        if tables.pin[place] >= 0 or not who.free & expert.free:
            continue
        scored = score_pair(who, expert, plan.options)
        speaks = language_points(who.languages, expert.languages) is not None
        if scored.skill and speaks and scored.share >= plan.options.floor:
            worth[place] = duals.person + scored.terms.score - int(surplus[place])
    mine, most = worth.get(at), max(worth.values(), default=0)
    if mine is None:
        return None
    if mine == most:
        return True if list(worth.values()).count(most) == 1 else None
    reached = any(
        value == most and tables.mentees[place].person not in matched
        for place, value in worth.items()
    )
    return False if reached and _strictly_out(plan, tables, at, duals) else None


def _strictly_out(plan: Plan, tables: Tables, at: int, duals: Duals) -> bool:
    """Whether each place there is would cost more than this person is worth there."""
    most_kept = plan.options.keep_slot if len(tables.kept) else 0
    for to in np.flatnonzero(tables.fits[at] & (tables.seats > 0)).tolist():
        common = tables.mentee_free[at] & tables.mentor_free[to]
        worth = duals.person + int(tables.worth[at, to]) + most_kept
        if common.any() and worth >= int(cost_of(duals, tables, to)[common].min()):
            return False
    return True


def _when(problem: Problem, slot: int) -> str:
    return problem.starts_at(slot).strftime("%a %H:%M UTC")


def _with_room(problem: Problem, plan: Plan, tables: Tables, to: int) -> int:
    """The slots at which a mentor could take one more person, free or not; 0 without a seat."""
    mentor = tables.mentors[to]
    held = [pair.slot for pair in plan.pairs if pair.mentor == mentor.person]
    if len(held) >= mentor.seats:
        return 0
    days = Counter(day_of(mentor, slot, problem.step) for slot in held)
    room = 0
    for slot in range(problem.slots):
        full = 0 < mentor.daily_cap <= days[day_of(mentor, slot, problem.step)]
        if slot not in held and not full:
            room |= 1 << slot
    return room


def nearest(mine: int, theirs: int) -> int | None:
    """The slot of `theirs` that lies nearest to one of `mine`, the earlier of two."""
    own = list(slots_of(mine))
    away = ((min((abs(slot - at) for at in own), default=0), slot) for slot in slots_of(theirs))
    return min(away, default=(0, None))[1]


def _more_time(problem: Problem, slot: int, mentor: Mentor) -> Reason:
    when = _when(problem, slot)
    return Reason("more_time", {"slot": slot, "when": when, "mentor": mentor.person})


def _own_time(problem: Problem, plan: Plan, tables: Tables, at: int) -> Reason | None:
    """The slot nearest to the hours the person already gives at which a mentor has room."""
    mine = tables.mentees[at].free
    open_to_me = {
        to: _with_room(problem, plan, tables, int(to)) & tables.mentors[int(to)].free & ~mine
        for to in np.nonzero(tables.fits[at])[0]
    }
    anywhere = 0
    for room in open_to_me.values():
        anywhere |= room
    slot = nearest(mine, anywhere)
    if slot is None:
        return None
    names = {
        tables.mentors[int(to)].person: tables.mentors[int(to)]
        for to in open_to_me
        if open_to_me[to] >> slot & 1
    }
    return _more_time(problem, slot, names[min(names)])


def _candidates(
    problem: Problem, plan: Plan, tables: Tables, at: int, surplus: Ints | None
) -> Iterator[tuple[Hashable, Change]]:
    """Changed problems worth trying, each under a key, the smallest change first."""
    mentee = tables.mentees[at]
    duals = duals_of(plan.prices, tables)
    most_kept = plan.options.keep_slot if len(tables.kept) else 0
    fitting = [
        int(to) for to in np.argsort(-tables.worth[at], kind="stable") if tables.fits[at, to]
    ]
    for to in fitting[:TRIES]:
        near = nearest(mentee.free, tables.mentors[to].free & ~mentee.free)
        if near is None:
            continue
        left = duals.person + int(tables.worth[at, to]) - int(cost_of(duals, tables, to)[near])
        if surplus is not None and left + most_kept < int(surplus[at]):
            continue
        freer_self = replace(mentee, free=mentee.free | 1 << near)
        mentees = [freer_self if who is mentee else who for who in problem.mentees]
        more = _more_time(problem, near, tables.mentors[to])
        key = (more.code, mentee.person, near)
        yield key, (replace(problem, mentees=mentees), plan.options, more)
    tries = 0
    for to in fitting:
        mentor = tables.mentors[to]
        room = _with_room(problem, plan, tables, to) & mentee.free & ~mentor.free
        slot = next(slots_of(room), None)
        if slot is None or tries >= TRIES:
            continue
        tries += 1
        there = tables.fits[:, to] & tables.mentee_free[:, slot]
        left = duals.person + tables.worth[there, to] - int(cost_of(duals, tables, to)[slot])
        if surplus is not None and (left + most_kept < surplus[there]).all():
            continue
        freer = replace(mentor, free=mentor.free | 1 << slot)
        reason = Reason(
            "mentor_more_time",
            {"mentor": mentor.person, "slot": slot, "when": _when(problem, slot)},
        )
        key = (reason.code, mentor.person, slot)
        yield key, (_with(problem, freer), plan.options, reason)
    tries = 0
    for to in fitting:
        mentor = tables.mentors[to]
        if not mentee.free & mentor.free or tries >= TRIES:
            continue
        tries += 1
        if surplus is not None and not duals.mentor[to]:
            continue  # one more seat there is worth nothing to anybody
        wider = replace(mentor, seats=mentor.seats + 1)
        reason = Reason("one_more_seat", {"mentor": mentor.person})
        yield (reason.code, mentor.person), (_with(problem, wider), plan.options, reason)
    floors = {
        int(tables.gained[at, to]) // int(tables.weights[at])
        for to in range(len(tables.mentors))
        if tables.gained[at, to] > 0
        and language_points(mentee.languages, tables.mentors[to].languages) is not None
    }
    for floor in sorted((share for share in floors if share < plan.options.floor), reverse=True):
        reason = Reason("lower_floor", {"floor": floor})
        yield (reason.code, floor), (problem, replace(plan.options, floor=floor), reason)

    for want in sorted(mentee.wants, key=lambda want: (want.priority, want.skill)):
        expert = Mentor(
            person="\x00one more",
            skills=((want.skill, min(5, want.level + 2)),),
            seats=1,
            free=mentee.free,
            languages=mentee.languages,
        )
        if mentee.free and want.level < 5:
            wider_team = replace(problem, mentors=[*problem.mentors, expert])
            reason = Reason("one_more_mentor", {"skill": want.skill})
            yield ("one_more_mentor", expert), (wider_team, plan.options, reason)


def _with(problem: Problem, changed: Mentor) -> Problem:
    mentors = [changed if mentor.person == changed.person else mentor for mentor in problem.mentors]
    return replace(problem, mentors=mentors)
