"""A signed statement as an Open Badges 3.0 credential, secured as a VC-JWT with RS256.

The claims and the header are those of "JSON Web Token Proof Format" in
https://www.imsglobal.org/spec/ob/v3p0/: the payload is the credential itself, with iss, sub, jti
and nbf beside its members. Offline: who verifies brings the organisation's lists, or none.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, cast

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from jwt.algorithms import RSAAlgorithm

CONTEXTS = (
    "https://www.w3.org/ns/credentials/v2",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
    "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json",
)
SCHEMA = (
    "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json"
)
STATUS = "1EdTechRevocationList"
ALGORITHM = "RS256"
BITS, LEAST_BITS = 2048, 2048  # of a key of ours; of one that we believe
COMPACT = re.compile(r"[\w-]+\.[\w-]+\.[\w-]+", re.ASCII)
Credential = dict[str, Any]
Key = dict[str, str]  # a public RSA key as a JWK


class BadgeProblem(StrEnum):
    """Why a badge does not hold."""

    MALFORMED = "malformed"  # not three parts, or none of them what it should be
    OTHER_ALGORITHM = "other_algorithm"
    NO_KEY = "no_key"  # neither in its header nor among those that the caller brought
    WRONG_SIGNATURE = "wrong_signature"
    CLAIMS_DIFFER = "claims_differ"  # iss, sub, jti or nbf say otherwise than the credential
    NO_BADGE = "no_badge"  # signed, and something else
    NOT_YET = "not_yet"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class BadgeJudgement:
    """Whether a badge holds, what it says, whose key it is, and whether it was taken back.

    `problem` is None where it holds. `is_known` and `is_revoked` are None where the caller brought
    no list to look it up in.
    """

    problem: BadgeProblem | None
    credential: Credential
    key: str  # the address that the badge gives for its key, or ""
    is_known: bool | None
    is_revoked: bool | None


@dataclass(frozen=True, slots=True)
class Badge:
    """What goes into a badge: ids and addresses are URIs, `valid_from` is aware."""

    id: str
    subject: str
    achievement: str
    issuer: str
    issuer_name: str
    issuer_page: str
    revocations: str
    name: str
    statement: str
    criteria: str
    evidence: str
    person: str
    email: str
    salt: str
    valid_from: datetime


def new_badge_key() -> str:
    """A new secret RSA key as PEM."""
    key = generate_private_key(public_exponent=65537, key_size=BITS)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def public_jwk(secret: str) -> Key:
    """The public half of a secret key, as a JWK with kty, n and e and nothing else."""
    return _public(_private(secret))


def _public(secret: RSAPrivateKey) -> Key:
    whole: Mapping[str, Any] = RSAAlgorithm.to_jwk(secret.public_key(), as_dict=True)
    return {name: str(whole[name]) for name in ("kty", "n", "e")}


def identity_hash(identity: str, salt: str) -> str:
    """An IdentityHash of the specification: SHA-256 over the identity with its salt behind it."""
    return f"sha256${hashlib.sha256((identity + salt).encode()).hexdigest()}"


def credential_of(badge: Badge) -> Credential:
    """The OpenBadgeCredential of a badge, with no proof and no claims yet."""
    return {
        "@context": list(CONTEXTS),
        "id": badge.id,
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": badge.name,
        "issuer": {
            "id": badge.issuer,
            "type": ["Profile"],
            "name": badge.issuer_name,
            "url": badge.issuer_page,
        },
        "validFrom": badge.valid_from.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "credentialSubject": {
            "id": badge.subject,
            "type": ["AchievementSubject"],
            "identifier": _identifiers(badge),
            "achievement": {
                "id": badge.achievement,
                "type": ["Achievement"],
                "name": badge.name,
                "description": badge.statement,
                "criteria": {"narrative": badge.criteria},
            },
        },
        "evidence": [{"type": ["Evidence"], "narrative": badge.evidence}],
        "credentialSchema": [{"id": SCHEMA, "type": "1EdTechJsonSchemaValidator2019"}],
        "credentialStatus": {"id": badge.revocations, "type": STATUS},
    }


def _identifiers(badge: Badge) -> list[dict[str, Any]]:
    """Who it is about: a name, and an address that only who knows it can hold against its hash."""
    name = {
        "type": "IdentityObject",
        "hashed": False,
        "identityHash": badge.person,
        "identityType": "name",
    }
    hashed = {
        "type": "IdentityObject",
        "hashed": True,
        "identityHash": identity_hash(badge.email, badge.salt),
        "identityType": "emailAddress",
        "salt": badge.salt,
    }
    return [hashed, name] if badge.email else [name]


def sign_badge(credential: Credential, secret: str, kid: str) -> str:
    """The credential as a compact JWS; the header has the key and `kid`, where it is published."""
    payload = {
        **credential,
        "iss": credential["issuer"]["id"],
        "sub": credential["credentialSubject"]["id"],
        "jti": credential["id"],
        "nbf": _seconds(credential["validFrom"]),
    }
    key = _private(secret)
    headers = {"typ": "JWT", "kid": kid, "jwk": _public(key)}
    return jwt.encode(payload, key, algorithm=ALGORITHM, headers=headers)


def looks_like_badge(text: str) -> bool:
    """Whether a file's text is a compact JWS rather than JSON."""
    return COMPACT.fullmatch(text.strip()) is not None


