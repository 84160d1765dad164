"""A signed statement as an Open Badge: switched on, taken along, checked, taken back."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicNumbers
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from factories.world import NOW, World
from handrail.apps.organizations.consent_texts import say
from handrail.apps.organizations.models import AuditEntry
from handrail.apps.organizations.scope import reading
from handrail.apps.records import attesting
from handrail.apps.records.models import Attestation, BadgeKey
from web.test_records import done

pytestmark = [pytest.mark.django_db, pytest.mark.later_on_postgresql]
As = Callable[[str], Client]


def part(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def by_hand(badge: str, jwk: dict[str, Any]) -> dict[str, Any]:
    """RFC 7515 section 5.2 and RFC 7518 section 3.3, with `cryptography` alone."""
    head, body, signature = badge.split(".")
    key = RSAPublicNumbers(*[int.from_bytes(part(jwk[one])) for one in ("e", "n")]).public_key()
    key.verify(part(signature), f"{head}.{body}".encode(), PKCS1v15(), hashes.SHA256())
    payload: dict[str, Any] = json.loads(part(body))
    return payload


def signed_statement(world: World) -> Attestation:
    session = done(world)
    with reading(world.organization):
        alice, bob = world.person("alice"), world.person("bob")
        viewer = world.viewer("alice")
    say(alice.public_id, "attestation", True, channel="web", by=viewer, now=NOW)
    return attesting.attest(session, bob, "He rebases alone.", by=viewer, now=NOW)


def test_a_badge_is_off_until_an_administrator_says_otherwise(
    world: World, signed_in_as: As, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = signed_statement(world)
    page, records = reverse("badge", args=[made.public_id]), reverse("records")
    statements = reverse("attest", args=[made.artifact.session.public_id])  # type: ignore[union-attr]
    adam, bob, alice, anybody = (
        signed_in_as("adam"),
        signed_in_as("bob"),
        signed_in_as("alice"),
        Client(),
    )
    here = [world.organization.public_id]
    assert bob.get(page).status_code == 404
    assert page not in bob.get(statements).content.decode()
    assert anybody.get(reverse("badge_keys", args=here)).json() == {"keys": []}
    for name in ("alice", "bob"):
        assert signed_in_as(name).post(records, {"do": "badges_on"}).status_code == 403
    assert adam.post(records, {"do": "badges_rotate"}).status_code == 302
    with reading(world.organization):
        assert not BadgeKey.objects.exists()  # nothing to change while it is off

    adam.post(records, {"do": "badges_on"})
    assert page in bob.get(statements).content.decode()
    assert page not in alice.get(statements).content.decode()
    assert alice.get(page).status_code == 404  # it is about bob, and his to take along
    taken = bob.get(page)
    assert taken["Content-Type"].startswith("text/plain")
    assert taken["Content-Disposition"] == f'attachment; filename="badge-{made.public_id}.jwt"'
    badge = taken.content.decode()
    header = json.loads(part(badge.split(".")[0]))
    assert sorted(header) == ["alg", "jwk", "kid", "typ"]

    # `kid` leads to the key, the list has it too, and both verify with nothing of ours.
    address = header["kid"].removeprefix("http://localhost:8000")
    published = anybody.get(address).json()
    assert not {"d", "p", "q"} & set(published)
    listed = anybody.get(reverse("badge_keys", args=here)).json()
    assert listed == {"keys": [published]}
    payload = by_hand(badge, published)
    assert payload["credentialSubject"]["achievement"]["description"] == "He rebases alone."
    assert payload["credentialSubject"]["achievement"]["name"] == "Rebase"
    assert payload["id"] == payload["jti"] == f"urn:uuid:{made.public_id}"
    assert payload["iss"].endswith(reverse("badge_issuer", args=here))
    assert anybody.get(reverse("badge_issuer", args=here)).json() == payload["issuer"]
    text = json.dumps(payload)
    assert "bob@" not in text  # the address is there as a hash alone
    assert "To rebase" not in text  # and the artifact as a fingerprint

    # Offline, after the key was changed: what was signed before holds, and what comes is new.
    adam.post(records, {"do": "badges_rotate"})
    files = {"badge": badge, "keys": anybody.get(reverse("badge_keys", args=here)).content.decode()}
    assert len(json.loads(files["keys"])["keys"]) == 2
    newer = bob.get(page).content.decode()
    assert json.loads(part(newer.split(".")[0]))["kid"] != header["kid"]
    by_hand(badge, anybody.get(address).json())
    at = {name: tmp_path / name for name in (*files, "revoked", "newer")}
    for name, words in {**files, "newer": newer}.items():
        at[name].write_text(words)
    for name in ("badge", "newer"):
        call_command("verify", str(at[name]), keys=at["keys"])
        out = capsys.readouterr().out
        assert "He rebases alone." in out
        assert "It is a key of this organisation." in out
    with reading(world.organization):
        secrets = [key.sealed for key in BadgeKey.objects.order_by("made_at", "pk")]
    assert secrets[0] == ""  # the secret of the key before is gone
    assert "PRIVATE" not in secrets[1]

    # One byte changed, and taken back.
    head, body, signature = badge.split(".")
    changed = f"{head}.{body[:40]}{'A' if body[40] != 'A' else 'B'}{body[41:]}.{signature}"
    at["newer"].write_text(changed)
    with pytest.raises(CommandError, match="does not hold"):
        call_command("verify", str(at["newer"]), keys=at["keys"])
    alice.post(statements, {"do": "revoke", "statement": str(made.public_id)})
    assert bob.get(page).status_code == 409
    status = payload["credentialStatus"]
    assert status["type"] == "1EdTechRevocationList"
    revoked = anybody.get(status["id"].removeprefix("http://localhost:8000"))
    assert revoked.json()["id"] == status["id"]
    assert revoked.json()["issuer"] == payload["iss"]
    assert revoked.json()["revokedCredential"] == [{"id": payload["id"], "revoked": True}]
    at["revoked"].write_text(revoked.content.decode())
    with pytest.raises(CommandError, match="taken back"):
        call_command("verify", str(at["badge"]), keys=at["keys"], revoked=at["revoked"])


def test_switched_off_no_badge_leaves_and_those_outside_still_verify(
    world: World, signed_in_as: As
) -> None:
    made = signed_statement(world)
    page, records = reverse("badge", args=[made.public_id]), reverse("records")
    adam, bob = signed_in_as("adam"), signed_in_as("bob")
    adam.post(records, {"do": "badges_on"})
    badge = bob.get(page).content.decode()
    adam.post(records, {"do": "badges_off"})
    assert bob.get(page).status_code == 404
    kid = json.loads(part(badge.split(".")[0]))["kid"].removeprefix("http://localhost:8000")
    by_hand(badge, Client().get(kid).json())
    with reading(world.organization):
        verbs = set(AuditEntry.objects.values_list("verb", flat=True))
    assert {"badges.on", "badges.off", "attestation.badge"} <= verbs


def test_another_key_of_the_server_means_a_new_key_for_badges(
    world: World, signed_in_as: As
) -> None:
    made = signed_statement(world)
    page = reverse("badge", args=[made.public_id])
    signed_in_as("adam").post(reverse("records"), {"do": "badges_on"})
    with reading(world.organization):
        BadgeKey.objects.update(sealed="not to be opened")
    badge = signed_in_as("bob").get(page).content.decode()
    with reading(world.organization):
        before, after = BadgeKey.objects.order_by("pk")
    assert before.retired_at is not None
    assert after.retired_at is None
    header = json.loads(part(badge.split(".")[0]))
    assert header["kid"].endswith(f"{after.public_id}.json")
    by_hand(badge, header["jwk"])
