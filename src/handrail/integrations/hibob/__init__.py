"""HiBob: who came, whose job changed, who left.

Source: apidocs.hibob.com/docs/working-with-webhooks, as of November 2026.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handrail.integrations.kinds import SIGNING, Content, Group, Headers, Kind, Receives, Sample
from handrail.integrations.webhooks.schemes import SCHEMES

USED = ("employee.created", "employee.joined", "employee.updated", "employee.left")


def event(_headers: Headers, content: Content, _settings: Mapping[str, Any]) -> str:
    """The type, where it is one of people who come, change and go."""
    kind = content.get("type")
    return kind if isinstance(kind, str) and kind in USED else ""


KIND = Kind(
    code="hibob",
    group=Group.PEOPLE,
    name="HiBob",
    docs="hibob",
    fields=(SIGNING,),
    receives=Receives(
        scheme=lambda _headers: SCHEMES["hibob"],
        takes="identity.staff",
        event=event,
        keeps=(
            "type",
            *(
                f"{where}.{path}"
                for where in ("employee", "data")
                for path in (
                    "id",
                    "employeeId",
                    "displayName",
                    "email",
                    "work.title",
                    "work.department",
                    "work.startDate",
                    "internal.terminationDate",
                )
            ),
        ),
        sample=Sample(b'{"type":"handrail.test"}'),
        ping=b"Ping test",
    ),
)
