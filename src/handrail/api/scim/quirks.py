"""What some directories send in a way of their own, put as the standard puts it."""

from __future__ import annotations

import copy
from typing import Any

MANAGER = "manager"


def with_address(body: Any) -> Any:
    """A person without addresses whose user name is one: as Entra sends who has no mailbox."""
    if not isinstance(body, dict):
        return body
    names = {str(name).lower(): name for name in body}
    user_name = body.get(names.get("username", ""))
    if body.get(names.get("emails", "")) or not isinstance(user_name, str) or "@" not in user_name:
        return body
    without = {name: value for name, value in body.items() if str(name).lower() != "emails"}
    return {**without, "emails": [{"value": user_name, "type": "work", "primary": True}]}


def with_plain_manager(body: Any) -> Any:
    """A manager given as a bare id, or as a list of one: as Entra's older connectors send it."""
    if not isinstance(body, dict):
        return body
    body = copy.deepcopy(body)
    operations = next((body[name] for name in body if str(name).lower() == "operations"), None)
    for operation in operations if isinstance(operations, list) else []:
        if not isinstance(operation, dict):
            continue
        path = str(operation.get("path") or "")
        value = operation.get("value")
        if path.lower().endswith(f":{MANAGER}") or path.lower() == MANAGER:
            operation["value"] = _manager(value)
        elif not path and isinstance(value, dict):
            for name in list(value):
                if str(name).lower().endswith(f":{MANAGER}"):
                    value[name] = _manager(value[name])
    return body


def _manager(value: Any) -> Any:
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    return {"value": value} if isinstance(value, str) and value else value
