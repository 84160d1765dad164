"""A stand-in for Slack: it refuses what Slack's reference refuses, and sends what Slack sends."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode

from handrail.integrations.chat.fake import Came, Fake, standing_in
from handrail.integrations.webhooks import SCHEMES, sign

TEAM, TOKEN, SIGNING = "T0TESTS", "xoxb-of-the-tests", "signing-secret-of-the-tests"
METHODS = ("auth.test", "views.open", "views.update", "chat.postMessage")


@contextmanager
def serving() -> Iterator[Fake]:
    with standing_in(_reply) as fake:
        yield fake


def signed(body: bytes, at: float, secret: str = SIGNING) -> dict[str, str]:
    """The headers with which Slack proves that a body is its own."""
    time = str(int(at))
    return {
        "Content-Type": "application/x-www-form-urlencoded",
        "X-Slack-Request-Timestamp": time,
        "X-Slack-Signature": sign(SCHEMES["slack"], secret, body, time=time),
    }


def typed(user: str, text: str = "", reply_to: str = "", team: str = TEAM) -> bytes:
    """Somebody types /mentor."""
    return urlencode(
        {
            "team_id": team, "team_domain": "example", "channel_id": "C1", "user_id": user,
            "user_name": "somebody", "command": "/mentor", "text": text, "trigger_id": "1.2.abc",
            "response_url": reply_to,
        }
    ).encode()  # fmt: skip


def pressed(user: str, action: str, value: str = "", reply_to: str = "") -> bytes:
    """Somebody presses a button of a message."""
    return _payload(
        {
            "type": "block_actions", "team": {"id": TEAM}, "user": {"id": user},
            "trigger_id": "1.2.abc", "response_url": reply_to,
            "actions": [{"type": "button", "action_id": action, "value": value}],
        }
    )  # fmt: skip


def handed_in(user: str, view: dict[str, Any], said: dict[str, str], view_id: str = "V1") -> bytes:
    """Somebody fills in a modal that was shown, and hands it in."""
    values: dict[str, Any] = {}
    for block in view["blocks"]:
        if block["type"] != "input":
            continue
        element, answer = block["element"], said.get(block["block_id"], "")
        if element["type"] == "plain_text_input":
            given: Any = {"value": answer or element.get("initial_value")}
        else:
            offered = element.get("options") or [
                one for group in element["option_groups"] for one in group["options"]
            ]
            answer = answer or element.get("initial_option", {}).get("value", "")
            chosen = next((one for one in offered if one["value"] == answer), None)
            if chosen is None:
                raise ValueError(f"{answer!r} is not offered in {block['block_id']}")
            given = {"selected_option": chosen}
        values[block["block_id"]] = {element["action_id"]: {"type": element["type"], **given}}
    return _payload(
        {
            "type": "view_submission", "team": {"id": TEAM}, "user": {"id": user},
            "view": {
                "id": view_id, "callback_id": view["callback_id"],
                "private_metadata": view["private_metadata"], "state": {"values": values},
            },
        }
    )  # fmt: skip


def wrong_with(view: dict[str, Any]) -> list[str]:
    """Where a modal goes beyond what Slack's reference allows; nothing where it is fine."""
    wrong = []
    for name in ("title", "submit", "close"):
        if name in view and not 1 <= len(view[name]["text"]) <= 24:
            wrong.append(f"{name} is of 1 to 24 characters")
    if len(view["private_metadata"]) > 3000 or len(view["callback_id"]) > 255:
        wrong.append("private_metadata or callback_id is too long")
    wrong += _wrong_blocks(view["blocks"])
    if any(block["type"] == "input" for block in view["blocks"]) and "submit" not in view:
        wrong.append("submit is needed where there is an input")
    return wrong


def _wrong_blocks(blocks: list[dict[str, Any]]) -> list[str]:
    wrong = [] if 1 <= len(blocks) <= 100 else ["1 to 100 blocks"]
    names = [block["block_id"] for block in blocks if "block_id" in block]
    if len(names) != len(set(names)) or any(len(name) > 255 for name in names):
        wrong.append("block_id is unique and of 255 characters")
    for block in blocks:
        kind = block["type"]
        if kind == "section" and not 1 <= len(block["text"]["text"]) <= 3000:
            wrong.append("a section has 1 to 3000 characters")
        elif kind == "context" and not 1 <= len(block["elements"]) <= 10:
            wrong.append("a context has 1 to 10 elements")
        elif kind == "actions":
            wrong += _wrong_actions(block["elements"])
        elif kind == "input":
            if not 1 <= len(block["label"]["text"]) <= 2000:
                wrong.append("a label has 1 to 2000 characters")
            wrong += _wrong_element(block["element"])
    return wrong


def _wrong_actions(elements: list[dict[str, Any]]) -> list[str]:
    wrong = [] if 1 <= len(elements) <= 25 else ["1 to 25 buttons"]
    ids = [one["action_id"] for one in elements]
    if len(ids) != len(set(ids)):
        wrong.append("action_id is unique")
    for one in elements:
        if not 1 <= len(one["text"]["text"]) <= 75 or len(one.get("value", "")) > 2000:
            wrong.append("a button has 1 to 75 characters")
        if len(one.get("url", "")) > 3000:
            wrong.append("a button's address has 3000 characters")
    return wrong


def _wrong_element(element: dict[str, Any]) -> list[str]:
    if element["type"] == "plain_text_input":
        most = element.get("max_length", 3000)
        fits = 1 <= most <= 3000 and len(element.get("initial_value", "")) <= most
        return [] if fits else ["a text has at most 3000 characters"]
    lists = [group["options"] for group in element.get("option_groups", [])] or [element["options"]]
    most = 10 if element["type"] == "radio_buttons" else 100
    wrong = [] if len(lists) <= 100 else ["at most 100 groups"]
    for options in lists:
        if not 1 <= len(options) <= most:
            wrong.append(f"1 to {most} options")
        for option in options:
            if not (1 <= len(option["text"]["text"]) <= 75 and 1 <= len(option["value"]) <= 150):
                wrong.append("an option has 75 characters and a value of 150")
    return wrong


def _reply(came: Came) -> tuple[int, str]:
    if came.path.startswith("/commands/"):
        return 200, "ok"
    method = came.path.removeprefix("/api/")
    if came.headers.get("authorization") != f"Bearer {TOKEN}":
        return 200, json.dumps({"ok": False, "error": "invalid_auth"})
    if method not in METHODS:
        return 200, json.dumps({"ok": False, "error": "unknown_method"})
    said = came.json
    wrong: list[str] = []
    if method.startswith("views."):
        wrong = wrong_with(said["view"])
        if not said.get("trigger_id" if method == "views.open" else "view_id"):
            wrong.append("nothing to open it with")
    elif method == "chat.postMessage":
        wrong = [] if said.get("channel") and said.get("text") else ["no_text"]
        wrong += _wrong_blocks(said["blocks"]) if "blocks" in said else []
    if wrong:
        return 200, json.dumps({"ok": False, "error": "invalid_arguments", "wrong": wrong})
    return 200, json.dumps({"ok": True, "team_id": TEAM})


def _payload(content: dict[str, Any]) -> bytes:
    return urlencode({"payload": json.dumps(content)}).encode()
