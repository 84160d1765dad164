"""Mattermost's slash commands: a form with a token that the command was given when it was made.

Source: Mattermost's page on slash commands, as of November 2026. The token comes as
`Authorization: Token …` and, in older versions, as a field of the form alone; where both are sent
both must be right. What is answered with `ephemeral` only the asker sees.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

from handrail.integrations import text_webhook
from handrail.integrations.chat.fields import NEWS, TEST, WEBHOOK, told
from handrail.integrations.guarded_http import Outbound
from handrail.integrations.kinds import Field, Group, Kind, Opened

LARGEST = 64 * 1024  # bytes


class NotTheirs(Exception):
    """Not proven: nothing in the request may be believed."""


@dataclass(frozen=True, slots=True)
class Command:
    """What somebody typed, and who: ids of the service, which do not change with names."""

    user: str
    team: str
    text: str
    handle: str  # their name without the @; messages go by it


def command(headers: Mapping[str, str], body: bytes, tokens: Sequence[str]) -> Command:
    """The command, if it holds one of `tokens`; header names are in small letters."""
    if len(body) > LARGEST or not tokens or not all(tokens):
        raise NotTheirs
    try:
        said = {name: some[0] for name, some in parse_qs(body.decode(), max_num_fields=60).items()}
    except ValueError:
        raise NotTheirs from None
    sent = [said["token"]] if "token" in said else []
    scheme, _blank, word = headers.get("authorization", "").partition(" ")
    if scheme.lower() == "token":
        sent.append(word.strip())
    # Every token is tried on all that was sent: how long it takes tells nothing.
    fits = [sum(_same(one, token) for token in tokens) > 0 for one in sent]
    if not fits or not all(fits):
        raise NotTheirs
    return Command(
        user=said.get("user_id", ""),
        team=said.get("team_id", ""),
        text=said.get("text", "").strip(),
        handle=said.get("user_name", ""),
    )


def only_for_them(text: str) -> dict[str, Any]:
    """An answer that the asker alone sees."""
    return {"response_type": "ephemeral", "text": text}


def _same(given: str, expected: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "replace"), expected.encode())


def _test(opened: Opened, outbound: Outbound) -> None:
    with told():
        text_webhook.send(outbound, opened.secret("webhook"), TEST, style=text_webhook.MARKDOWN)


KIND = Kind(
    code="mattermost",
    group=Group.CHAT,
    name="Mattermost",
    docs="mattermost",
    fields=(WEBHOOK, Field("command_token", secret=True, needed=False), NEWS),
    answers="handrail.apps.chat.commands.mattermost",
    sends="chat.send",
    test=_test,
)
