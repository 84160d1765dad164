"""Each service is spoken to as its own pages say, against a stand-in that refuses all else."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from urllib.parse import parse_qs

import pytest
from slack_sdk.models.views import View

from handrail.integrations import (
    assistance,
    bigbluebutton,
    jitsi,
    mattermost,
    slack,
    teams,
    text_webhook,
    zulip,
)
from handrail.integrations.assistance import fake as fake_assistance
from handrail.integrations.bigbluebutton import fake as fake_bigbluebutton
from handrail.integrations.chat import Failed, Link, Message
from handrail.integrations.guarded_http import Outbound
from handrail.integrations.mattermost import fake as fake_mattermost
from handrail.integrations.slack import Choice, Group, Press, Pressed, Submitted, TooMany
from handrail.integrations.slack import fake as fake_slack
from handrail.integrations.teams import fake as fake_teams
from handrail.integrations.text_webhook import fake as fake_webhook
from handrail.integrations.webhooks import SCHEMES, verify
from handrail.integrations.zulip import fake as fake_zulip

NOW = datetime(2026, 2, 2, 9, 0, tzinfo=UTC)
MESSAGE = Message(
    lead="Session with Zoë in an hour",
    facts=(("Objective", "Learn [this](https://evil.example) <!channel> & @all"),),
    items_title="Before the session",
    items=("Push your *branch*",),
    links=(
        Link("Open the room", "https://handrail.example/rooms/1(a)"),
        Link("Cancel", "https://handrail.example/cancel?word=x&y=1", careful=True),
    ),
)


def test_jitsi_own_vector_jitsi() -> None:
    assert jitsi.room_name("handrail-test", "42") == "nzmdgusd7g3hu6t76gm6p6245t55zvaz"
    assert jitsi.room_address("meet.example.org", "handrail-test", "42") == (
        "https://meet.example.org/nzmdgusd7g3hu6t76gm6p6245t55zvaz"
    )
    assert jitsi.room_name("handrail-test", "43") != jitsi.room_name("handrail-test", "42")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (
            "password=pass&fullName=name&meetingId=1",
            "94e467c1b4b13f4452ca5d1deb9b7b74e1063aea55fe078139015a7d6311cfdf",
        ),
        (
            "password=pass&fullName=name&meetingID=1",
            "e2ed2f9c0f03bb406dbbe7775fb83b0646c86d00de8ab055de33b56948441a2d",
        ),
    ],
)
def test_bigbluebutton_signs_the_query_as_it_is_sent(query: str, expected: str) -> None:
    assert bigbluebutton.checksum("join", query, "BBBSECRET") == expected


def test_bigbluebutton_makes_a_meeting_that_each_joins_by_a_link_of_their_own() -> None:
    meeting = bigbluebutton.Meeting("s-1", "Git & Zoë", "guests", "hosts")
    with fake_bigbluebutton.serving() as fake:
        outbound = Outbound(internal=fake.internal)
        server = bigbluebutton.Server(f"{fake.url}/bigbluebutton/api", fake_bigbluebutton.SECRET)
        host = bigbluebutton.join_address(server, meeting, name="Zoë Ünal", moderates=True)
        guest = bigbluebutton.join_address(server, meeting, name="Bob", moderates=False)
        bigbluebutton.create(outbound, server, meeting, minutes=60)
        joined = [outbound.ask(url).body for url in (host, guest)]
        assert all(b"successfullyJoined" in body for body in joined)
        assert "password=hosts" in host
        assert "password=guests" in guest
        wrong = bigbluebutton.Server(server.api, "another")
        with pytest.raises(Failed, match="checksumError") as refused:
            bigbluebutton.create(outbound, wrong, meeting, minutes=60)
        assert refused.value.hopeless


def test_text_for_incoming_webhooks_calls_nobody_and_holds_whole_links() -> None:
    with fake_webhook.serving() as fake:
        outbound = Outbound(internal=fake.internal)
        url = f"{fake.url}/hooks/secret"
        text_webhook.send(outbound, url, MESSAGE)
        text_webhook.send(outbound, url, MESSAGE, style="markdown", person="zoe")
        plain, marked = fake.seen[0].json, fake.seen[1].json
        assert set(plain) == {"text"}
        assert "Open the room: https://handrail.example/rooms/1(a)" in plain["text"]
        assert marked["channel"] == "@zoe"
        assert "[Open the room](https://handrail.example/rooms/1%28a%29)" in marked["text"]
        assert r"\[this\](https://evil.example)" in marked["text"]
        for said in (plain, marked):
            assert "@all" not in said["text"]
            assert "@channel" not in said["text"]
        for path, hopeless in (("/broken", False), ("/gone", True)):
            with pytest.raises(Failed) as refused:
                text_webhook.send(outbound, f"{fake.url}{path}", MESSAGE)
            assert refused.value.hopeless is hopeless
            assert path not in str(refused.value)


def test_a_private_address_is_refused_unless_the_operator_allows_it() -> None:
    with fake_webhook.serving() as fake:
        for url in (f"{fake.url}/hooks/1", f"https://127.0.0.1:{fake.port}/", "https://10.0.0.7/"):
            with pytest.raises(Failed) as refused:
                text_webhook.send(Outbound(), url, MESSAGE)
            assert refused.value.hopeless, url
        assert not fake.seen
        text_webhook.send(Outbound(internal=fake.internal), f"{fake.url}/hooks/1", MESSAGE)
        assert len(fake.seen) == 1


def test_teams_gets_one_card() -> None:
    with fake_teams.serving() as fake:
        teams.send(Outbound(internal=fake.internal), f"{fake.url}/workflows/x?sig=1", MESSAGE)
        content = fake.seen[0].json["attachments"][0]["content"]
        assert [action["url"] for action in content["actions"]] == [
            link.url for link in MESSAGE.links
        ]
        assert content["body"][1]["facts"][0]["value"].startswith(r"Learn \[this\]")


def test_zulip_writes_to_one_person_or_a_channel_and_proves_who_speaks() -> None:
    with fake_zulip.serving() as fake:
        outbound = Outbound(internal=fake.internal)
        bot = zulip.Bot(fake.url, fake_zulip.BOT, fake_zulip.KEY)
        zulip.send_to_person(outbound, bot, "7", MESSAGE)
        zulip.send_to_channel(outbound, bot, "mentoring", "T" * 90, MESSAGE)
        with pytest.raises(Failed, match="401"):
            zulip.send_to_person(outbound, zulip.Bot(fake.url, bot.email, "no"), "7", MESSAGE)
        said = parse_qs(fake.seen[0].body.decode())
        assert (said["type"], json.loads(said["to"][0])) == (["direct"], [7])
    body = fake_zulip.said_to_bot("right", user=7, text="mentor")
    assert zulip.spoken(body, ["new", "right"]) == zulip.Spoken("7", "mentor", private=True)
    aloud = zulip.spoken(
        fake_zulip.said_to_bot("right", user=7, text="x", private=False), ["right"]
    )
    assert not aloud.private
    for content, tokens in ((body, ["wrong"]), (body, []), (body, [""]), (b"[]", ["right"])):
        with pytest.raises(zulip.NotTheirs):
            zulip.spoken(content, tokens)


def test_mattermost_proves_a_command_by_header_and_form() -> None:
    headers, body = fake_mattermost.typed("right", user="u1", text=" git ")
    small = {name.lower(): value for name, value in headers.items()}
    command = mattermost.command(small, body, ["right"])
    assert (command.user, command.team, command.text) == ("u1", "team-of-tests", "git")
    assert mattermost.command({}, body, ["old", "right"]).user == "u1"  # a version without header
    wrong = [
        ({**small, "authorization": "Token another"}, body, ["right"]),  # both must be right
        (small, body.replace(b"token=right", b"token=wrong"), ["right"]),
        ({}, b"user_id=u1", ["right"]),
        (small, body, []),
        (small, body, [""]),
        (small, b"\xff\xfe", ["right"]),
        (small, b"token=right&text=" + b"x" * 70_000, ["right"]),
    ]
    for given, content, tokens in wrong:
        with pytest.raises(mattermost.NotTheirs):
            mattermost.command(given, content, tokens)


def test_slack_views_are_within_slacks_limits_by_its_own_library_too() -> None:
    long = "ü" * 4000
    groups = [
        Group(long, tuple(Choice(f"{long}{n}", f"value-{g}-{n}") for n in range(6)))
        for g in range(5)
    ]
    view = slack.modal(
        "ask",
        long,
        [
            slack.section(slack.as_words(long)),
            slack.small(long),
            slack.choose("when", long, groups, "value-1-2"),
            slack.pick_one("minutes", long, [Choice("20", "20"), Choice("30", "30")], "30"),
            slack.write("objective", long, text=long, hint=long, lines=True, longest=300),
            slack.buttons([Press("act", long, "1", (long, long, long))]),
        ],
        close=long,
        submit=long,
        private="x" * 3000,
    )
    assert fake_slack.wrong_with(view) == []
    View(**{name: view[name] for name in view}).validate_json()
    assert view["blocks"][2]["element"]["initial_option"]["value"] == "value-1-2"
    for make in (
        lambda: slack.choose("a", "b", [Choice(str(n), str(n)) for n in range(101)]),
        lambda: slack.choose("a", "b", []),
        lambda: slack.modal("a", "b", [], close="c", private="x" * 3001),
        lambda: slack.choose("a", "b", [Choice("a", "x" * 151)]),
    ):
        with pytest.raises(TooMany):
            make()


def test_slack_messages_show_words_as_words_and_are_refused_in_slacks_way() -> None:
    with fake_slack.serving() as fake:
        outbound = Outbound(internal=fake.internal)
        workspace = slack.Workspace(fake_slack.TOKEN, f"{fake.url}/api")
        assert slack.who_am_i(outbound, workspace) == fake_slack.TEAM
        blocks = slack.message_blocks(MESSAGE, [Press("snooze", "Not now", "1")])
        slack.tell(outbound, workspace, "U1", MESSAGE.lead, blocks)
        sent = fake.seen[-1].body.decode()
        assert "<!channel>" not in sent
        assert "&lt;!channel&gt; &amp; @all" in sent
        with pytest.raises(Failed, match="invalid_auth") as refused:
            slack.who_am_i(outbound, slack.Workspace("xoxb-other", workspace.api))
        assert refused.value.hopeless
        slack.answer_in_place(outbound, f"{fake.url}/commands/1", "Asked.")
        assert fake.seen[-1].json == {"response_type": "ephemeral", "text": "Asked."}


def test_slack_reads_what_it_is_sent() -> None:
    body = fake_slack.typed("U1", " git ", reply_to="https://hooks.slack.example/1")
    headers = {name.lower(): value for name, value in fake_slack.signed(body, 1000).items()}
    verify(SCHEMES["slack"], headers, body, [fake_slack.SIGNING], datetime.fromtimestamp(1000, UTC))
    assert slack.command(body) == slack.Command(
        fake_slack.TEAM, "U1", "git", "1.2.abc", "https://hooks.slack.example/1"
    )
    view = slack.modal(
        "ask",
        "Ask",
        [
            slack.choose("skill", "Skill", [Choice("git", "id-1")]),
            slack.write("objective", "Objective", text="Rebase"),
        ],
        close="Cancel",
        submit="Ask",
        private="carried",
    )
    submitted = slack.interaction(fake_slack.handed_in("U1", view, {"skill": "id-1"}))
    assert submitted == Submitted(
        fake_slack.TEAM, "U1", "V1", "ask", "carried", {"skill": "id-1", "objective": "Rebase"}
    )
    pressed = slack.interaction(fake_slack.pressed("U1", "artifact", "s-1"))
    assert pressed == Pressed(fake_slack.TEAM, "U1", "artifact", "s-1", "1.2.abc")
    for broken in (b"payload=%7B", b"payload=[]", b"x=1", b"\xff", b"payload={}"):
        with pytest.raises(slack.Unreadable):
            slack.interaction(broken)


def test_a_draft_comes_with_the_name_of_who_wrote_it() -> None:
    with fake_assistance.serving(key="k") as fake:
        outbound = Outbound(internal=fake.internal)
        endpoint = assistance.Endpoint(f"{fake.url}/v1", "k", "any")
        draft = assistance.draft(outbound, endpoint, task="Shorten.", text="one two three")
        assert draft == assistance.Draft("Draft from 3 words: three two one", "stand-in-1")
        asked = fake.seen[0].json
        assert [one["content"] for one in asked["messages"]] == ["Shorten.", "one two three"]
        with pytest.raises(Failed, match="401"):
            assistance.draft(
                outbound, assistance.Endpoint(endpoint.base, "", "any"), task="a", text="b"
            )
