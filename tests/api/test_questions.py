"""Questions over the wire: asked once also from a device that was offline, and answered."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from factories.answers import written
from factories.world import NOW, World
from handrail.apps.answers.actions.from_devices import take_question
from handrail.apps.answers.models import Question
from handrail.apps.organizations.actions import create_api_key
from handrail.apps.organizations.scope import reading
from handrail.apps.sessions.actions import Operation, Status

pytestmark = pytest.mark.django_db
SCOPES = ["answers:read", "answers:write", "sessions:read", "sessions:write"]


@pytest.fixture
def send(fresh_world: World, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    with reading(fresh_world.organization):
        secret = create_api_key("own", SCOPES, by=fresh_world.viewer("charlie"), now=NOW)[1]

    def ask(method: str, path: str, body: Any = None) -> Any:
        return Client().generic(
            method,
            f"/api/v1{path}",
            json.dumps(body or {}).encode() if method != "GET" else b"",
            "application/json",
            HTTP_AUTHORIZATION=f"Bearer {secret}",
            HTTP_IDEMPOTENCY_KEY=uuid.uuid4().hex,
        )

    return ask


def test_m22_asked_twice_over_the_wire_it_is_asked_once_and_solved(
    fresh_world: World, send: Callable[..., Any]
) -> None:
    with reading(fresh_world.organization):
        answer = written(fresh_world, "alice", "How do I rebase?", "Like this.")
    number = str(uuid.uuid4())
    body = {"id": number, "text": "How do I rebase it?", "asked_at": "2026-02-01T08:00:00Z"}
    first, second = send("POST", "/questions", body), send("POST", "/questions", body)
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert first.json()["hits"][0]["answer"] == str(answer.public_id)
    said = {"answer": str(answer.public_id), "outcome": "solved"}
    assert send("POST", f"/questions/{number}/say", said).json()["state"] == "solved"
    assert [one["id"] for one in send("GET", "/questions").json()] == [number]


def test_m21_an_operation_of_a_device_is_one_question_and_a_refusal_is_parked(
    fresh_world: World,
) -> None:
    with reading(fresh_world.organization):
        by = fresh_world.viewer("charlie")

        def wish(text: str, number: uuid.UUID) -> Operation:
            fields = {"text": text, "note": "", "asked_at": (NOW - timedelta(days=1)).isoformat()}
            return Operation(number, "question", uuid.uuid4(), 0, {}, fields)

        number = uuid.uuid4()
        done = [take_question(wish("How?", number), by=by, now=NOW).status for _n in range(2)]
        assert done == [Status.DONE, Status.REPLAYED]
        question = Question.objects.get()
        assert (question.public_id, question.asked_at) == (number, NOW - timedelta(days=1))
        parked = take_question(wish("x" * 281, uuid.uuid4()), by=by, now=NOW)
        assert (parked.status, "281" in parked.reason) == (Status.PARKED, True)
