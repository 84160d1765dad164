"""XML that came from outside, read so that nothing in it can do anything."""

from __future__ import annotations

from enum import StrEnum
from importlib.util import find_spec
from typing import Any

PROTOCOL = "urn:oasis:names:tc:SAML:2.0:protocol"
ASSERTION = "urn:oasis:names:tc:SAML:2.0:assertion"
METADATA = "urn:oasis:names:tc:SAML:2.0:metadata"
SIGNATURE = "http://www.w3.org/2000/09/xmldsig#"
NAMES = {"p": PROTOCOL, "a": ASSERTION, "m": METADATA, "d": SIGNATURE}
LARGEST = 512 * 1024  # bytes; answers have 5 to 50 thousand
DEEPEST = 64

Element = Any  # of lxml, which is there with the extra only


class Trouble(StrEnum):
    """Why a sign-in did not come about, for whoever sets it up."""

    NOT_INSTALLED = "saml-not-installed"
    NOT_SET_UP = "saml-not-set-up"  # the provider's metadata are not there yet
    NOT_SAML = "not-saml"  # no XML that we read, or another kind of it
    REFUSED = "saml-refused"  # the provider says itself that it did not sign anybody in
    ENCRYPTED = "saml-encrypted"
    UNSIGNED = "saml-unsigned"
    BAD_SIGNATURE = "bad-signature"
    OTHER_ISSUER = "other-issuer"
    OTHER_AUDIENCE = "other-audience"
    OTHER_ADDRESS = "saml-other-address"  # sent to somebody else's address
    OTHER_REQUEST = "other-nonce"  # the answer belongs to another way there
    UNASKED = "saml-unasked"  # nobody here asked for it
    REPLAYED = "saml-replayed"
    STALE = "stale"
    NOBODY = "no-token"
    PASSING = "saml-passing-name"  # a name for this one time, which finds nobody again


class Distrusted(Exception):
    """What came is not believed."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble.value)
        self.trouble = trouble


def is_installed() -> bool:
    """Whether the extra is there: lxml, and signxml, which looks at signatures."""
    return find_spec("lxml") is not None and find_spec("signxml") is not None


def opened(raw: bytes) -> Element:
    """The root of a document of plain elements and text; Distrusted where there is more in it.

    A document type is refused before anything is parsed: without one there are no entities, so
    nothing grows and nothing is fetched. Comments and processing instructions are refused, since
    two readers may disagree about the text around them.
    """
    if not is_installed():
        raise Distrusted(Trouble.NOT_INSTALLED)
    from lxml import etree  # late: an extra

    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Distrusted(Trouble.NOT_SAML) from None
    # One encoding, so that what is searched here is what is parsed below.
    if len(raw) > LARGEST or "<!DOCTYPE" in text.upper() or "<!ENTITY" in text.upper():
        raise Distrusted(Trouble.NOT_SAML)
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=False,
        remove_pis=False,
    )
    try:
        root = etree.fromstring(text.encode(), parser)
    except (etree.XMLSyntaxError, ValueError):
        raise Distrusted(Trouble.NOT_SAML) from None
    if root.getroottree().docinfo.doctype:
        raise Distrusted(Trouble.NOT_SAML)
    beside = [*root.itersiblings(), *root.itersiblings(preceding=True)]
    plain = all(isinstance(one.tag, str) for one in root.iter())
    if beside or not plain or _depth(root) > DEEPEST:
        raise Distrusted(Trouble.NOT_SAML)
    return root


def _depth(root: Element) -> int:
    deepest, rows = 0, [root]
    while rows and deepest <= DEEPEST:
        deepest += 1
        rows = [child for row in rows for child in row]
    return deepest
