"""A real SMTP conversation on loopback."""

from __future__ import annotations

import datetime as dt
import ipaddress
import smtplib
import socket
import ssl
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from handrail.integrations.doors import RefusedForGood
from handrail.integrations.smtp import deliver, server_of


class Inbox:
    """What arrived; answers to recipients as it is told to."""

    def __init__(self) -> None:
        self.envelopes: list = []
        self.answer_to_recipient = ""
        self.answer_to_data = "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        if self.answer_to_recipient:
            return self.answer_to_recipient
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if self.answer_to_data == "250 OK":
            self.envelopes.append(envelope)
        return self.answer_to_data

    def one(self) -> EmailMessage:
        (envelope,) = self.envelopes
        return message_from_bytes(envelope.content, policy=policy.default)


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


def serve(inbox: Inbox, **options) -> Iterator[int]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(inbox, hostname="127.0.0.1", port=port, **options)
    controller.start()
    yield port
    controller.stop()


@pytest.fixture
def port(inbox: Inbox) -> Iterator[int]:
    yield from serve(inbox)


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A fresh certificate for 127.0.0.1, trusted by nobody, with its key beside it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "loopback")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + dt.timedelta(hours=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path / "certificate.pem"
    path.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (tmp_path / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return path


@pytest.fixture
def secure_port(inbox: Inbox, certificate: Path) -> Iterator[int]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, certificate.with_name("key.pem"))

    def check(_server, _session, _envelope, _mechanism, data) -> AuthResult:
        known = LoginPassword(b"handrail", b"p@ss")
        return AuthResult(success=data == known, handled=False)

    yield from serve(
        inbox,
        tls_context=context,
        require_starttls=True,
        auth_require_tls=True,
        auth_required=True,
        authenticator=check,
    )


def message() -> EmailMessage:
    made = EmailMessage(policy=policy.SMTP)
    made["From"] = "Handrail <mentoring@example.org>"
    made["To"] = "Bob Öztürk <bob@northwind.example>"
    made["Bcc"] = "archive@example.org"
    made["Subject"] = "Grüße"
    made["Message-ID"] = "<1@example.org>"
    made.set_content("Hallo Bob\n.\nein Punkt allein\n")
    return made


def test_a_message_arrives_as_it_was_sent(inbox: Inbox, port: int) -> None:
    deliver(message(), f"smtp://127.0.0.1:{port}")
    arrived = inbox.one()
    assert (str(arrived["Subject"]), str(arrived["Message-ID"])) == ("Grüße", "<1@example.org>")
    assert arrived.get_content().replace("\r\n", "\n") == "Hallo Bob\n.\nein Punkt allein\n"


def test_the_envelope_names_sender_and_all_recipients(inbox: Inbox, port: int) -> None:
    deliver(message(), f"smtp://127.0.0.1:{port}")
    assert inbox.envelopes[0].mail_from == "mentoring@example.org"
    assert inbox.envelopes[0].rcpt_tos == ["bob@northwind.example", "archive@example.org"]


def test_a_blind_copy_stays_blind(inbox: Inbox, port: int) -> None:
    deliver(message(), f"smtp://127.0.0.1:{port}")
    assert inbox.one()["Bcc"] is None


def test_an_unknown_recipient_is_refused_for_good(inbox: Inbox, port: int) -> None:
    inbox.answer_to_recipient = "550 no such user"
    with pytest.raises(RefusedForGood) as refusal:
        deliver(message(), f"smtp://127.0.0.1:{port}")
    assert refusal.value.code == 550


def test_a_recipient_who_is_busy_is_worth_another_try(inbox: Inbox, port: int) -> None:
    inbox.answer_to_recipient = "450 try later"
    with pytest.raises(smtplib.SMTPRecipientsRefused):
        deliver(message(), f"smtp://127.0.0.1:{port}")


def test_a_message_the_server_will_never_take_is_refused_for_good(inbox: Inbox, port: int) -> None:
    inbox.answer_to_data = "554 no"
    with pytest.raises(RefusedForGood) as refusal:
        deliver(message(), f"smtp://127.0.0.1:{port}")
    assert refusal.value.code == 554


def test_a_message_the_server_cannot_take_now_is_worth_another_try(inbox: Inbox, port: int) -> None:
    inbox.answer_to_data = "451 disk full"
    with pytest.raises(smtplib.SMTPDataError):
        deliver(message(), f"smtp://127.0.0.1:{port}")


def test_a_server_that_is_away_is_worth_another_try(port: int) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        closed = probe.getsockname()[1]
    with pytest.raises(ConnectionRefusedError):
        deliver(message(), f"smtp://127.0.0.1:{closed}")


def test_a_password_travels_over_starttls(
    inbox: Inbox, secure_port: int, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    deliver(message(), f"smtp://handrail:p%40ss@127.0.0.1:{secure_port}")
    assert str(inbox.one()["Subject"]) == "Grüße"


def test_a_wrong_password_is_said(
    inbox: Inbox, secure_port: int, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with pytest.raises(smtplib.SMTPAuthenticationError):
        deliver(message(), f"smtp://handrail:wrong@127.0.0.1:{secure_port}")
    assert inbox.envelopes == []


def test_a_server_with_an_unknown_certificate_gets_nothing(inbox: Inbox, secure_port: int) -> None:
    with pytest.raises(ssl.SSLCertVerificationError):
        deliver(message(), f"smtp://handrail:p%40ss@127.0.0.1:{secure_port}")
    assert inbox.envelopes == []


@pytest.mark.parametrize(
    ("address", "host", "port", "security"),
    [
        ("smtp://mail.example.org", "mail.example.org", 587, "starttls"),
        ("smtps://mail.example.org", "mail.example.org", 465, "tls"),
        ("smtp://mail.example.org:25?security=none", "mail.example.org", 25, "none"),
        ("smtp://localhost:1025", "localhost", 1025, "none"),
        ("smtp://me:x@localhost:1025", "localhost", 1025, "starttls"),
    ],
)
def test_an_address_is_read(address: str, host: str, port: int, security: str) -> None:
    server = server_of(address)
    assert (server.host, server.port, server.security) == (host, port, security)


def test_user_and_password_may_hold_any_sign() -> None:
    server = server_of("smtp://me%40example.org:p%2Fs%3As@mail.example.org")
    assert (server.user, server.password) == ("me@example.org", "p/s:s")


@pytest.mark.parametrize(
    ("address", "what"),
    [
        ("smtp://", "host"),
        ("smtp://mail.example.org?security=maybe", "security"),
        ("smtp://me:secret@mail.example.org?security=none", "password"),
    ],
)
def test_a_wrong_address_is_explained_without_the_password(address: str, what: str) -> None:
    with pytest.raises(ValueError, match=what) as refusal:
        server_of(address)
    assert "secret" not in str(refusal.value)
