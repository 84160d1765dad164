"""The demo's own pages exist in a demo on this machine, and nowhere else."""

from __future__ import annotations

import pytest
from django.test import Client

from factories.world import World
from handrail.apps.organizations.models import Organization


@pytest.fixture
def demo(world: World, settings: object) -> World:
    Organization.objects.update(is_demo=True)
    settings.SERVED_ON_LOOPBACK = True
    return world


def sign_in(client: Client, world: World, **headers: str) -> int:
    chosen = {"person": str(world.people["alice"].public_id)}
    return client.post("/demo/sign-in/", chosen, **headers).status_code


def test_in_a_demo_on_this_machine_anybody_can_be_tried(demo: World) -> None:
    client = Client()
    assert client.get("/demo/").status_code == 200
    assert sign_in(client, demo) == 302
    assert b"Today" in client.get("/").content


def test_a_real_organisation_has_no_demo_sign_in(demo: World) -> None:
    Organization.objects.update(is_demo=False)
    assert sign_in(Client(), demo) == 404


def test_a_demo_served_to_the_network_has_no_demo_sign_in(demo: World, settings: object) -> None:
    settings.SERVED_ON_LOOPBACK = False
    assert sign_in(Client(), demo) == 404


def test_a_request_from_elsewhere_finds_no_demo_sign_in(demo: World) -> None:
    assert sign_in(Client(), demo, REMOTE_ADDR="192.0.2.7") == 404


def test_a_request_through_a_proxy_finds_no_demo_sign_in(demo: World) -> None:
    assert sign_in(Client(), demo, HTTP_X_FORWARDED_FOR="192.0.2.7") == 404


def test_a_person_of_a_real_organisation_beside_the_demo_cannot_be_tried(demo: World) -> None:
    Organization.objects.filter(pk=demo.organization.pk).update(is_demo=False)
    Organization.objects.create(
        name="Demo", slug="demo", is_demo=True, created_at=demo.organization.created_at
    )
    assert sign_in(Client(), demo) == 404


def test_mails_of_a_demo_cannot_be_read_from_elsewhere(demo: World) -> None:
    assert Client().get("/demo/mails/", REMOTE_ADDR="192.0.2.7").status_code == 404
