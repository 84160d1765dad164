"""The way a mail takes out of the house, and whose name it bears."""

from __future__ import annotations

from email.message import EmailMessage
from email.utils import parseaddr

from django.conf import settings

from handrail.apps.outbox.handlers import Undeliverable
from handrail.integrations.calendar_mail import Address
from handrail.integrations.doors import RefusedForGood, mail_door

# Stands in an address whose owner has none yet; the name can never be registered (RFC 2606).
NOWHERE = "no-address.invalid"


def is_nowhere(address: str) -> bool:
    """Whether this stands for an address that is not known yet."""
    return address.rpartition("@")[2].lower() == NOWHERE


def send(message: EmailMessage) -> None:
    """Hand the message to the door named by HANDRAIL_MAIL; it raises if the door is shut.

    A mail to somebody without an address goes nowhere, and is not tried again.
    """
    if is_nowhere(parseaddr(str(message["To"]))[1]):
        return
    address = settings.MAIL
    if address == "folder":
        address = f"folder:{settings.MAIL_FOLDER}"
    try:
        mail_door(address)(message)
    except RefusedForGood as error:
        raise Undeliverable(f"refused {error.code}") from None


def sender() -> Address:
    """The address that Handrail writes from."""
    name, email = parseaddr(settings.MAIL_FROM)
    return Address(email=email, name=name)


def organizer() -> Address:
    """Whom calendars answer to: the address that Handrail reads, under the sender's name."""
    name, email = parseaddr(settings.MAIL_FROM)
    return Address(email=settings.MAIL_IN_ADDRESS or email, name=name)
