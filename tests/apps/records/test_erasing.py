"""After an erasure nothing of a person is left in any column or file; a canary stands in each."""

from __future__ import annotations

import json
import zipfile
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, models
from players import make_cast

from factories.world import NOW, World
from handrail.apps.hiring.actions.telling import tell_hire
from handrail.apps.identity.models import NoticeKind
from handrail.apps.identity.noticing import raise_notice
from handrail.apps.organizations.guards.tables import append_only_models
from handrail.apps.organizations.models import User
from handrail.apps.organizations.refusals import Conflict, NotAllowed, NotFound
from handrail.apps.organizations.scope import reading, running_outbox, writing
from handrail.apps.outbox.models import OutboxRow
from handrail.apps.people.models import Person
from handrail.apps.records import erasing, erasures, exporting, ledger, register
from handrail.apps.records.models import DataExport, ExportState
from handrail.apps.sessions import actions as sessions
from handrail.apps.sessions.models import Artifact, RoomText, Session

pytestmark = pytest.mark.django_db
CANARY = "Quillonquist"  # the name
WORDS = "Zanthery"  # what they wrote


def put_canaries(person: Person) -> int:
    """The canary in every column that the register says is this person's; says in how many."""
    address = f"{CANARY}@example.org".lower()
    Person.objects.filter(pk=person.pk).update(
        name=CANARY, email=address, external_id=CANARY, call_link=f"https://x.example/{CANARY}"
    )
    User.objects.filter(memberships__person=person).update(email=address)
    person.refresh_from_db()
    n = 0
    for model in register.tables():
        rows = model._base_manager.filter(organization_id=person.organization_id)
        for entry in register.by_table(model._meta.db_table):
            field: Any = model._meta.get_field(entry.column)
            if entry.rule not in ("blank", "mention", "index", "import"):
                continue
            said = WORDS if entry.rule == "blank" else CANARY
            word: Any = {"a": [said]} if isinstance(field, models.JSONField) else said
            if isinstance(field, models.BinaryField):
                if entry.rule != "import":
                    continue
                word = CANARY.encode()
            for owner in entry.owners if entry.rule == "blank" else ("",):
                theirs = rows.filter(**{owner: person.pk}) if owner else rows
                one = theirs.values_list("pk", flat=True).first()
                if one is not None:
                    n += rows.filter(pk=one).update(**{entry.column: word})
    return n


def hits(world: World) -> set[str]:
    """Every table and column of the database in which the canary stands."""
    found = set()
    with reading(world.organization), connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            quoted = connection.ops.quote_name(table)
            cursor.execute(f"SELECT * FROM {quoted}")
            names = [column[0] for column in cursor.description]
            for row in cursor.fetchall():
                for name, value in zip(names, row, strict=True):
                    text = bytes(value) if isinstance(value, bytes | memoryview) else str(value)
                    whole = text.decode(errors="replace") if isinstance(text, bytes) else text
                    if CANARY.lower() in whole.lower() or WORDS.lower() in whole.lower():
                        found.add(f"{table}.{name}")
    return found


def erase(world: World, name: str) -> None:
    asked = erasures.ask_erasure("Please.", by=world.viewer(name), now=NOW)
    erasures.decide_erasure(asked, True, by=world.viewer("adam"), now=NOW)


def test_every_column_has_a_line_in_the_register_and_every_line_a_column() -> None:
    assert {f"{t}.{c}" for t, c in set(register.register()) ^ register.columns()} == set()
    for entry in register.register().values():
        assert entry.rule in register.RULES, entry
        assert entry.purpose
        assert entry.retention
        assert entry.export in ("", "own", "hidden"), entry


def test_no_line_asks_for_a_change_that_a_ledger_refuses() -> None:
    for model in append_only_models():
        for entry in register.by_table(model._meta.db_table):
            assert entry.rule in ("keep", "ledger"), entry


