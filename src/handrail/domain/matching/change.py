"""What would serve somebody who is not served: the smallest single change, and its proof."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from .books import Books, books_of
from .demand import ONE_MORE, Bid, demand_of
from .plan import Plan, Reason
from .problem import Mentee, Mentor, Options, Problem
from .roster import Ints, Words
from .solve import solve
from .week import unpack

RESOLVED = 400  # mentees up to which a change is tried out
TRIES = 6

Tried = dict[Hashable, frozenset[str]]
Change = tuple[Problem, Options, Reason]


def smallest_change(
    problem: Problem, plan: Plan, mentee: str, tried: Tried | None = None
) -> Reason:
    """One hour of the person's own, else an hour or a seat of a mentor's, the floor, a mentor.

    Own hours where a mentor has a seat left need no proof: they serve one person more, and only
    this one can be it. Up to 400 mentees all else is tried by solving again, unless the plan's
    prices rule it out; the first that serves wins, and "others first" means that none of them
    would. `tried` keeps who was served by which change: share it between the people of one plan.
    Beyond, a change is told where prices prove that it serves this person; if none is, one more
    mentor who would serve one of those who wait. KeyError for somebody who is no mentee.
    """
    books = books_of(problem, plan)
    case = _case_of(books, mentee)
    if not case.mentee.wants:
        return Reason("name_a_wish")
    own = _own_time(case)
    if own is not None:
        return own
    found = _by_prices(case) if len(problem.mentees) > RESOLVED else _tried_out(case, tried)
    return found or Reason("others_first", {"waiting": books.waiting})


@dataclass(frozen=True)
class _Case:
    """One mentee and the mentors that fit but for the time: their places, the best first."""

    books: Books
    mentee: Mentee
    fitting: Ints
    worth: Ints

    @property
    def at(self) -> int:
        """The place of the mentee."""
        return self.books.roster.mentee_at[self.mentee.person]

    def when(self, slot: int) -> str:
        return self.books.problem.starts_at(slot).strftime("%a %H:%M UTC")


def _case_of(books: Books, mentee: str) -> _Case:
    who = books.mentee(mentee)
    row = books.roster.row(who)
    places = books.fits(who, row)
    worth = books.worth(who, row, places)
    order = np.lexsort((books.roster.rank[places], -worth))
    return _Case(books, who, places[order], worth[order])


def nearest(mine: int, theirs: int) -> int | None:
    """The slot of `theirs` that lies nearest to one of `mine`, the earlier of two."""
    if not theirs:
        return None
    near, away = theirs, 0
    if mine:
        while not (near := (mine << away | mine >> away) & theirs):
            away += 1
    return (near & -near).bit_length() - 1


def _more_time(case: _Case, slot: int, mentor: str) -> Reason:
    return Reason("more_time", {"slot": slot, "when": case.when(slot), "mentor": mentor})


def _own_time(case: _Case) -> Reason | None:
    """The slot nearest to the hours the person already gives at which a mentor has room."""
    places = case.fitting[case.books.seat_left[case.fitting]]
    hours = case.books.open_hours(places)
    slot = nearest(case.mentee.free, _any_of(hours) & ~case.mentee.free)
    if slot is None:
        return None
    there = hours[:, slot // 64] >> np.uint64(slot % 64) & np.uint64(1) != 0
    names = case.books.roster.mentors.people
    return _more_time(case, slot, min(names[to] for to in places[there].tolist()))


def _any_of(weeks: Words) -> int:
    return unpack(np.bitwise_or.reduce(weeks, axis=0)[None, :])[0]


# Small teams: solve again


def _tried_out(case: _Case, tried: Tried | None) -> Reason | None:
    known = {} if tried is None else tried
    plan, person = case.books.plan, case.mentee.person
    for key, (changed, options, reason) in _candidates(case):
        if reason.code == "one_more_mentor":
            told = _new_seat_serves(case, changed.mentors[-1])
            if told is not None:
                known[key] = frozenset({person}) if told else frozenset()
        if key not in known:
            known[key] = _served(changed, plan, options)
        if person in known[key]:
            return reason
    return None


def _served(problem: Problem, plan: Plan, options: Options) -> frozenset[str]:
    again = solve(problem, seed=plan.seed, options=replace(options, sessions=1), warm=plan)
    return frozenset(pair.mentee for pair in again.pairs)


def _new_seat_serves(case: _Case, expert: Mentor) -> bool | None:
    """Whether a new mentor's only seat serves this person; None where prices do not tell.

    The seat adds at most the largest of B + score - surplus. Who waits and reaches that can be
    given it, so it is added; then nobody is served on an arc that leaves less.
    """
    books = case.books
    if books.plan.options.seat_price or books.slack != 0:
        return None
    mine, other, other_waits = demand_of(books).for_expert(expert, case.at)
    if mine is None:
        return None
    if mine >= other:
        return True if mine > other else None
    return False if other_waits and _strictly_out(case) else None


def _strictly_out(case: _Case) -> bool:
    """Whether each place there is would cost more than this person is worth there."""
    books = case.books
    most_kept = books.plan.options.keep_slot if books.problem.published else 0
    seated = books.roster.seats[case.fitting] > 0
    cost = books.cheapest(case.mentee, case.fitting[seated])
    worth = books.plan.prices.person + case.worth[seated] + most_kept
    return not bool((worth >= cost).any())


def _candidates(case: _Case) -> Iterator[tuple[Hashable, Change]]:
    """Changed problems worth trying, each under a key, the smallest change first."""
    yield from _own_hours(case)
    yield from _mentor_hours(case)
    yield from _seats(case)
    yield from _floors(case)
    problem, options = case.books.problem, case.books.plan.options
    for expert, reason in _experts(case):
        wider_team = replace(problem, mentors=[*problem.mentors, expert])
        yield ("one_more_mentor", expert), (wider_team, options, reason)


def _own_hours(case: _Case) -> Iterator[tuple[Hashable, Change]]:
    books, mentee = case.books, case.mentee
    problem, plan = books.problem, books.plan
    most_kept = plan.options.keep_slot if problem.published else 0
    surplus = int(books.surplus[books.roster.mentee_at[mentee.person]])
    for to, worth in zip(case.fitting[:TRIES].tolist(), case.worth.tolist(), strict=False):
        mentor = books.mentor(to)
        near = nearest(mentee.free, mentor.free & ~mentee.free)
        if near is None:
            continue
        left = plan.prices.person + worth - books.price_at(to, near)
        if books.slack == 0 and left + most_kept < surplus:
            continue
        freer = replace(mentee, free=mentee.free | 1 << near)
        mentees = [freer if who.person == mentee.person else who for who in problem.mentees]
        reason = _more_time(case, near, mentor.person)
        key = (reason.code, mentee.person, near)
        yield key, (replace(problem, mentees=mentees), plan.options, reason)


def _mentor_hours(case: _Case) -> Iterator[tuple[Hashable, Change]]:
    books = case.books
    for to, slot, reason in _hours_of_mentors(case):
        mentor = books.mentor(to)
        bid = demand_of(books).for_hour(to, slot, case.at)
        if books.slack == 0 and bid.other < 0 and (bid.mine is None or bid.mine < 0):
            continue
        freer = replace(mentor, free=mentor.free | 1 << slot)
        key = (reason.code, mentor.person, slot)
        yield key, (_with(books.problem, freer), books.plan.options, reason)


def _hours_of_mentors(case: _Case) -> Iterator[tuple[int, int, Reason]]:
    """Mentors with a seat left, at an hour of the person's that they do not give."""
    books, tries = case.books, 0
    for to in case.fitting[books.seat_left[case.fitting]].tolist():
        mentor = books.mentor(to)
        slot = nearest(mentor.free, books.room(to) & case.mentee.free & ~mentor.free)
        if slot is not None:
            when = case.when(slot)
            told = Reason("mentor_more_time", {"mentor": mentor.person, "slot": slot, "when": when})
            yield to, slot, told
            tries += 1
        if tries == TRIES:
            return


