"""A real OpenID Connect provider as a process of its own, and somebody who signs in there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx

from factories.servers import free_port, running


@dataclass(frozen=True)
class ProviderProcess:
    """Where it answers, and who it is."""

    issuer: str
    host: str  # "127.0.0.1:port", as the operator allows it

    def person(self, subject: str, **claims: object) -> None:
        """Somebody who has an account there, with these claims."""
        httpx.put(f"{self.issuer}/users/{subject}", json=claims).raise_for_status()

    def signs_in(self, address: str, subject: str) -> str:
        """The way back of somebody who was sent to this address and signs in there."""
        answer = httpx.post(address, data={"sub": subject})
        assert answer.status_code == 302, answer.text
        parts = urlsplit(answer.headers["location"])
        return f"{parts.path}?{parts.query}"


@contextmanager
def a_provider() -> Iterator[ProviderProcess]:
    """The provider, until the block ends."""
    port = free_port()
    with running("oidc-provider-mock", ["--port", str(port), "--require-nonce", "true"], port):
        yield ProviderProcess(f"http://127.0.0.1:{port}", f"127.0.0.1:{port}")


__all__ = ["ProviderProcess", "a_provider"]
