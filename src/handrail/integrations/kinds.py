"""What a kind of connection is made of: plain values that each integration's folder fills in.

A folder names its `KIND`; `apps/connections/kinds.py` has a row with its dotted path, and
`apps/connections/words.py` the words that people read. Nothing here knows a model.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from handrail.integrations.guarded_http import Outbound
from handrail.integrations.webhooks.schemes import Scheme

NEVER = datetime.min.replace(tzinfo=UTC)
Headers = Mapping[str, str]  # names in small letters
Content = dict[str, Any]


class Group(StrEnum):
    """What a connection is for."""

    HIRING = "hiring"
    PEOPLE = "people"
    CODE = "code"
    CHAT = "chat"
    MEETINGS = "meetings"
    ASSISTANCE = "assistance"
    OUT = "out"


class Form(StrEnum):
    """How a field is asked for."""

    TEXT = "text"
    ADDRESS = "address"  # https only; hosts inside only where the operator named them
    CHOICE = "choice"  # one of `choices`
    MANY = "many"  # some of `choices`


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that is asked for when a connection is set up.

    A secret is sealed, two of it are live while it is rotated, and it is never shown again. One
    that is `made_here` may be left empty: then it is made up, and shown that once.
    """

    name: str
    form: Form = Form.TEXT
    secret: bool = False
    made_here: bool = False
    needed: bool = True
    choices: tuple[str, ...] = ()
    default: str = ""
    longest: int = 400


@dataclass(frozen=True, slots=True)
class Opened:
    """A connection as its integration gets it: what was set, and its live secrets, newest first.

    `at` is when it was opened: the clock of whoever uses it.
    """

    kind: str
    settings: Mapping[str, Any] = field(default_factory=dict)
    secrets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    at: datetime = NEVER

    def secret(self, name: str) -> str:
        """The newest secret of this name; empty where there is none."""
        return next(iter(self.secrets.get(name, ())), "")


class Trouble(Exception):
    """The other side cannot be reached or does not accept; `why` is a code with words in
    `apps/connections/words.py`, and never holds what was sent or answered. `hopeless` where the
    same would be refused again.
    """

    def __init__(self, why: str, *, hopeless: bool = False) -> None:
        super().__init__(why)
        self.why = why
        self.hopeless = hopeless


@dataclass(frozen=True, slots=True)
class Sample:
    """A delivery as the sender's own test has it: proven like any other, and about nothing."""

    body: bytes
    headers: Headers = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Receives:
    """What a kind does with what is sent to a connection's address.

    `scheme` names how this delivery is signed; the secret is the field `signing`, or the one that
    `secrets` names for a scheme. `event` says what it tells of, or "" for what is of no use here
    (pings and tests among it). `keeps` are the paths of the only fields that are written down
    ("offer.starts_at", "emails[].value"); all else is forgotten with the request. `takes` is the
    outbox kind of whoever acts on it. `before_secret` recognises a test that comes before the
    sender has a secret; `ping` is one that is no JSON at all.
    """

    scheme: Callable[[Headers], Scheme]
    takes: str
    event: Callable[[Headers, Content, Mapping[str, Any]], str]  # with the connection's settings
    keeps: tuple[str, ...]
    sample: Sample
    secrets: Mapping[str, str] = field(default_factory=dict)
    before_secret: Callable[[Content], bool] | None = None
    ping: bytes = b""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of connection.

    `receives` where it is sent events that are kept and worked on later. `answers` is the dotted
    path of a function of a room for what must be answered at once (a chat's command):
    `(connection, headers, body, now) -> Reply`, which verifies for itself. `test` asks the other
    side whether it accepts what is set; it raises `Trouble`. A kind that only receives is tested by
    a delivery of our own. `sends` is the outbox kind of whoever sends what leaves through it; one
    that `stops` is switched off by the house where nothing gets through for days. `docs` is its
    page in docs/operate/connections.
    """

    code: str
    group: Group
    name: str  # the service's own
    docs: str
    fields: tuple[Field, ...] = ()
    receives: Receives | None = None
    answers: str = ""
    sends: str = ""
    stops: bool = False
    test: Callable[[Opened, Outbound], None] | None = None

    def field(self, name: str) -> Field | None:
        """The field of this name, if there is one."""
        return next((one for one in self.fields if one.name == name), None)


@dataclass(frozen=True, slots=True)
class Reply:
    """What goes back at once."""

    status: int = 200
    body: str = ""
    content_type: str = "text/plain; charset=utf-8"


SIGNING = Field("signing", secret=True, made_here=True)