def _seats(case: _Case) -> Iterator[tuple[Hashable, Change]]:
    books = case.books
    shared = books.roster.meets(case.mentee, case.fitting)
    for to in case.fitting[shared][:TRIES].tolist():
        if books.slack == 0 and not books.seat[to]:
            continue  # one more seat there is worth nothing to anybody
        mentor = books.mentor(to)
        wider = replace(mentor, seats=mentor.seats + 1)
        reason = Reason("one_more_seat", {"mentor": mentor.person})
        key = (reason.code, mentor.person)
        yield key, (_with(books.problem, wider), books.plan.options, reason)


def _floors(case: _Case) -> Iterator[tuple[Hashable, Change]]:
    options = case.books.plan.options
    roster = case.books.roster
    row = roster.row(case.mentee)
    able = np.flatnonzero(row.gained)
    able = able[roster.spoken(case.mentee.languages, able) >= 0]
    shares = row.gained[able] // row.weights
    for floor in sorted(set(shares[shares < options.floor].tolist()), reverse=True):
        reason = Reason("lower_floor", {"floor": floor})
        lower = replace(options, floor=floor)
        yield (reason.code, floor), (case.books.problem, lower, reason)


def _experts(case: _Case) -> Iterator[tuple[Mentor, Reason]]:
    """A new mentor with one seat for each wish, the first wish first, free when the person is."""
    mentee = case.mentee
    for want in sorted(mentee.wants, key=lambda want: (want.priority, want.skill)):
        if mentee.free and want.level < 5:
            expert = Mentor(
                person=ONE_MORE,
                skills=((want.skill, min(5, want.level + 2)),),
                seats=1,
                free=mentee.free,
                languages=mentee.languages,
            )
            yield expert, Reason("one_more_mentor", {"skill": want.skill})


