"""GitLab: which changes were merged, and who wrote them; signed the new way, or by a token.

Source: docs.gitlab.com on webhooks and their events, as of November 2026.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handrail.integrations.kinds import Content, Field, Group, Headers, Kind, Receives, Sample
from handrail.integrations.webhooks import scheme_for
from handrail.integrations.webhooks.parsed import within


def event(_headers: Headers, content: Content, _settings: Mapping[str, Any]) -> str:
    """A merge; everything else that happens to a merge request is of no use."""
    if content.get("object_kind") != "merge_request":
        return ""
    return "merge_request" if within(content, "object_attributes.action") == "merge" else ""


KIND = Kind(
    code="gitlab",
    group=Group.CODE,
    name="GitLab",
    docs="gitlab",
    fields=(
        # Of the two one is enough; GitLab makes the first, and the second is anybody's.
        Field("signing", secret=True, needed=False),
        Field("token", secret=True, made_here=True),
        Field("host", default="gitlab.com", longest=200),
        Field("bots", needed=False, longest=2000),
    ),
    receives=Receives(
        scheme=lambda headers: scheme_for("gitlab", headers),
        takes="code.event",
        event=event,
        keeps=(
            "object_kind",
            "project.path_with_namespace",
            "object_attributes.action",
            "object_attributes.author_id",
            "object_attributes.iid",
            "object_attributes.merged_at",
            "object_attributes.updated_at",
        ),
        sample=Sample(
            b'{"object_kind":"handrail_test"}',
            {"webhook-id": "handrail-test", "idempotency-key": "handrail-test"},
        ),
        secrets={"gitlab-token": "token"},
    ),
)
