"""Time as bits of one integer: bit i is the five-minute UTC cell `origin + i`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

CELL = 300  # seconds


def cell_at(moment: datetime, *, up: bool = False) -> int:
    """The cell of an aware moment, rounded down (or up)."""
    seconds = moment.timestamp()
    return int(-(-seconds // CELL)) if up else int(seconds // CELL)


def start_of_cell(cell: int) -> datetime:
    """The UTC moment at which a cell starts."""
    return datetime.fromtimestamp(cell * CELL, UTC)


def bits_of_span(start: datetime, end: datetime, origin: int, size: int, *, outward: bool) -> int:
    """The cells of [start, end) within `size` cells from `origin`.

    Outward counts every touched cell (for what is busy), inward only whole ones (for what is open).
    """
    first = cell_at(start, up=not outward) - origin
    last = cell_at(end, up=outward) - origin
    first, last = max(0, first), min(size, last)
    return ((1 << (last - first)) - 1) << first if last > first else 0


def run_of(bits: int, length: int) -> int:
    """Bits at which `length` (≥ 1) set bits begin; the shifts add up to length - 1."""
    done = 1
    while done < length:
        shift = min(done, length - done)
        bits &= bits >> shift
        done += shift
    return bits


def free_start_bits(open_bits: int, taken_bits: int, size: int, meeting: int, occupied: int) -> int:
    """Cells at which a meeting may start.

    The `meeting` cells lie in open time, and all `occupied` cells (buffers too, which may leave
    the open time) are not taken. Starts whose occupied cells reach past `size` do not count.
    """
    free = ~taken_bits & ((1 << size) - 1)
    return run_of(open_bits, meeting) & run_of(free, occupied)


def starts_mask(origin: int, size: int, every: int) -> int:
    """Cells that lie on a UTC grid of `every` minutes (a multiple of 5)."""
    step = every * 60 // CELL
    first = -origin % step
    mask = 0
    for cell in range(first, size, step):
        mask |= 1 << cell
    return mask


def starts_of_bits(bits: int, origin: int) -> Iterator[datetime]:
    """The moments of the set bits, earliest first."""
    while bits:
        low = bits & -bits
        yield start_of_cell(origin + low.bit_length() - 1)
        bits ^= low
