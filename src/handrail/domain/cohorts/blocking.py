"""Who keeps a group from a common time, and by how much."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

Weeks = Sequence[int]  # of bits, one number a week


@dataclass(frozen=True, slots=True)
class Block:
    """One person without whom the others would have more weeks in common.

    `weeks`: in how many weeks all the others share a time, whichever; `starts`: how many starts
    they share in an average week.
    """

    person: str
    weeks: int
    starts: float


def never_together(free: Mapping[str, Weeks]) -> bool:
    """Whether there is no week with a start at which everybody is free."""
    return _common(free)[0] == 0


def blocks(free: Mapping[str, Weeks]) -> list[Block]:
    """Each person without whom the others share a time in more weeks; who blocks most first."""
    whole, _starts = _common(free)
    found = []
    for person in free:
        weeks, starts = _common({name: bits for name, bits in free.items() if name != person})
        if weeks > whole:
            found.append(Block(person, weeks, starts))
    return sorted(found, key=lambda block: (-block.weeks, -block.starts, block.person))


def _common(free: Mapping[str, Weeks]) -> tuple[int, float]:
    together: list[int] = []
    for weeks in free.values():
        together = (
            list(weeks) if not together else [a & b for a, b in zip(together, weeks, strict=True)]
        )
    shared = [bits.bit_count() for bits in together]
    return sum(1 for count in shared if count), sum(shared) / max(1, len(shared))
