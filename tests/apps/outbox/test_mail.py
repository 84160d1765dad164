"""A mail takes the door named by the setting."""

from __future__ import annotations

from email.message import EmailMessage
from pathlib import Path

import pytest

from handrail.apps.outbox.handlers import Undeliverable
from handrail.apps.outbox.mail import send, sender
from handrail.integrations import doors, smtp
from handrail.integrations.doors import RefusedForGood


def message() -> EmailMessage:
    made = EmailMessage()
    made["From"] = "handrail@example.org"
    made["To"] = "bob@northwind.example"
    made["Subject"] = "Hello"
    made["Message-ID"] = "<abc@example.org>"
    made.set_content("Hello Bob")
    return made


def test_the_folder_is_the_one_of_the_settings(settings, tmp_path: Path) -> None:
    settings.MAIL, settings.MAIL_FOLDER = "folder", tmp_path / "mail"
    send(message())
    assert [path.name for path in (tmp_path / "mail").iterdir()] == ["abc.eml"]


def test_an_unknown_kind_of_address_is_named(settings) -> None:
    settings.MAIL = "pigeon://roof"
    with pytest.raises(ValueError, match="pigeon"):
        send(message())


def test_a_refusal_for_good_is_not_tried_again(settings, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_message: EmailMessage, _address: str) -> None:
        raise RefusedForGood(550)

    settings.MAIL = "smtp://localhost:2525"
    monkeypatch.setattr(smtp, "deliver", refuse)
    with pytest.raises(Undeliverable, match="refused 550"):
        send(message())


def test_the_sender_has_name_and_address(settings) -> None:
    settings.MAIL_FROM = "Handrail <mentoring@example.org>"
    assert (sender().name, sender().email) == ("Handrail", "mentoring@example.org")


def test_every_door_leads_somewhere() -> None:
    assert all(callable(doors.mail_door(f"{kind}://localhost")) for kind in doors.MAIL_DOORS)
