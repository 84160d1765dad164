"""Answers over the wire: what a device asks for, and what it is not told again."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from factories.answers import written
from factories.world import NOW, World
from handrail.apps.answers import actions
from handrail.apps.organizations.actions import create_api_key
from handrail.apps.organizations.scope import reading

pytestmark = pytest.mark.django_db
Send = Callable[..., HttpResponse]


@pytest.fixture
def send(fresh_world: World, monkeypatch: pytest.MonkeyPatch) -> Send:
    """Ask as somebody: send("alice", "GET", "/answers", tag="…")."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    secrets: dict[str, str] = {}

    def ask(
        name: str, method: str, path: str, body: Any = None, *, tag: str = "", key: str = ""
    ) -> HttpResponse:
        if name not in secrets:
            with reading(fresh_world.organization):
                scopes = ["answers:read", "answers:write", "sessions:read", "sessions:write"]
                secrets[name] = create_api_key(name, scopes, by=fresh_world.viewer(name), now=NOW)[
                    1
                ]
        headers = {"HTTP_IF_NONE_MATCH": tag} if tag else {}
        return Client().generic(
            method,
            f"/api/v1{path}",
            json.dumps(body or {}).encode() if method != "GET" else b"",
            "application/json",
            HTTP_AUTHORIZATION=f"Bearer {secrets[name]}",
            HTTP_IDEMPOTENCY_KEY=key or uuid.uuid4().hex,
            **headers,
        )

    return ask


def test_s10_unchanged_deleted_and_an_old_cursor_over_the_wire(
    fresh_world: World, send: Send
) -> None:
    with reading(fresh_world.organization):
        answer = written(fresh_world, "alice", "How do I rebase?", "Like this.")
    first = send("charlie", "GET", "/answers")
    told = first.json()
    [row] = told["rows"]
    assert (row["question"], row["answer"], row["owner"], row["source"]) == (
        "How do I rebase?",
        "Like this.",
        "Alice",
        "written",
    )
    again = send("charlie", "GET", f"/answers?cursor={told['cursor']}", tag=first["ETag"])
    assert (again.status_code, again.content) == (304, b"")
    with reading(fresh_world.organization):
        actions.delete(answer, by=fresh_world.viewer("alice"), now=NOW)
    gone = send("charlie", "GET", f"/answers?cursor={told['cursor']}", tag=first["ETag"])
    assert gone.json()["rows"] == [{"id": str(answer.public_id), "deleted": True}]
    foreign = told["cursor"].replace(told["cursor"][:32], "0" * 32)
    assert send("charlie", "GET", f"/answers?cursor={foreign}").status_code == 410
