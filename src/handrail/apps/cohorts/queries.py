"""Questions about intakes and cohorts; who opted out is told to nobody but the person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from handrail.apps.calendars.models import Seat
from handrail.apps.cohorts.actions.access import local_day
from handrail.apps.cohorts.actions.starting import members_of
from handrail.apps.cohorts.line import line_of
from handrail.apps.cohorts.models import (
    FEWEST,
    WEEKS,
    Cohort,
    CohortState,
    HoldState,
    Intake,
    IntakeState,
    Meeting,
    Place,
    SeatHold,
)
from handrail.apps.cohorts.successors import successors_of
from handrail.apps.cohorts.times import Moves, Times, moves_of, times_for
from handrail.apps.organizations.refusals import NotFound
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.people.models import Person
from handrail.apps.programs.models import Program
from handrail.apps.programs.queries import may_run, require_run
from handrail.apps.sessions.company import coming
from handrail.apps.sessions.models import SessionState


@dataclass(frozen=True, slots=True)
class Group:
    """One of an intake's cohorts with its people."""

    cohort: Cohort
    members: list[Place]

    @property
    def is_small(self) -> bool:
        """Whether it has people, but fewer than a cohort works with."""
        return 0 < len(self.members) < FEWEST


@dataclass(frozen=True, slots=True)
class IntakePage:
    """An intake as who runs its program sees it."""

    intake: Intake
    window: str  # "before", "open", "closed"
    seated: list[Place]
    held: list[SeatHold]
    queue: list[Place | SeatHold]
    seats: int
    groups: list[Group]

    @property
    def waiting(self) -> list[Place]:
        """The people on the waiting list, in order."""
        return [one for one in self.queue if isinstance(one, Place)]

    @property
    def holds(self) -> list[SeatHold]:
        """Every seat that is held or waits to be, in order."""
        return self.held + [one for one in self.queue if isinstance(one, SeatHold)]

    @property
    def is_formed(self) -> bool:
        return any(place.cohort_id for place in self.seated)

    @property
    def loose(self) -> list[Place]:
        """Who is in and in no group yet, although there are groups."""
        return [place for place in self.seated if not place.cohort_id] if self.is_formed else []

    @property
    def is_small(self) -> bool:
        """Whether so few are in that no cohort works: five of six, say."""
        return len(self.seated) < FEWEST

    @property
    def fewest(self) -> int:
        return FEWEST


@dataclass(frozen=True, slots=True)
class OwnPlace:
    """A person's own place: in, waiting on which number, offered a seat, or out."""

    place: Place
    state: str  # "in", "waiting", "offered", "out", "member", "left", "passed", "over"
    number: int = 0  # on the waiting list


@dataclass(frozen=True, slots=True)
class Week:
    """One of a cohort's meetings: when, who is not there, whose own time moves."""

    meeting: Meeting
    starts_at: datetime
    has_moved: bool
    misses: list[Person]
    moves: list[Moves]
    has_seat: bool  # the reader
    may_come: bool  # the reader, who has no seat
    state: str


@dataclass(frozen=True, slots=True)
class CohortPage:
    """A cohort for its mentor, its members and who runs it."""

    cohort: Cohort
    members: list[Place]
    weeks: list[Week]
    tail: list[Week]
    mine: Place | None
    is_mentor: bool
    runs_it: bool
    successors: list[Person]  # for who runs it, where the group needs another mentor


def intakes_of(viewer: Viewer, program: Program) -> QuerySet[Intake]:
    """The intakes of a program for who runs it, newest first."""
    require_run(viewer, program, "programs:read")
    return Intake.objects.filter(program=program).select_related("program", "organization")


def intake_for(viewer: Viewer, public_id: UUID) -> Intake:
    """An intake for who runs its program, mentors in it or has a place; else NotFound."""
    intake = (
        Intake.objects.select_related("program", "organization").filter(public_id=public_id).first()
    )
    if intake is None or not viewer.may("programs:read"):
        raise NotFound(_("There is no such intake."))
    own = viewer.person_id is not None and (
        Place.objects.filter(intake=intake, person_id=viewer.person_id).exists()
        or Cohort.objects.filter(intake=intake, mentor_id=viewer.person_id).exists()
    )
    if not own and not may_run(viewer, intake.program):
        raise NotFound(_("There is no such intake."))
    return intake


