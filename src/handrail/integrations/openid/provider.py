"""What a provider says of itself, the way there, and what comes back, proven.

OpenID Connect Core 1.0 (sections 3.1.2, 3.1.3.7), Discovery 1.0, RFC 7636 (PKCE), RFC 9207.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from urllib.parse import quote_plus, urlencode

import jwt
from oauthlib.oauth2 import WebApplicationClient

from handrail.integrations.guarded_http import Outbound, Unfetched

# Signed with a key of the provider's; a secret that we share proves nothing about who signed.
ALGORITHMS = (
    *(f"{kind}{bits}" for kind in ("RS", "PS", "ES") for bits in (256, 384, 512)),
    "EdDSA",
)
SCOPES = ("openid", "email", "profile")
LEEWAY = 120  # seconds that two clocks may differ by
FORM = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}


class Trouble(StrEnum):
    """Why a sign-in did not come about, for whoever sets it up."""

    AWAY = "away"  # the provider does not answer
    NOT_A_PROVIDER = "not-a-provider"  # what it answers describes none
    OTHER_ISSUER = "other-issuer"  # it calls itself something else
    REFUSED = "refused"  # it did not take the code: mostly a wrong client id or secret
    NO_TOKEN = "no-token"  # noqa: S105 - a reason, no secret
    BAD_SIGNATURE = "bad-signature"
    OTHER_AUDIENCE = "other-audience"  # the answer was made for another client
    STALE = "stale"
    OTHER_NONCE = "other-nonce"  # the answer belongs to another way there


class Mistrusted(Exception):
    """The answer is not believed."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble.value)
        self.trouble = trouble


@dataclass(frozen=True, slots=True)
class Described:
    """What a provider says of itself; its addresses were checked."""

    issuer: str
    authorize: str
    token: str
    keys: str
    user_info: str
    secret_in_body: bool
    names_itself: bool  # it adds `iss` to what comes back (RFC 9207)


@dataclass(frozen=True, slots=True)
class Claims:
    """Who signed in, as the provider says."""

    subject: str
    email: str
    email_verified: bool
    name: str


def describe(outbound: Outbound, issuer: str) -> Described:
    """Read what the provider says of itself; Mistrusted where it is not the one that was meant."""
    said = _read(outbound, f"{issuer.rstrip('/')}/.well-known/openid-configuration")
    if str(said.get("issuer", "")).rstrip("/") != issuer.rstrip("/"):
        raise Mistrusted(Trouble.OTHER_ISSUER)
    addresses = {
        name: str(said.get(name) or "")
        for name in ("authorization_endpoint", "token_endpoint", "jwks_uri", "userinfo_endpoint")
    }
    for name, address in addresses.items():
        if not address and name == "userinfo_endpoint":
            continue
        try:
            outbound.checked(address)
        except Unfetched:
            raise Mistrusted(Trouble.NOT_A_PROVIDER) from None
    methods = said.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
    return Described(
        issuer=str(said["issuer"]),
        authorize=addresses["authorization_endpoint"],
        token=addresses["token_endpoint"],
        keys=addresses["jwks_uri"],
        user_info=addresses["userinfo_endpoint"],
        secret_in_body="client_secret_basic" not in methods,
        names_itself=said.get("authorization_response_iss_parameter_supported") is True,
    )


def begin(
    described: Described,
    client_id: str,
    *,
    redirect_uri: str,
    state: str,
    nonce: str,
    verifier: str,
    hint: str = "",
) -> str:
    """The address that a person is sent to, to sign in there."""
    asked = {
        "response_type": "code",
        "client_id": client_id,
        "redirect_uri": redirect_uri,
        "scope": " ".join(SCOPES),
        "state": state,
        "nonce": nonce,
        "code_challenge": WebApplicationClient(client_id).create_code_challenge(verifier, "S256"),
        "code_challenge_method": "S256",
    }
    if hint:
        asked["login_hint"] = hint
    mark = "&" if "?" in described.authorize else "?"
    return f"{described.authorize}{mark}{urlencode(asked)}"


def finish(
    outbound: Outbound,
    described: Described,
    client_id: str,
    secret: str,
    *,
    answer: Mapping[str, str],
    redirect_uri: str,
    nonce: str,
    verifier: str,
    now: datetime,
) -> Claims:
    """Who signed in, proven; Mistrusted where anything about the answer does not hold."""
    named = answer.get("iss", "")
    if (named or described.names_itself) and named != described.issuer:
        raise Mistrusted(Trouble.OTHER_ISSUER)
    tokens = _exchange(outbound, described, client_id, secret, answer, redirect_uri, verifier)
    id_token = tokens.get("id_token")
    if not isinstance(id_token, str):
        raise Mistrusted(Trouble.NO_TOKEN)
    claims = _proven(outbound, described, client_id, id_token, nonce, now)
    subject = str(claims["sub"])
    if not claims.get("email") and described.user_info and tokens.get("access_token"):
        headers = {"Authorization": f"Bearer {tokens['access_token']}"}
        more = _read(outbound, described.user_info, headers)
        if str(more.get("sub", "")) == subject:
            claims = {**more, **claims}
    return Claims(
        subject=subject,
        email=str(claims.get("email") or "").strip().lower(),
        # Some say it as text; whoever does not say it at all has not checked.
        email_verified=claims.get("email_verified") in (True, "true"),
        name=str(claims.get("name") or ""),
    )


