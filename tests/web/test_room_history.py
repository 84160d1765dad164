"""Earlier versions: every text that was saved, for the people of the session alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from factories.world import NOW, World
from handrail.apps.organizations.scope import writing
from handrail.apps.sessions.actions import book
from handrail.apps.sessions.models import Session

Browser = Callable[[str], Client]


@pytest.fixture
def session(world: World) -> Session:
    with writing(world.organization):
        assert world.program is not None
        return book(
            world.program,
            world.people["bob"],
            world.people["alice"],
            datetime(2026, 2, 2, 10, 0, tzinfo=UTC),
            "Rebase a branch without fear",
            by=world.viewer("bob"),
            now=NOW,
            key=None,
        )


def save(client: Client, session: Session, body: str, base_rev: int, field: str = "notes") -> None:
    asked = {"field": field, "body": body, "base_rev": base_rev, "operation": uuid4()}
    answer = client.post(reverse("room_text", args=[session.public_id]), asked)
    assert answer.status_code < 400


def page_of(client: Client, session: Session) -> str:
    return str(client.get(reverse("room_history", args=[session.public_id])).content.decode())


def test_every_version_stands_there_newest_first(session: Session, signed_in_as: Browser) -> None:
    bob = signed_in_as("bob")
    save(bob, session, "we tried rebase", 0)
    save(bob, session, "we tried <b>merge</b>", 1)
    page = page_of(bob, session)
    assert page.index("we tried &lt;b&gt;merge") < page.index("we tried rebase")
    assert "<b>merge" not in page


def test_both_read_what_either_wrote(session: Session, signed_in_as: Browser) -> None:
    save(signed_in_as("bob"), session, "from bob", 0)
    save(signed_in_as("alice"), session, "from alice", 0)
    for name in ("alice", "bob"):
        page = page_of(signed_in_as(name), session)
        assert "from bob" in page
        assert "from alice" in page


def test_what_was_kept_beside_is_there_and_says_so(session: Session, signed_in_as: Browser) -> None:
    save(signed_in_as("alice"), session, "deploy on Monday", 0, "learned")
    save(signed_in_as("bob"), session, "never deploy", 0, "learned")
    page = page_of(signed_in_as("alice"), session)
    assert "deploy on Monday" in page
    assert "never deploy" in page
    assert page.count("kept beside") == 1


@pytest.mark.parametrize(("name", "status"), [("charlie", 404), ("adam", 403)])
def test_nobody_else_reads_it(
    session: Session, signed_in_as: Browser, name: str, status: int
) -> None:
    answer = signed_in_as(name).get(reverse("room_history", args=[session.public_id]))
    assert answer.status_code == status


def test_many_versions_cost_the_same_questions(session: Session, signed_in_as: Browser) -> None:
    bob = signed_in_as("bob")
    save(bob, session, "one", 0)
    page_of(bob, session)
    with CaptureQueriesContext(connection) as one:
        page_of(bob, session)
    for n in range(1, 4):
        save(bob, session, f"text {n}", n)
    with CaptureQueriesContext(connection) as four:
        page_of(bob, session)
    assert len(one) == len(four)
