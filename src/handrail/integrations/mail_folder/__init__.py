"""A folder of .eml files instead of a mail server: for trying out, and to look at."""

from __future__ import annotations

import os
import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import parsedate_to_datetime
from pathlib import Path

NAME = re.compile(r"[0-9A-Za-z.-]{1,120}\.eml")


@dataclass(frozen=True, slots=True)
class StoredMail:
    """One line of the folder's list."""

    name: str
    subject: str
    sender: str
    recipient: str
    sent_at: datetime | None


def deliver(message: EmailMessage, address: str) -> None:
    """Write the message to the folder of "folder:/path"; the same Message-ID is one file."""
    folder = Path(address.removeprefix("folder:"))
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / file_name(str(message["Message-ID"] or ""))
    # Under another name first: a reader never sees half a mail, a killed writer leaves none.
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    unfinished.write_bytes(message.as_bytes(policy=policy.SMTP))
    unfinished.replace(path)


def list_mails(folder: Path) -> list[StoredMail]:
    """What is in the folder, the newest first by the mail's own date."""
    found = [_line(path) for path in sorted(folder.glob("*.eml")) if NAME.fullmatch(path.name)]
    return sorted(
        found,
        key=lambda mail: (mail.sent_at.timestamp() if mail.sent_at else 0.0, mail.name),
        reverse=True,
    )


def read_mail(folder: Path, name: str) -> EmailMessage | None:
    """One message by its file name; None if there is no such file in the folder."""
    path = folder / name
    if not NAME.fullmatch(name) or not path.is_file():
        return None
    return _parse(path)


def file_name(message_id: str) -> str:
    """A plain file name out of a Message-ID."""
    plain = re.sub(r"[^0-9A-Za-z-]+", "-", message_id.split("@")[0]).strip("-")
    return f"{plain[:100] or 'mail'}.eml"


def _line(path: Path) -> StoredMail:
    message = _parse(path)
    date = str(message["Date"] or "")
    return StoredMail(
        name=path.name,
        subject=str(message["Subject"] or ""),
        sender=str(message["From"] or ""),
        recipient=str(message["To"] or ""),
        sent_at=parsedate_to_datetime(date) if date else None,
    )


def _parse(path: Path) -> EmailMessage:
    message = BytesParser(policy=policy.default).parsebytes(path.read_bytes())
    assert isinstance(message, EmailMessage)
    return message


def forget_mails(folder: Path, words: Collection[str]) -> int:
    """Delete the mails in which one of these words stands, in a header or a text; say how many."""
    wanted = [word.casefold() for word in words if word]
    gone = 0
    for path in sorted(folder.glob("*.eml")):
        message = BytesParser(policy=policy.default).parsebytes(path.read_bytes())
        texts = [f"{name}: {value}" for name, value in message.items()]
        texts += [
            str(part.get_content())
            for part in message.walk()
            if part.get_content_maintype() == "text"
        ]
        whole = "\n".join(texts).casefold()
        if any(word in whole for word in wanted):
            path.unlink(missing_ok=True)
            gone += 1
    return gone
