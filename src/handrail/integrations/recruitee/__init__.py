"""Recruitee: who was moved to the stage of hires.

Source: docs.recruitee.com/docs/webhooks, as of November 2026; that its signature is in hex is told
by third parties only.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handrail.integrations.kinds import Content, Field, Group, Headers, Kind, Receives, Sample
from handrail.integrations.webhooks.parsed import within
from handrail.integrations.webhooks.schemes import SCHEMES

STAGE = Field("stage", default="hired", longest=80)


def event(_headers: Headers, content: Content, settings: Mapping[str, Any]) -> str:
    """A change to the stage that is called the last one here, or to one of a strange shape."""
    if content.get("test") is True or content.get("event_type") != "candidate_moved":
        return ""
    if content.get("event_subtype") not in (None, "stage_changed"):
        return ""
    stage = within(content, "payload.details.to_stage.name")
    wanted = str(settings.get("stage") or STAGE.default).casefold()
    return "" if isinstance(stage, str) and stage.strip().casefold() != wanted else "hired"


KIND = Kind(
    code="recruitee",
    group=Group.HIRING,
    name="Recruitee",
    docs="recruitee",
    # Recruitee makes the secret, and tests the address before it has made one.
    fields=(Field("signing", secret=True, needed=False), STAGE),
    receives=Receives(
        scheme=lambda _headers: SCHEMES["recruitee"],
        takes="hiring.event",
        event=event,
        keeps=(
            "event_type",
            "event_subtype",
            "created_at",
            "payload.candidate.id",
            "payload.candidate.name",
            "payload.candidate.emails[]",
            "payload.offer.id",
            "payload.offer.title",
            "payload.offer.department.name",
            "payload.details.to_stage.name",
        ),
        sample=Sample(b'{"test":true}'),
        before_secret=lambda content: content == {"test": True},
    ),
)
