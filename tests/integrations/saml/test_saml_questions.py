"""What a SAML provider is asked with, and what its metadata have to say before it is."""

from __future__ import annotations

import re
from base64 import b64decode
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit
from zlib import decompress

import pytest

from factories.saml import SamlProcess, needs_saml
from handrail.integrations.saml import Distrusted, own_metadata, read_metadata, way_there

pytestmark = [pytest.mark.pure, needs_saml]

NOW = datetime(2026, 2, 2, 9, tzinfo=UTC)
OWN, TO, ASKED = "https://h.example/metadata/", "https://h.example/answer/", "_q1"


def test_the_question_carries_what_the_provider_needs() -> None:
    address = way_there(
        "https://login.example/sso?tenant=1",
        own=OWN,
        answer_to=TO,
        request=ASKED,
        state='s"<&',
        now=NOW,
    )
    asked = parse_qs(urlsplit(address).query)
    assert asked["tenant"] == ["1"]
    assert asked["RelayState"] == ['s"<&']
    question = decompress(b64decode(asked["SAMLRequest"][0]), wbits=-15).decode()
    for part in (
        f'ID="{ASKED}"',
        f'AssertionConsumerServiceURL="{TO}"',
        f">{OWN}<",
        'Version="2.0"',
        'IssueInstant="2026-02-02T09:00:00Z"',
        'Destination="https://login.example/sso?tenant=1"',
    ):
        assert part in question
    assert b'WantAssertionsSigned="true"' in own_metadata(OWN, TO)


def test_metadata_describe_one_provider_that_may_be_asked(there: SamlProcess) -> None:
    text = there.metadata("one", "two")
    known = read_metadata(text.encode(), now=NOW)
    assert (known.issuer, known.sign_in_url) == (there.issuer, f"{there.base}/sign-in?tenant=1")
    assert len(known.certificates) == 2
    plain = text.replace('<?xml version="1.0"?>', "")
    spaces = 'xmlns:m="urn:oasis:names:tc:SAML:2.0:metadata"'
    group = f"<m:EntitiesDescriptor {spaces}>%s</m:EntitiesDescriptor>"
    assert read_metadata((group % plain).encode(), now=NOW) == known
    for wrong in (
        group % (plain + plain.replace("/metadata", "/other")),
        text.replace("HTTP-Redirect", "SOAP"),
        text.replace("IDPSSODescriptor", "SPSSODescriptor"),
        re.sub("<m:KeyDescriptor.*</m:KeyDescriptor>", "", text),
        re.sub("<d:X509Certificate>[^<]*", "<d:X509Certificate>AAAA", text),
        text.replace('use="signing"', 'use="encryption"'),
        '<!DOCTYPE x [<!ENTITY a "b">]>' + plain,
        own_metadata(OWN, TO).decode(),
        "not xml",
    ):
        with pytest.raises(Distrusted, match="not-saml"):
            read_metadata(wrong.encode(), now=NOW)
    past = text.replace(" entityID", ' validUntil="2026-02-01T00:00:00Z" entityID')
    with pytest.raises(Distrusted, match="stale"):
        read_metadata(past.encode(), now=NOW)
