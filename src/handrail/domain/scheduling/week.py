"""A week as the matching engine reads it: bit t says that a session may start there."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

from .grid import CELL, cell_at
from .hours import Hours
from .masks import ARTIFACT_MINUTES, Asked, Diary, free_bits

CELLS_A_WEEK = 7 * 24 * 12
EVER = datetime(1970, 1, 1, tzinfo=UTC)


def week_bits(
    who: Diary | Hours,
    monday: date,
    *,
    step: int = 30,
    minutes: int = 20,
    notice: int = 0,
    daily_cap: int = 0,
    now: datetime = EVER,
) -> int:
    """Bit t: a session may start at minute step·t after `monday` 00:00 UTC.

    `step` divides the week and is a multiple of 5. Plans lie on this grid of UTC in every zone.
    Where a session with its buffers takes more than one step, as many starts are left out after
    each that all the others can be had together.
    """
    diary = Diary(who) if isinstance(who, Hours) else who
    origin = cell_at(datetime.combine(monday, time(), UTC))
    asked = Asked(origin, CELLS_A_WEEK, now, minutes, notice, daily_cap)
    starts = free_bits(diary, asked)
    cells = step * 60 // CELL
    takes = minutes + ARTIFACT_MINUTES + diary.buffer_before + diary.buffer_after
    apart = max(1, -(-takes // step))
    found, after = 0, 0
    for slot in range(CELLS_A_WEEK // cells):
        if slot >= after and starts >> (slot * cells) & 1:
            found |= 1 << slot
            after = slot + apart
    return found
