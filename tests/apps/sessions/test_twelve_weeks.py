"""A speed program of twelve weeks on the example's team, through both changes of clocks.

Played by the verbs that the web calls, with the clock passed in: people come, miss, appeal, say
thanks, ask for somebody else. At the end the state of every session follows from what was done.
"""

from __future__ import annotations

import json
import time
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from handrail.apps.calendars.models import Attendance, Cell, Seat, SeatRole
from handrail.apps.matches.actions import propose_matches
from handrail.apps.matches.models import Parting
from handrail.apps.organizations.scope import reading
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.outbox.models import OutboxRow
from handrail.apps.people.actions import import_people, start_organization
from handrail.apps.people.models import Person
from handrail.apps.people.queries import still_here, viewer_for_person
from handrail.apps.programs.actions import (
    create_program,
    edit_program,
    enrol_everyone,
    set_objective,
    start_program,
)
from handrail.apps.programs.models import Enrolment, EnrolmentRole, Program
from handrail.apps.requests.actions import ask_for_somebody_else
from handrail.apps.sessions import actions
from handrail.apps.sessions.actions import publish_run
from handrail.apps.sessions.consequences import booking_paused_until
from handrail.apps.sessions.models import Appeal, AppealDecision, Artifact, Session, SessionState
from handrail.apps.sessions.simulator import play, simulated_viewer
from handrail.apps.sessions.thanking import thank
from handrail.site.demo.files import (
    EXAMPLE_DATA_END,
    PEOPLE_DAYS,
    moved,
    office_file,
    shift_for,
    with_manager,
)

pytestmark = [pytest.mark.nightly, pytest.mark.django_db]

FIRST = date(2027, 2, 15)  # clocks change on 14 March (US) and 28 March (EU)
START = datetime(2027, 2, 15, tzinfo=UTC)
WEEK = timedelta(weeks=1)
WEEKS = 12
EXAMPLE = Path(__file__).resolve().parents[3] / "examples/remote-team-a/people.csv"


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, settings: Any) -> None:
    settings.MAIL, settings.MAIL_FOLDER = "folder", tmp_path


