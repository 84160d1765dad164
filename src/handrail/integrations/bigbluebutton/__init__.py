"""BigBlueButton: a meeting is made by a call of ours, and each person joins by a link of their own.

Source: BigBlueButton's API page, as of November 2026. Each call carries a checksum over its name,
its query exactly as sent and the shared secret. A meeting that is made twice with the same words
is one, so whoever comes first makes it.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from urllib.parse import urlencode

from handrail.integrations.chat import Failed
from handrail.integrations.chat.fields import told
from handrail.integrations.chat.posting import ask
from handrail.integrations.guarded_http import Outbound
from handrail.integrations.kinds import Field, Form, Group, Kind, Opened
from handrail.integrations.meetings import ORDER

RETURNCODE = re.compile(rb"<returncode>\s*(\w+)\s*</returncode>")
SECONDS = 5.0  # somebody waits for their call
KEY = re.compile(rb"<messageKey>\s*(\w+)\s*</messageKey>")


@dataclass(frozen=True, slots=True)
class Server:
    """`api` ends with /bigbluebutton/api; `secret` is what `bbb-conf --secret` says."""

    api: str
    secret: str


@dataclass(frozen=True, slots=True)
class Meeting:
    """One meeting; both words are made by us and stay on the server and in links."""

    ident: str
    name: str
    attendee_word: str
    moderator_word: str


def checksum(call: str, query: str, secret: str) -> str:
    """SHA-256 of call, query and secret, as hex."""
    return hashlib.sha256(f"{call}{query}{secret}".encode()).hexdigest()


def create(outbound: Outbound, server: Server, meeting: Meeting, *, minutes: int) -> None:
    """Make the meeting, or find it made; Failed where the server does not."""
    url = signed_address(
        server,
        "create",
        {
            "meetingID": meeting.ident,
            "name": meeting.name,
            "attendeePW": meeting.attendee_word,
            "moderatorPW": meeting.moderator_word,
            "record": "false",
            "duration": str(minutes),
        },
    )
    _succeed(outbound, url)


def _succeed(outbound: Outbound, url: str) -> None:
    answer = ask(outbound, url, seconds=SECONDS)
    code = RETURNCODE.search(answer.body)
    if code is None or code[1] != b"SUCCESS":
        key = KEY.search(answer.body)
        raise Failed(key[1].decode()[:60] if key else "no answer", hopeless=key is not None)


def join_address(server: Server, meeting: Meeting, *, name: str, moderates: bool) -> str:
    """The link by which one person joins, under their own name."""
    word = meeting.moderator_word if moderates else meeting.attendee_word
    return signed_address(
        server, "join", {"meetingID": meeting.ident, "fullName": name, "password": word}
    )


def signed_address(server: Server, call: str, words: dict[str, str]) -> str:
    """The address of a call, with its checksum at the end."""
    query = urlencode(words)
    proof = checksum(call, query, server.secret)
    signed = f"{query}&checksum={proof}" if query else f"checksum={proof}"
    return f"{server.api.rstrip('/')}/{call}?{signed}"


def server_of(opened: Opened) -> Server:
    """The server that a connection names."""
    return Server(str(opened.settings["api"]), opened.secret("shared_secret"))


def _test(opened: Opened, outbound: Outbound) -> None:
    with told():
        _succeed(outbound, signed_address(server_of(opened), "getMeetings", {}))


KIND = Kind(
    code="bigbluebutton",
    group=Group.MEETINGS,
    name="BigBlueButton",
    docs="bigbluebutton",
    fields=(
        Field("api", form=Form.ADDRESS),
        Field("shared_secret", secret=True),
        ORDER,
    ),
    test=_test,
)
