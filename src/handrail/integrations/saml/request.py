"""The question that a person is sent to a SAML provider with (bindings 3.4, HTTP redirect)."""

from __future__ import annotations

import zlib
from base64 import b64encode
from datetime import UTC, datetime
from urllib.parse import urlencode
from xml.sax.saxutils import escape, quoteattr

from handrail.integrations.saml.document import ASSERTION, PROTOCOL

POST = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"


def way_there(
    sign_in_url: str, *, own: str, answer_to: str, request: str, state: str, now: datetime
) -> str:
    """The address of the provider's page, with our question in it.

    The question is not signed: the only address that a provider answers to is the one of our
    metadata, so that whoever makes a question up gains nothing by it.
    """
    at = now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    question = (
        f'<p:AuthnRequest xmlns:p="{PROTOCOL}" xmlns:a="{ASSERTION}" Version="2.0"'
        f" ID={quoteattr(request)} IssueInstant={quoteattr(at)}"
        f" Destination={quoteattr(sign_in_url)}"
        f" AssertionConsumerServiceURL={quoteattr(answer_to)}"
        f" ProtocolBinding={quoteattr(POST)}>"
        f"<a:Issuer>{escape(own)}</a:Issuer>"
        '<p:NameIDPolicy AllowCreate="true"/></p:AuthnRequest>'
    )
    packer = zlib.compressobj(wbits=-15)  # DEFLATE without a head, as the binding asks
    packed = packer.compress(question.encode()) + packer.flush()
    asked = urlencode({"SAMLRequest": b64encode(packed).decode(), "RelayState": state})
    return f"{sign_in_url}{'&' if '?' in sign_in_url else '?'}{asked}"
