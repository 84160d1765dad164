"""Who gets in, and where they are sent otherwise."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.db import DataError
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from factories.world import NOW, World, make_world
from handrail.apps.organizations.actions import add_member


def test_a_visitor_who_is_not_signed_in_is_shown_the_welcome_page(world: World) -> None:
    response = Client().get("/", follow=True)
    assert response.redirect_chain == [("/welcome/", 302)]
    assert response.status_code == 200


def test_a_page_of_the_inside_sends_to_the_sign_in_and_remembers_the_way(world: World) -> None:
    response = Client().get("/people/?q=git")
    assert response.status_code == 302
    assert response["Location"] == "/account/login/?next=/people/%3Fq%3Dgit"


def test_nobody_can_sign_up(world: World) -> None:
    response = Client().post(
        "/account/signup/",
        {"email": "eve@example.org", "password1": "a long password 1", "password2": "x"},
    )
    assert b"password1" not in response.content
    assert not world.users["alice"].__class__.objects.filter(email="eve@example.org").exists()


def test_who_is_in_two_organisations_chooses_one(
    world: World, signed_in_as: Callable[[str], Client]
) -> None:
    other = make_world("Southwind")
    add_member(other.organization, world.users["bob"].email, by=other.system, now=NOW)
    client = signed_in_as("bob")
    assert client.get("/").url == reverse("choose_organization")
    client.post(reverse("choose_organization"), {"to": str(other.organization.public_id)})
    assert b"Southwind" in client.get("/people/").content


def test_an_organisation_one_is_no_member_of_cannot_be_chosen(
    world: World, signed_in_as: Callable[[str], Client]
) -> None:
    other = make_world("Southwind")
    response = signed_in_as("bob").post(
        reverse("choose_organization"), {"to": str(other.organization.public_id)}
    )
    assert response.status_code == 404


def test_a_person_of_another_organisation_looks_like_nobody(
    world: World, signed_in_as: Callable[[str], Client]
) -> None:
    other = make_world("Southwind")
    client = signed_in_as("bob")
    foreign = client.get(reverse("person", args=[other.people["alice"].public_id]))
    absent = client.get(reverse("person", args=[other.organization.public_id]))
    assert (foreign.status_code, absent.status_code) == (404, 404)
    assert plain(foreign) == plain(absent)


def test_pages_carry_no_inline_script_or_style(
    world: World, signed_in_as: Callable[[str], Client]
) -> None:
    page = signed_in_as("alice").get("/")
    assert "script-src 'self'" in page["Content-Security-Policy"]
    assert b"style=" not in page.content
    assert b"onclick" not in page.content


def plain(response: HttpResponse) -> str:
    """The page without the token that differs on every answer."""
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", response.content.decode())


def test_what_the_database_cannot_keep_is_told_on_a_page(
    signed_in_as: Callable[[str], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise DataError("PostgreSQL text fields cannot contain NUL (0x00) bytes")

    monkeypatch.setattr("handrail.web.views.people.queries.people_list", refuse)
    answer = signed_in_as("alice").get("/people/", {"q": "ab"})
    assert answer.status_code == 422
    assert "The request cannot be read." in answer.content.decode()


@pytest.mark.parametrize("path", ["/people/?q=a%00b", "/hooks/a%00b", "/api/v1/people?search=%00"])
def test_an_address_with_a_nul_is_no_request(
    signed_in_as: Callable[[str], Client], path: str
) -> None:
    client = signed_in_as("alice")
    status = client.post(path).status_code if "hooks" in path else client.get(path).status_code
    assert status == (401 if "api" in path else 400)  # a key is asked for first
