"""Standard Webhooks out: what happened to what, in ids and states, to an address of one's own.

Source: the specification of Standard Webhooks 1.0, as of November 2026.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from handrail.integrations.guarded_http import Outbound, Unfetched
from handrail.integrations.kinds import SIGNING, Field, Form, Group, Kind, Opened, Trouble
from handrail.integrations.webhooks import SCHEMES, Rejected, sign

EVENTS = (
    "program.started",
    "program.closed",
    "enrolment.made",
    "enrolment.ended",
    "session.booked",
    "session.moved",
    "session.cancelled",
    "session.closed",
    "artifact.written",
    "answer.published",
)
TEST = "handrail.test"


def body_of(kind: str, at: datetime, content: dict[str, Any]) -> bytes:
    """The body of one event; the same event has the same bytes whenever it is sent."""
    told = {"type": kind, "timestamp": at.isoformat(), "data": content}
    return json.dumps(told, sort_keys=True, separators=(",", ":")).encode()


def deliver(opened: Opened, outbound: Outbound, *, ident: str, now: datetime, body: bytes) -> int:
    """Send one event, signed by each live secret; the status of a good answer.

    Raises `Trouble`: "gone" means that the address never wants one again.
    """
    scheme, time = SCHEMES["standard"], str(int(now.timestamp()))
    try:
        signatures = [
            sign(scheme, secret, body, time=time, ident=ident)
            for secret in opened.secrets.get("signing", ())
        ]
    except Rejected:
        raise Trouble("no-secret") from None
    if not signatures:
        raise Trouble("no-secret")
    headers = {
        "Content-Type": "application/json",
        scheme.id_header: ident,
        scheme.time_header: time,
        scheme.header: " ".join(signatures),
    }
    try:
        answer = outbound.ask(
            opened.settings["address"], method="POST", headers=headers, content=body
        )
    except Unfetched as unfetched:
        raise Trouble(unfetched.why.value) from None
    if 200 <= answer.status < 300:
        return answer.status
    raise Trouble(_why(answer.status))


def test(opened: Opened, outbound: Outbound) -> None:
    """Send an event about nothing."""
    ident = f"test_{int(opened.at.timestamp())}"
    deliver(opened, outbound, ident=ident, now=opened.at, body=body_of(TEST, opened.at, {}))


def _why(status: int) -> str:
    if status == 410:
        return "gone"
    if status in (401, 403):
        return "not-allowed-there"
    if status == 429:
        return "too-many-there"
    return "broken-there" if status >= 500 else "refused"


KIND = Kind(
    code="webhooks",
    group=Group.OUT,
    name="Webhooks",
    docs="webhooks",
    fields=(
        Field("address", Form.ADDRESS, longest=2000),
        Field("events", Form.MANY, choices=EVENTS),
        SIGNING,
    ),
    sends="webhook.send",
    stops=True,
    test=test,
)
