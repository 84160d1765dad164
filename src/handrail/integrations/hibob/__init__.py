"""HiBob: who came, whose job changed, who left.

Source: apidocs.hibob.com/docs/working-with-webhooks, as of November 2026.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handrail.integrations.hibob.people import API, number_alone, person_of, test
from handrail.integrations.kinds import (
    SIGNING,
    Content,
    Field,
    Form,
    Group,
    Headers,
    Kind,
    Receives,
    Sample,
)
from handrail.integrations.webhooks.schemes import SCHEMES

__all__ = ["KIND", "number_alone", "person_of"]

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
    fields=(
        SIGNING,
        # Only where deliveries hold numbers alone: who that is, is then asked for.
        Field("service_user", needed=False, longest=100),
        Field("service_token", secret=True, needed=False),
        Field("api", form=Form.ADDRESS, default=API),
    ),
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
    test=test,
)
