"""One message to one person or to a channel, in whichever chat; and how the connection does."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from handrail.apps.chat.models import ChatAccount
from handrail.apps.connections.models import Connection
from handrail.apps.connections.noting import note_failure, note_ok
from handrail.apps.connections.outbound import outbound
from handrail.apps.connections.secrets import opened
from handrail.apps.organizations.sealing import Unsealable
from handrail.apps.outbox.handlers import Undeliverable
from handrail.integrations import slack, teams, text_webhook, zulip
from handrail.integrations.chat import Failed, Message
from handrail.integrations.chat.fields import told, trouble_of
from handrail.integrations.kinds import Opened

CHATS = ("slack", "zulip", "mattermost", "teams", "text-webhook")
# Where one person can be written to alone; the others only have a place for all.
TO_PEOPLE = ("slack", "zulip", "mattermost")


def tell_person(
    account: ChatAccount, message: Message, *, pressed: Sequence[slack.Press] = (), now: datetime
) -> None:
    """Write to the owner of a linked account alone; `pressed` are buttons, where there are any."""
    found = opened(account.connection, now=now)
    with told():
        match account.connection.kind:
            case "slack":
                blocks = slack.message_blocks(message, pressed)
                workspace = slack.workspace_of(found)
                slack.tell(outbound(), workspace, account.user, message.lead, blocks)
            case "zulip":
                zulip.send_to_person(outbound(), zulip.bot_of(found), account.user, message)
            case "mattermost" if account.handle:
                text_webhook.send(
                    outbound(),
                    found.secret("webhook"),
                    message,
                    style=text_webhook.MARKDOWN,
                    person=account.handle,
                )


def tell_channel(connection: Connection, message: Message, *, now: datetime) -> None:
    """Write where everybody of a channel reads it: a time and a link, and nobody's name."""
    found = opened(connection, now=now)
    with told():
        if (send := _CHANNELS.get(connection.kind)) is not None:
            send(found, message)


@contextmanager
def noted(connection: Connection, now: datetime) -> Iterator[Opened]:
    """The opened connection; what fails is noted on its page, and tried again where that helps."""
    try:
        yield opened(connection, now=now)
    except Failed as failed:
        note_failure(connection, trouble_of(failed), now=now)
        if failed.hopeless:
            raise Undeliverable(trouble_of(failed)) from None
        raise
    except Unsealable:
        note_failure(connection, "sealed-elsewhere", now=now)
        raise Undeliverable("sealed-elsewhere") from None
    note_ok(connection, now=now)


def _to_slack(found: Opened, message: Message) -> None:
    channel = str(found.settings.get("channel") or "")
    if channel:
        blocks = slack.message_blocks(message)
        slack.tell(outbound(), slack.workspace_of(found), channel, message.lead, blocks)


def _to_zulip(found: Opened, message: Message) -> None:
    channel = str(found.settings.get("channel") or "")
    topic = str(found.settings.get("topic") or "")
    if channel:
        zulip.send_to_channel(outbound(), zulip.bot_of(found), channel, topic, message)


def _to_webhook(found: Opened, message: Message) -> None:
    style = str(found.settings.get("style") or text_webhook.MARKDOWN)
    text_webhook.send(outbound(), found.secret("webhook"), message, style=style)


def _to_teams(found: Opened, message: Message) -> None:
    teams.send(outbound(), found.secret("webhook"), message)


_CHANNELS: dict[str, Callable[[Opened, Message], None]] = {
    "slack": _to_slack,
    "zulip": _to_zulip,
    "mattermost": _to_webhook,
    "text-webhook": _to_webhook,
    "teams": _to_teams,
}
