"""Attendance on small fixtures, counted by hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from handrail.domain.evidence.attendance import Attendance, Ending, Mark, Seat, Session, attendance

CUT = datetime(2026, 3, 1, tzinfo=UTC)
LONG_AGO = datetime(2026, 2, 10, 10, 20, tzinfo=UTC)


def session(
    ending: Ending,
    mentor: Mark,
    mentee: Mark,
    *,
    ends_at: datetime = LONG_AGO,
    people: tuple[str, str] = ("alice", "bob"),
) -> Session:
    seats = (Seat(people[0], "mentor", mentor), Seat(people[1], "mentee", mentee))
    return Session(ends_at, ending, seats)


def role(found: Attendance, name: str) -> tuple[int, int, int, int]:
    """Attended, attended + no-show, late-cancelled, not recorded."""
    [row] = [row for row in found.roles if row.role == name]
    return row.attended.hits, row.attended.trials, row.late_cancelled, row.not_recorded


def held() -> Session:
    return session(Ending.HELD, Mark.ATTENDED, Mark.ATTENDED)


def test_both_came_and_the_session_is_held() -> None:
    found = attendance([held()], cut=CUT)
    assert role(found, "mentor") == (1, 1, 0, 0)
    assert role(found, "mentee") == (1, 1, 0, 0)
    assert (found.held.hits, found.held.trials) == (1, 1)


def test_whoever_came_attended_though_the_other_did_not() -> None:
    found = attendance([session(Ending.NOT_HELD, Mark.ATTENDED, Mark.NO_SHOW)], cut=CUT)
    assert role(found, "mentor") == (1, 1, 0, 0)
    assert role(found, "mentee") == (0, 1, 0, 0)
    assert (found.held.hits, found.held.trials) == (0, 1)


def test_a_late_cancel_stands_beside_attendance_but_counts_against_held() -> None:
    sessions = [held(), session(Ending.LATE_CANCELLED, Mark.NOT_RECORDED, Mark.LATE_CANCELLED)]
    found = attendance(sessions, cut=CUT)
    assert role(found, "mentee") == (1, 1, 1, 0)
    assert (found.held.hits, found.held.trials, found.late_cancelled) == (1, 2, 1)


def test_the_others_seat_of_a_late_cancelled_session_is_not_a_missing_record() -> None:
    late = session(Ending.LATE_CANCELLED, Mark.NOT_RECORDED, Mark.LATE_CANCELLED)
    assert role(attendance([late], cut=CUT), "mentor") == (0, 0, 0, 0)


def test_an_earlier_cancel_counts_nowhere() -> None:
    early = session(Ending.EARLIER_CANCELLED, Mark.NOT_RECORDED, Mark.NOT_RECORDED)
    found = attendance([held(), early], cut=CUT)
    assert (found.sessions, found.held.trials, found.not_recorded) == (1, 1, 0)
    assert role(found, "mentee") == (1, 1, 0, 0)


def test_nothing_recorded_is_counted_apart() -> None:
    blank = session(Ending.NOT_RECORDED, Mark.NOT_RECORDED, Mark.NOT_RECORDED)
    found = attendance([held(), blank], cut=CUT)
    assert role(found, "mentee") == (1, 1, 0, 1)
    assert (found.held.trials, found.not_recorded, found.sessions) == (1, 1, 2)


def test_a_session_counts_24_hours_after_its_end_and_not_before() -> None:
    on_time = session(Ending.HELD, Mark.ATTENDED, Mark.ATTENDED, ends_at=CUT - timedelta(hours=24))
    too_new = session(
        Ending.HELD, Mark.ATTENDED, Mark.ATTENDED, ends_at=CUT - timedelta(hours=23, minutes=59)
    )
    found = attendance([on_time, too_new], cut=CUT)
    assert (found.sessions, found.not_yet_known, found.held.hits) == (1, 1, 1)


def test_people_are_counted_once_however_often_they_met() -> None:
    found = attendance([held(), held()], cut=CUT)
    assert found.people == 2
    assert [row.people for row in found.roles] == [1, 1]


def test_under_thirty_mentees_the_interval_is_wilsons() -> None:
    sessions = [
        session(Ending.HELD, Mark.ATTENDED, Mark.ATTENDED, people=("alice", f"m{n}"))
        for n in range(19)
    ] + [session(Ending.NOT_HELD, Mark.ATTENDED, Mark.NO_SHOW, people=("alice", "m19"))]
    [_, mentees] = attendance(sessions, cut=CUT).roles
    assert (mentees.attended.value, mentees.attended.method) == (0.95, "wilson")
    # Wilson for 19 of 20 by hand: (.95 + 1.92073/20) / 1.192073 -+ ...
    assert round(mentees.attended.low or 0, 3) == 0.764
    assert round(mentees.attended.high or 0, 3) == 0.991


def test_mentors_seats_too_are_clustered_by_mentee() -> None:
    sessions = [
        session(Ending.HELD, Mark.ATTENDED, Mark.ATTENDED, people=("alice", f"m{n}"))
        for n in range(30)
    ] + [session(Ending.NOT_HELD, Mark.NO_SHOW, Mark.ATTENDED, people=("alice", "m0"))]
    [mentors, _] = attendance(sessions, cut=CUT).roles
    assert mentors.attended.method == "clustered"


def test_no_sessions_cannot_be_told() -> None:
    found = attendance([], cut=CUT)
    assert found.held.value is None
    assert [row.attended.value for row in found.roles] == [None, None]
