"""What a SAML provider answers, believed only as far as it is signed (core 2, profiles 4.1.4).

Signatures are looked at by signxml, which hands back what was signed, parsed anew. Who signed in is
read from that copy alone, never from the document that came: whatever somebody wrapped around a
signed part is not there any more.
"""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain

from cryptography import x509

from handrail.integrations.saml.document import (
    ASSERTION,
    LARGEST,
    NAMES,
    PROTOCOL,
    SIGNATURE,
    Distrusted,
    Element,
    Trouble,
    opened,
)
from handrail.integrations.saml.metadata import certificates_in
from handrail.integrations.saml.moments import moment

LEEWAY = timedelta(minutes=2)  # that two clocks may differ by
LONGEST = timedelta(days=1)  # that an assertion is good for, whatever it says itself
SUCCESS = "urn:oasis:names:tc:SAML:2.0:status:Success"
BEARER = "urn:oasis:names:tc:SAML:2.0:cm:bearer"
FORMAT = "urn:oasis:names:tc:SAML:%s:nameid-format:%s"
ADDRESS, PASSING = FORMAT % ("1.1", "emailAddress"), FORMAT % ("2.0", "transient")
SIZES = (256, 384, 512)
# Names as signxml has them. No SHA-1, and no secret that two share.
DIGESTS = frozenset(f"SHA{size}" for size in SIZES)
SIGNED_BY = frozenset(
    name for size in SIZES for name in (f"RSA_SHA{size}", f"SHA{size}_RSA_MGF1", f"ECDSA_SHA{size}")
)
SHAPED_BY = frozenset(
    {
        f"{SIGNATURE}enveloped-signature",
        "http://www.w3.org/2001/10/xml-exc-c14n#",
        "http://www.w3.org/TR/2001/REC-xml-c14n-20010315",
        "http://www.w3.org/2006/12/xml-c14n11",
    }
)
CLAIMS = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/"
EMAIL = (
    "email",
    "mail",
    "emailaddress",
    f"{CLAIMS}emailaddress",
    "urn:oid:0.9.2342.19200300.100.1.3",
)
NAME = (
    "displayname",
    "name",
    "cn",
    "http://schemas.microsoft.com/identity/claims/displayname",
    f"{CLAIMS}name",
    "urn:oid:2.16.840.1.113730.3.1.241",
    "urn:oid:2.5.4.3",
)


@dataclass(frozen=True, slots=True)
class Arrived:
    """One assertion, proven: who signed in, as whose answer, and how long it is good."""

    assertion: str  # its id
    request: str  # the id of the question that it answers; empty where nobody asked
    subject: str
    email: str
    name: str
    others: tuple[str, ...]  # names of what else was said; nothing of it is read
    until: datetime


def read_answer(
    written: str,
    *,
    issuer: str,
    certificates: str,
    own: str,
    answer_to: str,
    now: datetime,
) -> Arrived:
    """Who signed in; Distrusted where anything about the answer does not hold.

    Whether it answers a question of this browser, and whether it came before, is asked by the
    caller, who knows.
    """
    root = opened(_unpacked(written))
    if root.tag != f"{{{PROTOCOL}}}Response" or root.get("Version") != "2.0":
        raise Distrusted(Trouble.NOT_SAML)
    _one_shape(root)
    status = root.find("p:Status/p:StatusCode", NAMES)
    if status is None or status.get("Value") != SUCCESS:
        raise Distrusted(Trouble.REFUSED)
    whole = _is_signed(root)
    if (whole and not root.get("Destination")) or root.get("Destination", answer_to) != answer_to:
        raise Distrusted(Trouble.OTHER_ADDRESS)
    named = root.find("a:Issuer", NAMES)
    if named is not None and _text(named) != issuer:
        raise Distrusted(Trouble.OTHER_ISSUER)
    assertion = _signed_assertion(root, certificates)
    return _read(assertion, root.get("InResponseTo", ""), issuer, own, answer_to, now)


def _unpacked(written: str) -> bytes:
    try:
        if len(written) > LARGEST * 4 // 3:
            raise ValueError
        return b64decode(re.sub(r"\s+", "", written), validate=True)
    except ValueError:
        raise Distrusted(Trouble.NOT_SAML) from None


