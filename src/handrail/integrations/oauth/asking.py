"""Questions to an interface that speaks JSON, with a token, within one time for all of them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from time import monotonic
from typing import Any

from handrail.integrations.busy_sources import Asked, SignIn
from handrail.integrations.guarded_http import Unfetched, Why
from handrail.integrations.ics_feed import Refused
from handrail.integrations.oauth.tokens import access_token

SECONDS = 60.0  # for everything: a runner lends a source two minutes
WINDOW = timedelta(days=62)  # the longest that both sides answer for


class Interface:
    """One side's interface during one reading."""

    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        self.deadline = monotonic() + SECONDS
        self.token = access_token(asked)

    def ask(
        self,
        address: str,
        *,
        method: str = "GET",
        body: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Mapping[str, Any]:
        """The answer as JSON; SignIn, Refused or Unfetched where there is none."""
        if monotonic() > self.deadline:
            raise Unfetched(Why.LATE)
        answer = self.asked.outbound.ask(
            address,
            method=method,
            headers={
                "Authorization": f"Bearer {self.token}",
                "Accept": "application/json",
                **({"Content-Type": "application/json"} if body is not None else {}),
                **(headers or {}),
            },
            content=json.dumps(body).encode() if body is not None else None,
        )
        if answer.status == 403 and b"ateLimit" in answer.body:
            raise Refused(429)  # too much at once, which passes
        if answer.status in (401, 403):
            raise SignIn
        if answer.status != 200:
            raise Refused(answer.status)
        try:
            said = json.loads(answer.body)
        except (ValueError, RecursionError):
            raise Unfetched(Why.GARBLED) from None
        if not isinstance(said, dict):
            raise Unfetched(Why.GARBLED)
        return said


def windows(since: datetime, until: datetime) -> list[tuple[datetime, datetime]]:
    """The span in pieces that are short enough to be answered for."""
    found = []
    while since < until:
        end = min(since + WINDOW, until)
        found.append((since, end))
        since = end
    return found
