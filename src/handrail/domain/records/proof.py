"""A proof that a document was signed: eddsa-jcs-2022 of the W3C's Data Integrity EdDSA suites.

Ed25519 over SHA-256 of the canonical proof options, followed by SHA-256 of the canonical document
(https://www.w3.org/TR/vc-di-eddsa/, sections 3.3.1 to 3.3.7). Offline: the caller brings the key.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from cryptography.exceptions import InvalidSignature

from .canonical import NotCanonical, canonical
from .keys import BASE_58, BadKey, base58, from_base58, read_public, read_secret

SUITE = "eddsa-jcs-2022"
Document = dict[str, Any]


class Problem(StrEnum):
    """Why a proof does not hold."""

    NO_PROOF = "no_proof"
    OTHER_SUITE = "other_suite"
    OTHER_KEY = "other_key"  # the proof names a key that the caller did not bring
    CONTEXT_DIFFERS = "context_differs"
    MALFORMED = "malformed"
    WRONG_SIGNATURE = "wrong_signature"


def sign(document: Mapping[str, Any], options: Mapping[str, Any], secret: str) -> Document:
    """The document with its proof in `proof`.

    `options` has `created`, `verificationMethod` and `proofPurpose`; type, suite and the document's
    `@context` are added. `secret` is a multikey. A `proof` that the document has is not signed.
    """
    plain = {name: value for name, value in document.items() if name != "proof"}
    whole = {**options, "type": "DataIntegrityProof", "cryptosuite": SUITE}
    if "@context" in plain:
        whole["@context"] = plain["@context"]
    signature = read_secret(secret).sign(_to_sign(plain, whole))
    return {**plain, "proof": {**whole, "proofValue": BASE_58 + base58(signature)}}


def verify(signed: Any, keys: Mapping[str, str]) -> Problem | None:
    """Why the proof does not hold, or None where it does.

    `keys` maps verification methods to public multikeys: those that the caller trusts.
    """
    proof = signed.get("proof") if isinstance(signed, dict) else None
    if not isinstance(proof, dict):
        return Problem.NO_PROOF
    if proof.get("type") != "DataIntegrityProof" or proof.get("cryptosuite") != SUITE:
        return Problem.OTHER_SUITE
    method, value = proof.get("verificationMethod"), proof.get("proofValue")
    if not isinstance(method, str) or not isinstance(value, str):
        return Problem.MALFORMED
    if method not in keys:
        return Problem.OTHER_KEY
    plain = {name: one for name, one in signed.items() if name != "proof"}
    options = {name: one for name, one in proof.items() if name != "proofValue"}
    if options.get("@context", plain.get("@context")) != plain.get("@context"):
        return Problem.CONTEXT_DIFFERS
    try:
        if not value.startswith(BASE_58):
            return Problem.MALFORMED
        read_public(keys[method]).verify(from_base58(value[1:]), _to_sign(plain, options))
    except InvalidSignature:
        return Problem.WRONG_SIGNATURE
    except (NotCanonical, BadKey):
        return Problem.MALFORMED
    return None


def _to_sign(document: Mapping[str, Any], options: Mapping[str, Any]) -> bytes:
    return (
        hashlib.sha256(canonical(dict(options))).digest()
        + hashlib.sha256(canonical(dict(document))).digest()
    )
