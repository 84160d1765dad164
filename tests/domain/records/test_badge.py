"""A badge against `cryptography` alone: header, claims and signature are read by hand here."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicNumbers, generate_private_key
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from handrail.domain.records import (
    Badge,
    BadgeProblem,
    credential_of,
    judge_badge,
    looks_like_badge,
    new_badge_key,
    public_jwk,
    sign_badge,
)

NOW = datetime(2026, 2, 2, 9, 0, tzinfo=UTC)
SECRET, OTHER = new_badge_key(), new_badge_key()
LOADED: Any = {one: load_pem_private_key(one.encode(), None) for one in (SECRET, OTHER)}
JWKS = {one: public_jwk(one) for one in (SECRET, OTHER)}
KID = "https://handrail.example.org/attested/1/badges/keys/2.json"
BADGE = Badge(
    id="urn:uuid:1",
    subject="urn:uuid:2",
    achievement="urn:uuid:3",
    issuer="https://handrail.example.org/attested/1/issuer.json",
    issuer_name="Example Team",
    issuer_page="https://handrail.example.org",
    revocations="https://handrail.example.org/attested/1/badges/revoked.json",
    name="Rebase",
    statement="Zoë rebases alone.",
    criteria="Held a session.",
    evidence="sha256:00",
    person="Zoë",
    email="zoe@example.org",
    salt="pepper",
    valid_from=NOW,
)
CREDENTIAL = credential_of(BADGE)


def part(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def plain(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def by_hand(badge: str, jwk: dict[str, Any]) -> dict[str, Any]:
    """RFC 7515 section 5.2 and RFC 7518 section 3.3, with nothing of ours."""
    head, body, signature = badge.split(".")
    numbers = [int.from_bytes(part(jwk[name])) for name in ("e", "n")]
    key = RSAPublicNumbers(*numbers).public_key()
    key.verify(part(signature), f"{head}.{body}".encode(), PKCS1v15(), hashes.SHA256())
    payload: dict[str, Any] = json.loads(part(body))
    return payload


def signed_by_hand(payload: Any, header: dict[str, Any] | None = None, secret: str = SECRET) -> str:
    """What somebody else could have signed, right or wrong."""
    whole = {"alg": "RS256", "typ": "JWT", "jwk": JWKS[secret], **(header or {})}
    text = ".".join(plain(json.dumps(one).encode()) for one in (whole, payload))
    return f"{text}.{plain(LOADED[secret].sign(text.encode(), PKCS1v15(), hashes.SHA256()))}"


def test_a_badge_is_what_the_specification_says() -> None:
    badge = sign_badge(CREDENTIAL, SECRET, KID)
    header = json.loads(part(badge.split(".")[0]))
    assert set(header) == {"alg", "typ", "kid", "jwk"}  # no other header is allowed
    assert (header["alg"], header["typ"], header["kid"]) == ("RS256", "JWT", KID)
    assert set(header["jwk"]) == {"kty", "n", "e"}  # nothing of the secret half
    payload = by_hand(badge, header["jwk"])
    claims = {name: payload.pop(name) for name in ("iss", "sub", "jti", "nbf")}
    assert claims == {
        "iss": "https://handrail.example.org/attested/1/issuer.json",
        "sub": "urn:uuid:2",
        "jti": "urn:uuid:1",
        "nbf": 1770022800,  # 2026-02-02T09:00:00Z
    }
    assert payload == {
        "@context": [
            "https://www.w3.org/ns/credentials/v2",
            "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
            "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json",
        ],
        "id": "urn:uuid:1",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": "Rebase",
        "issuer": {
            "id": "https://handrail.example.org/attested/1/issuer.json",
            "type": ["Profile"],
            "name": "Example Team",
            "url": "https://handrail.example.org",
        },
        "validFrom": "2026-02-02T09:00:00Z",
        "credentialSubject": {
            "id": "urn:uuid:2",
            "type": ["AchievementSubject"],
            "identifier": [
                {
                    "type": "IdentityObject",
                    "hashed": True,
                    # printf zoe@example.orgpepper | sha256sum
                    "identityHash": "sha256$"
                    "d3247bfb4aa3b24a753091772cde4d158b0925c6699fd396aa31087ed15c7003",
                    "identityType": "emailAddress",
                    "salt": "pepper",
                },
                {
                    "type": "IdentityObject",
                    "hashed": False,
                    "identityHash": "Zoë",
                    "identityType": "name",
                },
            ],
            "achievement": {
                "id": "urn:uuid:3",
                "type": ["Achievement"],
                "name": "Rebase",
                "description": "Zoë rebases alone.",
                "criteria": {"narrative": "Held a session."},
            },
        },
        "evidence": [{"type": ["Evidence"], "narrative": "sha256:00"}],
        "credentialSchema": [
            {
                "id": "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/"
                "ob_v3p0_achievementcredential_schema.json",
                "type": "1EdTechJsonSchemaValidator2019",
            }
        ],
        "credentialStatus": {
            "id": "https://handrail.example.org/attested/1/badges/revoked.json",
            "type": "1EdTechRevocationList",
        },
    }
    assert sign_badge(CREDENTIAL, SECRET, KID) == badge  # the same badge, however often


def test_a_changed_byte_and_another_key_are_caught_by_both_readers() -> None:
    badge = sign_badge(CREDENTIAL, SECRET, KID)
    head, body, signature = badge.split(".")
    keys = {"keys": [{**JWKS[SECRET], "kid": KID}]}
    found = judge_badge(badge, NOW, keys=keys, revoked={"revokedCredential": []})
    assert (found.problem, found.is_known, found.is_revoked, found.key) == (None, True, False, KID)
    at = len(body) // 2
    other = "A" if body[at] != "A" else "B"
    body_changed = f"{head}.{body[:at]}{other}{body[at + 1 :]}.{signature}"
    first = "A" if signature[0] != "A" else "B"
    for changed in (body_changed, f"{head}.{body}.{first}{signature[1:]}"):
        with pytest.raises(InvalidSignature):
            by_hand(changed, JWKS[SECRET])
        assert judge_badge(changed, NOW).problem is BadgeProblem.WRONG_SIGNATURE
    with pytest.raises(InvalidSignature):
        by_hand(badge, JWKS[OTHER])
    # Signed by somebody else who puts their own key into the header: sound, and nobody's here.
    forged = sign_badge(CREDENTIAL, OTHER, KID)
    found = judge_badge(forged, NOW, keys=keys)
    assert (found.problem, found.is_known) == (None, False)
    # Without a key in the header the list decides, by the address of the key.
    alone = signed_by_hand(by_hand(badge, JWKS[SECRET]), {"jwk": None, "kid": KID}, OTHER)
    assert judge_badge(alone, NOW, keys=keys).problem is BadgeProblem.WRONG_SIGNATURE
    assert judge_badge(alone, NOW).problem is BadgeProblem.NO_KEY


def test_what_was_taken_back_is_told_by_the_list() -> None:
    badge = sign_badge(CREDENTIAL, SECRET, KID)
    for rows in ([{"id": "urn:uuid:1", "revoked": True}], [{"id": "urn:uuid:1"}]):
        assert judge_badge(badge, NOW, revoked={"revokedCredential": rows}).is_revoked
    for rows in ([{"id": "urn:uuid:9"}], [{"id": "urn:uuid:1", "revoked": False}]):
        assert not judge_badge(badge, NOW, revoked={"revokedCredential": rows}).is_revoked
    assert judge_badge(badge, NOW, revoked={"revoked": [{"id": "urn:uuid:1"}]}).is_revoked


def test_lists_and_ids_of_another_shape_are_told_and_break_nothing() -> None:
    good = by_hand(sign_badge(CREDENTIAL, SECRET, KID), JWKS[SECRET])
    odd = signed_by_hand({**good, "id": ["x"], "jti": ["x"]})
    for shape in (5, "x", None, {}):
        lists: Any = {"keys": {"keys": shape}, "revoked": {"revokedCredential": shape}}
        found = judge_badge(odd, NOW, **lists)
        assert (found.is_known, found.is_revoked) == (False, False)


def test_what_else_can_be_wrong_with_a_badge_is_told() -> None:
    good = by_hand(sign_badge(CREDENTIAL, SECRET, KID), JWKS[SECRET])
    assert judge_badge(signed_by_hand(good), NOW).problem is None
    said = BadgeProblem
    for name in ("iss", "sub", "jti"):
        for changed in ({**good, name: "x"}, {k: v for k, v in good.items() if k != name}):
            assert judge_badge(signed_by_hand(changed), NOW).problem is said.CLAIMS_DIFFER
    for extra in ({"nbf": 1}, {"validFrom": "soon"}, {"exp": 9_999_999_999}):
        assert judge_badge(signed_by_hand({**good, **extra}), NOW).problem is said.CLAIMS_DIFFER
    for extra in ({"type": ["Other"]}, {"@context": []}, {"credentialSubject": None}):
        assert judge_badge(signed_by_hand({**good, **extra}), NOW).problem is said.NO_BADGE
    early = NOW - timedelta(seconds=1)
    assert judge_badge(signed_by_hand(good), early).problem is said.NOT_YET
    ended = {**good, "validUntil": "2026-02-02T10:00:00Z", "exp": 1770026400}
    assert judge_badge(signed_by_hand(ended), NOW).problem is None
    late = NOW + timedelta(hours=2)
    assert judge_badge(signed_by_hand(ended), late).problem is said.EXPIRED
    # A header that would have the badge believed otherwise: by no signature, or by the public key.
    for algorithm in ("none", "HS256", "PS256", "EdDSA"):
        text = signed_by_hand(good, {"alg": algorithm})
        assert judge_badge(text, NOW).problem is said.OTHER_ALGORITHM
    small = generate_private_key(public_exponent=65537, key_size=1024).public_key().public_numbers()
    weak = {"kty": "RSA", "e": "AQAB", "n": plain(small.n.to_bytes(128))}
    assert judge_badge(signed_by_hand(good, {"jwk": weak}), NOW).problem is said.NO_KEY
    wrong: tuple[Any, ...] = ({"kty": "EC"}, "x", {"kty": "RSA", "n": 1, "e": "AQAB"})
    for jwk in wrong:
        assert judge_badge(signed_by_hand(good, {"jwk": jwk}), NOW).problem is said.NO_KEY
    assert judge_badge(signed_by_hand([1]), NOW).problem is said.MALFORMED
    for text in ("", "a.b", "a.b.c", "..", "e30.e30.e30", "ä.b.c"):
        assert judge_badge(text, NOW).problem in (said.MALFORMED, said.OTHER_ALGORITHM)


def test_a_badge_is_told_from_a_document_by_its_text() -> None:
    assert looks_like_badge(f"{sign_badge(CREDENTIAL, SECRET, KID)}\n")
    others = ("", "{}", "a.b", "a.b.c.d", '{"a": "b.c.d"}')
    assert [one for one in others if looks_like_badge(one)] == []


def test_without_an_address_a_badge_names_the_person_alone() -> None:
    subject = credential_of(replace(BADGE, email=""))["credentialSubject"]
    assert [one["identityType"] for one in subject["identifier"]] == ["name"]
