"""Two people at the same moment: one after the other, and no reader misses either."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from factories.answers import EVERYBODY, Device, Scene, make_scene, written
from factories.together import own_database
from factories.together import together as at_once
from factories.world import NOW, make_world
from handrail.apps.answers import actions, changes
from handrail.apps.answers.models import Answer, AnswerRevision, AnswerState, Audience, Tombstone
from handrail.apps.organizations.refusals import Conflict, NotAllowed
from handrail.apps.organizations.scope import reading, writing

__all__ = ["own_database"]


@pytest.fixture
def scene(own_database: None) -> Iterator[Scene]:
    world = make_world()
    with reading(world.organization):
        yield make_scene(world)


def inside(scene: Scene, step: Callable[[], Any]) -> Callable[[], Any]:
    def take() -> Any:
        with reading(scene.world.organization):
            return step()

    return take


def test_s24_a_reader_between_two_writers_misses_neither(scene: Scene) -> None:
    """The first writer has its number and dawdles; the second may not overtake it."""
    world = scene.world
    slow = written(world, "alice", "How do I rebase?", "Like this.")
    quick = written(world, "alice", "How do I squash?", "Like that.")
    device = Device(world.viewer("charlie"))
    device.ask()
    numbered, overtaken, looked = (threading.Event() for _number in range(3))
    later = NOW + timedelta(days=1)
    alice = world.viewer("alice")

    def dawdle() -> None:
        with writing(world.organization):
            actions.check(slow, by=alice, now=later)
            numbered.set()
            looked.wait(1)

    def overtake() -> None:
        numbered.wait(10)
        actions.check(quick, by=alice, now=later)
        overtaken.set()

    def look() -> None:
        overtaken.wait(10)
        device.ask()
        looked.set()

    at_once(inside(scene, dawdle), inside(scene, overtake), inside(scene, look))
    device.ask()
    checked = {row["question"] for row in device.store.values() if row["checked_on"] > "2026-02-02"}
    assert checked == {"How do I rebase?", "How do I squash?"}


def test_s24_numbers_that_do_not_wait_are_found_out(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The mutant: a sequence gives the number and nobody waits. SQLite's writers wait anyway."""
    if connection.vendor != "postgresql":
        pytest.skip("one writer at a time")
    changes.next_numbers(scene.world.organization, 0)
    with connection.cursor() as cursor:
        cursor.execute("CREATE SEQUENCE plain_sequence START 1000")

    def given(organization: object, number: int) -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT nextval('plain_sequence')")
            return int(cursor.fetchone()[0])

    def highest(viewer: Any) -> Any:
        point, team_id = point_of(viewer)
        seen = max(Answer.objects.values_list("seq", flat=True), default=0)
        return changes.Point(point.epoch, seen, point.access), team_id

    point_of = changes.point_of
    monkeypatch.setattr(changes, "next_numbers", given)
    monkeypatch.setattr(changes, "point_of", highest)
    monkeypatch.setattr("handrail.apps.answers.rows.point_of", highest)
    with pytest.raises(AssertionError):
        test_s24_a_reader_between_two_writers_misses_neither(scene)


def test_m21_two_approvals_at_once_are_one_approved_wording(scene: Scene) -> None:
    step = inside(scene, lambda: scene.approve())
    answers = at_once(step, step)
    assert not [one for one in answers if isinstance(one, Exception)]
    [revision] = AnswerRevision.objects.filter(answer=scene.answer)
    assert revision.approved_at is not None
    assert scene.fresh().state == AnswerState.LIVE


def test_m21_an_approval_and_a_withdrawal_at_once_end_at_the_pair(scene: Scene) -> None:
    """Whichever comes first: what one writer has taken back is not shown any more."""
    scene.approve()
    alice, bob = scene.by("alice"), scene.by("bob")
    for field in ("question", "body", "next_step"):
        for by in (alice, bob):
            try_to_agree(scene, field, Audience.ORGANIZATION, by)
    withdraw = inside(
        scene,
        lambda: actions.agree(
            scene.answer, "body", Audience.PAIR, revision=1, by=bob, now=scene.now
        ),
    )
    again = inside(scene, lambda: scene.approve(dict.fromkeys(EVERYBODY, int(Audience.PAIR))))
    at_once(withdraw, again)
    assert scene.fresh().audience == Audience.PAIR
    assert Tombstone.objects.filter(answer=scene.answer).count() == 1


def test_m21_a_deletion_and_an_edit_at_once_keep_nothing_half_done(scene: Scene) -> None:
    scene.approve()
    delete = inside(scene, lambda: actions.delete(scene.answer, by=scene.by("bob"), now=scene.now))
    edit = inside(
        scene,
        lambda: actions.edit(
            scene.answer,
            question="How do I rebase?",
            body="Like this.",
            base=1,
            by=scene.by("bob"),
            now=scene.now,
        ),
    )
    _deleted, edited = at_once(delete, edit)
    assert scene.fresh().state == AnswerState.DELETED
    assert AnswerRevision.objects.filter(answer=scene.answer).count() == 0
    if isinstance(edited, Exception):
        assert isinstance(edited, Conflict)
        assert edited.code == "answer-deleted"


def try_to_agree(scene: Scene, field: str, upto: int, by: Any) -> None:
    try:
        actions.agree(scene.answer, field, upto, revision=1, by=by, now=scene.now)
    except NotAllowed:
        return
