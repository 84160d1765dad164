"""What prices prove: no plan can be worth more than this."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .network import is_kept
from .plan import Prices
from .problem import Options
from .tables import Bools, Ints, Tables

NOTHING = -(2**62)


@dataclass(frozen=True)
class Duals:
    """Integer prices by index: what a person counts, mentors (M,), their slots (M, slots), days."""

    person: int
    mentor: Ints
    slot: Ints
    day: dict[tuple[int, int], int]


def duals_of(prices: Prices, tables: Tables) -> Duals:
    """Named prices as arrays; names that are not in this problem are left out."""
    at = {who.person: place for place, who in enumerate(tables.mentors)}
    mentor = np.zeros(len(tables.mentors), np.int64)
    for name, price in prices.mentor.items():
        if name in at:
            mentor[at[name]] = price
    slot: Ints = np.zeros(tables.mentor_free.shape, np.int64)
    for (name, when), price in prices.slot.items():
        if name in at and when < slot.shape[1]:
            slot[at[name], when] = price
    day: dict[tuple[int, int], int] = {}
    for (name, which), price in prices.day.items():
        if name in at:
            day[at[name], which + 1] = price
    return Duals(prices.person, mentor, slot, day)


def cost_of(duals: Duals, tables: Tables, to: int) -> Ints:
    """(slots,) what a session with mentor `to` costs by prices, whether or not the slot is open."""
    cost: Ints = duals.mentor[to] + duals.slot[to]
    for (mentor, day), price in duals.day.items():
        if mentor == to:
            cost = cost + price * (tables.day[to] == day)
    return cost


def still_to_gain(
    tables: Tables, allowed: Bools, duals: Duals, keep_slot: int
) -> tuple[Ints, Ints]:
    """(N, slots) and (N, M): the most that a slot, and a mentor, leaves each mentee.

    That is B + worth - prices over all feasible pairs; far below zero where there is none.
    """
    by_slot: Ints = np.full(tables.mentee_free.shape, NOTHING, np.int64)
    by_mentor: Ints = np.full(tables.score.shape, NOTHING, np.int64)
    slots = np.arange(by_slot.shape[1])
    keeps = set(tables.kept[:, 1].tolist()) if keep_slot else set()
    for to in range(len(tables.mentors)):
        people = np.nonzero(allowed[:, to])[0]
        if not len(people) or not tables.seats[to]:
            continue
        left = duals.person + tables.worth[people, to][:, None] - cost_of(duals, tables, to)
        if to in keeps:
            there = np.full((len(people), 1), to)
            left = left + keep_slot * is_kept(tables, people[:, None], there, slots[None, :])
        fit = tables.mentee_free[people] & tables.mentor_free[to]
        pinned = tables.pin_slot[people]
        fit &= (pinned[:, None] < 0) | (slots == pinned[:, None])
        left = np.where(fit, left, NOTHING)
        by_slot[people] = np.maximum(by_slot[people], left)
        by_mentor[people, to] = left.max(axis=1)
    return by_slot, by_mentor


def bound(tables: Tables, duals: Duals, options: Options) -> int:
    """Σ seats + Σ slots + Σ days + what each mentee can still gain, over all feasible pairs.

    People a lead pinned must be served, so they count even at a loss.
    """
    _, by_mentor = still_to_gain(tables, tables.allowed, duals, options.keep_slot)
    gains = by_mentor.max(axis=1, initial=NOTHING)
    gains = np.where(tables.pin >= 0, gains, np.maximum(gains, 0))
    total: int = sum(gains.tolist())
    return total + _room_sold(tables, duals, options, 1)


def sessions_bound(tables: Tables, duals: Duals, options: Options) -> int:
    """The same for several sessions: each on another slot, and with another mentor if asked."""
    by_slot, by_mentor = still_to_gain(tables, tables.fits, duals, options.keep_slot)
    gains = _best(by_slot, options.sessions)
    if options.another_mentor:
        gains = np.minimum(gains, _best(by_mentor, options.sessions))
    total: int = sum(gains.tolist())
    return total + _room_sold(tables, duals, options, options.sessions)


def _best(gains: Ints, count: int) -> Ints:
    """The sum of each row's `count` largest positive entries."""
    first = max(0, gains.shape[1] - count)
    top: Ints = np.sort(gains, axis=1)[:, first:]
    total: Ints = np.maximum(top, 0).sum(axis=1)
    return total


def _room_sold(tables: Tables, duals: Duals, options: Options, sessions: int) -> int:
    total = int(duals.slot.sum())
    for to, price in enumerate(duals.mentor.tolist()):
        seats = min(int(tables.seats[to]), len(tables.mentees) * sessions)
        total += sum(max(0, price - options.seat_price * before) for before in range(seats))
    for (to, which), price in duals.day.items():
        total += int(tables.room[to, which]) * price
    return total
