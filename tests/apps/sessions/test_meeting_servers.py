"""A call on the organisation's own server: in the room, the invitation and the calendar entry."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import pytest
from django.conf import settings as django_settings
from django.test import Client

from factories.world import NOW, World
from handrail.apps.connections.actions import connect, switch
from handrail.apps.connections.models import Connection
from handrail.apps.organizations.scope import reading
from handrail.apps.people.models import Person
from handrail.apps.sessions.actions import book, give_call_link
from handrail.apps.sessions.models import Session
from handrail.apps.sessions.queries import call_link_for, my_sessions, room, with_call_links
from handrail.apps.sessions.tasks import read
from handrail.integrations import jitsi
from handrail.integrations.bigbluebutton import fake

OWN = "https://meet.example.org/alice"


def booked(world: World) -> Session:
    return book(
        world.program, world.people["bob"], world.people["alice"],
        NOW + timedelta(days=1, hours=2), "Rebase", by=world.viewer("bob"), now=NOW,
    )  # fmt: skip


def server(world: World, kind: str, set_to: dict[str, Any], secrets: dict[str, str]) -> Connection:
    made = connect(kind, kind, set_to, secrets, by=world.viewer("adam"), now=NOW)
    return made.connection


def shown(world: World, session: Session) -> str:
    found = room(world.viewer("bob"), Session.objects.get(pk=session.pk), NOW).call
    return found.url if found else ""


def test_jitsi_comes_after_what_people_gave_or_before_their_own(fresh_world: World) -> None:
    world = fresh_world
    with reading(world.organization):
        made = server(
            world, "jitsi", {"host": "meet.example.net"}, {"room_secret": "handrail-test"}
        )
        session = booked(world)
        there = jitsi.room_address("meet.example.net", "handrail-test", str(session.public_id))
        assert shown(world, session) == there
        row = type("Row", (), {"ref": {"person": str(world.people["bob"].public_id)}})()
        mailed = read(row, NOW, session)
        assert mailed is not None
        assert mailed.call == there  # the invitation and the entry have it from here
        Person.objects.filter(pk=world.people["alice"].pk).update(call_link=OWN)
        assert shown(world, session) == OWN
        Connection.objects.filter(pk=made.pk).update(
            settings={"host": "meet.example.net", "order": "server"}
        )
        assert shown(world, session) == there
        give_call_link(
            session, "https://other.example/1", base_rev=0, operation=uuid4(),
            by=world.viewer("bob"), now=NOW,
        )  # fmt: skip
        assert shown(world, session) == "https://other.example/1"
        give_call_link(session, "", base_rev=1, operation=uuid4(), by=world.viewer("bob"), now=NOW)
        switch(made.public_id, on=False, by=world.viewer("adam"), now=NOW)
        assert shown(world, session) == OWN


def test_bigbluebutton_makes_the_meeting_when_somebody_comes_and_for_its_people_alone(
    fresh_world: World, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = fresh_world
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    with fake.serving() as far:
        settings.INTERNAL_HOSTS = [*far.internal]
        with reading(world.organization):
            made = server(
                world, "bigbluebutton", {"api": f"{far.url}/bigbluebutton/api"},
                {"shared_secret": fake.SECRET},
            )  # fmt: skip
            session = booked(world)
            page = shown(world, session)
        assert page == f"{django_settings.BASE_URL}/sessions/{session.public_id}/call/"
        sent = []
        for name in ("alice", "bob", "charlie", "adam"):
            client = Client()
            client.force_login(world.users[name])
            answer = client.get(urlsplit(page).path)
            sent.append((answer.status_code, answer.headers.get("Location", "")))
        assert [status for status, _to in sent] == [302, 302, 404, 403]
        joined = [parse_qs(urlsplit(to).query) for _status, to in sent[:2]]
        assert [one["fullName"] for one in joined] == [["Alice"], ["Bob"]]
        assert joined[0]["password"] != joined[1]["password"]  # the mentor moderates
        assert len(far.seen) == 2
        # Another secret on the server: the two are told what to do, and the administrator why.
        monkeypatch.setattr(fake, "SECRET", "another")
        client = Client()
        client.force_login(world.users["bob"])
        refused = client.get(urlsplit(page).path)
        assert refused.status_code == 409
        assert "Give another link in the room" in refused.content.decode()
        with reading(world.organization):
            made.refresh_from_db()
    assert (made.failures, made.failure) == (1, "not-allowed-there")


def test_lists_ask_for_the_server_once(fresh_world: World, django_assert_num_queries: Any) -> None:
    """Of one session or three, a list of the API takes as many questions."""
    world = fresh_world
    with reading(world.organization):
        server(world, "jitsi", {"host": "meet.example.net"}, {"room_secret": "x"})
        session = booked(world)
        by = world.viewer("bob")
        with django_assert_num_queries(3):
            for one in with_call_links(my_sessions(by, NOW)):
                seats = list(one.booking.seats.all())
                link = call_link_for(by, one, seats, one.state)
    assert link == f"{django_settings.BASE_URL}/sessions/{session.public_id}/call/"
