"""Mail by SMTP: "smtp://user:password@host:port?security=starttls" or "smtps://…"."""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import getaddresses
from urllib.parse import parse_qs, unquote, urlsplit

from handrail.integrations.doors import RefusedForGood

TIMEOUT_SECONDS = 30.0
SECURITIES = ("none", "starttls", "tls")
LOOPBACK = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class Server:
    host: str
    port: int
    security: str
    user: str = ""
    password: str = ""


def server_of(address: str) -> Server:
    """Read the address; ValueError says what is wrong with it, without the password."""
    parts = urlsplit(address)
    if not parts.hostname:
        raise ValueError("HANDRAIL_MAIL needs a host: smtp://user:password@host:587.")
    usual = "tls" if parts.scheme == "smtps" else "starttls"
    if parts.hostname in LOOPBACK and not parts.username:
        usual = "none"
    security = parse_qs(parts.query).get("security", [usual])[0]
    if security not in SECURITIES:
        raise ValueError(f"HANDRAIL_MAIL: security is one of {', '.join(SECURITIES)}.")
    if security == "none" and parts.username:
        raise ValueError("HANDRAIL_MAIL: a password is sent over starttls or tls only.")
    return Server(
        host=parts.hostname,
        port=parts.port or (465 if security == "tls" else 587),
        security=security,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
    )


def deliver(message: EmailMessage, address: str) -> None:
    """Hand one message to the server; returning means that the server took responsibility."""
    server = server_of(address)
    context = ssl.create_default_context()
    try:
        if server.security == "tls":
            client: smtplib.SMTP = smtplib.SMTP_SSL(
                server.host, server.port, timeout=TIMEOUT_SECONDS, context=context
            )
        else:
            client = smtplib.SMTP(server.host, server.port, timeout=TIMEOUT_SECONDS)
        with client:
            if server.security == "starttls":
                client.starttls(context=context)
            if server.user:
                client.login(server.user, server.password)
            sender, recipients = _envelope(message)
            client.send_message(message, from_addr=sender, to_addrs=recipients)
    except smtplib.SMTPRecipientsRefused as error:
        codes = [code for code, _text in error.recipients.values()]
        if codes and min(codes) >= 500:
            raise RefusedForGood(codes[0]) from None
        raise
    except smtplib.SMTPDataError as error:
        if error.smtp_code >= 500:
            raise RefusedForGood(error.smtp_code) from None
        raise


def _envelope(message: EmailMessage) -> tuple[str, list[str]]:
    sender = getaddresses([str(message["From"])])[0][1]
    headers = [str(value) for name in ("To", "Cc", "Bcc") for value in message.get_all(name, [])]
    return sender, [email for _name, email in getaddresses(headers) if email]
