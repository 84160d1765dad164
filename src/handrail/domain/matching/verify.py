"""Checks a plan and its proof from the people alone; shares no code with the solver.

It reads the people, the plan and the prices, scores every pair anew, goes through all feasible
pairs and slots, and sums in Python integers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from .plan import Plan, Prices
from .problem import Mentee, Problem
from .verify_groups import faults_of_group_proof, faults_of_groups
from .verify_rows import Progress, gained_in_rows
from .verify_rules import Case, Fault, Meeting, day_at, may_meet, points_of, starts_of

MANY = 1_500  # people up to which pairs are gone through one by one, beyond in rows


def _in_silence(done: int, total: int) -> None:
    pass


def verify(
    problem: Problem,
    plan: Plan,
    *,
    in_rows: bool | None = None,
    progress: Progress = _in_silence,
) -> tuple[Fault, ...]:
    """Everything wrong with a plan, its prices or its certificate; empty when all is proven.

    Up to 1,500 people pairs are gone through in plain Python, beyond in rows of arrays; `in_rows`
    chooses one. `progress` is told how many of the mentees have been looked at, of how many.
    """
    case = Case(
        problem=problem,
        options=plan.options,
        mentees={mentee.person: mentee for mentee in problem.mentees},
        mentors={mentor.person: mentor for mentor in problem.mentors},
        pinned={pin.mentee: (pin.mentor, pin.slot) for pin in problem.pins},
        kept_pairs=frozenset((kept.mentee, kept.mentor) for kept in problem.published),
        kept_slots=frozenset(
            (kept.mentee, kept.mentor, kept.slot)
            for kept in problem.published
            if kept.slot is not None
        ),
    )
    meetings: list[Meeting] = []
    known: list[Meeting] = []
    faults: list[Fault] = []
    for pair in plan.pairs:
        meeting = Meeting(pair.mentee, pair.mentor, pair.slot, pair.score)
        meetings.append(meeting)
        if pair.mentee in case.mentees and pair.mentor in case.mentors:
            known.append(meeting)
            faults += _faults_of_pair(case, meeting)
        else:
            message = f"{pair.mentee} or {pair.mentor} is not in the problem"
            faults.append(Fault("unknown", pair.mentee, message))
    groups = plan.options.model == "cohort"
    faults += faults_of_groups(case, known) if groups else _faults_of_seats(case, known)
    faults += _faults_of_people(case, plan, meetings)
    if faults:
        return tuple(faults)
    if groups:
        return tuple(faults_of_group_proof(case, plan, meetings))
    many = len(case.mentees) + len(case.mentors) > MANY if in_rows is None else in_rows
    return tuple(_faults_of_proof(case, plan, meetings, progress if many else None))


# A pair by itself


def _faults_of_pair(case: Case, pair: Meeting) -> Iterator[Fault]:
    mentee, mentor = case.mentees[pair.mentee], case.mentors[pair.mentor]
    if not may_meet(case, mentee, mentor):
        yield Fault("not_allowed", pair.mentee, f"may not meet {pair.mentor}")
    if not (pair.slot >= 0 and mentee.free & mentor.free & (1 << pair.slot)):
        yield Fault("not_free", pair.mentee, f"and {pair.mentor} are not free at {pair.slot}")
    if pair.score != points_of(case, mentee, mentor):
        yield Fault("score", pair.mentee, f"scores {points_of(case, mentee, mentor)} there")


# The plan as a whole


def _faults_of_seats(case: Case, pairs: list[Meeting]) -> Iterator[Fault]:
    taken: Counter[str] = Counter()
    for pair in pairs:
        taken[pair.mentor] += case.load(pair.mentee)
    for name, count in taken.items():
        if count > case.mentors[name].seats:
            yield Fault("seats", name, f"gives {count} seats and has {case.mentors[name].seats}")
    days: Counter[tuple[str, int]] = Counter()
    for (name, slot), count in Counter((pair.mentor, pair.slot) for pair in pairs).items():
        days[name, day_at(case, case.mentors[name], slot)] += count
        if count > 1:
            yield Fault("clash", name, f"meets {count} people at slot {slot}")
    for (name, day), count in days.items():
        if 0 < case.mentors[name].daily_cap < count:
            yield Fault("daily_cap", name, f"has {count} sessions on day {day}")


def _faults_of_people(case: Case, plan: Plan, pairs: list[Meeting]) -> Iterator[Fault]:
    for name, count in Counter(pair.mentee for pair in pairs).items():
        if count > case.options.sessions:
            yield Fault("sessions", name, f"has {count} sessions")
    for (name, at), count in Counter((pair.mentee, pair.slot) for pair in pairs).items():
        if count > 1:
            yield Fault("clash", name, f"meets {count} people at slot {at}")
    met = Counter((pair.mentee, pair.mentor) for pair in pairs)
    if case.options.another_mentor:
        for (name, mentor), count in met.items():
            if count > 1:
                yield Fault("same_mentor", name, f"meets {mentor} {count} times")
    served = {pair.mentee for pair in pairs}
    listed = Counter(unmatched.person for unmatched in plan.unmatched)
    for name in listed:
        if name not in case.mentees:
            yield Fault("unknown", name, f"{name} is not in the problem")
    for name in case.mentees:
        if (name in served) + listed[name] != 1:
            yield Fault("dropped", name, "must be either served or listed as unmatched, once")
    exactly = {(pair.mentee, pair.mentor, pair.slot) for pair in pairs} if case.pinned else set()
    for name, (mentor, slot) in case.pinned.items():
        if (name, mentor) not in met or (slot is not None and (name, mentor, slot) not in exactly):
            yield Fault("pin", name, f"is pinned to {mentor} but not planned so")


# The proof


def _faults_of_proof(
    case: Case, plan: Plan, pairs: list[Meeting], rows: Progress | None
) -> Iterator[Fault]:
    said = plan.certificate
    sessions = len(pairs)
    served = len({pair.mentee for pair in pairs})
    fit = sum(pair.score for pair in pairs)
    value = fit + sum(_bonus(case, pair.mentee, pair.mentor, pair.slot) for pair in pairs)
    for count in Counter(pair.mentor for pair in pairs).values():
        value -= case.options.seat_price * sum(range(count))
    facts = {"served": served, "sessions": sessions, "fit": fit, "value": value}
    for name, fact in facts.items():
        if getattr(said, name) != fact:
            yield Fault(name, "", f"the certificate says {getattr(said, name)}, it is {fact}")
    if (said.week, said.seed) != (case.problem.week, plan.seed):
        yield Fault("week", "", "the certificate is for another week or seed")
    several = plan.session_prices or plan.prices
    at_equal = plan.fit_prices or several
    if case.options.sessions > 1 and (plan.session_prices is None or plan.fit_prices is None):
        yield Fault("prices", "", "there are no prices for several sessions")
        return
    faults = [
        *_faults_of_prices(case, plan.prices, heavy=True),
        *_faults_of_prices(case, several, heavy=True),
        *_faults_of_prices(case, at_equal, heavy=False),
    ]
    if faults:
        yield from faults
        return
    cost = _most_seat_cost(case)
    planned = {pair.mentee: (pair.mentor, pair.slot) for pair in pairs}
    proven: dict[tuple[int, int], int] = {}

    def most(prices: Prices, count: int) -> int:
        if (id(prices), count) not in proven:  # with one session all three are the same
            proven[id(prices), count] = _most_by_prices(case, prices, count, planned, rows)
        return proven[id(prices), count]

    first = most(plan.prices, 1) + cost
    total = most(several, case.options.sessions) + cost
    equal = most(at_equal, case.options.sessions)
    bounds = {
        "served_bound": min(len(case.mentees), first // plan.prices.person),
        "sessions_bound": total // several.person,
        "bound": equal - at_equal.person * sessions,
    }
    for name, bound in bounds.items():
        if getattr(said, name) != bound:
            yield Fault(
                name, "", f"the certificate says {getattr(said, name)}, the prices prove {bound}"
            )


def _faults_of_prices(case: Case, prices: Prices, *, heavy: bool) -> Iterator[Fault]:
    groups = (prices.mentor, prices.day, prices.slot, prices.mentee)
    if any(price < 0 for group in groups for price in group.values()):
        yield Fault("prices", "", "a price is below zero")
    names = [*prices.mentor, *(name for name, _ in (*prices.day, *prices.slot))]
    for name in names:
        if name not in case.mentors:
            yield Fault("prices", name, "has a price and is no mentor of the problem")
    heaviest = 10_000 + case.options.keep_pair + case.options.keep_slot
    people = len(case.mentees) * case.options.sessions
    if heavy and prices.person <= people * heaviest + _most_seat_cost(case):
        yield Fault("prices", "", "a person weighs less than all points together")


def _bonus(case: Case, mentee: str, mentor: str, slot: int) -> int:
    bonus = case.options.keep_pair if (mentee, mentor) in case.kept_pairs else 0
    return bonus + (case.options.keep_slot if (mentee, mentor, slot) in case.kept_slots else 0)


def _most_seat_cost(case: Case) -> int:
    most = len(case.mentees) * case.options.sessions
    return case.options.seat_price * sum(
        sum(range(min(mentor.seats, most))) for mentor in case.mentors.values()
    )


def _most_by_prices(
    case: Case,
    prices: Prices,
    sessions: int,
    planned: Mapping[str, tuple[str, int]],
    rows: Progress | None,
) -> int:
    """What no plan's value can exceed: all that is sold at its price, and what people gain."""
    total = sum(prices.slot.values())
    for (name, _), price in prices.day.items():
        total += price * case.mentors[name].daily_cap
    for name, mentor in case.mentors.items():
        seats = case.most_filled(mentor.seats, sessions)
        price = prices.mentor.get(name, 0)
        total += sum(max(0, price - case.options.seat_price * seat) for seat in range(seats))
    if rows is not None:
        return total + gained_in_rows(case, prices, sessions, planned, rows)
    for mentee in case.mentees.values():
        total += _most_gained(case, prices, mentee, sessions)
    return total


