"""What the API promised stays: `docs/operate/openapi.json` is the last promise.

After a change that only adds, `make openapi` renews it.
"""

from __future__ import annotations

import copy
import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from ninja import Schema

from handrail.api.urls import api

pytestmark = pytest.mark.pure
PROMISED = Path(__file__).resolve().parents[2] / "docs/operate/openapi.json"
Document = dict[str, Any]


def promised() -> Document:
    told: Document = json.loads(PROMISED.read_text())
    return told


def broken(before: Document, after: Document) -> list[str]:
    """What somebody who wrote a program against `before` would miss in `after`."""
    found: list[str] = []
    for path, methods in before["paths"].items():
        for method, operation in methods.items():
            now = after["paths"].get(path, {}).get(method)
            name = operation["operationId"]
            if now is None:
                found.append(f"{name}: {method.upper()} {path} is gone")
                continue
            known = {one["name"] for one in operation.get("parameters", [])}
            found += [
                f"{name}: {one['name']} is needed now"
                for one in now.get("parameters", [])
                if one.get("required") and one["name"] not in known
            ]
            found += [
                f"{name}: no answer {code} any more"
                for code in operation["responses"]
                if code not in now["responses"]
            ]
    for name, schema in before["components"]["schemas"].items():
        now = after["components"]["schemas"].get(name)
        if now is None:
            found.append(f"{name} is gone")
        elif name.endswith(("In", "Patch")):
            extra = set(now.get("required", [])) - set(schema.get("required", []))
            found += [f"{name}: {field} is needed now" for field in sorted(extra)]
        else:
            found += _answers(name, schema, now)
    return found


def _answers(name: str, before: Document, after: Document) -> list[str]:
    found = []
    for field, kind in before.get("properties", {}).items():
        now = after.get("properties", {}).get(field)
        if now is None:
            found.append(f"{name}: {field} is gone")
        elif _kind(now) != _kind(kind):
            found.append(f"{name}: {field} is of another kind")
    return found


def _kind(schema: Document) -> Any:
    """The type alone: titles and limits may change."""
    if "anyOf" in schema:
        return sorted(str(_kind(one)) for one in schema["anyOf"])
    if "items" in schema:
        return [_kind(schema["items"])]
    return schema.get("$ref") or schema.get("type")


def test_nothing_that_was_promised_is_gone() -> None:
    assert broken(promised(), json.loads(json.dumps(api.get_openapi_schema(), default=str))) == []


def test_every_operation_is_promised() -> None:
    """A new one is written into the document, so that it is kept from then on."""
    assert set(api.get_openapi_schema()["paths"]) == set(promised()["paths"])


def test_a_promise_that_is_broken_is_found() -> None:
    after = copy.deepcopy(promised())
    del after["paths"]["/api/v1/me"]
    del after["components"]["schemas"]["PersonOut"]["properties"]["name"]
    after["components"]["schemas"]["SessionOut"]["properties"]["minutes"] = {"type": "string"}
    after["components"]["schemas"]["TickIn"]["required"] = ["ticked", "why"]
    assert broken(promised(), after) == [
        "read_me: GET /api/v1/me is gone",
        "PersonOut: name is gone",
        "SessionOut: minutes is of another kind",
        "TickIn: why is needed now",
    ]


def test_no_two_shapes_have_one_name() -> None:
    """The document keeps one shape a name: with two, it would promise the wrong one."""
    modules = [one for name, one in sys.modules.items() if name.startswith("handrail.api")]
    shapes = {
        one
        for module in modules
        for one in vars(module).values()
        if isinstance(one, type) and issubclass(one, Schema) and one is not Schema
    }
    names = Counter(one.__name__ for one in shapes)
    assert [name for name, times in names.items() if times > 1] == []
