"""The play: seeded, through the public verbs, and marked as played."""

from __future__ import annotations

import ast
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import handrail.apps.sessions.simulator
import handrail.site.demo
from factories.world import NOW, World, make_world
from handrail.apps.organizations.scope import reading
from handrail.apps.outbox.models import OutboxRow
from handrail.apps.programs.actions import enrol
from handrail.apps.sessions import actions
from handrail.apps.sessions.models import Artifact, RoomRevision, Session
from handrail.apps.sessions.simulator import Played, play
from handrail.apps.sessions.simulator.playing import STORIES

FIRST = datetime(2026, 2, 3, 8, 0, tzinfo=UTC)
UNTIL = NOW + timedelta(days=14)


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, settings: Any) -> None:
    settings.MAIL = "folder"
    settings.MAIL_FOLDER = tmp_path


def _play(world: World, sessions: int, *, seed: int = 1, story: str | None = None) -> Played:
    """So many sessions with alice, each of another mentee, played to the end."""
    alice = world.person("alice")
    alice.minutes_per_week = 400
    alice.save()
    for number in range(sessions):
        name = f"mentee{number}"
        mentee = world.add(name, role="mentee", wants={"git": 1})
        enrol(world.program, mentee, "mentee", by=world.system, now=NOW)
        actions.book(
            world.program,
            mentee,
            alice,
            FIRST + timedelta(hours=3 * (number % 2), days=number // 2),
            "Make my first own change in git",
            by=world.viewer(name),
            now=NOW,
        )
    return play(world.program, by=world.system, seed=seed, now=NOW, until=UNTIL)


def _only(monkeypatch: pytest.MonkeyPatch, story: str) -> None:
    weights = {name: 100 if name == story else 0 for name in STORIES}
    monkeypatch.setattr("handrail.apps.sessions.simulator.playing.STORIES", weights)


EXPECTED = {
    "held": ("closed", {"alice": "attended", "mentee0": "attended"}),
    "artifact chased": ("closed", {"alice": "attended", "mentee0": "attended"}),
    "artifact missing": ("awaiting_artifact", {"alice": "attended", "mentee0": "attended"}),
    "moved": ("closed", {"alice": "attended", "mentee0": "attended"}),
    "mentee absent": ("not_held", {"alice": "attended", "mentee0": "no_show"}),
    "mentor absent": ("not_held", {"alice": "no_show", "mentee0": "attended"}),
    "nobody came": ("not_held", {"alice": "not_recorded", "mentee0": "not_recorded"}),
    "early cancel": ("cancelled", {"alice": "not_recorded", "mentee0": "not_recorded"}),
}


BY_DAY = {"held", "mentor absent"}


@pytest.mark.parametrize(
    "story",
    [pytest.param(name, marks=[] if name in BY_DAY else pytest.mark.nightly) for name in EXPECTED],
)
def test_each_story_leaves_what_it_says(
    world: World, monkeypatch: pytest.MonkeyPatch, story: str
) -> None:
    _only(monkeypatch, story)
    played = _play(world, 1)
    session = Session.objects.select_related("booking").get()
    seats = session.booking.seats.select_related("person")
    found = {seat.person.external_id: str(seat.attendance) for seat in seats}
    assert (session.state, found) == EXPECTED[story]
    assert (dict(played.stories), played.refused) == ({story: 1}, 0)


def test_a_late_cancellation_is_one_persons(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    _only(monkeypatch, "late cancel")
    _play(world, 1)
    session = Session.objects.select_related("booking").get()
    seats = sorted(str(seat.attendance) for seat in session.booking.seats.all())
    assert (session.state, seats) == ("cancelled", ["late_cancelled", "not_recorded"])


@pytest.mark.nightly
def test_a_moved_session_is_another_time_of_the_same_one(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    _only(monkeypatch, "moved")
    _play(world, 1)
    session = Session.objects.select_related("booking").get()
    assert (session.booking.sequence, session.state) == (1, "closed")
    assert session.booking.starts_at > FIRST


@pytest.mark.nightly
def test_a_chased_artifact_comes_after_its_mail(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    _only(monkeypatch, "artifact chased")
    _play(world, 1)
    chased = OutboxRow.objects.filter(kind="mail.artifact").exclude(done_at=None)
    assert chased.count() == 2
    assert all(row.done_at < Artifact.objects.get().submitted_at for row in chased)


def _told(world: World) -> list[Any]:
    notes = RoomRevision.objects.order_by("saved_at", "pk").values_list("body", flat=True)
    artifacts = Artifact.objects.order_by("submitted_at").values_list("learned", "next_step")
    states = Session.objects.order_by("booking__starts_at").values_list("state", flat=True)
    return [list(states), list(notes), list(artifacts)]


@pytest.mark.nightly
def test_the_same_seed_plays_the_same(world: World) -> None:
    _play(world, 2, seed=7)
    told = _told(world)
    other = make_world("Southwind")
    with reading(other.organization):
        _play(other, 2, seed=7)
        assert _told(other) == told


@pytest.mark.nightly
def test_another_seed_plays_differently(world: World) -> None:
    _play(world, 2, seed=7)
    told = _told(world)
    other = make_world("Southwind")
    with reading(other.organization):
        _play(other, 2, seed=8)
        assert _told(other) != told


def test_played_sessions_say_so_and_others_do_not(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    _only(monkeypatch, "held")
    _play(world, 2)
    assert set(Session.objects.values_list("simulated", flat=True)) == {True}
    own = actions.book(
        world.program,
        world.person("bob"),
        world.person("alice"),
        FIRST + timedelta(days=7),
        "Rebase a branch without fear",
        by=world.viewer("bob"),
        now=UNTIL - timedelta(days=8),
    )
    actions.check_in(own, by=world.viewer("bob"), now=FIRST + timedelta(days=7))
    own.refresh_from_db()
    assert own.simulated is False


@pytest.mark.nightly
def test_every_mail_of_a_play_was_delivered(world: World) -> None:
    _play(world, 4)
    left = OutboxRow.objects.filter(done_at=None, cancelled_at=None, due_at__lt=UNTIL)
    assert not left.exists()
    assert not OutboxRow.objects.exclude(last_error="").exists()


WRITES = {
    "save",
    "create",
    "update",
    "delete",
    "bulk_create",
    "bulk_update",
    "get_or_create",
    "update_or_create",
    "execute",
}


@pytest.mark.parametrize("package", [handrail.apps.sessions.simulator, handrail.site.demo])
def test_plays_and_demos_write_no_rows_themselves(package: Any) -> None:
    folder = Path(package.__file__).parent
    calls = {
        node.func.attr
        for path in folder.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    }
    assert "check_in" in calls or "line" in calls
    # `shown.update` and the like are Python's own; a row is written through a manager.
    assert not calls & (WRITES - {"update"})
