"""Workable: who was moved to the stage of hires.

Source: workable.readme.io/reference/webhooks, as of November 2026; that its signature is in hex is
told by third parties only.
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

STAGE = Field("stage", default="hired", longest=80)


def event(_headers: Headers, content: Content, settings: Mapping[str, Any]) -> str:
    """A move to the stage that is called the last one here, or to one of a strange shape."""
    if content.get("event_type") != "candidate_moved":
        return ""
    stage = within(content, "data.stage")
    wanted = str(settings.get("stage") or STAGE.default).casefold()
    return "" if isinstance(stage, str) and stage.strip().casefold() != wanted else "hired"


KIND = Kind(
    code="workable",
    group=Group.HIRING,
    name="Workable",
    docs="workable",
    fields=(SIGNING, STAGE),
    receives=Receives(
        scheme=lambda _headers: SCHEMES["workable"],
        takes="hiring.event",
        event=event,
        keeps=(
            "event_type",
            "fired_at",
            "data.id",
            "data.stage",
            "data.name",
            "data.email",
            "data.job.shortcode",
            "data.job.title",
        ),
        sample=Sample(b'{"event_type":"handrail_test"}'),
    ),
)