def _one_shape(root: Element) -> None:
    """One answer with one assertion right below it, and no id that names two things."""
    if root.find(".//a:EncryptedAssertion", NAMES) is not None:
        raise Distrusted(Trouble.ENCRYPTED)
    assertions = list(root.iter(f"{{{ASSERTION}}}Assertion"))
    answers = list(root.iter(f"{{{PROTOCOL}}}Response"))
    status = root.find("p:Status/p:StatusCode", NAMES)
    if not assertions and status is not None and status.get("Value") != SUCCESS:
        return  # the provider's own refusal has none
    below = len(assertions) == 1 and assertions[0].getparent() is root
    ids = [
        value
        for one in root.iter()
        for name, value in one.attrib.items()
        if name.rpartition("}")[2].lower() == "id"
    ]
    if not below or answers != [root] or len(set(ids)) != len(ids):
        raise Distrusted(Trouble.NOT_SAML)
    places = [root, assertions[0]]
    if any(one.getparent() not in places for one in root.iter(f"{{{SIGNATURE}}}Signature")):
        raise Distrusted(Trouble.BAD_SIGNATURE)


def _is_signed(element: Element) -> bool:
    return element.find("d:Signature", NAMES) is not None


def _signed_assertion(root: Element, certificates: str) -> Element:
    """The assertion as it was signed: by itself, or as part of the whole answer."""
    assertion = root.find("a:Assertion", NAMES)
    found = None
    if _is_signed(root):
        found = _proven(root, root, "./", certificates).find("a:Assertion", NAMES)
    if _is_signed(assertion):
        found = _proven(root, assertion, f"./{{{ASSERTION}}}Assertion/", certificates)
    if found is None:
        raise Distrusted(Trouble.UNSIGNED)
    if found.tag != f"{{{ASSERTION}}}Assertion" or found.get("ID") != assertion.get("ID"):
        raise Distrusted(Trouble.BAD_SIGNATURE)
    return found


def _proven(root: Element, element: Element, place: str, certificates: str) -> Element:
    """What the one signature in this element covers, which is this element, whole."""
    signatures = element.findall("d:Signature", NAMES)
    references = element.findall("d:Signature/d:SignedInfo/d:Reference", NAMES)
    shapes = chain(
        element.iterfind("d:Signature/d:SignedInfo/d:CanonicalizationMethod", NAMES),
        element.iterfind(".//d:Signature//d:Transform", NAMES),
    )
    if (
        len(signatures) != 1
        or len(references) != 1
        or not element.get("ID")
        or references[0].get("URI") != f"#{element.get('ID')}"
        or any(one.get("Algorithm") not in SHAPED_BY for one in shapes)
        or signatures[0].find("d:Object", NAMES) is not None
    ):
        raise Distrusted(Trouble.BAD_SIGNATURE)
    for certificate in certificates_in(certificates):
        signed = _verified(root, place, certificate)
        if signed is not None:
            return signed
    raise Distrusted(Trouble.BAD_SIGNATURE)


def _verified(root: Element, place: str, certificate: x509.Certificate) -> Element | None:
    from signxml.algorithms import DigestAlgorithm, SignatureMethod  # late: an extra
    from signxml.verifier import SignatureConfiguration, XMLVerifier

    config = SignatureConfiguration(
        location=place,
        expect_references=1,
        signature_methods=frozenset(one for one in SignatureMethod if one.name in SIGNED_BY),
        digest_algorithms=frozenset(one for one in DigestAlgorithm if one.name in DIGESTS),
        # A key is believed as long as the administrator leaves it here; its certificate's own
        # dates say nothing (SAML metadata interoperability profile).
        verification_time=certificate.not_valid_before_utc,
    )
    try:
        found = XMLVerifier().verify(
            root, x509_cert=certificate, id_attribute="ID", expect_config=config
        )
    except Exception:  # whatever it stumbles over, the answer is not believed
        return None
    return None if isinstance(found, list) else found.signed_xml


