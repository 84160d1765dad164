"""What stands in the way of a start, as masks in the order in which they are asked.

One function makes the masks. What no mask clears is free: that is the page. A start is refused
when a mask clears it: that is the check of a booking. The first mask that clears it is why.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple
from zoneinfo import ZoneInfo

from .grid import CELL, bits_of_cells, cell_at, reach_of, run_of
from .hours import Hours
from .windows import midnight, opening

ARTIFACT_MINUTES = 5
BUFFER_MINUTES = 5


class WhyNot(StrEnum):
    """The reasons in the order in which they are asked."""

    PAUSED = "paused"
    NOTICE = "notice"
    HOURS = "hours"
    HOLIDAY = "holiday"
    CLOSED = "closed"
    BUSY = "busy"
    BOOKED = "booked"
    BUFFER = "buffer"
    MINUTES = "minutes"
    CAP = "cap"


class Span(NamedTuple):
    """A span of UTC time; of a busy one, the source that says so."""

    start: datetime
    end: datetime
    source: str = ""


class Taken(NamedTuple):
    """Cells from first to last (not included) that a booking takes; of its buffer or of itself."""

    first: int
    last: int
    buffer: bool = False


@dataclass(frozen=True, slots=True)
class Giving:
    """What a mentor gives over all models: minutes a local week, sessions a local day, notice.

    A cap or a notice of 0 is none. `given` holds start and minutes of what is booked already.
    """

    minutes_per_week: int
    daily_cap: int = 0
    notice: int = 0
    given: tuple[tuple[datetime, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Diary:
    """All that decides when one person can meet.

    `paused_until` is the moment at which a pause ends; buffers are minutes. `giving` is None for
    whoever comes as a mentee: their budget and their notice are not asked.
    """

    hours: Hours
    paused_until: datetime | None = None
    busy: Sequence[Span] = ()
    taken: Sequence[Taken] = ()
    buffer_before: int = 0
    buffer_after: int = BUFFER_MINUTES
    giving: Giving | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """Starts in `size` cells from the cell `origin` on; notice and cap are the program's."""

    origin: int
    size: int
    now: datetime
    minutes: int = 20
    notice: int = 0
    daily_cap: int = 0


class Mask(NamedTuple):
    """The starts that one reason clears; `name` is that of a busy source or of a holiday."""

    why: WhyNot
    bits: int
    name: str = ""


def masks(diary: Diary, asked: Asked) -> Iterator[Mask]:
    """Every reason that clears a start, in order; bit i is the start at cell `origin + i`.

    The meeting lies in open time. Meeting and artifact meet nothing that is busy or booked, and
    the buffers on both sides neither; they may leave the open time.
    """
    size = asked.size
    full = (1 << size) - 1
    meeting = asked.minutes // 5
    work = meeting + ARTIFACT_MINUTES // 5
    before, after = diary.buffer_before // 5, diary.buffer_after // 5
    # One grid for all: it begins a buffer before the first start and ends after the last session.
    origin = asked.origin - before
    cells = before + size + work + after

    if diary.paused_until is not None:
        yield Mask(WhyNot.PAUSED, _until(diary.paused_until, asked))
    notice = asked.notice if diary.giving is None else max(asked.notice, diary.giving.notice)
    yield Mask(WhyNot.NOTICE, _until(asked.now + timedelta(minutes=notice), asked))

    told = opening(diary.hours, origin * CELL, (origin + cells) * CELL)
    opened = bits_of_cells([(-(-a // CELL), b // CELL) for a, b in told.opened], origin, cells)
    yield Mask(WhyNot.HOURS, full & ~(run_of(opened, meeting) >> before))
    for name, spans in told.holidays.items():
        shut = bits_of_cells([(a // CELL, -(-b // CELL)) for a, b in spans], origin, cells)
        yield Mask(WhyNot.HOLIDAY, reach_of(shut, meeting) >> before & full, name)
    if told.closed:
        shut = bits_of_cells([(a // CELL, -(-b // CELL)) for a, b in told.closed], origin, cells)
        yield Mask(WhyNot.CLOSED, reach_of(shut, meeting) >> before & full)

    everything = 0
    sources: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for start, end, source in diary.busy:
        sources[source].append((cell_at(start), cell_at(end, up=True)))
    for source, busy in sources.items():
        bits = bits_of_cells(busy, origin, cells)
        everything |= bits
        yield Mask(WhyNot.BUSY, reach_of(bits, work) >> before & full, source)
    if diary.taken:
        booked = [(first, last) for first, last, buffer in diary.taken if not buffer]
        bits = bits_of_cells(booked, origin, cells)
        buffers = [(first, last) for first, last, buffer in diary.taken if buffer]
        everything |= bits | bits_of_cells(buffers, origin, cells)
        yield Mask(WhyNot.BOOKED, reach_of(bits, work) >> before & full)
    if everything:
        yield Mask(WhyNot.BUFFER, reach_of(everything, before + work + after) & full)
    if diary.giving is not None:
        yield from _spent(diary.giving, diary.hours.zone, asked)


def _spent(giving: Giving, zone: str, asked: Asked) -> Iterator[Mask]:
    """Weeks whose minutes and days whose sessions are given already."""
    info = ZoneInfo(zone)
    full = (1 << asked.size) - 1
    days = [(start.astimezone(info).toordinal(), minutes) for start, minutes in giving.given]
    weeks: Counter[int] = Counter()
    for day, minutes in days:
        weeks[(day - 1) // 7] += minutes
    if asked.minutes > giving.minutes_per_week:
        yield Mask(WhyNot.MINUTES, full)
    else:
        spent = [
            (week * 7 + 1, week * 7 + 8)
            for week, minutes in weeks.items()
            if minutes + asked.minutes > giving.minutes_per_week
        ]
        if spent:
            yield Mask(WhyNot.MINUTES, _local_days(spent, zone, asked))
    caps = [cap for cap in (asked.daily_cap, giving.daily_cap) if cap]
    if caps:
        sessions = Counter(day for day, _minutes in days)
        spent = [(day, day + 1) for day, count in sessions.items() if count >= min(caps)]
        if spent:
            yield Mask(WhyNot.CAP, _local_days(spent, zone, asked))


def _local_days(spans: Iterable[tuple[int, int]], zone: str, asked: Asked) -> int:
    """The starts on local days from first to last (not included)."""
    cells = [
        (-(-midnight(zone, first) // CELL), -(-midnight(zone, last) // CELL))
        for first, last in spans
    ]
    return bits_of_cells(cells, asked.origin, asked.size)


def _until(moment: datetime, asked: Asked) -> int:
    return (1 << max(0, min(asked.size, cell_at(moment, up=True) - asked.origin))) - 1


def free_bits(diary: Diary, asked: Asked) -> int:
    """Starts that no reason clears."""
    cleared = 0
    for mask in masks(diary, asked):
        cleared |= mask.bits
    return ((1 << asked.size) - 1) & ~cleared


def why_not(diary: Diary, asked: Asked, cell: int) -> Mask | None:
    """The first reason that clears the start at a cell; None when it is free."""
    place = cell - asked.origin
    return next((mask for mask in masks(diary, asked) if mask.bits >> place & 1), None)
