"""The ledgers under seal: what is done to them behind the house's back is located."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection

from factories.world import NOW, World
from handrail.apps.organizations import guards
from handrail.apps.organizations.actions import record_audit, record_consent
from handrail.apps.organizations.models import AuditEntry, ConsentRecord
from handrail.apps.organizations.scope import reading, writing
from handrail.apps.records import ledger

pytestmark = [pytest.mark.django_db, pytest.mark.later_on_postgresql]


def found(world: World) -> set[tuple[str, str]]:
    return {(f.kind, f.row) for f in ledger.verify_ledgers(by=world.viewer("otto")).findings}


def test_what_is_altered_deleted_or_reordered_in_the_tables_is_located(
    fresh_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = fresh_world
    bob = world.person("bob").public_id
    monkeypatch.setattr(ledger, "BATCH", 7)  # several batches make one chain
    with writing(world.organization):
        record_consent(
            bob, "recording", True, text_version="1", channel="web", by=world.viewer("bob"), now=NOW
        )
        for n in range(12):
            record_audit(
                by=world.system, verb="test.done", object_type="thing", object_id=n, now=NOW
            )
        written = AuditEntry.objects.count() + ConsentRecord.objects.count()
    assert ledger.seal_ledgers(by=world.system, now=NOW) == written
    assert ledger.seal_ledgers(by=world.system, now=NOW) == 0
    verdict = ledger.verify_ledgers(by=world.viewer("adam"))
    assert (verdict.is_whole, verdict.sealed, verdict.unsealed) == (True, written, 0)
    assert ledger.verify_ledgers(by=world.system, head=verdict.head).is_whole
    assert not ledger.verify_ledgers(by=world.system, head="0" * 64).is_whole

    # Whoever gets at the tables themselves takes the guards away first.
    with reading(world.organization):
        ids = list(AuditEntry.objects.filter(verb="test.done").values_list("pk", flat=True))
        consent = ConsentRecord.objects.get(purpose="recording").pk
    altered, deleted, one, other = ids[1], ids[3], ids[5], ids[9]
    if connection.vendor == "sqlite":
        guards.sqlite.remove(connection)
    with reading(world.organization), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            for ledger_table in ("organizations_auditentry", "organizations_consentrecord"):
                cursor.execute(f"ALTER TABLE {ledger_table} DISABLE TRIGGER USER")
        table = "organizations_auditentry"
        cursor.execute(f"UPDATE {table} SET actor = 'system:nobody' WHERE id = %s", [altered])
        cursor.execute(f"DELETE FROM {table} WHERE id = %s", [deleted])
        for row, thing in ((one, "9"), (other, "5")):
            cursor.execute(f"UPDATE {table} SET object_id = %s WHERE id = %s", [thing, row])
        cursor.execute(
            "UPDATE organizations_consentrecord SET given = %s WHERE id = %s", [False, consent]
        )
    assert found(world) == {
        ("altered", f"audit:{altered}"),
        ("missing", f"audit:{deleted}"),
        ("altered", f"audit:{one}"),
        ("altered", f"audit:{other}"),
        ("altered", f"consent:{consent}"),
    }
    # A judge that looked at the links alone would call this ledger whole.
    monkeypatch.setattr("handrail.domain.records.chain.leaf_of", lambda salt, content: "")
    monkeypatch.setattr(
        "handrail.apps.records.ledger.check",
        lambda links, rows, **more: ledger_check_of_links(links, **more),
    )
    assert found(world) == set()


def ledger_check_of_links(links: list[ledger.Link], **more: object) -> list[ledger.Finding]:
    keys = more["keys"]
    assert isinstance(keys, list)
    before, wrong = ledger.START, []
    for link in links:
        if ledger.follow(before, link.row, link.leaf, key=keys[0]) != link.chain:
            wrong.append(ledger.Finding("link_broken", link.n, link.row))
        before = link.chain
    return wrong


def test_only_who_may_read_the_record_checks_it(fresh_world: World) -> None:
    with pytest.raises(ledger.NotAllowed):
        ledger.verify_ledgers(by=fresh_world.viewer("alice"))
    with pytest.raises(ledger.NotAllowed):
        ledger.seal_ledgers(by=fresh_world.viewer("adam"), now=NOW + timedelta(days=1))
