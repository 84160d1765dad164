"""A solved crowd in words and names: pairs built when they are asked for, prices, the unmatched."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import overload

import numpy as np

from ..describe import nobody_for, price_reason, skill_reasons
from ..plan import LazyPairs, Pair, Prices, Reason, Unmatched
from ..problem import Mentee, Mentor, Options, Problem
from ..roster import Roster, pair_scores
from ..rows import BLOCK, take
from ..score import score_pair
from .crowd import Crowd
from .ledger import Ledger
from .market import Int64s

NAMED = 100  # mentors that a reason names one by one; it counts them all


@dataclass(frozen=True, eq=False)
class Pairs(LazyPairs):
    """The sessions of a plan by mentee and number; each with its reasons when it is asked for.

    `rows` (sessions, 4): mentee, mentor, slot of the week, number, as places in the crowd.
    """

    crowd: Crowd
    ledger: Ledger
    options: Options
    rows: Int64s

    def __len__(self) -> int:
        return len(self.rows)

    @overload
    def __getitem__(self, at: int) -> Pair: ...
    @overload
    def __getitem__(self, at: slice) -> Pairs: ...
    def __getitem__(self, at: int | slice) -> Pair | Pairs:
        if isinstance(at, slice):
            return replace(self, rows=self.rows[at])
        i, j, _, _ = self.rows[at].tolist()
        return self._built(self.crowd.mentees[i], self.crowd.mentors[j], self.rows[at].tolist())

    def __iter__(self) -> Iterator[Pair]:
        for begin in range(0, len(self), BLOCK):
            rows = self.rows[begin : begin + BLOCK]
            mentees = take(self.crowd.mentees, rows[:, 0])
            mentors = take(self.crowd.mentors, rows[:, 1])
            yield from map(self._built, mentees, mentors, rows.tolist())

    def _built(self, mentee: Mentee, mentor: Mentor, row: list[int]) -> Pair:
        i, j, slot, number = row
        scored = score_pair(mentee, mentor, self.options)
        reasons = skill_reasons(mentee, mentor, scored.skill)
        common = (mentee.free & mentor.free).bit_count()
        reasons.append(Reason("time", {"slot": slot, "common": common}))
        pinned = bool(self.crowd.pin[i] == j) and number == 1
        if pinned:
            reasons.append(Reason("pinned"))
        if (i, j) in self._kept:
            reasons.append(Reason("kept"))
        if number == 1:
            price = self.ledger.at(self.crowd.shelf, j, slot)
            reasons.append(price_reason(price, self.ledger.person))
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

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Pairs):
            return NotImplemented
        return len(self) == len(other) and all(a == b for a, b in zip(self, other, strict=True))

    @cached_property
    def mentees(self) -> Sequence[str]:
        """The mentee of each session."""
        people = self.crowd.mentees.people
        return [people[i] for i in self.rows[:, 0].tolist()]

    @cached_property
    def mentors(self) -> Sequence[str]:
        """The mentor of each session."""
        people = self.crowd.mentors.people
        return [people[j] for j in self.rows[:, 1].tolist()]

    @cached_property
    def slots(self) -> Sequence[int]:
        """The slot of each session."""
        slots: list[int] = self.rows[:, 2].tolist()
        return slots

    @cached_property
    def scores(self) -> Sequence[int]:
        """The points of each session."""
        crowd, who, to = self.crowd, self.rows[:, 0], self.rows[:, 1]
        time_term = self.options.time_term
        points: list[int] = pair_scores(
            crowd.mentees, crowd.mentors, who, to, time_term=time_term
        ).tolist()
        return points

    @cached_property
    def _kept(self) -> set[tuple[int, int]]:
        return {(one, other) for one, other, _ in self.crowd.kept.tolist()}


def pairs_of(crowd: Crowd, ledger: Ledger, options: Options, rows: Int64s) -> Pairs:
    """The pairs of a plan, sorted by the mentee's id and the number of the session."""
    names = np.array(crowd.mentees.people, dtype=object)[rows[:, 0]]
    order = sorted(range(len(rows)), key=lambda at: (names[at], int(rows[at, 3])))
    return Pairs(crowd, ledger, options, rows[np.array(order, np.int64)])


