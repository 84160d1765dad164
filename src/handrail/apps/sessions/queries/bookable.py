"""Whom a mentee may book in a program, and when."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from handrail.apps.calendars.models import SeatRole
from handrail.apps.calendars.queries import free_starts, who_blocks
from handrail.apps.calendars.wording import code_of, sentence_of
from handrail.apps.matches.models import DecisionKind, PairDecision
from handrail.apps.matches.parting import excluded_in
from handrail.apps.organizations.refusals import Invalid
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.people.models import Person
from handrail.apps.programs.models import Objective, Program
from handrail.apps.programs.objectives import objectives_of
from handrail.apps.programs.queries import current_objective, day_in, mentors_here, program_for
from handrail.apps.sessions.company import coming, is_group
from handrail.apps.sessions.models import Session
from handrail.apps.sessions.queries.lists import COUNTED

DAYS_AHEAD = 14
ASKED = 10  # mentors whose times are looked up before a page is shown


@dataclass(frozen=True, slots=True)
class BookableMentor:
    """A mentor of the program whom this mentee may book, and what they are strong at."""

    person: Person
    skill: str  # of the mentee's objective or wants, where the mentor offers one of them
    level: int


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a time does not suit somebody, as a code and in words for the one who asks."""

    person: Person
    code: str
    text: str


def mentors_to_book(
    viewer: Viewer, program: Program, mentee: Person, *, now: datetime
) -> list[BookableMentor]:
    """The mentors whom `book` would not refuse for who they are, once they have begun here.

    Who offers the objective's skill comes first, then by the mentee's wants, the strongest first.
    """
    program_for(viewer, program.public_id)
    excluded = excluded_in(program)
    forbidden = set(
        PairDecision.objects.filter(
            program=program, mentee=mentee, kind=DecisionKind.FORBID
        ).values_list("mentor_id", flat=True)
    )
    objective = next_objective(program, mentee)
    wanted = [objective.skill_id] if objective and objective.skill_id else []
    wanted += mentee.wants.order_by("priority").values_list("skill_id", flat=True)
    mentors = (
        mentors_here(program, day_in(program, now))
        .exclude(pk__in=forbidden | {mentee.pk})
        .prefetch_related("offers__skill")
    )
    found = []
    for mentor in mentors:
        if excluded.get((mentee.pk, mentor.pk), "recent") != "recent":
            continue
        offers = {offer.skill_id: offer for offer in mentor.offers.all()}
        rank = next((n for n, skill in enumerate(wanted) if skill in offers), len(wanted))
        best = offers[wanted[rank]] if rank < len(wanted) else None
        option = BookableMentor(mentor, best.skill.name if best else "", best.level if best else 0)
        found.append((rank, -option.level, mentor.name, mentor.pk, option))
    return [option for *_order, option in sorted(found, key=lambda row: row[:4])]


def next_objective(program: Program, mentee: Person, *, skill: str = "") -> Objective | None:
    """What the mentee's next session is for.

    Where the program counts objectives: one of this skill, then the one with the fewest sessions,
    then the first. Otherwise the latest that was written.
    """
    if not program.objectives_per_mentee:
        return current_objective(program, mentee)
    used = Counter(
        Session.objects.filter(
            program=program,
            booking__seats__person=mentee,
            booking__seats__role=SeatRole.MENTEE,
            state__in=COUNTED,
        ).values_list("objective", flat=True)
    )

    def rank(objective: Objective) -> tuple[bool, int, int]:
        suits = bool(skill and objective.skill and objective.skill.name == skill)
        return not suits, used[objective.text], objective.position

    return min(objectives_of(program, mentee), key=rank, default=None)


def first_with_times(
    program: Program, mentee: Person, mentors: list[BookableMentor], *, now: datetime
) -> Person | None:
    """The first of the first few mentors who has a time free for both; else simply the first."""
    for option in mentors[:ASKED]:
        if times_to_book(program, mentee, option.person, now=now):
            return option.person
    return mentors[0].person if mentors else None


def times_to_book(
    program: Program,
    mentee: Person,
    mentor: Person,
    *,
    now: datetime,
) -> list[datetime]:
    """The starts of the next two weeks, within the program, at which both are free."""
    first, after = days_open(program, mentee)
    start = max(now, first)
    return free_starts(
        [mentor, mentee],
        start,
        min(start + timedelta(days=DAYS_AHEAD), after),
        program.session_minutes,
        now=now,
        min_notice=program.min_notice_minutes,
        host=mentor,
        daily_cap=program.daily_cap,
    )


def times_to_move(session: Session, *, now: datetime) -> list[datetime]:
    """The other starts of the next two weeks at which everybody in a session is free.

    Its seats are fetched already; the mentor sits first.
    """
    program, booking = session.program, session.booking
    people = [seat.person for seat in coming(session, booking.seats.all())]
    zone = booking.timezone if is_group(session) else people[-1].timezone
    first, after = _days_open(program, zone)
    start = max(now, first)
    free = free_starts(
        people,
        start,
        min(start + timedelta(days=DAYS_AHEAD), after),
        session.minutes,
        now=now,
        min_notice=program.min_notice_minutes,
        without_booking=session.booking_id,
        host=people[0],
        daily_cap=program.daily_cap,
    )
    return [one for one in free if one != booking.starts_at]


def why_not_then(
    viewer: Viewer,
    program: Program,
    mentee: Person,
    mentor: Person,
    starts_at: datetime,
    *,
    now: datetime,
) -> list[Reason]:
    """Why the two cannot start at a moment, by the masks that make the free times; empty: free.

    Whose time it is learns more than others do.
    """
    if starts_at.timestamp() % 300:
        raise Invalid(
            _("A session starts on five minutes."),
            fields={"starts_at": _("Write a time such as 10:00 or 10:05.")},
        )
    first, after = days_open(program, mentee)
    if not first <= starts_at < after:
        text = _("This program runs from %(first)s to %(last)s.")
        days = {"first": program.starts_on.isoformat(), "last": program.ends_on.isoformat()}
        return [Reason(mentee, "program", text % days)]
    blocked = who_blocks(
        [mentor, mentee],
        starts_at,
        program.session_minutes,
        now=now,
        min_notice=program.min_notice_minutes,
        host=mentor,
        daily_cap=program.daily_cap,
    )
    found: dict[str, Reason] = {}
    for one in blocked:
        own = one.person.pk == viewer.person_id
        reason = Reason(one.person, code_of(one, own=own), sentence_of(one, own=own))
        found.setdefault(reason.text, reason)  # "too close" is said once, not of each
    return list(found.values())


def days_open(program: Program, mentee: Person) -> tuple[datetime, datetime]:
    """The UTC moments between which the program's days lie, which are local to its mentees."""
    return _days_open(program, mentee.timezone)


def _days_open(program: Program, name: str) -> tuple[datetime, datetime]:
    zone = ZoneInfo(name)
    first = datetime.combine(program.starts_on, time(), zone)
    after = datetime.combine(program.ends_on + timedelta(days=1), time(), zone)
    return first.astimezone(UTC), after.astimezone(UTC)
