"""Every kind that receives, over HTTP: what is proven is stored once, before it is answered."""

from __future__ import annotations

import base64
import json
from datetime import datetime, timedelta
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.utils import timezone

from factories.deliveries import RECEIVING, SCHEME_OF, USED
from factories.world import World
from handrail.apps.connections.actions import connect, rotate_secret, switch
from handrail.apps.connections.kinds import KINDS, kind_of
from handrail.apps.connections.models import Connection, ConnectionSecret, Event, EventState
from handrail.apps.organizations.scope import reading
from handrail.apps.outbox.models import OutboxRow
from handrail.integrations.kinds import Receives
from handrail.integrations.webhooks import SCHEMES, Scheme, sign

KEY, OTHER = (f"whsec_{base64.b64encode(word).decode()}" for word in (b"ours", b"theirs"))
SECRET = "kept in no table"


def test_every_kind_that_receives_is_asked_here() -> None:
    receiving = {code for code in KINDS if kind_of(code).receives is not None}
    assert receiving == set(USED)


class Sender:
    """The other side of one connection; it signs as its service does."""

    def __init__(self, world: World, name: str) -> None:
        self.code = SCHEME_OF.get(name, name)
        self.scheme: Scheme = SCHEMES[name]
        content, self.extra = USED[self.code]
        self.body = json.dumps({**content, "note": SECRET}).encode()
        secrets = {"token" if name == "gitlab-token" else "signing": KEY}
        with reading(world.organization):
            made = connect(
                self.code,
                f"Our {name}",
                {"host": "git.example.org"},
                secrets,
                by=world.viewer("adam"),
                now=timezone.now(),
            )
        self.connection: Connection = made.connection
        self.world = world

    def send(
        self,
        body: bytes | None = None,
        *,
        key: str = KEY,
        at: datetime | None = None,
        ident: str = "d-7",
        signature: str | None = None,
        address: str = "",
    ) -> int:
        body = self.body if body is None else body
        time = str(int((at or timezone.now()).timestamp())) if self.scheme.time_header else ""
        ident = ident if self.scheme.id_header else ""
        if signature is None:
            signature = sign(self.scheme, key, body, time=time, ident=ident)
        headers = {self.scheme.header: signature, **self.extra}
        headers |= {self.scheme.time_header: time} if time else {}
        headers |= {self.scheme.id_header: ident} if ident else {}
        if not signature:
            del headers[self.scheme.header]
        answer = Client(raise_request_exception=False).post(
            f"/hooks/{address or self.connection.address}",
            body,
            content_type="application/json",
            headers=headers,
        )
        return answer.status_code

    @property
    def events(self) -> list[Event]:
        with reading(self.world.organization):
            return list(Event.objects.filter(connection=self.connection).order_by("id"))

    @property
    def failure(self) -> str:
        with reading(self.world.organization):
            return Connection.objects.get(pk=self.connection.pk).failure


@pytest.mark.parametrize("name", RECEIVING)
def test_eight_ways(fresh_world: World, name: str) -> None:
    """Good, changed, wrong key, no header, stale, again, not UTF-8, too large."""
    sender = Sender(fresh_world, name)
    receives = kind_of(sender.code).receives
    assert isinstance(receives, Receives)
    changed = sender.body.replace(b"no table", b"any table")
    good = sign(sender.scheme, KEY, sender.body, time="", ident="") if name != "standard" else ""

    # what is not proven leaves nothing but a note
    assert sender.send(key=OTHER) == 401
    assert sender.failure == "wrong-signature"
    assert sender.send(signature="") == 401
    assert sender.failure == "no-signature"
    if name != "gitlab-token" and not sender.scheme.time_header:
        assert sender.send(changed, signature=good) == 401
    if sender.scheme.tolerance:
        assert sender.send(at=timezone.now() - timedelta(minutes=6)) == 401
        assert sender.failure == "stale"
    assert sender.send(b" " * ((1 << 20) + 1)) == 413
    assert sender.events == []

    # what is proven is stored, with whom it is for, and once
    assert sender.send() == 200
    assert sender.send() == 200
    (event,) = sender.events
    assert event.state == EventState.RECEIVED
    assert SECRET not in json.dumps(event.fields)
    with reading(fresh_world.organization):
        (row,) = OutboxRow.objects.filter(stream=f"connection:{sender.connection.public_id}")
    assert (row.kind, row.ref) == (receives.takes, {"event": str(event.public_id)})
    assert sender.failure == ""

    # bytes that are no text are proven too, and put aside in words
    if not sender.scheme.id_field:
        assert sender.send(b"\xff\xfe{", ident="d-8") == 200
        assert [(one.state, one.reason) for one in sender.events[1:]] == [("parked", "unreadable")]


