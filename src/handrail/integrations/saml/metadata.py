"""What a SAML provider says of itself, and what we say of ourselves (SAML metadata 2.0)."""

from __future__ import annotations

import re
from base64 import b64decode
from dataclasses import dataclass
from datetime import datetime
from xml.sax.saxutils import quoteattr

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding

from handrail.integrations.saml.document import (
    METADATA,
    NAMES,
    PROTOCOL,
    Distrusted,
    Element,
    Trouble,
    opened,
)
from handrail.integrations.saml.moments import moment
from handrail.integrations.saml.request import POST

REDIRECT = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"
MOST_KEYS = 5  # one in use, one to come, and some that were forgotten
FEWEST_BITS = 2048


@dataclass(frozen=True, slots=True)
class Described:
    """What a provider says of itself."""

    issuer: str
    sign_in_url: str
    certificates: tuple[str, ...]  # PEM, in the provider's order


def read_metadata(raw: bytes, *, now: datetime) -> Described:
    """The one provider that this document describes; Distrusted where it describes none or many.

    The document's own signature is not asked: it is believed because an administrator gave it, or
    named the address that it was fetched from.
    """
    root = opened(raw)
    if root.tag == f"{{{METADATA}}}EntitiesDescriptor":
        _not_past(root, now)
        entities = [one for one in root.iterfind("m:EntityDescriptor", NAMES) if _speaks(one)]
    elif root.tag == f"{{{METADATA}}}EntityDescriptor":
        entities = [root]
    else:
        entities = []
    if len(entities) != 1:
        raise Distrusted(Trouble.NOT_SAML)
    entity = entities[0]
    _not_past(entity, now)
    role = _role(entity)
    issuer = (entity.get("entityID") or "").strip()
    if role is None or not 1 <= len(issuer) <= 500:
        raise Distrusted(Trouble.NOT_SAML)
    places = [
        (one.get("Location") or "").strip()
        for one in role.iterfind("m:SingleSignOnService", NAMES)
        if one.get("Binding") == REDIRECT
    ]
    keys = [
        _certificate(found.text or "")
        for key in role.iterfind("m:KeyDescriptor", NAMES)
        if key.get("use", "signing") == "signing"
        for found in key.iterfind("d:KeyInfo/d:X509Data/d:X509Certificate", NAMES)
    ]
    keys = list(dict.fromkeys(keys))
    if not places or len(places[0]) > 500 or not 1 <= len(keys) <= MOST_KEYS:
        raise Distrusted(Trouble.NOT_SAML)
    return Described(issuer, places[0], tuple(keys))


def own_metadata(own: str, answer_to: str) -> bytes:
    """What a provider needs to know of us: who we are, where answers go, that they are signed."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<m:EntityDescriptor xmlns:m="{METADATA}" entityID={quoteattr(own)}>\n'
        '  <m:SPSSODescriptor AuthnRequestsSigned="false" WantAssertionsSigned="true"'
        f' protocolSupportEnumeration="{PROTOCOL}">\n'
        f'    <m:AssertionConsumerService index="0" isDefault="true" Binding="{POST}"'
        f" Location={quoteattr(answer_to)}/>\n"
        "  </m:SPSSODescriptor>\n"
        "</m:EntityDescriptor>\n"
    ).encode()


def ends_of(certificates: str) -> list[datetime]:
    """The last moments of these certificates (PEM, one after the other)."""
    return [one.not_valid_after_utc for one in certificates_in(certificates)]


def certificates_in(text: str) -> list[x509.Certificate]:
    """The certificates of a text that holds them one after the other."""
    return x509.load_pem_x509_certificates(text.encode()) if text else []


def _speaks(entity: Element) -> bool:
    return _role(entity) is not None


def _role(entity: Element) -> Element | None:
    for one in entity.iterfind("m:IDPSSODescriptor", NAMES):
        if PROTOCOL in (one.get("protocolSupportEnumeration") or "").split():
            return one
    return None


def _certificate(text: str) -> str:
    try:
        found = x509.load_der_x509_certificate(b64decode(re.sub(r"\s+", "", text), validate=True))
        key = found.public_key()
    except Exception:  # whatever cannot be read is no certificate, however it fails
        raise Distrusted(Trouble.NOT_SAML) from None
    strong = isinstance(key, rsa.RSAPublicKey) and key.key_size >= FEWEST_BITS
    if not strong and not isinstance(key, ec.EllipticCurvePublicKey):
        raise Distrusted(Trouble.NOT_SAML)
    return found.public_bytes(Encoding.PEM).decode()


def _not_past(element: Element, now: datetime) -> None:
    until = element.get("validUntil")
    if until is not None and moment(until) < now:
        raise Distrusted(Trouble.STALE)
