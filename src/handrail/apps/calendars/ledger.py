"""What the time ledger knows of people in a span: one diary each, with one query a table."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from handrail.apps.calendars.holidays import public_holidays
from handrail.apps.calendars.models import (
    LIVE_STATUSES,
    RESERVED,
    Booking,
    Busy,
    Cell,
    ClosedDay,
    Rule,
    RuleKind,
)
from handrail.apps.people.models import Person
from handrail.apps.people.queries import known_last_days
from handrail.domain.scheduling import (
    ARTIFACT_MINUTES,
    BUFFER_MINUTES,
    DatedRule,
    Diary,
    Giving,
    Holiday,
    Hours,
    Span,
    Taken,
    WeeklyRule,
    cell_at,
)

REACH = timedelta(hours=3)  # further than a session with its buffers on both sides
Given = tuple[tuple[datetime, int], ...]  # start and minutes of what a mentor gives


def occupied_minutes(minutes: int, buffer_minutes: int = BUFFER_MINUTES) -> int:
    """Minutes that a session takes: itself, the artifact, the buffer after it."""
    return minutes + ARTIFACT_MINUTES + buffer_minutes


def hours_of(persons: Sequence[Person], start: datetime, end: datetime) -> dict[int, Hours]:
    """Each person's rules, with the holidays from start to end; two queries.

    Without open weekly rules their working hours hold, Monday to Friday.
    """
    weekly: dict[int, list[WeeklyRule]] = defaultdict(list)
    dated: dict[int, list[DatedRule]] = defaultdict(list)
    rules = Rule.objects.filter(person_id__in=[person.pk for person in persons]).order_by("pk")
    for rule in rules:
        if rule.kind == RuleKind.WEEKLY and rule.weekday is not None:
            weekly[rule.person_id].append(
                WeeklyRule(rule.weekday, rule.from_min, rule.to_min, rule.timezone, rule.available)
            )
        elif rule.day is not None:
            dated[rule.person_id].append(
                DatedRule(rule.day, rule.from_min, rule.to_min, rule.available, rule.timezone)
            )
    first, last = start.date() - timedelta(days=1), end.date() + timedelta(days=1)
    closed = ClosedDay.objects.filter(day__gte=first, day__lte=last)
    for_all = [Holiday(day, name, True) for day, name in closed.values_list("day", "name")]
    found: dict[int, Hours] = {}
    for person in persons:
        week = weekly[person.pk]
        if not any(rule.available for rule in week):
            office = Hours.office(person.timezone, person.works_from_min, person.works_to_min)
            week = [*office.weekly, *week]
        public = public_holidays(person.holidays_of, first, last, person.language)
        own = [Holiday(day, name) for day, name in public]
        found[person.pk] = Hours(
            person.timezone, tuple(week), tuple(dated[person.pk]), (*for_all, *own)
        )
    return found


def read_diaries(
    persons: Sequence[Person],
    start: datetime,
    end: datetime,
    *,
    now: datetime,
    hosts: Collection[Person] = (),
    without_booking: int | None = None,
    within: Collection[int] = (),
) -> dict[int, Diary]:
    """What decides when each of these people can start a session in [start, end) (UTC).

    `hosts` come as mentors, whose budget and caps are read too. `without_booking` leaves out what
    one booking takes, as a move must; `within` what reservations keep for bookings like this one.
    Holds that have expired do not count. After a last day that is known nobody is free.
    """
    ids = [person.pk for person in persons]
    start, end = start - REACH, end + REACH
    busy: dict[int, list[Span]] = defaultdict(list)
    rows = Busy.objects.filter(person_id__in=ids, starts_at__lt=end, ends_at__gt=start)
    for row in rows.order_by("source", "starts_at"):
        busy[row.person_id].append(Span(row.starts_at, row.ends_at, row.source))
    zones = {person.pk: person.timezone for person in persons}
    for person_id, day in known_last_days(ids, now.date() - timedelta(days=1)).items():
        gone = local_midnight(zones[person_id], day + timedelta(days=1))
        if gone < end:  # as if not free: a last day is told to nobody by a reason of its own
            busy[person_id].append(Span(gone, end))
    taken: dict[int, list[Taken]] = defaultdict(list)
    cells = Cell.objects.filter(
        person_id__in=ids, cell__gte=cell_at(start), cell__lt=cell_at(end, up=True)
    ).exclude(booking__hold_until__lte=now, booking__status__in=("hold", "pending"))
    if without_booking is not None:
        cells = cells.exclude(booking_id=without_booking)
    if within:
        cells = cells.exclude(booking_id__in=within)
    for person_id, cell, starts_at, ends_at in cells.values_list(
        "person_id", "cell", "booking__starts_at", "booking__ends_at"
    ):
        done = cell_at(ends_at, up=True) + ARTIFACT_MINUTES // 5
        buffer = not cell_at(starts_at) <= cell < done
        taken[person_id].append(Taken(cell, cell + 1, buffer))
    given = given_by(hosts, start, end, now=now, without=without_booking)
    hosting = {host.pk for host in hosts}
    hours = hours_of(persons, start, end)
    return {
        person.pk: Diary(
            hours=hours[person.pk],
            paused_until=_end_of_pause(person),
            busy=busy.get(person.pk, ()),
            taken=taken.get(person.pk, ()),
            buffer_before=person.buffer_before,
            buffer_after=person.buffer_after,
            giving=Giving(
                person.minutes_per_week,
                daily_cap=person.daily_cap,
                notice=person.min_notice_minutes,
                given=given[person.pk],
            )
            if person.pk in hosting
            else None,
        )
        for person in persons
    }


def _end_of_pause(person: Person) -> datetime | None:
    """The day on which a pause ends is part of it."""
    if person.pause_until is None:
        return None
    return local_midnight(person.timezone, person.pause_until + timedelta(days=1))


def local_midnight(zone: str, day: date) -> datetime:
    """The UTC moment at which a local day starts."""
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)


def local_week(zone: str, moment: datetime) -> tuple[datetime, datetime]:
    """The local week, Monday to Monday, that holds the moment, as UTC moments."""
    day = moment.astimezone(ZoneInfo(zone)).date()
    monday = day - timedelta(days=day.weekday())
    return local_midnight(zone, monday), local_midnight(zone, monday + timedelta(days=7))


def given_by(
    hosts: Collection[Person],
    start: datetime,
    end: datetime,
    *,
    now: datetime,
    without: int | None = None,
) -> dict[int, Given]:
    """What mentors give over all models in the local weeks that touch a span, with one query.

    Holds count, expired ones do not. A reservation gives nothing by itself: what lies in it does.
    """
    found: dict[int, list[tuple[datetime, int]]] = {host.pk: [] for host in hosts}
    if not found:
        return {}
    bookings = Booking.objects.filter(
        host_id__in=found,
        status__in=LIVE_STATUSES,
        starts_at__gte=min(local_week(host.timezone, start)[0] for host in hosts),
        starts_at__lt=max(local_week(host.timezone, end)[1] for host in hosts),
    ).exclude(status__in=("hold", "pending"), hold_until__lte=now)
    bookings = bookings.exclude(kind=RESERVED)
    if without is not None:
        bookings = bookings.exclude(pk=without)
    for host_id, starts_at, ends_at in bookings.values_list("host_id", "starts_at", "ends_at"):
        found[host_id].append((starts_at, int((ends_at - starts_at).total_seconds() // 60)))
    return {host_id: tuple(given) for host_id, given in found.items()}
