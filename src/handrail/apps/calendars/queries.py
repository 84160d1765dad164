"""Questions to the time ledger: free slots, weeks as bits, minutes booked, why not."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice

from handrail.apps.calendars.ledger import given_by, local_week, read_diaries
from handrail.apps.people.models import Person
from handrail.domain import scheduling
from handrail.domain.scheduling import (
    Asked,
    WhyNot,
    cell_at,
    free_bits,
    starts_mask,
    starts_of_bits,
    why_not,
)

STEP = 30
ENOUGH = 10**6  # minutes: a plan counts its seats itself


@dataclass(frozen=True, slots=True)
class Blocked:
    """One person for whom a slot is not free, and the first reason that says so.

    `name` is that of a busy source or of a holiday: for the person's own eyes.
    """

    person: Person
    why: WhyNot
    name: str = ""


def free_starts(
    persons: Sequence[Person],
    start: datetime,
    end: datetime,
    minutes: int,
    *,
    now: datetime,
    min_notice: int = 0,
    step: int = STEP,
    without_booking: int | None = None,
    within: int | None = None,
    limit: int | None = None,
    host: Person | None = None,
    daily_cap: int = 0,
) -> list[datetime]:
    """Starts on the grid in [start, end) at which all these people are free; earliest first.

    The grid is that of the host's wall time, so that a mentor at +05:45 meets at full and half
    hours of theirs. Starts in a week or on a day on which the host gives no more are left out.
    """
    start = max(start, now)
    if start >= end or not persons:
        return []
    origin = cell_at(start, up=True)
    asked = Asked(origin, cell_at(end, up=True) - origin, now, minutes, min_notice, daily_cap)
    bits = starts_mask(origin, asked.size, step, host.timezone if host else "UTC")
    diaries = read_diaries(
        persons,
        start,
        end,
        now=now,
        hosts=[host] if host else [],
        without_booking=without_booking,
        within=() if within is None else (within,),
    )
    for diary in diaries.values():
        bits &= free_bits(diary, asked)
    return list(islice(starts_of_bits(bits, origin), limit))


def next_free(
    persons: Sequence[Person],
    after: datetime,
    minutes: int,
    *,
    now: datetime,
    min_notice: int = 0,
    without_booking: int | None = None,
    within: int | None = None,
    count: int = 3,
    days: int = 21,
    host: Person | None = None,
    daily_cap: int = 0,
) -> list[datetime]:
    """The next few starts after a moment at which all these people are free."""
    return free_starts(
        persons,
        after,
        after + timedelta(days=days),
        minutes,
        now=now,
        min_notice=min_notice,
        without_booking=without_booking,
        within=within,
        limit=count,
        host=host,
        daily_cap=daily_cap,
    )


def week_bits(
    persons: Sequence[Person],
    monday: date,
    *,
    now: datetime,
    session_minutes: int = 20,
    min_notice: int = 0,
    step: int = STEP,
    hosts: Collection[Person] = (),
    daily_cap: int = 0,
) -> dict[int, int]:
    """For each person's id, bit t: a session may start at minute step·t from Monday 00:00 UTC.

    Days on which a host gives no more sessions are left out; their minutes are the plan's to count.
    """
    origin = datetime.combine(monday, time(), UTC)
    diaries = read_diaries(persons, origin, origin + timedelta(days=7), now=now, hosts=hosts)
    found: dict[int, int] = {}
    for person_id, diary in diaries.items():
        if diary.giving is not None:
            diary = replace(diary, giving=replace(diary.giving, minutes_per_week=ENOUGH))
        found[person_id] = scheduling.week_bits(
            diary,
            monday,
            step=step,
            minutes=session_minutes,
            notice=min_notice,
            daily_cap=daily_cap,
            now=now,
        )
    return found


def series_bits(
    persons: Sequence[Person],
    monday: date,
    weeks: int,
    *,
    now: datetime,
    minutes: int,
    step: int = STEP,
    host: Person | None = None,
    daily_cap: int = 0,
) -> dict[int, list[int]]:
    """For each person's id a number a week: bit t, they can start at minute step·t (UTC).

    Every start on the grid is told, also those that would take each other's time.
    """
    origin = datetime.combine(monday, time(), UTC)
    end = origin + timedelta(weeks=weeks)
    asked = Asked(cell_at(origin), weeks * 7 * 288, now, minutes, 0, daily_cap)
    cells = step // 5
    slots = 7 * 288 // cells
    found: dict[int, list[int]] = {}
    diaries = read_diaries(persons, origin, end, now=now, hosts=[host] if host else [])
    for person_id, diary in diaries.items():
        bits = free_bits(diary, asked)
        starts = [bits >> (slot * cells) & 1 for slot in range(weeks * slots)]
        found[person_id] = [
            sum(bit << at for at, bit in enumerate(starts[week * slots : (week + 1) * slots]))
            for week in range(weeks)
        ]
    return found


def minutes_booked(person: Person, day: date, *, now: datetime) -> int:
    """Session minutes that a mentor gives in their local week around a day, over all models."""
    return minutes_booked_by([person], day, now=now)[person.pk]


def minutes_booked_by(persons: Iterable[Person], day: date, *, now: datetime) -> dict[int, int]:
    """`minutes_booked` for many mentors, each in their own local week, with one query."""
    people = list(persons)
    noon = datetime.combine(day, time(12), UTC)
    booked: dict[int, int] = {}
    given = given_by(people, noon, noon, now=now)
    for person in people:
        start, end = local_week(person.timezone, noon)
        booked[person.pk] = sum(
            minutes for starts_at, minutes in given[person.pk] if start <= starts_at < end
        )
    return booked


def who_blocks(
    persons: Sequence[Person],
    start: datetime,
    minutes: int,
    *,
    now: datetime,
    min_notice: int = 0,
    without_booking: int | None = None,
    within: int | None = None,
    host: Person | None = None,
    daily_cap: int = 0,
) -> list[Blocked]:
    """For each person who is not free at a start (on five minutes), the first reason for it.

    In the order of the reasons, then of the people: the first is what a refusal tells.
    """
    cell = cell_at(start)
    asked = Asked(cell, 1, now, minutes, min_notice, daily_cap)
    diaries = read_diaries(
        persons,
        start,
        start,
        now=now,
        hosts=[host] if host else [],
        without_booking=without_booking,
        within=() if within is None else (within,),
    )
    found: list[Blocked] = []
    for person in persons:
        mask = why_not(diaries[person.pk], asked, cell)
        if mask is not None:
            found.append(Blocked(person, mask.why, mask.name))
    order = list(WhyNot)
    return sorted(found, key=lambda blocked: order.index(blocked.why))
