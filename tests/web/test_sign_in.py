"""Signing in: by a code in a mail, by password, in one's own language, and out again."""

from __future__ import annotations

import re

import pytest
from django.conf import settings
from django.core import mail
from django.test import Client
from django.utils import translation
from django.utils.translation import gettext

from factories.world import NOW, World
from handrail.apps.organizations.actions import revoke_member


def ask_for_code(client: Client, email: str, **headers: str) -> str:
    """Ask for a code; the last mail's code comes back, or nothing where none was sent."""
    client.post("/account/login/code/", {"email": email}, headers=headers)
    found = (
        re.search(r"^\s*([A-Z0-9]{4,}-?[A-Z0-9]+)\s*$", mail.outbox[-1].body, re.M)
        if (mail.outbox)
        else None
    )
    return found[1] if found else ""


def test_a_code_from_the_mail_signs_in(world: World) -> None:
    client = Client()
    code = ask_for_code(client, world.users["bob"].email)
    response = client.post("/account/login/code/confirm/", {"code": code})
    assert response.status_code == 302
    assert "Today" in client.get("/").content.decode()


def test_a_page_does_not_say_twice_that_a_code_was_sent_or_that_it_worked(world: World) -> None:
    client = Client()
    code = ask_for_code(client, world.users["bob"].email)
    assert client.get("/account/login/code/confirm/").content.decode().count("sent") == 1
    client.post("/account/login/code/confirm/", {"code": code})
    assert "uccessfully" not in client.get("/").content.decode()


def test_the_link_in_a_mail_begins_with_the_address_that_was_set(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "BASE_URL", "https://handrail.example.org")
    Client().post("/account/password/reset/", {"email": world.users["bob"].email})
    assert "\nhttps://handrail.example.org/account/password/reset/key/" in mail.outbox[-1].body


def test_a_wrong_code_signs_nobody_in(world: World) -> None:
    client = Client()
    ask_for_code(client, world.users["bob"].email)
    client.post("/account/login/code/confirm/", {"code": "WRONG1"})
    assert client.get("/").url == "/welcome/"


def test_an_unknown_address_is_answered_alike_and_gets_no_mail(world: World) -> None:
    known = Client().post("/account/login/code/", {"email": world.users["bob"].email})
    sent = len(mail.outbox)
    unknown = Client().post("/account/login/code/", {"email": "eve@example.org"})
    assert (unknown.status_code, unknown.url) == (known.status_code, known.url)
    assert len(mail.outbox) == sent


def test_the_mail_with_the_code_is_short_and_has_the_code_in_its_subject(world: World) -> None:
    code = ask_for_code(Client(), world.users["bob"].email)
    assert mail.outbox[-1].subject == f"Your code: {code}"
    assert len(mail.outbox[-1].body.splitlines()) < 12


def test_a_mail_is_written_in_the_readers_language(world: World) -> None:
    Client().post(
        "/account/password/reset/",
        {"email": world.users["bob"].email},
        headers={"Accept-Language": "de"},
    )
    with translation.override("de"):
        assert mail.outbox[-1].subject == gettext("Set a new password")


def test_a_password_signs_in_and_the_button_signs_out(world: World) -> None:
    user = world.users["bob"]
    user.set_password("three quiet stages")
    user.save()
    client = Client()
    client.post("/account/login/", {"login": user.email, "password": "three quiet stages"})
    assert "Today" in client.get("/").content.decode()
    client.post("/account/logout/")
    assert client.get("/").url == "/welcome/"


def test_who_lost_the_place_here_is_signed_in_to_nothing(world: World) -> None:
    client = Client()
    client.force_login(world.users["bob"], "django.contrib.auth.backends.ModelBackend")
    revoke_member(world.people["bob"].membership, by=world.system, now=NOW)
    assert "not a member anywhere" in client.get("/", follow=True).content.decode()
