"""A session gets another mentor: its people, its mails and its reminders follow, its time stays."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from apps.sessions.test_mails import _calendar, _sent, _text, at, folder
from factories.world import NOW
from handrail.apps.calendars.refusals import SlotTaken
from handrail.apps.organizations.refusals import Conflict
from handrail.apps.sessions import actions

__all__ = ["folder"]


def test_everybody_is_told_and_the_time_stays(scene: Any, folder: Path) -> None:
    nora = scene.world.add("nora", role="mentor", minutes_per_week=60)
    for name in ("alice", "bob"):
        _sent(folder, NOW, name)
    actions.hand_over(scene.session, nora, by=scene.world.system, now=at(-1000))
    while_sent = _sent(folder, at(-1000), "")
    told = {str(mail["To"]).split("@")[0].split("<")[-1]: mail for mail in while_sent}
    assert set(told) == {"alice", "bob", "nora"}
    assert told["bob"]["Subject"] == "Tue 3 Feb 2026, 11:00: now with Nora"
    assert told["nora"]["Subject"] == "Tue 3 Feb 2026, 11:00: session with Bob"
    assert "Somebody else meets Bob." in _text(told["alice"])
    uid = f"UID:{scene.session.booking.uid}"
    for name, lines in {
        "alice": ("METHOD:CANCEL", "SEQUENCE:1"),
        "bob": ("METHOD:REQUEST", "SEQUENCE:1"),
        "nora": ("METHOD:REQUEST", "SEQUENCE:1"),
    }.items():
        entry = _calendar(told[name])
        assert all(line in entry for line in (*lines, uid)), name
    session = scene.fresh()
    assert (session.state, session.booking.starts_at, session.booking.host_id) == (
        "scheduled",
        at(0),
        nora.pk,
    )
    reminded = [row.ref["person"] for row in scene.waiting("mail.reminder")]
    people = {str(scene.world.person(name).public_id) for name in ("bob", "nora")}
    assert (len(reminded), set(reminded)) == (2, people)


def test_whoever_cannot_does_not_get_it(scene: Any) -> None:
    nora = scene.world.add("nora", role="mentor", minutes_per_week=10)
    with pytest.raises(SlotTaken):
        actions.hand_over(scene.session, nora, by=scene.world.system, now=NOW)
    assert scene.fresh().booking.host_id == scene.world.person("alice").pk
    actions.cancel(scene.session, by=scene.by("bob"), now=NOW)
    with pytest.raises(Conflict):
        actions.hand_over(scene.session, nora, by=scene.world.system, now=NOW)
