"""Greenhouse Recruiting: who was hired, who after all was not, and offers that were accepted.

Source: developers.greenhouse.io/webhooks.html, as of November 2026.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handrail.integrations.kinds import SIGNING, Content, Group, Headers, Kind, Receives, Sample
from handrail.integrations.webhooks.schemes import SCHEMES

USED = ("hire_candidate", "unhire_candidate", "offer_updated")


def event(_headers: Headers, content: Content, _settings: Mapping[str, Any]) -> str:
    """The action, where it is one of hires; `ping` is none."""
    action = content.get("action")
    return action if isinstance(action, str) and action in USED else ""


KIND = Kind(
    code="greenhouse",
    group=Group.HIRING,
    name="Greenhouse",
    docs="greenhouse",
    fields=(SIGNING,),
    receives=Receives(
        scheme=lambda _headers: SCHEMES["greenhouse"],
        takes="hiring.event",
        event=event,
        keeps=(
            "action",
            "payload.status",
            "payload.application_id",
            "payload.job_id",
            "payload.start_date",
            "payload.application.id",
            "payload.application.offer.starts_at",
            "payload.application.candidate.first_name",
            "payload.application.candidate.last_name",
            "payload.application.candidate.email_addresses[].value",
            "payload.application.job.id",
            "payload.application.job.name",
            "payload.application.job.departments[].name",
            "payload.application.jobs[].id",
            "payload.application.jobs[].name",
            "payload.application.jobs[].departments[].name",
        ),
        sample=Sample(b'{"action":"ping"}', {"greenhouse-event-id": "handrail-test"}),
    ),
)