def _with(problem: Problem, changed: Mentor) -> Problem:
    mentors = [changed if mentor.person == changed.person else mentor for mentor in problem.mentors]
    return replace(problem, mentors=mentors)


# Teams of any size: what prices prove


def _by_prices(case: _Case) -> Reason | None:
    """A change that prices prove to serve this person, else one that serves one of those who wait.

    The plan with this person added is worth B + score more. Any other plan after the change is
    worth at most the bound and what the change is worth to somebody else: if that is less, every
    best plan serves this person.
    """
    books = case.books
    if books.plan.options.sessions > 1 or books.plan.options.seat_price:
        return None
    demand = demand_of(books)
    for to, slot, reason in _hours_of_mentors(case):
        if _comes_first(books, demand.for_hour(to, slot, case.at)):
            return reason
    lower = _floor_with_a_seat(case)
    if lower is not None:
        return lower
    first: Reason | None = None
    for expert, reason in _experts(case):
        bid = demand.for_expert(expert, case.at)
        if _comes_first(books, bid):
            return reason
        if first is None and bid.mine is not None:
            params = {"skill": reason.params["skill"], "waiting": demand.waiting_for(expert)}
            first = Reason("one_of_many", params)
    return first


def _comes_first(books: Books, bid: Bid) -> bool:
    """Whether a new place is worth so much more to this person that nobody else can get it."""
    if books.slack is None or bid.mine is None:
        return False
    return bid.mine - max(0, bid.other) > books.slack


def _floor_with_a_seat(case: _Case) -> Reason | None:
    """The highest floor at which a seat and a slot that nobody holds are this person's."""
    books, mentee = case.books, case.mentee
    options, row = books.plan.options, books.roster.row(mentee)
    places = books.roster.fits(mentee, row, 0)
    share = row.gained[places] // row.weights
    below = (share < options.floor) & books.seat_left[places]
    common = books.open_hours(places[below]) & books.roster.common(mentee, places[below])
    shares = share[below][common.any(axis=1)]
    return Reason("lower_floor", {"floor": int(shares.max())}) if len(shares) else None
