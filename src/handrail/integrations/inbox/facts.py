"""What comes in at a door: bytes that anybody may have written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import getaddresses

LARGEST = 1024 * 1024  # bytes of one mail: an answer to an invitation has a few thousand
HEAD = 64 * 1024  # bytes that are looked at of one that is larger
LONGEST_ADDRESS = 254


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail as it came; of one larger than LARGEST only how it begins."""

    content: bytes
    is_whole: bool = True


# True: what it says was followed; False: it was refused, and is set aside to be looked at. A door
# whose `take` raises keeps the letter and hands it over again.
Take = Callable[[Letter], bool]


class Shut(Exception):
    """Nobody can be let in at a door; `code` says why in a word, and holds no address."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def opened(letter: Letter) -> EmailMessage | None:
    """The mail in a letter; None where nobody can read it."""
    try:
        message = BytesParser(policy=policy.default).parsebytes(letter.content)
    except Exception:  # the parser has its own limits, and they end in all kinds of errors
        return None
    return message if isinstance(message, EmailMessage) else None


def sender_of(message: EmailMessage | None) -> str:
    """Whom the mail names as its sender, which proves nothing; empty where it names nobody."""
    try:
        named = getaddresses([str(one) for one in message.get_all("From", [])]) if message else []
    except Exception:  # as above: a header is parsed when it is read
        return ""
    address = named[0][1].lower() if named else ""
    whole = len(address) <= LONGEST_ADDRESS and address.isprintable() and "@" in address
    return address if whole else ""
