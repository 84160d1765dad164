"""A week as the matching engine reads it: bit t says that a session may start there."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from .grid import bits_of_span, cell_at, free_start_bits
from .hours import Hours
from .windows import windows

CELLS_A_WEEK = 7 * 24 * 12


def week_bits(
    hours: Hours,
    monday: date,
    *,
    step: int = 30,
    meeting_minutes: int = 20,
    occupied_minutes: int = 30,
    taken: int = 0,
) -> int:
    """Bit t: a session may start at minute step·t after `monday` 00:00 UTC.

    `step` divides the week and is a multiple of 5. The meeting minutes lie within the hours, the
    occupied ones (artifact and buffer) may run over. `taken` has a bit for each five-minute cell
    from the same Monday that is busy or booked, one occupied span past the week's end included.
    """
    origin_at = datetime.combine(monday, time(), UTC)
    occupied = occupied_minutes // 5
    size = CELLS_A_WEEK + occupied
    end = origin_at + timedelta(minutes=5 * size)
    origin = cell_at(origin_at)
    open_bits = 0
    for window in windows(hours, origin_at, end):
        open_bits |= bits_of_span(window.start, window.end, origin, size, outward=False)
    starts = free_start_bits(open_bits, taken, size, meeting_minutes // 5, occupied)
    found = 0
    cells = step // 5
    for slot in range(CELLS_A_WEEK // cells):
        if starts >> (slot * cells) & 1:
            found |= 1 << slot
    return found
