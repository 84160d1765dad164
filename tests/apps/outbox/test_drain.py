"""Delivering: in order, again after a failure, given up visibly, never in another's name."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django_scopes import get_scope

from handrail.apps.organizations.models import Organization
from handrail.apps.organizations.refusals import NotAllowed, NotFound
from handrail.apps.organizations.scope import reading, running_outbox
from handrail.apps.organizations.viewer import Viewer, ViewerKind
from handrail.apps.outbox.actions import Drained, drain, retry_dead
from handrail.apps.outbox.handlers import HANDLERS, RULES, Undeliverable
from handrail.apps.outbox.models import OutboxRow
from handrail.apps.outbox.queries import dead_letters, waiting
from handrail.apps.outbox.runner import LONGEST_PAUSE, MOST_TRIES, pause_after


class Receiver:
    """Takes what is delivered; refuses the names it is told to."""

    def __init__(self, *refused: str) -> None:
        self.got: list[str] = []
        self.refused = set(refused)

    def __call__(self, row: OutboxRow, now: datetime) -> None:
        if row.dedupe in self.refused:
            raise ConnectionError(f"no route to {row.dedupe}@example.org")
        self.got.append(row.dedupe)


def run(receiver: Receiver, now: datetime, **options) -> Drained:
    return drain(now=now, handlers={"probe": receiver}, **options)


def test_a_due_row_is_delivered_once(put, row, now: datetime) -> None:
    put("welcome")
    receiver = Receiver()
    assert run(receiver, now) == Drained(delivered=1)
    assert run(receiver, now) == Drained()
    assert (receiver.got, row("welcome").done_at) == (["welcome"], now)


def test_a_row_waits_until_it_is_due(put, now: datetime) -> None:
    put("later", due_at=now + timedelta(minutes=1))
    receiver = Receiver()
    run(receiver, now)
    assert receiver.got == []
    run(receiver, now + timedelta(minutes=1))
    assert receiver.got == ["later"]


def test_rows_leave_in_the_order_of_their_due_time(put, now: datetime) -> None:
    put("second", due_at=now - timedelta(minutes=1))
    put("first", due_at=now - timedelta(minutes=2))
    put("third", due_at=now - timedelta(minutes=1))
    receiver = Receiver()
    run(receiver, now)
    assert receiver.got == ["first", "second", "third"]


def test_no_more_than_the_limit_leaves_at_once(put, now: datetime) -> None:
    for name in "abc":
        put(name)
    receiver = Receiver()
    assert run(receiver, now, limit=2) == Drained(delivered=2)
    assert receiver.got == ["a", "b"]


def test_within_a_stream_nothing_overtakes_a_failed_row(put, now: datetime) -> None:
    put("invitation", stream="booking 1", due_at=now - timedelta(minutes=2))
    put("update", stream="booking 1", due_at=now - timedelta(minutes=1))
    put("other", stream="booking 2")
    receiver = Receiver("invitation")
    assert run(receiver, now) == Drained(delivered=1, failed=1)
    assert receiver.got == ["other"]
    receiver.refused.clear()
    run(receiver, now + timedelta(minutes=1))
    assert receiver.got == ["other", "invitation", "update"]


def test_a_row_that_is_due_later_holds_nobody_up(put, now: datetime) -> None:
    put("reminder", stream="booking 1", due_at=now + timedelta(days=1))
    put("update", stream="booking 1")
    receiver = Receiver()
    run(receiver, now)
    assert receiver.got == ["update"]


def test_the_same_stream_elsewhere_holds_nobody_up(
    put, southwind: Organization, now: datetime
) -> None:
    put("failing", stream="booking 1", due_at=now - timedelta(minutes=1))
    put("theirs", stream="booking 1", organization=southwind)
    receiver = Receiver("failing")
    run(receiver, now)
    assert receiver.got == ["theirs"]


def test_a_failed_row_is_not_tried_again_at_once(put, now: datetime) -> None:
    put("welcome")
    receiver = Receiver("welcome")
    run(receiver, now)
    assert run(receiver, now + timedelta(seconds=22)) == Drained()


def test_a_failed_row_is_tried_again_after_its_pause(put, row, now: datetime) -> None:
    put("welcome")
    receiver = Receiver("welcome")
    run(receiver, now)
    receiver.refused.clear()
    assert run(receiver, now + timedelta(seconds=38)) == Drained(delivered=1)
    assert (row("welcome").attempts, row("welcome").last_error) == (2, "")


@pytest.mark.parametrize(
    ("tries", "shortest", "longest"),
    [(1, 22.5, 37.5), (2, 45, 75), (5, 360, 600), (7, 1440, 2400)],
)
def test_pauses_double_with_a_quarter_of_jitter(
    tries: int, shortest: float, longest: float
) -> None:
    pauses = [pause_after(tries, uuid.UUID(int=n)).total_seconds() for n in range(50)]
    assert shortest <= min(pauses) < max(pauses) <= longest
    assert len(set(pauses)) == 50


def test_the_pause_stops_growing_at_six_hours() -> None:
    assert pause_after(30, uuid.UUID(int=1)) <= LONGEST_PAUSE * 1.25


def test_after_eight_tries_a_row_is_a_dead_letter(
    put, row, northwind: Organization, now: datetime
) -> None:
    put("welcome")
    receiver = Receiver("welcome")
    moment, totals = now, []
    for _ in range(MOST_TRIES + 1):
        totals.append(run(receiver, moment))
        moment += timedelta(days=1)
    assert totals == [Drained(failed=1)] * 7 + [Drained(dead=1), Drained()]
    with reading(northwind):
        letters = dead_letters(Viewer.system(northwind))
        assert [(letter.dedupe, letter.attempts) for letter in letters] == [("welcome", 8)]


def test_an_error_is_kept_by_its_name_without_addresses(put, row, now: datetime) -> None:
    put("welcome")
    run(Receiver("welcome"), now)
    assert row("welcome").last_error == "ConnectionError"


def test_what_cannot_be_delivered_is_given_up_at_once(put, row, now: datetime) -> None:
    def refuse(_row: OutboxRow, _now: datetime) -> None:
        raise Undeliverable("refused 550")

    put("welcome")
    assert drain(now=now, handlers={"probe": refuse}) == Drained(dead=1)
    assert (row("welcome").dead_at, row("welcome").last_error) == (now, "refused 550")


def test_a_kind_nobody_delivers_is_given_up_at_once(put, row, now: datetime) -> None:
    put("welcome", kind="mail.unknown")
    assert drain(now=now) == Drained(dead=1)
    assert row("welcome").last_error == "no handler"


def test_a_dead_letter_does_not_hold_up_its_stream(put, now: datetime) -> None:
    put("bad", kind="mail.unknown", stream="booking 1", due_at=now - timedelta(minutes=1))
    put("update", stream="booking 1")
    receiver = Receiver()
    assert run(receiver, now) == Drained(delivered=1, dead=1)


def test_a_retried_dead_letter_is_delivered(
    put, row, northwind: Organization, now: datetime
) -> None:
    put("welcome", kind="mail.unknown")
    drain(now=now)
    retry_dead(row("welcome").public_id, by=Viewer.system(northwind), now=now)
    receiver = Receiver()
    drain(now=now, handlers={"mail.unknown": receiver})
    assert receiver.got == ["welcome"]


def test_a_neighbours_dead_letter_looks_absent(
    put, row, southwind: Organization, now: datetime
) -> None:
    put("welcome", kind="mail.unknown")
    drain(now=now)
    with pytest.raises(NotFound):
        retry_dead(row("welcome").public_id, by=Viewer.system(southwind), now=now)


def test_a_member_sees_neither_waiting_nor_dead_letters(northwind: Organization) -> None:
    bob = Viewer(organization=northwind, kind=ViewerKind.PERSON)
    with reading(northwind):
        with pytest.raises(NotAllowed):
            waiting(bob)
        with pytest.raises(NotAllowed):
            dead_letters(bob)


def test_a_leased_row_belongs_to_its_runner(put, now: datetime) -> None:
    put("welcome")
    receiver = Receiver()
    other = Receiver()

    def meanwhile(row: OutboxRow, moment: datetime) -> None:
        run(other, moment)
        receiver(row, moment)

    drain(now=now, handlers={"probe": meanwhile})
    assert (receiver.got, other.got) == (["welcome"], [])


def test_a_lost_runners_row_is_taken_over_when_its_lease_ends(put, row, now: datetime) -> None:
    put("welcome")
    lose_runner(now)
    receiver = Receiver()
    assert run(receiver, now + timedelta(seconds=119)) == Drained()
    assert run(receiver, now + timedelta(seconds=120)) == Drained(delivered=1)
    assert row("welcome").attempts == 2


def test_a_row_that_loses_every_runner_becomes_a_dead_letter(put, row, now: datetime) -> None:
    put("poison")
    moment = now
    for _ in range(MOST_TRIES):
        lose_runner(moment)
        moment += timedelta(minutes=2)
    receiver = Receiver()
    run(receiver, moment)
    assert (receiver.got, row("poison").last_error) == ([], "runner lost")


def test_who_lost_the_lease_cannot_mark_the_row(put, row, now: datetime) -> None:
    put("welcome")
    late = now + timedelta(minutes=5)
    receiver = Receiver()

    def slow(_row: OutboxRow, _now: datetime) -> None:
        run(receiver, late)  # takes the row over and delivers it
        raise ConnectionError

    assert drain(now=now, handlers={"probe": slow}) == Drained()
    assert (receiver.got, row("welcome").done_at) == (["welcome"], late)


def lose_runner(now: datetime) -> None:
    """A runner that is killed while it delivers: nothing of it is left but the lease."""

    def killed(_row: OutboxRow, _now: datetime) -> None:
        raise SystemExit

    with pytest.raises(SystemExit):
        drain(now=now, handlers={"probe": killed})


def test_a_handler_works_inside_the_rows_organization(
    put, southwind: Organization, now: datetime
) -> None:
    put("ours")
    put("theirs", organization=southwind)
    seen: list[tuple[str, list[str]]] = []

    def look(row: OutboxRow, _now: datetime) -> None:
        own = [other.dedupe for other in OutboxRow.objects.all()]
        seen.append((get_scope()["organization"].name, own))

    drain(now=now, handlers={"probe": look})
    assert seen == [("Northwind", ["ours"]), ("Southwind", ["theirs"])]


@pytest.mark.django_db(transaction=True)
def test_a_handler_runs_outside_any_transaction(put, now: datetime) -> None:
    put("welcome")
    open_transactions: list[bool] = []
    drain(
        now=now,
        handlers={"probe": lambda _row, _now: open_transactions.append(connection.in_atomic_block)},
    )
    assert open_transactions == [False]


def test_the_clock_moves_on_while_draining(put, row, now: datetime) -> None:
    put("a")
    put("b")
    ticks = iter(now + timedelta(seconds=n) for n in range(100))
    drain(now=now, clock=lambda: next(ticks), handlers={"probe": Receiver()})
    assert row("a").done_at < row("b").done_at


def test_a_stopped_runner_takes_nothing_more(put, now: datetime) -> None:
    put("a")
    put("b")
    receiver = Receiver()
    run(receiver, now, stopped=lambda: bool(receiver.got))
    assert receiver.got == ["a"]


def test_every_rule_has_a_handler() -> None:
    assert set(RULES) <= set(HANDLERS)


def test_the_runner_sees_every_organization(put, southwind: Organization) -> None:
    put("ours")
    put("theirs", organization=southwind)
    with running_outbox():
        assert OutboxRow.objects.count() == 2
