"""The SAML provider's process, as tests talk to it."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from factories.servers import free_port, running
from handrail.integrations.saml import is_installed

needs_saml = pytest.mark.skipif(
    not is_installed(), reason="*** What reads SAML is not installed: make saml ***"
)

ASKING = httpx.Client(verify=False)


@dataclass(frozen=True)
class SamlProcess:
    """Where it answers, and who it is."""

    base: str
    host: str  # "127.0.0.1:port", as the operator allows it

    @property
    def issuer(self) -> str:
        return f"{self.base}/metadata"

    def metadata(self, *keys: str) -> str:
        """What it says of itself, with these of its keys."""
        return ASKING.get(f"{self.issuer}?keys={','.join(keys or ('one',))}").text

    def person(self, account: str, **attributes: str) -> None:
        """Somebody who has an account there, with these attributes."""
        ASKING.post(f"{self.base}/people/{account}", json=attributes).raise_for_status()

    def sign(
        self,
        text: str,
        ids: Sequence[str] = ("_a1",),
        pair: str = "one",
        method: str = "rsa-sha256",
    ) -> str:
        """The document, signed as somebody with this key signs it."""
        wish = {"text": text, "ids": list(ids), "pair": pair, "method": method}
        answered = ASKING.post(f"{self.base}/sign", json=wish)
        return answered.raise_for_status().text

    def signs_in(self, address: str, account: str) -> dict[str, str]:
        """What the provider's page sends back when somebody who was sent there signs in."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        page = ASKING.post(f"{self.base}/sign-in", data={**asked, "account": account}).text
        found = re.findall(r'name="(\w+)" value="([^"]*)"', page)
        return {name: unescape(value) for name, value in found}


def packed(text: str) -> str:
    """A document as forms carry it."""
    return b64encode(text.encode()).decode()


@contextmanager
def a_saml_provider() -> Iterator[SamlProcess]:
    """The provider, until the block ends."""
    port = free_port()
    script = Path(__file__).with_name("saml_process.py")
    with running("python", [str(script), str(port)], port):
        yield SamlProcess(f"http://127.0.0.1:{port}", f"127.0.0.1:{port}")
