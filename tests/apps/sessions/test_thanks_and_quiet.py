"""Thanks for a session, and automations that are quiet for a while."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from factories.world import NOW
from handrail.apps.organizations.actions import record_consent
from handrail.apps.organizations.refusals import Conflict, Invalid, NotAllowed, NotFound
from handrail.apps.outbox.runner import drain
from handrail.apps.people.automations import automations_of, quiet_now, snooze
from handrail.apps.sessions import actions
from handrail.apps.sessions.queries import program_pulse
from handrail.apps.sessions.thanking import thank, thanks_in, thanks_lately
from handrail.integrations.mail_folder import list_mails, read_mail

START = datetime(2026, 2, 3, 10, 0, tzinfo=UTC)  # Tuesday
WEEK = timedelta(days=7)
Scene = Any  # of conftest.py


@pytest.fixture
def folder(tmp_path: Path, settings: Any) -> Path:
    settings.MAIL, settings.MAIL_FOLDER = "folder", tmp_path
    return tmp_path


def sent(folder: Path, now: datetime, to: str) -> list[str]:
    """The subjects of what leaves for somebody now."""
    before = {mail.name for mail in list_mails(folder)}
    while drain(now=now).delivered:
        pass
    found = []
    for row in list_mails(folder):
        mail = read_mail(folder, row.name) if row.name not in before else None
        if mail is not None and f"{to}@" in row.recipient:
            found.append(str(mail["Subject"]))
    return found


def test_m06_over_without_an_artifact_is_awaited_asked_for_and_counted(
    scene: Scene, folder: Path
) -> None:
    asks = "Five minutes for what you learned with"
    scene.running()
    over = START + timedelta(minutes=20)
    actions.settle_overdue(over, by=scene.world.system)
    pulse = program_pulse(scene.by("alice"), scene.world.program)
    assert pulse.states["awaiting_artifact"] == 1

    two_hours, a_day = over + timedelta(hours=2), over + timedelta(days=1)
    assert [mail for mail in sent(folder, two_hours, "bob") if asks in mail] == [f"{asks} Alice"]
    record_consent(
        scene.world.person("bob").public_id,
        "artifact_asked",
        False,
        text_version="v1",
        channel="web",
        by=scene.by("bob"),
        now=two_hours,
    )
    assert not any(asks in mail for mail in sent(folder, a_day, "bob"))
    scene.artifact("alice", a_day)
    assert not any(asks in mail for mail in sent(folder, over + timedelta(days=3), "alice"))
    pulse = program_pulse(scene.by("alice"), scene.world.program)
    assert (pulse.states["awaiting_artifact"], pulse.states["closed"]) == (0, 1)


def test_thanks_are_for_the_mentor_alone_with_the_sentence_that_followed(
    scene: Scene, folder: Path
) -> None:
    with pytest.raises(Conflict):
        thank(scene.session, by=scene.by("bob"), now=NOW)
    now = scene.awaiting_artifact()
    thank(scene.session, by=scene.by("bob"), now=now)
    thank(scene.session, "You made rebasing plain.", by=scene.by("bob"), now=now)

    for name, seen in (("alice", 1), ("bob", 1), ("adam", 0)):
        found = thanks_in(scene.by(name), scene.session)
        assert [one.sentence for one in found] == ["You made rebasing plain."] * seen, name
    assert len(thanks_lately(scene.by("alice"), now)) == 1
    assert thanks_lately(scene.by("bob"), now) == []
    later = now + timedelta(minutes=11)
    assert [mail for mail in sent(folder, later, "alice") if "thanks" in mail] == [
        "Bob says thanks"
    ]


def test_a_mentor_and_who_stayed_away_have_nothing_to_thank_for(scene: Scene) -> None:
    now = scene.closed()
    with pytest.raises(Conflict):
        thank(scene.session, by=scene.by("alice"), now=now)
    with pytest.raises(NotFound):
        thank(scene.session, by=scene.by("charlie"), now=now)
    with pytest.raises(Invalid):
        thank(scene.session, "x" * 281, by=scene.by("bob"), now=now)


@pytest.mark.parametrize("how", ["quiet for a week", "switched off"])
def test_thanks_by_mail_can_be_quiet_or_off(scene: Scene, folder: Path, how: str) -> None:
    now, alice = scene.closed(), scene.world.person("alice")
    if how == "switched off":
        record_consent(
            alice.public_id,
            "thanks_mailed",
            False,
            text_version="v1",
            channel="web",
            by=scene.by("alice"),
            now=now,
        )
    else:
        snooze(alice, "thanks_mailed", 7, by=scene.by("alice"), now=now)
    thank(scene.session, by=scene.by("bob"), now=now)
    assert "Bob says thanks" not in sent(folder, now + timedelta(minutes=11), "alice")


def test_a_reminder_is_quiet_for_a_week_and_comes_back_by_itself(
    scene: Scene, folder: Path
) -> None:
    bob, by = scene.world.person("bob"), scene.by("bob")
    snooze(bob, "reminders", 7, by=by, now=START - timedelta(days=7, hours=12))
    day_before, hour_before = START - timedelta(days=1), START - timedelta(hours=1)
    assert sent(folder, day_before - timedelta(hours=1), "bob") != []  # the invitation
    assert sent(folder, day_before, "bob") == []
    assert [one.purpose for one in quiet_now(bob, day_before)] == ["reminders"]
    assert quiet_now(bob, hour_before) == []
    assert sent(folder, hour_before, "bob") == ["Session with Alice in an hour"]


def test_it_ends_at_once_when_somebody_wants_that(scene: Scene, folder: Path) -> None:
    bob, by = scene.world.person("bob"), scene.by("bob")
    snooze(bob, "artifact_asked", 7, by=by, now=NOW)
    snooze(bob, "artifact_asked", 0, by=by, now=NOW)
    assert quiet_now(bob, NOW) == []
    asked = [(one.purpose, one.is_on) for one in automations_of(bob, NOW)]
    assert asked == [
        ("reminders", True),
        ("artifact_asked", True),
        ("silence_pauses", True),
        ("quiet_ends", True),
        ("thanks_mailed", True),
        ("answers_checked", True),
        ("question_news", True),
        ("statement_news", True),
    ]


def test_only_oneself_and_only_what_is_done_by_itself(scene: Scene) -> None:
    bob = scene.world.person("bob")
    with pytest.raises(NotAllowed):
        snooze(bob, "reminders", 7, by=scene.by("alice"), now=NOW)
    with pytest.raises(Invalid):
        snooze(bob, "mentor_named", 7, by=scene.by("bob"), now=NOW)
    with pytest.raises(Invalid):
        snooze(bob, "reminders", 29, by=scene.by("bob"), now=NOW)
