"""Hours as people say them: wall time in their own zone, never UTC."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import ClassVar

MINUTES_A_DAY = 24 * 60
_TIME = re.compile(r"([0-9]{2}):([0-9]{2})")


class NotHours(ValueError):
    """What was said is no span of a day; `code` says why, `text` what is wrong, `field` where."""

    SENTENCES: ClassVar[dict[str, str]] = {
        "not-a-span": "'{}' is not a span of time. Write it like 09:00-17:00.",
        "no-length": "'{}' starts and ends at the same time. Write a span like 09:00-17:00.",
        "not-a-time": "'{}' is not a time. Write it like 09:00.",
        "not-of-a-day": "'{}' is not a time of the day. Write it like 09:00.",
        "not-on-five-minutes": "'{}' is not on five minutes. Round it, for example to 09:05.",
        "overlap": "'{}' overlaps the span before it. Write each hour once.",
        "not-a-weekday": "'{}' is not a day of the week. Choose 0 for Monday up to 6 for Sunday.",
    }

    def __init__(self, code: str, text: str, field: str = "hours") -> None:
        super().__init__(self.SENTENCES[code].format(text))
        self.code = code
        self.text = text
        self.field = field


@dataclass(frozen=True, slots=True)
class WeeklyRule:
    """From minute to minute of a weekday (0 is Monday); to ≤ from crosses midnight.

    Open, or cut out of what is open on that day. Raises NotHours for what no day has.
    """

    weekday: int
    from_min: int
    to_min: int
    zone: str = ""
    available: bool = True

    def __post_init__(self) -> None:
        if not 0 <= self.weekday <= 6:
            raise NotHours("not-a-weekday", str(self.weekday), "weekday")
        _check_span(self.from_min, self.to_min)


@dataclass(frozen=True, slots=True)
class DatedRule:
    """Open or closed on one local day; an open rule takes the place of that day's weekly ones.

    Raises NotHours for what no day has.
    """

    day: date
    from_min: int
    to_min: int
    available: bool = True
    zone: str = ""

    def __post_init__(self) -> None:
        _check_span(self.from_min, self.to_min)


@dataclass(frozen=True, slots=True)
class Holiday:
    """A local day on which nothing is given; own hours on the day win, unless it is `for_all`."""

    day: date
    name: str
    for_all: bool = False


@dataclass(frozen=True, slots=True)
class Hours:
    """One person's rules with the zone that holds where a rule names none."""

    zone: str
    weekly: tuple[WeeklyRule, ...] = ()
    dated: tuple[DatedRule, ...] = ()
    holidays: tuple[Holiday, ...] = ()

    @classmethod
    def office(cls, zone: str, from_min: int, to_min: int) -> Hours:
        """The same hours from Monday to Friday."""
        return cls(zone, tuple(WeeklyRule(day, from_min, to_min) for day in range(5)))


def parse_working_hours(text: str) -> tuple[int, int]:
    """Minutes after midnight of "HH:MM-HH:MM"; raises NotHours saying what to write.

    "24:00" is a valid end; an end before the start crosses midnight.
    """
    start, dash, end = text.strip().replace("–", "-").partition("-")
    if not dash:
        raise NotHours("not-a-span", text)
    from_min, to_min = _minute(start, last=23 * 60 + 59), _minute(end, last=MINUTES_A_DAY)
    if from_min == to_min:
        raise NotHours("no-length", text)
    return from_min, to_min


def parse_spans(text: str) -> tuple[tuple[int, int], ...]:
    """The spans of "09:00-12:00, 13:00-17:00", in order; nothing written is none.

    Raises NotHours, also where two of them overlap.
    """
    spans = sorted(parse_working_hours(part) for part in re.split(r"[,;]", text) if part.strip())
    for (_from, to_min), (from_min, after) in pairwise(spans):
        if to_min <= _from or from_min < to_min:
            raise NotHours("overlap", working_hours_text(from_min, after))
    return tuple(spans)


def spans_text(spans: Iterable[tuple[int, int]]) -> str:
    """The inverse of `parse_spans`."""
    return ", ".join(working_hours_text(*span) for span in sorted(spans))


def working_hours_text(from_min: int, to_min: int) -> str:
    """The inverse of `parse_working_hours`."""
    return f"{from_min // 60:02d}:{from_min % 60:02d}-{to_min // 60:02d}:{to_min % 60:02d}"


def _check_span(from_min: int, to_min: int) -> None:
    for field, minute in (("from_min", from_min), ("to_min", to_min)):
        if not 0 <= minute <= MINUTES_A_DAY or (field == "from_min" and minute == MINUTES_A_DAY):
            raise NotHours("not-of-a-day", str(minute), field)
        if minute % 5:
            raise NotHours("not-on-five-minutes", str(minute), field)
    if from_min == to_min:
        raise NotHours("no-length", working_hours_text(from_min, to_min), "to_min")


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
