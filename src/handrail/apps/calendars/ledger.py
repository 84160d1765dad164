"""What the time ledger says of people in a span: hours, busy times, cells. Two queries a table."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from handrail.apps.calendars.models import LIVE_STATUSES, Booking, Busy, Cell, Rule, RuleKind
from handrail.apps.people.models import Person
from handrail.domain.scheduling import (
    DatedRule,
    Hours,
    WeeklyRule,
    bits_of_span,
    cell_at,
    free_start_bits,
    windows,
)

ARTIFACT_MINUTES = 5
BUFFER_MINUTES = 5


def occupied_minutes(minutes: int, buffer_minutes: int = BUFFER_MINUTES) -> int:
    """Minutes that a session takes from both: itself, the artifact, the host's buffer."""
    return minutes + ARTIFACT_MINUTES + buffer_minutes


def hours_of(persons: Sequence[Person]) -> dict[int, Hours]:
    """Each person's rules; without weekly ones their working hours, Monday to Friday."""
    weekly: dict[int, list[WeeklyRule]] = defaultdict(list)
    dated: dict[int, list[DatedRule]] = defaultdict(list)
    rules = Rule.objects.filter(person_id__in=[person.pk for person in persons]).order_by("pk")
    for rule in rules:
        if rule.kind == RuleKind.WEEKLY and rule.weekday is not None:
            weekly[rule.person_id].append(
                WeeklyRule(rule.weekday, rule.from_min, rule.to_min, rule.timezone)
            )
        elif rule.day is not None:
            dated[rule.person_id].append(
                DatedRule(rule.day, rule.from_min, rule.to_min, rule.available, rule.timezone)
            )
    found: dict[int, Hours] = {}
    for person in persons:
        office = Hours.office(person.timezone, person.works_from_min, person.works_to_min)
        found[person.pk] = Hours(
            person.timezone,
            tuple(weekly[person.pk]) or office.weekly,
            tuple(dated[person.pk]),
        )
    return found


@dataclass(slots=True)
class Ledger:
    """Open and taken cells of people from `origin` on, as bits."""

    origin: int
    size: int
    opened: dict[int, int] = field(default_factory=dict)
    busy: dict[int, int] = field(default_factory=dict)
    booked: dict[int, int] = field(default_factory=dict)

    def taken(self, person_id: int) -> int:
        """Cells of this person that are busy or booked."""
        return self.busy.get(person_id, 0) | self.booked.get(person_id, 0)

    def starts(self, person_ids: Collection[int], meeting: int, occupied: int) -> int:
        """Cells at which a meeting of that many minutes may start for all of them."""
        bits = (1 << self.size) - 1
        for person_id in person_ids:
            bits &= free_start_bits(
                self.opened[person_id],
                self.taken(person_id),
                self.size,
                meeting // 5,
                occupied // 5,
            )
        return bits


def read_ledger(
    persons: Sequence[Person],
    start: datetime,
    end: datetime,
    *,
    now: datetime,
    without_booking: int | None = None,
) -> Ledger:
    """The ledger of these people from start to end (UTC); pauses close the days they cover.

    `without_booking` leaves one booking's own cells out, as a move must. Cells of holds that have
    expired do not count.
    """
    origin = cell_at(start)
    ledger = Ledger(origin=origin, size=cell_at(end, up=True) - origin)
    ids = [person.pk for person in persons]
    for person_id, hours in hours_of(persons).items():
        bits = 0
        for window in windows(hours, start, end):
            bits |= bits_of_span(window.start, window.end, origin, ledger.size, outward=False)
        ledger.opened[person_id] = bits
    for person in persons:
        if person.pause_until is not None:
            ledger.opened[person.pk] &= ~_paused_bits(person, ledger)
    for busy in Busy.objects.filter(person_id__in=ids, starts_at__lt=end, ends_at__gt=start):
        ledger.busy[busy.person_id] = ledger.busy.get(busy.person_id, 0) | bits_of_span(
            busy.starts_at, busy.ends_at, origin, ledger.size, outward=True
        )
    cells = Cell.objects.filter(
        person_id__in=ids, cell__gte=origin, cell__lt=origin + ledger.size
    ).exclude(booking__hold_until__lte=now, booking__status__in=("hold", "pending"))
    if without_booking is not None:
        cells = cells.exclude(booking_id=without_booking)
    for person_id, cell in cells.values_list("person_id", "cell"):
        ledger.booked[person_id] = ledger.booked.get(person_id, 0) | 1 << (cell - origin)
    return ledger


def _paused_bits(person: Person, ledger: Ledger) -> int:
    """The cells up to the end of a pause, the day of its end included."""
    assert person.pause_until is not None
    ends = local_midnight(person.timezone, person.pause_until + timedelta(days=1))
    length = max(0, min(ledger.size, cell_at(ends) - ledger.origin))
    return (1 << length) - 1


def local_midnight(zone: str, day: date) -> datetime:
    """The UTC moment at which a local day starts."""
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)


def local_week(zone: str, moment: datetime) -> tuple[datetime, datetime]:
    """The local week, Monday to Monday, that holds the moment, as UTC moments."""
    day = moment.astimezone(ZoneInfo(zone)).date()
    monday = day - timedelta(days=day.weekday())
    return local_midnight(zone, monday), local_midnight(zone, monday + timedelta(days=7))


def local_day(zone: str, moment: datetime) -> tuple[datetime, datetime]:
    """The local day that holds the moment, as UTC moments."""
    day = moment.astimezone(ZoneInfo(zone)).date()
    return local_midnight(zone, day), local_midnight(zone, day + timedelta(days=1))


@dataclass(frozen=True, slots=True)
class Hosted:
    """The sessions that a host gives in a span, over all models: start and minutes of each."""

    sessions: tuple[tuple[datetime, int], ...]

    def within(self, span: tuple[datetime, datetime]) -> tuple[int, int]:
        """Session minutes and sessions that start in [start, end)."""
        start, end = span
        minutes = [length for starts_at, length in self.sessions if start <= starts_at < end]
        return sum(minutes), len(minutes)


def hosted_by(
    host: Person, start: datetime, end: datetime, *, now: datetime, without: int | None = None
) -> Hosted:
    """What a host has booked in a span, with one query; holds that have expired do not count."""
    bookings = Booking.objects.filter(
        host=host, status__in=LIVE_STATUSES, starts_at__gte=start, starts_at__lt=end
    ).exclude(status__in=("hold", "pending"), hold_until__lte=now)
    if without is not None:
        bookings = bookings.exclude(pk=without)
    spans = bookings.values_list("starts_at", "ends_at")
    return Hosted(tuple((s, int((e - s).total_seconds() // 60)) for s, e in spans))
