"""When a project can meet: weekly times by how often all are free, and why one will not do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from handrail.apps.calendars.models import Booking
from handrail.apps.calendars.queries import Blocked, free_starts, who_blocks
from handrail.apps.people.models import Person
from handrail.apps.projects.models import Project, Rhythm
from handrail.domain.scheduling import Meeting, meetings

HORIZON = timedelta(days=28)  # how far ahead check-ins are booked
NOTICE_MINUTES = 120  # nobody is booked for something that begins sooner
WEEKS = 4


@dataclass(frozen=True, slots=True)
class Start:
    """A weekly time of the project's zone, and in how many of the next four weeks it is free."""

    weekday: int
    minute: int
    free: int


def local_day(project: Project, moment: datetime) -> date:
    """The day that it is in the project's zone."""
    return moment.astimezone(ZoneInfo(project.timezone)).date()


def times_for(
    project: Project, people: Sequence[Person], mentor: Person, *, now: datetime
) -> list[Start]:
    """Weekly times at which the mentor and everybody on the project are free, the best first."""
    zone = ZoneInfo(project.timezone)
    opens = datetime.combine(project.starts_on, time(), zone).astimezone(UTC)
    shuts = datetime.combine(project.ends_on + timedelta(days=1), time(), zone).astimezone(UTC)
    start = max(now, opens)
    starts = free_starts(
        [mentor, *people],
        start,
        min(start + timedelta(weeks=WEEKS), shuts),
        project.program.session_minutes,
        now=now,
        min_notice=NOTICE_MINUTES,
        host=mentor,
        daily_cap=project.program.daily_cap,
    )
    count: Counter[tuple[int, int]] = Counter()
    for at in starts:
        local = at.astimezone(zone)
        count[local.weekday(), local.hour * 60 + local.minute] += 1
    found = [Start(weekday, minute, free) for (weekday, minute), free in count.items()]
    return sorted(found, key=lambda one: (-one.free, one.weekday, one.minute))


def choose_time(project: Project, starts: Sequence[Start]) -> tuple[list[int], int] | None:
    """Days and minute for the project's rhythm, as far as they are open; None: no time in common.

    What was decided before stands. Otherwise the time that is free in the most weeks, then the
    earliest; for several days the one that is free in the most of all of them together.
    """
    fixed = set(project.weekdays)
    fits = [
        one
        for one in starts
        if (not fixed or one.weekday in fixed)
        and (project.minute is None or one.minute == project.minute)
    ]
    if not fits:
        return None
    if project.rhythm in (Rhythm.WEEKLY, Rhythm.BIWEEKLY) and len(fixed) < 2:
        best = min(fits, key=lambda one: (-one.free, one.weekday, one.minute))
        return [best.weekday], best.minute
    total: Counter[int] = Counter()
    for one in fits:
        total[one.minute] += one.free
    minute = min(total, key=lambda at: (-total[at], at))
    return list(project.weekdays), minute


def meeting_for(
    project: Project,
    due: date,
    people: Sequence[Person],
    mentor: Person,
    *,
    now: datetime,
    without: Booking | None = None,
) -> Meeting[Blocked] | None:
    """What comes of one due day of the rhythm; None where that is no due day of it."""
    cadence = project.cadence
    if cadence is None:
        return None
    found = meetings(
        cadence,
        project.starts_on,
        project.ends_on,
        why_not_at(project, people, mentor, now=now, without=without),
        since=due,
        until=due,
    )
    return found[0] if found else None


def why_not_at(
    project: Project,
    people: Sequence[Person],
    mentor: Person,
    *,
    now: datetime,
    without: Booking | None = None,
) -> Callable[[datetime], Blocked | None]:
    """Asks of a start what stands against it first, or None where everybody can."""

    def why(start: datetime) -> Blocked | None:
        found = who_blocks(
            [mentor, *people],
            start,
            project.program.session_minutes,
            now=now,
            min_notice=NOTICE_MINUTES,
            without_booking=without.pk if without else None,
            host=mentor,
            daily_cap=project.program.daily_cap,
        )
        return found[0] if found else None

    return why
