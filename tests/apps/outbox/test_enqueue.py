"""What goes into the outbox, once, and what is taken back."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from handrail.apps.organizations.models import Organization
from handrail.apps.organizations.scope import reading, writing
from handrail.apps.organizations.viewer import Viewer
from handrail.apps.outbox.actions import cancel_pending, drain, enqueue, forget_delivered
from handrail.apps.outbox.models import OutboxRow
from handrail.apps.outbox.queries import waiting
from handrail.apps.outbox.tasks import enqueue_rules


def names(organization: Organization) -> list[str]:
    with reading(organization):
        return [row.dedupe for row in waiting(Viewer.system(organization))]


def test_a_row_holds_what_was_put_in(put, northwind: Organization, now: datetime) -> None:
    put("welcome", stream="booking 1", due_at=now + timedelta(hours=1))
    with reading(northwind):
        row = OutboxRow.objects.get()
    assert (row.kind, row.ref, row.stream, row.due_at, row.created_at, row.attempts) == (
        "probe",
        {"name": "welcome"},
        "booking 1",
        now + timedelta(hours=1),
        now,
        0,
    )


def test_the_same_key_twice_is_one_row(northwind: Organization, now: datetime) -> None:
    def put_once() -> bool:
        return enqueue(
            "probe", ref={}, dedupe="k", due_at=now, stream="s", now=now, organization=northwind
        )

    with writing(northwind):
        assert [put_once(), put_once()] == [True, False]


@pytest.mark.parametrize(("name", "longest"), [("stream", 80), ("dedupe", 160), ("kind", 48)])
def test_what_is_too_long_for_one_engine_is_refused_on_both(
    northwind: Organization, now: datetime, name: str, longest: int
) -> None:
    asked = {"kind": "probe", "stream": "s", "dedupe": "k"}
    when = {"due_at": now, "now": now, "organization": northwind}
    with writing(northwind):
        assert enqueue(ref={}, **{**asked, name: "x" * longest}, **when)
        with pytest.raises(ValueError, match=f"{name} holds {longest} characters"):
            enqueue(ref={}, **{**asked, name: "x" * (longest + 1)}, **when)


def test_the_same_key_in_two_organizations_is_two_rows(
    put, northwind: Organization, southwind: Organization
) -> None:
    put("welcome")
    put("welcome", organization=southwind)
    assert (names(northwind), names(southwind)) == (["welcome"], ["welcome"])


def test_a_row_of_a_transaction_that_breaks_never_existed(
    put, northwind: Organization, now: datetime
) -> None:
    def break_off() -> None:
        with writing(northwind):
            put("welcome")
            raise KeyError

    with pytest.raises(KeyError):
        break_off()
    assert names(northwind) == []


def test_pending_rows_of_the_named_kinds_are_taken_back(
    put, northwind: Organization, now: datetime
) -> None:
    put("reminder", stream="booking 1", kind="mail.reminder")
    put("update", stream="booking 1", kind="mail.update")
    put("other booking", stream="booking 2", kind="mail.reminder")
    with writing(northwind):
        count = cancel_pending("booking 1", ["mail.reminder"], organization=northwind, now=now)
    assert (count, names(northwind)) == (1, ["update", "other booking"])


def test_a_row_taken_back_is_not_delivered(put, northwind: Organization, now: datetime) -> None:
    put("reminder")
    with writing(northwind):
        cancel_pending("reminder", ["probe"], organization=northwind, now=now)
    delivered: list[str] = []
    drain(now=now, handlers={"probe": lambda row, _now: delivered.append(row.dedupe)})
    assert delivered == []


def test_a_delivered_row_is_not_taken_back(put, northwind: Organization, now: datetime) -> None:
    put("welcome")
    drain(now=now, handlers={"probe": lambda _row, _now: None})
    with writing(northwind):
        assert cancel_pending("welcome", ["probe"], organization=northwind, now=now) == 0


def test_old_delivered_rows_are_forgotten_and_waiting_ones_are_not(
    put, northwind: Organization, now: datetime
) -> None:
    put("old")
    drain(now=now, handlers={"probe": lambda _row, _now: None})
    put("waiting")
    with writing(northwind):
        assert forget_delivered(before=now + timedelta(seconds=1)) == 1
    assert names(northwind) == ["waiting"]


def test_a_rule_writes_one_row_for_each_due_time(northwind: Organization, now: datetime) -> None:
    rules = {"rule.tidy": timedelta(minutes=5)}
    moments = [now, now + timedelta(minutes=4, seconds=59), now + timedelta(minutes=5)]
    assert [enqueue_rules(now=moment, rules=rules) for moment in moments] == [1, 0, 1]
    assert names(northwind) == ["rule.tidy:2026-02-02T09:00:00Z", "rule.tidy:2026-02-02T09:05:00Z"]


def test_a_clock_set_back_by_an_hour_writes_no_rule_twice(
    northwind: Organization, now: datetime
) -> None:
    rules = {"rule.tidy": timedelta(hours=24)}
    moments = [now, now - timedelta(hours=1), now, now + timedelta(hours=1)]
    assert [enqueue_rules(now=moment, rules=rules) for moment in moments] == [1, 0, 0, 0]


def test_a_rule_is_written_in_every_organization(
    northwind: Organization, southwind: Organization, now: datetime
) -> None:
    assert enqueue_rules(now=now, rules={"rule.tidy": timedelta(hours=24)}) == 2
    assert names(southwind) == ["rule.tidy:2026-02-02T00:00:00Z"]