class Stage:
    """The program, its people, and the weeks as they are played."""

    def __init__(self) -> None:
        self.organization = start_organization(
            "Remote team A",
            admin_email="admin@example.org",
            admin_name="Adele Winter",
            timezone="UTC",
            language="en",
            now=START,
            is_demo=True,
        )
        self.said: Counter[str] = Counter()

    def begin(self) -> None:
        self.admin = viewer_for_person(Person.objects.get(external_id="admin"))
        shift = shift_for(FIRST)
        import_people(office_file("Europe/London"), filename="o.csv", by=self.admin, now=START)
        import_people(
            with_manager(moved(EXAMPLE.read_bytes(), shift, PEOPLE_DAYS)),
            filename="people.csv",
            by=self.admin,
            now=START,
            data_end=EXAMPLE_DATA_END + shift,
        )
        lead = still_here(FIRST).filter(role="mentor").order_by("-minutes_per_week")[0]
        self.program = create_program(
            "tooling-start",
            starts_on=FIRST,
            ends_on=FIRST + timedelta(days=83),
            within_days=84,
            sessions_per_mentee=WEEKS,
            leads=[lead],
            by=self.admin,
            now=START,
        )
        self.lead = simulated_viewer(lead)
        edit_program(self.program, by=self.lead, now=START, objectives_per_mentee=2)
        start_program(self.program, by=self.lead, now=START)
        for enrolment in enrol_everyone(self.program, day=FIRST, by=self.lead, now=START):
            if enrolment.role == EnrolmentRole.MENTEE:
                self.two_objectives(enrolment)

    def two_objectives(self, enrolment: Enrolment) -> None:
        wants = list(enrolment.person.wants.select_related("skill").order_by("priority")[:2])
        names = [want.skill.name for want in wants]
        for place in range(2):
            name = names[place] if place < len(names) else f"step {place + 1}"
            set_objective(
                enrolment,
                f"Make a change of my own in {name}",
                skill=wants[place].skill if place < len(wants) else None,
                by=simulated_viewer(enrolment.person),
                now=START,
            )

    def week(self, number: int) -> None:
        now = START + number * WEEK
        run = propose_matches(self.program, week=now.date(), by=self.lead, now=now, seed=number + 1)
        outcome = publish_run(run, by=self.lead, now=now)
        assert outcome.refused == []
        self.said["booked"] += len(outcome.booked)
        if number == 4:
            self.somebody_else(outcome.booked[0], now)
        played = play(self.program, by=self.admin, seed=number + 1, now=now, until=now + WEEK)
        self.said["steps"] += played.steps
        self.afterwards(now, now + WEEK)

    def somebody_else(self, session: Session, now: datetime) -> None:
        mentee, mentor = people_of(session)
        given = ask_for_somebody_else(self.program, mentor, by=viewer(mentee), now=now)
        self.said["given back"] += given

    def afterwards(self, since: datetime, until: datetime) -> None:
        """Every second who missed appeals, the lead excuses every second; half say thanks."""
        of_the_week = Session.objects.filter(
            program=self.program, booking__starts_at__gte=since, booking__starts_at__lt=until
        ).order_by("booking__starts_at", "pk")
        for session in of_the_week:
            mentee, _mentor = people_of(session)
            seats = Seat.objects.filter(booking=session.booking).order_by("n")
            for seat in seats.filter(attendance=Attendance.NO_SHOW).select_related("person"):
                self.said["missed"] += 1
                if self.said["missed"] % 2 and seat.person_id != self.lead.person_id:
                    self.appeal(session, seat, until)
            if session.state == SessionState.CLOSED and session.pk % 2:
                thank(session, "That helped.", by=viewer(mentee), now=until)
                self.said["thanks"] += 1

    def appeal(self, session: Session, seat: Seat, now: datetime) -> None:
        said = actions.appeal(session, "The line was down.", by=viewer(seat.person), now=now)
        self.said["appeals"] += 1
        decision = "excused" if self.said["appeals"] % 2 else "stands"
        actions.decide_appeal(said, decision, by=self.lead, now=now)


def viewer(person: Person) -> Viewer:
    return simulated_viewer(person)


def people_of(session: Session) -> tuple[Person, Person]:
    seats = {s.role: s.person for s in session.booking.seats.select_related("person")}
    return seats[SeatRole.MENTEE], seats[SeatRole.MENTOR]


def test_m02_m06_twelve_weeks_of_a_speed_program_end_as_they_were_played() -> None:
    began, stage = time.monotonic(), Stage()
    with reading(stage.organization):
        stage.begin()
        for number in range(WEEKS):
            stage.week(number)
        play(
            stage.program,
            by=stage.admin,
            seed=99,
            now=START + WEEKS * WEEK,
            until=START + (WEEKS + 1) * WEEK,
        )
        took = time.monotonic() - began
        sessions = list(Session.objects.filter(program=stage.program).select_related("booking"))
        for session in sessions:
            it_ended_as_it_went(session)
            it_lies_in_both_peoples_hours(session)
        nothing_is_left_over(stage.program, sessions)
    states = Counter(session.state for session in sessions)
    assert len(sessions) == stage.said["booked"]
    assert set(states) <= {"closed", "awaiting_artifact", "not_held", "cancelled"}
    assert states["closed"] > 0.6 * len(sessions)
    print(json.dumps({"sessions": dict(states), **stage.said, "seconds": round(took, 1)}))  # noqa: T201


