"""Every state and every verb: what happens, what is refused and in which words."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from handrail.apps.calendars.models import Attendance
from handrail.apps.organizations.refusals import Conflict
from handrail.apps.sessions import actions
from handrail.apps.sessions.models import ChecklistItem, SessionState
from handrail.apps.sessions.states import Change, clock_says, is_here

START = datetime.fromisoformat("2026-02-03T10:00:00+00:00")
MINUTE = timedelta(minutes=1)

# Columns: check in, start, finish, tick, link to the call, hand in, move, cancel, correct.
# A state: that is where the session is then. A capital R: refused, and nothing changed.
TABLE = """
state             check_in  start   finish   tick      link      artifact reschedule cancel    correct
scheduled         scheduled running R        scheduled scheduled R        scheduled  cancelled R
running           running   running awaiting running   running   closed   R          R         R
awaiting_artifact R         R       awaiting R         R         closed   R          R         awaiting
closed            R         R       R        R         R         R        R          R         R
not_held          R         R       R        R         R         R        R          R         not_held
cancelled         R         R       R        R         R         R        R          cancelled R
"""  # noqa: E501 - a table is read by its columns
_LINES = [line.split() for line in TABLE.strip().splitlines()]
CASES = [
    (line[0], verb, expected)
    for line in _LINES[1:]
    for verb, expected in zip(_LINES[0][1:], line[1:], strict=True)
]
REFUSAL_CODES = {
    "scheduled": "session-scheduled",
    "running": "session-running",
    "awaiting_artifact": "session-awaiting-artifact",
    "closed": "session-closed",
    "not_held": "session-not-held",
    "cancelled": "session-cancelled",
}


def _do(scene: Any, verb: str, now: datetime) -> None:
    bob, session = scene.by("bob"), scene.session
    if verb == "check_in":
        actions.check_in(session, by=bob, now=now)
    elif verb == "start":
        actions.start(session, by=bob, now=now)
    elif verb == "finish":
        actions.finish(session, by=bob, now=now)
    elif verb == "tick":
        item = ChecklistItem.objects.filter(session=session).first()
        actions.tick(session, item.public_id, True, by=bob, now=now)
    elif verb == "link":
        link = "https://meet.example.org/bob"
        actions.give_call_link(session, link, base_rev=0, operation=uuid4(), by=bob, now=now)
    elif verb == "artifact":
        scene.artifact("bob", now, learned="Something else.")
    elif verb == "reschedule":
        actions.reschedule(session, START + 120 * MINUTE, by=bob, now=now)
    elif verb == "cancel":
        actions.cancel(session, by=bob, now=now)
    else:
        person = scene.world.person("bob").public_id
        if scene.fresh().state == "awaiting_artifact":
            actions.correct_attendance(session, person, "attended", by=scene.by("alice"), now=now)
        else:
            actions.correct_attendance(session, person, "no_show", by=scene.by("alice"), now=now)


@pytest.mark.parametrize(("state", "verb", "expected"), CASES)
def test_every_verb_in_every_state(scene: Any, state: str, verb: str, expected: str) -> None:
    now = getattr(scene, state)()
    assert scene.fresh().state == state
    before = scene.fresh().rev
    if expected == "R":
        with pytest.raises(Conflict) as refused:
            _do(scene, verb, now)
        assert refused.value.code == REFUSAL_CODES[state]
        assert scene.fresh().state == state
        # Words that came too late are kept beside the artifact, so that one raises the revision.
        assert scene.fresh().rev == before + (1 if (state, verb) == ("closed", "artifact") else 0)
    else:
        _do(scene, verb, now)
        wanted = "awaiting_artifact" if expected == "awaiting" else expected
        assert scene.fresh().state == wanted


@pytest.mark.parametrize(
    ("state", "verb", "words"),
    [
        ("running", "cancel", "This session is running. Finish it instead."),
        ("scheduled", "finish", "This session has not started yet. Check in and start it first."),
        (
            "closed",
            "artifact",
            "This session is closed. Its artifact was handed in before; what you wrote is kept"
            " beside it in the room.",
        ),
        ("cancelled", "check_in", "This session was cancelled. Book a new time."),
        ("closed", "tick", "This session is closed."),
    ],
)
def test_a_refusal_says_why_and_what_to_do(scene: Any, state: str, verb: str, words: str) -> None:
    now = getattr(scene, state)()
    with pytest.raises(Conflict) as refused:
        _do(scene, verb, now)
    assert refused.value.message == words


def _clock(minutes: float, *check_ins: float | None, state: str = "scheduled") -> Change | None:
    return clock_says(
        state,
        START,
        20,
        START if state == "running" else None,
        [None if m is None else START + m * MINUTE for m in check_ins],
        START + minutes * MINUTE,
    )


def test_the_clock_does_nothing_before_the_start() -> None:
    assert _clock(-1, -5, -5) is None


def test_the_clock_starts_a_session_when_both_are_here() -> None:
    both = {0: Attendance.ATTENDED, 1: Attendance.ATTENDED}
    assert _clock(0, -5, -15) == Change(SessionState.RUNNING, START, both)


def test_the_timer_starts_with_the_later_of_the_two() -> None:
    both = {0: Attendance.ATTENDED, 1: Attendance.ATTENDED}
    assert _clock(30, 2, 7) == Change(SessionState.RUNNING, START + 7 * MINUTE, both)


def test_the_clock_waits_ten_minutes_for_the_other() -> None:
    assert _clock(9.9, 0, None) is None


def test_one_sided_who_came_attended_and_it_is_not_held() -> None:
    assert _clock(10, 0, None) == Change(
        SessionState.NOT_HELD,
        START + 10 * MINUTE,
        {0: Attendance.ATTENDED, 1: Attendance.NO_SHOW},
    )


def test_nobody_came_nothing_is_recorded() -> None:
    assert _clock(10, None, None) == Change(SessionState.NOT_HELD, START + 10 * MINUTE, {})


def test_who_looked_in_sixteen_minutes_early_did_not_come() -> None:
    assert _clock(10, -16, 0) == Change(
        SessionState.NOT_HELD,
        START + 10 * MINUTE,
        {0: Attendance.NO_SHOW, 1: Attendance.ATTENDED},
    )


def test_the_timebox_ends_by_itself_after_its_minutes() -> None:
    assert _clock(19.9, 0, 0, state="running") is None
    assert _clock(25, 0, 0, state="running") == Change(
        SessionState.AWAITING_ARTIFACT, START + 20 * MINUTE
    )


@pytest.mark.parametrize("state", ["awaiting_artifact", "closed", "not_held", "cancelled"])
def test_time_alone_changes_nothing_more(state: str) -> None:
    assert _clock(10_000, 0, 0, state=state) is None


def test_an_early_check_in_counts_for_fifteen_minutes() -> None:
    came = START - 300 * MINUTE
    assert is_here(came, START, came + 15 * MINUTE)
    assert not is_here(came, START, came + 16 * MINUTE)
    assert not is_here(None, START, START)
