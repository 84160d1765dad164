"""Records that travel and records that stay: signed statements, and a chain over a ledger."""

from .canonical import NotCanonical, canonical
from .chain import Finding, Link, Row, check, follow, leaf_of, row_bytes
from .keys import BadKey, public_of, read_public, read_secret, write_public, write_secret
from .proof import SUITE, Problem, sign, verify
from .statement import CONTEXT, Judgement, judge, key_named_by, method_of

__all__ = [
    "CONTEXT",
    "SUITE",
    "BadKey",
    "Finding",
    "Judgement",
    "Link",
    "NotCanonical",
    "Problem",
    "Row",
    "canonical",
    "check",
    "follow",
    "judge",
    "key_named_by",
    "leaf_of",
    "method_of",
    "public_of",
    "read_public",
    "read_secret",
    "row_bytes",
    "sign",
    "verify",
    "write_public",
    "write_secret",
]