def prices_of(crowd: Crowd, ledger: Ledger) -> Prices:
    """The ledger by name; what costs nothing is left out."""
    shelf, names = crowd.shelf, crowd.mentors.people
    priced = np.nonzero(ledger.mentor)[0]
    days = np.nonzero(ledger.day)[0]
    slots = np.nonzero(ledger.slot)[0]
    which = np.zeros(len(shelf.day_mentor), np.int64)
    if len(shelf.slot_day):
        first = shelf.slot_when[shelf.slot_first[:-1]].astype(np.int64)
        offset = crowd.mentors.offset_minutes[shelf.day_mentor]
        which = (first * ledger.step + offset) // 1440
    return Prices(
        person=ledger.person,
        mentor={names[j]: int(ledger.mentor[j]) for j in priced.tolist()},
        day={
            (names[shelf.day_mentor[d]], int(which[d])): int(ledger.day[d]) for d in days.tolist()
        },
        slot={
            (names[shelf.day_mentor[shelf.slot_day[s]]], int(shelf.slot_when[s])): int(
                ledger.slot[s]
            )
            for s in slots.tolist()
        },
    )


def unmatched_of(
    crowd: Crowd, problem: Problem, options: Options, seed: int, served: Int64s, short: Short
) -> tuple[Unmatched, ...]:
    """Everybody without a session, each with the reason that binds, sorted by id."""
    left = np.setdiff1d(np.arange(len(crowd.mentees)), served)
    circles = _circles(crowd, served, short)
    people = replace(problem, mentees=crowd.mentees, mentors=crowd.mentors)
    alone = nobody_for(
        Roster(people, options, seed), [i for i in left.tolist() if i not in circles]
    )
    names = crowd.mentees.people
    found = [
        Unmatched(names[i], circles.get(i) or alone.get(i) or Reason("tie")) for i in left.tolist()
    ]
    return tuple(sorted(found, key=lambda each: each.person))


@dataclass(frozen=True)
class Short:
    """The over-demanded part: places of its people, and of the mentors who have seats in it."""

    people: Int64s
    mentors: Int64s


def _circles(crowd: Crowd, served: Int64s, short: Short) -> dict[int, Reason]:
    """Those whom too few seats leave out, by place, with the people they share them with.

    Who could meet shares a skill, so people and mentors that no chain of skills joins do not
    compete; each circle that is joined has fewer seats than people (Hall 1935).
    """
    from scipy import sparse  # importing the package must stay cheap

    mentees, mentors = crowd.mentees, crowd.mentors
    skills, people = len(mentees.skills), len(short.people)
    wishes = np.diff(mentees.want_from)[short.people]
    offers = np.diff(mentors.skill_from)[short.mentors]
    none = [np.empty(0, np.int32)]
    wished = np.concatenate(
        [mentees.want_skill[slice(*mentees.want_from[[i, i + 1]])] for i in short.people] or none
    ).astype(np.int64)
    offered = np.concatenate(
        [mentors.skill[slice(*mentors.skill_from[[j, j + 1]])] for j in short.mentors] or none
    ).astype(np.int64)
    one = np.concatenate(
        [
            np.repeat(np.arange(people), wishes),
            people + np.repeat(np.arange(len(short.mentors)), offers),
        ]
    )
    size = people + len(short.mentors) + skills
    other = people + len(short.mentors) + np.concatenate([wished, offered])
    edges = sparse.coo_array((np.ones(len(one)), (one, other)), shape=(size, size))
    _, label = sparse.csgraph.connected_components(edges, directed=False)
    is_served = np.isin(short.people, served)
    everybody = np.bincount(label[:people], minlength=size)
    seats = np.bincount(label[:people][is_served], minlength=size)
    circle_of = label[people : people + len(short.mentors)]
    found: dict[int, Reason] = {}
    made: dict[int, Reason] = {}
    for at in np.nonzero(~is_served)[0].tolist():
        circle = int(label[at])
        if circle not in made:
            inside = short.mentors[circle_of == circle]
            names = sorted(mentors.people[j] for j in inside.tolist())
            made[circle] = Reason(
                "short_of_seats",
                {
                    "people": int(everybody[circle]),
                    "mentors": len(names),
                    "seats": int(seats[circle]),
                    "waiting": int(everybody[circle] - seats[circle]),
                    "mentor_ids": names[:NAMED],
                },
            )
        found[int(short.people[at])] = made[circle]
    return found
