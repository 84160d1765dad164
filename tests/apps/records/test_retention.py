"""What is old goes and nothing else does; what is told beforehand is what goes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction
from django.db.utils import DatabaseError

from factories.world import NOW, World
from handrail.apps.hiring.models import Offer
from handrail.apps.organizations.actions import record_audit
from handrail.apps.organizations.models import AuditEntry
from handrail.apps.organizations.refusals import Invalid, NotAllowed
from handrail.apps.organizations.scope import reading, writing
from handrail.apps.programs.models import Program
from handrail.apps.records import ledger, retention
from handrail.apps.sessions import actions as sessions
from handrail.apps.sessions.models import RoomText

pytestmark = [pytest.mark.django_db, pytest.mark.later_on_postgresql]
DAY = timedelta(days=1)


def would_go(world: World, days: int) -> dict[str, int]:
    found = retention.periods(by=world.viewer("adam"), now=NOW + days * DAY)
    return {one.kind: one.would_go for one in found if one.would_go}


def test_each_kind_goes_when_its_period_is_over_and_the_chain_holds(fresh_world: World) -> None:
    world, system = fresh_world, fresh_world.system
    assert world.program is not None
    with writing(world.organization):
        session = sessions.book(
            world.program,
            world.person("bob"),
            world.person("alice"),
            NOW + DAY + timedelta(hours=2),
            "Rebase",
            by=world.viewer("bob"),
            now=NOW,
        )
        RoomText.objects.create(
            organization=world.organization,
            session=session,
            person=world.person("bob"),
            field="notes",
            body="words",
            updated_at=NOW,
        )
        for n, outcome in enumerate(("declined", "accepted", "pending")):
            Offer.objects.create(
                organization=world.organization,
                applicant=f"ada-{n}",
                requisition="R1",
                token=f"t{n}",
                offered_at=NOW,
                outcome=outcome,
                decided_at=None if outcome == "pending" else NOW,
                recorded_at=NOW,
            )
        Program.objects.filter(pk=world.program.pk).update(ends_on=NOW.date())
    ledger.seal_ledgers(by=system, now=NOW)
    with reading(world.organization):
        entries = AuditEntry.objects.count()
    assert would_go(world, 180) == {}
    assert would_go(world, 181) == {"offers": 1}
    assert would_go(world, 366) == {"offers": 1, "notes": 1}

    # A longer period is an administrator's word; what it was before the word does not go.
    retention.set_periods({"notes": 700}, by=world.viewer("adam"), now=NOW)
    assert retention.let_go(by=system, now=NOW + 366 * DAY) == {"offers": 1}
    with reading(world.organization):
        assert RoomText.objects.filter(session=session, body="words").exists()
        left = sorted(Offer.objects.values_list("outcome", flat=True))
        assert left == ["accepted", "declined", "pending"]  # every comparison counts as before
        names = set(Offer.objects.values_list("applicant", flat=True))
        assert names >= {"ada-1", "ada-2"}
        assert "ada-0" not in names
    assert retention.let_go(by=system, now=NOW + 366 * DAY) == {}
    assert retention.let_go(by=system, now=NOW + 701 * DAY) == {"notes": 1}

    # The record of who did what goes last, and its chain tells that from a deletion.
    day = NOW + 731 * DAY
    assert retention.let_go(by=system, now=day)["audit"] >= entries
    ledger.seal_ledgers(by=system, now=day)
    verdict = ledger.verify_ledgers(by=system)
    assert (verdict.is_whole, verdict.sealed > entries) == (True, True)
    with reading(world.organization):
        assert (
            not ledger.LedgerSeal.objects.filter(row_at__lte=NOW)
            .exclude(salt="")
            .exclude(ledger="consent")
        )
        gone = AuditEntry.objects.filter(verb=ledger.LET_GO).get()
        assert gone.detail["kind"] == "audit"


def test_the_database_lets_no_younger_row_go_and_nobody_else_decides(fresh_world: World) -> None:
    world = fresh_world
    with reading(world.organization):
        record_audit(by=world.system, verb="test.done", object_type="x", object_id=1, now=NOW)
        with pytest.raises(DatabaseError), transaction.atomic():
            AuditEntry.objects.filter(verb="test.done")._raw_delete("default")
        organization = type(world.organization).objects.filter(pk=world.organization.pk)
        organization.update(purging_before=NOW)
        with pytest.raises(DatabaseError), transaction.atomic():
            AuditEntry.objects.filter(verb="test.done")._raw_delete("default")
        organization.update(purging_before=NOW + timedelta(seconds=1))
        assert AuditEntry.objects.filter(verb="test.done")._raw_delete("default") == 1
    with pytest.raises(NotAllowed):
        retention.periods(by=world.viewer("alice"), now=NOW)
    with pytest.raises(NotAllowed):
        retention.let_go(by=world.viewer("adam"), now=NOW)
    for days in ({"audit": 10}, {"events": 60}, {"words": 40}):
        with pytest.raises(Invalid):
            retention.set_periods(days, by=world.viewer("adam"), now=NOW)
