"""GitHub: which changes were merged, and who wrote them.

Source: docs.github.com on webhook events and payloads, as of November 2026.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handrail.integrations.kinds import (
    SIGNING,
    Content,
    Field,
    Group,
    Headers,
    Kind,
    Receives,
    Sample,
)
from handrail.integrations.webhooks.parsed import within
from handrail.integrations.webhooks.schemes import SCHEMES

HOST = Field("host", default="github.com", longest=200)
KEEPS = (
    "action",
    "repository.full_name",
    "pull_request.number",
    "pull_request.merged",
    "pull_request.merged_at",
    "pull_request.user.id",
    "pull_request.user.login",
    "pull_request.user.type",
)


def event(headers: Headers, content: Content, _settings: Mapping[str, Any]) -> str:
    """A change that was closed, unless it plainly was not merged; a ping is of no use."""
    if headers.get("x-github-event") != "pull_request" or content.get("action") != "closed":
        return ""
    return "" if within(content, "pull_request.merged") is False else "pull_request"


KIND = Kind(
    code="github",
    group=Group.CODE,
    name="GitHub",
    docs="github",
    fields=(SIGNING, HOST),
    receives=Receives(
        scheme=lambda _headers: SCHEMES["github"],
        takes="code.event",
        event=event,
        keeps=KEEPS,
        sample=Sample(
            b'{"zen":"Test of Handrail."}',
            {"x-github-event": "ping", "x-github-delivery": "handrail-test"},
        ),
    ),
)
