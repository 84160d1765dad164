"""Drafts are off until three switches say yes; what leaves is what was shown, without names."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from factories.servers import free_port, wait_for
from factories.world import NOW, World
from handrail.apps.assistance.actions import allow_in
from handrail.apps.assistance.models import AssistedText
from handrail.apps.assistance.queries import drafted_with
from handrail.apps.connections.actions import connect, switch
from handrail.apps.connections.models import Connection
from handrail.apps.organizations.actions import record_consent
from handrail.apps.organizations.models import AuditEntry
from handrail.apps.organizations.refusals import NotAllowed
from handrail.apps.organizations.scope import reading
from handrail.apps.sessions.actions import book, check_in, save_text, start
from handrail.apps.sessions.models import Artifact, RoomField, RoomText, Session
from handrail.integrations.assistance import fake

AT = NOW + timedelta(days=1, hours=2)


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    """The stand-in, as a process of its own."""
    port = free_port()
    with subprocess.Popen(
        [sys.executable, "-m", "handrail.integrations.assistance.fake", str(port)]
    ) as server:
        wait_for(port, server)
        yield f"localhost:{port}"
        server.terminate()


def running(world: World) -> Session:
    """A session of alice and bob that runs, with a note of each."""
    session = book(
        world.program, world.people["bob"], world.people["alice"], AT, "Rebase",
        by=world.viewer("bob"), now=NOW,
    )  # fmt: skip
    for name in ("alice", "bob"):
        check_in(session, by=world.viewer(name), now=AT)
    start(session, by=world.viewer("alice"), now=AT)
    for name, note in (
        ("bob", "Alice showed rebase, ask alice@example.org"),
        ("alice", "Bob may squash"),
    ):
        save_text(
            session, RoomField.NOTES, note, base_rev=0, operation=uuid4(),
            by=world.viewer(name), now=AT,
        )  # fmt: skip
    return session


def said(world: World, name: str, *, given: bool) -> None:
    record_consent(
        world.people[name].public_id, "assistance", given=given, text_version="2026-11",
        channel="web", by=world.viewer(name), now=AT,
    )  # fmt: skip


def field(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, name
    return found[1]


def test_three_switches_what_is_shown_is_sent_and_the_draft_is_its_authors(
    fresh_world: World, endpoint: str, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = fresh_world
    settings.INTERNAL_HOSTS = [endpoint]
    monkeypatch.setattr("django.utils.timezone.now", lambda: AT)
    bob, charlie = Client(), Client()
    bob.force_login(world.users["bob"])
    charlie.force_login(world.users["charlie"])
    with reading(world.organization):
        session = running(world)
        room, page = (f"/sessions/{session.public_id}/{end}" for end in ("", "draft/"))
        assert bob.get(page).status_code == 404
        assert "draft/" not in bob.get(room).content.decode()
        made = connect(
            "assistance", "Our model", {"base": f"http://{endpoint}/v1", "model": "any"}, {},
            by=world.viewer("adam"), now=AT,
        ).connection  # fmt: skip
        assert bob.get(page).status_code == 404  # the program's switch is off still
        with pytest.raises(NotAllowed):
            allow_in(world.program, True, by=world.viewer("bob"), now=AT)
        allow_in(world.program, True, by=world.viewer("alice"), now=AT)
        said(world, "bob", given=True)
        waiting = bob.get(page).content.decode()
        assert "<li>Alice</li>" in waiting
        assert "<pre" not in waiting  # nothing is prepared
        said(world, "alice", given=True)

    assert "draft/" in bob.get(room).content.decode()
    assert charlie.get(page).status_code == 404
    shown = bob.get(page).content.decode()
    sent = re.search(r"<pre[^>]*>(.*?)</pre>", shown, re.DOTALL)
    assert sent
    assert sent[1] == "Rebase\n\n[name] showed rebase, ask [address]\n\n[name] may squash"
    draft = bob.post(page, {"do": "send", "shown": field(shown, "shown")}).content.decode()
    assert f"Drafted with {fake.MODEL}" in draft
    assert "Draft from 9 words: squash may [name]" in draft  # the stand-in tells what it got
    with reading(world.organization):
        assert not RoomText.objects.filter(field=RoomField.LEARNED).exclude(body="").exists()

    # Somebody writes on: what was looked at is not what would be sent, so nothing is.
    with reading(world.organization):
        save_text(
            session, RoomField.NOTES, "More", base_rev=1, operation=uuid4(),
            by=world.viewer("alice"), now=AT,
        )  # fmt: skip
    assert bob.post(page, {"do": "send", "shown": field(shown, "shown")}).status_code == 409

    use = {
        "do": "use", "text": "Rebase moves commits.", "word": field(draft, "word"),
        "base_rev": field(draft, "base_rev"), "operation": field(draft, "operation"),
    }  # fmt: skip
    assert bob.post(page, {**use, "word": "forged"}).status_code == 409
    for _twice in range(2):
        assert bob.post(page, use).status_code == 302
    with reading(world.organization):
        assert RoomText.objects.get(field=RoomField.LEARNED).body == "Rebase moves commits."
        assert not Artifact.objects.exists()  # handing it in stays a step of their own
        assert AssistedText.objects.count() == 1
        assert drafted_with(session) == [fake.MODEL]
        kept = [str(entry.detail) for entry in AuditEntry.objects.all()]
        assert not any("squash" in line or "commits" in line for line in kept)
    assert f"Drafted with {fake.MODEL}" in bob.get(room).content.decode()

    with reading(world.organization):
        said(world, "alice", given=False)  # holds from the next look on
        assert "<li>Alice</li>" in bob.get(page).content.decode()
        switch(made.public_id, on=False, by=world.viewer("adam"), now=AT)
        assert bob.get(page).status_code == 404
        assert "draft/" not in bob.get(room).content.decode()


@pytest.mark.nightly
def test_an_endpoint_that_is_away_leaves_the_room_as_it_is(
    fresh_world: World, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = fresh_world
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        nowhere = f"localhost:{closed.getsockname()[1]}"
    settings.INTERNAL_HOSTS = [nowhere]
    monkeypatch.setattr("django.utils.timezone.now", lambda: AT)
    with reading(world.organization):
        session = running(world)
        connect(
            "assistance", "Our model", {"base": f"http://{nowhere}/v1", "model": "any"}, {},
            by=world.viewer("adam"), now=AT,
        )  # fmt: skip
        allow_in(world.program, True, by=world.viewer("alice"), now=AT)
        for name in ("alice", "bob"):
            said(world, name, given=True)
    bob = Client()
    bob.force_login(world.users["bob"])
    page = f"/sessions/{session.public_id}/draft/"
    shown = field(bob.get(page).content.decode(), "shown")
    refused = bob.post(page, {"do": "send", "shown": shown})
    assert refused.status_code == 409
    assert "Write the artifact yourself" in refused.content.decode()
    with reading(world.organization):
        assert Connection.objects.get().failure == "unreachable"
    assert bob.get(f"/sessions/{session.public_id}/").status_code == 200
