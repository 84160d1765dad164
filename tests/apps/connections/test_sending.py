"""Webhooks out: another's library believes them; what hangs is tried again, and given up."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.utils import timezone
from standardwebhooks import Webhook

from factories.world import World
from handrail.apps.chat.models import ChatAccount
from handrail.apps.connections.actions import connect, rotate_secret, send_test
from handrail.apps.connections.delivering import PAUSES, announce
from handrail.apps.connections.models import Connection, Delivery, DeliveryState
from handrail.apps.connections.sending import send_again
from handrail.apps.organizations.refusals import Invalid
from handrail.apps.organizations.scope import reading, writing
from handrail.apps.outbox.actions import drain
from handrail.apps.outbox.handlers import SLOW, handler_for
from handrail.apps.outbox.models import OutboxRow
from handrail.apps.programs.actions import close_program
from handrail.integrations.chat.fake import Came, Fake, standing_in


class There:
    """The receiver's end: what it answers from now on."""

    def __init__(self) -> None:
        self.status = 200

    def __call__(self, _came: Came) -> tuple[int, str]:
        return self.status, "{}"


@pytest.fixture
def there(settings: object) -> Iterator[tuple[There, Fake]]:
    answers = There()
    with standing_in(answers) as fake:
        settings.INTERNAL_HOSTS = list(fake.internal)  # type: ignore[attr-defined]
        yield answers, fake


def subscribe(world: World, fake: Fake, *events: str) -> tuple[Connection, str]:
    settings = {"address": f"{fake.url}/in", "events": list(events)}
    with reading(world.organization):
        done = connect(
            "webhooks", "Ours", settings, {}, by=world.viewer("adam"), now=timezone.now()
        )
    return done.connection, done.made["signing"]


def close(world: World, now: datetime) -> None:
    with reading(world.organization):
        program = world.program
        assert program is not None
        close_program(program, by=world.system, now=now)


def delivery_of(world: World) -> Delivery:
    with reading(world.organization):
        return Delivery.objects.select_related("connection").get()


def test_what_was_on_its_way_at_an_update_becomes_one_delivery_each(fresh_world: World) -> None:
    world, now = fresh_world, timezone.now()
    adam, lost = world.viewer("adam"), str(uuid4())
    with reading(world.organization):
        store = connect(
            "xapi", "Store", {"address": "https://10.0.0.7/x", "user": "u"}, {"password": "p"},
            by=adam, now=now,
        ).connection  # fmt: skip
        chat = connect(
            "text-webhook", "Ours", {"news": ["booked"]}, {"webhook": "https://10.0.0.7/h"},
            by=adam, now=now,
        ).connection  # fmt: skip
        alice = world.person("alice")
        with writing(world.organization):
            account = ChatAccount.objects.create(
                organization=world.organization, connection=chat, person=alice, user="u1",
                linked_at=now,
            )  # fmt: skip
        there = {"session": lost, "person": str(alice.public_id), "sequence": 0}
        refs: list[tuple[str, dict[str, object]]] = [
            ("chat.person", {"account": str(account.public_id), "what": "booked", **there}),
            ("chat.channel", {"connection": str(chat.public_id), "what": "booked", **there}),
            ("xapi.send", {"connection": str(store.public_id), "session": lost}),
            ("chat.person", {"account": str(uuid4()), "what": "booked", **there}),  # unlinked
        ]
        for turn in range(2):  # the same row, written and delivered twice, makes one delivery
            for number, (kind, ref) in enumerate(refs):
                row = OutboxRow(
                    organization=world.organization, kind=kind, ref=ref, due_at=now,
                    dedupe=f"old {number}", stream=f"old {number}", created_at=now,
                )  # fmt: skip
                handler_for(kind)(row, now)
            assert sorted(Delivery.objects.values_list("connection__kind", "kind")) == [
                ("text-webhook", "booked"), ("text-webhook", "booked"), ("xapi", "session.closed"),
            ], turn  # fmt: skip
        channel = Delivery.objects.exclude(content__has_key="account").get(connection=chat)
        assert channel.content == there
    assert {"chat.send", "xapi.send"} <= SLOW


