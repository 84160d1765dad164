"""A retreat over the wire: planned by a lead, joined by a guest, hidden from others."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from factories.world import NOW, World
from handrail.apps.organizations.actions import create_api_key
from handrail.apps.organizations.scope import reading

pytestmark = pytest.mark.django_db
Send = Callable[..., HttpResponse]


@pytest.fixture
def send(fresh_world: World, monkeypatch: pytest.MonkeyPatch) -> Send:
    """Ask as somebody: send("alice", "POST", "/retreats", {...})."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    secrets: dict[str, str] = {}

    def ask(name: str, method: str, path: str, body: Any = None) -> HttpResponse:
        if name not in secrets:
            with reading(fresh_world.organization):
                secrets[name] = create_api_key(
                    name,
                    ["people:read", "retreats:read", "retreats:write"],
                    by=fresh_world.viewer(name),
                    now=NOW,
                )[1]
        return Client().generic(
            method,
            f"/api/v1{path}",
            json.dumps(body or {}).encode() if method != "GET" else b"",
            "application/json",
            HTTP_AUTHORIZATION=f"Bearer {secrets[name]}",
            HTTP_IDEMPOTENCY_KEY=uuid.uuid4().hex,
        )

    return ask


def test_m23_a_retreat_is_planned_and_joined_over_the_wire(fresh_world: World, send: Send) -> None:
    made = send(
        "alice",
        "POST",
        "/retreats",
        {
            "template": "tooling-sprint",
            "name": "Git day",
            "place": "Lisbon",
            "timezone": "Europe/Lisbon",
            "starts_on": "2026-03-09",
        },
    )
    assert made.status_code == 201
    plan = json.loads(made.content)
    at = f"/retreats/{plan['retreat']['id']}"
    bob = str(fresh_world.person("bob").public_id)
    assert send("bob", "GET", at).status_code == 404

    put = send("alice", "PUT", f"{at}/guests/{bob}", {"needs": "No nuts"})
    assert put.status_code == 200
    assert send("alice", "POST", f"{at}/announce").status_code == 200
    block = {"day": 1, "starts_min": 540, "minutes": 30, "kind": "social", "title": "Coffee"}
    added = json.loads(send("alice", "POST", f"{at}/blocks", block).content)
    coffee = next(one for one in added["agenda"] if one["title"] == "Coffee")
    assert coffee["starts_at"] == "2026-03-09T09:00:00Z"
    assert coffee["overlaps"] == ["Set the tool up"]
    cups = json.loads(
        send("alice", "POST", f"{at}/kit", {"name": "Cups", "quantity": 4, "to_ship": True}).content
    )
    item = next(one for one in cups["kit"] if one["name"] == "Cups")
    assert (item["open"], item["ship_by"]) == (4, "2026-03-02")

    pieces = f"{at}/kit/{item['id']}/pieces"
    assert send("bob", "POST", pieces, {"do": "claim", "count": 3}).status_code == 200
    late = send("bob", "POST", pieces, {"do": "claim", "count": 2})
    assert late.status_code == 409
    assert json.loads(late.content)["type"] == "/api/problems/kit-taken"
    assert send("bob", "POST", pieces, {"do": "eat"}).status_code == 422
    assert send("bob", "PATCH", at, {"name": "Mine"}).status_code == 403
    own = send("bob", "PUT", f"{at}/guests/{bob}", {"comes_from": "Berlin"})
    assert [guest["needs"] for guest in json.loads(own.content)["guests"]] == ["No nuts"]
    listed = json.loads(send("bob", "GET", "/retreats").content)["data"]
    assert [one["name"] for one in listed] == ["Git day"]
    assert send("charlie", "GET", at).status_code == 404
