"""From a crowd to a proven plan: candidates, joint solve, a look at all pairs, until it holds."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from ..problem import Options
from ..score import above_floor, gained_by, language_points, score_pair
from .auction import settle_left
from .crowd import BLOCK, Crowd
from .joint import Market, solve_joint
from .ledger import Ledger, ledger_of, nothing_costs
from .look import BEYOND, Sight, common_bits, look
from .market import Arcs, Int32s, Int64s, arcs_of

CHUNK = 2048
MORE = 8  # arcs that a person may get from one look
EXACT = 20_000  # people up to which the over-demanded part is solved without a step


def sight_of(crowd: Crowd, ledger: Ledger) -> Sight:
    """All that a look reads, at these prices."""
    shelf = crowd.shelf
    mentors, width = len(shelf.seats), crowd.ladder.shape[1]
    cost = ledger.cost(shelf)
    count = np.diff(shelf.start_of)
    closed = (shelf.seats == 0) | (count == 0)
    least = np.zeros(mentors, np.int64)
    most = np.zeros(mentors, np.int64)
    if len(cost):
        some = count > 0
        starts = shelf.start_of[:-1][some]
        least[some] = np.minimum.reduceat(cost, starts)
        most[some] = np.maximum.reduceat(cost, starts)
    totals, total_at = np.unique(crowd.total, return_inverse=True)
    ask = np.full((2, len(totals), width), 30_000, np.int16)
    for worthy in (0, 1):
        price = np.clip(least - (0 if worthy else ledger.person), -BEYOND, BEYOND)
        price[closed] = BEYOND
        for at, total in enumerate(totals.tolist()):
            tenths = np.floor_divide(price * total, 750)
            ask[worthy, at, :mentors] = np.clip(tenths, -30_000, 30_000)
    ease = ask.reshape(2, len(totals), -1, BLOCK).min(axis=3)
    return Sight(
        mentee_week=crowd.mentees.week,
        mentor_week=crowd.mentors.week,
        want_from=crowd.mentees.want_from,
        wish=crowd.wish,
        heft=crowd.heft,
        total=crowd.total,
        total_at=total_at.astype(np.int32),
        ladder=crowd.ladder,
        union=crowd.union,
        tongues=crowd.tongues,
        ban_first=crowd.ban_first,
        ban=crowd.ban,
        speaks=crowd.mentees.speaks,
        spoken=crowd.mentors.speaks,
        first_language=crowd.mentees.first_language,
        pin=crowd.pin,
        turn=crowd.turn,
        slot_when=shelf.slot_when,
        start_of=shelf.start_of,
        cost=cost,
        least=least,
        level=least == most,
        closed=closed,
        ask=ask,
        ease=ease,
        crest=crowd.ladder.reshape(len(crowd.ladder), -1, BLOCK).max(axis=2),
    )


@dataclass(frozen=True)
class Looked:
    """Up to K mentors better than known for each mentee (-1: none), their points, and the most."""

    to: Int32s
    worth: Int64s
    most: Int64s


def look_everywhere(
    crowd: Crowd,
    ledger: Ledger,
    options: Options,
    known: Int64s,
    width: int,
    threads: int,
    *,
    best_first: bool = False,
) -> Looked:
    """One look at all pairs, mentees in parts side by side; the same for any number of threads."""
    sight = sight_of(crowd, ledger)
    people = len(crowd.mentees)
    found = Looked(
        np.full((people, width), -1, np.int32),
        np.zeros((people, width), np.int64),
        np.zeros(people, np.int64),
    )

    def part(begin: int) -> None:
        look(
            sight,
            begin,
            min(begin + CHUNK, people),
            ledger.person,
            options.floor,
            options.time_term,
            best_first,
            known,
            found.to,
            found.worth,
            found.most,
        )

    with ThreadPoolExecutor(max_workers=threads) as pool:
        list(pool.map(part, range(0, people, CHUNK)))
    return found


@dataclass(frozen=True)
class Wanted:
    """Arcs asked for: mentee, mentor, points with bonuses, and the only slot (-1: any).

    `kept` decides between equals: 2 for a published pair, 3 for it at its published slot.
    """

    who: Int32s
    to: Int32s
    worth: Int64s
    only: Int32s
    kept: Int32s

    def joined(self, other: Wanted) -> Wanted:
        """Both, this one's first."""
        return Wanted(
            np.concatenate([self.who, other.who]),
            np.concatenate([self.to, other.to]),
            np.concatenate([self.worth, other.worth]),
            np.concatenate([self.only, other.only]),
            np.concatenate([self.kept, other.kept]),
        )


def wanted_of(looked: Looked) -> Wanted:
    """The arcs that a look found."""
    who, place = np.nonzero(looked.to >= 0)
    to, worth = looked.to[who, place], looked.worth[who, place]
    any_slot, not_kept = np.full(len(who), -1, np.int32), np.zeros(len(who), np.int32)
    return Wanted(who.astype(np.int32), to, worth, any_slot, not_kept)


