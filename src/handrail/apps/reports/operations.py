"""The weekly operations page of a program: five minutes a week for who runs it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Min

from handrail.apps.calendars.ledger import local_midnight
from handrail.apps.calendars.models import SeatRole
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.people.models import Person
from handrail.apps.programs.models import Enrolment, EnrolmentRole, Program, ProgramModel
from handrail.apps.programs.queries import require_run
from handrail.apps.projects.queries import Missed, missed_in
from handrail.apps.reports.endings import ending_of
from handrail.apps.requests.models import Ask, AskAnswer, MentoringRequest, RequestState
from handrail.apps.sessions.models import Session, SessionState
from handrail.domain.evidence.operations import (
    Asked,
    Planned,
    Rate,
    Week,
    left_out,
    load,
    repeat_booking,
    week_of,
)

WEEKS_BEFORE = 7  # beside the one that is looked at
NOT_OVER = (SessionState.SCHEDULED, SessionState.RUNNING)


@dataclass(frozen=True, slots=True)
class MentorLoad:
    """What one mentor gives in the program: this week, and over the four weeks up to it."""

    mentor: Person
    this_week: int
    four_weeks: int


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A mentee with nothing ahead and nothing held for two weeks, or for whom nobody was found."""

    mentee: Person
    since: datetime
    nobody_found: bool


@dataclass(frozen=True, slots=True)
class Operations:
    """One week of a program, the weeks before it, and what to do about it."""

    program: Program
    monday: date
    week: Week
    before: list[Week]  # the newest first
    repeat: Rate
    load: list[MentorLoad]
    left_out: list[LeftOut]
    missed: list[Missed]  # projects with a check-in missed in the week

    @property
    def line(self) -> float:
        """The completion under which a week is flagged, as a fraction."""
        return self.program.completion_line / 100

    @property
    def is_below(self) -> bool:
        """Whether this week's completion lies under the program's line."""
        return self.week.completed.below(self.line)


def operations(viewer: Viewer, program: Program, *, monday: date, now: datetime) -> Operations:
    """The operations of a week, its days in the organisation's zone, for who runs the program."""
    require_run(viewer, program, "reports:read")
    monday -= timedelta(days=monday.weekday())
    sessions, asks = _planned(program), _asked(program)
    weeks = [
        _week(program, monday - timedelta(weeks=back), sessions, asks, now)
        for back in range(WEEKS_BEFORE + 1)
    ]
    people = {
        str(person.pk): person
        for person in Person.objects.filter(enrolments__program=program).distinct()
    }
    return Operations(
        program=program,
        monday=monday,
        week=weeks[0],
        before=[week for week in weeks[1:] if _is_of(program, week)],
        repeat=repeat_booking(sessions),
        load=_load(program, sessions, weeks, people),
        left_out=_left_out(program, sessions, people, now),
        missed=missed_in(viewer, program, weeks[0].start, weeks[0].end)
        if program.model == ProgramModel.PROJECT
        else [],
    )


def _is_of(program: Program, week: Week) -> bool:
    """Whether the program ran on a day of this week at all."""
    zone = ZoneInfo(program.organization.timezone)
    return week.end.astimezone(zone).date() > program.starts_on


def this_monday(viewer: Viewer, now: datetime) -> date:
    """The Monday of the week that it is in the organisation's zone."""
    today = now.astimezone(ZoneInfo(viewer.organization.timezone)).date()
    return today - timedelta(days=today.weekday())


def _week(
    program: Program, monday: date, sessions: list[Planned], asks: list[Asked], now: datetime
) -> Week:
    zone = program.organization.timezone
    start, end = local_midnight(zone, monday), local_midnight(zone, monday + timedelta(days=7))
    within = timedelta(hours=program.reply_line_hours)
    return week_of(sessions, asks, start, end, now=now, reply_within=within)


def _planned(program: Program) -> list[Planned]:
    sessions = (
        Session.objects.filter(program=program)
        .select_related("booking", "program")
        .prefetch_related("booking__seats")
        .order_by("booking__starts_at", "pk")
    )
    return [
        Planned(
            starts_at=session.booking.starts_at,
            mentor=str(session.booking.host_id),
            mentees=tuple(
                str(seat.person_id)
                for seat in session.booking.seats.all()
                if seat.role == SeatRole.MENTEE
            ),
            ending=None if session.state in NOT_OVER else ending_of(session),
            artifact=session.state == SessionState.CLOSED,
        )
        for session in sessions
    ]


def _asked(program: Program) -> list[Asked]:
    asks = (
        Ask.objects.filter(request__program=program)
        .annotate(question_at=Min("messages__written_at"))
        .order_by("asked_at", "pk")
    )
    found = []
    for ask in asks:
        replied = (
            ask.answered_at if ask.answer in (AskAnswer.ACCEPTED, AskAnswer.DECLINED) else None
        )
        # The first message of an ask is the mentor's question: a reply as good as any.
        replies = [moment for moment in (replied, ask.question_at) if moment is not None]
        taken_back = ask.answered_at if ask.answer == AskAnswer.WITHDRAWN else None
        found.append(Asked(ask.asked_at, min(replies, default=None), taken_back))
    return found


def _load(
    program: Program, sessions: list[Planned], weeks: list[Week], people: dict[str, Person]
) -> list[MentorLoad]:
    mentors = Enrolment.objects.filter(
        program=program, role=EnrolmentRole.MENTOR, left_at=None
    ).values_list("person_id", flat=True)
    now = load(sessions, weeks[0].start, weeks[0].end)
    lately = load(sessions, weeks[3].start, weeks[0].end)
    found = [
        MentorLoad(people[name], now.get(name, 0), lately.get(name, 0))
        for name in map(str, mentors)
    ]
    return sorted(found, key=lambda row: (-row.this_week, -row.four_weeks, row.mentor.name))


def _left_out(
    program: Program, sessions: list[Planned], people: dict[str, Person], now: datetime
) -> list[LeftOut]:
    joined = {
        str(person_id): joined_at
        for person_id, joined_at in Enrolment.objects.filter(
            program=program, role=EnrolmentRole.MENTEE, left_at=None
        ).values_list("person_id", "joined_at")
    }
    nobody: dict[str, datetime] = {}
    latest: dict[str, str] = {}
    requests = MentoringRequest.objects.filter(program=program).order_by("created_at", "pk")
    for mentee_id, state, created_at in requests.values_list("mentee_id", "state", "created_at"):
        latest[str(mentee_id)] = state
        nobody[str(mentee_id)] = created_at
    ahead = {mentee for one in sessions if one.ending is None for mentee in one.mentees}
    quiet = dict(left_out(joined, sessions, now=now))
    for mentee, state in latest.items():
        if state == RequestState.NOBODY and mentee in joined and mentee not in ahead:
            quiet.setdefault(mentee, nobody[mentee])
    rows = [
        LeftOut(people[mentee], since, latest.get(mentee) == RequestState.NOBODY)
        for mentee, since in quiet.items()
    ]
    return sorted(rows, key=lambda row: (row.since, row.mentee.name))
