"""The week of a program, by hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from handrail.domain.evidence.attendance import Ending
from handrail.domain.evidence.operations import (
    Asked,
    Planned,
    Rate,
    left_out,
    load,
    repeat_booking,
    week_of,
)

MONDAY = datetime(2026, 2, 2, tzinfo=UTC)
WEEK = timedelta(days=7)
HOUR = timedelta(hours=1)


def session(
    day: float, mentee: str, ending: Ending | None, mentor: str = "m", *, artifact: bool = False
) -> Planned:
    return Planned(MONDAY + timedelta(days=day), mentor, (mentee,), ending, artifact)


def test_m24_completion_is_held_of_what_was_not_cancelled_in_time() -> None:
    sessions = [
        session(0, "a", Ending.HELD, artifact=True),
        session(1, "b", Ending.HELD, artifact=True),
        session(2, "c", Ending.HELD),
        session(2, "d", Ending.NOT_HELD),
        session(3, "e", Ending.LATE_CANCELLED),
        session(3, "f", Ending.EARLIER_CANCELLED),
        session(4, "g", Ending.NOT_RECORDED),
        session(4, "h", None),
        session(7, "i", Ending.HELD),  # the week after
        session(-1, "j", Ending.NOT_HELD),  # the week before
    ]
    week = week_of(sessions, [], MONDAY, MONDAY + WEEK, now=MONDAY + WEEK)
    assert week.completed == Rate(3, 5)
    assert (week.not_held, week.late_cancelled, week.ahead) == (1, 1, 1)
    assert week.artifacts == Rate(2, 3)


def test_m24_the_line_is_told_from_five_on() -> None:
    assert (Rate(3, 4).share, Rate(3, 4).below(0.85)) == (None, False)
    assert Rate(4, 5).below(0.85)
    assert not Rate(17, 20).below(0.85)  # 85 % is on the line, not below it


def test_m24_replies_within_48_hours_and_any_reply_counts() -> None:
    at = MONDAY + HOUR
    asks = [
        Asked(at, replied_at=at + 48 * HOUR),  # in the last moment
        Asked(at, replied_at=at + 49 * HOUR),
        Asked(at),  # never
        Asked(at, taken_back_at=at + 2 * HOUR),  # needed no answer
        Asked(at, taken_back_at=at + 50 * HOUR),  # too late to be excused
        Asked(MONDAY + 6 * 24 * HOUR, replied_at=None),  # has until Tuesday
        Asked(MONDAY - HOUR, replied_at=MONDAY),  # of the week before
    ]
    now = MONDAY + WEEK
    week = week_of([], asks, MONDAY, now, now=now)
    assert (week.replies, week.waiting) == (Rate(1, 4), 1)


def test_m24_repeat_booking_counts_people_not_sessions() -> None:
    sessions = [
        session(0, "a", Ending.HELD),
        session(2, "a", Ending.HELD),
        session(4, "a", None),
        session(0, "b", Ending.HELD),
        session(5, "b", None),
        session(0, "c", Ending.HELD),
        session(3, "c", Ending.NOT_HELD),
        session(1, "d", Ending.NOT_HELD),
        session(6, "d", None),
    ]
    assert repeat_booking(sessions) == Rate(2, 3)


def test_m24_load_of_each_mentor() -> None:
    sessions = [
        session(0, "a", Ending.HELD, "nora"),
        session(1, "b", None, "nora"),
        session(2, "c", Ending.EARLIER_CANCELLED, "nora"),
        session(2, "d", Ending.NOT_HELD, "ole"),
        session(9, "e", Ending.HELD, "ole"),
    ]
    assert load(sessions, MONDAY, MONDAY + WEEK) == {"nora": 2, "ole": 1}


def test_m24_left_out_are_the_quiet_ones_the_longest_first() -> None:
    joined = dict.fromkeys(("a", "b", "c", "d"), MONDAY) | {"e": MONDAY + 20 * 24 * HOUR}
    sessions = [
        session(1, "a", Ending.HELD),
        session(10, "b", Ending.HELD),
        session(30, "c", None),
        session(12, "d", Ending.NOT_HELD),
    ]
    now = MONDAY + 20 * 24 * HOUR
    assert left_out(joined, sessions, now=now) == [
        ("d", MONDAY),  # a session that was not held is none
        ("a", MONDAY + 24 * HOUR),
    ]
