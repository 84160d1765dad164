"""The order in which new hires get the seats of an intake."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Hire:
    """Somebody eligible: since when an intake knows them, their first day, their lot."""

    person: str
    eligible_at: datetime
    started_on: date
    lot: int


def lot_of(seed: int, person: str) -> int:
    """A person's lot in a draw: the same seed and id give the same lot, whatever the order."""
    digest = hashlib.sha256(f"{seed}:{person}".encode()).digest()
    return int.from_bytes(digest[:7], "big")


def in_line(
    hires: Iterable[Hire], seats: int, *, by_lot: bool = False
) -> tuple[list[str], list[str]]:
    """Who is in and who waits, each in order: by eligibility, then first day, then lot.

    With `by_lot` the lot alone decides, as in a pilot with a lottery. Who comes later overtakes
    nobody, except in a lottery; whoever leaves moves everybody behind them up by one.
    """

    def place(hire: Hire) -> tuple[object, ...]:
        if by_lot:
            return (hire.lot, hire.person)
        return (hire.eligible_at, hire.started_on, hire.lot, hire.person)

    order = [hire.person for hire in sorted(hires, key=place)]
    return order[:seats], order[seats:]
