"""Mail comes in from a folder, and by IMAP from a real server."""

from __future__ import annotations

import imaplib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from factories.servers import free_port, running
from handrail.integrations.doors import inbox_door
from handrail.integrations.inbox import HEAD, LARGEST, Letter, Shut
from handrail.integrations.inbox.imap import mailbox_of

PLAIN = b"From: bob@northwind.example\r\nSubject: one\r\n\r\nFine with me\r\n"
LARGE = b"Subject: two\r\n\r\n" + b"x" * LARGEST


class Desk:
    """Takes what comes in; refuses what it is told to, or falls ill."""

    def __init__(self, refuses: bytes = b"-", ill: bool = False) -> None:
        self.letters: list[Letter] = []
        self.refuses = refuses
        self.ill = ill

    def __call__(self, letter: Letter) -> bool:
        if self.ill:
            raise RuntimeError
        self.letters.append(letter)
        return self.refuses not in letter.content


def test_a_folder_is_emptied_and_what_was_refused_lies_apart(tmp_path: Path) -> None:
    for name, content in (("a.eml", PLAIN), ("b.eml", LARGE), (".c.eml.9", PLAIN)):
        (tmp_path / name).write_bytes(content)
    (tmp_path / "d.eml").symlink_to("/etc/hostname")
    desk = Desk(refuses=b"two")
    assert inbox_door(f"folder:{tmp_path}")(desk) == 2
    assert [(len(one.content), one.is_whole) for one in desk.letters] == [
        (len(PLAIN), True), (HEAD, False),
    ]  # fmt: skip
    assert [path.name for path in sorted(tmp_path.rglob("*.eml")) if not path.is_symlink()] == [
        "a.eml", "b.eml",
    ]  # fmt: skip
    assert (tmp_path / "refused/b.eml").exists()
    assert (tmp_path / "read/a.eml").exists()


def test_a_letter_that_could_not_be_taken_comes_again(tmp_path: Path) -> None:
    (tmp_path / "a.eml").write_bytes(PLAIN)
    with pytest.raises(RuntimeError):
        inbox_door(f"folder:{tmp_path}")(Desk(ill=True))
    assert inbox_door(f"folder:{tmp_path}")(Desk()) == 1
    assert inbox_door(f"folder:{tmp_path}")(Desk()) == 0


@contextmanager
def signed_in(port: int) -> Iterator[imaplib.IMAP4]:
    with imaplib.IMAP4("127.0.0.1", port, timeout=20) as client:
        client.login("demouser", "demopass")
        yield client


@pytest.fixture
def imap() -> Iterator[int]:
    port = free_port()
    arguments = ["--host", "127.0.0.1", "--port", str(port), "--no-tls", "dict", "--demo-data"]
    with running("pymap", arguments, port):
        yield port


def test_a_real_mailbox_is_read_once_and_what_was_refused_is_flagged(imap: int) -> None:
    address = f"imap://demouser:demopass@127.0.0.1:{imap}/INBOX?security=none"
    with signed_in(imap) as client:
        client.select("INBOX")
        client.uid("STORE", "1:*", "FLAGS.SILENT", r"(\Seen)")
        for content in (PLAIN, LARGE):
            client.append("INBOX", "", "", content)
    with pytest.raises(RuntimeError):
        inbox_door(address)(Desk(ill=True))
    desk = Desk(refuses=b"two")
    assert inbox_door(address)(desk) == 2
    assert [one.is_whole for one in desk.letters] == [True, False]
    assert desk.letters[0].content == PLAIN
    assert len(desk.letters[1].content) < HEAD
    with signed_in(imap) as client:
        client.select("INBOX")
        assert client.uid("SEARCH", "UNSEEN")[1] == [b""]
        assert len(client.uid("SEARCH", "FLAGGED")[1][0].split()) == 1
    assert inbox_door(address)(Desk()) == 0

    assert shut(address.replace("demopass", "wrong")) == "sign-in"
    assert shut(address.replace("INBOX", "None")) == "folder"
    assert shut(f"imap://a:b@127.0.0.1:{free_port()}/?security=none") == "unreachable"


def shut(address: str) -> str:
    with pytest.raises(Shut) as said:
        inbox_door(address)(Desk())
    assert "demouser" not in str(said.value)
    return said.value.code


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("imaps://mail.example/INBOX", "needs all of"),
        ("imap://u:secret@mail.example/?security=none", "starttls or tls only"),
        ("imap://u:secret@mail.example/?security=some", "one of"),
        ("imap://u:secret@mail.example:99999/", "port"),
    ],
)
def test_an_address_that_cannot_be_right_is_told_without_its_password(
    address: str, said: str
) -> None:
    with pytest.raises(ValueError, match=said) as told:
        mailbox_of(address)
    assert "secret" not in str(told.value)


def test_what_an_address_leaves_out_is_the_usual() -> None:
    box = mailbox_of("imaps://hand%40rail:p%2Fw@mail.example")
    assert (box.port, box.security, box.user, box.password, box.folder) == (
        993, "tls", "hand@rail", "p/w", "INBOX",
    )  # fmt: skip
    assert mailbox_of("imap://u:p@mail.example/Answers").security == "starttls"
    with pytest.raises(ValueError, match="HANDRAIL_MAIL_IN starts with"):
        inbox_door("pop3://u:p@mail.example")
