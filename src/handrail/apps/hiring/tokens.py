"""Public addresses: words that help a reader, and an end that nobody guesses."""

from __future__ import annotations

import secrets

from django.utils.text import slugify

LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"  # none that look like others


def posting_token(title: str) -> str:
    """A posting's part of its address: 60 random bits after the title's words."""
    words = slugify(title)[:40].strip("-") or "job"
    return f"{words}-{''.join(secrets.choice(LETTERS) for _ in range(12))}"


def promise_token() -> str:
    """The address of what one applicant was promised: 192 random bits."""
    return secrets.token_urlsafe(24)
