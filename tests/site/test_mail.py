"""Django's and allauth's mails take the door of HANDRAIL_MAIL."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.management.base import CommandError

from handrail.integrations.mail_folder import list_mails, read_mail
from handrail.site.mail import MailBackend, require_mail


@pytest.fixture
def folder(settings, tmp_path: Path) -> Path:
    settings.MAIL, settings.MAIL_FOLDER = "folder", tmp_path
    return tmp_path


def mail(**changes) -> EmailMultiAlternatives:
    made = EmailMultiAlternatives(
        **{
            "subject": "Your code",
            "body": "123456",
            "from_email": "Handrail <handrail@example.org>",
            "to": ["bob@northwind.example"],
            **changes,
        }
    )
    made.attach_alternative("<p>123456</p>", "text/html")
    return made


def backend(**options) -> MailBackend:
    found = get_connection("handrail.site.mail.MailBackend", **options)
    assert isinstance(found, MailBackend)
    return found


def test_a_mail_goes_into_the_folder_whole(folder: Path) -> None:
    assert backend().send_messages([mail()]) == 1
    (line,) = list_mails(folder)
    message = read_mail(folder, line.name)
    assert message is not None
    assert (line.subject, line.recipient) == ("Your code", "bob@northwind.example")
    assert message.get_body(("plain",)).get_content().strip() == "123456"
    assert message.get_body(("html",)).get_content().strip() == "<p>123456</p>"


def test_two_mails_are_two_files(folder: Path) -> None:
    assert backend().send_messages([mail(), mail()]) == 2
    assert len(list_mails(folder)) == 2


def test_a_mail_to_nobody_is_not_sent(folder: Path) -> None:
    assert backend().send_messages([mail(to=[])]) == 0
    assert list_mails(folder) == []


def test_a_shut_door_is_said_unless_silence_was_asked_for(settings) -> None:
    settings.MAIL = "pigeon://roof"
    with pytest.raises(ValueError, match="pigeon"):
        backend().send_messages([mail()])
    assert backend(fail_silently=True).send_messages([mail()]) == 0


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("mail.example.org", "HANDRAIL_MAIL starts with"),
        ("smtp:", "HANDRAIL_MAIL needs a host"),
        ("smtp://u:secret@mail.example.org?security=none", "sent over starttls or tls only"),
        ("smtp://mail.example.org?security=ssl", "security is one of"),
    ],
)
def test_a_wrong_mail_setting_is_named_before_anything_is_sent(address: str, told: str) -> None:
    with pytest.raises(CommandError, match=told) as refusal:
        require_mail(address)
    assert refusal.value.returncode == 2
    assert "secret" not in str(refusal.value)


@pytest.mark.parametrize("address", ["folder", "smtp://u:p@mail.example.org:587?security=starttls"])
def test_a_right_mail_setting_passes(address: str) -> None:
    require_mail(address)
