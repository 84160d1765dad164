"""xAPI out: one statement for each completed session, to a learning record store.

Source: Experience API 1.0.3 (https://github.com/adlnet/xAPI-Spec), as of November 2026.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from handrail.integrations.guarded_http import Outbound, Unfetched
from handrail.integrations.kinds import Field, Form, Group, Kind, Opened, Trouble

VERSION = "1.0.3"
COMPLETED = "http://adlnet.gov/expapi/verbs/completed"
MEETING = "http://adlnet.gov/expapi/activities/meeting"


@dataclass(frozen=True, slots=True)
class Completed:
    """A completed session: who it was, by ids alone, when and how long."""

    home: str  # the install's own address: whose accounts the ids are
    session: str
    mentees: Sequence[str]
    mentor: str
    at: datetime
    minutes: int


def statement_of(one: Completed) -> dict[str, Any]:
    """The statement of a completed session; the same session has the same one for ever.

    People are accounts of this install, with no name and no address. Several mentees are one group,
    as it was one session.
    """
    where = f"{one.home}/sessions/{one.session}/"
    accounts = [_account(one.home, mentee) for mentee in one.mentees]
    actor = accounts[0] if len(accounts) == 1 else {"objectType": "Group", "member": accounts}
    return {
        "id": str(uuid5(NAMESPACE_URL, f"{where}#completed")),
        "actor": actor,
        "verb": {"id": COMPLETED, "display": {"en": "completed"}},
        "object": {
            "objectType": "Activity",
            "id": where,
            "definition": {"type": MEETING, "name": {"en": "Mentoring session"}},
        },
        "result": {"completion": True, "duration": f"PT{one.minutes}M"},
        "context": {"instructor": _account(one.home, one.mentor), "platform": "Handrail"},
        "timestamp": one.at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
    }


def send(opened: Opened, outbound: Outbound, statement: dict[str, Any]) -> int:
    """Put the statement under its own id; one that is there already is one that was sent.

    Raises `Trouble`.
    """
    address = f"{_base(opened)}/statements?statementId={statement['id']}"
    body = json.dumps(statement, sort_keys=True, separators=(",", ":")).encode()
    status = _ask(opened, outbound, address, "PUT", body)
    if status in (200, 204, 409):
        return status
    raise Trouble(_why(status))


def test(opened: Opened, outbound: Outbound) -> None:
    """Ask for one statement at most, which needs the same key as sending one."""
    status = _ask(opened, outbound, f"{_base(opened)}/statements?limit=1", "GET", None)
    if status != 200:
        raise Trouble(_why(status))


def _ask(opened: Opened, outbound: Outbound, address: str, method: str, body: bytes | None) -> int:
    word = f"{opened.settings.get('user', '')}:{opened.secret('password')}"
    headers = {
        "X-Experience-API-Version": VERSION,
        "Authorization": f"Basic {base64.b64encode(word.encode()).decode()}",
        "Content-Type": "application/json",
    }
    try:
        answer = outbound.ask(address, method=method, headers=headers, content=body)
    except Unfetched as unfetched:
        raise Trouble(unfetched.why.value) from None
    return answer.status


def _base(opened: Opened) -> str:
    return str(opened.settings.get("address", "")).rstrip("/").removesuffix("/statements")


def _account(home: str, person: str) -> dict[str, Any]:
    return {"objectType": "Agent", "account": {"homePage": home, "name": person}}


def _why(status: int) -> str:
    if status in (401, 403):
        return "not-allowed-there"
    if status == 429:
        return "too-many-there"
    return "broken-there" if status >= 500 else "refused"


KIND = Kind(
    code="xapi",
    group=Group.OUT,
    name="xAPI",
    docs="xapi",
    fields=(
        Field("address", Form.ADDRESS, longest=2000),
        Field("user", longest=200),
        Field("password", secret=True, longest=400),
    ),
    sends="xapi.send",
    test=test,
)
