"""BambooHR: who came, whose job changed, who left.

Source: documentation.bamboohr.com/docs/event-based-webhooks, as of November 2026.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handrail.integrations.kinds import SIGNING, Content, Group, Headers, Kind, Receives, Sample
from handrail.integrations.webhooks.schemes import SCHEMES

NAMES = (
    "First name", "First Name", "Last name", "Last Name", "Work email", "Work Email",
    "Job title", "Job Title", "Department", "Hire date", "Hire Date", "Termination date",
    "Termination Date", "Status",
)  # fmt: skip


def event(_headers: Headers, content: Content, _settings: Mapping[str, Any]) -> str:
    """Every delivery about employees; its own test names none."""
    employees = content.get("employees")
    return "employees" if isinstance(employees, list) and employees else ""


KIND = Kind(
    code="bamboohr",
    group=Group.PEOPLE,
    name="BambooHR",
    docs="bamboohr",
    fields=(SIGNING,),
    receives=Receives(
        scheme=lambda _headers: SCHEMES["bamboohr"],
        takes="identity.staff",
        event=event,
        keeps=(
            "employees[].id",
            "employees[].action",
            *(f"employees[].fields.{name}.value" for name in NAMES),
        ),
        sample=Sample(b'{"employees":[]}'),
    ),
)
