"""Whether a sender's address is proven, by what the receiving host wrote on top (RFC 8601)."""

from __future__ import annotations

import re
from email.message import EmailMessage

QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')
COMMENT = re.compile(r"\([^()]*\)")
NAMELESS = "-"


def is_authenticated(message: EmailMessage, sender: str, *, host: str) -> bool:
    """Whether `host`, which received the mail, found that it comes from the sender's domain.

    Only its topmost word counts: whatever stands below may have been in the mail when it came.
    DMARC, or DKIM or SPF for that very domain, must have passed. Some hosts give no name: where
    `host` is NAMELESS, the word on top of all is theirs, and any other is not looked at.
    """
    domain = sender.rpartition("@")[2].lower()
    headers = [str(header) for header in message.get_all("Authentication-Results", [])]
    if host == NAMELESS:
        results = _results(headers[0]) if headers else []
        is_nameless = bool(results) and "=" in (results[0].split() or [""])[0]
        return bool(domain) and is_nameless and any(_proves(one, domain) for one in results)
    for header in headers:
        results = _results(header)
        if results and results[0].split()[:1] == [host.lower()]:
            return bool(domain) and any(_proves(one, domain) for one in results[1:])
    return False


def _results(header: str) -> list[str]:
    """The host and its findings; nothing where quotes or brackets do not come out even."""
    plain = QUOTED.sub("_", " ".join(header.split()).lower())
    while COMMENT.search(plain):
        plain = COMMENT.sub(" ", plain)
    if set(plain) & set('"()'):
        return []
    return [part.strip() for part in plain.split(";")]


def _proves(result: str, domain: str) -> bool:
    words = dict(word.partition("=")[::2] for word in result.split() if "=" in word)
    if words.get("dmarc") == "pass":
        return words.get("header.from") == domain
    if words.get("dkim") == "pass":
        return words.get("header.d", words.get("header.i", "").rpartition("@")[2]) == domain
    if words.get("spf") == "pass":
        return words.get("smtp.mailfrom", "").rpartition("@")[2] == domain
    return False