def _read(
    assertion: Element, answers: str, issuer: str, own: str, answer_to: str, now: datetime
) -> Arrived:
    if assertion.get("Version") != "2.0" or not assertion.get("ID"):
        raise Distrusted(Trouble.NOT_SAML)
    if _text(assertion.find("a:Issuer", NAMES)) != issuer:
        raise Distrusted(Trouble.OTHER_ISSUER)
    until, request = _confirmed(assertion, answers, answer_to, now)
    issued = moment(assertion.get("IssueInstant", ""))
    if not now - LONGEST <= issued <= now + LEEWAY:
        raise Distrusted(Trouble.STALE)
    until = min(until, issued + LONGEST, _conditions(assertion, own, now))
    statement = assertion.find("a:AuthnStatement", NAMES)
    if statement is None:
        raise Distrusted(Trouble.NOBODY)
    ends = statement.get("SessionNotOnOrAfter")
    if ends is not None and moment(ends) <= now - LEEWAY:
        raise Distrusted(Trouble.STALE)
    found = assertion.find("a:Subject/a:NameID", NAMES)
    subject = _text(found)
    if not 1 <= len(subject) <= 255:
        raise Distrusted(Trouble.NOBODY)
    if found.get("Format") == PASSING:
        raise Distrusted(Trouble.PASSING)
    is_address = found.get("Format") == ADDRESS
    said = {
        one.get("Name", ""): _text(one.find("a:AttributeValue", NAMES))
        for one in assertion.iterfind("a:AttributeStatement/a:Attribute", NAMES)
    }
    email, mail_name = _first(said, EMAIL)
    name, name_name = _first(said, NAME)
    return Arrived(
        assertion=assertion.get("ID"),
        request=request,
        subject=subject,
        email=(email or (subject if is_address else "")).lower()[:254],
        name=name[:120],
        others=tuple(one for one in said if one not in (mail_name, name_name)),
        until=until,
    )


def _confirmed(
    assertion: Element, answers: str, answer_to: str, now: datetime
) -> tuple[datetime, str]:
    """Until when its bearer may bring it, and the question that it answers."""
    confirmations = [
        one.find("a:SubjectConfirmationData", NAMES)
        for one in assertion.iterfind("a:Subject/a:SubjectConfirmation", NAMES)
        if one.get("Method") == BEARER
    ]
    if len(confirmations) != 1 or confirmations[0] is None:
        raise Distrusted(Trouble.NOBODY)
    data = confirmations[0]
    if data.get("Recipient") != answer_to:
        raise Distrusted(Trouble.OTHER_ADDRESS)
    if data.get("NotBefore") is not None:  # which profiles 4.1.4.2 forbids
        raise Distrusted(Trouble.NOT_SAML)
    until = moment(data.get("NotOnOrAfter", ""))
    if until <= now - LEEWAY:
        raise Distrusted(Trouble.STALE)
    request = data.get("InResponseTo", "")
    if answers != request:
        raise Distrusted(Trouble.OTHER_REQUEST)
    return until, request


def _conditions(assertion: Element, own: str, now: datetime) -> datetime:
    """Until when it is good, which it has to say; for us, and now."""
    conditions = assertion.find("a:Conditions", NAMES)
    if conditions is None:
        raise Distrusted(Trouble.OTHER_AUDIENCE)
    known = {f"{{{ASSERTION}}}{one}" for one in ("AudienceRestriction", "OneTimeUse")}
    known.add(f"{{{ASSERTION}}}ProxyRestriction")
    if any(one.tag not in known for one in conditions):
        raise Distrusted(Trouble.NOT_SAML)  # core 2.5.1: what is not understood does not hold
    restrictions = conditions.findall("a:AudienceRestriction", NAMES)
    audiences = [
        [_text(one) for one in restriction.iterfind("a:Audience", NAMES)]
        for restriction in restrictions
    ]
    if not audiences or any(own not in meant for meant in audiences):
        raise Distrusted(Trouble.OTHER_AUDIENCE)
    since, until = conditions.get("NotBefore"), conditions.get("NotOnOrAfter")
    if since is not None and moment(since) > now + LEEWAY:
        raise Distrusted(Trouble.STALE)
    if until is None:
        return now + LONGEST
    if moment(until) <= now - LEEWAY:
        raise Distrusted(Trouble.STALE)
    return moment(until)


def _first(said: dict[str, str], names: Sequence[str]) -> tuple[str, str]:
    """The first attribute of these names that says something, with the name it came under."""
    for wanted in names:
        for name, value in said.items():
            if name.lower() == wanted.lower() and value:
                return value, name
    return "", ""


def _text(element: Element | None) -> str:
    """The text of an element that holds nothing but text."""
    if element is None or len(element):
        return ""
    return (element.text or "").strip()
