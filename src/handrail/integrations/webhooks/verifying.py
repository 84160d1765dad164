"""Is this from whom it says? Answered from raw bytes, in constant time, before any parsing."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from handrail.integrations.webhooks.schemes import SCHEMES, Scheme, Signed

LARGEST = 1 << 20  # bytes of a body


class Why(StrEnum):
    """Why a delivery was turned away."""

    TOO_LARGE = "too-large"
    NO_SECRET = "no-secret"  # noqa: S105 -- the name of a reason
    NO_SIGNATURE = "no-signature"
    NO_TIME = "no-time"
    STALE = "stale"
    WRONG = "wrong-signature"
    UNREADABLE = "unreadable"


class Rejected(Exception):
    """Not proven: nothing in the body may be believed or kept."""

    def __init__(self, why: Why) -> None:
        super().__init__(why.value)
        self.why = why


@dataclass(frozen=True)
class Proven:
    """A delivery whose sender holds one of our secrets.

    `delivery` is the sender's own id of it, or the SHA-256 of the body where the sender gives none:
    the same delivery sent again has the same.
    """

    delivery: str
    digest: str
    body: bytes


def verify(
    scheme: Scheme,
    headers: Mapping[str, str],
    body: bytes,
    secrets: Sequence[str],
    now: datetime,
) -> Proven:
    """The delivery, if one of `secrets` (the new and the old one, while rotating) signed it.

    `headers` by names in lower case; `now` is aware. Raises `Rejected`.
    """
    if len(body) > LARGEST:
        raise Rejected(Why.TOO_LARGE)
    if not secrets or not all(secrets):
        raise Rejected(Why.NO_SECRET)
    sent = headers.get(scheme.header, "")
    if not sent:
        raise Rejected(Why.NO_SIGNATURE)
    time = headers.get(scheme.time_header, "") if scheme.time_header else ""
    ident = headers.get(scheme.id_header, "") if scheme.id_header else ""
    if scheme.time_header:
        _fresh(scheme, time, now, per_second=1)
    if scheme.signed == Signed.ID_TIME_BODY and not ident:
        raise Rejected(Why.NO_SIGNATURE)
    signed = _signed(scheme, body, time, ident)
    # Every secret is tried on every signature: how long it takes tells nothing.
    expected = [_expected(scheme, secret, signed) for secret in secrets]
    fits = [_same(given, one) for given in _given(scheme, sent) for one in expected]
    if not any(fits):
        raise Rejected(Why.WRONG)
    digest = hashlib.sha256(body).hexdigest()
    if scheme.time_field:
        told = str(json_object(body).get(scheme.time_field, ""))
        _fresh(scheme, told, now, per_second=1000)
    if scheme.id_field:
        ident = str(json_object(body).get(scheme.id_field) or "")
    return Proven(delivery=ident or digest, digest=digest, body=body)


def scheme_for(kind: str, headers: Mapping[str, str]) -> Scheme:
    """The scheme of a kind of sender: GitLab's new one where it signs so, else its old token."""
    if kind == "gitlab" and SCHEMES["gitlab"].header not in headers:
        return SCHEMES["gitlab-token"]
    return SCHEMES[kind]


def json_object(body: bytes) -> dict[str, Any]:
    """The JSON object that a body holds; raises `Rejected` if it holds anything else."""
    try:
        content = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Rejected(Why.UNREADABLE) from error
    if not isinstance(content, dict):
        raise Rejected(Why.UNREADABLE)
    return content


def sign(scheme: Scheme, secret: str, body: bytes, *, time: str = "", ident: str = "") -> str:
    """The value of the scheme's header for this body: what we send, and what tests compare."""
    return scheme.prefix + _expected(scheme, secret, _signed(scheme, body, time, ident))


def _given(scheme: Scheme, sent: str) -> Iterator[str]:
    for one in sent.split(" ") if scheme.several else [sent]:
        if one.startswith(scheme.prefix):
            yield one.removeprefix(scheme.prefix)


def _signed(scheme: Scheme, body: bytes, time: str, ident: str) -> bytes:
    match scheme.signed:
        case Signed.BODY_TIMESTAMP:
            return body + time.encode()
        case Signed.ID_TIME_BODY:
            return f"{ident}.{time}.".encode() + body
        case Signed.VERSION_TIME_BODY:
            return f"v0:{time}:".encode() + body
        case _:
            return body


def _expected(scheme: Scheme, secret: str, signed: bytes) -> str:
    if scheme.signed == Signed.NOTHING:
        return secret
    made = hmac.new(_key(scheme, secret), signed, scheme.digest).digest()
    return base64.b64encode(made).decode() if scheme.encoding == "base64" else made.hex()


def _key(scheme: Scheme, secret: str) -> bytes:
    if not scheme.coded:
        return secret.encode()
    try:
        return base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    except (binascii.Error, ValueError) as error:
        raise Rejected(Why.NO_SECRET) from error


def _same(given: str, expected: str) -> bool:
    # As bytes: a header may hold what is not ASCII, which `compare_digest` refuses in text.
    return hmac.compare_digest(given.encode("utf-8", "replace"), expected.encode())


def _fresh(scheme: Scheme, told: str, now: datetime, *, per_second: int) -> None:
    if not told.isascii() or not told.isdigit():
        raise Rejected(Why.NO_TIME)
    age = abs(now.timestamp() - int(told[:20]) / per_second)
    if scheme.tolerance is not None and age > scheme.tolerance:
        raise Rejected(Why.STALE)
