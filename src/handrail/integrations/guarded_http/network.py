"""How a connection is made: the name is resolved once, and what was looked at is connected to."""

from __future__ import annotations

import ssl
from collections.abc import Iterable
from time import monotonic
from typing import Any

import httpcore

from handrail.integrations.guarded_http.addresses import Resolver, is_public

TRIED = 3  # of a name's addresses


class Inside(Exception):
    """The name leads to an address that is not public."""


class NoSuchHost(Exception):
    """The name has no address."""


class Late(Exception):
    """The time for the whole request is over."""


class Network(httpcore.NetworkBackend):
    """Connects to public addresses, and to hosts that the operator named, until a deadline."""

    def __init__(self, internal: frozenset[str], resolver: Resolver, deadline: float) -> None:
        self.internal = internal
        self.resolver = resolver
        self.deadline = deadline
        self.plain = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        addresses = self.addresses(host, port)
        for number, address in enumerate(addresses, start=1):
            try:
                stream = self.plain.connect_tcp(
                    address, port, timeout=left(self.deadline) / (len(addresses) - number + 1)
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                if number == len(addresses):
                    raise
            else:
                return Timed(stream, self.deadline)
        raise NoSuchHost

    def addresses(self, host: str, port: int) -> list[str]:
        """What this name may be reached at; one address inside closes them all."""
        try:
            found = self.resolver(host.strip("[]"), port)
        except (OSError, UnicodeError):
            raise NoSuchHost from None
        allowed = self.internal & {host.lower(), f"{host.lower()}:{port}"}
        if not allowed and not all(is_public(address) for address in found):
            raise Inside
        return found[:TRIED]


class Timed(httpcore.NetworkStream):
    """A stream whose every wait ends at the deadline: a drop now and then keeps nobody here."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: float) -> None:
        self.stream = stream
        self.deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self.stream.read(max_bytes, left(self.deadline))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self.stream.write(buffer, left(self.deadline))

    def close(self) -> None:
        self.stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        stream = self.stream.start_tls(ssl_context, server_hostname, left(self.deadline))
        return Timed(stream, self.deadline)

    def get_extra_info(self, info: str) -> Any:
        return self.stream.get_extra_info(info)


def left(deadline: float) -> float:
    """Seconds until the deadline; Late where there are none."""
    seconds = deadline - monotonic()
    if seconds <= 0:
        raise Late
    return seconds
