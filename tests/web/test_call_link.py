"""The link to the call, where people meet it: in their settings and in the room."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Protocol
from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from factories.world import NOW, World, make_world
from handrail.apps.organizations.scope import reading, writing
from handrail.apps.people.models import Person
from handrail.apps.sessions.actions import book
from handrail.apps.sessions.models import Session

START = datetime(2026, 2, 2, 10, 0, tzinfo=UTC)
LINK = "https://meet.example.org/alice"
OTHER = "https://calls.example.org/for-once"
WHOLE = "Give a whole address that starts with https:// or http://."
NOBODYS = "Nobody has given a link to a call yet."
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
        )


def url(name: str, session: Session) -> str:
    return reverse(name, args=[session.public_id])


def room(client: Client, session: Session) -> str:
    return client.get(url("room", session)).content.decode()


def give(client: Client, session: Session, link: str, base_rev: int = 0, **more: Any) -> Any:
    said = {"call_link": link, "base_rev": base_rev, "operation": uuid4(), **more}
    return client.post(url("room_call_link", session), said)


def profile(**changes: str) -> dict[str, str]:
    return {
        "name": "Alice",
        "timezone": "Europe/Berlin",
        "works_from_min": "09:00",
        "works_to_min": "17:00",
        "minutes_per_week": "60",
        "languages": "",
        "language": "en",
        **changes,
    }


def save_settings(client: Client, link: str) -> HttpResponse:
    return client.post(reverse("settings"), profile(call_link=link))


def stored(world: World, name: str) -> str:
    with reading(world.organization):
        return Person.objects.get(pk=world.people[name].pk).call_link


def test_without_a_link_the_room_says_so_and_offers_the_form(
    session: Session, signed_in_as: Browser
) -> None:
    for name in ("alice", "bob"):
        page = room(signed_in_as(name), session)
        assert NOBODYS in page
        assert f'action="{url("room_call_link", session)}"' in page
        assert "Join the call" not in page


def test_what_the_mentor_sets_once_both_find_in_the_room(
    world: World, session: Session, signed_in_as: Browser
) -> None:
    assert save_settings(signed_in_as("alice"), LINK).status_code == 302
    assert stored(world, "alice") == LINK
    button = f'href="{LINK}" target="_blank" rel="noopener noreferrer"'
    seen_by_bob = room(signed_in_as("bob"), session)
    seen_by_alice = room(signed_in_as("alice"), session)
    assert button in seen_by_bob
    assert "This is where Alice takes calls." in seen_by_bob
    assert button in seen_by_alice
    assert "This is where you take calls." in seen_by_alice
    assert NOBODYS not in seen_by_bob


def test_either_gives_another_link_for_the_session(session: Session, signed_in_as: Browser) -> None:
    save_settings(signed_in_as("alice"), LINK)
    assert give(signed_in_as("bob"), session, OTHER).status_code == 302
    page = room(signed_in_as("alice"), session)
    assert f'href="{OTHER}"' in page
    assert "Bob gave this link for this session." in page
    assert f'href="{LINK}"' not in page


def test_a_bad_link_stays_in_its_box_with_what_to_do(
    session: Session, signed_in_as: Browser
) -> None:
    for said in (
        give(signed_in_as("bob"), session, "meet.example.org/bob"),
        save_settings(signed_in_as("alice"), "meet.example.org/bob"),
    ):
        page = said.content.decode()
        assert said.status_code == 422
        assert WHOLE in page
        assert 'value="meet.example.org/bob"' in page
    assert NOBODYS in room(signed_in_as("bob"), session)


@pytest.mark.parametrize("link", ["javascript:alert(1)", "https://x.example/" + "a" * 500])
def test_no_script_and_no_endless_address(
    session: Session, signed_in_as: Browser, link: str
) -> None:
    assert give(signed_in_as("bob"), session, link).status_code == 422
    assert save_settings(signed_in_as("alice"), link).status_code == 422


def test_two_links_at_once_are_both_kept(session: Session, signed_in_as: Browser) -> None:
    give(signed_in_as("alice"), session, LINK)
    give(signed_in_as("bob"), session, OTHER)
    page = room(signed_in_as("bob"), session)
    assert f'href="{LINK}"' in page
    assert "Kept beside" in page
    assert f"<pre data-copy-text>{OTHER}</pre>" in page


def test_a_page_without_its_revision_is_refused(session: Session, signed_in_as: Browser) -> None:
    refused = give(signed_in_as("bob"), session, OTHER, base_rev="")
    assert refused.status_code == 422
    assert "The page is too old." in refused.content.decode()


def test_who_is_not_of_the_session_neither_reads_nor_gives_it(
    world: World, session: Session, signed_in_as: Browser
) -> None:
    give(signed_in_as("bob"), session, OTHER)
    for name, status in (("charlie", 404), ("adam", 403)):
        client = signed_in_as(name)
        assert OTHER not in room(client, session)
        assert give(client, session, LINK, 1).status_code == status
    assert f'href="{OTHER}"' in room(signed_in_as("bob"), session)


def test_a_stranger_of_another_organisation_neither_reads_nor_gives_it(
    session: Session, signed_in_as: Browser
) -> None:
    give(signed_in_as("bob"), session, OTHER)
    stranger = Client()
    stranger.force_login(
        make_world("Fabrikam").users["bob"], "django.contrib.auth.backends.ModelBackend"
    )
    assert stranger.get(url("room", session)).status_code == 404
    assert give(stranger, session, LINK, 1).status_code == 404
    assert f'href="{OTHER}"' in room(signed_in_as("bob"), session)


def test_an_administrator_edits_a_profile_without_its_link(
    world: World, signed_in_as: Browser
) -> None:
    save_settings(signed_in_as("alice"), LINK)
    address = reverse("person_edit", args=[world.people["alice"].public_id])
    adam = signed_in_as("adam")
    assert LINK not in adam.get(address).content.decode()
    assert adam.post(address, profile(name="Alix", call_link=OTHER)).status_code == 302
    assert stored(world, "alice") == LINK
    for name in ("adam", "charlie", "bob", "mona"):
        page = signed_in_as(name).get(reverse("person", args=[world.people["alice"].public_id]))
        assert LINK not in page.content.decode()


def test_once_over_the_room_leads_to_no_call(
    session: Session, signed_in_as: Browser, clock: Clock
) -> None:
    save_settings(signed_in_as("alice"), LINK)
    clock.now = START
    for name in ("alice", "bob"):
        signed_in_as(name).post(url("room_check_in", session))
    assert f'href="{LINK}"' in room(signed_in_as("bob"), session)
    signed_in_as("bob").post(url("room_finish", session))
    page = room(signed_in_as("bob"), session)
    assert LINK not in page
    assert "Join the call" not in page
    refused = give(signed_in_as("bob"), session, OTHER)
    assert refused.status_code == 409
    assert "The time of this session is over." in refused.content.decode()
