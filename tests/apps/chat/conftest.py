"""A workspace of Slack whose far side stands on this machine, and people who use it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from factories.world import NOW, World
from handrail.apps.connections.actions import connect
from handrail.apps.connections.models import Connection
from handrail.apps.organizations.scope import reading
from handrail.apps.outbox.runner import drain
from handrail.integrations.chat.fake import Fake
from handrail.integrations.slack import fake as slack

TOLD_LATER = "/commands/1"


@dataclass
class Slack:
    """One workspace: what people do there, what it is sent."""

    world: World
    fake: Fake
    connection: Connection
    now: datetime
    views: int = 0
    shown: dict[str, Any] = field(default_factory=dict)  # the modal that is open

    def send(self, body: bytes, **headers: str) -> Any:
        """Slack sends something, signed; the answer's JSON, or nothing."""
        signed = {**slack.signed(body, self.now.timestamp()), **headers}
        answer = Client().post(
            f"/hooks/{self.connection.address}",
            body,
            content_type=signed.pop("Content-Type"),
            headers=signed,
        )
        assert answer.status_code == 200, answer.content
        said = json.loads(answer.content) if answer.content else {}
        if "view" in said:
            assert slack.wrong_with(said["view"]) == []
            self.shown = said["view"]
        return said

    def type(self, user: str, text: str = "") -> Any:
        """Somebody types /mentor; a modal that opens is the one shown."""
        said = self.send(slack.typed(user, text, reply_to=f"{self.fake.url}{TOLD_LATER}"))
        self._look()
        return said

    def press(self, user: str, action: str, value: str) -> Any:
        """Somebody presses a button."""
        said = self.send(
            slack.pressed(user, action, value, reply_to=f"{self.fake.url}{TOLD_LATER}")
        )
        self._look()
        return said

    def hand_in(self, user: str, again: bool = False, **said: str) -> Any:
        """Somebody fills in the modal that is shown."""
        self.views += 0 if again else 1
        return self.send(slack.handed_in(user, self.shown, said, view_id=f"V{self.views}"))

    def deliver(self, now: datetime | None = None) -> None:
        """The outbox runs until nothing is due."""
        while drain(now=now or self.now, limit=1000).delivered:
            pass
        self._look()

    def told(self, user: str) -> list[dict[str, Any]]:
        """What was written to one person or channel."""
        posts = [one.json for one in self.fake.seen if one.path.endswith("chat.postMessage")]
        return [one for one in posts if one["channel"] == user]

    @property
    def answered(self) -> list[str]:
        """What was answered later, to the asker alone."""
        replies = [one.json for one in self.fake.seen if one.path == TOLD_LATER]
        assert all(one["response_type"] == "ephemeral" for one in replies)
        return [one["text"] for one in replies]

    def link(self, name: str, user: str) -> None:
        """Somebody types the command and opens the link that it answers with."""
        address = self.type(user)["text"].rpartition("http")[2]
        client = Client()
        client.force_login(self.world.users[name])
        path = "/" + address.split("/", 3)[3]
        assert client.get(path).status_code == 200
        assert client.post(path).status_code == 302

    def _look(self) -> None:
        opened = [one.json["view"] for one in self.fake.seen if "/api/views." in one.path]
        if opened:
            self.shown = opened[-1]


@pytest.fixture
def workspace(
    fresh_world: World, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Slack]:
    with slack.serving() as fake:
        settings.INTERNAL_HOSTS = [*fake.internal]
        with reading(fresh_world.organization):
            made = connect(
                "slack",
                "Our Slack",
                {"api": f"{fake.url}/api", "channel": "C-news", "news": ["booked", "cancelled"]},
                {"bot_token": slack.TOKEN, "signing": slack.SIGNING},
                by=fresh_world.viewer("adam"),
                now=NOW,
            )
        there = Slack(fresh_world, fake, made.connection, NOW + timedelta(hours=1))
        monkeypatch.setattr("django.utils.timezone.now", lambda: there.now)
        yield there
