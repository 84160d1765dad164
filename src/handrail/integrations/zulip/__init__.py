"""Zulip: a bot that writes to people and channels, and its outgoing webhook.

Sources: Zulip's API pages on sending messages and on outgoing webhooks, as of November 2026. The
bot signs in with its e-mail address and key. What Zulip sends holds a `token` in its body, which
proves where it comes from; the answer to it is shown where the bot was spoken to.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from handrail.integrations.chat import Failed, Message, fit, post
from handrail.integrations.chat.fields import NEWS, TEST, told
from handrail.integrations.chat.posting import ask, json_of
from handrail.integrations.guarded_http import Outbound
from handrail.integrations.kinds import Field, Form, Group, Kind, Opened
from handrail.integrations.text_webhook import MARKDOWN, body

LARGEST = 256 * 1024  # bytes
LONGEST_TOPIC, LONGEST_MESSAGE = 60, 10_000  # characters


class NotTheirs(Exception):
    """Not proven: nothing in the request may be believed."""


@dataclass(frozen=True, slots=True)
class Bot:
    """Where the organisation is, and who writes there."""

    site: str
    email: str
    key: str


@dataclass(frozen=True, slots=True)
class Spoken:
    """What somebody said to the bot; `private` where nobody else reads the answer."""

    user: str
    text: str
    private: bool


def send_to_person(outbound: Outbound, bot: Bot, user: str, message: Message) -> None:
    """A message that this person alone reads; `user` is Zulip's number of them."""
    _send(outbound, bot, {"type": "direct", "to": json.dumps([int(user)])}, message)


def send_to_channel(
    outbound: Outbound, bot: Bot, channel: str, topic: str, message: Message
) -> None:
    """A message in a channel under a topic."""
    place = {"type": "stream", "to": json.dumps(channel), "topic": fit(topic, LONGEST_TOPIC)}
    _send(outbound, bot, place, message)


def who_am_i(outbound: Outbound, bot: Bot) -> None:
    """Whether the bot's key is good; Failed where it is not."""
    said = ask(outbound, f"{bot.site.rstrip('/')}/api/v1/users/me", auth=(bot.email, bot.key))
    if json_of(said).get("result") != "success":
        raise Failed("refused")


def spoken(content: bytes, tokens: Sequence[str]) -> Spoken:
    """What was said, if the body holds one of `tokens`."""
    if len(content) > LARGEST or not tokens or not all(tokens):
        raise NotTheirs
    try:
        said = json.loads(content)
        token, message = str(said["token"]), said["message"]
        user, private = str(int(message["sender_id"])), message.get("type") != "stream"
        text = str(said.get("data", ""))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise NotTheirs from None
    given = token.encode("utf-8", "replace")
    if sum(hmac.compare_digest(given, one.encode()) for one in tokens) == 0:
        raise NotTheirs
    return Spoken(user=user, text=text.strip(), private=private)


def answer(text: str) -> dict[str, str]:
    """What is answered to an outgoing webhook."""
    return {"content": text}


def silence() -> dict[str, bool]:
    """Nothing is said, where others would read it."""
    return {"response_not_required": True}


def _send(outbound: Outbound, bot: Bot, place: dict[str, str], message: Message) -> None:
    form = {**place, "content": fit(body(message, MARKDOWN), LONGEST_MESSAGE)}
    said = post(
        outbound,
        f"{bot.site.rstrip('/')}/api/v1/messages",
        form=urlencode(form).encode(),
        auth=(bot.email, bot.key),
    )
    if json_of(said).get("result") != "success":
        raise Failed("refused")


def bot_of(opened: Opened) -> Bot:
    """The bot that a connection names."""
    settings = opened.settings
    return Bot(str(settings["site"]), str(settings["email"]), opened.secret("key"))


def _test(opened: Opened, outbound: Outbound) -> None:
    bot = bot_of(opened)
    with told():
        if channel := str(opened.settings.get("channel") or ""):
            send_to_channel(outbound, bot, channel, str(opened.settings.get("topic")), TEST)
        else:
            who_am_i(outbound, bot)


KIND = Kind(
    code="zulip",
    group=Group.CHAT,
    name="Zulip",
    docs="zulip",
    fields=(
        Field("site", form=Form.ADDRESS),
        Field("email"),
        Field("key", secret=True),
        Field("bot_token", secret=True, needed=False),
        Field("channel", needed=False, longest=60),
        Field("topic", default="mentoring", longest=60),
        NEWS,
    ),
    answers="handrail.apps.chat.commands.zulip",
    sends="chat.send",
    test=_test,
)
