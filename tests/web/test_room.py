"""The room through the browser, with and without script."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Protocol
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from factories.world import NOW, World
from handrail.apps.organizations.scope import writing
from handrail.apps.programs.actions import name_lead
from handrail.apps.sessions.actions import book, settle_overdue
from handrail.apps.sessions.models import Session

START = datetime(2026, 2, 2, 10, 0, tzinfo=UTC)  # 11:00 in Berlin
Browser = Callable[[str], Client]


class Clock(Protocol):
    now: datetime


@pytest.fixture
def session(world: World) -> Session:
    with writing(world.organization):
        assert world.program is not None
        return book(
            world.program,
            world.people["bob"],
            world.people["alice"],
            START,
            "Rebase a branch without fear",
            by=world.viewer("bob"),
            now=NOW,
            key=None,
        )


def url(name: str, session: Session) -> str:
    return reverse(name, args=[session.public_id])


def both_start(signed_in_as: Browser, session: Session, clock: Clock) -> None:
    clock.now = START
    for name in ("alice", "bob"):
        signed_in_as(name).post(url("room_check_in", session))


def test_both_people_see_the_objective_and_each_others_time(
    session: Session, signed_in_as: Browser
) -> None:
    for name in ("alice", "bob"):
        page = signed_in_as(name).get(url("room", session))
        assert "Rebase a branch without fear" in page.content.decode()
        assert "11:00" in page.content.decode()


def test_today_asks_for_the_artifact_first_and_does_not_say_that_nothing_is_booked(
    session: Session, signed_in_as: Browser, clock: Clock
) -> None:
    both_start(signed_in_as, session, clock)
    signed_in_as("alice").post(url("room_start", session))
    signed_in_as("alice").post(url("room_finish", session))
    page = signed_in_as("bob").get(reverse("today")).content.decode()
    assert "Write down what came out of your session with Alice" in page
    assert "Nothing booked" not in page


def test_a_stranger_of_the_same_organisation_does_not_find_the_room(
    session: Session, signed_in_as: Browser
) -> None:
    assert signed_in_as("charlie").get(url("room", session)).status_code == 404
    assert signed_in_as("charlie").get(url("room_state", session)).status_code == 404


def test_an_administrator_sees_that_it_is_but_not_what_was_written(
    session: Session, signed_in_as: Browser
) -> None:
    signed_in_as("bob").post(
        url("room_text", session),
        {"field": "shared_notes", "body": "a private word", "base_rev": 0, "operation": uuid4()},
    )
    page = signed_in_as("adam").get(url("room", session))
    assert page.status_code == 200
    assert "a private word" not in page.content.decode()
    assert signed_in_as("adam").get(url("room_state", session)).status_code == 403


def test_a_tick_of_one_is_seen_by_the_other(session: Session, signed_in_as: Browser) -> None:
    with writing(session.organization):
        item = session.checklist.first()
    signed_in_as("bob").post(url("room_tick", session), {"item": item.public_id, "ticked": "yes"})
    page = signed_in_as("alice").get(url("room", session))
    assert page.content.decode().count('data-done="yes"') == 1


def test_the_timer_starts_when_both_have_checked_in(
    session: Session, signed_in_as: Browser, clock: Clock
) -> None:
    both_start(signed_in_as, session, clock)
    state = signed_in_as("bob").get(url("room_state", session)).json()
    assert state["state"] == "running"
    page = signed_in_as("bob").get(url("room", session)).content.decode()
    assert 'data-ends-at="2026-02-02T10:20:00+00:00"' in page


def test_start_before_both_are_here_says_what_is_missing(
    session: Session, signed_in_as: Browser, clock: Clock
) -> None:
    clock.now = START
    signed_in_as("bob").post(url("room_check_in", session))
    response = signed_in_as("bob").post(url("room_start", session))
    assert response.status_code == 409
    assert "Both of you check in first" in response.content.decode()


def test_notes_saved_by_the_script_come_back_with_their_revision(
    session: Session, signed_in_as: Browser
) -> None:
    saved = signed_in_as("bob").post(
        url("room_text", session),
        {"field": "shared_notes", "body": "first", "base_rev": 0, "operation": uuid4()},
        headers={"Accept": "application/json"},
    )
    assert saved.json() == {
        "field": "shared_notes",
        "rev": 1,
        "body": "first",
        "conflict": False,
        "copy": "",
    }
    state = signed_in_as("alice").get(url("room_state", session)).json()
    assert state["texts"]["shared_notes"] == {"body": "first", "rev": 1}


def test_two_people_writing_at_once_lose_nothing(session: Session, signed_in_as: Browser) -> None:
    for name, body in (("alice", "from alice"), ("bob", "from bob")):
        signed_in_as(name).post(
            url("room_text", session),
            {"field": "shared_notes", "body": body, "base_rev": 0, "operation": uuid4()},
        )
    page = signed_in_as("alice").get(url("room", session)).content.decode()
    assert "from alice" in page
    assert "Kept beside" in page
    assert "from bob" in page
    # Without script, too, it is put away by who has read it, and for both.
    form = page.partition(f'action="{url("room_put_away", session)}"')[2].partition("</form>")[0]
    copy = form.partition('name="copy" value="')[2].partition('"')[0]
    signed_in_as("alice").post(url("room_put_away", session), {"copy": copy})
    for name in ("alice", "bob"):
        page = signed_in_as(name).get(url("room", session)).content.decode()
        assert "Kept beside" not in page
        assert "from alice" in page
    history = signed_in_as("bob").get(url("room_history", session)).content.decode()
    assert "from bob" in history


def test_the_artifact_form_is_open_when_the_time_is_up_and_closes_the_session(
    session: Session, signed_in_as: Browser, clock: Clock
) -> None:
    both_start(signed_in_as, session, clock)
    clock.now = START + timedelta(minutes=21)
    page = signed_in_as("bob").get(url("room", session)).content.decode()
    assert "data-artifact open" in page
    handed_in = signed_in_as("bob").post(
        url("room_artifact", session),
        {
            "learned": "Rebase onto, then force with lease",
            "next_step": "Tidy the branch",
            "owner": _bob(session),
            "link": "",
        },
    )
    assert handed_in.status_code == 302
    assert "Rebase onto, then force with lease" in (
        signed_in_as("alice").get(url("room", session)).content.decode()
    )
    assert signed_in_as("alice").get(url("room_state", session)).json()["state"] == "closed"


def test_an_artifact_without_next_step_stays_on_the_page_with_what_was_typed(
    session: Session, signed_in_as: Browser, clock: Clock
) -> None:
    both_start(signed_in_as, session, clock)
    clock.now = START + timedelta(minutes=21)
    response = signed_in_as("bob").post(
        url("room_artifact", session),
        {"learned": "Half a thought", "next_step": "", "owner": _bob(session), "link": ""},
    )
    assert response.status_code == 422
    assert "Half a thought" in response.content.decode()


def test_what_is_refused_is_given_back_with_the_reason(
    session: Session, signed_in_as: Browser, clock: Clock
) -> None:
    """Without script the page that says no is all there is of what was typed."""
    bob = signed_in_as("bob")
    typed = {"learned": "Too early", "next_step": "Wait", "owner": _bob(session), "link": ""}
    early = bob.post(url("room_artifact", session), typed)
    assert early.status_code == 409
    assert "Too early</textarea>" in early.content.decode()
    notes = {"field": "notes", "body": "long " * 20_001, "base_rev": 0, "operation": uuid4()}
    long = bob.post(url("room_text", session), notes).content.decode()
    assert f"<pre>{'long ' * 20_001}" in long
    bob.post(url("session_cancel", session))
    over = bob.post(url("room_artifact", session), typed).content.decode()
    assert "<pre>Too early</pre>" in over
    assert "<pre>Wait</pre>" in over


def test_a_lead_corrects_who_was_there(
    world: World, session: Session, signed_in_as: Browser, clock: Clock
) -> None:
    with writing(world.organization):
        name_lead(world.program, world.people["charlie"], by=world.system, now=NOW)
    clock.now = START
    signed_in_as("bob").post(url("room_check_in", session))
    clock.now = START + timedelta(minutes=30)
    lead = signed_in_as("charlie")
    with writing(session.organization):
        settle_overdue(clock.now, by=world.system)
    assert "Did not come" in lead.get(url("room", session)).content.decode()
    lead.post(
        url("session_attendance", session),
        {"person": str(world.people["alice"].public_id), "attendance": "attended"},
    )
    assert (
        signed_in_as("bob").get(url("room_state", session)).json()["state"] == "awaiting_artifact"
    )


def test_nobody_corrects_their_own_attendance(
    session: Session, signed_in_as: Browser, clock: Clock
) -> None:
    response = signed_in_as("bob").post(
        url("session_attendance", session), {"person": _bob(session), "attendance": "attended"}
    )
    assert response.status_code == 403


def _bob(session: Session) -> str:
    with writing(session.organization):
        return str(session.booking.seats.get(n=1).person.public_id)
