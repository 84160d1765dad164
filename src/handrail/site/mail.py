"""The door that Django's and allauth's own mails take: the same one as ours."""

from __future__ import annotations

from collections.abc import Sequence
from email import message_from_bytes, policy
from email.message import EmailMessage

from django.core.mail import EmailMessage as DjangoMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.core.management.base import CommandError

from handrail.apps.outbox.mail import send
from handrail.integrations.doors import mail_door
from handrail.integrations.smtp import server_of


class MailBackend(BaseEmailBackend):
    """Sends at once through the door named by HANDRAIL_MAIL: a sign-in code cannot wait."""

    def send_messages(self, email_messages: Sequence[DjangoMessage]) -> int:
        sent = 0
        for message in email_messages:
            if not message.recipients():
                continue
            try:
                send(_plain(message))
            except Exception:
                if not self.fail_silently:
                    raise
            else:
                sent += 1
        return sent


def require_mail(address: str) -> None:
    """Raise CommandError where HANDRAIL_MAIL cannot be right; no server is asked."""
    try:
        mail_door(address)
        if address.startswith("smtp"):
            server_of(address)
    except ValueError as error:
        raise CommandError(f"{error} See docs/operate/settings.md.", returncode=2) from error


def _plain(message: DjangoMessage) -> EmailMessage:
    parsed = message_from_bytes(message.message().as_bytes(), policy=policy.default)
    assert isinstance(parsed, EmailMessage)
    if message.bcc:
        parsed["Bcc"] = ", ".join(message.bcc)
    return parsed
