"""What Slack sends, as values: a slash command, a button that was pressed, a modal handed in."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

MOST_FIELDS = 60


class Unreadable(Exception):
    """Proven to be Slack's, but not of a shape that is known here."""


@dataclass(frozen=True, slots=True)
class Command:
    """A slash command; `reply_to` takes up to five answers within half an hour."""

    team: str
    user: str
    text: str
    trigger: str  # opens one modal within three seconds
    reply_to: str


@dataclass(frozen=True, slots=True)
class Pressed:
    """A button of a message or modal."""

    team: str
    user: str
    action: str
    value: str
    trigger: str
    reply_to: str = ""


@dataclass(frozen=True, slots=True)
class Submitted:
    """A modal that was handed in: what was chosen or written, by the names of its blocks."""

    team: str
    user: str
    view: str  # the view's own id, the same however often it is sent
    callback: str
    private: str  # what we gave the view to carry
    said: Mapping[str, str] = field(default_factory=dict)


def command(body: bytes) -> Command:
    """A slash command out of its form."""
    said = _form(body)
    return Command(
        team=_needed(said, "team_id"),
        user=_needed(said, "user_id"),
        text=said.get("text", "").strip(),
        trigger=_needed(said, "trigger_id"),
        reply_to=said.get("response_url", ""),
    )


def interaction(body: bytes) -> Pressed | Submitted | None:
    """What somebody did with a message or modal of ours; None for what needs no answer."""
    try:
        content = json.loads(_needed(_form(body), "payload"))
    except (ValueError, RecursionError):
        raise Unreadable("payload") from None
    kind = _text(content, "type")
    team, user = _text(content, "team", "id"), _text(content, "user", "id")
    if kind == "view_submission":
        return Submitted(
            team=team,
            user=user,
            view=_text(content, "view", "id"),
            callback=_text(content, "view", "callback_id"),
            private=_within(content, "view", "private_metadata") or "",
            said=_said(_within(content, "view", "state", "values")),
        )
    if kind == "block_actions":
        actions = _within(content, "actions")
        if not isinstance(actions, list) or not actions:
            raise Unreadable("actions")
        action = actions[0]
        if _text(action, "type") != "button" or _within(action, "url"):
            return None  # a link opens by itself, and what is chosen counts when it is handed in
        return Pressed(
            team=team,
            user=user,
            action=_text(action, "action_id"),
            value=_within(action, "value") or "",
            trigger=_text(content, "trigger_id"),
            reply_to=_within(content, "response_url") or "",
        )
    return None


def _said(values: Any) -> dict[str, str]:
    """Each block holds one element of ours: its text, or the value of what was chosen."""
    found: dict[str, str] = {}
    if not isinstance(values, dict):
        return found
    for block, elements in values.items():
        for element in elements.values() if isinstance(elements, dict) else ():
            chosen = _within(element, "selected_option", "value")
            written = _within(element, "value")
            said = chosen if isinstance(chosen, str) else written
            found[str(block)] = said if isinstance(said, str) else ""
    return found


def _form(body: bytes) -> dict[str, str]:
    try:
        return {
            name: some[0]
            for name, some in parse_qs(body.decode(), max_num_fields=MOST_FIELDS).items()
        }
    except ValueError:
        raise Unreadable("form") from None


def _needed(said: Mapping[str, str], name: str) -> str:
    if not said.get(name):
        raise Unreadable(name)
    return said[name]


def _within(content: Any, *path: str) -> Any:
    for name in path:
        if not isinstance(content, dict):
            return None
        content = content.get(name)
    return content


def _text(content: Any, *path: str) -> str:
    found = _within(content, *path)
    if not isinstance(found, str) or not found:
        raise Unreadable(".".join(path))
    return found