def intake_page(viewer: Viewer, intake: Intake, now: datetime) -> IntakePage:
    """Who is in, who waits and which groups there are, for who runs the program."""
    require_run(viewer, intake.program, "programs:read")
    line = line_of(intake)
    today = local_day(intake, now)
    window = "open" if today <= intake.closes_on else "closed"
    if today < intake.opens_on:
        window = "before"
    groups = [
        Group(cohort, members_of(cohort))
        for cohort in Cohort.objects.filter(intake=intake)
        .exclude(state=CohortState.CALLED_OFF)
        .select_related("mentor", "intake__program")
    ]
    return IntakePage(intake, window, line.seated, line.held, line.queue, line.seats, groups)


def own_place(viewer: Viewer, intake: Intake) -> OwnPlace | None:
    """The viewer's own place in an intake, if they have one."""
    if viewer.person_id is None:
        return None
    place = (
        Place.objects.filter(intake=intake, person_id=viewer.person_id)
        .select_related("intake__program", "intake__organization", "cohort__mentor")
        .select_related("person", "offered__mentor")
        .first()
    )
    return _own(place) if place else None


def own_places(viewer: Viewer) -> list[OwnPlace]:
    """Where the viewer is in, waits or is offered a seat: what Today shows."""
    if viewer.person_id is None:
        return []
    live = Q(intake__state=IntakeState.OPEN) | Q(
        cohort__state__in=(CohortState.RUNNING, CohortState.TAIL)
    )
    places = (
        Place.objects.filter(
            live | Q(offered_until__isnull=False), person_id=viewer.person_id, left_at=None
        )
        .select_related("intake__program", "intake__organization", "cohort__mentor")
        .select_related("person", "offered__mentor")
    )
    found = [_own(place) for place in places.order_by("pk")]
    return [one for one in found if one.state not in ("out", "over", "passed")]


def groups_led(viewer: Viewer) -> list[Cohort]:
    """The cohorts that the viewer mentors and that are not over."""
    if viewer.person_id is None:
        return []
    states = (CohortState.FORMING, CohortState.RUNNING, CohortState.TAIL)
    cohorts = Cohort.objects.filter(mentor_id=viewer.person_id, state__in=states)
    return list(cohorts.select_related("intake__program").order_by("pk"))


def _own(place: Place) -> OwnPlace:
    if place.opted_out_at is not None:
        return OwnPlace(place, "out")
    if place.left_at is not None:
        return OwnPlace(place, "left")
    if place.offered_id is not None:
        return OwnPlace(place, "offered")
    if place.cohort is not None and place.cohort.state != CohortState.FORMING:
        return OwnPlace(place, "member")
    if place.intake.state == IntakeState.CALLED_OFF:
        return OwnPlace(place, "over")
    number = line_of(place.intake).number_of(place)
    return OwnPlace(place, "waiting", number) if number else OwnPlace(place, "in")


def cohort_for(viewer: Viewer, public_id: UUID) -> Cohort:
    """A cohort for its mentor, its members and who runs its program; else NotFound."""
    cohort = (
        Cohort.objects.select_related("mentor", "intake__program", "intake__organization")
        .filter(public_id=public_id)
        .first()
    )
    if cohort is None or not viewer.may("programs:read"):
        raise NotFound(_("There is no such cohort."))
    inside = viewer.person_id is not None and (
        cohort.mentor_id == viewer.person_id or member_of(viewer, cohort) is not None
    )
    if not inside and not may_run(viewer, cohort.intake.program):
        raise NotFound(_("There is no such cohort."))
    return cohort


