"""A cohort that runs: twelve weeks at one wall time, who leaves, who follows, and the end."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings

from apps.cohorts.conftest import NAMES, NOW, STARTS, Office
from handrail.apps.calendars.actions import lock_people
from handrail.apps.calendars.models import Busy, Seat
from handrail.apps.calendars.queries import minutes_booked
from handrail.apps.cohorts import actions, queries
from handrail.apps.cohorts.models import Cohort, Meeting
from handrail.apps.organizations.refusals import Conflict, NotFound
from handrail.apps.outbox.runner import drain
from handrail.apps.sessions import actions as sessions
from handrail.apps.sessions import queries as rooms
from handrail.apps.sessions.models import Session
from handrail.integrations.mail_folder import list_mails, read_mail

BERLIN = ZoneInfo("Europe/Berlin")


def seated(meeting: Meeting) -> set[str]:
    assert meeting.session is not None
    seats = Seat.objects.filter(booking=meeting.session.booking).exclude(
        attendance="late_cancelled"
    )
    return set(seats.values_list("person__external_id", flat=True))


def hold(office: Office, meeting: Meeting, *names: str) -> None:
    """These people come on time, and the mentor hands in the artifact."""
    session = meeting.session
    assert session is not None
    start = session.booking.starts_at
    for name in ("nora", *names):
        sessions.check_in(session, by=office.world.viewer(name), now=start)
    sessions.settle_overdue(start + timedelta(minutes=31), by=office.world.system)
    sessions.save_artifact(
        session,
        learned="We tried it.",
        next_step="Try it again",
        owner=office.world.person(names[0]),
        by=office.world.viewer("nora"),
        now=start + timedelta(minutes=34),
    )


def test_m03_twelve_sessions_at_one_wall_time_each_with_its_own_objective(office: Office) -> None:
    names = office.hires(8)
    office.open()
    cohort = office.start()
    meetings = office.meetings(cohort)
    assert [meeting.number for meeting in meetings] == list(range(1, 13))
    starts = [meeting.session.booking.starts_at for meeting in meetings if meeting.session]
    assert [start.astimezone(BERLIN).strftime("%a %H:%M") for start in starts] == ["Mon 14:00"] * 12
    assert [start.hour for start in starts] == [13] * 7 + [12] * 5  # UTC, before and after 28 March
    assert starts[0].date() == STARTS
    assert all(seated(meeting) == {"nora", *names} for meeting in meetings)
    assert len({meeting.session.objective for meeting in meetings if meeting.session}) == 12
    # One session a week of thirty minutes, whoever sits there.
    assert minutes_booked(office.world.person("nora"), STARTS, now=NOW) == 30
    booking = meetings[0].session.booking  # type: ignore[union-attr]
    assert (booking.capacity, booking.timezone, booking.wall_time) == (
        8,
        "Europe/Berlin",
        "2027-02-08T14:00",
    )


def test_who_is_busy_misses_the_week_and_the_mentor_moves_it(office: Office) -> None:
    office.hires(6)
    for name, week in (("ada", 2), ("nora", 3)):
        start = datetime(2027, 2, 8, 12, 30, tzinfo=UTC) + timedelta(weeks=week)
        Busy.objects.create(
            organization=office.world.organization,
            person=office.world.person(name),
            source="work",
            starts_at=start,
            ends_at=start + timedelta(hours=2),
        )
    intake = office.open()
    actions.form_groups(intake, by=office.lead, now=NOW)
    cohort = Cohort.objects.get()
    cohort = actions.start_cohort(cohort, STARTS, 14 * 60, by=office.lead, now=NOW)
    third, fourth = office.meetings(cohort)[2:4]
    assert seated(third) == {"nora", "ben", "cem", "dora", "emil", "fay"}
    # Nora comes back at 15:30: the nearest time that week at which everybody can.
    assert fourth.session is not None
    assert fourth.session.booking.starts_at == datetime(2027, 3, 1, 14, 30, tzinfo=UTC)
    week = queries.cohort_page(office.world.viewer("ada"), cohort, NOW).weeks[2]
    assert ([one.external_id for one in week.misses], week.has_seat) == (["ada"], False)
    with pytest.raises(Conflict, match="not free then"):
        actions.come_after_all(third, office.place("ada"), by=office.world.viewer("ada"), now=NOW)
    # One week is moved by its mentor; the series stays.
    moved = sessions.reschedule(
        fourth.session,
        datetime(2027, 3, 2, 14, 0, tzinfo=UTC),
        by=office.world.viewer("nora"),
        now=NOW,
    )
    assert moved.booking.wall_time == "2027-03-02T15:00"
    page = queries.cohort_page(office.lead, cohort, NOW)
    assert page.weeks[3].has_moved
    assert page.weeks[3].meeting.planned_at == datetime(2027, 3, 1, 13, 0, tzinfo=UTC)


def test_a_mentor_without_the_minutes_is_said_before_anything_is_booked(office: Office) -> None:
    office.hires(6)
    nora = office.world.person("nora")
    nora.minutes_per_week = 20
    nora.save()
    office.open()
    actions.form_groups(office.intakes[-1], by=office.lead, now=NOW)
    cohort = Cohort.objects.get()
    with pytest.raises(Conflict, match="only 0 weeks at this time") as refused:
        actions.start_cohort(cohort, STARTS, 14 * 60, by=office.lead, now=NOW)
    assert "Nora gives no more minutes that week." in refused.value.message
    assert not Session.objects.filter(program=office.program).exists()
    assert Cohort.objects.get().state == "forming"


def test_m03_everybody_is_told_when_their_own_time_moves(office: Office) -> None:
    office.hires(6)
    office.open()
    cohort = office.start()
    everybody = [*NAMES[:6], "nora"]
    assert office.mails("mail.cohort_started") == everybody
    # New York moves on 14 March and back on 28 March; Berlin and London change together.
    assert office.mails("mail.cohort_moves") == ["ben", "ben", "emil", "emil"]
    while drain(now=NOW, limit=100).delivered:
        pass
    folder = Path(settings.MAIL_FOLDER)
    mails = [read_mail(folder, one.name) for one in list_mails(folder) if "ben@" in one.recipient]
    (started,) = [one for one in mails if one and "starts on" in str(one["Subject"])]
    assert str(started["Subject"]) == "First twelve weeks starts on Monday 8 February 2027, 08:00"
    body = started.get_body(("plain",))
    assert body is not None
    text = " ".join(str(body.get_content()).split())
    assert "From 15 March 2027 (week 6) on it is at 09:00 by your clock, not 08:00." in text
    assert "From 29 March 2027 (week 8) on it is at 08:00 by your clock, not 09:00." in text
    moves = {(one.week, one.person.external_id) for one in _moves(office, cohort)}
    assert moves == {(6, "ben"), (6, "emil"), (8, "ben"), (8, "emil")}


def _moves(office: Office, cohort: Cohort) -> list[object]:
    page = queries.cohort_page(office.lead, cohort, NOW)
    return [move for week in page.weeks for move in week.moves]


def test_m03_twelve_weeks_end_by_themselves_and_a_light_tail_follows(office: Office) -> None:
    names = office.hires(6)
    office.open()
    cohort = office.start()
    before = datetime(2027, 5, 2, 21, 59, tzinfo=UTC)  # 23:59 in Berlin, 84 local days after
    actions.tend(by=office.world.system, now=before)
    cohort.refresh_from_db()
    assert cohort.state == "running"
    midnight = before + timedelta(minutes=1)
    actions.tend(by=office.world.system, now=midnight + timedelta(minutes=7))
    cohort.refresh_from_db()
    assert (cohort.state, cohort.ended_at) == ("tail", midnight)
    tail = office.meetings(cohort)[12:]
    assert [(m.number, m.session.booking.starts_at.date()) for m in tail if m.session] == [
        (13, date(2027, 5, 24)),
        (14, date(2027, 6, 21)),
        (15, date(2027, 7, 19)),
    ]
    assert all(seated(meeting) == {"nora", *names} for meeting in tail)
    assert office.mails("mail.cohort_ended") == sorted([*names, "nora"])
    actions.tend(by=office.world.system, now=datetime(2027, 7, 21, tzinfo=UTC))
    cohort.refresh_from_db()
    assert cohort.state == "ended"


@pytest.mark.nightly
def test_a_tail_of_none_ends_at_once(office: Office) -> None:
    office.hires(6)
    intake = office.open()
    cohort = office.start()
    actions.edit_intake(intake, tail_sessions=0, by=office.lead, now=NOW)
    with pytest.raises(Conflict, match="has started"):
        actions.edit_intake(intake, seats=7, by=office.lead, now=NOW)
    actions.tend(by=office.world.system, now=datetime(2027, 5, 3, tzinfo=UTC))
    cohort.refresh_from_db()
    assert (cohort.state, len(office.meetings(cohort))) == ("ended", 12)


@pytest.mark.nightly
def test_m11_who_leaves_before_the_first_week_is_followed_by_the_first_in_line(
    office: Office,
) -> None:
    office.hires(10)
    office.open()
    cohort = office.start()
    ben = office.world.viewer("ben")
    with pytest.raises(NotFound):
        actions.leave_cohort(office.place("ben"), by=office.world.viewer("ada"), now=NOW)
    with pytest.raises(Conflict, match="leave it on its page"):
        actions.opt_out(office.place("ben"), by=ben, now=NOW)
    actions.leave_cohort(office.place("ben"), by=ben, now=NOW)
    for meeting in office.meetings(cohort):
        assert "ivo" in seated(meeting)
        assert "ben" not in seated(meeting)
    assert office.mails("mail.cohort_seat") == ["ivo"]
    with pytest.raises(NotFound):
        queries.cohort_for(ben, cohort.public_id)


def test_m11_a_seat_that_becomes_free_later_is_offered_in_the_order_of_the_line(
    office: Office,
) -> None:
    office.hires(10)
    office.open()
    cohort = office.start()
    hold(office, office.meetings(cohort)[0], "ada", "ben")
    tuesday = datetime(2027, 2, 9, 9, 0, tzinfo=UTC)
    actions.leave_cohort(office.place("ben"), by=office.world.viewer("ben"), now=tuesday)
    ivo = queries.own_place(office.world.viewer("ivo"), office.intakes[0])
    assert ivo is not None
    assert (ivo.state, ivo.place.offered_until) == ("offered", tuesday + timedelta(days=1))
    # Silence passes it on, without fault; who took too long does not get it back.
    actions.tend(by=office.world.system, now=tuesday + timedelta(days=1, minutes=5))
    assert office.mails("mail.cohort_offered") == ["ivo", "jun"]
    wednesday = tuesday + timedelta(days=1, hours=1)
    with pytest.raises(Conflict, match="not offered any more"):
        actions.accept_offer(office.place("ivo"), by=office.world.viewer("ivo"), now=wednesday)
    actions.accept_offer(office.place("jun"), by=office.world.viewer("jun"), now=wednesday)
    meetings = office.meetings(cohort)
    assert "jun" not in seated(meetings[0])
    assert all("jun" in seated(meeting) for meeting in meetings[1:])
    assert all(len(seated(meeting)) == 9 for meeting in meetings[1:])
    lock_people(())  # nobody is left locked


@pytest.mark.nightly
def test_after_the_fourth_week_a_free_seat_stays_free(office: Office) -> None:
    office.hires(9)
    office.open()
    office.start()
    march = datetime(2027, 3, 2, 9, 0, tzinfo=UTC)
    actions.leave_cohort(office.place("ben"), by=office.world.viewer("ben"), now=march)
    assert office.mails("mail.cohort_offered") == []


def test_the_room_of_a_group_names_nobody_before_their_first_day(office: Office) -> None:
    office.hires(6)
    office.hire("hana", date(2027, 1, 27))
    office.open()
    cohort = office.start()
    session = office.meetings(cohort)[0].session
    assert session is not None

    def names(reader: str, day: int) -> set[str]:
        now = datetime(2027, 1, day, 9, tzinfo=UTC)
        here = rooms.room(office.world.viewer(reader), session, now)
        assert [note.person for note in here.notes_of_others] == [p.person for p in here.others]
        return {place.person.external_id for place in here.others}

    assert seated(office.meetings(cohort)[0]) >= {"ada", "nora", "hana"}
    for reader in ("ada", "nora"):
        assert "hana" not in names(reader, 26)
        assert "hana" in names(reader, 27)
    assert "ada" in names("hana", 26)