def _exchange(
    outbound: Outbound,
    described: Described,
    client_id: str,
    secret: str,
    answer: Mapping[str, str],
    redirect_uri: str,
    verifier: str,
) -> Mapping[str, Any]:
    form = {
        "grant_type": "authorization_code",
        "code": answer.get("code", ""),
        "redirect_uri": redirect_uri,
        "code_verifier": verifier,
    }
    auth = None
    if described.secret_in_body:
        form |= {"client_id": client_id, "client_secret": secret}
    else:
        auth = (quote_plus(client_id), quote_plus(secret))  # RFC 6749, section 2.3.1
    try:
        back = outbound.ask(
            described.token,
            method="POST",
            headers=FORM,
            content=urlencode(form).encode(),
            auth=auth,
        )
    except Unfetched:
        raise Mistrusted(Trouble.AWAY) from None
    if back.status >= 500:
        raise Mistrusted(Trouble.AWAY)
    if back.status != 200:
        raise Mistrusted(Trouble.REFUSED)
    return _json(back.body)


def _proven(
    outbound: Outbound,
    described: Described,
    client_id: str,
    id_token: str,
    nonce: str,
    now: datetime,
) -> dict[str, Any]:
    """The claims of a token that this provider signed, for us, just now, for this way there."""
    try:
        head = jwt.get_unverified_header(id_token)
        keys = jwt.PyJWKSet.from_dict(dict(_read(outbound, described.keys)))
        usable = [
            key
            for key in keys.keys
            if key.public_key_use in (None, "sig")
            and ("kid" not in head or key.key_id == head["kid"])
        ]
        claims = _opened(id_token, str(head.get("alg", "")), usable)
    except (jwt.PyJWTError, KeyError, TypeError, ValueError):
        raise Mistrusted(Trouble.BAD_SIGNATURE) from None
    if claims.get("iss") != described.issuer:
        raise Mistrusted(Trouble.OTHER_ISSUER)
    audience = claims.get("aud")
    meant = audience if isinstance(audience, list) else [audience]
    if client_id not in meant or claims.get("azp", client_id) != client_id:
        raise Mistrusted(Trouble.OTHER_AUDIENCE)
    if not isinstance(claims.get("sub"), str) or not 1 <= len(claims["sub"]) <= 255:
        raise Mistrusted(Trouble.NO_TOKEN)
    seconds = now.timestamp()
    until, since = claims.get("exp"), claims.get("iat", seconds)
    if not isinstance(until, int | float) or not isinstance(since, int | float):
        raise Mistrusted(Trouble.STALE)
    if until < seconds - LEEWAY or since > seconds + LEEWAY:
        raise Mistrusted(Trouble.STALE)
    if not hmac.compare_digest(str(claims.get("nonce", "")).encode(), nonce.encode()):
        raise Mistrusted(Trouble.OTHER_NONCE)
    return claims


def _opened(id_token: str, algorithm: str, keys: list[jwt.PyJWK]) -> dict[str, Any]:
    if algorithm not in ALGORITHMS:
        raise jwt.InvalidAlgorithmError
    for key in keys:
        try:
            # Who signed is asked here; for whom, when and for what is asked by us, with our clock.
            opened: dict[str, Any] = jwt.decode(
                id_token,
                key,
                algorithms=[algorithm],
                options={
                    "verify_aud": False,
                    "verify_exp": False,
                    "verify_iat": False,
                    "verify_nbf": False,
                    "verify_sub": False,
                },
            )
        except (jwt.InvalidSignatureError, jwt.InvalidKeyError, jwt.InvalidAlgorithmError):
            continue
        return opened
    raise jwt.InvalidSignatureError


def _read(
    outbound: Outbound, address: str, headers: Mapping[str, str] | None = None
) -> Mapping[str, Any]:
    try:
        back = outbound.ask(address, headers={"Accept": "application/json", **(headers or {})})
    except Unfetched:
        raise Mistrusted(Trouble.AWAY) from None
    if back.status != 200:
        raise Mistrusted(Trouble.AWAY if back.status >= 500 else Trouble.NOT_A_PROVIDER)
    return _json(back.body)


def _json(body: bytes) -> Mapping[str, Any]:
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        raise Mistrusted(Trouble.NOT_A_PROVIDER) from None
    if not isinstance(said, dict):
        raise Mistrusted(Trouble.NOT_A_PROVIDER)
    return said
