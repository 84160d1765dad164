"""Hours as people say them: wall time in their own zone, never UTC."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

MINUTES_A_DAY = 24 * 60
_TIME = re.compile(r"([0-9]{2}):([0-9]{2})")


@dataclass(frozen=True, slots=True)
class WeeklyRule:
    """Open from minute to minute of a weekday (0 is Monday); to ≤ from crosses midnight."""

    weekday: int
    from_min: int
    to_min: int
    zone: str = ""


@dataclass(frozen=True, slots=True)
class DatedRule:
    """Open or closed on one local day; an open rule takes the place of that day's weekly ones."""

    day: date
    from_min: int
    to_min: int
    available: bool = True
    zone: str = ""


@dataclass(frozen=True, slots=True)
class Hours:
    """One person's rules with the zone that holds where a rule names none."""

    zone: str
    weekly: tuple[WeeklyRule, ...] = ()
    dated: tuple[DatedRule, ...] = ()

    @classmethod
    def office(cls, zone: str, from_min: int, to_min: int) -> Hours:
        """The same hours from Monday to Friday."""
        return cls(zone, tuple(WeeklyRule(day, from_min, to_min) for day in range(5)))


class NotHours(ValueError):
    """What was written is no span of a day; `code` says why, `text` is the part that is wrong."""

    SENTENCES: ClassVar[dict[str, str]] = {
        "not-a-span": "'{}' is not a span of time. Write it like 09:00-17:00.",
        "no-length": "'{}' starts and ends at the same time. Write a span like 09:00-17:00.",
        "not-a-time": "'{}' is not a time. Write it like 09:00.",
        "not-of-a-day": "'{}' is not a time of the day. Write it like 09:00.",
        "not-on-five-minutes": "'{}' is not on five minutes. Round it, for example to 09:05.",
    }

    def __init__(self, code: str, text: str) -> None:
        super().__init__(self.SENTENCES[code].format(text))
        self.code = code
        self.text = text


def parse_working_hours(text: str) -> tuple[int, int]:
    """Minutes after midnight of "HH:MM-HH:MM"; raises NotHours saying what to write.

    "24:00" is a valid end; an end before the start crosses midnight.
    """
    start, dash, end = text.strip().partition("-")
    if not dash:
        raise NotHours("not-a-span", text)
    from_min, to_min = _minute(start, last=23 * 60 + 59), _minute(end, last=MINUTES_A_DAY)
    if from_min == to_min:
        raise NotHours("no-length", text)
    return from_min, to_min


def working_hours_text(from_min: int, to_min: int) -> str:
    """The inverse of `parse_working_hours`."""
    return f"{from_min // 60:02d}:{from_min % 60:02d}-{to_min // 60:02d}:{to_min % 60:02d}"


def _minute(text: str, *, last: int) -> int:
    match = _TIME.fullmatch(text.strip())
    if match is None:
        raise NotHours("not-a-time", text)
    minute = int(match[1]) * 60 + int(match[2])
    if int(match[2]) > 59 or minute > last:
        raise NotHours("not-of-a-day", text)
    if minute % 5:
        raise NotHours("not-on-five-minutes", text)
    return minute
