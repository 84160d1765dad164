"""Twelve weeks of a cohort on the example team, through the changes of clocks in the US and the EU.

The clock is passed in, and every step is an action that a page calls; the runner takes its turns.
"""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from handrail.apps.calendars.models import Seat
from handrail.apps.cohorts import actions, queries
from handrail.apps.cohorts.models import Cohort, Meeting
from handrail.apps.organizations.actions import create_organization
from handrail.apps.organizations.scope import reading
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.outbox.models import OutboxRow
from handrail.apps.outbox.runner import drain
from handrail.apps.outbox.tasks import enqueue_rules
from handrail.apps.people.actions import edit_profile, import_people
from handrail.apps.people.models import Person
from handrail.apps.people.queries import viewer_for_person
from handrail.apps.programs.actions import create_program, start_program
from handrail.apps.sessions import actions as sessions
from handrail.apps.sessions.models import Session
from handrail.site.demo.files import EXAMPLE_DATA_END, PEOPLE_DAYS, moved, shift_for

TEAM = Path(__file__).resolve().parents[3] / "examples/remote-team-a/people.csv"
NOW = datetime(2027, 1, 18, 9, 0, tzinfo=UTC)  # a Monday
SHIFT = shift_for(NOW.date())  # whose newcomers are new on this day
MINUTE = timedelta(minutes=1)


def turn(now: datetime) -> None:
    """The runner's turn: the clock's own steps and every mail that is due."""
    enqueue_rules(now=now)
    while drain(now=now, limit=500).delivered:
        pass


@pytest.mark.nightly
def test_m03_a_cohort_of_the_example_team_plays_through_two_changes_of_clocks(db: None) -> None:
    organization = create_organization("Example", slug="example", now=NOW)
    system = Viewer.system(organization, "play")
    with reading(organization):
        people = moved(TEAM.read_bytes(), SHIFT, PEOPLE_DAYS)
        data_end = EXAMPLE_DATA_END + SHIFT
        import_people(people, filename="people.csv", by=system, now=NOW, data_end=data_end)
        mentor = Person.objects.filter(role="mentor", timezone="Europe/London").order_by(
            "-minutes_per_week", "external_id"
        )[0]
        edit_profile(mentor, by=system, now=NOW, minutes_per_week=60)
        program = create_program("first-twelve-weeks", starts_on=NOW.date(), by=system, now=NOW)
        start_program(program, by=system, now=NOW)
        intake = actions.open_intake(
            program,
            [mentor],
            opens_on=NOW.date(),
            closes_on=date(2027, 1, 29),
            starts_on=date(2027, 2, 8),
            hired_from=date(2026, 8, 1),
            by=system,
            now=NOW,
        )
        page = queries.intake_page(system, intake, NOW)
        assert len(page.seated) == 8
        assert page.waiting
        # The third of the line has other plans; the ninth moves up, unasked and untold.
        out = page.seated[2]
        actions.opt_out(out, by=viewer_for_person(out.person), now=NOW)
        turn(NOW + MINUTE)
        now = datetime(2027, 2, 1, 9, 0, tzinfo=UTC)
        actions.form_groups(intake, by=system, now=now)
        group = Cohort.objects.get()
        best = queries.times_of(system, group, now).choices[0]
        cohort = actions.start_cohort(group, best.first_on, best.minute, by=system, now=now)
        members = [place.person for place in queries.members_of(cohort)]
        assert len(members) == 8
        assert out.person not in members
        viewers = {one.pk: viewer_for_person(one) for one in [mentor, *members]}

        for meeting in Meeting.objects.filter(cohort=cohort).order_by("number"):
            play_week(meeting, mentor, members, viewers)
        check_the_end(cohort, mentor, system)


def play_week(
    meeting: Meeting, mentor: Person, members: list[Person], viewers: dict[int, Viewer]
) -> None:
    """One week: somebody cancels late in the third, the mentor stays away in the fifth."""
    session = meeting.session
    assert session is not None
    start = session.booking.starts_at
    number = meeting.number
    seated = set(Seat.objects.filter(booking=session.booking).values_list("person_id", flat=True))
    here = [one for one in members if one.pk in seated]
    if number == 3:
        turn(start - timedelta(hours=1))
        gone = here.pop()
        sessions.cancel(session, by=viewers[gone.pk], now=start - timedelta(minutes=50))
    if number == 4:
        here.pop()  # does not come, and says nothing
    if number != 5:
        sessions.check_in(session, by=viewers[mentor.pk], now=start - 2 * MINUTE)
    for at, person in enumerate(here):
        sessions.check_in(session, by=viewers[person.pk], now=start + at * MINUTE)
    turn(start + 31 * MINUTE)
    if number != 5:
        sessions.save_artifact(
            session,
            learned="What worked for one of us",
            next_step="Try it",
            owner=here[0],
            by=viewers[here[0].pk],
            now=start + 34 * MINUTE,
        )


def check_the_end(cohort: Cohort, mentor: Person, system: Viewer) -> None:
    meetings = list(
        Meeting.objects.filter(cohort=cohort).select_related("session__booking").order_by("number")
    )
    found = [one.session for one in meetings if one.session is not None]
    assert Counter(one.state for one in found) == {"closed": 11, "not_held": 1}
    starts = [one.booking.starts_at for one in found]
    london = ZoneInfo("Europe/London")
    assert len({f"{start.astimezone(london):%a %H:%M}" for start in starts}) == 1
    assert {start.hour - starts[0].hour for start in starts[7:]} == {-1}  # by UTC, after 28 March
    seats = Seat.objects.filter(booking__session__in=found)
    assert not seats.filter(attendance="not_recorded").exists()
    assert seats.filter(attendance="late_cancelled").count() == 1
    assert seats.filter(attendance="no_show").count() == 2  # one mentee, and the mentor once
    assert cohort.first_on is not None
    end = datetime.combine(
        cohort.first_on + timedelta(days=84), datetime.min.time(), tzinfo=london
    ).astimezone(UTC)
    turn(end - MINUTE)
    cohort.refresh_from_db()
    assert cohort.state == "running"
    turn(end + timedelta(minutes=30))
    cohort.refresh_from_db()
    assert (cohort.state, cohort.ended_at) == ("tail", end)
    assert Session.objects.filter(meeting__cohort=cohort, state="scheduled").count() == 3
    assert not OutboxRow.objects.exclude(last_error="").exists()
