"""Who does not come: recorded by itself, with consequences that were written, and an appeal."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from factories.world import NOW, World
from handrail.apps.organizations.models import AuditEntry
from handrail.apps.organizations.refusals import Conflict, NotAllowed, NotFound
from handrail.apps.outbox.runner import drain
from handrail.apps.programs.actions import edit_program
from handrail.apps.sessions import actions
from handrail.apps.sessions.consequences import booking_paused_until, paused_until
from handrail.apps.sessions.models import Session, SessionState
from handrail.apps.sessions.queries import appeals_to_decide
from handrail.integrations.mail_folder import list_mails, read_mail

START = datetime(2026, 2, 3, 10, 0, tzinfo=UTC)  # Tuesday
WEEK = timedelta(weeks=1)
Scene = Any  # of conftest.py


def at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def missed_by_bob(scene: Scene) -> datetime:
    """Alice came, bob did not; ten minutes after the start it is not held."""
    scene.check_in("alice", at(-2))
    actions.settle_overdue(at(10), by=scene.world.system)
    return at(12)


def test_a_programs_own_grace_period_decides(world: World) -> None:
    assert world.program is not None
    program = edit_program(world.program, by=world.viewer("alice"), now=NOW, grace_minutes=15)
    session = actions.book(
        program,
        world.person("bob"),
        world.person("alice"),
        START,
        "Rebase a branch without fear",
        by=world.viewer("bob"),
        now=NOW,
    )
    actions.settle_overdue(at(14), by=world.system)
    session.refresh_from_db()
    assert session.state == SessionState.SCHEDULED
    actions.settle_overdue(at(15), by=world.system)
    session.refresh_from_db()
    assert session.state == SessionState.NOT_HELD


def test_a_mentees_no_show_never_counts_against_the_mentor(scene: Scene) -> None:
    now = missed_by_bob(scene)

    assert scene.attendance() == {"alice": "attended", "bob": "no_show"}
    program = edit_program(
        scene.world.program, by=scene.world.viewer("alice"), now=now, no_show_limit=1
    )
    assert booking_paused_until(program, scene.world.person("bob"), now) == at(14 * 24 * 60)
    assert booking_paused_until(program, scene.world.person("alice"), now) is None


@pytest.mark.parametrize(
    ("missed", "until"),
    [
        ([0], None),
        ([0, 55], 69),  # the second within eight weeks: 14 days from it
        ([0, 56], None),  # eight weeks to the day are over
        ([0, 30, 60], 74),  # each further one begins anew
    ],
)
def test_the_pause_is_reckoned_from_the_figures(missed: list[int], until: int | None) -> None:
    found = paused_until(
        [START + timedelta(days=day) for day in missed],
        limit=2,
        weeks=8,
        days=14,
        now=START + timedelta(days=60, hours=1),
    )
    assert found == (None if until is None else START + timedelta(days=until))


def test_after_no_shows_a_mentee_books_nothing_and_a_lead_still_does(scene: Scene) -> None:
    now, world = missed_by_bob(scene), scene.world
    program = edit_program(world.program, by=world.viewer("alice"), now=now, no_show_limit=1)
    later = START + timedelta(days=2)

    def book(name: str, now: datetime = now) -> Session:
        bob, alice = world.person("bob"), world.person("alice")
        return actions.book(
            program, bob, alice, later, "Rebase a branch", by=world.viewer(name), now=now
        )

    with pytest.raises(Conflict) as refused:
        book("bob")
    assert refused.value.code == "booking-paused"
    assert str(refused.value.message) == (
        "You missed sessions, so you can book again from Feb. 17, 2026. If it was otherwise, say"
        " so in the room of the session; a lead can book for you meanwhile."
    )
    assert book("alice").state == SessionState.SCHEDULED


def test_an_appeal_that_is_accepted_corrects_the_seat_and_ends_the_pause(scene: Scene) -> None:
    now, world = missed_by_bob(scene), scene.world
    program = edit_program(world.program, by=world.viewer("alice"), now=now, no_show_limit=1)
    later = now + timedelta(days=3)

    said = actions.appeal(scene.session, "My power was cut.", by=scene.by("bob"), now=later)

    assert [one.text for one in appeals_to_decide(world.viewer("alice"))] == ["My power was cut."]
    assert list(appeals_to_decide(world.viewer("bob"))) == []
    actions.decide_appeal(said, "excused", word="Of course.", by=scene.by("alice"), now=later)
    assert scene.attendance() == {"alice": "attended", "bob": "not_recorded"}
    assert scene.fresh().state == SessionState.NOT_HELD
    assert booking_paused_until(program, world.person("bob"), later) is None
    line = AuditEntry.objects.get(verb="session.appeal_decided")
    assert line.detail == {
        "person": str(world.person("bob").public_id),
        "decision": "excused",
        "before": "no_show",
        "after": "not_recorded",
    }
    with pytest.raises(Conflict, match="decided meanwhile"):
        actions.decide_appeal(said, "stands", by=scene.by("alice"), now=later)


def test_who_was_there_after_all_is_asked_for_the_artifact_from_then_on(scene: Scene) -> None:
    missed_by_bob(scene)
    later = START + timedelta(days=5)
    said = actions.appeal(scene.session, "We talked by phone.", by=scene.by("bob"), now=later)

    actions.decide_appeal(said, "attended", by=scene.by("alice"), now=later)

    assert scene.attendance() == {"alice": "attended", "bob": "attended"}
    assert scene.fresh().state == SessionState.AWAITING_ARTIFACT
    asked = scene.waiting("mail.artifact")
    assert [row.due_at - later for row in asked[:2]] == [timedelta(hours=2)] * 2


def test_nobody_decides_about_themselves_and_a_stranger_sees_nothing(scene: Scene) -> None:
    now = missed_by_bob(scene)
    with pytest.raises(Conflict, match="nothing to correct"):
        actions.appeal(scene.session, "I was there.", by=scene.by("alice"), now=now)
    with pytest.raises(NotFound):
        actions.appeal(scene.session, "I was there.", by=scene.by("charlie"), now=now)
    said = actions.appeal(scene.session, "I was there.", by=scene.by("bob"), now=now)
    again = actions.appeal(scene.session, "I was there.", by=scene.by("bob"), now=now)
    assert again.pk == said.pk
    with pytest.raises(NotAllowed):
        actions.decide_appeal(said, "attended", by=scene.by("bob"), now=now)
    with pytest.raises(NotFound):
        actions.decide_appeal(said, "attended", by=scene.by("charlie"), now=now)


def test_an_appeal_comes_within_14_days(scene: Scene) -> None:
    missed_by_bob(scene)
    late = START + timedelta(days=14, minutes=1)
    with pytest.raises(Conflict) as refused:
        actions.appeal(scene.session, "My power was cut.", by=scene.by("bob"), now=late)
    assert refused.value.code == "too-late"


def test_each_learns_by_mail_what_concerns_them(
    scene: Scene, tmp_path: Path, settings: Any
) -> None:
    settings.MAIL, settings.MAIL_FOLDER = "folder", tmp_path
    drain(now=START - timedelta(hours=30))  # the invitations

    def sent(now: datetime) -> dict[str, str]:
        before = {mail.name for mail in list_mails(tmp_path)}
        while drain(now=now).delivered:
            pass
        found = {}
        for row in list_mails(tmp_path):
            mail = read_mail(tmp_path, row.name) if row.name not in before else None
            part = mail.get_body(("plain",)) if mail is not None else None
            if part is not None:
                found[row.recipient.partition("@")[0].split()[-1].strip("<")] = part.get_content()
        return found

    sent(at(-1))
    now = missed_by_bob(scene)
    told = sent(now)
    assert set(told) == {"bob"}
    assert "You are recorded as not there." in told["bob"]
    assert "within 8 weeks" in " ".join(told["bob"].split())

    said = actions.appeal(scene.session, "My power was cut.", by=scene.by("bob"), now=now)
    told = sent(now)
    assert set(told) == {"alice"}
    assert "My power was cut." in told["alice"]

    actions.decide_appeal(said, "stands", word="Next time?", by=scene.by("alice"), now=now)
    told = sent(now)
    assert set(told) == {"bob"}
    assert "It stays as it was recorded." in told["bob"]
    assert "Next time?" in told["bob"]
