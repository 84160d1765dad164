"""The mentors of a rota: who can hold which block, and how many turns each has had."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from statistics import median_low

from handrail.apps.calendars.ledger import read_diaries
from handrail.apps.calendars.models import Attendance, SeatRole
from handrail.apps.office_hours.models import Rota, RotaMember, Turn, TurnState
from handrail.apps.people.models import Person
from handrail.apps.programs.models import Program
from handrail.apps.programs.queries import day_in, mentors_here
from handrail.apps.sessions.models import Session, SessionState
from handrail.domain.matching import Standing, next_hosts
from handrail.domain.scheduling import ARTIFACT_MINUTES, Asked, Diary, cell_at, why_not

LOOKED_BACK = timedelta(weeks=8)
GIVEN = (
    SessionState.SCHEDULED,
    SessionState.RUNNING,
    SessionState.AWAITING_ARTIFACT,
    SessionState.CLOSED,
)


def mentors_of(program: Program, now: datetime) -> list[Person]:
    """The mentors who take part and are here now: the pool."""
    return list(mentors_here(program, day_in(program, now)).order_by("pk"))


def lock_in_order(ids: Iterable[int]) -> None:
    """Lock these people in ascending id: all at once, so that nobody waits for us half-way."""
    found = Person.objects.select_for_update().filter(pk__in=set(ids)).order_by("pk")
    list(found.values_list("pk"))


def turns_held(rota: Rota) -> Counter[int]:
    """How many turns each person holds or has held; one that moved on counts for who took it."""
    turns = Turn.objects.filter(slot__rota=rota, state=TurnState.PLANNED, host__isnull=False)
    return Counter(host for host in turns.values_list("host_id", flat=True) if host is not None)


def accounts(rota: Rota, mentors: Sequence[Person]) -> dict[int, int]:
    """Each mentor's turns so far, newcomers as if they had had the median of the others.

    Who comes newly into the rota is written down, with what they start from; who has left it and
    comes back starts anew.
    """
    held = turns_held(rota)
    here = {person.pk for person in mentors}
    RotaMember.objects.filter(rota=rota).exclude(person_id__in=here).delete()
    bases = dict(RotaMember.objects.filter(rota=rota).values_list("person_id", "base"))
    found = {pk: base + held[pk] for pk, base in bases.items()}
    middle = median_low(found.values()) if found else 0
    new = [
        RotaMember(
            organization_id=rota.organization_id,
            rota=rota,
            person=person,
            base=middle - held[person.pk],
        )
        for person in mentors
        if person.pk not in bases
    ]
    RotaMember.objects.bulk_create(new)
    return found | {member.person_id: member.base + held[member.person_id] for member in new}


def standing(rota: Rota, mentors: Sequence[Person]) -> dict[int, int]:
    """`accounts` for a page: nothing is written."""
    held = turns_held(rota)
    bases = dict(RotaMember.objects.filter(rota=rota).values_list("person_id", "base"))
    return {person.pk: bases.get(person.pk, 0) + held[person.pk] for person in mentors}


def who_can(
    blocks: Sequence[tuple[datetime, datetime]],
    mentors: Sequence[Person],
    program: Program,
    *,
    now: datetime,
) -> list[set[int]]:
    """For each block the mentors who are free all through it and have minutes left in its week."""
    if not blocks or not mentors:
        return [set() for _block in blocks]
    first, last = min(start for start, _end in blocks), max(end for _start, end in blocks)
    diaries = read_diaries(mentors, first, last, now=now, hosts=mentors)
    return [
        {pk for pk, diary in diaries.items() if _can(diary, start, end, program, now)}
        for start, end in blocks
    ]


def _can(diary: Diary, start: datetime, end: datetime, program: Program, now: datetime) -> bool:
    cell = cell_at(start)
    whole = int((end - start).total_seconds() // 60) - ARTIFACT_MINUTES
    asked = Asked(cell, 1, now, program.session_minutes, 0, program.daily_cap)
    if why_not(diary, asked, cell) is not None:
        return False
    # The block itself gives no minutes: only what is booked in it does.
    alone = Diary(
        diary.hours,
        diary.paused_until,
        diary.busy,
        diary.taken,
        diary.buffer_before,
        diary.buffer_after,
    )
    return why_not(alone, Asked(cell, 1, now, whole), cell) is None


def in_order(
    rota: Rota, able: Sequence[Person], turn: str, *, now: datetime
) -> list[tuple[Person, dict[str, object]]]:
    """Who is asked first to take a turn: the fewest turns, then the least time given; with why."""
    levels = accounts(rota, mentors_of(rota.program, now))
    given = minutes_given(rota, now)
    people = {str(person.public_id): person for person in able}
    pool = [
        Standing(key, given[person.pk] if levels.get(person.pk) else None)
        for key, person in people.items()
    ]
    order = next_hosts(pool, seed=rota.program.seed, request=turn)
    ranked = [(people[one.person], one.reason.document()) for one in order]
    return sorted(ranked, key=lambda row: levels.get(row[0].pk, 0))


def minutes_given(rota: Rota, now: datetime) -> Counter[int]:
    """Session minutes each mentor has given in these office hours over the last eight weeks.

    A mentee who did not come never counts against the mentor; whether that time counts as given
    is a rule of the rota.
    """
    sessions = Session.objects.filter(
        program_id=rota.program_id,
        booking__starts_at__gte=now - LOOKED_BACK,
        booking__seats__role=SeatRole.MENTOR,
    )
    counted: Counter[int] = Counter()
    for host, minutes in sessions.filter(state__in=GIVEN).values_list(
        "booking__host_id", "minutes"
    ):
        counted[host] += minutes
    if rota.lost_time_counts:
        lost = sessions.filter(
            state=SessionState.NOT_HELD, booking__seats__attendance=Attendance.ATTENDED
        )
        for host, minutes in lost.values_list("booking__host_id", "minutes"):
            counted[host] += minutes
    return counted
