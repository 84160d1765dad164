"""One key, one effect, one answer; and whose key it is."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from handrail.apps.organizations.models import Organization
from handrail.apps.organizations.refusals import Conflict, Invalid
from handrail.apps.organizations.scope import reading, writing
from handrail.apps.outbox.idempotency import (
    Answer,
    answered_once,
    fingerprint_of,
    forget_answers,
)
from handrail.apps.outbox.models import IdempotencyKey


class Counter:
    """An effect that can be counted, in the database so that a rollback undoes it."""

    def __init__(self, organization: Organization, now: datetime) -> None:
        self.organization = organization
        self.now = now
        self.calls = 0

    def __call__(self) -> tuple[int, dict]:
        self.calls += 1
        Organization.objects.filter(pk=self.organization.pk).update(name=f"made {self.calls}")
        return 201, {"made": self.calls, "at": self.now}

    def effects(self) -> str:
        return Organization.objects.get(pk=self.organization.pk).name


@pytest.fixture
def work(northwind: Organization, now: datetime) -> Counter:
    return Counter(northwind, now)


def ask(work, key: str = "k", *, principal: str = "person:alice", body: str = "same") -> Answer:
    source = work if isinstance(work, Counter) else work.counter
    with reading(source.organization):
        return answered_once(
            principal,
            key,
            fingerprint_of("POST", "/sessions", body),
            work,
            organization=source.organization,
            now=source.now,
        )


class Refusing:
    """Does something, then refuses."""

    def __init__(self, counter: Counter, error: Exception) -> None:
        self.counter = counter
        self.error = error

    def __call__(self) -> tuple[int, dict]:
        self.counter()
        raise self.error


def test_the_first_answer_is_fresh(work: Counter) -> None:
    assert ask(work) == Answer(201, {"made": 1, "at": "2026-02-02T09:00:00Z"}, replayed=False)


def test_the_same_request_again_gets_the_same_answer_and_no_second_effect(work: Counter) -> None:
    first, second = ask(work), ask(work)
    assert (second.status, second.body, second.replayed) == (first.status, first.body, True)
    assert (work.calls, work.effects()) == (1, "made 1")


def test_another_key_is_another_request(work: Counter) -> None:
    ask(work)
    assert ask(work, "k2").body["made"] == 2


def test_the_same_key_of_somebody_else_is_another_request(work: Counter) -> None:
    ask(work)
    assert ask(work, principal="person:bob").body["made"] == 2


def test_the_same_key_elsewhere_is_another_request(
    work: Counter, southwind: Organization, now: datetime
) -> None:
    ask(work)
    theirs = Counter(southwind, now)
    assert ask(theirs).replayed is False


def test_the_same_key_with_another_body_is_refused(work: Counter) -> None:
    ask(work)
    with pytest.raises(Invalid) as refusal:
        ask(work, body="changed")
    assert (refusal.value.code, refusal.value.status, work.calls) == ("key-reused", 422, 1)


def test_a_refusal_undoes_the_work_and_is_repeated(work: Counter, now: datetime) -> None:
    refusing = Refusing(
        work, Conflict("Taken.", code="slot-taken", alternatives=[now + timedelta(hours=1)])
    )
    for _ in range(2):
        with pytest.raises(Conflict) as refusal:
            ask(refusing)
        assert (refusal.value.code, refusal.value.detail) == (
            "slot-taken",
            {"alternatives": [now + timedelta(hours=1)]},
        )
    assert (work.calls, work.effects()) == (1, "Northwind")


def test_an_error_of_ours_is_not_stored(work: Counter) -> None:
    with pytest.raises(ZeroDivisionError):
        ask(Refusing(work, ZeroDivisionError()))
    assert work.effects() == "Northwind"
    assert ask(work).replayed is False


def test_an_answer_of_500_is_not_stored_and_undone(work: Counter) -> None:
    def fail() -> tuple[int, dict]:
        work()
        return 503, {}

    with reading(work.organization):
        answer = answered_once(
            "person:alice", "k", "f", fail, organization=work.organization, now=work.now
        )
        assert (answer.status, IdempotencyKey.objects.count()) == (503, 0)
    assert work.effects() == "Northwind"


@pytest.mark.parametrize("key", ["", "x" * 121, "line\nbreak"])
def test_a_bad_key_is_refused(key: str, work: Counter) -> None:
    with pytest.raises(Invalid) as refusal:
        ask(work, key)
    assert (refusal.value.code, work.calls) == ("bad-key", 0)


def test_a_request_still_in_flight_is_refused(work: Counter) -> None:
    ask(work)
    with writing(work.organization):
        IdempotencyKey.objects.update(status=None)
    with pytest.raises(Conflict) as refusal:
        ask(work)
    assert (refusal.value.code, refusal.value.status) == ("in-flight", 409)


def test_keys_are_forgotten_after_72_hours(work: Counter, now: datetime) -> None:
    ask(work)
    with writing(work.organization):
        assert forget_answers(now=now + timedelta(hours=72)) == 0
        assert forget_answers(now=now + timedelta(hours=72, seconds=1)) == 1
    assert ask(work).replayed is False


def test_equal_requests_have_equal_fingerprints_whatever_the_order_of_names() -> None:
    assert fingerprint_of("POST", {"a": 1, "b": 2}) == fingerprint_of("POST", {"b": 2, "a": 1})
    assert fingerprint_of("POST", {"a": 1}) != fingerprint_of("POST", {"a": "1"})


@pytest.mark.django_db(transaction=True)
def test_inside_another_transaction_it_would_not_be_durable(work: Counter) -> None:
    with writing(work.organization), pytest.raises(RuntimeError, match="durable"):
        ask(work)
