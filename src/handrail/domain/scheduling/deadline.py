"""By when somebody should have answered: hours of their weekdays."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

SATURDAY = 5


def answer_by(asked_at: datetime, hours: int, zone: str, *, latest: datetime) -> datetime:
    """The UTC moment at which `hours` hours of weekdays have passed in the zone.

    Saturdays and Sundays do not count, so who is asked on Friday evening is not late on Sunday.
    Never later than `latest`. All moments are aware; `hours` is at least 0.
    """
    place = ZoneInfo(zone)
    left, moment = timedelta(hours=hours), asked_at.astimezone(UTC)
    while moment < latest:
        local = moment.astimezone(place)
        midnight = datetime.combine(local.date() + timedelta(days=1), time(), place)
        tomorrow = midnight.astimezone(UTC)
        if local.weekday() < SATURDAY:
            if tomorrow - moment >= left:
                return min(moment + left, latest.astimezone(UTC))
            left -= tomorrow - moment
        moment = tomorrow
    return latest.astimezone(UTC)
