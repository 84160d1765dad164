"""What an agenda trips over: blocks at the same time, and blocks outside the retreat."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import combinations
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Block:
    """One block of an agenda; `key` is the caller's name for it, `starts_at` knows its zone."""

    key: str
    starts_at: datetime
    minutes: int

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.minutes)


class Trouble(StrEnum):
    OVERLAP = "overlap"  # with `other`
    OUTSIDE = "outside"  # it begins before the first day or ends after the last one


@dataclass(frozen=True, slots=True)
class Finding:
    trouble: Trouble
    key: str
    other: str = ""


@dataclass(frozen=True, slots=True)
class Day:
    """One day of a retreat with its blocks; number 1 is the first day."""

    number: int
    day: date
    blocks: tuple[Block, ...]

    @property
    def starts_at(self) -> datetime:
        return min(block.starts_at for block in self.blocks)

    @property
    def ends_at(self) -> datetime:
        return max(block.ends_at for block in self.blocks)


def troubles(
    blocks: Sequence[Block], first: date, last: date, zone: ZoneInfo
) -> tuple[Finding, ...]:
    """Each overlap of two blocks and each block outside the days, in the order of the agenda.

    A block that runs past midnight into another day of the retreat is inside.
    """
    ordered = _in_order(blocks)
    found = [
        Finding(Trouble.OUTSIDE, block.key)
        for block in ordered
        if block.starts_at.astimezone(zone).date() < first
        or (block.ends_at - timedelta(microseconds=1)).astimezone(zone).date() > last
    ]
    found += [
        Finding(Trouble.OVERLAP, one.key, other.key)
        for one, other in combinations(ordered, 2)
        if one.starts_at < other.ends_at and other.starts_at < one.ends_at
    ]
    return tuple(found)


def days_of(blocks: Sequence[Block], first: date, last: date, zone: ZoneInfo) -> tuple[Day, ...]:
    """The days from first to last, each with the blocks that begin on it where the retreat is."""
    ordered = _in_order(blocks)
    days = []
    for number in range(1, (last - first).days + 2):
        day = first + timedelta(days=number - 1)
        days.append(
            Day(
                number,
                day,
                tuple(b for b in ordered if b.starts_at.astimezone(zone).date() == day),
            )
        )
    return tuple(days)


def _in_order(blocks: Sequence[Block]) -> list[Block]:
    return sorted(blocks, key=lambda block: (block.starts_at, block.minutes, block.key))
