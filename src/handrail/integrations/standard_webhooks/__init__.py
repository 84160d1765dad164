"""Hires from any sender of Standard Webhooks; HireHive among them.

Source: the specification of Standard Webhooks, as of November 2026.
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
from handrail.integrations.webhooks.schemes import SCHEMES

HIRED = Field("hired", default="candidate.hired", longest=64)
UNDONE = Field("undone", needed=False, longest=64)


def event(_headers: Headers, content: Content, settings: Mapping[str, Any]) -> str:
    """The type, where the connection says that it is a hire or undoes one."""
    kind = content.get("type")
    wanted = {str(settings.get("hired") or HIRED.default), str(settings.get("undone") or "")}
    return kind if isinstance(kind, str) and kind and kind in wanted else ""


KIND = Kind(
    code="standard",
    group=Group.HIRING,
    name="Standard Webhooks",
    docs="standard-webhooks",
    fields=(SIGNING, HIRED, UNDONE),
    receives=Receives(
        scheme=lambda _headers: SCHEMES["standard"],
        takes="hiring.event",
        event=event,
        keeps=(
            "type",
            "timestamp",
            "data.application_id",
            "data.name",
            "data.work_email",
            "data.personal_email",
            "data.job_id",
            "data.job_title",
            "data.department",
            "data.start_date",
        ),
        sample=Sample(b'{"type":"handrail.test"}'),
    ),
)