def decided(crowd: Crowd, options: Options, person: int) -> Wanted:
    """Arcs of pinned and of published pairs; who is pinned weighs twice, so comes before all."""
    rows: list[tuple[int, int, int, int, int]] = []
    ruled_out = {
        (i, int(j))
        for i in np.unique(crowd.kept[:, 0]).tolist()
        for j in crowd.ban[crowd.ban_first[i] : crowd.ban_first[i + 1]]
    }
    for i in np.nonzero(crowd.pin >= 0)[0].tolist():
        j = int(crowd.pin[i])
        worth = score_pair(crowd.mentees[i], crowd.mentors[j], options).terms.score
        kept = [slot for one, other, slot in crowd.kept.tolist() if (one, other) == (i, j)]
        bonus = options.keep_pair if kept else 0
        rows.append((i, j, person + worth + bonus, int(crowd.pin_slot[i]), 2 if kept else 0))
        for slot in kept:
            if slot >= 0 and crowd.pin_slot[i] in (-1, slot):
                rows.append((i, j, person + worth + bonus + options.keep_slot, slot, 3))
    for i, j, slot in crowd.kept.tolist():
        if crowd.pin[i] >= 0 or (i, j) in ruled_out:
            continue
        scored = score_pair(crowd.mentees[i], crowd.mentors[j], options)
        gained, weights, _ = gained_by(crowd.mentees[i], crowd.mentors[j])
        spoken = language_points(crowd.mentees[i].languages, crowd.mentors[j].languages)
        if spoken is None or not above_floor(gained, weights, options.floor):
            continue
        worth = scored.terms.score + options.keep_pair
        rows.append((i, j, worth, -1, 2))
        if slot >= 0:
            rows.append((i, j, worth + options.keep_slot, slot, 3))
    table = np.array(rows, np.int64).reshape(len(rows), 5)
    return Wanted(
        table[:, 0].astype(np.int32),
        table[:, 1].astype(np.int32),
        table[:, 2],
        table[:, 3].astype(np.int32),
        table[:, 4].astype(np.int32),
    )


def lay_arcs(crowd: Crowd, wanted: Wanted, scale: int) -> Arcs:
    """The arcs with their common slots; those without any, or with a mentor without seats, go.

    Points count `scale` times, so that what is kept can decide between equals and no more.
    """
    common = np.zeros((len(wanted.who), crowd.shelf.own.shape[1]), np.uint64)
    common_bits(
        crowd.mentees.week,
        crowd.shelf.slot_when,
        crowd.shelf.start_of,
        wanted.who,
        wanted.to,
        wanted.only,
        common,
    )
    some = common.any(axis=1) & (crowd.shelf.seats[wanted.to] > 0)
    return arcs_of(
        *(wanted.who[some], wanted.to[some], (wanted.worth * scale + wanted.kept)[some]),
        common[some],
        *(len(crowd.mentees), len(crowd.mentors)),
    )


@dataclass(frozen=True)
class Solved:
    """The best found on the arcs so far: the market, its ledger, what a look found at its prices.

    `bound`: no plan is worth more, B for each person included (the pin's own weight is not).
    """

    market: Market
    ledger: Ledger
    looked: Looked
    bound: int
    value: int
    served: int


def solve_crowd(
    crowd: Crowd,
    options: Options,
    person: int,
    step: int,
    *,
    threads: int,
    width: int,
    rounds: int,
    gap: float,
    progress: Callable[[str], None],
) -> Solved:
    """Solve, look at all pairs, add the arcs that prices call for; until the gap is met."""
    people = len(crowd.mentees)
    ledger = nothing_costs(crowd.shelf, person, step)
    progress("candidates")
    known = np.full(people, person - 1)
    looked = look_everywhere(crowd, ledger, options, known, width, threads, best_first=True)
    wanted = decided(crowd, options, person).joined(wanted_of(looked))
    scale = 4 * (people + 1) if len(crowd.kept) else 1
    for left in reversed(range(rounds)):
        progress("solving")
        market = _solve_arcs(lay_arcs(crowd, wanted, scale), crowd, options, person, scale)
        ledger = ledger_of(market.shelf, market.held, market.tags, person, step)
        progress("proving")
        looked = look_everywhere(crowd, ledger, options, market.tags.left, MORE, threads)
        found = _solved(crowd, options, market, ledger, looked)
        more = wanted_of(looked)
        fit = found.value - found.served * person
        if not left or not len(more.who) or found.bound - found.value <= gap * fit:
            break
        wanted = wanted.joined(more)
    return found


def _solve_arcs(arcs: Arcs, crowd: Crowd, options: Options, person: int, scale: int) -> Market:
    people = len(crowd.mentees)
    step = scale if people > EXACT else 0
    market = solve_joint(
        arcs, crowd.shelf, people, person * scale, options.seat_price * scale, step
    )
    if scale == 1:
        return market
    plain = arcs._replace(worth=arcs.worth // scale)
    for prices in (market.tags.mentor, market.tags.day, market.tags.slot):
        np.floor_divide(prices, scale, out=prices)
    nowhere, everybody = np.zeros(_nodes(market), np.bool_), np.ones(people, np.bool_)
    settle_left(plain, market.shelf, market.held, market.tags, nowhere, everybody, person)
    return market._replace(arcs=plain)


def _nodes(market: Market) -> int:
    shelf = market.shelf
    return len(shelf.slot_day) + len(shelf.day_mentor) + len(shelf.seats)


def _solved(
    crowd: Crowd, options: Options, market: Market, ledger: Ledger, looked: Looked
) -> Solved:
    via = market.held.via[market.held.via >= 0]
    pins = int((crowd.pin >= 0).sum())
    value = ledger.person * (len(via) - pins) + sum(market.arcs.worth[via].tolist())
    if options.seat_price:
        for seats in market.held.by_mentor.tolist():
            value -= options.seat_price * (seats * (seats - 1) // 2)
    most = sum(looked.most.tolist()) - ledger.person * pins
    return Solved(
        market=market,
        ledger=ledger,
        looked=looked,
        bound=ledger.sold(crowd.shelf, options.seat_price) + most,
        value=value,
        served=len(via),
    )
