"""Who came, changed and left, as BambooHR and HiBob tell of it.

Only what is named here is read: pay, addresses, phones, birth dates and the rest of a person's file
stay in the bytes that came, and those are not kept.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from handrail.integrations.webhooks.parsed import Unfit, day, text, within

Content = dict[str, Any]


@dataclass(frozen=True)
class StaffEvent:
    """What an HR system says of one person; a field that it did not send is None."""

    source: str
    person: str  # their number there
    gone: bool
    name: str | None
    work_email: str | None
    title: str | None
    department: str | None
    start_date: date | None
    end_date: date | None


def bamboohr(content: Content) -> list[StaffEvent]:
    """Each of the employees that one delivery is about, with the fields it was set to send.

    BambooHR lets whoever makes the webhook choose the fields and their names; those that it
    proposes are read, in any case. A created employee is told of again as updated.
    """
    employees = within(content, "employees")
    if not isinstance(employees, list) or not employees:
        raise Unfit("employees")
    return [_bamboohr_person(one) for one in employees]


def _bamboohr_person(employee: Any) -> StaffEvent:
    given = within(employee, "fields")
    fields: dict[str, Any] = {}
    for name, field in given.items() if isinstance(given, Mapping) else ():
        fields[str(name).lower()] = within(field, "value") if isinstance(field, Mapping) else field
    action = text(employee, "action", needed=False).lower()
    status = str(fields.get("status") or "").lower()
    names = [_plain(fields, "first name"), _plain(fields, "last name")]
    whole = " ".join(name for name in names if name)
    return StaffEvent(
        source="bamboohr",
        person=text(employee, "id"),
        gone=action == "deleted" or status == "inactive",
        name=whole or None,
        work_email=_plain(fields, "work email"),
        title=_plain(fields, "job title"),
        department=_plain(fields, "department"),
        start_date=_day(fields, "hire date"),
        end_date=_day(fields, "termination date"),
    )


def hibob(content: Content) -> list[StaffEvent]:
    """The employee that one delivery is about, where it says more of them than their number."""
    kind = text(content, "type")
    where = "employee" if within(content, "employee") is not None else "data"
    work = f"{where}.work"
    return [
        StaffEvent(
            source="hibob",
            person=text(content, f"{where}.id" if where == "employee" else f"{where}.employeeId"),
            gone=kind == "employee.left",
            name=text(content, f"{where}.displayName", needed=False) or None,
            work_email=text(content, f"{where}.email", needed=False) or None,
            title=text(content, f"{work}.title", needed=False) or None,
            department=text(content, f"{work}.department", needed=False) or None,
            start_date=day(content, f"{work}.startDate"),
            end_date=day(content, f"{where}.internal.terminationDate"),
        )
    ]


STAFF: dict[str, Callable[[Content], list[StaffEvent]]] = {"bamboohr": bamboohr, "hibob": hibob}


def _plain(fields: Mapping[str, Any], name: str) -> str | None:
    found = fields.get(name)
    if found is None or found == "":
        return None
    if not isinstance(found, str):
        raise Unfit(f"fields.{name}")
    return found.strip() or None


def _day(fields: Mapping[str, Any], name: str) -> date | None:
    found = fields.get(name)
    # BambooHR writes days that are not set like this.
    return None if found in (None, "", "0000-00-00") else day(fields, name)
