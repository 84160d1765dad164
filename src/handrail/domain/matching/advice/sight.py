"""All mentors as one mentee sees them: a row at a time, never all pairs at once."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import chain
from typing import Any

import numpy as np
import numpy.typing as npt

from ..change import nearest
from ..explain import WhyNot
from ..plan import Pair, Plan, Reason
from ..problem import Mentee, Mentor, Problem, day_of
from ..score import gain, language_points, skill_points, weight
from ..week import pack, slots_of

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


class Sight:
    """The mentors of a problem with the seats, hours and prices that a plan leaves them.

    Memory is that of the mentors and one row; a row costs some microseconds a thousand mentors.
    """

    def __init__(self, problem: Problem, plan: Plan) -> None:
        self.problem, self.plan = problem, plan
        self.mentors = list(problem.mentors)
        self.at = {mentor.person: place for place, mentor in enumerate(self.mentors)}
        self.seats = np.array([mentor.seats for mentor in self.mentors], np.int64)
        self.free = pack([mentor.free for mentor in self.mentors])
        offered: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for place, mentor in enumerate(self.mentors):
            for skill, level in mentor.skills:
                offered[skill].append((place, level))
        self.offers = {skill: np.array(rows, np.int64).T for skill, rows in offered.items()}
        self.barred: dict[str, list[int]] = defaultdict(list)
        for mentee, mentor_id in chain(problem.excluded, problem.forbids):
            if mentor_id in self.at:
                self.barred[mentee].append(self.at[mentor_id])
        self.pinned = {pin.mentee for pin in problem.pins}
        self.kept: dict[tuple[str, str], list[int | None]] = defaultdict(list)
        for old in problem.published:
            self.kept[old.mentee, old.mentor].append(old.slot)
        self.spoken: dict[tuple[str, ...], Ints] = {}
        self.held: dict[str, list[Pair]] = defaultdict(list)
        for pair in plan.pairs:
            self.held[pair.mentor].append(pair)
        self.price = np.array(
            [plan.prices.mentor.get(mentor.person, 0) for mentor in self.mentors], np.int64
        )
        by_slot = chain(plan.prices.slot, plan.prices.day)
        self.by_slot = {self.at[mentor] for mentor, _ in by_slot if mentor in self.at}

    def fitting(self, mentee: Mentee) -> tuple[Ints, Ints]:
        """Places of the mentors with a seat that fit by skill, floor, language and rules, and the
        scores there; whether there is a common time is not asked.
        """
        gained: Ints = np.zeros(len(self.mentors), np.int64)
        weights = sum(weight(want.priority) for want in mentee.wants)
        for want in mentee.wants:
            if want.skill in self.offers:
                places, levels = self.offers[want.skill]
                ladder = np.array([gain(level, want.level) for level in range(6)], np.int64)
                gained[places] += weight(want.priority) * ladder[levels]
        spoken = self._spoken(mentee.languages)
        good: Bools = (gained > 0) & (gained >= self.plan.options.floor * weights)
        good &= (spoken >= 0) & (self.seats > 0)
        good[self.barred.get(mentee.person, [])] = False
        places = np.flatnonzero(good)
        row: Any = gained[places]  # the one definition takes a whole row as well
        score: Ints = skill_points(row, weights) + spoken[places]
        if self.plan.options.time_term:
            common = self._common(mentee, places)
            score += 1500 * np.minimum(8, np.bitwise_count(common).sum(axis=1).astype(int)) // 8
        return places, score

    def _spoken(self, languages: tuple[str, ...]) -> Ints:
        if languages not in self.spoken:
            known: dict[tuple[str, ...], int] = {}
            for mentor in self.mentors:
                if mentor.languages not in known:
                    points = language_points(languages, mentor.languages)
                    known[mentor.languages] = -1 if points is None else points
            row = [known[mentor.languages] for mentor in self.mentors]
            self.spoken[languages] = np.array(row, np.int64)
        return self.spoken[languages]

    def _common(self, mentee: Mentee, places: Ints) -> npt.NDArray[np.uint64]:
        return self.free[places] & pack([mentee.free])

    def cost(self, to: int, slot: int) -> int:
        """What a session with mentor `to` at a slot costs by the plan's prices."""
        mentor, prices = self.mentors[to], self.plan.prices
        day = day_of(mentor, slot, self.problem.step)
        by_slot = prices.slot.get((mentor.person, slot), 0)
        return int(self.price[to]) + prices.day.get((mentor.person, day), 0) + by_slot

    def left(self, mentee: Mentee, to: int, score: int) -> tuple[int, int]:
        """What mentor `to` leaves this mentee beside being served, and the cost of that slot."""
        kept = self.kept.get((mentee.person, self.mentors[to].person), [])
        options = self.plan.options
        worth = score + (options.keep_pair if kept else 0)
        if to not in self.by_slot and not (kept and options.keep_slot):
            return worth - int(self.price[to]), int(self.price[to])
        return max(
            (worth + (options.keep_slot if slot in kept else 0) - cost, -cost)
            for slot in slots_of(self.mentors[to].free & mentee.free)
            for cost in [self.cost(to, slot)]
        )

    def room(self, mentor: Mentor, *, seats: int = 0) -> int:
        """The slots, free or not, at which a mentor could take one more person, given `seats`
        more than they have.
        """
        held = [pair.slot for pair in self.held[mentor.person]]
        if len(held) >= mentor.seats + seats:
            return 0
        days = Counter(day_of(mentor, slot, self.problem.step) for slot in held)
        open_ = 0
        for slot in range(self.problem.slots):
            full = 0 < mentor.daily_cap <= days[day_of(mentor, slot, self.problem.step)]
            if slot not in held and not full:
                open_ |= 1 << slot
        return open_

    def others_near(self, mentee: Mentee, pair: Pair, most: int) -> tuple[WhyNot, ...]:
        """The nearest `most` mentors that fit beside the one proposed, the runner-up first.

        The same differences as `explain`: what the plan would lose at least.
        """
        if mentee.person in self.pinned:
            return ()
        places, scores = self.fitting(mentee)
        shared = self._common(mentee, places).any(axis=1) & (places != self.at[pair.mentor])
        places, scores = places[shared], scores[shared]
        own = self.own_left(pair)
        # By mentor prices alone each leaves at least as much: a closer look until that is too far.
        bonus = self.plan.options.keep_pair + self.plan.options.keep_slot
        upper = scores - self.price[places] + bonus
        found: list[tuple[int, int, str, int]] = []
        for place in np.argsort(-upper, kind="stable").tolist():
            if len(found) >= most and own - int(upper[place]) > found[most - 1][0]:
                break
            to, score = int(places[place]), int(scores[place])
            left, cost = self.left(mentee, to, score)
            found.append((own - left, -score, self.mentors[to].person, abs(cost)))
            found.sort()
        return tuple(
            WhyNot(mentor, self._because(mentee, mentor, lost, cost), -score, lost)
            for lost, score, mentor, cost in found[:most]
        )

    def own_left(self, pair: Pair) -> int:
        """What a pair of the plan leaves its mentee beside being served."""
        kept = self.kept.get((pair.mentee, pair.mentor), [])
        options = self.plan.options
        bonus = options.keep_pair if kept else 0
        bonus += options.keep_slot if pair.slot in kept else 0
        return pair.score + bonus - self.cost(self.at[pair.mentor], pair.slot)

    def _because(self, mentee: Mentee, name: str, lost: int, cost: int) -> Reason:
        mentor = self.mentors[self.at[name]]
        held = self.held[name]
        if len(held) < mentor.seats:
            held = [pair for pair in held if mentee.free & mentor.free & (1 << pair.slot)]
        holders = sorted({pair.mentee for pair in held} - {mentee.person})
        if cost > 0 and holders:
            code = "scarce" if 2 * cost > self.plan.prices.person else "seat_worth_more"
            return Reason(code, {"mentor": name, "holders": holders, "price": cost})
        return Reason("lower_score", {"difference": lost}) if lost > 0 else Reason("tie")

    def open_hours(self, mentee: Mentee) -> Iterator[tuple[Mentor, int]]:
        """Mentors who fit, have a seat left, and the slots at which they could take one more."""
        for to in self.fitting(mentee)[0].tolist():
            mentor = self.mentors[to]
            if len(self.held[mentor.person]) < mentor.seats:
                yield mentor, self.room(mentor)

    def own_hour(self, mentee: Mentee) -> Reason | None:
        """The one hour more, nearest to their own, at which a mentor has a seat for this person."""
        rooms = [
            (mentor, room & mentor.free & ~mentee.free) for mentor, room in self.open_hours(mentee)
        ]
        anywhere = 0
        for _, room in rooms:
            anywhere |= room
        slot = nearest(mentee.free, anywhere)
        if slot is None:
            return None
        mentor = min(mentor.person for mentor, room in rooms if room >> slot & 1)
        when = self.problem.starts_at(slot).strftime("%a %H:%M UTC")
        return Reason("more_time", {"slot": slot, "when": when, "mentor": mentor})