def test_what_happened_arrives_signed_by_both_secrets_in_ids_and_states(
    fresh_world: World, there: tuple[There, Fake]
) -> None:
    world, (_answers, fake), now = fresh_world, there, timezone.now()
    connection, first = subscribe(world, fake, "program.closed")
    with reading(world.organization):
        second = rotate_secret(
            connection.public_id, "signing", by=world.viewer("adam"), now=timezone.now()
        )
    close(world, now)
    drain(now=now)
    (came,) = fake.seen
    for secret in (first, second):
        assert Webhook(secret).verify(came.body, came.headers)
    assert world.program is not None
    assert json.loads(came.body) == {
        "type": "program.closed",
        "timestamp": now.isoformat(),
        "data": {"id": str(world.program.public_id), "object": "program", "state": "closed"},
    }
    delivery = delivery_of(world)
    assert (delivery.state, delivery.status) == (DeliveryState.SENT, 200)

    # once more, by hand: the same id, so that the receiver knows a double
    with reading(world.organization):
        adam = world.viewer("adam")
        send_again(connection.public_id, delivery.public_id, by=adam, now=now)
    drain(now=now)
    assert [one.headers["webhook-id"] for one in fake.seen] == [str(delivery.public_id)] * 2
    assert fake.seen[0].body == fake.seen[1].body


def test_what_does_not_get_through_is_tried_for_three_days_then_no_more(
    fresh_world: World, there: tuple[There, Fake]
) -> None:
    world, (answers, fake), now = fresh_world, there, timezone.now()
    subscribe(world, fake, "program.closed")
    answers.status = 500
    close(world, now)
    drain(now=now)
    for number, pause in enumerate(PAUSES, 1):
        drain(now=now + pause - timedelta(seconds=1))
        assert len(fake.seen) == number
        now += pause
        drain(now=now)
    delivery = delivery_of(world)
    assert (delivery.state, delivery.tries) == (DeliveryState.GIVEN_UP, len(PAUSES) + 1)
    assert delivery.connection.stopped_for == "broken-there"
    assert not delivery.connection.is_on
    assert sum(PAUSES, timedelta()) == timedelta(days=2, hours=23, minutes=35, seconds=30)


def test_gone_is_gone_and_the_test_button_says_why(
    fresh_world: World, there: tuple[There, Fake]
) -> None:
    world, (answers, fake), now = fresh_world, there, timezone.now()
    connection, _secret = subscribe(world, fake, "program.closed")
    adam = world.viewer("adam")
    with reading(world.organization):
        assert send_test(connection.public_id, by=adam, now=now) == ""
        answers.status = 401
        assert send_test(connection.public_id, by=adam, now=now) == "not-allowed-there"
        answers.status = 302
        assert send_test(connection.public_id, by=adam, now=now) == "refused"
    answers.status = 410
    close(world, now)
    drain(now=now)
    delivery = delivery_of(world)
    assert (delivery.state, delivery.connection.is_on) == (DeliveryState.GIVEN_UP, False)


def test_what_is_told_once_is_told_once_also_where_two_tell_it_at_the_same_moment(
    fresh_world: World, there: tuple[There, Fake], monkeypatch: pytest.MonkeyPatch
) -> None:
    world = fresh_world
    connection, _secret = subscribe(world, there[1], "program.closed")
    # What the other one writes is not seen yet by whoever looks before writing.
    monkeypatch.setattr("django.db.models.query.QuerySet.exists", lambda _rows: False)
    with reading(world.organization):
        for _n in range(2):
            announce(
                connection, "program.closed", {}, world.organization, once="x", now=timezone.now()
            )
        assert Delivery.objects.count() == 1
        assert OutboxRow.objects.filter(kind="webhook.send").count() == 1


@pytest.mark.parametrize("address", ["http://example.org/in", "ftp://example.org", "https://"])
def test_only_https_is_taken(fresh_world: World, address: str) -> None:
    settings = {"address": address, "events": ["program.closed"]}
    with reading(fresh_world.organization), pytest.raises(Invalid) as refused:
        connect("webhooks", "Ours", settings, {}, by=fresh_world.viewer("adam"), now=timezone.now())
    assert list(refused.value.fields) == ["address"]


def test_a_private_address_is_refused_when_it_is_asked(fresh_world: World) -> None:
    settings = {"address": "https://127.0.0.1:9/in", "events": ["program.closed"]}
    with reading(fresh_world.organization):
        adam = fresh_world.viewer("adam")
        made = connect("webhooks", "Ours", settings, {}, by=adam, now=timezone.now())
        why = send_test(made.connection.public_id, by=adam, now=timezone.now())
    assert why == "inside"
