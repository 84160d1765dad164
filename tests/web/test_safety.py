"""A report of harm: whom it reaches, what stops, what stays sealed, and what counts nowhere."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from factories.world import NOW, World
from handrail.apps.organizations.models import AuditEntry
from handrail.apps.organizations.refusals import Conflict, NotFound, Refusal
from handrail.apps.organizations.scope import reading, writing
from handrail.apps.outbox.models import OutboxRow
from handrail.apps.people.models import NotWith
from handrail.apps.safeguarding import actions, queries
from handrail.apps.safeguarding.models import HarmRead, HarmReport
from handrail.apps.sessions import actions as sessions
from handrail.apps.sessions.models import Session, SessionState

pytestmark = [pytest.mark.django_db, pytest.mark.later_on_postgresql]
Clock = Any  # of conftest.py
As = Callable[[str], Client]
FIRST = datetime(2026, 2, 3, 10, 0, tzinfo=UTC)
CANARY = "He shouted QUIX-7734 at me."


def booked(world: World, start: datetime = FIRST) -> Session:
    assert world.program is not None
    return sessions.book(
        world.program,
        world.person("bob"),
        world.person("alice"),
        start,
        "Rebase a branch",
        by=world.viewer("bob"),
        now=NOW,
    )


def told(world: World, kind: str) -> set[str]:
    names = {str(person.public_id): name for name, person in world.people.items()}
    with reading(world.organization):
        rows = OutboxRow.objects.filter(kind=kind)
        return {names[row.ref["person"]] for row in rows}


def test_a_report_reaches_contacts_outside_the_line_and_stops_what_is_ahead(
    world: World, signed_in_as: As, clock: Clock
) -> None:
    # carla manages alice: she is a contact, and in the line of the person concerned.
    carla = world.add("carla")
    cora = world.add("cora")
    with writing(world.organization):
        type(carla).objects.filter(pk=world.person("alice").pk).update(manager=carla)
        actions.name_contacts(
            [carla, cora, world.person("alice")], by=world.viewer("adam"), now=NOW
        )
    session = booked(world)
    bob, cora_at, alice = signed_in_as("bob"), signed_in_as("cora"), signed_in_as("alice")
    page = reverse("harm_new", args=["session", session.public_id])
    assert "Cora" in bob.get(page).content.decode()
    assert "Carla" not in bob.get(page).content.decode()
    about = str(world.person("alice").public_id)
    sent = bob.post(page, {"concerned": about, "text": CANARY})
    assert sent.status_code == 302
    assert told(world, "mail.harm_reported") == {"cora"}
    assert "A report waits to be seen" in cora_at.get("/").content.decode()
    for other in (bob, alice, signed_in_as("carla")):
        assert "A report waits" not in other.get("/").content.decode()

    # Everything between the two has stopped, and the other one is told no reason.
    with reading(world.organization):
        session.refresh_from_db()
        assert session.state == SessionState.CANCELLED
        assert session.cancelled_by_id is None
        with pytest.raises(Refusal):
            booked(world, FIRST + timedelta(days=1))
        report = HarmReport.objects.get()
        assert NotWith.objects.get().person_id == world.person("bob").pk
        actors = set(AuditEntry.objects.filter(verb__startswith="harm").values_list("actor"))
        assert actors == {("system:safeguarding",), (world.viewer("adam").actor,)}
        assert not AuditEntry.objects.filter(verb="person.private_list_set").exists()

    # It is sealed in every table; nobody else has it, whoever they are.
    with connection.cursor() as cursor:
        for table in ("safeguarding_harmreport", "safeguarding_harmword", "outbox_outboxrow"):
            cursor.execute(f"SELECT * FROM {table}")
            assert "QUIX" not in repr(cursor.fetchall())
    where = reverse("harm_report", args=[report.public_id])
    for name in ("alice", "carla", "adam", "otto", "mona", "charlie"):
        assert signed_in_as(name).get(where).status_code == 404, name
    assert CANARY in cora_at.get(where).content.decode()
    assert alice.get(reverse("harm_reports")).content.decode().count(str(report.public_id)) == 0

    # Each opening is noted; a reply is for the reporter, a note is not.
    do = reverse("harm_do", args=[report.public_id])
    assert cora_at.post(do, {"do": "acknowledge"}).status_code == 302
    cora_at.post(do, {"do": "reply", "text": "May I call you at four?"})
    cora_at.post(do, {"do": "note", "text": "Second report this year."})
    seen = bob.get(where).content.decode()
    assert "May I call you at four?" in seen
    assert "Second report" not in seen
    assert "Cora has said that it is seen." in seen
    assert bob.post(do, {"do": "close"}).status_code == 403
    with reading(world.organization):
        readers = list(HarmRead.objects.order_by("pk").values_list("reader", flat=True))
    assert readers == [world.person(name).public_id for name in ("cora", "bob")]


def test_a_working_day_without_a_word_widens_the_circle(world: World) -> None:
    friday = NOW + timedelta(days=4)
    with writing(world.organization):
        actions.name_contacts([world.person("mona")], by=world.viewer("adam"), now=NOW)
        world.people["mona"].refresh_from_db()
    session = booked(world, FIRST + timedelta(days=14))
    bob, system = world.viewer("bob"), world.system
    with reading(world.organization):
        report = actions.report_harm(
            "session", session.public_id, "Rude.", concerned=None, by=bob, now=friday
        )
        assert report.acknowledge_by == friday + timedelta(days=3)  # Monday, the same time
        assert actions.tend(by=system, now=friday + timedelta(hours=30)) == 0
        assert actions.tend(by=system, now=friday + timedelta(hours=40)) == 1
        assert actions.tend(by=system, now=friday + timedelta(hours=41)) == 0
        with pytest.raises(NotFound):
            queries.harm_report_for(world.viewer("adam"), report.public_id)
        assert actions.tend(by=system, now=friday + timedelta(days=3)) == 1
        assert queries.harm_report_for(world.viewer("adam"), report.public_id) == report
    assert told(world, "mail.harm_reminder") == {"mona"}
    assert told(world, "mail.harm_escalated") == {"mona", "adam"}
    with pytest.raises(NotFound):
        actions.report_harm("session", UUID(int=1), "x", concerned=None, by=bob, now=NOW)


def test_where_nobody_is_independent_it_says_so_and_keeps_nothing(world: World) -> None:
    session = booked(world)
    with writing(world.organization):
        type(world.person("bob")).objects.filter(pk=world.person("alice").pk).update(
            manager=world.person("adam")
        )
        about = world.person("alice").public_id
        with pytest.raises(Conflict):
            actions.report_harm(
                "session",
                session.public_id,
                "x",
                concerned=about,
                by=world.viewer("bob"),
                now=NOW,
            )
        assert not HarmReport.objects.exists()
