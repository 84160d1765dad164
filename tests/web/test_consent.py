"""What people allow: on a page and by programs, in words with a version, at once."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from factories.world import NOW, World
from handrail.apps.organizations.actions import create_api_key
from handrail.apps.organizations.queries import all_allow, consent
from handrail.apps.organizations.scope import reading, writing

pytestmark = [pytest.mark.django_db, pytest.mark.later_on_postgresql]
As = Callable[[str], Client]


def test_each_purpose_is_allowed_and_withdrawn_by_itself_and_at_once(
    world: World, signed_in_as: As
) -> None:
    page, bob = reverse("settings_consent"), world.person("bob").public_id
    alice = world.person("alice").public_id
    at_bob = signed_in_as("bob")
    at_bob.post(page, {"purpose": "recording", "do": "allow"})
    with reading(world.organization):
        assert consent(bob, "recording") is True
        assert consent(bob, "attestation") is None
        assert not all_allow([bob, alice], "recording")
    signed_in_as("alice").post(page, {"purpose": "recording", "do": "allow"})
    with reading(world.organization):
        assert all_allow([bob, alice], "recording")
    at_bob.post(page, {"purpose": "recording", "do": "withdraw"})
    with reading(world.organization):
        assert not all_allow([bob, alice], "recording")
        assert not all_allow([], "recording")
    shown = at_bob.get(page).content.decode()
    assert shown.count("What you said before") == 1
    assert "Wording of 2026-11" in shown

    # The same by a program; and what is no purpose of this page is refused.
    with writing(world.organization):
        _key, secret = create_api_key(
            "own", ["people:read", "people:write"], by=world.viewer("bob"), now=NOW
        )
    key = {"HTTP_AUTHORIZATION": f"Bearer {secret}"}
    said = Client().post(
        "/api/v1/me/consents/assistance",
        json.dumps({"given": True}),
        "application/json",
        HTTP_IDEMPOTENCY_KEY="one",
        **key,
    )
    assert said.json()["given"] is True
    listed = Client().get("/api/v1/me/consents", **key).json()
    assert {one["purpose"] for one in listed if one["given"]} == {"assistance"}
    recording = next(one for one in listed if one["purpose"] == "recording")
    assert [one["given"] for one in recording["history"]] == [False, True]
    assert at_bob.post(page, {"purpose": "reminders", "do": "allow"}).status_code == 422
