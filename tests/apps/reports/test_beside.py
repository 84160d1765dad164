"""A program hides its attendance where the whole, less it, tells of fewer than five people."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from factories.world import NOW
from handrail.apps.reports import beside
from handrail.apps.reports.measures import measure
from handrail.apps.sessions.models import SessionState

MENTOR = 100


def held(program: int, mentee: int, *, ended: timedelta = timedelta(days=-2)) -> Any:
    seats = [
        SimpleNamespace(person_id=person, role=role, attendance="attended")
        for person, role in ((MENTOR, "mentor"), (mentee, "mentee"))
    ]
    booking = SimpleNamespace(ends_at=NOW + ended, seats=SimpleNamespace(all=lambda: seats))
    return SimpleNamespace(
        program_id=program, state=SessionState.CLOSED, ended_at=None, booking=booking
    )


def hidden(monkeypatch: pytest.MonkeyPatch, *sessions: Any) -> list[str]:
    monkeypatch.setattr(beside, "sessions_until", lambda moment: list(sessions))
    program: Any = SimpleNamespace(pk=1)
    return beside.attendance_hidden(program, NOW)


def test_three_others_are_not_told_by_taking_ten_away(monkeypatch: pytest.MonkeyPatch) -> None:
    ten = [held(1, n) for n in range(10)]
    # One mentor is too few anyway.
    assert hidden(monkeypatch, *ten) == ["mentor"]
    three = [held(2, n) for n in (20, 21, 22)]
    assert hidden(monkeypatch, *ten, *three) == ["mentor", "mentee", "held"]
    five = [held(2, n) for n in range(20, 25)]
    assert hidden(monkeypatch, *ten, *five) == ["mentor"]
    # What can still be corrected is in no report yet.
    ahead = [held(2, n, ended=timedelta(hours=-23)) for n in (20, 21, 22)]
    assert hidden(monkeypatch, *ten, *ahead) == ["mentor"]


def test_what_is_hidden_beside_the_whole_is_in_no_result() -> None:
    sessions = [
        {
            "ends_at": "2026-01-05T10:00:00+00:00",
            "ending": "held",
            "simulated": False,
            "seats": [["m", "mentor", "attended"], [f"p{n}", "mentee", "attended"]],
        }
        for n in range(10)
    ]

    def told(*names: str) -> dict[str, Any]:
        return measure(
            {
                "format": 1,
                "version": "test",
                "organization": "Northwind",
                "timezone": "UTC",
                "program": None,
                "cut": "2026-02-01",
                "moment": NOW.isoformat(),
                "day_over": True,
                "merges_connected": False,
                "sessions": sessions,
                "sessions_ahead": 0,
                "leavings": [],
                "published": None,
                "attendance_hidden": list(names),
                "groups": [],
            }
        )["attendance"]

    mentees = {"role": "mentee", "people": 10, "hidden": True}
    assert told("mentee")["roles"][1] == mentees
    assert told("mentee")["held"] == {"hidden": True}
    assert told("held")["roles"][1]["attended"]["trials"] == 10
    assert told("held")["held"] == {"hidden": True}
