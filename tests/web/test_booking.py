"""Booking, moving and cancelling without script: a radio list, a button."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from factories.world import NOW, World
from handrail.apps.organizations.scope import reading, writing
from handrail.apps.programs.actions import enrol
from handrail.apps.programs.models import EnrolmentRole
from handrail.apps.sessions.models import Session, SessionState

Browser = Callable[[str], Client]
STARTS = re.compile(r'name="starts_at" value="([^"]+)"')


@pytest.fixture
def booking_page(world: World) -> str:
    assert world.program is not None
    return reverse("session_book", args=[world.program.public_id])


def book(client: Client, page: str, world: World, start: str, key: str = "one") -> object:
    return client.post(
        page,
        {
            "mentor": str(world.people["alice"].public_id),
            "starts_at": start,
            "objective": "Rebase a branch without fear",
            "key": key,
        },
    )


def test_the_list_offers_only_times_inside_both_peoples_hours(
    signed_in_as: Browser, booking_page: str
) -> None:
    starts = STARTS.findall(signed_in_as("bob").get(booking_page).content.decode())
    # Monday 2026-02-02 09:00 in Berlin is now; 16:30 is the last start before 17:00.
    assert starts[0] == "2026-02-02T08:00:00+00:00"
    assert "2026-02-02T15:30:00+00:00" in starts
    assert "2026-02-02T16:00:00+00:00" not in starts
    assert not [start for start in starts if start.startswith("2026-02-07")]  # a Saturday


def test_the_page_opens_with_the_first_mentor_who_has_a_time(
    world: World, signed_in_as: Browser, booking_page: str
) -> None:
    nora = world.add(
        "nora", role="mentor", offers={"git": 5}, minutes_per_week=60, works=(0, 4 * 60)
    )
    with writing(world.organization):
        assert world.program is not None
        enrol(world.program, nora, EnrolmentRole.MENTOR, by=world.system, now=NOW)
    page = signed_in_as("bob").get(booking_page).content.decode()
    assert page.index("Nora") < page.index("Alice")  # the strongest first, but never free
    assert "When do you want to meet Alice?" in page
    chosen = signed_in_as("bob").get(booking_page, {"mentor": str(nora.public_id)})
    assert "There is no time within two weeks" in chosen.content.decode()


def test_a_mentee_books_and_lands_in_the_room(
    world: World, signed_in_as: Browser, booking_page: str
) -> None:
    response = book(signed_in_as("bob"), booking_page, world, "2026-02-03T10:00:00+00:00")
    with reading(world.organization):
        session = Session.objects.get()
    assert response.url == reverse("room", args=[session.public_id])


def test_pressing_the_button_twice_books_once(
    world: World, signed_in_as: Browser, booking_page: str
) -> None:
    first = book(signed_in_as("bob"), booking_page, world, "2026-02-03T10:00:00+00:00")
    second = book(signed_in_as("bob"), booking_page, world, "2026-02-03T10:00:00+00:00")
    assert first.url == second.url


def test_a_time_that_was_just_taken_is_answered_with_the_next_three(
    world: World, signed_in_as: Browser, booking_page: str
) -> None:
    book(signed_in_as("bob"), booking_page, world, "2026-02-03T10:00:00+00:00")
    response = book(
        signed_in_as("bob"), booking_page, world, "2026-02-03T10:00:00+00:00", key="two"
    )
    assert response.status_code == 409
    assert STARTS.findall(response.content.decode())[:3] == [
        "2026-02-03T10:30:00+00:00",
        "2026-02-03T11:00:00+00:00",
        "2026-02-03T11:30:00+00:00",
    ]


def test_a_booking_without_objective_keeps_the_page_and_says_so(
    world: World, signed_in_as: Browser, booking_page: str
) -> None:
    response = signed_in_as("bob").post(
        booking_page,
        {
            "mentor": str(world.people["alice"].public_id),
            "starts_at": "2026-02-03T10:00:00+00:00",
            "objective": "",
        },
    )
    assert response.status_code == 422
    with reading(world.organization):
        assert not Session.objects.exists()


def test_a_stranger_to_the_program_cannot_book_in_it(
    signed_in_as: Browser, booking_page: str
) -> None:
    assert signed_in_as("charlie").get(booking_page).status_code == 404


def test_the_link_of_a_reminder_opens_a_page_and_only_its_button_cancels(
    world: World, signed_in_as: Browser, booking_page: str
) -> None:
    client = signed_in_as("bob")
    room = book(client, booking_page, world, "2026-02-03T10:00:00+00:00").url
    page = client.get(f"{room}cancel/")
    with reading(world.organization):
        assert Session.objects.get().state == SessionState.SCHEDULED
    assert "Cancel this session?" in page.content.decode()
    client.post(f"{room}cancel/")
    with reading(world.organization):
        assert Session.objects.get().state == SessionState.CANCELLED


def test_a_moved_session_keeps_its_room(
    world: World, signed_in_as: Browser, booking_page: str
) -> None:
    client = signed_in_as("bob")
    room = book(client, booking_page, world, "2026-02-03T10:00:00+00:00").url
    moved = client.post(f"{room}move/", {"starts_at": "2026-02-04T13:00:00+00:00", "key": "m"})
    assert moved.url == room
    assert "14:00" in client.get(room).content.decode()


def test_why_not_another_time_is_answered_in_the_readers_own_time(
    world: World, signed_in_as: Browser, booking_page: str
) -> None:
    bob = signed_in_as("bob")
    asked = {"mentor": str(world.people["alice"].public_id)}
    late = bob.get(booking_page, {**asked, "why": "2026-02-03T19:00"}).content.decode()
    assert "<li>Alice does not work then.</li><li>It is outside your hours.</li>" in late
    free = bob.get(booking_page, {**asked, "why": "2026-02-03T11:05"}).content.decode()
    assert "Both of you are free then." in free
    past = bob.get(booking_page, {**asked, "why": "2026-02-02T08:00"}).content.decode()
    assert past.count("This time is past or too close") == 1
    for wrong, said in (
        ("never", "Write a day and a time."),
        ("2026-02-03T11:03", "such as 10:00"),
    ):
        answer = bob.get(booking_page, {**asked, "why": wrong})
        assert (answer.status_code, said in answer.content.decode()) == (200, True)
