"""Secrets at rest: sealed for one place, so that a copy in another place cannot be opened."""

from __future__ import annotations

import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

NONCE = 12  # bytes, the size AES-GCM is made for


class Unsealable(Exception):
    """Sealed with another key, for another place, or altered since."""


def seal(text: str, *, place: str) -> str:
    """The text so that only `open_sealed` with the same place reads it.

    The place names organisation, table, row and column: swapped secrets do not open.
    """
    nonce = secrets.token_bytes(NONCE)
    locked = AESGCM(_key(settings.SECRET_KEY)).encrypt(nonce, text.encode(), place.encode())
    return urlsafe_b64encode(nonce + locked).decode()


def open_sealed(sealed: str, *, place: str) -> str:
    """The text that was sealed for this place, with today's key or one that it replaced."""
    try:
        whole = urlsafe_b64decode(sealed.encode())
    except ValueError:
        raise Unsealable from None
    for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        try:
            opened = AESGCM(_key(key)).decrypt(whole[:NONCE], whole[NONCE:], place.encode())
        except (InvalidTag, ValueError):
            continue
        return opened.decode()
    raise Unsealable


@lru_cache(maxsize=8)
def _key(secret: str) -> bytes:
    return HKDF(hashes.SHA256(), 32, salt=None, info=b"handrail.sealing.1").derive(secret.encode())
