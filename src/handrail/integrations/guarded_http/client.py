"""A client that looks at the address it is about to connect to, each time it connects."""

from __future__ import annotations

import ssl
import zlib
from base64 import b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from time import monotonic
from urllib.parse import urlsplit

import httpcore
import httpx

from handrail.integrations.guarded_http.addresses import Resolver, resolve
from handrail.integrations.guarded_http.network import Inside, Late, Network, NoSuchHost

AGENT = "Handrail"  # whoever wants to say what for names its own
SCHEMES = {"https": "https", "webcal": "https", "webcals": "https"}
SENSITIVE = ("authorization", "cookie")
REDIRECTS = (301, 302, 303, 307, 308)


class Why(StrEnum):
    """Why nothing came back, for programs; the words are the caller's."""

    ADDRESS = "not-an-address"
    SCHEME = "scheme"  # neither https nor webcal
    INSIDE = "inside"  # leads into a private network
    NO_HOST = "no-host"
    UNREACHABLE = "unreachable"
    TLS = "tls"
    LATE = "late"
    LARGE = "large"
    REDIRECTS = "redirects"
    GARBLED = "garbled"  # no proper HTTP, or packed in a way that was not asked for


class Unfetched(Exception):
    """Nothing usable came back; holds a code and never an address, which may be a secret."""

    def __init__(self, why: Why) -> None:
        super().__init__(why.value)
        self.why = why


@dataclass(frozen=True, slots=True)
class Limits:
    """What one request may take, its redirects included."""

    bytes: int = 5 * 1024 * 1024  # unpacked
    seconds: float = 20.0
    redirects: int = 5


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; header names are in small letters."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str  # where it came from in the end


@dataclass(frozen=True, slots=True)
class Outbound:
    """Asks the outside world. `internal` names hosts ("host" or "host:port") that the operator
    allows though they lie inside; only they may be asked without TLS.
    """

    internal: frozenset[str] = frozenset()
    limits: Limits = Limits()
    resolver: Resolver = resolve
    context: ssl.SSLContext | None = field(default=None, compare=False)

    def ask(
        self,
        url: str,
        *,
        method: str = "GET",
        headers: Mapping[str, str] | None = None,
        content: bytes | None = None,
        auth: tuple[str, str] | None = None,
    ) -> Answer:
        """One request, following redirects; Unfetched where no whole answer came within limits.

        What may identify somebody goes to the origin that was asked and to no other.
        """
        deadline = monotonic() + self.limits.seconds
        sent = httpx.Headers({"User-Agent": AGENT, **(headers or {}), "Accept-Encoding": "gzip"})
        network = Network(self.internal, self.resolver, deadline)
        with _told(), self._client(network) as client:
            place = self.checked(url)
            if auth is not None:
                word = b64encode(":".join(auth).encode()).decode()
                sent["Authorization"] = f"Basic {word}"
            for _hop in range(self.limits.redirects + 1):
                with client.stream(
                    method, place, headers=sent, content=content, timeout=self.limits.seconds
                ) as response:
                    there = response.headers.get("location", "")
                    if response.status_code not in REDIRECTS or not there:
                        return Answer(
                            status=response.status_code,
                            headers=dict(response.headers),
                            body=self._read(response),
                            url=str(place),
                        )
                following = self.checked(str(place.join(there)))
                if _origin(following) != _origin(place):
                    for name in SENSITIVE:
                        sent.pop(name, None)
                if response.status_code == 303 or (
                    response.status_code in (301, 302) and method == "POST"
                ):
                    method, content = "GET", None
                place = following
        raise Unfetched(Why.REDIRECTS)

    def checked(self, url: str) -> httpx.URL:
        """The address as it will be asked; Unfetched where its form alone tells that it is not."""
        try:
            parts = urlsplit(url.strip())
            scheme, _port = parts.scheme.lower(), parts.port  # a port out of range raises
            place = httpx.URL(url.strip())
        except (httpx.InvalidURL, ValueError):
            raise Unfetched(Why.ADDRESS) from None
        if not place.host:
            raise Unfetched(Why.ADDRESS if not scheme or scheme in SCHEMES else Why.SCHEME)
        if scheme == "http" and self._is_internal(place):
            return place
        if scheme not in SCHEMES:
            raise Unfetched(Why.SCHEME)
        return place.copy_with(scheme=SCHEMES[scheme])

    def _is_internal(self, place: httpx.URL) -> bool:
        host = place.host.lower()
        return host in self.internal or f"{host}:{place.port or 80}" in self.internal

    def _client(self, network: Network) -> httpx.Client:
        # No proxy or password of the environment: what is asked must be asked from here.
        transport = _Transport(network, self.context or _context())
        return httpx.Client(transport=transport, trust_env=False, follow_redirects=False)

    def _read(self, response: httpx.Response) -> bytes:
        """The body unpacked, never more of it in memory than the limit and one piece."""
        packing = response.headers.get("content-encoding", "identity").strip().lower()
        if packing not in ("", "identity", "gzip", "x-gzip"):
            raise Unfetched(Why.GARBLED)
        unpack = zlib.decompressobj(wbits=31) if packing.endswith("gzip") else None
        body = bytearray()
        for piece in response.iter_raw():
            room = self.limits.bytes + 1 - len(body)
            body += unpack.decompress(piece, room) if unpack else piece[:room]
            if len(body) > self.limits.bytes:
                raise Unfetched(Why.LARGE)
        if unpack is not None and not unpack.eof and response.request.method != "HEAD":
            raise Unfetched(Why.GARBLED)
        return bytes(body)


class _Transport(httpx.HTTPTransport):
    """httpx's own, on a network that looks before it connects."""

    def __init__(self, network: Network, context: ssl.SSLContext) -> None:
        self._pool = httpcore.ConnectionPool(ssl_context=context, network_backend=network)


@lru_cache(maxsize=1)
def _context() -> ssl.SSLContext:
    return httpx.create_ssl_context()


def _origin(place: httpx.URL) -> tuple[str, str, int | None]:
    return place.scheme, place.host, place.port


@contextmanager
def _told() -> Iterator[None]:
    """Whatever goes wrong on the way, by one of our codes."""
    try:
        yield
    except Inside:
        raise Unfetched(Why.INSIDE) from None
    except NoSuchHost:
        raise Unfetched(Why.NO_HOST) from None
    except (Late, httpx.TimeoutException):
        raise Unfetched(Why.LATE) from None
    except httpx.ConnectError as error:
        tls = isinstance(error.__cause__, httpcore.ConnectError) and isinstance(
            error.__cause__.__cause__, ssl.SSLError
        )
        raise Unfetched(Why.TLS if tls or "SSL" in str(error) else Why.UNREACHABLE) from None
    except (httpx.RemoteProtocolError, httpx.InvalidURL, httpx.UnsupportedProtocol, zlib.error):
        raise Unfetched(Why.GARBLED) from None
    except httpx.HTTPError:
        raise Unfetched(Why.UNREACHABLE) from None
