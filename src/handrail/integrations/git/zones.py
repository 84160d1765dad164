"""A time zone from the offsets that a person's commits carry in winter and in summer."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

# Where most people of an offset live; the first that fits is taken.
CANDIDATES = (
    "Europe/London", "Europe/Berlin", "Europe/Helsinki", "Europe/Istanbul", "Asia/Dubai",
    "Asia/Karachi", "Asia/Kolkata", "Asia/Kathmandu", "Asia/Dhaka", "Asia/Bangkok",
    "Asia/Singapore", "Asia/Tokyo", "Australia/Brisbane", "Australia/Sydney",
    "Australia/Adelaide", "Australia/Darwin", "Pacific/Auckland", "America/New_York",
    "America/Chicago", "America/Denver", "America/Los_Angeles", "America/Phoenix",
    "America/Bogota", "America/Puerto_Rico", "America/Halifax", "America/St_Johns",
    "America/Sao_Paulo", "America/Santiago", "America/Mexico_City", "America/Anchorage",
    "Pacific/Honolulu", "Africa/Lagos", "Africa/Johannesburg", "Africa/Cairo", "UTC",
    "Asia/Tehran", "Asia/Kabul", "Asia/Yangon", "Asia/Jerusalem", "Atlantic/Azores",
    "Pacific/Noumea", "Asia/Kamchatka", "Atlantic/South_Georgia", "Pacific/Pago_Pago",
    "Pacific/Kiritimati", "Pacific/Tongatapu", "Pacific/Chatham",
)  # fmt: skip
WINTER, SUMMER = (11, 12, 1, 2), (5, 6, 7, 8)


def zone_of(moments: list[datetime]) -> str:
    """The zone whose offsets equal the commonest of these moments in winter and in summer.

    Where only spring and autumn were seen, the zone whose clock showed most of them.
    """
    winter = _commonest([moment for moment in moments if moment.month in WINTER])
    summer = _commonest([moment for moment in moments if moment.month in SUMMER])
    if winter is None and summer is None:
        return _showing_most(moments)
    year = max(moments).year
    for zone in CANDIDATES:
        in_winter, in_summer = _offsets(zone, year)
        if winter in (None, in_winter) and summer in (None, in_summer):
            return zone
    offset = winter if winter is not None else summer
    return _fixed(offset or timedelta())


def _showing_most(moments: list[datetime]) -> str:
    shown = {
        zone: sum(
            moment.astimezone(ZoneInfo(zone)).utcoffset() == moment.utcoffset()
            for moment in moments
        )
        for zone in CANDIDATES
    }
    best = max(CANDIDATES, key=lambda zone: shown[zone])  # of equals the first
    return best if shown[best] else _fixed(_commonest(moments) or timedelta())


def _commonest(moments: list[datetime]) -> timedelta | None:
    offsets = Counter(moment.utcoffset() or timedelta() for moment in moments)
    return min(offsets, key=lambda one: (-offsets[one], one)) if offsets else None


@cache
def _offsets(zone: str, year: int) -> tuple[timedelta, timedelta]:
    place = ZoneInfo(zone)
    winter = datetime(year, 1, 15, tzinfo=place).utcoffset()
    summer = datetime(year, 7, 15, tzinfo=place).utcoffset()
    return winter or timedelta(), summer or timedelta()


def _fixed(offset: timedelta) -> str:
    hours = round(offset / timedelta(hours=1))
    # In these names the sign is the other way round.
    return "UTC" if hours == 0 else f"Etc/GMT{-hours:+d}"
