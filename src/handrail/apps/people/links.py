"""Addresses that people give each other: whole ones of the web, and nothing that runs."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.utils.translation import gettext as _

LONGEST_LINK = 500  # characters


def is_link(text: str) -> bool:
    """Whether this is a whole web address: http or https, a host, no blanks, 500 characters."""
    if len(text) > LONGEST_LINK or any(sign.isspace() or not sign.isprintable() for sign in text):
        return False
    try:
        parts = urlsplit(text)
        parts.port  # noqa: B018 - it is read late, and says there that it is no number
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname)


def link_problem(text: str) -> str:
    """What to do about an address that cannot be followed; empty where it can, or none is given."""
    if not text or is_link(text):
        return ""
    if len(text) > LONGEST_LINK:
        return _("This address is longer than %(longest)d characters. Give a shorter one.") % {
            "longest": LONGEST_LINK
        }
    return _("Give a whole address that starts with https:// or http://.")