def _most_gained(case: Case, prices: Prices, mentee: Mentee, sessions: int) -> int:
    """The best that all the mentors and slots leave one mentee, over every feasible pair."""
    by_slot: dict[int, int] = {}
    by_mentor: dict[str, int] = {}
    pin = case.pinned.get(mentee.person) if sessions == 1 else None
    load = case.load(mentee.person)
    for name, mentor in case.mentors.items():
        common = mentee.free & mentor.free
        if mentor.seats < load or not common or (pin and pin[0] != name):
            continue
        if not may_meet(case, mentee, mentor):
            continue
        points = prices.person + points_of(case, mentee, mentor)
        points -= load // case.unit * prices.mentor.get(name, 0)
        for slot in starts_of(common):
            if pin and pin[1] not in (None, slot):
                continue
            left = points + _bonus(case, mentee.person, name, slot)
            left -= prices.slot.get((name, slot), 0)
            left -= prices.day.get((name, day_at(case, mentor, slot)), 0)
            by_slot[slot] = max(left, by_slot.get(slot, left))
            by_mentor[name] = max(left, by_mentor.get(name, left))
    if pin:
        return max(by_slot.values(), default=0)
    gained = _best_few(by_slot.values(), sessions)
    if case.options.another_mentor and sessions > 1:
        gained = min(gained, _best_few(by_mentor.values(), sessions))
    return gained


def _best_few(gains: Iterable[int], count: int) -> int:
    positive = [gain for gain in gains if gain > 0]
    return sum(sorted(positive, reverse=True)[:count])
