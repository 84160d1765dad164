"""A stand-in for a Workflows webhook: it takes one Adaptive Card of version 1.4 and no more."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from handrail.integrations.chat.fake import Came, Fake, standing_in

NEEDED = {"TextBlock": "text", "FactSet": "facts"}


@contextmanager
def serving() -> Iterator[Fake]:
    with standing_in(_reply) as fake:
        yield fake


def _reply(came: Came) -> tuple[int, str]:
    return (202, "") if _is_card(came.json) else (400, "no card")


def _is_card(said: dict[str, Any]) -> bool:
    if said.get("type") != "message" or len(said.get("attachments", [])) != 1:
        return False
    attachment = said["attachments"][0]
    content = attachment.get("content", {})
    return (
        attachment.get("contentType") == "application/vnd.microsoft.card.adaptive"
        and content.get("type") == "AdaptiveCard"
        and content.get("version") == "1.4"
        and all(NEEDED.get(part["type"], "?") in part for part in content["body"])
        and all(
            action["type"] == "Action.OpenUrl" and action["url"].startswith("http")
            for action in content["actions"]
        )
    )
