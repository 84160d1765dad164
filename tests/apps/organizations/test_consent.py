"""The consent ledger: append-only, one reader, each for themself."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.db import DatabaseError, transaction

import handrail
from handrail.apps.organizations.actions import record_consent
from handrail.apps.organizations.models import AuditEntry, ConsentRecord
from handrail.apps.organizations.queries import consent
from handrail.apps.organizations.refusals import Invalid, NotAllowed
from handrail.apps.organizations.scope import reading
from handrail.apps.organizations.viewer import Viewer

BOB = UUID(int=2)


def say(by: Viewer, given: bool, now: datetime, *, subject: UUID = BOB) -> ConsentRecord:
    return record_consent(
        subject, "reminders", given, text_version="v1", channel="web", by=by, now=now
    )


def test_who_was_never_asked_has_said_nothing(bob: Viewer) -> None:
    with reading(bob.organization):
        assert consent(BOB, "reminders") is None


def test_the_last_word_counts(bob: Viewer, now: datetime) -> None:
    say(bob, True, now)
    say(bob, False, now + timedelta(minutes=1))
    with reading(bob.organization):
        assert consent(BOB, "reminders") is False
        assert ConsentRecord.objects.count() == 2


def test_two_words_at_the_same_moment_count_in_the_order_of_saying(
    bob: Viewer, now: datetime
) -> None:
    say(bob, False, now)
    say(bob, True, now)
    with reading(bob.organization):
        assert consent(BOB, "reminders") is True


def test_a_word_on_one_purpose_says_nothing_on_another(bob: Viewer, now: datetime) -> None:
    say(bob, True, now)
    with reading(bob.organization):
        assert consent(BOB, "mentor_named") is None


def test_an_administrator_does_not_speak_for_others(alice: Viewer, now: datetime) -> None:
    with pytest.raises(NotAllowed):
        say(alice, True, now)


def test_an_unknown_purpose_is_refused(bob: Viewer, now: datetime) -> None:
    with pytest.raises(Invalid):
        record_consent(BOB, "tracking", True, text_version="v1", channel="web", by=bob, now=now)


def test_the_same_person_id_elsewhere_has_said_nothing(
    bob: Viewer, mallory: Viewer, now: datetime
) -> None:
    say(bob, True, now)
    with reading(mallory.organization):
        assert consent(BOB, "reminders") is None


@pytest.mark.parametrize("change", ["update", "delete"])
def test_the_database_refuses_to_change_the_ledger(change: str, bob: Viewer, now: datetime) -> None:
    line = say(bob, True, now)
    with reading(bob.organization):
        rows = ConsentRecord.objects.filter(pk=line.pk)
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            rows.update(given=False) if change == "update" else rows.delete()
        assert consent(BOB, "reminders") is True


@pytest.mark.parametrize("change", ["update", "delete"])
def test_the_database_refuses_to_change_the_audit_record(change: str, alice: Viewer) -> None:
    with reading(alice.organization):
        before = list(AuditEntry.objects.values_list("pk", "verb"))
        rows = AuditEntry.objects.all()
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            rows.update(verb="nothing") if change == "update" else rows.delete()
        assert list(AuditEntry.objects.values_list("pk", "verb")) == before


def test_nothing_but_the_one_reader_reads_the_ledger() -> None:
    source = Path(handrail.__file__).parent
    named = {
        str(path.relative_to(source))
        for path in source.rglob("*.py")
        if re.search(r"\bConsentRecord\b", path.read_text()) and "migrations" not in path.parts
    }
    assert named == {
        "apps/organizations/actions.py",
        "apps/organizations/models.py",
        "apps/organizations/queries.py",
    }
