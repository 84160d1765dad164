"""Time as bits of one integer: bit i is the five-minute UTC cell `origin + i`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

CELL = 300  # seconds
CELLS_A_DAY = 288
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def cell_at(moment: datetime, *, up: bool = False) -> int:
    """The cell of an aware moment, rounded down (or up)."""
    if up:
        before = _EPOCH - moment  # rounding down from the other side
        return -(before.days * CELLS_A_DAY + before.seconds // CELL)
    since = moment - _EPOCH  # six times as quick as its timestamp
    return since.days * CELLS_A_DAY + since.seconds // CELL


def start_of_cell(cell: int) -> datetime:
    """The UTC moment at which a cell starts."""
    return datetime.fromtimestamp(cell * CELL, UTC)


def bits_of_cells(spans: Iterable[tuple[int, int]], origin: int, size: int) -> int:
    """The cells from first to last (not included) of all spans, within `size` from `origin`."""
    bits = 0
    for first, last in spans:
        first, last = first - origin, last - origin
        if first < 0:
            first = 0
        if last > size:
            last = size
        if last > first:
            bits |= ((1 << (last - first)) - 1) << first
    return bits


def bits_of_span(start: datetime, end: datetime, origin: int, size: int, *, outward: bool) -> int:
    """The cells of [start, end) within `size` cells from `origin`.

    Outward counts every touched cell (for what is busy), inward only whole ones (for what is open).
    """
    span = cell_at(start, up=not outward), cell_at(end, up=outward)
    return bits_of_cells([span], origin, size)


def run_of(bits: int, length: int) -> int:
    """Bits at which `length` (≥ 1) set bits begin; the shifts add up to length - 1."""
    done = 1
    while done < length:
        shift = min(done, length - done)
        bits &= bits >> shift
        done += shift
    return bits


def reach_of(bits: int, length: int) -> int:
    """Bits from which `length` (≥ 1) cells meet a set bit; the shifts add up to length - 1."""
    done = 1
    while done < length:
        shift = min(done, length - done)
        bits |= bits >> shift
        done += shift
    return bits


@lru_cache(maxsize=1_000)
def starts_mask(origin: int, size: int, every: int, zone: str = "UTC") -> int:
    """Cells that lie on a grid of `every` minutes (a multiple of 5) of the zone's wall time.

    A pattern is laid down for each span of one offset. An offset that is no multiple of five
    minutes, as some were before 1973, gives the next cell.
    """
    step = every * 60 // CELL
    mask = 0
    for first, last, offset in _offsets(origin, size, zone):
        # Wall seconds of cell c are c * CELL + offset: the first one on the grid from `first` on.
        begin = first + -((first * CELL + offset) // CELL) % step
        count = -(-(last - begin) // step)
        if count > 0:
            pattern = ((1 << (count * step)) - 1) // ((1 << step) - 1)
            mask |= pattern << (begin - origin)
    return mask


def _offsets(origin: int, size: int, zone: str) -> Iterator[tuple[int, int, int]]:
    """First and last cell (not included) of each span of one offset, and the offset in seconds."""
    info = ZoneInfo(zone)

    def offset_at(cell: int) -> int:
        offset = start_of_cell(cell).astimezone(info).utcoffset() or timedelta()
        return int(offset.total_seconds())

    end = origin + size
    first, cell, offset = origin, origin, offset_at(origin)
    while cell < end:
        following = min(cell + CELLS_A_DAY, end)
        after = offset_at(following)
        if after != offset:
            low, high = cell, following  # clocks change at most once a day
            while high - low > 1:
                middle = (low + high) // 2
                low, high = (middle, high) if offset_at(middle) == offset else (low, middle)
            yield first, high, offset
            first, offset = high, after
        cell = following
    if first < end:
        yield first, end, offset


@lru_cache(maxsize=16)
def _moments(day: int, days: int) -> tuple[datetime, ...]:
    return tuple(
        start_of_cell(cell) for cell in range(day * CELLS_A_DAY, (day + days) * CELLS_A_DAY)
    )


def starts_of_bits(bits: int, origin: int) -> Iterator[datetime]:
    """The moments of the set bits, earliest first."""
    if not bits:
        return
    day, offset = divmod(origin, CELLS_A_DAY)
    days = -(-(offset + bits.bit_length()) // CELLS_A_DAY)
    # Bits as text, the lowest first: a search by shifting would copy the integer at every find.
    text = bin(bits)[:1:-1]
    moments = _moments(day, days)
    place = text.find("1")
    while place >= 0:
        yield moments[offset + place]
        place = text.find("1", place + 1)