def test_secrets_rotate_are_sealed_and_a_swapped_one_opens_nothing(fresh_world: World) -> None:
    world = fresh_world
    sender, other = Sender(world, "github"), Sender(world, "greenhouse")
    adam, now = world.viewer("adam"), timezone.now()
    with reading(world.organization):
        made = rotate_secret(sender.connection.public_id, "signing", by=adam, now=now)
        assert KEY not in "".join(ConnectionSecret.objects.values_list("sealed", flat=True))
    assert made.startswith("whsec_")
    assert sender.send(key=KEY, ident="a") == sender.send(key=made, ident="b") == 200
    with reading(world.organization):
        newest = rotate_secret(sender.connection.public_id, "signing", by=adam, now=now)
    assert sender.send(key=KEY, ident="c") == 401  # two are live, never three
    assert sender.send(key=made, ident="c") == sender.send(key=newest, ident="d") == 200
    with reading(world.organization):
        mine, theirs = (
            ConnectionSecret.objects.get(connection=one.connection, ends_at=None)
            for one in (sender, other)
        )
        ConnectionSecret.objects.filter(pk=mine.pk).update(sealed=theirs.sealed)
    assert sender.send(key=KEY, ident="e") == 401
    assert sender.failure == "no-secret"


def test_an_address_that_is_off_or_unknown_answers_like_none(fresh_world: World) -> None:
    sender = Sender(fresh_world, "github")
    with reading(fresh_world.organization):
        adam = fresh_world.viewer("adam")
        switch(sender.connection.public_id, on=False, by=adam, now=timezone.now())
    assert sender.send() == sender.send(address="x" * 32) == sender.send(address="é" * 400) == 404
    assert sender.events == []


def test_tests_of_the_sender_are_answered_and_not_kept(fresh_world: World) -> None:
    """A ping proves the address; Recruitee's comes before it has a secret at all."""
    world = fresh_world
    github = Sender(world, "github")
    github.extra = {"x-github-event": "ping"}
    assert github.send(b'{"zen": "Keep it short."}') == 200
    with reading(world.organization):
        recruitee = connect(
            "recruitee", "Jobs", {}, {}, by=world.viewer("adam"), now=timezone.now()
        ).connection
    address = f"/hooks/{recruitee.address}"
    assert Client().post(address, b'{"test":true}', "application/json").status_code == 200
    assert Client().post(address, b'{"event_type":"x"}', "application/json").status_code == 401
    with reading(world.organization):
        assert Event.objects.count() == 0
        seen = Connection.objects.order_by("id").values_list("event_kind", flat=True)
        assert list(seen) == ["ping", "test"]


def test_siblings_of_ashby_share_an_id_and_the_hire_is_taken(fresh_world: World) -> None:
    sender = Sender(fresh_world, "ashby")
    assert sender.send(b'{"action":"applicationUpdate","webhookActionId":"d-7"}') == 200
    assert sender.send() == 200
    assert [event.kind for event in sender.events] == ["candidateHire"]


def test_an_id_that_no_database_takes_is_stored_without_it(fresh_world: World) -> None:
    sender = Sender(fresh_world, "ashby")
    odd = json.dumps({**json.loads(sender.body), "webhookActionId": "x\0\ud800y"})
    assert sender.send(odd.encode()) == 200
    assert sender.send(odd.encode()) == 200
    assert [event.delivery for event in sender.events] == ["x\ufffd?y"]


def test_the_other_way_of_github_is_a_form(fresh_world: World) -> None:
    sender = Sender(fresh_world, "github")
    body = urlencode({"payload": sender.body.decode()}).encode()
    answer = Client().post(
        f"/hooks/{sender.connection.address}",
        body,
        content_type="application/x-www-form-urlencoded",
        headers={
            "x-hub-signature-256": sign(sender.scheme, KEY, body),
            "x-github-delivery": "f-1",
            "x-github-event": "pull_request",
        },
    )
    assert answer.status_code == 200
    assert [event.kind for event in sender.events] == ["pull_request"]
