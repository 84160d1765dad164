"""Questions about sessions; notes and texts are for the two people alone."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from handrail.apps.calendars.models import Attendance, Seat, SeatRole
from handrail.apps.calendars.seating import COMING
from handrail.apps.organizations.refusals import NotAllowed, NotFound
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.people.models import Person
from handrail.apps.programs.models import (
    Enrolment,
    EnrolmentRole,
    Program,
    ProgramModel,
    ProgramStatus,
)
from handrail.apps.programs.objectives import needed
from handrail.apps.programs.queries import led_programs, may_run, require_run
from handrail.apps.sessions.company import clock_of, coming, names_of
from handrail.apps.sessions.models import Session, SessionState
from handrail.apps.sessions.states import CORRECTIONS

OPEN = (SessionState.SCHEDULED, SessionState.RUNNING, SessionState.AWAITING_ARTIFACT)
COUNTED = (*OPEN, SessionState.CLOSED)


@dataclass(frozen=True, slots=True)
class SessionCard:
    """A session as one of its people meets it in a list."""

    session: Session
    starts_at: datetime
    ends_at: datetime
    me: Person
    other: Person  # whose clock stands beside one's own
    with_whom: str  # in a few words: a name, or a group
    my_role: str
    done: int  # ticked lines of the checklist
    lines: int

    @property
    def may_move(self) -> bool:
        """Whether its time is this person's to move: a group's is its mentor's.

        A time in office hours is its visitor's: whoever holds the turn hands that on.
        """
        if self.session.booking.within_id is not None:
            return self.my_role != SeatRole.MENTOR
        return self.my_role == SeatRole.MENTOR or self.session.booking.capacity == 1


@dataclass(frozen=True, slots=True)
class ProgramPulse:
    """Whether a program is running, in counts; never a word of what people wrote."""

    program: Program
    mentees: int
    states: dict[str, int]
    attendance: dict[str, int]  # of seats in sessions that are over
    without_session: int  # mentees with nothing booked, held or awaited

    @property
    def held(self) -> int:
        """Sessions that took place."""
        return sum(
            self.states.get(state, 0)
            for state in (
                SessionState.RUNNING,
                SessionState.AWAITING_ARTIFACT,
                SessionState.CLOSED,
            )
        )


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One next step: `set-objective` or `book`, in a program."""

    code: str
    program: Program


@dataclass(frozen=True, slots=True)
class Today:
    """What a person finds after signing in."""

    next: SessionCard | None
    upcoming: list[SessionCard] = field(default_factory=list)
    to_write: list[SessionCard] = field(default_factory=list)
    suggestion: Suggestion | None = None
    led: list[ProgramPulse] = field(default_factory=list)


def _with_people(sessions: QuerySet[Session]) -> QuerySet[Session]:
    return sessions.select_related("booking", "program").prefetch_related(
        Prefetch("booking__seats", Seat.objects.select_related("person").order_by("n"))
    )


def is_correctable(session: Session, now: datetime) -> bool:
    """Whether a lead can still correct who was there: up to 24 hours after the end."""
    ends_at = session.booking.starts_at + timedelta(minutes=session.minutes)
    return now <= max(ends_at, session.ended_at or ends_at) + CORRECTIONS


def session_for(viewer: Viewer, public_id: UUID) -> Session:
    """The session for its two people, and for who runs its program; NotFound for all others.

    A lead learns that it exists: state, times, attendance, objective. `room` is for the two.
    """
    session = _with_people(Session.objects.filter(public_id=public_id)).first()
    if session is None or not viewer.may("sessions:read"):
        raise NotFound(_("There is no such session."))
    if not is_own(viewer, session) and not may_run(viewer, session.program):
        raise NotFound(_("There is no such session."))
    return session


def my_sessions(viewer: Viewer, now: datetime) -> QuerySet[Session]:
    """The viewer's own sessions, the latest start first."""
    return _with_people(_mine(viewer)).order_by("-booking__starts_at", "-pk")


def sessions_of_program(viewer: Viewer, program: Program) -> QuerySet[Session]:
    """All sessions of a program for those who run it, in the order of their start."""
    require_run(viewer, program, "sessions:read")
    return _with_people(Session.objects.filter(program=program)).order_by(
        "booking__starts_at", "pk"
    )


def is_own(viewer: Viewer, session: Session) -> bool:
    """Whether the viewer is one of the people of the session."""
    return viewer.person_id is not None and any(
        seat.person_id == viewer.person_id for seat in coming(session, session.booking.seats.all())
    )


def people_of(session: Session) -> list[Person]:
    """Who sits in a session whose seats are fetched already, the mentor first."""
    return [seat.person for seat in coming(session, session.booking.seats.all())]


def with_whom(viewer: Viewer, session: Session) -> str:
    """Whom the viewer meets in a session whose seats are fetched already, in a few words."""
    seats = coming(session, session.booking.seats.all())
    mine = next((seat for seat in seats if seat.person_id == viewer.person_id), None)
    return names_of(seats, mine)


