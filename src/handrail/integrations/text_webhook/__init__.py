"""Incoming webhooks that take {"text": …}: Mattermost, Rocket.Chat, Slack's, and many more.

Sources: Mattermost's and Rocket.Chat's pages on incoming webhooks, as of November 2026. The address
itself is the secret. With `person` the message goes to that person alone, where the service lets a
webhook choose its channel (both take "@name").
"""

from __future__ import annotations

import re
from typing import Any

from handrail.integrations.chat import Message, plain_text, post, quiet
from handrail.integrations.chat.fields import NEWS, TEST, WEBHOOK, told
from handrail.integrations.guarded_http import Outbound
from handrail.integrations.kinds import Field, Form, Group, Kind, Opened

PLAIN, MARKDOWN = "plain", "markdown"
MARKS = re.compile(r"([\\`*_{}\[\]<>#|~])")


def send(
    outbound: Outbound, url: str, message: Message, *, style: str = PLAIN, person: str = ""
) -> None:
    """Post the message; Failed where it was not taken."""
    document: dict[str, Any] = {"text": body(message, style)}
    if person:
        document["channel"] = f"@{person.removeprefix('@')}"
    post(outbound, url, document=document)


def body(message: Message, style: str) -> str:
    """The message as text: with links as Markdown, or without any marks."""
    if style == PLAIN:
        return plain_text(message)
    lines = [f"**{escaped(message.lead)}**"]
    lines += [f"- {escaped(name)}: {escaped(value)}" for name, value in message.facts]
    if message.items:
        lines += [
            "",
            escaped(message.items_title),
            *(f"- {escaped(item)}" for item in message.items),
        ]
    if message.links:
        # A bracket in an address would end the link early.
        places = (
            f"[{escaped(link.label)}]({link.url.replace('(', '%28').replace(')', '%29')})"
            for link in message.links
        )
        lines += ["", " · ".join(places)]
    return "\n".join(lines)


def escaped(text: str) -> str:
    """Words of people as words: no mark in them means anything, and nobody is called."""
    return MARKS.sub(r"\\\1", quiet(text))


def _test(opened: Opened, outbound: Outbound) -> None:
    with told():
        send(outbound, opened.secret("webhook"), TEST)


KIND = Kind(
    code="text-webhook",
    group=Group.CHAT,
    name="Incoming webhook",
    docs="text-webhook",
    fields=(
        WEBHOOK,
        Field("style", form=Form.CHOICE, choices=(PLAIN, MARKDOWN), default=PLAIN),
        NEWS,
    ),
    sends="chat.send",
    test=_test,
)