def judge_badge(
    text: str,
    now: datetime,
    *,
    keys: Mapping[str, Any] | None = None,
    revoked: Mapping[str, Any] | None = None,
) -> BadgeJudgement:
    """How far a badge holds, offline.

    `keys` is the organisation's JWKS and `revoked` its revocation list, as their addresses give
    them. With a list of keys only a key of that list counts; without, the one in the header shows
    that nothing was changed, and not whose it is.
    """
    try:
        header = jwt.get_unverified_header(text.strip())
        given = _named(header.get("jwk"))
        kid = header.get("kid") if isinstance(header.get("kid"), str) else ""
    except jwt.InvalidTokenError:
        return BadgeJudgement(BadgeProblem.MALFORMED, {}, "", None, None)
    listed = _dicts(keys.get("keys")) if keys else []
    key = given or next((_named(one) for one in listed if kid and one.get("kid") == kid), None)
    known = None if keys is None else key is not None and key in [_named(one) for one in listed]
    problem, credential = _read(text.strip(), header, key, now)
    taken_back = None if revoked is None else str(credential.get("id")) in _revoked(revoked)
    return BadgeJudgement(problem, credential, kid or "", known, taken_back)


def _read(
    text: str, header: Mapping[str, Any], key: Key | None, now: datetime
) -> tuple[BadgeProblem | None, Credential]:
    if header.get("alg") != ALGORITHM:
        return BadgeProblem.OTHER_ALGORITHM, {}
    if key is None:
        return BadgeProblem.NO_KEY, {}
    claims = ("exp", "nbf", "iat", "aud", "iss", "sub", "jti")
    unasked = {f"verify_{name}": False for name in claims}  # held against the credential below
    try:
        public = jwt.PyJWK(key, algorithm=ALGORITHM)
        if public.key.key_size < LEAST_BITS:
            return BadgeProblem.NO_KEY, {}
        # One algorithm and no other: a header never chooses how it is believed.
        payload = jwt.decode(text, public, algorithms=[ALGORITHM], options=cast(Any, unasked))
    except jwt.InvalidSignatureError:
        return BadgeProblem.WRONG_SIGNATURE, {}
    except (jwt.PyJWTError, ValueError):
        return BadgeProblem.MALFORMED, {}
    return _problem_of(payload, now), payload


def _problem_of(payload: Credential, now: datetime) -> BadgeProblem | None:
    issuer, subject = payload.get("issuer"), payload.get("credentialSubject")
    types, contexts = payload.get("type"), payload.get("@context")
    if (
        not isinstance(types, list)
        or not {"OpenBadgeCredential", "AchievementCredential"} & {str(one) for one in types}
        or not isinstance(contexts, list)
        or contexts[:1] != [CONTEXTS[0]]
        or not isinstance(subject, dict)
    ):
        return BadgeProblem.NO_BADGE
    named = issuer.get("id") if isinstance(issuer, dict) else issuer
    try:
        same = (
            payload["iss"] == named
            and payload["jti"] == payload["id"]
            and payload["sub"] == subject["id"]
            and payload["nbf"] == _seconds(payload["validFrom"])
            and ("exp" in payload) == ("validUntil" in payload)
            and ("exp" not in payload or payload["exp"] == _seconds(payload["validUntil"]))
        )
    except (KeyError, ValueError, TypeError):
        return BadgeProblem.CLAIMS_DIFFER
    if not same:
        return BadgeProblem.CLAIMS_DIFFER
    if payload["nbf"] > now.timestamp():
        return BadgeProblem.NOT_YET
    if payload.get("exp", now.timestamp()) < now.timestamp():
        return BadgeProblem.EXPIRED
    return None


def _revoked(revoked: Mapping[str, Any]) -> set[str]:
    """The ids of a revocation list; what says of itself that it is not revoked is not."""
    rows = _dicts(revoked.get("revokedCredential", revoked.get("revoked")))
    return {str(one.get("id")) for one in rows if one.get("revoked", True)}


def _dicts(found: Any) -> list[dict[str, Any]]:
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _named(key: Any) -> Key | None:
    """What makes an RSA key the key it is; None where this is none."""
    if not isinstance(key, dict) or key.get("kty") != "RSA":
        return None
    n, e = key.get("n"), key.get("e")
    return {"kty": "RSA", "n": n, "e": e} if isinstance(n, str) and isinstance(e, str) else None


def _seconds(moment: str) -> int:
    return int(datetime.fromisoformat(moment).timestamp())


def _private(secret: str) -> RSAPrivateKey:
    return cast(RSAPrivateKey, load_pem_private_key(secret.encode(), None))
