"""What leaves the house about a session: in the reader's language, by the reader's clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from factories.world import NOW
from handrail.apps.organizations.actions import record_consent
from handrail.apps.outbox.models import OutboxRow
from handrail.apps.outbox.runner import drain
from handrail.apps.outbox.tasks import enqueue_rules
from handrail.apps.people.models import Person
from handrail.apps.sessions import actions
from handrail.apps.sessions.tasks import when_for
from handrail.integrations.mail_folder import list_mails, read_mail

START = datetime(2026, 2, 3, 10, 0, tzinfo=UTC)  # Tuesday


def at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


@pytest.fixture
def folder(tmp_path: Path, settings: Any) -> Path:
    settings.MAIL = "folder"
    settings.MAIL_FOLDER = tmp_path
    settings.BASE_URL = "https://handrail.example.org"
    return tmp_path


def _sent(folder: Path, now: datetime, to: str) -> list[EmailMessage]:
    """What the runner sends to somebody at this moment."""
    before = {mail.name for mail in list_mails(folder)}
    while drain(now=now).delivered:
        pass
    assert not OutboxRow.objects.exclude(last_error="").exists()
    new = [mail for mail in list_mails(folder) if mail.name not in before]
    found = [read_mail(folder, mail.name) for mail in new if f"{to}@" in mail.recipient]
    return [mail for mail in found if mail is not None]


def _text(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def _calendar(mail: EmailMessage) -> str:
    part = next(p for p in mail.walk() if p.get_content_type() == "text/calendar")
    return str(part.get_content()).replace("\r\n ", "").replace("\n ", "")


def test_an_invitation_says_what_when_and_what_to_prepare(scene: Any, folder: Path) -> None:
    (mail,) = _sent(folder, NOW, "bob")
    text = _text(mail)
    assert mail["Subject"] == "Tue 3 Feb 2026, 11:00: session with Alice"
    assert "Rebase a branch without fear" in text
    assert "Tuesday 3 February 2026, 11:00 your time (Europe/Berlin)" in text
    assert "Note what you already tried" in text
    room = f"https://handrail.example.org/sessions/{scene.session.public_id}/"
    assert room in text
    assert f"{room}cancel/" in text
    assert f"{room}move/" in text


def test_an_invitation_is_a_calendar_request(scene: Any, folder: Path) -> None:
    (mail,) = _sent(folder, NOW, "bob")
    entry = _calendar(mail)
    for line in ("METHOD:REQUEST", "SEQUENCE:0", f"UID:{scene.session.booking.uid}"):
        assert line in entry
    assert "alice@" not in entry


def test_moving_updates_the_same_entry(scene: Any, folder: Path) -> None:
    _sent(folder, NOW, "bob")
    actions.reschedule(scene.session, at(120), by=scene.by("alice"), now=at(-1000))
    (mail,) = _sent(folder, at(-999), "bob")
    entry = _calendar(mail)
    assert mail["Subject"] == "Moved to Tue 3 Feb 2026, 13:00: session with Alice"
    for line in ("METHOD:REQUEST", "SEQUENCE:1", f"UID:{scene.session.booking.uid}"):
        assert line in entry


def test_an_invitation_that_a_move_overtook_is_not_sent(scene: Any, folder: Path) -> None:
    actions.reschedule(scene.session, at(120), by=scene.by("alice"), now=NOW)
    (mail,) = _sent(folder, NOW, "bob")
    assert "SEQUENCE:1" in _calendar(mail)


def test_cancelling_takes_the_entry_out(scene: Any, folder: Path) -> None:
    _sent(folder, NOW, "bob")
    actions.cancel(scene.session, by=scene.by("alice"), now=at(-600))
    (mail,) = _sent(folder, at(-600), "bob")
    entry = _calendar(mail)
    for line in ("METHOD:CANCEL", "STATUS:CANCELLED", "SEQUENCE:1"):
        assert line in entry
    assert "Alice cancelled your session." in _text(mail)


def test_a_reminder_carries_objective_checklist_and_cancel(scene: Any, folder: Path) -> None:
    _sent(folder, NOW, "bob")
    assert _sent(folder, at(-61), "bob") != []  # the one of the day before, late
    (mail,) = _sent(folder, at(-60), "bob")
    text = _text(mail)
    assert mail["Subject"] == "Session with Alice in an hour"
    assert "Rebase a branch without fear" in text
    assert "Test your sound and screen sharing" in text
    assert f"/sessions/{scene.session.public_id}/cancel/" in text


def test_reminders_are_switched_off_by_their_reader_alone(scene: Any, folder: Path) -> None:
    _sent(folder, NOW, "bob")
    record_consent(
        scene.world.person("bob").public_id,
        "reminders",
        False,
        text_version="1",
        channel="web",
        by=scene.by("bob"),
        now=NOW,
    )
    drain(now=at(-60))
    reminded = [m.recipient for m in list_mails(folder) if m.subject.startswith("Session with")]
    assert len(reminded) == 2
    assert all("alice@" in address for address in reminded)


def test_being_asked_for_the_artifact_is_switched_off_by_its_reader_alone(
    scene: Any, folder: Path
) -> None:
    record_consent(
        scene.world.person("bob").public_id,
        "artifact_asked",
        False,
        text_version="1",
        channel="web",
        by=scene.by("bob"),
        now=NOW,
    )
    scene.awaiting_artifact()
    drain(now=at(15 + 120))
    asked = [m.recipient for m in list_mails(folder) if m.subject.startswith("Five minutes")]
    assert len(asked) == 1
    assert "alice@" in asked[0]


def test_nobody_is_reminded_of_a_cancelled_session(scene: Any, folder: Path) -> None:
    _sent(folder, NOW, "bob")
    actions.cancel(scene.session, by=scene.by("bob"), now=NOW)
    _sent(folder, NOW, "bob")
    assert _sent(folder, at(-60), "alice") == []


def test_the_missing_artifact_is_asked_for_until_it_is_there(scene: Any, folder: Path) -> None:
    scene.awaiting_artifact()
    _sent(folder, at(20), "bob")
    (mail,) = _sent(folder, at(15 + 120), "bob")
    assert mail["Subject"] == "Five minutes for what you learned with Alice"
    assert f"/sessions/{scene.session.public_id}/" in _text(mail)
    scene.artifact("bob", at(200))
    assert _sent(folder, at(15 + 1440), "bob") == []


def test_a_mail_speaks_its_readers_language(scene: Any, folder: Path) -> None:
    Person.objects.filter(pk=scene.world.person("bob").pk).update(language="de")
    (mail,) = _sent(folder, NOW, "bob")
    assert "Dienstag" in _text(mail)


def test_the_runner_brings_sessions_up_to_the_clock(scene: Any, folder: Path) -> None:
    scene.running()
    enqueue_rules(now=at(21))
    drain(now=at(21))
    assert scene.fresh().state == "awaiting_artifact"


def test_the_readers_time_first_and_the_others_beside_it(scene: Any) -> None:
    bob, alice = scene.world.person("bob"), scene.world.person("alice")
    alice.timezone = "Pacific/Auckland"
    assert when_for(bob, alice, at(60)) == (
        "Tuesday 3 February 2026, 12:00 your time (Europe/Berlin); Wednesday 00:00 for Alice"
    )
    assert when_for(alice, bob, at(0)) == (
        "Tuesday 3 February 2026, 23:00 your time (Pacific/Auckland); 11:00 for Bob"
    )


def test_one_clock_is_told_once(scene: Any) -> None:
    bob, alice = scene.world.person("bob"), scene.world.person("alice")
    assert when_for(bob, alice, START) == (
        "Tuesday 3 February 2026, 11:00 your time (Europe/Berlin)"
    )
