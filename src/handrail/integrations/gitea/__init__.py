"""Gitea and Forgejo: which changes were merged, and who wrote them.

Source: docs.gitea.com and forgejo.org on webhooks, as of November 2026.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
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

EVENT_HEADERS = ("x-forgejo-event", "x-gitea-event")


def event(headers: Headers, content: Content, _settings: Mapping[str, Any]) -> str:
    """A change that was closed, unless it plainly was not merged."""
    told = next((headers[name] for name in EVENT_HEADERS if name in headers), "")
    if told != "pull_request" or content.get("action") != "closed":
        return ""
    return "" if within(content, "pull_request.merged") is False else "pull_request"


GITEA = Receives(
    scheme=lambda _headers: SCHEMES["gitea"],
    takes="code.event",
    event=event,
    keeps=(
        "action",
        "repository.full_name",
        "pull_request.number",
        "pull_request.merged",
        "pull_request.merged_at",
        "pull_request.user.id",
        "pull_request.user.login",
    ),
    sample=Sample(
        b'{"ref":"handrail-test"}',
        {"x-gitea-event": "push", "x-gitea-delivery": "handrail-test"},
    ),
)

KIND = Kind(
    code="gitea",
    group=Group.CODE,
    name="Gitea",
    docs="gitea",
    # Numbers of people are each host's own: there is no host to take for granted.
    fields=(SIGNING, Field("host", longest=200), Field("bots", needed=False, longest=2000)),
    receives=GITEA,
)
FORGEJO = replace(
    KIND,
    code="forgejo",
    name="Forgejo",
    docs="forgejo",
    receives=replace(
        GITEA,
        scheme=lambda _headers: SCHEMES["forgejo"],
        sample=Sample(
            b'{"ref":"handrail-test"}',
            {"x-forgejo-event": "push", "x-forgejo-delivery": "handrail-test"},
        ),
    ),
)
