"""The page of one's calendars, and one's sessions under a secret address."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime

import icalendar
import pytest
from django.test import Client
from django.urls import reverse

from factories.world import NOW, World
from handrail.apps.calendars.models import CalendarSource
from handrail.apps.calendars.sources import secret_of
from handrail.apps.organizations.scope import reading, writing
from handrail.apps.sessions.actions import book, cancel
from handrail.apps.sessions.models import Session

Browser = Callable[[str], Client]
ADDRESS = "webcal://feed.example.org/secret-word.ics"
START = datetime(2026, 2, 3, 10, 0, tzinfo=UTC)


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
        )


def page(client: Client) -> str:
    return client.get(reverse("calendars")).content.decode()


def test_a_calendar_is_added_shown_without_its_address_and_removed(
    world: World, signed_in_as: Browser
) -> None:
    alice = signed_in_as("alice")
    answer = alice.post(reverse("calendars"), {"name": "Work", "address": ADDRESS})
    assert (answer.status_code, answer.url) == (302, reverse("calendars"))
    shown = page(alice)
    assert "feed.example.org" in shown
    assert "Not read yet" in shown
    assert "secret-word" not in shown
    with reading(world.organization):
        source = CalendarSource.objects.get()
        source.trouble, source.good_at = "status-404", NOW
        source.problems = [["unknown-zone", 2, "Mars/Olympus"]]
        source.save()
    shown = page(alice)
    assert "The calendar is not there any more. Publish it anew." in shown
    assert "Until then the times from before count." in shown
    assert "The time zone “Mars/Olympus” is not known." in shown
    assert "feed.example.org" not in page(signed_in_as("bob"))
    alice.post(reverse("calendar_remove", args=[source.public_id]))
    assert "feed.example.org" not in page(alice)


def test_what_is_wrong_with_an_address_stands_beside_it(signed_in_as: Browser) -> None:
    answer = signed_in_as("alice").post(
        reverse("calendars"), {"name": "Work", "address": "http://feed.example.org/a.ics"}
    )
    assert answer.status_code == 422
    said = "Only addresses that start with https:// or webcal:// are read."
    assert said in answer.content.decode()


def test_calendars_of_a_server_are_added_and_neither_address_nor_password_is_shown(
    world: World, signed_in_as: Browser
) -> None:
    alice = signed_in_as("alice")
    given = {
        "kind": "caldav", "name": "Home", "address": "https://dav.example.org/secret-word/",
        "user": "alice", "password": " app pass ",
    }  # fmt: skip
    refused = alice.post(reverse("calendars"), {**given, "user": "", "address": "ftp://x"})
    assert refused.status_code == 422
    assert 'id="id_server_user"' in refused.content.decode()
    assert "app pass" not in refused.content.decode()
    answer = alice.post(reverse("calendars"), given)
    assert answer.status_code == 302
    shown = page(alice)
    assert "calendar server (CalDAV), dav.example.org" in shown
    assert "secret-word" not in shown
    with reading(world.organization):
        source = CalendarSource.objects.get()
        assert secret_of(source) == {
            "address": "https://dav.example.org/secret-word/", "user": "alice",
            "password": " app pass ",
        }  # fmt: skip
        assert "secret-word" not in source.address_sealed


def feed_path(client: Client) -> str:
    found = re.search(r'<code class="secret">https?://[^/]+([^<]+)</code>', page(client))
    assert found is not None
    return found[1]


def test_ones_sessions_stand_under_a_secret_address_until_it_is_revoked(
    world: World, signed_in_as: Browser, session: Session
) -> None:
    bob, anybody = signed_in_as("bob"), Client()
    bob.post(reverse("calendar_feed"), {"do": "renew"})
    first = feed_path(bob)
    answer = anybody.get(first)
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    calendar = icalendar.Calendar.from_ical(answer.content)
    assert [str(zone["TZID"]) for zone in calendar.walk("VTIMEZONE")] == ["Europe/Berlin"]
    (event,) = calendar.walk("VEVENT")
    assert str(event["UID"]) == session.booking.uid
    assert event["DTSTART"].dt == START
    assert event["DTSTART"].params["TZID"] == "Europe/Berlin"
    assert str(event["SUMMARY"]) == "Session with Alice"
    text = answer.content.decode()
    for kept_back in ("METHOD", "ORGANIZER", "ATTENDEE", "Rebase", "@northwind.example"):
        assert kept_back not in text
    with writing(world.organization):
        cancel(session, by=world.viewer("bob"), now=NOW)
    assert "BEGIN:VEVENT" not in anybody.get(first).content.decode()

    bob.post(reverse("calendar_feed"), {"do": "renew"})
    second = feed_path(bob)
    assert (anybody.get(first).status_code, anybody.get(second).status_code) == (404, 200)
    bob.post(reverse("calendar_feed"), {"do": "revoke"})
    assert anybody.get(second).status_code == 404
    assert '<code class="secret">' not in page(bob)


def test_a_word_that_was_made_up_opens_nothing() -> None:
    assert Client().get(reverse("own_feed", args=["WzEsIm5vbmUiXQ:1abc:x"])).status_code == 404