def member_of(viewer: Viewer, cohort: Cohort) -> Place | None:
    """The viewer's own place in a cohort they are in."""
    if viewer.person_id is None:
        return None
    places = Place.objects.filter(cohort=cohort, opted_out_at=None, left_at=None)
    return (
        places.select_related("person", "intake__program", "cohort")
        .filter(person_id=viewer.person_id)
        .first()
    )


def place_for(viewer: Viewer, intake: Intake, person: UUID) -> Place:
    """One person's place for who runs the program; who opted out is not there."""
    require_run(viewer, intake.program, "programs:read")
    place = (
        Place.objects.filter(intake=intake, person__public_id=person, opted_out_at=None)
        .select_related("intake__program", "person", "cohort")
        .first()
    )
    if place is None:
        raise NotFound(_("There is no such place."))
    return place


def hold_for(viewer: Viewer, intake: Intake, public_id: UUID) -> SeatHold:
    """One held seat for who runs the program."""
    require_run(viewer, intake.program, "programs:read")
    hold = (
        SeatHold.objects.filter(intake=intake, public_id=public_id, state=HoldState.HELD)
        .select_related("intake__program", "intake__organization")
        .first()
    )
    if hold is None:
        raise NotFound(_("This seat is not held any more."))
    return hold


def times_of(viewer: Viewer, cohort: Cohort, now: datetime) -> Times:
    """When a group that is being formed could meet, for who runs the program."""
    require_run(viewer, cohort.intake.program, "programs:read")
    if cohort.state != CohortState.FORMING:
        return Times([], [], apart=False)
    return times_for(cohort, [place.person for place in members_of(cohort)], now=now)


def cohort_page(viewer: Viewer, cohort: Cohort, now: datetime) -> CohortPage:
    """The cohort's people and weeks as this viewer may see them.

    Who has not begun here is known to who runs the program, and to nobody else.
    """
    runs_it = may_run(viewer, cohort.intake.program)
    today = local_day(cohort.intake, now)
    members = [
        place
        for place in members_of(cohort)
        if runs_it or place.started_on <= today or place.person_id == viewer.person_id
    ]
    people = [place.person for place in members]
    meetings = list(
        Meeting.objects.filter(cohort=cohort)
        .select_related("session__booking")
        .prefetch_related(
            Prefetch("session__booking__seats", Seat.objects.select_related("person"))
        )
    )
    planned = [meeting.planned_at for meeting in meetings]
    moves = moves_of([cohort.mentor, *people], planned)
    weeks = []
    for at, meeting in enumerate(meetings):
        own = [one for one in moves if one.shift.index == at]
        weeks.append(_week(viewer, meeting, people, own, now))
    return CohortPage(
        cohort=cohort,
        members=members,
        weeks=[week for week in weeks if week.meeting.number <= WEEKS],
        tail=[week for week in weeks if week.meeting.number > WEEKS],
        mine=next((place for place in members if place.person_id == viewer.person_id), None),
        is_mentor=viewer.person_id == cohort.mentor_id,
        runs_it=runs_it,
        successors=successors_of(cohort, now) if runs_it and cohort.wants_mentor_since else [],
    )


def _week(
    viewer: Viewer, meeting: Meeting, people: list[Person], moves: list[Moves], now: datetime
) -> Week:
    session = meeting.session
    if session is None or session.state == SessionState.CANCELLED:
        state = "none" if session is None else str(session.state)
        return Week(meeting, meeting.planned_at, False, [], moves, False, False, state)
    booking = session.booking
    there = {seat.person_id for seat in coming(session, booking.seats.all())}
    has_seat = viewer.person_id in there
    member = any(person.pk == viewer.person_id for person in people)
    ahead = session.state == SessionState.SCHEDULED and booking.starts_at > now
    return Week(
        meeting=meeting,
        starts_at=booking.starts_at,
        has_moved=booking.starts_at != meeting.planned_at,
        misses=[person for person in people if person.pk not in there] if ahead else [],
        moves=moves,
        has_seat=has_seat,
        may_come=member and ahead and not has_seat and len(there) <= booking.capacity,
        state=str(session.state),
    )
