"""What a signed statement about an artifact says, and how far it holds without a network."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .keys import BadKey, read_public
from .proof import Problem, verify

CONTEXT = "https://www.w3.org/ns/credentials/v2"
KEY_METHOD = "did:key:"


@dataclass(frozen=True, slots=True)
class Judgement:
    """Whether the signature holds, with which key, whose it is, and whether it was taken back.

    `problem` is None where the signature holds. `is_known` and `is_revoked` are None where the
    caller brought no list to look it up in.
    """

    problem: Problem | None
    key: str
    is_known: bool | None
    is_revoked: bool | None


def method_of(public: str) -> str:
    """A key's verification method: it names itself, so that nobody has to be asked for it."""
    return f"{KEY_METHOD}{public}#{public}"


def key_named_by(signed: Any) -> str:
    """The public multikey that a document's proof names, or "" where it names none of this kind."""
    proof = signed.get("proof") if isinstance(signed, dict) else None
    method = proof.get("verificationMethod") if isinstance(proof, dict) else None
    if not isinstance(method, str) or not method.startswith(KEY_METHOD):
        return ""
    public = method.removeprefix(KEY_METHOD).partition("#")[0]
    try:
        read_public(public)
    except BadKey:
        return ""
    return public if method == method_of(public) else ""


def judge(
    signed: Any, *, keys: Mapping[str, Any] | None = None, revoked: Mapping[str, Any] | None = None
) -> Judgement:
    """How far a signed document holds, offline.

    `keys` is the organisation's list of keys and `revoked` its list of what was taken back, both as
    their pages give them: {"keys": [{"publicKeyMultibase": …}]} and {"revoked": [{"id": …}]}.
    """
    public = key_named_by(signed)
    problem = verify(signed, {method_of(public): public} if public else {})
    known = taken_back = None
    if keys is not None:
        known = public in {one.get("publicKeyMultibase") for one in keys.get("keys", [])}
    if revoked is not None:
        taken_back = signed.get("id") in {one.get("id") for one in revoked.get("revoked", [])}
    return Judgement(problem, public, known, taken_back)
