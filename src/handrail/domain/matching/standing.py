"""Who is asked next: the mentor of a rota who has given the least time, by their weight."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from statistics import median

from .plan import Reason
from .problem import ProblemError
from .tables import lot


@dataclass(frozen=True, slots=True)
class Standing:
    """A mentor of the pool: minutes booked in the window, credit in minutes, weight.

    `minutes` None is a newcomer, who stands at the median of the others. A mentor of weight 2 is
    asked for twice the time. `free`: can take the meeting in question.
    """

    person: str
    minutes: int | None
    credit: int = 0
    weight: int = 1
    free: bool = True


@dataclass(frozen=True, slots=True)
class NextHost:
    """One who could take the meeting, with the reason for the place in the order."""

    person: str
    reason: Reason


def next_hosts(pool: Sequence[Standing], *, seed: int, request: str) -> tuple[NextHost, ...]:
    """Everybody free, in the order to ask: least (minutes - credit) / weight, ties by the lot.

    If the first was taken meanwhile, the next is asked. Raises ProblemError for a repeated id, a
    weight below 1, or minutes below zero.
    """
    seen: set[str] = set()
    for who in pool:
        if who.person in seen:
            raise ProblemError(who.person, "person_id", "is there twice in the pool")
        seen.add(who.person)
        if who.weight < 1:
            raise ProblemError(who.person, "weight", f"must be 1 or more, not {who.weight}")
        if who.minutes is not None and who.minutes < 0:
            raise ProblemError(who.person, "minutes", f"must be 0 or more, not {who.minutes}")
    known = [_load(who, Fraction(0)) for who in pool if who.minutes is not None]
    middle = median(known) if known else Fraction(0)
    loads = {who.person: _load(who, middle) for who in pool if who.free}
    order = sorted(
        (who for who in pool if who.free),
        key=lambda who: (loads[who.person], lot(seed, request, who.person), who.person),
    )
    return tuple(NextHost(who.person, _why(who, loads)) for who in order)


def _load(who: Standing, newcomer: Fraction) -> Fraction:
    return newcomer if who.minutes is None else Fraction(who.minutes - who.credit, who.weight)


def _why(who: Standing, loads: dict[str, Fraction]) -> Reason:
    if len(loads) == 1:
        return Reason("only_host")
    if who.minutes is None:
        return Reason("newcomer_at_median")
    params = {"minutes": who.minutes, "credit": who.credit, "weight": who.weight}
    load = loads[who.person]
    drawn = sum(other == load for other in loads.values()) > 1
    if drawn:
        return Reason("load_drawn", params)
    return Reason("least_load" if load == min(loads.values()) else "more_load", params)
