"""Questions to the time ledger: free slots, weeks as bits, minutes booked, why not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from handrail.apps.calendars.ledger import (
    Hosted,
    hosted_by,
    hours_of,
    local_day,
    local_week,
    occupied_minutes,
    read_ledger,
)
from handrail.apps.calendars.models import LIVE_STATUSES, Booking, Busy, Cell
from handrail.apps.people.models import Person
from handrail.domain.scheduling import (
    Blocks,
    WhyNot,
    start_of_cell,
    starts_mask,
    starts_of_bits,
    why_not,
)

STEP = 30
CELLS_A_WEEK = 7 * 24 * 12


@dataclass(frozen=True, slots=True)
class Blocked:
    """One person for whom a slot is not free, and the first rule that says so."""

    person: Person
    why: WhyNot


@dataclass
class HostRoom:
    """Whether a host gives another session in the week and on the day of a start."""

    host: Person
    hosted: Hosted
    minutes: int
    daily_cap: int
    _known: dict[tuple[datetime, datetime], tuple[int, int]] = field(default_factory=dict)

    def has(self, moment: datetime) -> bool:
        """Whether neither the minutes a week nor the sessions a day are used up."""
        given, _sessions = self._within(local_week(self.host.timezone, moment))
        if given + self.minutes > self.host.minutes_per_week:
            return False
        if not self.daily_cap:
            return True
        _given, sessions = self._within(local_day(self.host.timezone, moment))
        return sessions < self.daily_cap

    def _within(self, span: tuple[datetime, datetime]) -> tuple[int, int]:
        if span not in self._known:
            self._known[span] = self.hosted.within(span)
        return self._known[span]


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
    limit: int | None = None,
    host: Person | None = None,
    daily_cap: int = 0,
) -> list[datetime]:
    """Starts on the grid in [start, end) at which all these people are free; earliest first.

    With a host, starts in a week or on a day on which they give no more are left out.
    """
    start = max(start, now + timedelta(minutes=min_notice))
    if start >= end or not persons:
        return []
    occupied = occupied_minutes(minutes)
    ledger = read_ledger(
        persons,
        start,
        end + timedelta(minutes=occupied),
        now=now,
        without_booking=without_booking,
    )
    bits = ledger.starts([person.pk for person in persons], minutes, occupied)
    bits &= starts_mask(ledger.origin, ledger.size, step)
    room = None
    if host is not None:
        weeks = local_week(host.timezone, start)[0], local_week(host.timezone, end)[1]
        hosted = hosted_by(host, *weeks, now=now, without=without_booking)
        room = HostRoom(host, hosted, minutes, daily_cap)
    found: list[datetime] = []
    for moment in starts_of_bits(bits, ledger.origin):
        if moment >= end or (limit is not None and len(found) == limit):
            break
        if moment >= start and (room is None or room.has(moment)):
            found.append(moment)
    return found


def next_free(
    persons: Sequence[Person],
    after: datetime,
    minutes: int,
    *,
    now: datetime,
    without_booking: int | None = None,
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
        without_booking=without_booking,
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
) -> dict[int, int]:
    """For each person's id, bit t: a session may start at minute step·t from Monday 00:00 UTC."""
    origin = datetime.combine(monday, time(), UTC)
    occupied = occupied_minutes(session_minutes)
    ledger = read_ledger(persons, origin, origin + timedelta(days=7, minutes=occupied), now=now)
    earliest = now + timedelta(minutes=min_notice)
    cells = step // 5
    found: dict[int, int] = {}
    for person in persons:
        starts = ledger.starts([person.pk], session_minutes, occupied)
        week = 0
        for slot in range(CELLS_A_WEEK // cells):
            cell = slot * cells
            if starts >> cell & 1 and start_of_cell(ledger.origin + cell) >= earliest:
                week |= 1 << slot
        found[person.pk] = week
    return found


def minutes_booked(person: Person, day: date, *, now: datetime) -> int:
    """Session minutes that a mentor gives in their local week around a day, over all models."""
    noon = datetime.combine(day, time(12), UTC)
    start, end = local_week(person.timezone, noon)
    return hosted_by(person, start, end, now=now).within((start, end))[0]


def minutes_booked_by(persons: Iterable[Person], monday: date, *, now: datetime) -> dict[int, int]:
    """`minutes_booked` for many mentors in the week of a Monday, with one query."""
    people = list(persons)
    noon = datetime.combine(monday, time(12), UTC)
    weeks = {person.pk: local_week(person.timezone, noon) for person in people}
    if not people:
        return {}
    bookings = (
        Booking.objects.filter(
            host_id__in=weeks,
            status__in=LIVE_STATUSES,
            starts_at__gte=min(start for start, _end in weeks.values()),
            starts_at__lt=max(end for _start, end in weeks.values()),
        )
        .exclude(status__in=("hold", "pending"), hold_until__lte=now)
        .values_list("host_id", "starts_at", "ends_at")
    )
    booked = dict.fromkeys(weeks, 0)
    for host_id, starts_at, ends_at in bookings:
        start, end = weeks[host_id]
        if start <= starts_at < end:
            booked[host_id] += int((ends_at - starts_at).total_seconds() // 60)
    return booked


def who_blocks(
    persons: Sequence[Person],
    start: datetime,
    minutes: int,
    *,
    now: datetime,
    min_notice: int = 0,
    without_booking: int | None = None,
) -> list[Blocked]:
    """For each person who is not free at `start`, the first rule that says so."""
    occupied = timedelta(minutes=occupied_minutes(minutes))
    ids = [person.pk for person in persons]
    until = start + occupied
    busy = list(Busy.objects.filter(person_id__in=ids, starts_at__lt=until, ends_at__gt=start))
    cells = (
        Cell.objects.filter(
            person_id__in=ids,
            cell__gte=int(start.timestamp() // 300),
            cell__lt=-int(-until.timestamp() // 300),
        )
        .exclude(booking__hold_until__lte=now, booking__status__in=("hold", "pending"))
        .exclude(booking_id=without_booking or 0)
        .values_list("person_id", "cell")
    )
    booked: dict[int, list[tuple[datetime, datetime]]] = {}
    for person_id, cell in cells:
        span = (start_of_cell(cell), start_of_cell(cell + 1))
        booked.setdefault(person_id, []).append(span)
    hours = hours_of(persons)
    found: list[Blocked] = []
    for person in persons:
        zone_day = start.astimezone(_zone(person)).date()
        why = why_not(
            Blocks(
                hours=hours[person.pk],
                busy=[(b.starts_at, b.ends_at) for b in busy if b.person_id == person.pk],
                booked=booked.get(person.pk, []),
                paused=person.pause_until is not None and zone_day <= person.pause_until,
            ),
            start,
            now=now,
            meeting=timedelta(minutes=minutes),
            occupied=occupied,
            min_notice=timedelta(minutes=min_notice),
        )
        if why is not None:
            found.append(Blocked(person, why))
    return found


def _zone(person: Person) -> ZoneInfo:
    return ZoneInfo(person.timezone)
