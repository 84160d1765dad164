"""The week as bits: bit t says that a session may start at minute step·t from Monday 00:00 UTC."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta

import numpy as np
import numpy.typing as npt

MINUTES_A_WEEK = 7 * 24 * 60
WORDS = 8  # eight uint64: 64 bytes, one cache line a person
MOST_SLOTS = WORDS * 64

Rows = npt.NDArray[np.uint64]


def slots_in_week(step: int) -> int:
    """Number of starts in a week on a grid of `step` minutes (20 to 60, a multiple of 5).

    Raises ValueError for a step off that range: then the week would not fit a row.
    """
    if step < 20 or step > 60 or step % 5:
        raise ValueError(f"the grid's step must be 20 to 60 minutes in fives, not {step}")
    return MINUTES_A_WEEK // step


def bits_of(slots: Iterable[int]) -> int:
    """One integer with the given bits set."""
    bits = 0
    for slot in slots:
        bits |= 1 << slot
    return bits


def slots_of(bits: int) -> Iterator[int]:
    """The set bits of a week, lowest first."""
    while bits:
        low = bits & -bits
        yield low.bit_length() - 1
        bits ^= low


def pack(weeks: Sequence[int]) -> Rows:
    """Weeks as a read-only (people, 8) array of uint64; bit t is bit t % 64 of word t // 64.

    Raises OverflowError when a week needs more than 512 bits or is negative.
    """
    raw = b"".join(week.to_bytes(WORDS * 8, "little") for week in weeks)
    rows = np.frombuffer(raw, dtype="<u8").reshape(len(weeks), WORDS).astype(np.uint64)
    rows.flags.writeable = False
    return rows


def unpack(rows: Rows) -> list[int]:
    """The inverse of `pack`: one Python integer a row."""
    raw = np.ascontiguousarray(rows).astype("<u8").tobytes()
    width = WORDS * 8
    return [int.from_bytes(raw[at : at + width], "little") for at in range(0, len(raw), width)]


def start_of(week: date, slot: int, step: int) -> datetime:
    """The UTC moment at which a slot starts, for the week that begins on Monday `week`."""
    return datetime.combine(week, time(), UTC) + timedelta(minutes=slot * step)


def slot_at(week: date, starts_at: datetime, step: int) -> int | None:
    """The slot that starts at an aware moment; None when it is off the grid or the week."""
    since = starts_at - datetime.combine(week, time(), UTC)
    minutes, rest = divmod(since, timedelta(minutes=1))
    if rest or minutes % step or not 0 <= minutes // step < slots_in_week(step):
        return None
    return minutes // step
