"""The worker drains until it is told to stop, and waits for a database that is away."""

from __future__ import annotations

import threading
from datetime import datetime

import pytest
from django.db import DatabaseError

from handrail.apps.outbox import worker
from handrail.apps.outbox.handlers import HANDLERS, RULES
from handrail.apps.outbox.runner import Drained, drain

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def no_rules_and_no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    for rule in list(RULES):
        monkeypatch.delitem(RULES, rule)
    monkeypatch.setattr(worker, "IDLE_SECONDS", 0.0)
    monkeypatch.setattr(worker, "TROUBLE_SECONDS", 0.0)


def test_it_delivers_and_stops_when_told(put, row, now: datetime, monkeypatch) -> None:
    stop = threading.Event()
    monkeypatch.setitem(HANDLERS, "probe", lambda _row, _now: stop.set())
    put("welcome")
    worker.run(stop, lambda: now)
    assert row("welcome").done_at == now


def test_told_to_stop_it_takes_nothing_more(put, row, now: datetime, monkeypatch) -> None:
    stop = threading.Event()
    monkeypatch.setitem(HANDLERS, "probe", lambda _row, _now: stop.set())
    put("first")
    put("second")
    worker.run(stop, lambda: now)
    assert (row("first").done_at, row("second").done_at) == (now, None)


def test_it_outlives_a_database_that_is_away(put, row, now: datetime, monkeypatch) -> None:
    stop = threading.Event()
    attempts: list[str] = []

    def away_once(**options) -> Drained:
        attempts.append("try")
        if len(attempts) == 1:
            raise DatabaseError("gone")
        return drain(**options)

    monkeypatch.setattr(worker, "drain", away_once)
    monkeypatch.setitem(HANDLERS, "probe", lambda _row, _now: stop.set())
    put("welcome")
    worker.run(stop, lambda: now)
    assert row("welcome").done_at == now
