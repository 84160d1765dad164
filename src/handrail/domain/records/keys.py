"""Ed25519 keys as text: multikeys of the W3C's data integrity suites, in base 58."""

from __future__ import annotations

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
BASE_58 = "z"  # the multibase prefix
PUBLIC, SECRET = b"\xed\x01", b"\x80\x26"  # the multicodec prefixes of the two halves
RAW = 32  # bytes of either half
MOST_BYTES = 4096  # a key has 34 bytes, a proof 64: reading takes time in the square of the length


class BadKey(ValueError):
    """This text is not a key of the kind that was asked for."""


def base58(raw: bytes) -> str:
    """Bytes in base 58 with Bitcoin's alphabet; each leading zero byte is a `1`."""
    number, text = int.from_bytes(raw), ""
    while number:
        number, digit = divmod(number, 58)
        text = ALPHABET[digit] + text
    return "1" * (len(raw) - len(raw.lstrip(b"\0"))) + text


def from_base58(text: str) -> bytes:
    """What `base58` was given; BadKey where a sign is not of the alphabet."""
    if len(text) > MOST_BYTES:
        raise BadKey("too long")
    number = 0
    for sign in text:
        digit = ALPHABET.find(sign)
        if digit < 0:
            raise BadKey("not base 58")
        number = number * 58 + digit
    zeros = len(text) - len(text.lstrip("1"))
    return b"\0" * zeros + number.to_bytes((number.bit_length() + 7) // 8)


def write_public(key: Ed25519PublicKey) -> str:
    """The public half as a multikey: z6Mk…"""
    return BASE_58 + base58(PUBLIC + key.public_bytes_raw())


def write_secret(key: Ed25519PrivateKey) -> str:
    """The secret half as a multikey: z3u2…"""
    return BASE_58 + base58(SECRET + key.private_bytes_raw())


def read_public(text: str) -> Ed25519PublicKey:
    """The key of a public multikey, or BadKey."""
    return Ed25519PublicKey.from_public_bytes(_raw(text, PUBLIC))


def read_secret(text: str) -> Ed25519PrivateKey:
    """The key of a secret multikey, or BadKey."""
    return Ed25519PrivateKey.from_private_bytes(_raw(text, SECRET))


def public_of(secret: str) -> str:
    """The public multikey that belongs to a secret one."""
    return write_public(read_secret(secret).public_key())


def _raw(text: str, prefix: bytes) -> bytes:
    if not text.startswith(BASE_58):
        raise BadKey("not a multikey in base 58")
    raw = from_base58(text[1:])
    if not raw.startswith(prefix) or len(raw) != len(prefix) + RAW:
        raise BadKey("not an Ed25519 multikey of this half")
    return raw[len(prefix) :]
