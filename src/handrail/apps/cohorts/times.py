"""When a cohort could meet: the weekly times ranked, who misses what, and who keeps it apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from handrail.apps.calendars.queries import series_bits
from handrail.apps.cohorts.models import WEEKS, Cohort, Intake
from handrail.apps.people.models import Person
from handrail.domain.cohorts import Shift, blocks, moments, never_together, shifts
from handrail.domain.matching import Series, rank_starts

STEP = 30
SHOWN = 8  # weekly times to choose from


@dataclass(frozen=True, slots=True)
class Misses:
    """Somebody who cannot come in these weeks, the first being 1."""

    person: Person
    weeks: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Moves:
    """Somebody whose own clock shows another time from a week on."""

    person: Person
    shift: Shift

    @property
    def week(self) -> int:
        return self.shift.index + 1


@dataclass(frozen=True, slots=True)
class Choice:
    """A weekly wall time in the cohort's zone: its starts, who misses what, whose time moves."""

    first_on: date
    minute: int
    starts: list[datetime]
    all_free: int
    misses: list[Misses]
    moves: list[Moves]

    @property
    def key(self) -> str:
        """How a form names it."""
        return f"{self.first_on.isoformat()} {self.minute}"


@dataclass(frozen=True, slots=True)
class Blocker:
    """Somebody without whom the others share a time in more weeks; starts in an average week."""

    person: Person
    weeks: int
    starts: int


@dataclass(frozen=True, slots=True)
class Times:
    """What a group can choose from; `blockers` where they never share an hour."""

    choices: list[Choice]
    blockers: list[Blocker]
    apart: bool


def first_monday(intake: Intake) -> date:
    """The Monday of the first week: the intake's day, or the Monday after it."""
    return intake.starts_on + timedelta(days=-intake.starts_on.weekday() % 7)


def free_weeks(cohort: Cohort, people: Sequence[Person], *, now: datetime) -> dict[int, list[int]]:
    """The weeks of the series as bits for its mentor and these people; one week more at the end."""
    program = cohort.intake.program
    return series_bits(
        [cohort.mentor, *people],
        first_monday(cohort.intake),
        WEEKS + 1,
        now=now,
        minutes=program.session_minutes,
        step=STEP,
        host=cohort.mentor,
        daily_cap=program.daily_cap,
    )


def times_for(cohort: Cohort, people: Sequence[Person], *, now: datetime) -> Times:
    """The best weekly times for the group: most weeks with everybody, then fewest absences.

    A week counts at every start on the half hour by UTC; the series keeps its wall time.
    """
    if not people:
        return Times([], [], apart=False)
    everybody = {str(person.pk): person for person in [cohort.mentor, *people]}
    free = {str(pk): bits for pk, bits in free_weeks(cohort, people, now=now).items()}
    monday = first_monday(cohort.intake)
    ranked = rank_starts(free, Series(monday, ZoneInfo(cohort.timezone), WEEKS, STEP), most=SHOWN)
    apart = never_together({name: weeks[:WEEKS] for name, weeks in free.items()})
    found = []
    for start in ranked:
        utc = datetime.combine(monday, time(), UTC) + timedelta(minutes=STEP * start.slot)
        first_on = utc.astimezone(ZoneInfo(cohort.timezone)).date()
        starts = moments(first_on, start.minute, cohort.timezone, range(WEEKS))
        if str(cohort.mentor_id) in start.missing and len(
            start.missing[str(cohort.mentor_id)]
        ) == len(starts):
            continue  # not once with the mentor
        misses = [Misses(everybody[name], weeks) for name, weeks in start.missing.items()]
        found.append(
            Choice(
                first_on,
                start.minute,
                starts,
                start.all_free,
                sorted(misses, key=lambda one: (-len(one.weeks), one.person.name)),
                moves_of(list(everybody.values()), starts),
            )
        )
    blockers = [
        Blocker(everybody[one.person], one.weeks, round(one.starts))
        for one in blocks({name: weeks[:WEEKS] for name, weeks in free.items()})
    ]
    return Times(found, blockers if apart else [], apart)


def moves_of(people: Sequence[Person], starts: Sequence[datetime]) -> list[Moves]:
    """Whose own time moves in which week, in the order of the weeks."""
    found = [Moves(person, shift) for person in people for shift in shifts(starts, person.timezone)]
    return sorted(found, key=lambda one: (one.shift.index, one.person.name))


def best_in_week(
    mentor: list[int], others: Sequence[list[int]], monday: date, week: int, planned: datetime
) -> datetime | None:
    """Another start in a week in which the mentor cannot come: most people, then nearest."""
    origin = datetime.combine(monday + timedelta(weeks=week), time(), UTC)
    best: tuple[int, timedelta, datetime] | None = None
    for slot in range(mentor[week].bit_length()):
        if not mentor[week] >> slot & 1:
            continue
        start = origin + timedelta(minutes=STEP * slot)
        coming = sum(bits[week] >> slot & 1 for bits in others)
        rank = (-coming, abs(start - planned), start)
        if coming and (best is None or rank < best):
            best = rank
    return best[2] if best else None
