"""A mailbox by IMAP: "imaps://user:password@host:993/INBOX" or "imap://…?security=starttls"."""

from __future__ import annotations

import imaplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from handrail.integrations.inbox.facts import HEAD, LARGEST, Letter, Shut, Take

TIMEOUT_SECONDS = 30.0
MOST = 200  # letters at one time
SECURITIES = ("none", "starttls", "tls")
LOOPBACK = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class Mailbox:
    """Where the mails are."""

    host: str
    port: int
    security: str
    user: str
    password: str
    folder: str


def mailbox_of(address: str) -> Mailbox:
    """Read the address; ValueError says what is wrong with it, without the password."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        raise ValueError("HANDRAIL_MAIL_IN holds a port that is none.") from None
    if not parts.hostname or not parts.username or not parts.password:
        raise ValueError("HANDRAIL_MAIL_IN needs all of imaps://user:password@host/INBOX.")
    usual = "tls" if parts.scheme == "imaps" else "starttls"
    security = parse_qs(parts.query).get("security", [usual])[0]
    if security not in SECURITIES:
        raise ValueError(f"HANDRAIL_MAIL_IN: security is one of {', '.join(SECURITIES)}.")
    if security == "none" and parts.hostname not in LOOPBACK:
        raise ValueError("HANDRAIL_MAIL_IN: a password is sent over starttls or tls only.")
    return Mailbox(
        host=parts.hostname,
        port=port or (993 if security == "tls" else 143),
        security=security,
        user=unquote(parts.username),
        password=unquote(parts.password),
        folder=unquote(parts.path.strip("/")) or "INBOX",
    )


def read(address: str, take: Take) -> int:
    """Hand over the mails that nobody has seen, then mark them seen; say how many.

    What is refused is flagged too, so that whoever opens the mailbox finds it. A mail for which
    `take` raises stays unseen and comes again.
    """
    with _opened(mailbox_of(address)) as client:
        found = _done(client.uid("SEARCH", "UNSEEN"), "search")
        numbers = (found[0] or b"").split()[:MOST]
        for number in numbers:
            uid = number.decode()
            letter = _letter(client, uid)
            if letter is None:
                continue  # somebody took it out meanwhile
            followed = take(letter)
            flags = r"(\Seen)" if followed else r"(\Seen \Flagged)"
            _done(client.uid("STORE", uid, "+FLAGS.SILENT", flags), "flags")
        return len(numbers)


@contextmanager
def _opened(box: Mailbox) -> Iterator[imaplib.IMAP4]:
    client: imaplib.IMAP4 | None = None
    context = ssl.create_default_context()
    step = "unreachable"
    try:
        if box.security == "tls":
            client = imaplib.IMAP4_SSL(
                box.host, box.port, ssl_context=context, timeout=TIMEOUT_SECONDS
            )
        else:
            client = imaplib.IMAP4(box.host, box.port, timeout=TIMEOUT_SECONDS)
        if box.security == "starttls":
            step = "starttls"
            client.starttls(ssl_context=context)
        step = "sign-in"
        client.login(box.user, box.password)
        step = "folder"
        _done(client.select(_quoted(box.folder)), step)
        step = "answer"
        yield client
    except (imaplib.IMAP4.error, OSError):
        # Their words may repeat the user's name: the step is enough.
        raise Shut(step) from None
    finally:
        if client is not None:
            with suppress(imaplib.IMAP4.error, OSError):
                client.logout()


def _letter(client: imaplib.IMAP4, uid: str) -> Letter | None:
    size = _number_in(_done(client.uid("FETCH", uid, "(RFC822.SIZE)"), "fetch"))
    if size is None:
        return None
    part = "BODY.PEEK[]" if size <= LARGEST else f"BODY.PEEK[HEADER]<0.{HEAD}>"
    for answer in _done(client.uid("FETCH", uid, f"({part})"), "fetch"):
        if isinstance(answer, tuple) and isinstance(answer[1], bytes):
            content = answer[1]
            whole = size <= LARGEST and len(content) <= LARGEST
            return Letter(content if whole else content[:HEAD], whole)
    return None


def _number_in(answers: list[Any]) -> int | None:
    for answer in answers:
        words = answer if isinstance(answer, bytes) else b""
        _before, found, after = words.partition(b"RFC822.SIZE ")
        digits = after.split(b")")[0].split()[:1]
        if found and digits and digits[0].isdigit():
            return int(digits[0])
    return None


def _done(answer: tuple[str, list[Any]], step: str) -> list[Any]:
    if answer[0] != "OK":
        raise Shut(step)
    return answer[1]


def _quoted(folder: str) -> str:
    return '"' + folder.replace("\\", "\\\\").replace('"', '\\"') + '"'
