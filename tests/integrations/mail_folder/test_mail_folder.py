"""The folder that stands for a mail server."""

from __future__ import annotations

from email.message import EmailMessage
from pathlib import Path

import pytest

from handrail.integrations.mail_folder import deliver, file_name, list_mails, read_mail


def message(key: str, *, date: str = "Mon, 02 Feb 2026 09:00:00 +0000") -> EmailMessage:
    made = EmailMessage()
    made["From"] = "Handrail <mentoring@example.org>"
    made["To"] = "Bob <bob@northwind.example>"
    made["Subject"] = f"Grüße {key}"
    made["Date"] = date
    made["Message-ID"] = f"<{key}@example.org>"
    made.set_content("Hallo")
    return made


def put(folder: Path, *messages: EmailMessage) -> None:
    for made in messages:
        deliver(made, f"folder:{folder}")


def test_a_message_becomes_a_file_named_after_its_id(tmp_path: Path) -> None:
    put(tmp_path / "mail", message("a-1"))
    assert [path.name for path in (tmp_path / "mail").iterdir()] == ["a-1.eml"]


def test_the_same_message_twice_is_one_file(tmp_path: Path) -> None:
    put(tmp_path, message("a-1"), message("a-1"))
    assert len(list_mails(tmp_path)) == 1


def test_the_list_says_who_wrote_what_to_whom_newest_first(tmp_path: Path) -> None:
    later = message("b", date="Tue, 03 Feb 2026 09:00:00 +0000")
    put(tmp_path, message("a"), later)
    assert [(mail.name, mail.subject, mail.recipient) for mail in list_mails(tmp_path)] == [
        ("b.eml", "Grüße b", "Bob <bob@northwind.example>"),
        ("a.eml", "Grüße a", "Bob <bob@northwind.example>"),
    ]


def test_a_message_without_a_date_comes_last(tmp_path: Path) -> None:
    undated = message("z")
    del undated["Date"]
    put(tmp_path, undated, message("a"))
    assert [mail.name for mail in list_mails(tmp_path)] == ["a.eml", "z.eml"]


def test_a_folder_that_is_not_there_yet_is_empty(tmp_path: Path) -> None:
    assert list_mails(tmp_path / "mail") == []


def test_a_message_is_read_whole(tmp_path: Path) -> None:
    put(tmp_path, message("a"))
    found = read_mail(tmp_path, "a.eml")
    assert found is not None
    assert found.get_content().strip() == "Hallo"


@pytest.mark.parametrize("name", ["b.eml", "../secret.eml", "secret.txt", "/etc/passwd", ""])
def test_nothing_but_mails_of_the_folder_is_read(name: str, tmp_path: Path) -> None:
    folder = tmp_path / "mail"
    put(folder, message("a"))
    (tmp_path / "secret.eml").write_text("Subject: secret\n\n")
    (folder / "secret.txt").write_text("secret")
    assert read_mail(folder, name) is None


@pytest.mark.parametrize(
    ("message_id", "name"),
    [
        ("<0195-ab@example.org>", "0195-ab.eml"),
        ("<../../etc/passwd@example.org>", "etc-passwd.eml"),
        ("", "mail.eml"),
    ],
)
def test_a_file_name_is_plain(message_id: str, name: str) -> None:
    assert file_name(message_id) == name
