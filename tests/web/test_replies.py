"""Answers by mail on the pages: who accepted, a proposed time to take, the administrator's list."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from factories.world import NOW, World
from handrail.apps.calendars.actions import record_answer
from handrail.apps.calendars.models import Booking, Seat
from handrail.apps.organizations.scope import writing
from handrail.apps.sessions.actions import book
from handrail.apps.sessions.models import ReceivedMail, Session, TimeProposal
from handrail.apps.sessions.replies.proposals import propose

Browser = Callable[[str], Client]
START = datetime(2026, 2, 3, 10, 0, tzinfo=UTC)
LATER = datetime(2026, 2, 4, 10, 0, tzinfo=UTC)


@pytest.fixture
def session(world: World) -> Session:
    with writing(world.organization):
        assert world.program is not None
        session = book(
            world.program, world.people["bob"], world.people["alice"], START, "Rebase a branch",
            by=world.viewer("bob"), now=NOW,
        )  # fmt: skip
        seats = list(Seat.objects.filter(booking=session.booking).select_related("person"))
        bob = next(seat for seat in seats if seat.person == world.people["bob"])
        record_answer(bob, "tentative")
        propose(session, seats, bob, LATER, NOW)
        return session


def test_a_proposed_time_is_taken_in_the_room(
    world: World, session: Session, signed_in_as: Browser
) -> None:
    bob, alice = signed_in_as("bob"), signed_in_as("alice")
    with writing(world.organization):
        proposal = TimeProposal.objects.get()
    room = reverse("room", args=[session.public_id])
    answer = reverse("room_proposal", args=[session.public_id, proposal.public_id])
    assert "You proposed another time" in bob.get(room).content.decode()
    assert answer not in bob.get(room).content.decode()
    assert "Bob proposes another time" in alice.get(reverse("today")).content.decode()
    assert "proposes another time" not in bob.get(reverse("today")).content.decode()
    shown = alice.get(room).content.decode()
    assert "Bob proposes another time" in shown
    assert " · maybe" in shown
    assert "· maybe" in alice.get(reverse("sessions")).content.decode()
    assert "other person answers" in bob.post(answer, {"do": "accept"}).content.decode()
    taken = alice.post(answer, {"do": "accept"})
    assert (taken.status_code, taken["Location"]) == (302, room)
    with writing(world.organization):
        assert Booking.objects.get().starts_at == LATER
    assert "Bob proposes" not in alice.get(room).content.decode()
    assert alice.post(answer, {"do": "accept"}).status_code == 409


def test_the_administrator_sees_what_came_in_and_why_it_was_refused(
    world: World, signed_in_as: Browser, settings: Any
) -> None:
    with writing(world.organization):
        for number, outcome in enumerate(("accepted", "unproven")):
            ReceivedMail.objects.create(
                organization=world.organization,
                key=str(number),
                received_at=NOW,
                sender=f"{number}@northwind.example",
                outcome=outcome,
            )
    adam = signed_in_as("adam")
    shown = adam.get(reverse("mail_in")).content.decode()
    assert "Answers are not read" in shown
    assert "0@northwind.example" in shown
    assert "The mail server does not confirm who sent it. It may be forged." in shown
    settings.MAIL_IN, settings.MAIL_IN_ADDRESS = "folder", "answers@handrail.example"
    refused = adam.get(reverse("mail_in"), {"show": "refused"}).content.decode()
    assert "Answers go to answers@handrail.example" in refused
    assert "0@northwind.example" not in refused
