"""Online: one person asks, the best mentors with a free time answer, by the prices of a plan."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from .books import Books, books_of
from .describe import skill_reasons
from .plan import Certificate, Plan, Prices, Reason
from .problem import Mentee, Mentor, Options, Problem, day_of
from .roster import Bools, Ints, Row, Words
from .score import gained_by, skill_points, time_points
from .tables import lot
from .week import bits_of, pack

NEAR = 64  # mentors looked at first: the best by what they could be worth at most
MORE = 16  # times as many, where too few of them can
KEPT = 256  # sets of languages whose points are kept
DRAWN = 20  # bits of the draw between equals


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
    mentee need not be in the problem. The booking decides: an offer holds nothing. Who asks often
    keeps a `Desk`.
    """
    if taken is not None:
        return Desk.of(problem, plan, taken=taken).request(mentee, top=top)
    desk = plan.notes.get("desk")
    if not isinstance(desk, Desk) or desk.problem is not problem:
        desk = plan.notes["desk"] = Desk.of(problem, plan)
    return desk.request(mentee, top=top)


class Desk:
    """What requests are answered from: the mentors of a plan as arrays, and what is taken by now.

    Made once; then a request costs some passes over the mentors who have the skill. `take` and
    `release` follow the bookings, each in microseconds.
    """

    def __init__(self, books: Books, taken: Iterable[tuple[str, int]]) -> None:
        self.books, self.problem = books, books.problem
        self.roster = books.roster
        self._taken: dict[int, Counter[int]] = defaultdict(Counter)
        self._open: Words = self.roster.mentors.week.T.copy()
        self._seat_left: Bools = self.roster.seats > 0
        names = self.roster.mentors.people
        self._lots = np.array([lot(books.plan.seed, name) for name in names], np.uint64)
        self._known: dict[int, Mentor] = {}
        self._by_languages: dict[tuple[str, ...], Ints] = {}
        for mentor, slot in taken:
            if mentor in self.roster.mentor_at:
                self._taken[self.roster.mentor_at[mentor]][slot] += 1
        for place in self._taken:
            self._look_again(place)

    @classmethod
    def of(
        cls, problem: Problem, plan: Plan, *, taken: Iterable[tuple[str, int]] | None = None
    ) -> Desk:
        """A desk for a plan; `taken`, (mentor, slot), as for `request`."""
        booked = ((mentor, slot) for _, mentor, slot, _ in plan.sessions)
        return cls(books_of(problem, plan), booked if taken is None else taken)

    @classmethod
    def by_prices(
        cls, problem: Problem, prices: Prices, options: Options, *, seed: int = 1
    ) -> Desk:
        """A desk for mentors whose prices are known from a plan that is not at hand any more.

        `problem` holds the mentors as they are now, with what is booked taken out of their hours
        and seats; prices of people who are not in it are passed over.
        """
        nothing = Certificate(
            served=0,
            served_bound=0,
            sessions=0,
            sessions_bound=0,
            fit=0,
            value=0,
            bound=0,
            scope="candidates",
            week=problem.week,
            seed=seed,
            version="",
            method="prices",
        )
        plan = Plan((), (), prices, nothing, options, seed)
        return cls(books_of(problem, plan), ())

    def take(self, mentor: str, slot: int) -> None:
        """A slot was booked; KeyError for somebody who is no mentor of the problem."""
        place = self.roster.mentor_at[mentor]
        self._taken[place][slot] += 1
        self._look_again(place)

    def release(self, mentor: str, slot: int) -> None:
        """A booking was given back; KeyError for one that was not there."""
        place = self.roster.mentor_at[mentor]
        if not self._taken[place][slot]:
            raise KeyError((mentor, slot))
        self._taken[place][slot] -= 1
        self._look_again(place)

    def _look_again(self, place: int) -> None:
        slots = list(self._taken[place].elements())
        bits = bits_of(slots)
        if self.roster.mentors.daily_cap[place]:
            bits |= self._full_days(self.books.mentor(place), slots)
        self._open[:, place] = self.roster.mentors.week[place] & ~pack([bits])[0]
        self._seat_left[place] = len(slots) < self.roster.seats[place]

    def _full_days(self, mentor: Mentor, slots: list[int]) -> int:
        step = self.problem.step
        days = Counter(day_of(mentor, slot, step) for slot in slots)
        return bits_of(
            slot
            for slot in range(self.problem.slots)
            if days[day_of(mentor, slot, step)] >= mentor.daily_cap
        )

    def request(self, mentee: Mentee, *, top: int = 8) -> tuple[Offer, ...]:
        """At most `top` offers as `request` gives them, by what is taken now."""
        roster, plan = self.roster, self.books.plan
        row = roster.row(mentee)
        spoken = self._spoken(mentee.languages)
        able = (row.gained >= max(1, plan.options.floor * row.weights)) & (spoken >= 0)
        places = np.flatnonzero(able & self._seat_left)
        gained: Any = row.gained[places].astype(np.int64)  # it takes a whole row as well
        score: Ints = skill_points(gained, row.weights) + spoken[places]
        drawn = self._drawn(mentee.person, places)
        least = self._ordered(self.books.seat[places] - score - self._most_time, drawn)
        free = pack([mentee.free & ~self.books.taken_by.get(mentee.person, 0)])
        near = NEAR
        while True:
            part, beyond = _smallest(least, near)
            part = part[self._may_meet(mentee, row, places[part], free)]
            slot, price = self._first_open(places[part], free)
            points = score[part] + self._time(mentee, places[part])
            order = self._ordered(price - points, drawn[part])
            if beyond is None or int((order < beyond).sum()) >= top:
                break
            near *= MORE
        best = np.lexsort((roster.rank[places[part]], order))[:top]
        columns = (places[part], slot, points, price)
        return tuple(
            self._offer(mentee, *offer)
            for offer in zip(*(column[best].tolist() for column in columns), strict=True)
        )

    def _spoken(self, languages: tuple[str, ...]) -> Ints:
        """(M,) language points or -1; kept, as many people speak the same."""
        if languages not in self._by_languages:
            if len(self._by_languages) == KEPT:
                self._by_languages.clear()
            everybody = np.arange(len(self._lots))
            self._by_languages[languages] = self.roster.spoken(languages, everybody)
        return self._by_languages[languages]

    def _drawn(self, person: str, places: Ints) -> Ints:
        """20 bits by the seed and both ids: the lower is offered first among equals."""
        mine = np.uint64(lot(self.books.plan.seed, person))
        mixed = (self._lots[places] ^ mine) * np.uint64(0x9E3779B97F4A7C15)
        drawn: Ints = (mixed >> np.uint64(64 - DRAWN)).astype(np.int64)
        return drawn

    def _ordered(self, key: Ints, drawn: Ints) -> Ints:
        """One number that sorts by price - score, then by the draw."""
        return (key << DRAWN) + drawn

    @property
    def _most_time(self) -> int:
        return time_points(8) if self.books.plan.options.time_term else 0

    def _time(self, mentee: Mentee, places: Ints) -> Ints:
        if not self.books.plan.options.time_term:
            return np.zeros(len(places), np.int64)
        counts = np.bitwise_count(self.roster.common(mentee, places)).sum(axis=1)
        return np.array([time_points(int(count)) for count in counts], np.int64)

    def _may_meet(self, mentee: Mentee, row: Row, places: Ints, free: Words) -> Bools:
        """Whether no rule bars the mentors at these places and an open slot is common."""
        shared = np.zeros(len(places), np.bool_)
        for word in np.flatnonzero(free[0]).tolist():
            shared |= (self._open[word][places] & free[0, word]) != 0
        shared &= row.permits(places)
        if mentee.person in self.roster.mentor_at:
            shared &= places != self.roster.mentor_at[mentee.person]
        return shared

    def _first_open(self, places: Ints, free: Words) -> tuple[Ints, Ints]:
        """The first open slot with each of these mentors, who all have one, and its price."""
        row = np.arange(len(places))
        open_ = self._open[:, places].T & free
        word = np.argmax(open_ != 0, axis=1)
        first = open_[row, word]
        below = (first & (~first + np.uint64(1))) - np.uint64(1)
        slot: Ints = 64 * word + np.bitwise_count(below)
        week = self.roster.mentors.week[places, word]
        before = self._before[places, word] + np.bitwise_count(week & below)
        return slot, self.books.cost[self.books.start_of[places] + before]

    @cached_property
    def _before(self) -> Ints:
        """(M, 8) how many slots each mentor gives in the words before each."""
        counts = np.bitwise_count(self.roster.mentors.week).astype(np.int64)
        before: Ints = np.cumsum(counts, axis=1) - counts
        return before

    def _offer(self, mentee: Mentee, to: int, slot: int, score: int, price: int) -> Offer:
        mentor = self._known.get(to)
        if mentor is None:
            mentor = self._known[to] = self.books.mentor(to)
        _, _, skill = gained_by(mentee, mentor)
        reasons = tuple(skill_reasons(mentee, mentor, skill))
        return Offer(mentor.person, slot, score, price, skill, reasons)


def _smallest(values: Ints, count: int) -> tuple[Ints, int | None]:
    """Places of the smallest `count` values, and what all others are at least; None: no others."""
    if len(values) <= count:
        return np.arange(len(values)), None
    places = np.argpartition(values, count)
    return places[:count], int(values[places[count]])
