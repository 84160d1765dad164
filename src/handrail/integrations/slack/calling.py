"""Slack's Web API, the few methods that are needed; every answer says `ok` or an error's name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from handrail.integrations.chat import Failed, post
from handrail.integrations.chat.posting import json_of
from handrail.integrations.guarded_http import Outbound

API = "https://slack.com/api"
OPENING = 2.0  # seconds: a trigger lives for three
# Errors after which the same call may well succeed.
PASSING = ("ratelimited", "internal_error", "fatal_error", "service_unavailable", "request_timeout")


@dataclass(frozen=True, slots=True)
class Workspace:
    """Who speaks: the bot's token, and where the API is."""

    token: str
    api: str = API


def who_am_i(outbound: Outbound, workspace: Workspace) -> str:
    """The workspace's id, as the token has it: whether the token is good at all."""
    return str(_call(outbound, workspace, "auth.test", {}).get("team_id", ""))


def open_view(
    outbound: Outbound, workspace: Workspace, trigger: str, view: Mapping[str, Any]
) -> None:
    """Open a modal, soon enough for the command that asked for it."""
    _call(outbound, workspace, "views.open", {"trigger_id": trigger, "view": view}, seconds=OPENING)


def update_view(
    outbound: Outbound, workspace: Workspace, view_id: str, view: Mapping[str, Any]
) -> None:
    """Show something else in a modal that is open."""
    _call(outbound, workspace, "views.update", {"view_id": view_id, "view": view})


def tell(
    outbound: Outbound,
    workspace: Workspace,
    channel: str,
    text: str,
    blocks: Sequence[Mapping[str, Any]] = (),
) -> None:
    """Write to a channel, or to one person by their id; `text` is what a notice shows."""
    document: dict[str, Any] = {
        "channel": channel,
        "text": text,
        "unfurl_links": False,
        "unfurl_media": False,
    }
    if blocks:
        document["blocks"] = list(blocks)
    _call(outbound, workspace, "chat.postMessage", document)


def answer_in_place(outbound: Outbound, reply_to: str, text: str) -> None:
    """One more answer to a command, which the asker alone sees."""
    post(outbound, reply_to, document={"response_type": "ephemeral", "text": text})


def _call(
    outbound: Outbound,
    workspace: Workspace,
    method: str,
    document: Mapping[str, Any],
    *,
    seconds: float = 10.0,
) -> dict[str, Any]:
    said = json_of(
        post(
            outbound,
            f"{workspace.api}/{method}",
            document=document,
            headers={"Authorization": f"Bearer {workspace.token}"},
            seconds=seconds,
        )
    )
    if said.get("ok") is not True:
        error = str(said.get("error", "refused"))[:60]
        raise Failed(error, hopeless=error not in PASSING)
    return said