def today(viewer: Viewer, now: datetime) -> Today:
    """What comes next for the viewer: a session, an artifact to write, one suggestion."""
    own = list(
        _with_people(_mine(viewer).filter(state__in=OPEN))
        .annotate(
            lines=Count("checklist"), done=Count("checklist", filter=~Q(checklist__ticked_at=None))
        )
        .order_by("booking__starts_at", "pk")
    )
    ahead, to_write = [], []
    for session in own:
        card = _card(viewer, session)
        if _is_over(session, now):
            to_write.append(card)
        else:
            ahead.append(card)
    # A scheduled session whose time passed unnoticed waits for the clock, not for the person.
    to_write = [card for card in to_write if card.session.state != SessionState.SCHEDULED]
    return Today(
        next=ahead[0] if ahead else None,
        upcoming=ahead[1:],
        to_write=to_write,
        suggestion=None if ahead or to_write else _suggestion(viewer, now),
        led=[program_pulse(viewer, program) for program in led_programs(viewer)],
    )


def program_pulse(viewer: Viewer, program: Program) -> ProgramPulse:
    """Counts of a program's sessions, for those who run it."""
    require_run(viewer, program, "sessions:read")
    states = Counter(
        dict(
            Session.objects.filter(program=program)
            .values_list("state")
            .annotate(Count("pk"))
            .order_by("state")
        )
    )
    over = (SessionState.AWAITING_ARTIFACT, SessionState.CLOSED, SessionState.NOT_HELD)
    attendance = Counter(
        dict(
            Seat.objects.filter(
                Q(booking__session__state__in=over)
                | Q(
                    booking__session__state=SessionState.CANCELLED,
                    attendance=Attendance.LATE_CANCELLED,
                ),
                booking__session__program=program,
            )
            .values_list("attendance")
            .annotate(Count("pk"))
            .order_by("attendance")
        )
    )
    mentees = Enrolment.objects.filter(program=program, role=EnrolmentRole.MENTEE, left_at=None)
    with_session = Seat.objects.filter(
        booking__session__program=program,
        booking__session__state__in=COUNTED,
        role=SeatRole.MENTEE,
    ).values("person_id")
    return ProgramPulse(
        program=program,
        mentees=mentees.count(),
        states={str(state): states.get(state, 0) for state in SessionState.values},
        attendance={str(kind): attendance.get(kind, 0) for kind in Attendance.values},
        without_session=mentees.exclude(person_id__in=with_session).count(),
    )


def sessions_left(program: Program, mentee: Person) -> int:
    """How many more sessions of the program the mentee may book."""
    booked = Session.objects.filter(
        program=program,
        state__in=COUNTED,
        booking__seats__person=mentee,
        booking__seats__role=SeatRole.MENTEE,
    ).count()
    return max(0, program.sessions_per_mentee - booked)


def _mine(viewer: Viewer) -> QuerySet[Session]:
    if not viewer.may("sessions:read"):
        raise NotAllowed(_("This key may not read sessions."))
    if viewer.person_id is None:
        return Session.objects.none()
    # Of a group, who gave their seat back late does not come; a cancelled session shows as that.
    there = Q(booking__seats__attendance__in=COMING) | Q(state=SessionState.CANCELLED)
    return Session.objects.filter(there, booking__seats__person_id=viewer.person_id)


def _card(viewer: Viewer, session: Session) -> SessionCard:
    seats = coming(session, session.booking.seats.all())
    mine = next(seat for seat in seats if seat.person_id == viewer.person_id)
    return SessionCard(
        session=session,
        starts_at=session.started_at or session.booking.starts_at,
        ends_at=(session.started_at or session.booking.starts_at)
        + timedelta(minutes=session.minutes),
        me=mine.person,
        other=clock_of(seats, mine),
        with_whom=names_of(seats, mine),
        my_role=mine.role,
        done=getattr(session, "done", 0),
        lines=getattr(session, "lines", 0),
    )


def _is_over(session: Session, now: datetime) -> bool:
    if session.state == SessionState.AWAITING_ARTIFACT:
        return True
    begins = session.started_at or session.booking.starts_at
    return begins + timedelta(minutes=session.minutes) <= now


def _suggestion(viewer: Viewer, now: datetime) -> Suggestion | None:
    if viewer.person_id is None:
        return None
    enrolments = (
        Enrolment.objects.filter(
            person_id=viewer.person_id,
            role=EnrolmentRole.MENTEE,
            left_at=None,
            program__status=ProgramStatus.RUNNING,
        )
        .exclude(program__model=ProgramModel.PROJECT)  # its check-ins are booked by themselves
        .exclude(program__model=ProgramModel.COHORT)  # the group's sessions come by themselves
        .select_related("program", "person")
        .annotate(objectives_set=Count("objectives"))
        .order_by("program__starts_on", "pk")
    )
    for enrolment in enrolments:
        if enrolment.objectives_set < needed(enrolment.program):
            return Suggestion("set-objective", enrolment.program)
        if sessions_left(enrolment.program, enrolment.person):
            return Suggestion("book", enrolment.program)
    return None
