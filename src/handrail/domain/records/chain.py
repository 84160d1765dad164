"""A hash chain over the rows of a ledger, which tells where a row was altered, taken or moved.

Each row has a leaf: SHA-256 over a salt of its own and the row. Each link is an HMAC over the link
before, the row's name and the leaf, so that who can write the tables but has not the key cannot
make the chain anew. With its salt gone a leaf tells nothing about its row, and the chain still
holds: that is how old rows leave.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

START = "0" * 64  # what the first link follows


@dataclass(frozen=True, slots=True)
class Link:
    """One sealed row: its place in the chain, which row, its salt (empty: let go), two digests."""

    n: int
    row: str  # ledger and id, such as "audit:12"
    salt: str
    leaf: str  # hex
    chain: str  # hex


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a ledger as it stands: its name and its bytes, as `row_bytes` spells them."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that does not hold: altered, missing, link_broken, link_missing, moved."""

    kind: str
    n: int  # the place in the chain
    row: str


def row_bytes(fields: Mapping[str, Any]) -> bytes:
    """A row's fields as bytes; values are JSON, with anything else as its text."""
    return json.dumps(fields, sort_keys=True, separators=(",", ":"), default=str).encode()


def leaf_of(salt: str, content: bytes) -> str:
    """SHA-256 of the salt and the row, in hex."""
    return hashlib.sha256(salt.encode() + b"\0" + content).hexdigest()


def follow(before: str, row: str, leaf: str, *, key: bytes) -> str:
    """The link after `before` for this row, in hex."""
    text = "\0".join((before, row, leaf)).encode()
    return hmac.new(key, text, hashlib.sha256).hexdigest()


def check(
    links: Iterable[Link], rows: Iterable[Row], *, keys: Sequence[bytes], let_go: frozenset[str]
) -> list[Finding]:
    """Everything that does not hold, in the order of the chain; empty where all does.

    `links` come by `n`; `rows` are those of the ledgers now. `keys` are today's and those before
    it. `let_go` names rows that left as the rules say: they may be missing, and nothing else may.
    """
    standing = {row.name: row.content for row in rows}
    found: list[Finding] = []
    before, expected = START, 1
    # Two rows that changed places have each other's content: told as moved, not as altered.
    contents = {content: name for name, content in standing.items()}
    for link in links:
        while expected < link.n:
            found.append(Finding("link_missing", expected, ""))
            expected += 1
        expected = link.n + 1
        if not any(
            hmac.compare_digest(follow(before, link.row, link.leaf, key=key), link.chain)
            for key in keys
        ):
            found.append(Finding("link_broken", link.n, link.row))
        before = link.chain
        content = standing.get(link.row)
        if content is None:
            if link.row not in let_go:
                found.append(Finding("missing", link.n, link.row))
        elif leaf_of(link.salt, content) != link.leaf:
            elsewhere = any(leaf_of(link.salt, one) == link.leaf for one in contents)
            found.append(Finding("moved" if elsewhere else "altered", link.n, link.row))
    return found
