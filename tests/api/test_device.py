"""What a page's own script asks: who is signed in, and never a form where JSON was due."""

from __future__ import annotations

import pytest
from django.test import Client

from factories.world import NOW, World, make_world
from handrail.apps.organizations.models import Organization
from handrail.apps.organizations.restoring import begin_new_epoch


@pytest.fixture
def world(db: None) -> World:
    return make_world()


@pytest.fixture
def alice(world: World) -> Client:
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.users["alice"], "django.contrib.auth.backends.ModelBackend")
    return client


def test_a_signed_in_browser_learns_its_account_the_epoch_and_a_token(
    world: World, alice: Client
) -> None:
    told = alice.get("/api/v1/device").json()
    assert told["account"] == str(world.viewer("alice").account)
    assert told["epoch"] == str(Organization.objects.get(pk=world.organization.pk).epoch)
    assert len(told["token"]) == 64


def test_an_account_is_one_persons_in_one_organisation(world: World) -> None:
    accounts = {world.viewer(name).account for name in ("alice", "bob", "charlie")}
    assert len(accounts) == 3


@pytest.mark.django_db
def test_a_signed_out_browser_is_told_so_in_json() -> None:
    answer = Client().get("/api/v1/device")
    assert (answer.status_code, answer["Content-Type"]) == (401, "application/problem+json")
    assert answer.json()["type"] == "/api/problems/signed-out"


def test_a_cookie_opens_no_door_that_is_for_keys(alice: Client) -> None:
    assert alice.get("/api/v1/people").status_code == 401


def test_another_epoch_after_a_restore(world: World, alice: Client) -> None:
    before = alice.get("/api/v1/device").json()["epoch"]
    after = begin_new_epoch(by=world.system, now=NOW)
    assert alice.get("/api/v1/device").json()["epoch"] == str(after) != before
