"""A small SAML provider, run as a process of its own: a page to sign in on, metadata, two keys.

It signs with xmlsec, which Handrail does not have: whoever signs here and whoever looks at
signatures there share no line. Tests may have it sign whatever they wrote, in any of its ways.
"""

from __future__ import annotations

import json
import sys
import uuid
import zlib
from base64 import b64decode, b64encode
from datetime import UTC, datetime, timedelta
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import xmlsec
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from lxml import etree
from saml_words import answer, metadata

A = "{urn:oasis:names:tc:SAML:2.0:assertion}"
METHODS = {
    "rsa-sha256": (xmlsec.Transform.RSA_SHA256, xmlsec.Transform.SHA256),
    "rsa-sha512": (xmlsec.Transform.RSA_SHA512, xmlsec.Transform.SHA512),
    "rsa-sha1": (xmlsec.Transform.RSA_SHA1, xmlsec.Transform.SHA1),
    "hmac": (xmlsec.Transform.HMAC_SHA256, xmlsec.Transform.SHA256),
}
PEOPLE: dict[str, dict[str, str]] = {}


class Pair:
    """A key and its certificate, good for ten years or for none any more."""

    def __init__(self, name: str) -> None:
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        called = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
        since = datetime(2020, 1, 1, tzinfo=UTC)
        self.certificate = (
            x509.CertificateBuilder()
            .subject_name(called)
            .issuer_name(called)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(since)
            .not_valid_after(since + timedelta(days=3650))
            .sign(key, hashes.SHA256())
        )
        self.pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())

    @property
    def text(self) -> str:
        return b64encode(self.certificate.public_bytes(Encoding.DER)).decode()

    def key(self, method: str) -> xmlsec.Key:
        if method == "hmac":  # as somebody would who has the certificate, and no key
            public = self.certificate.public_bytes(Encoding.PEM)
            return xmlsec.Key.from_binary_data(xmlsec.KeyData.HMAC, public)
        return xmlsec.Key.from_memory(self.pem, xmlsec.KeyFormat.PEM)


PAIRS = {"one": Pair("one"), "two": Pair("two"), "stranger": Pair("stranger")}


def signed(text: str, ids: list[str], pair: str, method: str) -> bytes:
    """The document with a signature in each element of these ids, the first one first."""
    root = etree.fromstring(text.encode())
    how, digest = METHODS[method]
    for wanted in ids:
        (node,) = root.xpath("//*[@ID=$wanted]", wanted=wanted)
        xmlsec.tree.add_ids(root, ["ID"])
        signature = xmlsec.template.create(node, xmlsec.Transform.EXCL_C14N, how, ns="d")
        node.insert(list(node).index(node.find(f"{A}Issuer")) + 1, signature)
        reference = xmlsec.template.add_reference(signature, digest, uri=f"#{wanted}")
        xmlsec.template.add_transform(reference, xmlsec.Transform.ENVELOPED)
        xmlsec.template.add_transform(reference, xmlsec.Transform.EXCL_C14N)
        context = xmlsec.SignatureContext()
        context.key = PAIRS[pair].key(method)
        context.sign(signature)
    return etree.tostring(root)


class Pages(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        path, asked = self._asked(urlsplit(self.path).query)
        if path == "/metadata":
            wanted = asked.get("keys", "one").split(",")
            base = f"http://{self.headers['Host']}"
            keys = [PAIRS[one].text for one in wanted]
            said = metadata(f"{base}/metadata", f"{base}/sign-in?tenant=1", keys)
            self._send(said.encode(), "application/samlmetadata+xml")
        elif path == "/sign-in":
            hidden = "".join(
                f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'
                for name, value in asked.items()
            )
            self._send(
                f'<!doctype html><html lang="en"><title>Provider</title><h1>Provider</h1>'
                f'<form method="post" action="/sign-in">{hidden}'
                '<label>Account <input name="account"></label><button>Sign in</button></form>'
                "</html>".encode(),
                "text/html",
            )
        else:
            self.send_error(404)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", "0"))).decode()
        if self.path == "/sign":
            wish = json.loads(body)
            done = signed(wish["text"], wish["ids"], wish["pair"], wish["method"])
            self._send(done, "text/xml")
        elif self.path.startswith("/people/"):
            PEOPLE[self.path.rpartition("/")[2]] = json.loads(body)
            self._send(b"", "text/plain")
        else:
            self._send(self._back(self._asked(body)[1]), "text/html")

    def _back(self, asked: dict[str, str]) -> bytes:
        """A page that sends the answer back, as most providers do: with a form of another site."""
        question = etree.fromstring(zlib.decompress(b64decode(asked["SAMLRequest"]), wbits=-15))
        account, to = asked["account"], question.get("AssertionConsumerServiceURL")
        said = answer(
            now=datetime.now(UTC),
            issuer=f"http://{self.headers['Host']}/metadata",
            audience=question.findtext(f"{A}Issuer"),
            recipient=to,
            request=question.get("ID"),
            subject=account,
            attributes=PEOPLE.get(account, {}),
            assertion=f"_{uuid.uuid4().hex}",
            response=f"_{uuid.uuid4().hex}",
        )
        (assertion,) = etree.fromstring(said.encode()).findall(f"{A}Assertion")
        done = signed(said, [assertion.get("ID")], "one", "rsa-sha256")
        return (
            '<!doctype html><html lang="en"><title>Provider</title>'
            f'<form method="post" action="{to}">'
            f'<input type="hidden" name="SAMLResponse" value="{b64encode(done).decode()}">'
            f'<input type="hidden" name="RelayState" value="{escape(asked["RelayState"])}">'
            "<button>Go back</button></form></html>"
        ).encode()

    def _asked(self, query: str) -> tuple[str, dict[str, str]]:
        return urlsplit(self.path).path, {k: v[0] for k, v in parse_qs(query).items()}

    def _send(self, body: bytes, kind: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args: Any) -> None:
        """Say nothing."""


if __name__ == "__main__":
    ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Pages).serve_forever()
