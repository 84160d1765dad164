"""Records that travel and records that stay: signed statements, and a chain over a ledger."""

from .badge import (
    Badge,
    BadgeJudgement,
    BadgeProblem,
    credential_of,
    judge_badge,
    looks_like_badge,
    new_badge_key,
    public_jwk,
    sign_badge,
)
from .canonical import NotCanonical, canonical
from .chain import Finding, Link, Row, check, follow, leaf_of, row_bytes
from .keys import BadKey, public_of, read_public, read_secret, write_public, write_secret
from .proof import SUITE, Problem, sign, verify
from .statement import CONTEXT, Judgement, judge, key_named_by, method_of

__all__ = [
    "CONTEXT",
    "SUITE",
    "BadKey",
    "Badge",
    "BadgeJudgement",
    "BadgeProblem",
    "Finding",
    "Judgement",
    "Link",
    "NotCanonical",
    "Problem",
    "Row",
    "canonical",
    "check",
    "credential_of",
    "follow",
    "judge",
    "judge_badge",
    "key_named_by",
    "leaf_of",
    "looks_like_badge",
    "method_of",
    "new_badge_key",
    "public_jwk",
    "public_of",
    "read_public",
    "read_secret",
    "row_bytes",
    "sign",
    "sign_badge",
    "verify",
    "write_public",
    "write_secret",
]
