"""What would help most: short skills, and what one more mentor, seat or hour would add."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from heapq import nlargest
from typing import Any, Literal

import numpy as np

from .books import books_of
from .change import nearest
from .plan import Plan
from .problem import Mentor, Problem
from .roster import Ints
from .solve import solve
from .week import pack, slots_of, unpack

RESOLVED = 400  # mentees up to which a change is tried out
TRIED = 12  # changes tried out for one plan, the most promising first
LOOKED_AT = 12  # mentors whose seat is looked at, the dearest first
NAMED = 3  # mentors named for a seat, and for an hour
ONE_MORE = "\x00one more"
ONE_EACH = ("speed", "project")  # models whose prices are those of mentors and slots


@dataclass(frozen=True, slots=True)
class Gain:
    """What a change adds to a plan: people, and points of fit in all if so many people are added.

    At least: a plan that exists does it. At most: prices allow no more (None: they do not say).
    `proven` by solving again; then both ends are equal.
    """

    people_at_least: int
    people_at_most: int | None
    points_at_least: int
    points_at_most: int | None
    proven: bool = False


@dataclass(frozen=True, slots=True)
class OneMore:
    """One more mentor for a skill at a level, free when those who wait for it are."""

    level: int
    seats: int
    gain: Gain


@dataclass(frozen=True, slots=True)
class SkillNeed:
    """A skill in a plan: who wishes for it, who gives it, who got it, who waits.

    `mentors` have a seat and are ahead of somebody who wishes for it; `seats` are theirs for
    everything. `served`: it counts most in their match. `one_more` for one seat and for two;
    empty where nobody could gain.
    """

    skill: str
    wished: int
    mentors: int
    seats: int
    served: int
    waiting: int
    one_more: tuple[OneMore, ...] = ()


@dataclass(frozen=True, slots=True)
class MentorHelp:
    """What one more seat of a mentor adds, or one more hour (`slot`, not free until now).

    `waiting`: people without a match who could take it.
    """

    mentor: str
    kind: Literal["seat", "hour"]
    slot: int | None
    waiting: int
    gain: Gain


@dataclass(frozen=True, slots=True)
class Advice:
    """For a lead: the skills with those most short of mentors first, and the mentors to ask."""

    skills: tuple[SkillNeed, ...]
    helps: tuple[MentorHelp, ...]

    @property
    def short(self) -> tuple[SkillNeed, ...]:
        """The skills for which one more mentor would serve more people, the most first."""
        return tuple(
            need for need in self.skills if any(m.gain.people_at_least for m in need.one_more)
        )

    def document(self) -> dict[str, Any]:
        """The advice as plain JSON values."""
        return asdict(self)


def advice(problem: Problem, plan: Plan) -> Advice:
    """What would help most, from a plan of one session each; of other plans counts only.

    A new mentor with c seats adds at most the c largest max(0, B + s_i - u_i), u_i being what
    person i's own place leaves above its price (weak duality: the plan's prices stay feasible),
    and one more seat at most its price; both plus the plan's gap. Giving places to those who
    wait is a plan, so it adds at least that. Up to 400 mentees the best changes are solved again.
    Memory is that of one row: all mentors for one mentee, never all pairs.
    """
    view = _View(problem, plan)
    needs = [view.need(skill) for skill in np.flatnonzero(view.wished).tolist()]
    if plan.options.model not in ONE_EACH or plan.options.sessions > 1 or problem.loads:
        return Advice(tuple(sorted(needs, key=_by_gain)), ())
    needs = [replace(need, one_more=view.one_more(need.skill)) for need in needs]
    helps = [*view.seats(), *view.hours()]
    if len(problem.mentees) <= RESOLVED:
        needs, helps = _tried(problem, plan, view, needs, helps)
    helps = sorted(
        (
            help
            for help in helps
            if help.gain.people_at_least or (help.kind == "seat" and _adds(help.gain))
        ),
        key=lambda help: (_order(help.gain), -help.waiting, help.mentor),
    )
    seats = [help for help in helps if help.kind == "seat"][:NAMED]
    hours = [help for help in helps if help.kind == "hour"][:NAMED]
    return Advice(tuple(sorted(needs, key=_by_gain)), (*seats, *hours))


def _adds(gain: Gain) -> bool:
    if gain.people_at_least > 0 or gain.points_at_least > 0:
        return True
    return not gain.proven and gain.people_at_most != 0


def _order(gain: Gain) -> tuple[int, int, int, int]:
    most = gain.points_at_least if gain.points_at_most is None else gain.points_at_most
    people = -(gain.people_at_most or 0)
    return (-gain.people_at_least, people, -gain.points_at_least, -most)


def _by_gain(need: SkillNeed) -> tuple[Any, ...]:
    none = (0, 0, 0, 0)
    people, most, *points = min((_order(more.gain) for more in need.one_more), default=none)
    return (people, most, -need.waiting, *points, -need.wished, need.skill)


class _View:
    """A plan as its lead looks at it: who wishes, who waits, and what prices allow."""

    def __init__(self, problem: Problem, plan: Plan) -> None:
        self.problem, self.plan = problem, plan
        self.books = books = books_of(problem, plan)
        self.roster = books.roster
        people, mentors = self.roster.mentees, self.roster.mentors
        self.skills = people.skills
        count = len(self.skills)
        self.wish_of: Ints = np.repeat(np.arange(len(people)), np.diff(people.want_from))
        self.wish: Ints = people.want_skill.astype(np.int64)
        self.movable = np.ones(len(people), np.bool_)
        self.movable[[self.roster.mentee_at[name] for name in self.roster.pinned]] = False
        lowest = np.full(count, 5, np.int64)
        np.minimum.at(lowest, self.wish, people.want_level)
        giver = np.repeat(np.arange(len(mentors)), np.diff(mentors.skill_from))
        gives = (mentors.level > lowest[mentors.skill]) & (mentors.seats[giver] > 0)
        self.wished = np.bincount(self.wish, minlength=count)
        self.waiting = np.bincount(self.wish[books.waits[self.wish_of]], minlength=count)
        self.mentors = np.bincount(mentors.skill[gives], minlength=count)
        seats = np.bincount(mentors.skill[gives], mentors.seats[giver[gives]], minlength=count)
        self.given: Ints = seats.astype(np.int64)
        self.served = Counter(pair.skill for pair in plan.pairs if pair.session == 1)

    def need(self, skill: int) -> SkillNeed:
        """The counts of one skill, by its place among the names."""
        return SkillNeed(
            skill=self.skills[skill],
            wished=int(self.wished[skill]),
            mentors=int(self.mentors[skill]),
            seats=int(self.given[skill]),
            served=self.served[self.skills[skill]],
            waiting=int(self.waiting[skill]),
        )

    def expert(self, skill: str) -> Mentor | None:
        """A new mentor for a skill: free when those who wait for it are, or those who wish.

        Of the levels the one that is worth most to the two it suits best, the lowest of equals.
        """
        week = self.roster.mentees.week
        wishing = self.wish_of[self.wish == self.roster.skill_at[skill]]
        group = wishing[self.books.waits[wishing] & week[wishing].any(axis=1)]
        if not len(group) and len(self.problem.mentees) <= RESOLVED:
            group = wishing  # nobody to serve, but some may fit better
        if not len(group):
            return None
        free = unpack(np.bitwise_or.reduce(week[group], axis=0)[None, :])[0]
        best: tuple[int, Mentor] | None = None
        for level in range(1, 6):
            expert = Mentor(ONE_MORE, ((skill, level),), 2, free)
            places, points = self._suited(expert)
            worth = sum(nlargest(2, points[np.isin(places, group)].tolist()))
            if worth and (best is None or worth > best[0]):
                best = worth, expert
        return best[1] if best else None

    def _suited(self, mentor: Mentor, hours: int | None = None) -> tuple[Ints, Ints]:
        """Places of the mentees who could meet a mentor at these hours, and their points there."""
        column = self.roster.column(mentor)
        at = pack([mentor.free if hours is None else hours])
        meets = (self.roster.mentees.week[column.places] & at).any(axis=1)
        good = self.movable[column.places] & meets
        return column.places[good], column.points[good]

    def one_more(self, skill: str) -> tuple[OneMore, ...]:
        """One more mentor for a skill, with one seat and with two."""
        expert = self.expert(skill)
        if expert is None:
            return ()
        places, points = self._suited(expert)
        above = self.plan.prices.person + points - self.books.surplus[places]
        gains = above[above > 0].tolist()
        names, week = self.roster.mentees.people, self.roster.mentees.week
        waits = self.books.waits[places]
        hours = unpack(week[places[waits]] & pack([expert.free]))
        takers = sorted(
            (-score, names[place], slots)
            for place, score, slots in zip(
                places[waits].tolist(), points[waits].tolist(), hours, strict=True
            )
        )
        ((_, level),) = expert.skills
        found = []
        for seats in (1, 2):
            placed = _first_that_fit(takers, seats)
            gain = self._gain(len(placed), sum(placed), sum(nlargest(seats, gains)), seats)
            if gain.people_at_most != 0 or gain.points_at_most is None or gain.points_at_most > 0:
                found.append(OneMore(level, seats, gain))
        return tuple(found)

    def _gain(self, people: int, points: int, most: int, limit: int) -> Gain:
        """What is placed already against `most`, the dual objective's growth, and `limit` people.

        Where the certificate looked at candidates only, prices say nothing about the rest.
        """
        proof = self.plan.certificate
        if proof.scope != "all_pairs" or self.plan.options.seat_price:
            return Gain(people, limit, points, None)
        above, person = proof.bound + most, self.plan.prices.person
        more = above // person
        points_at_most = above - person * more - proof.value if more <= limit else None
        more = min(more, limit, int(self.books.waits.sum()))
        return Gain(people, more, points, points_at_most if people == more else None)

    def seats(self) -> Iterable[MentorHelp]:
        """One more seat of the dearest mentors."""
        books, price = self.books, self.books.seat
        for to in np.lexsort((self.roster.rank, -price))[:LOOKED_AT].tolist():
            if not price[to]:
                return
            mentor = books.mentor(to)
            places, points = self._suited(mentor, books.open_slots(to) & mentor.free)
            takers = points[books.waits[places]]
            best = int(takers.max(initial=0))
            gain = self._gain(int(best > 0), best, int(price[to]), 1)
            yield MentorHelp(mentor.person, "seat", None, len(takers), gain)

    def hours(self) -> Iterable[MentorHelp]:
        """One more hour of a mentor: it serves one who waits, where the mentor has a seat left.

        In small teams also the hours that could serve somebody by a chain of moves.
        """
        books, small = self.books, len(self.problem.mentees) <= RESOLVED
        takers: dict[int, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
        most: dict[int, tuple[int, int]] = {}
        asked = self.movable if small else self.movable & books.waits
        for at in np.flatnonzero(asked).tolist():
            who = self.roster.mentees[at]
            row = self.roster.row(who)
            places = books.fits(who, row)
            places = places[(self.roster.seats[places] > 0) & (small | books.seat_left[places])]
            above = self.plan.prices.person + self.plan.options.keep_pair - int(books.surplus[at])
            scores = self.roster.score(who, row, places)
            for to, score in zip(places.tolist(), scores.tolist(), strict=True):
                lacking = who.free & ~books.mentor(to).free
                if lacking:
                    value = above + score - int(books.seat[to])
                    most[to] = max(most.get(to, (0, 0)), (value, lacking))
                    for slot in slots_of(books.room(to) & lacking if books.waits[at] else 0):
                        takers[to][slot].append(score)
        for to, (value, lacking) in most.items():
            mentor, found = books.mentor(to), takers.get(to, {})
            if found:
                slot = min(found, key=lambda at: (-len(found[at]), -max(found[at]), at))
                gain = self._gain(1, max(found[slot]), value, 1)
                yield MentorHelp(mentor.person, "hour", slot, len(found[slot]), gain)
            elif small and value > 0:
                near = nearest(mentor.free, lacking)
                yield MentorHelp(mentor.person, "hour", near, 0, self._gain(0, 0, value, 1))


def _first_that_fit(takers: list[tuple[int, str, int]], seats: int) -> list[int]:
    """The points of the best one or two people who fit into slots of their own."""
    for at, (score, _, slots) in enumerate(takers):
        if seats == 1:
            return [-score]
        for other, _, others in takers[at + 1 :]:
            if (slots | others).bit_count() > 1:
                return [-score, -other]
    return [-takers[0][0]] if takers else []


def _tried(
    problem: Problem, plan: Plan, view: _View, needs: list[SkillNeed], helps: list[MentorHelp]
) -> tuple[list[SkillNeed], list[MentorHelp]]:
    """The same, the most promising changes solved again."""
    left = TRIED
    by_help = sorted(range(len(helps)), key=lambda at: _order(helps[at].gain))
    for at in [at for at in by_help if _open(helps[at].gain)][:NAMED]:
        changed = [_with(mentor, helps[at]) for mentor in problem.mentors]
        helps[at] = replace(helps[at], gain=_again(replace(problem, mentors=changed), plan))
        left -= 1
    for at in sorted(range(len(needs)), key=lambda at: _by_gain(needs[at])):
        found = []
        for more in needs[at].one_more:
            expert = view.expert(needs[at].skill)
            if expert is not None and left > 0 and _open(more.gain):
                mentors = [*problem.mentors, replace(expert, seats=more.seats)]
                more = replace(more, gain=_again(replace(problem, mentors=mentors), plan))
                left -= 1
            found.append(more)
        needs[at] = replace(needs[at], one_more=tuple(more for more in found if _adds(more.gain)))
    return needs, helps


def _open(gain: Gain) -> bool:
    """Whether solving again could say more than is known."""
    return (gain.people_at_least, gain.points_at_least) != (
        gain.people_at_most,
        gain.points_at_most,
    )


def _with(mentor: Mentor, help: MentorHelp) -> Mentor:
    if mentor.person != help.mentor:
        return mentor
    if help.slot is None:
        return replace(mentor, seats=mentor.seats + 1)
    return replace(mentor, free=mentor.free | 1 << help.slot)


def _again(problem: Problem, plan: Plan) -> Gain:
    now = solve(problem, seed=plan.seed, options=plan.options, warm=plan).certificate
    people, points = now.served - plan.certificate.served, now.fit - plan.certificate.fit
    exact = now.served == now.served_bound and now.value == now.bound
    return Gain(
        people,
        people if exact else now.served_bound - plan.certificate.served,
        points,
        points if exact else None,
        proven=exact,
    )
