"""The link to the call over the wire: the two of a session read and give it, nobody else."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from factories.world import NOW, World, make_world
from handrail.apps.organizations.actions import API_SCOPES, create_api_key
from handrail.apps.organizations.scope import writing
from handrail.apps.programs.actions import name_lead

pytestmark = pytest.mark.django_db
Ask = Callable[..., HttpResponse]
LINK = "https://meet.example.org/alice"
OTHER = "https://calls.example.org/for-once"


@pytest.fixture
def world(db: None, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr("handrail.site.middleware.timezone.now", lambda: NOW)
    return make_world()


@pytest.fixture
def asking(world: World) -> Callable[[str], Ask]:
    """Requests with this person's key."""

    def as_person(name: str) -> Ask:
        with writing(world.organization):
            secret = create_api_key("mine", tuple(API_SCOPES), by=world.viewer(name), now=NOW)[1]

        def ask(method: str, path: str, body: Any = None) -> HttpResponse:
            headers = {"Authorization": f"Bearer {secret}", "Idempotency-Key": uuid.uuid4().hex}
            return Client(raise_request_exception=False).generic(
                method, f"/api/v1{path}", json.dumps(body or {}), "application/json",
                headers=headers,
            )  # fmt: skip

        return ask

    return as_person


def booked(world: World, bob: Ask, day: int = 3) -> str:
    assert world.program is not None
    answer = bob(
        "POST",
        "/sessions",
        {
            "program": str(world.program.public_id),
            "mentor": str(world.people["alice"].public_id),
            "starts_at": f"2026-02-0{day}T10:00:00Z",
        },
    )
    assert answer.status_code == 201, answer.content
    return f"/sessions/{json.loads(answer.content)['id']}"


def link_in(answer: HttpResponse) -> str | None:
    assert answer.status_code == 200, answer.content
    link: str | None = json.loads(answer.content)["call_link"]
    return link


def given(link: str, base_rev: int = 0) -> dict[str, Any]:
    return {"operation": str(uuid.uuid4()), "base_rev": base_rev, "call_link": link}


def test_settings_are_read_and_written_by_their_person_alone(
    world: World, asking: Callable[[str], Ask]
) -> None:
    alice, adam = asking("alice"), asking("adam")
    path = f"/people/{world.people['alice'].public_id}"
    assert link_in(alice("PATCH", path, {"call_link": LINK})) == LINK
    assert link_in(alice("GET", path)) == LINK
    for name in ("bob", "charlie", "mona", "adam"):
        assert link_in(asking(name)("GET", path)) is None
    assert adam("PATCH", path, {"call_link": OTHER}).status_code == 403
    assert link_in(adam("PATCH", path, {"name": "Alix"})) is None
    assert link_in(alice("PATCH", path, {"call_link": ""})) == ""


def test_a_bad_link_is_a_problem_of_its_field(world: World, asking: Callable[[str], Ask]) -> None:
    bob = asking("bob")
    session = booked(world, bob)
    for method, path, body in (
        ("PUT", f"{session}/call-link", given("javascript:alert(1)")),
        ("PATCH", f"/people/{world.people['bob'].public_id}", {"call_link": "meet.example"}),
    ):
        answer = bob(method, path, body)
        assert answer.status_code == 422
        assert "Give a whole address that starts with https:// or http://." in str(
            json.loads(answer.content)
        )


def test_the_two_read_the_link_of_their_session_and_a_lead_does_not(
    world: World, asking: Callable[[str], Ask]
) -> None:
    bob, alice, charlie = asking("bob"), asking("alice"), asking("charlie")
    session = booked(world, bob)
    alice("PATCH", f"/people/{world.people['alice'].public_id}", {"call_link": LINK})
    assert link_in(bob("GET", session)) == LINK
    answer = bob("PUT", f"{session}/call-link", given(OTHER))
    assert json.loads(answer.content) == {
        "field": "call_link", "rev": 1, "body": OTHER, "conflict": False
    }  # fmt: skip
    assert link_in(alice("GET", session)) == OTHER
    assert charlie("GET", session).status_code == 404
    assert charlie("PUT", f"{session}/call-link", given(LINK, 1)).status_code == 404
    assert world.program is not None
    with writing(world.organization):
        name_lead(world.program, world.people["charlie"], by=world.system, now=NOW)
    assert link_in(charlie("GET", session)) is None
    listed = charlie("GET", f"/programs/{world.program.public_id}/sessions")
    assert [one["call_link"] for one in json.loads(listed.content)["data"]] == [None]
    assert charlie("PUT", f"{session}/call-link", given(LINK, 1)).status_code == 403


def test_a_cancelled_session_has_no_link(world: World, asking: Callable[[str], Ask]) -> None:
    bob = asking("bob")
    session = booked(world, bob)
    bob("PUT", f"{session}/call-link", given(OTHER))
    assert link_in(bob("POST", f"{session}/cancel")) is None


def test_links_of_one_session_and_of_three_cost_the_same_questions(
    world: World, asking: Callable[[str], Ask]
) -> None:
    bob = asking("bob")
    bob("PUT", f"{booked(world, bob)}/call-link", given(OTHER))
    with CaptureQueriesContext(connection) as one:
        bob("GET", "/sessions")
    for day in (4, 5):
        bob("PUT", f"{booked(world, bob, day)}/call-link", given(LINK))
    with CaptureQueriesContext(connection) as three:
        listed = json.loads(bob("GET", "/sessions").content)["data"]
    assert sorted(session["call_link"] for session in listed) == [OTHER, LINK, LINK]
    assert len(three) == len(one)
