"""Free starts found without the product's code: the slow and plain way, two libraries.

    echo '{"zones": [...]}' | TZ=Asia/Kathmandu python oracles.py

`by_clock` reads a clock at every five minutes with `zoneinfo`; `by_whenever` asks `whenever` for
the moment of a wall time. Run as a program it says in which cases the product says otherwise.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from whenever import PlainDateTime

from handrail.domain.scheduling import (
    Asked,
    Diary,
    Hours,
    Span,
    WeeklyRule,
    cell_at,
    free_bits,
    starts_mask,
    starts_of_bits,
)

FIVE = timedelta(minutes=5)
ZONES = (
    "Africa/Cairo",
    "Africa/Casablanca",
    "America/Asuncion",
    "America/Havana",
    "America/New_York",
    "America/Santiago",
    "America/Sao_Paulo",
    "America/St_Johns",
    "Asia/Beirut",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Europe/Berlin",
    "Europe/Dublin",
    "Europe/London",
    "Pacific/Apia",
    "Pacific/Chatham",
)
RULES = {"13:00-18:00": (780, 1080), "00:00-04:00": (0, 240), "20:00-24:00": (1200, 1440)}
RULES |= {"22:00-06:00": (1320, 360), "02:30-03:15": (150, 195)}
# Every change of a zone of the list in 2027, and the day that Apia skipped.
SPANS = (
    (date(2027, 2, 4), 8),  # Casablanca, the start of Ramadan
    (date(2027, 3, 10), 27),  # America, Europe, Beirut, Casablanca, Lord Howe, Chatham, Santiago
    (date(2027, 4, 27), 6),  # Cairo
    (date(2027, 9, 2), 5),  # Santiago
    (date(2027, 9, 23), 12),  # Chatham, Lord Howe
    (date(2027, 10, 26), 15),  # Cairo, Europe, Beirut, America, Havana
    (date(2011, 12, 28), 6),  # Apia
)
Wall = Callable[[str, date, int], datetime | None]


@lru_cache(maxsize=64)
def _clock(zone: str, year: int, month: int) -> dict[datetime, datetime]:
    """What a clock shows, and when it does so first, from a week before a month to one after."""
    info, shown = ZoneInfo(zone), {}
    moment = datetime(year, month, 1, tzinfo=UTC) - timedelta(days=7)
    for _number in range(46 * 288):
        shown.setdefault(moment.astimezone(info).replace(tzinfo=None), moment)
        moment += FIVE
    return shown


def by_clock(zone: str, day: date, minute: int) -> datetime | None:
    """When a clock first shows the time; where it never does, as long after the gap's begin."""
    shown = _clock(zone, day.year, day.month)
    if datetime.combine(day, time(12)) not in shown:
        return None  # this day was left out
    wanted = datetime.combine(day, time()) + timedelta(minutes=minute)
    if wanted in shown:
        return shown[wanted]
    before = wanted
    while before not in shown:
        before -= FIVE
    return shown[before] + (wanted - before)


def by_whenever(zone: str, day: date, minute: int) -> datetime | None:
    """The same from another library."""

    def at(wall: datetime) -> datetime:
        plain = PlainDateTime(wall.year, wall.month, wall.day, wall.hour, wall.minute)
        zoned = plain.assume_tz(zone, disambiguation="compatible")
        return zoned.to_instant().to_stdlib()

    noon = datetime.combine(day, time(12))
    if at(noon).astimezone(ZoneInfo(zone)).date() != day:
        return None
    return at(datetime.combine(day, time()) + timedelta(minutes=minute))


def by_fixed_offset(zone: str, day: date, minute: int) -> datetime | None:
    """The mutant: today's offset for every day."""
    noon = datetime(2027, 1, 15, 12, tzinfo=ZoneInfo(zone))
    wall = datetime.combine(day, time(), UTC) + timedelta(minutes=minute)
    return wall - (noon.utcoffset() or timedelta())


def starts_of(diary: Diary, begin: datetime, days: int, wall: Wall) -> list[datetime]:
    """Every free start of a diary on the half hours of its zone, looked at one by one."""
    hours, opened = diary.hours, set[datetime]()
    for number in range(-2, days + 2):
        day = begin.date() + timedelta(days=number)
        for rule in hours.weekly:
            if rule.weekday != day.weekday():
                continue
            after = rule.to_min if rule.to_min > rule.from_min else rule.to_min + 1440
            first, last = wall(hours.zone, day, rule.from_min), wall(hours.zone, day, after)
            while first is not None and last is not None and first < last:
                opened.add(first)
                first += FIVE
    busy = set[datetime]()
    for start, end, _source in diary.busy:
        moment = start - timedelta(minutes=start.minute % 5)
        while moment < end:
            busy.add(moment)
            moment += FIVE
    return [
        start
        for start in (begin + n * FIVE for n in range(days * 288))
        if start.astimezone(ZoneInfo(hours.zone)).minute % 30 == 0
        and all(start + n * FIVE in opened for n in range(4))
        and not any(start + n * FIVE in busy for n in range(6))
    ]


def ours(diary: Diary, begin: datetime, days: int) -> list[datetime]:
    """What the product says."""
    asked = Asked(cell_at(begin), days * 288, now=datetime(2000, 1, 1, tzinfo=UTC))
    bits = free_bits(diary, asked) & starts_mask(asked.origin, asked.size, 30, diary.hours.zone)
    return list(starts_of_bits(bits, asked.origin))


def cases(zones: list[str]) -> Iterator[tuple[str, Diary, datetime, int]]:
    """Every zone, rule and change, with a busy time in the middle of each night and afternoon."""
    for zone in zones:
        for name, (from_min, to_min) in RULES.items():
            weekly = tuple(WeeklyRule(day, from_min, to_min) for day in range(7))
            for begin_day, days in SPANS:
                begin = datetime.combine(begin_day, time(), UTC)
                busy = [
                    Span(begin + timedelta(hours=at), begin + timedelta(hours=at, minutes=17))
                    for at in range(5, days * 24, 11)
                ]
                diary = Diary(Hours(zone, weekly), busy=busy)
                yield f"{zone} {name} from {begin_day}", diary, begin, days


def differences(zones: list[str], walls: list[Wall]) -> tuple[int, list[str]]:
    """How many cases there are, and those in which an oracle and the product disagree."""
    count, found = 0, []
    for name, diary, begin, days in cases(zones):
        told = ours(diary, begin, days)
        count += 1
        found += [
            f"{name}: {wall.__name__}"
            for wall in walls
            if starts_of(diary, begin, days, wall) != told
        ]
        lasting = replace(diary, busy=())
        if begin.year == 2027 and not ours(lasting, begin, days) and "02:30" not in name:
            found.append(f"{name}: nothing is free")
    return count, found


if __name__ == "__main__":
    asked = json.load(sys.stdin)
    count, found = differences(asked["zones"], [by_clock, by_whenever])
    json.dump({"cases": count, "differences": found}, sys.stdout)
