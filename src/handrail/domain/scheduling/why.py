"""Why a slot is not free: the first rule that a start breaks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from .hours import Hours
from .windows import windows


class WhyNot(StrEnum):
    """The rules in the order in which they are asked."""

    PAUSED = "paused"
    NOTICE = "notice"
    HOURS = "hours"
    BUSY = "busy"
    BOOKED = "booked"


@dataclass(frozen=True, slots=True)
class Blocks:
    """What stands in one person's way, as spans of UTC time."""

    hours: Hours
    busy: Sequence[tuple[datetime, datetime]] = field(default_factory=tuple)
    booked: Sequence[tuple[datetime, datetime]] = field(default_factory=tuple)
    paused: bool = False


def why_not(
    blocks: Blocks,
    start: datetime,
    *,
    now: datetime,
    meeting: timedelta,
    occupied: timedelta,
    min_notice: timedelta,
) -> WhyNot | None:
    """The first rule broken by a meeting at `start`; None when the slot is free."""
    if blocks.paused:
        return WhyNot.PAUSED
    if start < now + min_notice:
        return WhyNot.NOTICE
    end = start + meeting
    inside = (
        window.start <= start and end <= window.end for window in windows(blocks.hours, start, end)
    )
    if not any(inside):
        return WhyNot.HOURS
    until = start + occupied
    if any(one < until and other > start for one, other in blocks.busy):
        return WhyNot.BUSY
    if any(one < until and other > start for one, other in blocks.booked):
        return WhyNot.BOOKED
    return None
