"""Mattermost, Zulip, Teams and plain webhooks: who is told what, where, and what does not leave."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from factories.world import NOW, World
from handrail.apps.chat.models import ChatAccount
from handrail.apps.connections.actions import connect, send_test, switch
from handrail.apps.connections.models import Connection, Delivery
from handrail.apps.organizations.actions import record_consent
from handrail.apps.organizations.scope import reading
from handrail.apps.outbox.runner import drain
from handrail.apps.sessions.actions import book, cancel
from handrail.integrations.mattermost import fake as fake_mattermost
from handrail.integrations.teams import fake as fake_teams
from handrail.integrations.text_webhook import fake as fake_webhook
from handrail.integrations.zulip import fake as fake_zulip

AT = NOW + timedelta(days=1, hours=2)


def connected(
    world: World, kind: str, set_to: dict[str, Any], secrets: dict[str, str]
) -> Connection:
    with reading(world.organization):
        made = connect(kind, f"Our {kind}", set_to, secrets, by=world.viewer("adam"), now=NOW)
        assert send_test(made.connection.public_id, by=world.viewer("adam"), now=NOW) == ""
    return made.connection


def link(world: World, name: str, answer: str) -> None:
    """Open the link that a chat answered with, and say that it is one's own."""
    client = Client()
    client.force_login(world.users[name])
    path = "/" + answer.rpartition("http")[2].split("/", 3)[3]
    assert client.post(path).status_code == 302


def test_every_chat_tells_what_it_may_and_names_nobody_in_a_channel(
    fresh_world: World, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = fresh_world
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    with (
        fake_webhook.serving() as hook,
        fake_teams.serving() as teams,
        fake_zulip.serving() as zulip,
    ):
        settings.INTERNAL_HOSTS = [*hook.internal, *teams.internal, *zulip.internal]
        news = {"news": ["booked", "cancelled"]}
        matter = connected(
            world, "mattermost", news, {"webhook": f"{hook.url}/hooks/m", "command_token": "tok"}
        )
        connected(
            world, "text-webhook", {**news, "style": "plain"}, {"webhook": f"{hook.url}/hooks/t"}
        )
        connected(world, "teams", news, {"webhook": f"{teams.url}/workflows/1"})
        talk = connected(
            world,
            "zulip",
            {"site": zulip.url, "email": fake_zulip.BOT, "channel": "mentoring", **news},
            {"key": fake_zulip.KEY, "bot_token": "tok"},
        )
        for fake in (hook, teams, zulip):
            fake.seen.clear()

        headers, body = fake_mattermost.typed("tok", user="m-bob")
        kind = headers.pop("Content-Type")
        typed = Client().post(f"/hooks/{matter.address}", body, content_type=kind, headers=headers)
        assert typed.json()["response_type"] == "ephemeral"
        link(world, "bob", typed.json()["text"])
        said = fake_zulip.said_to_bot("tok", user=7, text="mentor")
        spoken = Client().post(f"/hooks/{talk.address}", said, content_type="application/json")
        link(world, "alice", spoken.json()["content"])
        aloud = fake_zulip.said_to_bot("tok", user=7, text="mentor", private=False)
        silent = Client().post(f"/hooks/{talk.address}", aloud, content_type="application/json")
        assert silent.json() == {"response_not_required": True}
        forged = fake_zulip.said_to_bot("other", user=7, text="mentor")
        refused = Client().post(f"/hooks/{talk.address}", forged, content_type="application/json")
        assert refused.status_code == 401

        with reading(world.organization):
            session = book(
                world.program, world.people["bob"], world.people["alice"], AT, "Rebase",
                by=world.viewer("bob"), now=NOW,
            )  # fmt: skip
        while drain(now=NOW, limit=1000).delivered:
            pass
        posts = [(one.path, one.json) for one in hook.seen]
        personal = [said for _path, said in posts if said.get("channel") == "@somebody"]
        assert len(personal) == 1
        assert "You and Alice meet" in personal[0]["text"]
        public = [said for _path, said in posts if "channel" not in said]
        assert len(public) == 2
        assert len(teams.seen) == 1
        assert len(zulip.seen) == 2  # alice alone, and the channel
        for text in (*map(json.dumps, public), teams.everything):
            assert "Tooling start" in text
            assert not any(word in text for word in ("Alice", "Bob", "Rebase"))

        # A person's word ends what is said to them, an administrator's what is said at all.
        with reading(world.organization):
            record_consent(
                world.people["bob"].public_id, "chat_news", given=False, text_version="1",
                channel="web", by=world.viewer("bob"), now=NOW,
            )  # fmt: skip
            switch(talk.public_id, on=False, by=world.viewer("adam"), now=NOW)
            cancel(session, by=world.viewer("bob"), now=NOW)
        for fake in (hook, teams, zulip):
            fake.seen.clear()
        while drain(now=NOW, limit=1000).delivered:
            pass
        assert [one.json.get("channel") for one in hook.seen] == [None, None]
        assert len(teams.seen) == 1
        assert not zulip.seen
        with reading(world.organization):
            assert ChatAccount.objects.filter(ended_at=None).count() == 2


@pytest.mark.nightly
def test_what_a_channel_does_not_take_is_noted_and_tried_again(
    fresh_world: World, settings: Any
) -> None:
    world = fresh_world
    with fake_webhook.serving() as hook:
        settings.INTERNAL_HOSTS = [*hook.internal]
        with reading(world.organization):
            adam = world.viewer("adam")
            for name, path in (("away", "/broken"), ("gone", "/gone")):
                connect(
                    "text-webhook", name, {"news": ["booked"]}, {"webhook": f"{hook.url}{path}"},
                    by=adam, now=NOW,
                )  # fmt: skip
            inside = connect(
                "text-webhook", "inside", {"news": ["booked"]},
                {"webhook": "https://10.0.0.7/hooks/1"}, by=adam, now=NOW,
            )  # fmt: skip
            assert send_test(inside.connection.public_id, by=adam, now=NOW) == "inside"
            book(
                world.program, world.people["bob"], world.people["alice"], AT, "Rebase",
                by=world.viewer("bob"), now=NOW,
            )  # fmt: skip
        for _turn in range(3):
            drain(now=NOW, limit=1000)
        with reading(world.organization):
            sent = Delivery.objects.order_by("id")
            states = list(sent.values_list("kind", "state", "failure"))
            assert states == [
                ("booked", "waiting", "broken-there"),
                ("booked", "given-up", "gone"),
                ("booked", "given-up", "inside"),
            ]
            noted = Connection.objects.order_by("id").values_list("failure", flat=True)
            assert list(noted) == ["broken-there", "gone", "inside"]
        # The address is a secret: it is in no row, and not in what the page shows.
        assert "/broken" not in json.dumps([one.content for one in sent])
