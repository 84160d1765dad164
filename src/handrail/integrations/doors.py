"""The doors: which integration answers to which kind of address.

To add one: a folder here that speaks the protocol and knows no model, a line in this dict, a
setting in docs/operate/settings.md, and tests against the real protocol.
"""

from __future__ import annotations

from collections.abc import Callable
from email.message import EmailMessage
from importlib import import_module
from typing import TYPE_CHECKING, Any

from handrail.integrations.inbox import Take

if TYPE_CHECKING:  # mail needs no way out by HTTP
    from handrail.integrations.busy_sources import BusySource

MailDoor = Callable[[EmailMessage, str], None]
InboxDoor = Callable[[str, Take], int]

# What stands before the first colon of HANDRAIL_MAIL -> where the door is.
MAIL_DOORS: dict[str, str] = {
    "folder": "handrail.integrations.mail_folder.deliver",
    "smtp": "handrail.integrations.smtp.deliver",
    "smtps": "handrail.integrations.smtp.deliver",
}

# What stands before the first colon of HANDRAIL_MAIL_IN -> who hands over what came.
INBOX_DOORS: dict[str, str] = {
    "folder": "handrail.integrations.inbox.folder.read",
    "imap": "handrail.integrations.inbox.imap.read",
    "imaps": "handrail.integrations.inbox.imap.read",
}


# A kind of calendar elsewhere -> who reads its busy times.
BUSY_SOURCES: dict[str, str] = {
    "ics": "handrail.integrations.ics_feed.source.read",
    "caldav": "handrail.integrations.caldav.reading.read",
    "google": "handrail.integrations.google_calendar.reading.read",
    "microsoft": "handrail.integrations.microsoft_calendar.reading.read",
}


class RefusedForGood(Exception):
    """The other side will not take this however often it is sent; `code` is its reply code."""

    def __init__(self, code: int) -> None:
        super().__init__(f"refused: {code}")
        self.code = code


def mail_door(address: str) -> Callable[[EmailMessage], None]:
    """The function that delivers a message to this address, such as "smtp://mail.example:587"."""
    door: MailDoor = _found(MAIL_DOORS, "HANDRAIL_MAIL", address)
    return lambda message: door(message, address)


def inbox_door(address: str) -> Callable[[Take], int]:
    """The function that hands over what came to this address; it says how many letters."""
    door: InboxDoor = _found(INBOX_DOORS, "HANDRAIL_MAIL_IN", address)
    return lambda take: door(address, take)


def busy_source(kind: str) -> BusySource:
    """The function that reads calendars of this kind."""
    module, _dot, name = BUSY_SOURCES[kind].rpartition(".")
    source: BusySource = getattr(import_module(module), name)
    return source


def _found(doors: dict[str, str], setting: str, address: str) -> Any:
    kind = address.partition(":")[0]
    if kind not in doors:
        raise ValueError(f"{setting} starts with “{kind}”. Use one of: {', '.join(sorted(doors))}.")
    module, _dot, name = doors[kind].rpartition(".")
    return getattr(import_module(module), name)
