"""The days that a directory does not know: who may say them, and what they change."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime

from django.test import Client

from factories.world import NOW, STAYED_SINCE, World
from handrail.apps.identity.actions.people import change_person
from handrail.apps.identity.models import Entry, Notice
from handrail.apps.identity.said import PersonSaid
from handrail.apps.organizations.models import Grant, RoleGrant
from handrail.apps.organizations.scope import reading
from handrail.apps.outcomes.models import RoleRecord
from handrail.apps.people.models import Person
from handrail.apps.people.queries import still_here


def say(world: World, name: str, now: datetime = NOW, **said: object) -> None:
    """The directory says something of somebody."""
    person = world.person(name)
    with reading(world.organization):
        entry = Entry.objects.filter(person=person).first()
        stands = PersonSaid(user_name=person.email, email=person.email, name=person.name)
        if entry is not None:
            stands = replace(stands, title=entry.title, department=entry.department)
        change_person(
            person,
            replace(stands, **said),
            source="scim",
            by=world.system,
            now=now,  # type: ignore[arg-type]
        )


def notice_of(world: World, name: str) -> Notice:
    with reading(world.organization):
        return Notice.objects.get(person=world.person(name), state="open")


def test_a_lead_says_who_left_who_is_away_and_who_has_another_role(
    world: World, signed_in_as: Callable[[str], Client]
) -> None:
    bob, alice = world.person("bob"), signed_in_as("alice")
    with reading(world.organization):
        assert bob.membership is not None
        RoleGrant.objects.create(
            organization=world.organization,
            membership=bob.membership,
            role=Grant.ANALYST,
            granted_at=NOW,
        )
    say(world, "bob", title="Engineer", department="Platform")
    say(world, "charlie", active=False)
    say(world, "bob", title="Senior engineer")
    # Only the people of her own program; and the move with both roles.
    shown = alice.get("/people/notices/").content.decode()
    assert "Was Engineer, Platform; is Senior engineer, Platform now." in shown
    assert "Charlie" not in shown
    assert signed_in_as("mona").get("/people/notices/").status_code == 403
    moved = notice_of(world, "bob")
    fields = {"do": "confirm", "family": "Senior engineer", "level": "5", "kind": "change"}
    decide = f"/people/notices/{moved.public_id}/"
    assert alice.post(decide, {**fields, "day": ""}).status_code == 422
    assert (
        alice.post(decide, {**fields, "day": "2026-02-01", "team_name": "Platform"}).status_code
        == 302
    )
    with reading(world.organization):
        role = RoleRecord.objects.get(person=bob)
        found = (role.family, role.level, role.team_name, role.effective_on, role.known_since)
        assert found == ("Senior engineer", "5", "Platform", date(2026, 2, 1), NOW.date())
    # Switched off: no access at once, but no leaving; she says he is away until a day.
    say(world, "bob", active=False)
    away = f"/people/notices/{notice_of(world, 'bob').public_id}/"
    assert alice.post(away, {"do": "dismiss", "back_on": "2026-06-01"}).status_code == 302
    with reading(world.organization):
        bob = Person.objects.get(pk=bob.pk)
        assert bob.pause_until == date(2026, 5, 31)
        assert bob in still_here(date(2026, 3, 1))
        assert RoleGrant.objects.filter(membership=bob.membership).exists()
    # Back, and gone for good: the stay ends on its day, known since the day it was said.
    say(world, "bob", active=True)
    say(world, "bob", active=False)
    left = f"/people/notices/{notice_of(world, 'bob').public_id}/"
    assert alice.post(left, {"do": "confirm", "day": "2025-01-01"}).status_code == 422  # too early
    assert alice.post(left, {"do": "confirm", "day": "2026-01-30"}).status_code == 302
    with reading(world.organization):
        spell = bob.spells.get()
        assert (spell.started_on, spell.ended_on) == (STAYED_SINCE, date(2026, 1, 30))
        assert spell.end_known_since == NOW.date()
        assert not RoleGrant.objects.filter(membership=bob.membership).exists()
    # Switched on once more it is a new stay; all who came get their day at once from adam.
    say(world, "bob", active=True)
    assert alice.post("/people/notices/joined/").status_code == 403
    assert signed_in_as("adam").post("/people/notices/joined/").status_code == 302
    with reading(world.organization):
        stays = [(one.started_on, one.ended_on) for one in bob.spells.order_by("started_on")]
        assert stays == [(STAYED_SINCE, date(2026, 1, 30)), (NOW.date(), None)]
