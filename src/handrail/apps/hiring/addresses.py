"""E-mail addresses as hiring systems and people write them."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

LONGEST = 254  # characters


def address_of(text: str) -> str:
    """The address in small letters; empty where it is none."""
    address = text.strip().lower()
    try:
        validate_email(address)
    except ValidationError:
        return ""
    return address if len(address) <= LONGEST else ""
