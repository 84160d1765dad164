"""A look at all pairs: mentees in parts, side by side, the same however they are spread."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from ..problem import Options
from ..spread import Spread
from .crowd import BLOCK, Crowd
from .ledger import Ledger
from .look import BEYOND, Asked, Scene, Sight, look
from .market import Int32s, Int64s

CHUNK = 2048


def scene_of(crowd: Crowd) -> Scene:
    """All that a look reads whatever the prices are."""
    return Scene(
        mentee_week=crowd.mentees.week,
        mentor_week=crowd.mentors.week,
        want_from=crowd.mentees.want_from,
        wish=crowd.wish,
        heft=crowd.heft,
        total=crowd.total,
        total_at=np.unique(crowd.total, return_inverse=True)[1].astype(np.int32),
        ladder=crowd.ladder,
        crest=crowd.ladder.reshape(len(crowd.ladder), -1, BLOCK).max(axis=2),
        union=crowd.union,
        tongues=crowd.tongues,
        ban_first=crowd.ban_first,
        ban=crowd.ban,
        speaks=crowd.mentees.speaks,
        spoken=crowd.mentors.speaks,
        first_language=crowd.mentees.first_language,
        pin=crowd.pin,
        turn=crowd.turn,
        slot_when=crowd.shelf.slot_when,
        start_of=crowd.shelf.start_of,
    )


def asked_of(crowd: Crowd, ledger: Ledger) -> Asked:
    """What a look reads of these prices."""
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
    totals = np.unique(crowd.total)
    ask = np.full((2, len(totals), width), 30_000, np.int16)
    for worthy in (0, 1):
        price = np.clip(least - (0 if worthy else ledger.person), -BEYOND, BEYOND)
        price[closed] = BEYOND
        for at, total in enumerate(totals.tolist()):
            tenths = np.floor_divide(price * total, 750)
            ask[worthy, at, :mentors] = np.clip(tenths, -30_000, 30_000)
    ease = ask.reshape(2, len(totals), width // BLOCK, BLOCK).min(axis=3)
    return Asked(cost, least, least == most, closed, ask, ease)


@dataclass(frozen=True)
class Looked:
    """Up to K mentors better than known for each mentee (-1: none), their points, and the most."""

    to: Int32s
    worth: Int64s
    most: Int64s


@dataclass(frozen=True)
class Part:
    """Mentees `begin` to `end` of a look, with what they are known to gain."""

    begin: int
    end: int
    known: Int64s
    person: int
    floor: int
    time_term: bool
    best_first: bool
    width: int


def look_at(scene: Scene, asked: Asked, part: Part) -> Looked:
    """The look of one part; depends on its arguments only."""
    people = part.end - part.begin
    found = Looked(
        np.full((people, part.width), -1, np.int32),
        np.zeros((people, part.width), np.int64),
        np.zeros(people, np.int64),
    )
    look(
        Sight(*scene, *asked),
        part.begin,
        part.end,
        part.person,
        part.floor,
        part.time_term,
        part.best_first,
        part.known,
        found.to,
        found.worth,
        found.most,
    )
    return found


def look_everywhere(
    crowd: Crowd,
    ledger: Ledger,
    options: Options,
    known: Int64s,
    width: int,
    threads: int,
    *,
    best_first: bool = False,
    spread: Spread | None = None,
    scene: Scene | None = None,
    chunk: int = CHUNK,
) -> Looked:
    """One look at all pairs; the same for any number of threads, any `chunk` and any `spread`.

    `scene` is the crowd's, where it is at hand: what spreads work sends it once.
    """
    scene = scene or scene_of(crowd)
    asked = asked_of(crowd, ledger)
    people = len(crowd.mentees)
    parts = [
        Part(
            begin=begin,
            end=min(begin + chunk, people),
            known=known[begin : begin + chunk],
            person=ledger.person,
            floor=options.floor,
            time_term=options.time_term,
            best_first=best_first,
            width=width,
        )
        for begin in range(0, people, chunk)
    ]
    if spread is not None:
        found = list(spread.run(look_at, scene, asked, parts))
    else:
        with ThreadPoolExecutor(max_workers=threads) as pool:
            found = list(pool.map(lambda part: look_at(scene, asked, part), parts))
    return Looked(
        np.concatenate([each.to for each in found] or [np.zeros((0, width), np.int32)]),
        np.concatenate([each.worth for each in found] or [np.zeros((0, width), np.int64)]),
        np.concatenate([each.most for each in found] or [np.zeros(0, np.int64)]),
    )
