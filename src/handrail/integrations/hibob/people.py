"""Who somebody is in HiBob, asked of its API where a delivery holds their number alone.

Source: apidocs.hibob.com on reading one employee's fields with a service user, as of November 2026.
Only what deliveries would hold is asked for; what the service user may not see HiBob leaves out.
"""

from __future__ import annotations

import json
import re
from typing import Any

from handrail.integrations.chat.fields import told
from handrail.integrations.chat.posting import ask, json_of
from handrail.integrations.guarded_http import Outbound
from handrail.integrations.kinds import Content, Opened, Trouble

API = "https://api.hibob.com/v1"
ROOT = ("id", "displayName", "email")
INNER = ("work.title", "work.department", "work.startDate", "internal.terminationDate")
NUMBER = re.compile(r"[A-Za-z0-9_-]{1,64}")


def number_alone(content: Content) -> str:
    """The number of whom a delivery is about, where it says nothing else of them; else empty."""
    for where, name in (("employee", "id"), ("data", "employeeId")):
        person = content.get(where)
        if isinstance(person, dict):
            rest = set(person) - {"id", "employeeId"}
            number = person.get(name)
            return "" if rest or not isinstance(number, str | int) else str(number)
    return ""


def person_of(opened: Opened, outbound: Outbound, number: str) -> Content:
    """What HiBob says of one employee, in the shape of a delivery's `employee`.

    Raises Trouble; it is `hopeless` where asking again would be refused again.
    """
    if not NUMBER.fullmatch(number):
        raise Trouble("refused", hopeless=True)
    fields = [*(f"root.{name}" for name in ROOT), *INNER]
    # As people read them: a title is else the number of a list's member.
    wish = json.dumps({"fields": fields, "humanReadable": "REPLACE"}).encode()
    found = _asked(opened, outbound, f"/people/{number}", "POST", wish)
    person: dict[str, Any] = {name: found[name] for name in ROOT if name in found}
    for path in INNER:
        group, _dot, name = path.partition(".")
        inner = found.get(group)
        if isinstance(inner, dict) and name in inner:
            person.setdefault(group, {})[name] = inner[name]
    return {**person, "id": number}


def test(opened: Opened, outbound: Outbound) -> None:
    """Ask for the list of fields, where a service user is set: its names, and nobody's data."""
    if opened.secret("service_token"):
        _asked(opened, outbound, "/company/people/fields", "GET", None, is_object=False)


def _asked(
    opened: Opened,
    outbound: Outbound,
    path: str,
    method: str,
    content: bytes | None,
    *,
    is_object: bool = True,
) -> Content:
    base = str(opened.settings.get("api") or API).rstrip("/")
    with told():
        answer = ask(
            outbound,
            f"{base}{path}",
            method=method,
            content=content,
            headers={"Content-Type": "application/json", "Accept": "application/json"},
            auth=(str(opened.settings.get("service_user", "")), opened.secret("service_token")),
        )
        return json_of(answer) if is_object else {}
