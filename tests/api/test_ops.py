"""What our own pages send and ask for: by the cookie of a sign-in, answered in JSON, always."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from factories.world import NOW, World, make_world
from handrail.apps.organizations.restoring import begin_new_epoch
from handrail.apps.organizations.scope import writing
from handrail.apps.sessions.actions import book
from handrail.apps.sessions.models import Session

START = datetime(2026, 2, 3, 10, 0, tzinfo=UTC)


@pytest.fixture
def world(db: None, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr("handrail.site.middleware.timezone.now", lambda: NOW)
    return make_world()


@pytest.fixture
def session(world: World) -> Session:
    with writing(world.organization):
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


class Device:
    """A browser in which somebody is signed in, and its token."""

    def __init__(self, world: World, name: str) -> None:
        self.client = Client(enforce_csrf_checks=True)
        self.client.force_login(world.users[name], "django.contrib.auth.backends.ModelBackend")
        self.account = str(world.viewer(name).account)
        self.token = self.client.get("/api/v1/device").json()["token"]

    def send(self, session: Session, fields: dict[str, str], **more: Any) -> Any:
        op = {"id": str(uuid4()), "account": self.account, "kind": "room",
              "target": str(session.public_id), "fields": fields}  # fmt: skip
        headers = {"X-CSRFToken": more.pop("token", self.token)}
        body = {"ops": [{**op, **more.pop("op", {})}], **more}
        return self.client.post(
            "/api/v1/ops", json.dumps(body), "application/json", headers=headers
        )

    def look(self, session: Session, tag: str = "") -> Any:
        path = f"/api/v1/sessions/{session.public_id}/room"
        return self.client.get(path, headers={"If-None-Match": tag} if tag else {})


def test_a_page_s_operation_is_taken_by_cookie_and_token(world: World, session: Session) -> None:
    told = Device(world, "bob").send(session, {"notes": "mine"}).json()
    assert [one["status"] for one in told["results"]] == ["done"]
    assert told["results"][0]["fields"] == {"notes": "mine"}


def test_without_its_token_it_is_forbidden_in_json(world: World, session: Session) -> None:
    answer = Device(world, "bob").send(session, {"notes": "forged"}, token="")
    assert (answer.status_code, answer["Content-Type"]) == (403, "application/problem+json")


def test_signed_out_it_is_401_in_json_and_no_redirect(world: World, session: Session) -> None:
    device = Device(world, "bob")
    device.client.logout()
    answer = device.send(session, {"notes": "x"})
    assert (answer.status_code, answer["Content-Type"]) == (401, "application/problem+json")


def test_somebody_else_s_operation_is_not_taken_in_this_account(
    world: World, session: Session
) -> None:
    other = Device(world, "alice")
    answer = other.send(session, {"notes": "x"}, op={"account": Device(world, "bob").account})
    assert (answer.status_code, answer.json()["type"]) == (409, "/api/problems/other-account")
    assert other.look(session).json()["texts"]["notes"] == {"body": "", "rev": 0}


def test_nothing_is_taken_in_another_epoch(world: World, session: Session) -> None:
    device = Device(world, "bob")
    before = device.look(session).json()["epoch"]
    begin_new_epoch(by=world.system, now=NOW)
    answer = device.send(session, {"notes": "x"}, epoch=before)
    assert (answer.status_code, answer.json()["type"]) == (409, "/api/problems/other-epoch")


def test_a_refused_operation_stops_none_behind_it(world: World, session: Session) -> None:
    device = Device(world, "bob")
    ops = [
        {"id": str(uuid4()), "account": device.account, "kind": "room", "target": target,
         "fields": {"notes": "words"}}
        for target in (str(uuid4()), str(session.public_id))
    ]  # fmt: skip
    told = device.client.post(
        "/api/v1/ops", json.dumps({"ops": ops}), "application/json",
        headers={"X-CSRFToken": device.token},
    ).json()  # fmt: skip
    assert [one["status"] for one in told["results"]] == ["parked", "done"]


def test_the_previous_release_s_operations_are_taken(world: World, session: Session) -> None:
    told = Device(world, "bob").send(session, {"shared_notes": "old page"}, schema_version=0)
    assert told.json()["results"][0]["fields"] == {"shared_notes": "old page"}


def test_an_unchanged_room_is_304_until_somebody_writes(world: World, session: Session) -> None:
    alice, bob = Device(world, "alice"), Device(world, "bob")
    first = alice.look(session)
    again = alice.look(session, first["ETag"])
    assert (again.status_code, again.content) == (304, b"")
    assert again["Handrail-Now"] == NOW.isoformat()
    bob.send(session, {"notes": "his"})
    seen = alice.look(session, first["ETag"])
    assert seen.status_code == 200
    assert seen.json()["notes"] == [{"person": str(world.people["bob"].public_id), "body": "his"}]


def test_a_lead_sees_no_word_of_it(world: World, session: Session) -> None:
    assert Device(world, "adam").look(session).status_code == 403
    assert Device(world, "charlie").look(session).status_code == 404
