"""Microsoft Teams by a Workflows webhook, which takes an Adaptive Card; it only tells.

Sources: Microsoft's pages on incoming webhooks with Workflows and on Adaptive Cards 1.4, as of
November 2026. The address holds the secret. A workflow answers 202 at once.
"""

from __future__ import annotations

import json
import re
from typing import Any

from handrail.integrations.chat import Failed, Message, post, quiet
from handrail.integrations.chat.fields import NEWS, TEST, WEBHOOK, told
from handrail.integrations.guarded_http import Outbound
from handrail.integrations.kinds import Group, Kind, Opened

LARGEST = 28 * 1024  # bytes of a message
MARKS = re.compile(r"([\\`*_\[\]])")
SCHEMA = "http://adaptivecards.io/schemas/adaptive-card.json"


def send(outbound: Outbound, url: str, message: Message) -> None:
    """Post the message as a card; Failed where it was not taken."""
    document = card(message)
    if len(json.dumps(document)) > LARGEST:
        raise Failed("too large", hopeless=True)
    post(outbound, url, document=document)


def card(message: Message) -> dict[str, Any]:
    """The message as an Adaptive Card within the envelope that Workflows expects."""
    body: list[dict[str, Any]] = [_text(message.lead, weight="Bolder")]
    if message.facts:
        facts = [{"title": quiet(name), "value": _plain(value)} for name, value in message.facts]
        body.append({"type": "FactSet", "facts": facts})
    if message.items:
        body.append(_text(message.items_title, weight="Bolder"))
        body += [_text(f"• {item}") for item in message.items]
    content = {
        "$schema": SCHEMA,
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": body,
        "actions": [
            {"type": "Action.OpenUrl", "title": quiet(link.label), "url": link.url}
            for link in message.links
        ],
    }
    attachment = {
        "contentType": "application/vnd.microsoft.card.adaptive",
        "contentUrl": None,
        "content": content,
    }
    return {"type": "message", "attachments": [attachment]}


def _text(text: str, **more: str) -> dict[str, Any]:
    return {"type": "TextBlock", "text": _plain(text), "wrap": True, **more}


def _plain(text: str) -> str:
    return MARKS.sub(r"\\\1", quiet(text))


def _test(opened: Opened, outbound: Outbound) -> None:
    with told():
        send(outbound, opened.secret("webhook"), TEST)


KIND = Kind(
    code="teams",
    group=Group.CHAT,
    name="Microsoft Teams",
    docs="teams",
    fields=(WEBHOOK, NEWS),
    sends="chat.send",
    test=_test,
)