def with_a_session(world: World) -> Session:
    assert world.program is not None
    with writing(world.organization):
        session = sessions.book(
            world.program,
            world.person("bob"),
            world.person("alice"),
            NOW + timedelta(days=1, hours=2),
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
        Artifact.objects.create(
            organization=world.organization,
            session=session,
            learned="What Bob learned",
            next_step="Go on",
            submitted_by=world.person("alice"),
            submitted_at=NOW,
        )
    return session


@pytest.mark.later_on_postgresql
def test_nothing_of_an_erased_person_is_left_and_the_rest_stands(
    fresh_world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    world = fresh_world
    monkeypatch.setattr(settings, "HOME", tmp_path)
    session = with_a_session(world)
    mails = settings.MAIL_FOLDER
    mails.mkdir(parents=True)
    (mails / "a.eml").write_bytes(f"To: {CANARY}@example.org\n\nHello".encode())
    (mails / "b.eml").write_bytes(b"To: alice@example.org\n\nHello")
    with writing(world.organization):
        assert put_canaries(world.person("bob")) > 3
        Artifact.objects.update(learned=f"What {CANARY} learned")  # written by alice
    mine = exporting.ask_export("person", by=world.viewer("bob"), now=NOW)
    with running_outbox():
        row = OutboxRow.objects.get(kind="records.export")
    with reading(world.organization):
        exporting.make_export(row, NOW)
        path = exporting.path_of(mine)
        with zipfile.ZipFile(path) as archive:
            person = json.loads(archive.read("json/people_person.json"))
            assert [one["name"] for one in person] == [CANARY]
            assert "json/people_notwith.json" not in archive.namelist()
        assert exporting.fetch(mine.public_id, by=world.viewer("bob"), now=NOW)[1] == path
        for name in ("alice", "adam"):
            with pytest.raises(NotFound):
                exporting.fetch(mine.public_id, by=world.viewer(name), now=NOW)

    ledger.seal_ledgers(by=world.system, now=NOW)
    assert len(hits(world)) > 5
    erase(world, "bob")
    assert hits(world) == set()
    assert not path.exists()
    assert sorted(one.name for one in mails.iterdir()) == ["b.eml"]
    assert not User.objects.filter(pk=world.users["bob"].pk).exists()
    assert ledger.verify_ledgers(by=world.system).is_whole
    with reading(world.organization):
        session.refresh_from_db()
        assert session.state == "cancelled"
        assert Artifact.objects.get(session=session).learned == "What – learned"
        assert DataExport.objects.filter(state=ExportState.READY).count() == 0
        assert Person.objects.filter(name="Alice").exists()


@pytest.mark.later_on_postgresql
def test_a_hire_that_was_known_by_its_address_is_so_no_more(fresh_world: World) -> None:
    world = fresh_world
    with reading(world.organization):
        adam, hires = world.viewer("adam"), []
        for name in ("bob", "charlie"):
            person = world.person(name)
            hires.append(tell_hire(by=adam, now=NOW, name=name, work_email=person.email))
            assert hires[-1].application == person.email
            erase(world, name)
        for hire in hires:
            hire.refresh_from_db()
            assert (hire.person, "@" in hire.application) == (None, False)


def test_a_lead_or_an_administrator_decides_and_nobody_about_themself(fresh_world: World) -> None:
    world = fresh_world
    with reading(world.organization):
        asked = erasures.ask_erasure("", by=world.viewer("bob"), now=NOW)
        with pytest.raises(Conflict):
            erasures.ask_erasure("", by=world.viewer("bob"), now=NOW)
        own = erasures.ask_erasure("", by=world.viewer("adam"), now=NOW)
        assert erasures.erasure_for(world.viewer("alice"), asked.public_id) == asked  # leads him
        for name, wish in (("mona", asked), ("charlie", asked), ("adam", own), ("alice", own)):
            with pytest.raises(NotFound):
                erasures.erasure_for(world.viewer(name), wish.public_id)
        erasures.decide_erasure(asked, False, by=world.viewer("alice"), now=NOW)
        assert Person.objects.filter(name="Bob").exists()
        again = erasures.ask_erasure("", by=world.viewer("bob"), now=NOW)
        erasures.withdraw_erasure(by=world.viewer("bob"), now=NOW)
        with pytest.raises(NotFound):
            erasures.decide_erasure(again, True, by=world.viewer("adam"), now=NOW)
        with pytest.raises(NotAllowed):
            exporting.ask_export("organization", by=world.viewer("alice"), now=NOW)


@pytest.mark.nightly
def test_nothing_is_left_where_every_room_has_something(monkeypatch: pytest.MonkeyPatch) -> None:
    """The people of the permission matrix have one of each thing; a line that is missing shows."""
    cast = make_cast()
    with writing(cast.world.organization):
        assert put_canaries(cast.world.person("bob")) > 20
    left_out = ("mentoring_requests_mentoringrequest", "note")
    lines = dict(register.register())
    without = {key: line for key, line in lines.items() if key != left_out}
    monkeypatch.setattr(register, "register", lambda: without)
    with writing(cast.world.organization):
        people = Person.objects.select_related("organization", "membership")
        person = people.get(pk=cast.world.person("bob").pk)
        erasing.erase(person, erasing.locks_of(person, NOW), now=NOW)
    assert hits(cast.world) == {".".join(left_out)}


def test_ones_own_export_tells_no_last_day_ahead(
    fresh_world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    world = fresh_world
    monkeypatch.setattr(settings, "HOME", tmp_path)
    ahead = (NOW + timedelta(days=38)).date()
    with writing(world.organization):
        raise_notice(
            world.person("bob"), NoticeKind.LEFT, source="scim", said={},
            effective_on=ahead, by=world.system, now=NOW,
        )  # fmt: skip
        world.person("bob").spells.update(ended_on=ahead, end_known_since=NOW.date())

    def told(kind: str, by: str, now: datetime) -> bool:
        made = exporting.ask_export(kind, by=world.viewer(by), now=now)
        with running_outbox():
            row = OutboxRow.objects.get(ref__export=str(made.public_id))
        with reading(world.organization):
            exporting.make_export(row, now)
            path = exporting.path_of(made)
        with zipfile.ZipFile(path) as archive:
            texts = [archive.read(f"json/{table}.json").decode() for table in TABLES_OF_AN_END
                     if f"json/{table}.json" in archive.namelist()]  # fmt: skip
        return any(ahead.isoformat() in text for text in texts)

    assert not told("person", "bob", NOW)
    assert told("organization", "adam", NOW)
    assert told("person", "bob", NOW + timedelta(days=39))  # it is over


TABLES_OF_AN_END = ("people_employmentspell", "identity_notice")
