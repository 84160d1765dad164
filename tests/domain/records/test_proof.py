"""The W3C's own vector to the byte, and that nothing about a signed document can be changed."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest

from handrail.domain.records import (
    BadKey,
    NotCanonical,
    Problem,
    canonical,
    public_of,
    read_public,
    sign,
    verify,
)

SECRET = "z3u2en7t5LR2WtQH5PfFqMqwVHBeXouLzo6haApm8XHqvjxq"
PUBLIC = "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"
METHOD = f"did:key:{PUBLIC}#{PUBLIC}"
CONTEXT = ["https://www.w3.org/ns/credentials/v2", "https://www.w3.org/ns/credentials/examples/v2"]
DOCUMENT: dict[str, Any] = {
    "@context": CONTEXT,
    "id": "urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33",
    "type": ["VerifiableCredential", "AlumniCredential"],
    "name": "Alumni Credential",
    "description": "A minimum viable example of an Alumni Credential.",
    "issuer": "https://vc.example/issuers/5678",
    "validFrom": "2023-01-01T00:00:00Z",
    "credentialSubject": {"id": "did:example:abcdefgh", "alumniOf": "The School of Examples"},
}
OPTIONS = {
    "created": "2023-02-24T23:36:38Z",
    "verificationMethod": METHOD,
    "proofPurpose": "assertionMethod",
}
VALUE = "z2HnFSSPPBzR36zdDgK8PbEHeXbR56YF24jwMpt3R1eHXQzJDMWS93FCzpvJpwTWd3GAVFuUfjoJdcnTMuVor51aX"


def test_the_vector_of_the_w3c_to_the_byte() -> None:
    digest = hashlib.sha256(canonical(DOCUMENT)).hexdigest()
    assert digest == "59b7cb6251b8991add1ce0bc83107e3db9dbbab5bd2c28f687db1a03abc92f19"
    whole = {
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-jcs-2022",
        **OPTIONS,
        "@context": CONTEXT,
    }
    digest = hashlib.sha256(canonical(whole)).hexdigest()
    assert digest == "66ab154f5c2890a140cb8388a22a160454f80575f6eae09e5a097cabe539a1db"
    signed = sign(DOCUMENT, OPTIONS, SECRET)
    assert signed["proof"] == {**whole, "proofValue": VALUE}
    assert public_of(SECRET) == PUBLIC
    assert verify(signed, {METHOD: PUBLIC}) is None


def every_change(value: Any) -> list[Any]:
    """The value with each of its parts changed, one at a time."""
    if isinstance(value, dict):
        found = [{**value, "more": "x"}]
        found += [{name: one for name, one in value.items() if name != gone} for gone in value]
        return found + [{**value, k: other} for k, v in value.items() for other in every_change(v)]
    if isinstance(value, list):
        return [value[::-1], value[:-1]]
    return [f"{value}x"]


def test_no_part_of_a_signed_document_can_be_changed() -> None:
    signed = sign(DOCUMENT, OPTIONS, SECRET)
    changed = [one for one in every_change(signed) if one != signed]
    assert len(changed) > 30
    assert [one for one in changed if verify(one, {METHOD: PUBLIC}) is None] == []
    assert verify({}, {}) is Problem.NO_PROOF
    assert verify(signed, {}) is Problem.OTHER_KEY
    other = "z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK"
    assert verify(signed, {METHOD: other}) is Problem.WRONG_SIGNATURE


@pytest.mark.parametrize("value", [1.5, None, {"ö": 1}, "\ud800", 2**53, {1: 2}])
def test_what_readers_spell_in_several_ways_is_refused(value: Any) -> None:
    with pytest.raises(NotCanonical):
        canonical({"a": [value]})


@pytest.mark.parametrize("text", ["", "z", "z0", SECRET, PUBLIC[:-1], "m" + PUBLIC[1:]])
def test_only_a_public_multikey_is_one(text: str) -> None:
    with pytest.raises(BadKey):
        read_public(text)
