"""What is kept of a delivery: the fields on its kind's list, as they came, and nothing else."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

LONGEST = 400  # characters of a text
MOST = 10  # members of a list


def kept(content: Any, paths: Iterable[str]) -> dict[str, Any]:
    """The listed fields of the content, in its own shape.

    A path names a field within fields ("offer.starts_at"); "[]" stands for each member of a list
    ("emails[].value"), of which the first ten are looked at. What stands at the end of a path is
    kept if it is a number, a yes or no, nothing, or a text, of which the first 400 characters. Of
    a thing or a list that stands there instead only an empty one is kept: whoever reads it sees
    that it has another shape, and not what is in it. What no database takes is replaced.
    """
    whole: dict[str, Any] = {}
    for path in paths:
        _copy(content, whole, path.split("."))
    return whole


def _copy(source: Any, target: dict[str, Any], steps: list[str]) -> None:
    step, rest = steps[0], steps[1:]
    name = step.removesuffix("[]")
    if not isinstance(source, dict) or name not in source:
        return
    found = source[name]
    if not step.endswith("[]"):
        if not rest:
            target[name] = _leaf(found)
        elif isinstance(found, dict):
            _copy(found, _dict_at(target, name), rest)
        else:
            target.setdefault(name, _leaf(found) if found is None else [])
        return
    if not isinstance(found, list):
        target.setdefault(name, None if found is None else {})
        return
    members = target.setdefault(name, [])
    for index, member in enumerate(found[:MOST]):
        if index == len(members):
            members.append({} if rest else _leaf(member))
        if rest and isinstance(members[index], dict):
            _copy(member, members[index], rest)


def _dict_at(target: dict[str, Any], name: str) -> dict[str, Any]:
    inner = target.get(name)
    if not isinstance(inner, dict):
        inner = target[name] = {}
    return inner


def plain(text: str) -> str:
    """The text without what JSON can hold and no database takes: NUL, and halves of letters."""
    return text.replace("\0", "\ufffd").encode("utf-8", "replace").decode()


def _leaf(found: Any) -> Any:
    if isinstance(found, str):
        return plain(found[:LONGEST])
    if isinstance(found, float) and not math.isfinite(found):
        return {}  # JSON knows no such number, though Python reads one
    if found is None or isinstance(found, bool | int | float):
        return found
    return {} if isinstance(found, dict) else []
