"""From a crowd to a proven plan: candidates, joint solve, a look at all pairs, until it holds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ..problem import Options
from ..score import above_floor, gained_by, language_points, score_pair
from ..spread import Spread
from .auction import settle_left
from .crowd import Crowd
from .everywhere import Looked, look_everywhere, scene_of
from .joint import Bids, Market, solve_joint
from .ledger import Ledger, ledger_of, nothing_costs
from .look import common_bits
from .market import Arcs, Int32s, Int64s, arcs_of

MORE = 8  # arcs that a person may get from one look
STEPS = (20, 10, 5, 2, 1)  # of the auction, in points: from look to look
EXACT = 20_000  # people up to which the over-demanded part is solved without a step


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
    spread: Spread | None = None,
) -> Solved:
    """Solve, look at all pairs, add the arcs that prices call for; until the gap is met."""
    people = len(crowd.mentees)
    ledger = nothing_costs(crowd.shelf, person, step)
    progress("candidates")
    scene = scene_of(crowd)

    def look(known: Int64s, width: int, *, best_first: bool = False) -> Looked:
        return look_everywhere(
            crowd,
            ledger,
            options,
            known,
            width,
            threads,
            best_first=best_first,
            spread=spread,
            scene=scene,
        )

    looked = look(np.full(people, person - 1), width, best_first=True)
    wanted = decided(crowd, options, person).joined(wanted_of(looked))
    scale = 4 * (people + 1) if len(crowd.kept) else 1
    market: Market | None = None
    for left in reversed(range(rounds)):
        progress("solving")
        bids = _bids(people, scale, rounds - 1 - left, market)
        market = _solve_arcs(lay_arcs(crowd, wanted, scale), crowd, options, person, scale, bids)
        ledger = ledger_of(market.shelf, market.held, market.tags, person, step)
        progress("proving")
        looked = look(market.tags.left, MORE)
        found = _solved(crowd, options, market, ledger, looked)
        more = wanted_of(looked)
        fit = found.value - found.served * person
        as_fine_as_can_be = bids is None or bids.step == STEPS[-1] * scale
        if not left or found.bound - found.value <= gap * fit:
            break
        if not len(more.who) and as_fine_as_can_be:
            break
        wanted = wanted.joined(more)
    return found


def _bids(people: int, scale: int, round_: int, before: Market | None) -> Bids | None:
    """How the over-demanded part is given away: exactly for few people, else ever more finely."""
    if people <= EXACT:
        return None
    step = STEPS[min(round_, len(STEPS) - 1)] * scale
    if before is None:
        return Bids(step, point=scale)
    known = STEPS[min(round_ - 1, len(STEPS) - 1)] * scale
    return Bids(step, known, before.tags.left * scale, scale)


def _solve_arcs(
    arcs: Arcs, crowd: Crowd, options: Options, person: int, scale: int, bids: Bids | None
) -> Market:
    people = len(crowd.mentees)
    market = solve_joint(
        arcs, crowd.shelf, people, person * scale, options.seat_price * scale, bids
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
