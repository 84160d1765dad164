"""The doors: which integration answers to which kind of address.

To add one: a folder here that speaks the protocol and knows no model, a line in this dict, a
setting in docs/operate/settings.md, and tests against the real protocol.
"""

from __future__ import annotations

from collections.abc import Callable
from email.message import EmailMessage
from importlib import import_module

MailDoor = Callable[[EmailMessage, str], None]

# What stands before the first colon of HANDRAIL_MAIL -> where the door is.
MAIL_DOORS: dict[str, str] = {
    "folder": "handrail.integrations.mail_folder.deliver",
    "smtp": "handrail.integrations.smtp.deliver",
    "smtps": "handrail.integrations.smtp.deliver",
}


class RefusedForGood(Exception):
    """The other side will not take this however often it is sent; `code` is its reply code."""

    def __init__(self, code: int) -> None:
        super().__init__(f"refused: {code}")
        self.code = code


def mail_door(address: str) -> Callable[[EmailMessage], None]:
    """The function that delivers a message to this address, such as "smtp://mail.example:587"."""
    kind = address.partition(":")[0]
    if kind not in MAIL_DOORS:
        known = ", ".join(sorted(MAIL_DOORS))
        raise ValueError(f"HANDRAIL_MAIL starts with “{kind}”. Use one of: {known}.")
    module, _dot, name = MAIL_DOORS[kind].rpartition(".")
    door: MailDoor = getattr(import_module(module), name)
    return lambda message: door(message, address)
