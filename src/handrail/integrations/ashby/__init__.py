"""Ashby: who was hired.

Source: developers.ashbyhq.com/docs/authenticating-webhooks, as of November 2026.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handrail.integrations.kinds import SIGNING, Content, Group, Headers, Kind, Receives, Sample
from handrail.integrations.webhooks.schemes import SCHEMES


def event(_headers: Headers, content: Content, _settings: Mapping[str, Any]) -> str:
    """Hires alone: a sibling event bears the same id and must not take its place."""
    return "candidateHire" if content.get("action") == "candidateHire" else ""


KIND = Kind(
    code="ashby",
    group=Group.HIRING,
    name="Ashby",
    docs="ashby",
    fields=(SIGNING,),
    receives=Receives(
        scheme=lambda _headers: SCHEMES["ashby"],
        takes="hiring.event",
        event=event,
        keeps=(
            "action",
            "data.application.id",
            "data.application.candidate.name",
            "data.application.candidate.primaryEmailAddress.value",
            "data.application.job.id",
            "data.application.job.title",
            "data.offer.latestVersion.startDate",
        ),
        sample=Sample(b'{"action":"ping","webhookActionId":"handrail-test"}'),
    ),
)
