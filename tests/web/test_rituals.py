"""What every session of a program has, edited by its lead."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from factories.world import NOW, World
from handrail.apps.organizations.scope import reading
from handrail.apps.programs.actions import edit_program
from handrail.apps.sessions import actions
from handrail.apps.sessions.models import Session
from handrail.apps.sessions.quiet import look_after_quiet

pytestmark = [pytest.mark.django_db, pytest.mark.later_on_postgresql]
Clock = Any  # of conftest.py
As = Callable[[str], Client]
FIRST = datetime(2026, 2, 3, 10, 0, tzinfo=UTC)
SECOND = datetime(2026, 2, 4, 10, 0, tzinfo=UTC)

RITUALS = {
    "checklist": "Bring the log\nOpen the branch\n\nSay what you tried",
    "learned": "What did the log tell you?",
    "next_step": "",
    "objectives_per_mentee": "0",
    "grace_minutes": "15",
    "no_show_limit": "1",
    "no_show_weeks": "4",
    "no_show_pause_days": "7",
    "consequences": "We all give our time. Tell us early.",
}


def booked(world: World, start: datetime) -> Session:
    assert world.program is not None
    world.program.refresh_from_db()
    return actions.book(
        world.program,
        world.person("bob"),
        world.person("alice"),
        start,
        "Rebase a branch",
        by=world.viewer("bob"),
        now=NOW,
    )


def test_m07_a_lead_writes_the_checklist_and_it_holds_for_new_sessions_alone(
    world: World, signed_in_as: As
) -> None:
    assert world.program is not None
    lead, page = signed_in_as("alice"), reverse("program_rituals", args=[world.program.public_id])
    with reading(world.organization):
        before = booked(world, FIRST)

    preview = lead.post(page, {**RITUALS, "do": "preview"})
    assert preview.status_code == 200
    for sentence in (
        "This is how it would look. Nothing is saved yet.",
        "What did the log tell you?",
        "We all give our time. Tell us early.",
        "Who is not here 15 minutes after the start, and has not cancelled, is recorded",
        "After 1 no-show within 4 weeks a mentee books nothing new for 7 days;",
        "A cancellation less than 2 hours before stands apart: late, and no no-show.",
    ):
        assert sentence in preview.content.decode(), sentence
    with reading(world.organization):
        world.program.refresh_from_db()
        assert world.program.grace_minutes == 10

    assert lead.post(page, {**RITUALS, "do": "save"}).status_code == 302
    with reading(world.organization):
        after = booked(world, SECOND)
        assert [item.text for item in after.checklist.all()] == [
            "Bring the log",
            "Open the branch",
            "Say what you tried",
        ]
        assert next(item.text for item in before.checklist.all()).startswith("Write down the one")
        assert (before.grace_minutes, after.grace_minutes) == (10, 15)

    mentee = signed_in_as("bob")
    old, new = (
        mentee.get(reverse("room", args=[session.public_id])).content.decode()
        for session in (before, after)
    )
    assert "What was learned or decided?" in old
    assert "What did the log tell you?" in new
    assert "What was learned or decided?" not in new


def test_what_cannot_stand_is_said_beside_its_field(world: World, signed_in_as: As) -> None:
    assert world.program is not None
    page = reverse("program_rituals", args=[world.program.public_id])
    wrong = {**RITUALS, "checklist": "One line", "grace_minutes": "25", "do": "save"}

    answer = signed_in_as("alice").post(page, wrong)

    assert answer.status_code == 422
    for sentence in (
        "A checklist has three to five lines. Add or remove some.",
        "Choose between 5 minutes and the 20 minutes of a session.",
    ):
        assert sentence in answer.content.decode()
    with reading(world.organization):
        world.program.refresh_from_db()
        assert world.program.grace_minutes == 10


def test_m07_both_people_see_a_tick(world: World, signed_in_as: As) -> None:
    with reading(world.organization):
        session = booked(world, FIRST)
        item = session.checklist.first()
        assert item is not None
    room = reverse("room", args=[session.public_id])
    signed_in_as("bob").post(
        reverse("room_tick", args=[session.public_id]), {"item": item.public_id, "ticked": "yes"}
    )

    for name in ("bob", "alice"):
        page = signed_in_as(name).get(room).content.decode()
        assert page.count('id="tick-1" aria-pressed="true"') == 1, name


def test_who_missed_says_so_in_the_room_and_the_mentor_decides_there(
    world: World, signed_in_as: As, clock: Clock
) -> None:
    with reading(world.organization):
        session = booked(world, FIRST)
        actions.check_in(session, by=world.viewer("alice"), now=FIRST)
        clock.now = FIRST + timedelta(minutes=11)
        actions.settle_overdue(clock.now, by=world.system)
    room = reverse("room", args=[session.public_id])
    mentee, mentor = signed_in_as("bob"), signed_in_as("alice")
    assert "You are recorded as not there." in mentee.get(room).content.decode()
    appeal = reverse("session_appeal", args=[session.public_id])
    assert mentee.post(appeal, {"text": "No"}).status_code == 422
    assert mentee.post(appeal, {"text": "My power was cut."}).status_code == 302

    assert "Bob says what happened" in mentor.get(reverse("today")).content.decode()
    page = mentor.get(room)
    assert "My power was cut." in page.content.decode()
    decide = reverse("appeal_decide", args=[page.context["appeals"][0]["appeal"].public_id])
    assert mentor.post(decide, {"decision": "excused", "word": "Sure"}).status_code == 302

    said = mentee.get(room).content.decode()
    assert "Had a good reason" in said
    assert "Sure" in said


def test_before_booking_it_is_said_what_a_no_show_means(world: World, signed_in_as: As) -> None:
    assert world.program is not None
    with reading(world.organization):
        edit_program(world.program, by=world.viewer("alice"), now=NOW, consequences="Be kind.")
    for name in ("session_book", "program_ask"):
        page = signed_in_as("bob").get(reverse(name, args=[world.program.public_id]))
        assert "<li>Be kind.</li>" in page.content.decode(), name
        assert "After 2 no-shows within 8 weeks" in page.content.decode(), name


def test_somebody_else_is_asked_for_out_of_the_room_without_a_reason(
    world: World, signed_in_as: As
) -> None:
    with reading(world.organization):
        session = booked(world, FIRST)
    mentee = signed_in_as("bob")
    room = reverse("room", args=[session.public_id])
    alice = world.person("alice").public_id
    assert world.program is not None
    page = f"{reverse('somebody_else', args=[world.program.public_id])}?person={alice}"
    assert page in mentee.get(room).content.decode()
    assert "1 session of the two of you is given back" in mentee.get(page).content.decode()

    answer = mentee.post(page, {"person": str(alice)})

    assert answer["Location"] == reverse("program_ask", args=[world.program.public_id])
    assert "This session was cancelled" in mentee.get(room).content.decode()
    ahead = signed_in_as("alice").get(room).content.decode()
    assert "cancelled" in ahead
    assert "Bob cancelled" not in ahead


def test_what_is_quiet_is_answered_from_today(world: World, signed_in_as: As, clock: Clock) -> None:
    clock.now = NOW + timedelta(days=90)
    look_after_quiet(by=world.system, now=clock.now)
    lead = signed_in_as("alice")
    question = lead.get(reverse("today")).context["going_on"][0]
    page = reverse("quiet_question", args=[question.public_id])
    assert "Nothing has happened in this program" in lead.get(page).content.decode()

    for verb, then in (("end", "Bring it back"), ("back", "You are asked again when")):
        assert lead.post(page, {"do": verb}).status_code == 302
        assert then in lead.get(page).content.decode()
    assert lead.get(reverse("today")).context["going_on"] == []
    assert lead.post(page, {"do": "nothing"}).status_code == 422
