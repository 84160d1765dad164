"""Which addresses lie outside: everything else belongs to the operator's own network."""

from __future__ import annotations

import socket
from collections.abc import Callable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

Resolver = Callable[[str, int], list[str]]

# What `is_global` lets through though it leads inside, or nowhere that anybody publishes on.
CLOSED_V4 = (
    IPv4Network("192.0.0.0/24"),  # special purposes; one cloud's metadata answers at .192
    IPv4Network("192.88.99.0/24"),  # relays to 6to4
    IPv4Network("168.63.129.16/32"),  # a cloud's own helper of each machine
)
OPEN_V6 = IPv6Network("2000::/3")
CLOSED_V6 = (
    IPv6Network("2001::/23"),  # Teredo and other special purposes
    IPv6Network("2002::/16"),  # 6to4: any IPv4 address may hide inside
    IPv6Network("3fff::/20"),  # documentation
)
TRANSLATED = IPv6Network("64:ff9b::/96")  # IPv4 behind a translator: the address inside counts


def is_public(text: str) -> bool:
    """Whether an address (no name) is one of the public internet's, for one host alone."""
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return False
    if isinstance(address, IPv6Address):
        inside = _inside(address)
        if inside is None:
            return (
                address in OPEN_V6
                and address.is_global
                and not any(address in network for network in CLOSED_V6)
            )
        address = inside
    return (
        address.is_global
        and not address.is_multicast
        and not any(address in network for network in CLOSED_V4)
    )


def _inside(address: IPv6Address) -> IPv4Address | None:
    """The IPv4 address that is reached by this one, where it says so."""
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address in TRANSLATED:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return None


def resolve(host: str, port: int) -> list[str]:
    """Every address of a name, each once, in the system's order; OSError where there is none."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))