def it_ended_as_it_went(session: Session) -> None:
    """The state, by what stands in the seats, the clock and the appeals, read anew."""
    seats = list(Seat.objects.filter(booking=session.booking).order_by("n"))
    excused = set(
        Appeal.objects.filter(session=session, decision=AppealDecision.EXCUSED).values_list(
            "person_id", flat=True
        )
    )
    starts_at, has_artifact = session.booking.starts_at, hasattr(session, "artifact")
    attendance = [seat.attendance for seat in seats]
    if session.state in (SessionState.CLOSED, SessionState.AWAITING_ARTIFACT):
        assert attendance == [Attendance.ATTENDED] * 2
        assert all(seat.checked_in_at is not None for seat in seats)
        assert session.started_at is not None
        assert session.ended_at is not None
        assert session.ended_at - session.started_at <= timedelta(minutes=session.minutes)
        assert has_artifact == (session.state == SessionState.CLOSED)
        # What was delivered is forgotten after 30 days.
        if session.state == SessionState.AWAITING_ARTIFACT and starts_at > START + 9 * WEEK:
            chases = OutboxRow.objects.filter(
                kind="mail.artifact", ref__session=str(session.public_id)
            ).exclude(done_at=None)
            assert chases.count() == 6  # three for each of the two
    elif session.state == SessionState.NOT_HELD:
        by_grace = starts_at + timedelta(minutes=10)
        came = [s.checked_in_at is not None and s.checked_in_at <= by_grace for s in seats]
        for seat, here in zip(seats, came, strict=True):
            missed = Attendance.NO_SHOW if any(came) else Attendance.NOT_RECORDED
            if seat.person_id in excused:
                missed = Attendance.NOT_RECORDED
            assert seat.attendance == (Attendance.ATTENDED if here else missed)
        assert not all(came)
        assert not has_artifact
    else:
        assert session.cancelled_at is not None
        late = session.cancelled_at > starts_at - timedelta(minutes=120)
        own = session.cancelled_by_id is not None
        expected = Attendance.LATE_CANCELLED if late and own else Attendance.NOT_RECORDED
        for seat in seats:
            is_canceller = seat.person_id == session.cancelled_by_id
            assert seat.attendance == (expected if is_canceller else Attendance.NOT_RECORDED)


def it_lies_in_both_peoples_hours(session: Session) -> None:
    """In local wall time, by plain zoneinfo: the 20 minutes and more, in winter and in summer."""
    starts_at = session.booking.starts_at
    for seat in Seat.objects.filter(booking=session.booking).select_related("person"):
        person, zone = seat.person, ZoneInfo(seat.person.timezone)
        local, end = (
            starts_at.astimezone(zone),
            (starts_at + timedelta(minutes=20)).astimezone(zone),
        )
        first, last = person.works_from_min, person.works_to_min
        minute = local.hour * 60 + local.minute
        until = minute + (end - local) // timedelta(minutes=1)
        if last <= first:  # across midnight
            last += 24 * 60
            minute, until = (
                (minute + 24 * 60, until + 24 * 60) if minute < first else (minute, until)
            )
        assert first <= minute, (person.timezone, local)
        assert until <= last, (person.timezone, local)


def nothing_is_left_over(program: Program, sessions: list[Session]) -> None:
    """No cell of what was cancelled, no mail left, no pair that was parted, budgets kept."""
    gone = [s.booking_id for s in sessions if s.state == SessionState.CANCELLED]
    assert not Cell.objects.filter(booking_id__in=gone).exists()
    assert not OutboxRow.objects.exclude(dead_at=None).exists()
    assert not OutboxRow.objects.exclude(last_error="").exists()
    assert Artifact.objects.count() == sum(s.state == SessionState.CLOSED for s in sessions)
    parting = Parting.objects.get()
    for session in sessions:
        if (parting.mentee, parting.mentor) == people_of(session):
            ended = session.state == SessionState.CANCELLED
            assert ended or session.booking.starts_at < START + 4 * WEEK
    given: Counter[tuple[int, Any]] = Counter()
    for session in sessions:
        _mentee, mentor = people_of(session)
        if session.state != SessionState.CANCELLED:
            local = session.booking.starts_at.astimezone(ZoneInfo(mentor.timezone))
            given[mentor.pk, local.isocalendar()[:2]] += session.minutes
    for (pk, _week), minutes in given.items():
        assert minutes <= Person.objects.get(pk=pk).minutes_per_week
    paused = [
        person
        for person in Person.objects.filter(enrolments__program=program)
        if booking_paused_until(program, person, START + WEEKS * WEEK)
    ]
    for person in paused:
        missed = Seat.objects.filter(person=person, attendance=Attendance.NO_SHOW, role="mentee")
        assert missed.count() >= 2
