"""A retreat as people plan it: the draft, who comes, the agenda, the kit, the plan to print."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from factories.world import World
from handrail.apps.organizations.scope import reading
from handrail.apps.retreats.models import AgendaBlock, KitItem, Retreat

SignedIn = Callable[[str], Client]


@pytest.fixture
def alice(signed_in_as: SignedIn) -> Client:
    return signed_in_as("alice")


@pytest.fixture
def retreat(world: World, alice: Client) -> Retreat:
    """A draft with bob and charlie on the list."""
    form = {
        "template": "kick-off",
        "name": "Spring kick-off",
        "place": "Lisbon",
        "timezone": "Europe/Lisbon",
        "starts_on": "2026-03-10",
        "shipping_days": "3",
    }
    answer = alice.post("/retreats/new/", form)
    people = [str(world.person(name).public_id) for name in ("bob", "charlie")]
    alice.post(f"{answer['Location']}people/", {"people": people})
    with reading(world.organization):
        return Retreat.objects.get()


def text(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def test_m23_a_lead_plans_and_invites(
    world: World, alice: Client, retreat: Retreat, signed_in_as: SignedIn
) -> None:
    path, bob = f"/retreats/{retreat.public_id}/", signed_in_as("bob")
    assert bob.get(path).status_code == 404
    page = text(alice, path)
    assert "Ship by".lower() in page.lower()
    assert "Thu 5 Mar 2026" in page
    answer = alice.post(f"{path}announce/", follow=True)
    assert "2 people get a mail." in answer.content.decode()
    assert "Spring kick-off" in text(bob, "/retreats/")
    assert "When do you arrive?" in text(bob, path)


def test_m23_a_guest_says_what_they_need_and_brings_something(
    world: World, alice: Client, retreat: Retreat, signed_in_as: SignedIn
) -> None:
    path = f"/retreats/{retreat.public_id}/"
    alice.post(f"{path}announce/")
    bob, charlie = signed_in_as("bob"), signed_in_as("charlie")
    bob.post(
        f"{path}part/",
        {"comes_from": "Porto", "arrives_at": "2026-03-09T18:00", "needs": "No nuts"},
    )
    with reading(world.organization):
        power = KitItem.objects.get(name="Power strip")
    bob.post(f"{path}kit/", {"item": power.public_id, "count": "2"})
    late = charlie.post(f"{path}kit/", {"item": power.public_id, "count": "1"})
    assert late.status_code == 409
    assert "Others already bring all of “Power strip”." in late.content.decode()
    for_alice, for_charlie = text(alice, path), text(charlie, path)
    assert "Mon 9 Mar 2026, 18:00" in for_charlie
    assert "2 × Bob brings it" in " ".join(for_charlie.split())
    assert "Needs: No nuts" in for_alice
    assert "nuts" not in for_charlie
    for page in ("plan/", "plan.html"):
        assert "nuts" not in text(alice, f"{path}{page}")


def test_m23_agenda_blocks_are_added_changed_and_taken_out(
    world: World, alice: Client, retreat: Retreat
) -> None:
    path = f"/retreats/{retreat.public_id}/"
    block = {"day": "1", "starts_min": "11:30", "minutes": "30", "title": "Photo", "kind": "work"}
    assert alice.post(f"{path}block/", block).status_code == 302
    assert "At the same time as “How we work”." in text(alice, path)
    with reading(world.organization):
        photo = AgendaBlock.objects.get(title="Photo")
    assert "11:30" in text(alice, f"{path}block/?of={photo.public_id}")
    alice.post(f"{path}block/", {**block, "of": photo.public_id, "starts_min": "08:00"})
    assert "At the same time" not in text(alice, path)
    assert alice.post(f"{path}block/", {**block, "starts_min": "8 am"}).status_code == 422
    alice.post(f"{path}block/", {"of": photo.public_id, "remove": "yes"})
    assert "Photo" not in text(alice, path)


def test_m23_the_plan_and_the_pack_are_downloads(
    world: World, alice: Client, retreat: Retreat
) -> None:
    path = f"/retreats/{retreat.public_id}/"
    assert alice.get(f"{path}plan.html")["Content-Disposition"].endswith('.html"')
    assert alice.get(f"{path}retreat.ics")["Content-Type"].startswith("text/calendar")
    assert alice.get(f"{path}pack.zip").content[:2] == b"PK"


def test_what_is_no_link_of_ours_is_not_found(alice: Client, retreat: Retreat) -> None:
    path = f"/retreats/{retreat.public_id}/"
    assert alice.get(f"{path}block/?of=nonsense").status_code == 404
    assert alice.post(f"{path}kit/", {"item": "nonsense"}).status_code == 404
    assert alice.post(f"{path}people/", {"people": ["nonsense"]}).status_code == 422
