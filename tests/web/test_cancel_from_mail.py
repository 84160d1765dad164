"""The link in a mail: whoever reads it cancels with one button, signed in or not."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from factories.world import NOW, World
from handrail.apps.organizations.scope import reading
from handrail.apps.outbox.runner import drain
from handrail.apps.sessions.mail_links import cancel_word
from handrail.apps.sessions.models import Session, SessionState
from handrail.integrations.mail_folder import list_mails, read_mail

Browser = Callable[[str], Client]


@pytest.fixture
def link(world: World, signed_in_as: Browser, tmp_path: Path) -> str:
    """The way to cancel in the invitation that bob gets."""
    assert world.program is not None
    signed_in_as("bob").post(
        reverse("session_book", args=[world.program.public_id]),
        {
            "mentor": str(world.people["alice"].public_id),
            "starts_at": "2026-02-03T10:00:00+00:00",
            "objective": "Rebase a branch without fear",
            "key": "one",
        },
    )
    drain(now=NOW)
    return link_of("bob", tmp_path)


def link_of(name: str, folder: Path) -> str:
    listed = [mail for mail in list_mails(folder / "mail") if f"{name}@" in mail.recipient]
    mail = read_mail(folder / "mail", listed[0].name)
    assert mail is not None
    part = mail.get_body(("plain",))
    assert part is not None
    found = re.search(r"http://\S+(/sessions/\S+/cancel/\S+)", part.get_content())
    assert found is not None
    return found[1]


def state(world: World) -> str:
    with reading(world.organization):
        return Session.objects.get().state


def test_opening_it_cancels_nothing_and_its_one_button_does(world: World, link: str) -> None:
    somebody = Client()
    page = somebody.get(link)
    assert page.status_code == 200
    assert "Cancel this session?" in page.content.decode()
    assert "Rebase a branch without fear" in page.content.decode()
    assert state(world) == SessionState.SCHEDULED
    done = somebody.post(link)
    assert "This session is cancelled" in done.content.decode()
    assert state(world) == SessionState.CANCELLED


def test_the_other_person_is_told_who_cancelled(world: World, link: str, tmp_path: Path) -> None:
    Client().post(link)
    drain(now=NOW)
    with reading(world.organization):
        assert Session.objects.get().cancelled_by == world.people["bob"]
    mails = list_mails(tmp_path / "mail")
    subjects = [mail.subject for mail in mails if "alice@" in mail.recipient]
    assert "Cancelled: session with Bob on Tue 3 Feb 2026, 11:00" in subjects


def test_it_shows_the_readers_own_time_and_language(world: World, link: str) -> None:
    with reading(world.organization):
        bob = world.people["bob"]
        bob.language, bob.timezone = "de", "Asia/Tokyo"
        bob.save()
    page = Client().get(link).content.decode()
    assert "Diese Sitzung absagen?" in page
    assert "19:00" in page


def test_who_is_signed_in_as_somebody_else_still_cancels_as_the_mails_reader(
    world: World, signed_in_as: Browser, link: str
) -> None:
    signed_in_as("charlie").post(link)
    with reading(world.organization):
        assert Session.objects.get().cancelled_by == world.people["bob"]


def test_a_second_tap_finds_it_cancelled(world: World, link: str) -> None:
    Client().post(link)
    assert "This session is cancelled" in Client().get(link).content.decode()
    assert "This session is cancelled" in Client().post(link).content.decode()


@pytest.mark.parametrize("word", ["", "?word=", "?word=made-up", "?word=a:b:c"])
def test_another_word_opens_nothing(world: World, link: str, word: str) -> None:
    address = link.partition("?")[0] + word
    assert Client().get(address).status_code == 404
    assert Client().post(address).status_code == 404
    assert state(world) == SessionState.SCHEDULED


def test_the_word_of_one_session_opens_no_other(
    world: World, signed_in_as: Browser, link: str
) -> None:
    assert world.program is not None
    room = signed_in_as("bob").post(
        reverse("session_book", args=[world.program.public_id]),
        {
            "mentor": str(world.people["alice"].public_id),
            "starts_at": "2026-02-04T10:00:00+00:00",
            "objective": "Rebase a branch without fear",
            "key": "two",
        },
    )
    word = link.partition("?")[2]
    assert Client().post(f"{room.url}cancel/from-mail/?{word}").status_code == 404


def test_the_word_of_somebody_who_has_no_seat_opens_nothing(world: World, link: str) -> None:
    with reading(world.organization):
        word = cancel_word(Session.objects.get(), world.people["charlie"])
    assert Client().get(f"{link.partition('?')[0]}?word={word}").status_code == 404
