"""One spelling of a JSON value, so that a signature over it means the value and not its layout."""

from __future__ import annotations

import json
from typing import Any

LARGEST = 2**53 - 1  # beyond it JSON readers do not agree on integers


class NotCanonical(ValueError):
    """The value has something in it that readers spell in more than one way."""


def canonical(value: Any) -> bytes:
    """The JSON Canonicalization Scheme (RFC 8785) for text, integers, booleans, lists and objects.

    With ASCII keys and without fractions, compact JSON with sorted keys in UTF-8 is that scheme.
    Fractions, nulls, other keys, lone surrogates and integers beyond 2^53 - 1 are refused, with
    NotCanonical: what is not needed cannot be spelled wrongly.
    """
    _check(value)
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode()


def _check(value: Any) -> None:
    if isinstance(value, bool):
        return
    if isinstance(value, int):
        if abs(value) > LARGEST:
            raise NotCanonical("an integer beyond 2^53 - 1")
        return
    if isinstance(value, str):
        if any("\ud800" <= sign <= "\udfff" for sign in value):
            raise NotCanonical("a lone surrogate")
        return
    if isinstance(value, list | tuple):
        for one in value:
            _check(one)
        return
    if isinstance(value, dict):
        for key, one in value.items():
            if not isinstance(key, str) or not key.isascii():
                raise NotCanonical("a key that is not ASCII")
            _check(one)
        return
    raise NotCanonical(f"a value of type {type(value).__name__}")
