"""What a plan makes of its mentors' seats: who holds them, what a slot costs, what is open."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from functools import cached_property
from math import gcd

import numpy as np

from .plan import Plan, Reason
from .problem import Mentee, Mentor, Problem, day_of
from .roster import Bools, Ints, Roster, Row, Words
from .week import bits_of, pack, unpack

NEVER = 2**62  # costs more than anything is worth


def books_of(problem: Problem, plan: Plan) -> Books:
    """The books of a plan, made once and kept with it; `problem` is the one it was made for."""
    kept = plan.notes.get("books")
    if isinstance(kept, Books) and kept.problem is problem:
        return kept
    books = plan.notes["books"] = Books(problem, plan)
    return books


class Books:
    """Arrays over mentors and over their free slots; a question costs some passes over them.

    `when` (F,) are the free slots of all mentors one after another, those of mentor j from
    `start_of[j]` to `start_of[j + 1]`; `cost` (F,) what a session there costs by the plan's prices.
    """

    def __init__(self, problem: Problem, plan: Plan) -> None:
        self.problem, self.plan = problem, plan
        self.roster = Roster(problem, plan.options, plan.seed)
        week = self.roster.mentors.week
        who, self.when = np.nonzero(_bits(week, problem.slots))
        self.start_of: Ints = np.searchsorted(who, np.arange(len(week) + 1))
        self.seat: Ints = self._by_mentor(plan.prices.mentor.items())
        self.held: Ints = self._by_mentor(
            (mentor, len(sessions)) for mentor, sessions in plan.held.items()
        )

    def _by_mentor(self, named: Iterable[tuple[str, int]]) -> Ints:
        values = np.zeros(len(self.roster.mentors), np.int64)
        at = self.roster.mentor_at
        for name, value in named:
            if name in at:
                values[at[name]] = value
        return values

    @cached_property
    def cost(self) -> Ints:
        """(F,) what a session at each free slot costs."""
        roster, prices = self.roster, self.plan.prices
        at = roster.mentor_at
        cost = np.repeat(self.seat, np.diff(self.start_of))
        for (name, slot), price in prices.slot.items():
            if name in at:
                first, last = self.start_of[at[name]], self.start_of[at[name] + 1]
                place = first + np.searchsorted(self.when[first:last], slot)
                if place < last and self.when[place] == slot:
                    cost[place] += price
        for (name, day), price in prices.day.items():
            if name in at:
                part = slice(self.start_of[at[name]], self.start_of[at[name] + 1])
                offset = int(roster.mentors.offset_minutes[at[name]])
                days = (self.when[part] * self.problem.step + offset) // 1440
                cost[part] += price * (days == day)
        return cost

    # One person

    def mentee(self, person: str) -> Mentee:
        """A mentee of the problem by id, KeyError for anybody else."""
        return self.roster.mentees[self.roster.mentee_at[person]]

    def mentor(self, to: int) -> Mentor:
        """The mentor at a place."""
        return self.roster.mentors[to]

    def load(self, mentee: str) -> int:
        """How many units of a mentor's seats somebody takes; a mentor's price is for one."""
        if not self.problem.loads:
            return 1
        return self.problem.loads.get(mentee, 1) // self._unit

    @cached_property
    def _unit(self) -> int:
        return gcd(*(self.problem.loads.get(who, 1) for who in self.roster.mentees.people))

    @cached_property
    def kept(self) -> dict[str, dict[int, set[int | None]]]:
        """For each mentee the places of mentors of the published plan, each with its slots."""
        found: dict[str, dict[int, set[int | None]]] = defaultdict(lambda: defaultdict(set))
        for pair in self.problem.published:
            if pair.mentor in self.roster.mentor_at:
                found[pair.mentee][self.roster.mentor_at[pair.mentor]].add(pair.slot)
        return {mentee: dict(by_mentor) for mentee, by_mentor in found.items()}

    def fits(self, mentee: Mentee, row: Row) -> Ints:
        """Places of the mentors that fit but for the time, or that the mentee is pinned to."""
        places = self.roster.fits(mentee, row, self.plan.options.floor)
        pinned = self.roster.pinned.get(mentee.person)
        if pinned is None:
            return places
        return np.union1d(places, [self.roster.mentor_at[pinned]])

    def worth(self, mentee: Mentee, row: Row, places: Ints) -> Ints:
        """The points with the mentors at these places, and the bonus for a published pair."""
        worth = self.roster.score(mentee, row, places)
        if mentee.person in self.kept and self.plan.options.keep_pair:
            again = np.isin(places, list(self.kept[mentee.person]))
            worth = worth + self.plan.options.keep_pair * again
        return worth

    def price_at(self, to: int, slot: int, load: int = 1) -> int:
        """What a session with a mentor costs at a slot, whether or not it is open."""
        prices, mentor = self.plan.prices, self.roster.mentors.people[to]
        offset = int(self.roster.mentors.offset_minutes[to])
        day = (slot * self.problem.step + offset) // 1440
        by_slot = prices.slot.get((mentor, slot), 0) + prices.day.get((mentor, day), 0)
        return load * int(self.seat[to]) + by_slot

    def cheapest(self, mentee: Mentee, places: Ints) -> Ints:
        """What the cheapest common slot with each of these mentors costs; NEVER without one."""
        lowest, highest = self._range
        least = np.full(len(places), NEVER, np.int64)
        met = np.flatnonzero(self.roster.meets(mentee, places))
        least[met] = lowest[places[met]]
        uneven = met[lowest[places[met]] < highest[places[met]]]
        if len(uneven):
            lengths = np.diff(self.start_of)[places[uneven]]
            first = np.cumsum(lengths) - lengths
            spots = np.repeat(self.start_of[places[uneven]] - first, lengths)
            spots += np.arange(len(spots))
            mine = _bits(pack([mentee.free]), self.problem.slots)[0]
            cost = np.where(mine[self.when[spots]], self.cost[spots], NEVER)
            least[uneven] = np.minimum.reduceat(cost, first)
        load = self.load(mentee.person)
        if load > 1:
            least = np.where(least < NEVER, least + (load - 1) * self.seat[places], NEVER)
        return least

    @cached_property
    def _range(self) -> tuple[Ints, Ints]:
        """(M,) what the cheapest and the dearest free slot of each mentor cost; 0 without any."""
        low, high = np.zeros((2, len(self.seat)), np.int64)
        some = np.flatnonzero(np.diff(self.start_of))
        if len(some):
            low[some] = np.minimum.reduceat(self.cost, self.start_of[some])
            high[some] = np.maximum.reduceat(self.cost, self.start_of[some])
        return low, high

    def left_at_most(self, mentee: Mentee, row: Row, places: Ints) -> Ints:
        """No less than `left` says of each of these mentors, whatever the mentee's hours are."""
        lowest, _ = self._range
        cost = lowest[places] + (self.load(mentee.person) - 1) * self.seat[places]
        most = self.plan.prices.person + self.worth(mentee, row, places) - cost
        kept = self.kept.get(mentee.person)
        if kept and self.plan.options.keep_slot:
            most += self.plan.options.keep_slot * np.isin(places, list(kept))
        return most

    def left(self, mentee: Mentee, row: Row, places: Ints) -> Ints:
        """What each of these mentors leaves after prices, being served included, or -NEVER."""
        cost = self.cheapest(mentee, places)
        left = self.plan.prices.person + self.worth(mentee, row, places) - cost
        left[cost == NEVER] = -NEVER
        bonus = self.plan.options.keep_slot
        for to, slots in self.kept.get(mentee.person, {}).items() if bonus else ():
            for at in np.flatnonzero(places == to).tolist():
                common = mentee.free & self.mentor(to).free
                for slot in slots - {None}:
                    if slot is not None and common >> slot & 1:
                        base = int(left[at]) + int(cost[at]) + bonus
                        price = self.price_at(to, slot, self.load(mentee.person))
                        left[at] = max(int(left[at]), base - price)
        return left

    @cached_property
    def taken_by(self) -> dict[str, int]:
        """The slots of each person's own sessions, as bits."""
        found: dict[str, int] = defaultdict(int)
        for mentee, _, slot, _ in self.plan.sessions:
            found[mentee] |= 1 << slot
        return dict(found)

    @cached_property
    def unmatched(self) -> dict[str, Reason]:
        """The reason that binds each person without a session."""
        return {each.person: each.reason for each in self.plan.unmatched}

    @cached_property
    def waiting(self) -> int:
        """How many people too few seats leave out."""
        return sum(each.reason.code == "short_of_seats" for each in self.plan.unmatched)

    @cached_property
    def pinned_to(self) -> dict[str, list[int]]:
        """The places of those who are pinned to each mentor."""
        found: dict[str, list[int]] = defaultdict(list)
        for mentee, mentor in self.roster.pinned.items():
            found[mentor].append(self.roster.mentee_at[mentee])
        return dict(found)

    @cached_property
    def is_pinned(self) -> Bools:
        """(N,) whether somebody is pinned to any mentor."""
        pinned = np.zeros(len(self.roster.mentees), np.bool_)
        pinned[[self.roster.mentee_at[mentee] for mentee in self.roster.pinned]] = True
        return pinned

    # What is still open

    @cached_property
    def shut(self) -> Words:
        """(M, 8) slots at which a mentor could take nobody more: held, or on a full day."""
        shut = np.zeros(self.roster.mentors.week.shape, np.uint64)
        caps = self.roster.mentors.daily_cap
        for name, sessions in self.plan.held.items():
            to = self.roster.mentor_at[name]
            bits = bits_of(slot for _, slot in sessions)
            if caps[to]:
                bits |= self._full_days(self.mentor(to), [slot for _, slot in sessions])
            shut[to] = pack([bits])[0]
        return shut

    def _full_days(self, mentor: Mentor, held: list[int]) -> int:
        step = self.problem.step
        days = Counter(day_of(mentor, slot, step) for slot in held)
        return bits_of(
            slot
            for slot in range(self.problem.slots)
            if days[day_of(mentor, slot, step)] >= mentor.daily_cap
        )

    @cached_property
    def seat_left(self) -> Bools:
        """(M,) whether a seat is free."""
        left: Bools = self.held < self.roster.seats
        return left

    def room(self, to: int) -> int:
        """The slots at which a mentor could take one more, free or not; 0 without a seat."""
        if not self.held[to] < self.roster.seats[to]:
            return 0
        return self.open_slots(to)

    def open_slots(self, to: int) -> int:
        """The same, whether or not there is a seat."""
        return ~unpack(self.shut[to : to + 1])[0] & (1 << self.problem.slots) - 1

    def open_hours(self, places: Ints) -> Words:
        """(places, 8) the free slots at which each of these mentors could take one more."""
        hours: Words = self.roster.mentors.week[places] & ~self.shut[places]
        return np.where(self.seat_left[places, None], hours, np.uint64(0))

    # What the proof says

    @cached_property
    def slack(self) -> int | None:
        """By how much the plan may fall short of the best, in points; None where nothing is proven.

        Not proven: fewer people than the bound, candidates only, or several sessions.
        """
        proof = self.plan.certificate
        if proof.served != proof.served_bound or proof.scope != "all_pairs":
            return None
        return None if self.plan.options.sessions > 1 else proof.bound - proof.value

    @cached_property
    def surplus(self) -> Ints:
        """(N,) what each person's place leaves above its price; 0 for those without one.

        By complementary slackness a person is on no arc of an optimal plan that leaves less.
        """
        options, roster, prices = self.plan.options, self.roster, self.plan.prices
        surplus = np.zeros(len(roster.mentees), np.int64)
        for mentee, mentor, slot, score in self.plan.sessions:
            kept = self.kept.get(mentee, {}).get(roster.mentor_at[mentor])
            worth = score + (options.keep_pair if kept else 0)
            worth += options.keep_slot if kept and slot in kept else 0
            load = self.load(mentee)
            place = roster.mentor_at[mentor]
            surplus[roster.mentee_at[mentee]] = (
                prices.person + worth - self.price_at(place, slot, load)
            )
        return surplus

    @cached_property
    def waits(self) -> Bools:
        """(N,) whether somebody is without a session."""
        waits = np.ones(len(self.roster.mentees), np.bool_)
        waits[[self.roster.mentee_at[mentee] for mentee, _, _, _ in self.plan.sessions]] = False
        return waits


def _bits(week: Words, slots: int) -> Bools:
    """(people, slots) a week's bits as booleans."""
    flat = np.unpackbits(week.astype("<u8").view(np.uint8), axis=1, bitorder="little")
    return flat[:, :slots].astype(np.bool_)
