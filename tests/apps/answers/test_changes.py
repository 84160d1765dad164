"""What devices are told: every change once, in order, and nothing of what is not theirs."""

from __future__ import annotations

from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from django.db.models import Max

from factories.answers import Device, Scene, written
from factories.world import NOW, World
from handrail.apps.answers import actions, changes
from handrail.apps.answers.changes import StartAgain, forget_tombstones
from handrail.apps.answers.models import Answer, Audience, Tombstone
from handrail.apps.organizations.refusals import Invalid
from handrail.apps.organizations.restoring import begin_new_epoch
from handrail.apps.people.models import Person, Team

pytestmark = pytest.mark.django_db


def ask_again(device: Device) -> list[str]:
    """The questions that a device is told of anew."""
    before = device.told
    device.ask()
    return [f"{device.told - before} rows", *sorted(device.questions)]


def test_m21_a_device_gets_everything_once_and_then_nothing(world: World) -> None:
    for n in range(5):
        written(world, "alice", f"Question {n}?", "Yes.")
    device = Device(world.viewer("charlie"))
    assert device.ask(limit=2)
    assert len(device.store) == device.told == 5
    assert not device.ask()


def test_m21_what_changed_is_told_and_what_went_is_a_tombstone(world: World) -> None:
    first = written(world, "alice", "How do I rebase?", "Like this.")
    second = written(world, "alice", "How do I squash?", "Like that.")
    device = Device(world.viewer("charlie"))
    device.ask()
    actions.delete(first, by=world.viewer("alice"), now=NOW)
    actions.check(second, by=world.viewer("alice"), now=NOW + timedelta(days=3))
    assert ask_again(device) == ["2 rows", "How do I squash?"]
    [row] = device.store.values()
    assert row["checked_on"] == "2026-02-05"


def test_m21_an_answer_that_was_never_ones_own_leaves_no_trace(scene: Scene) -> None:
    device = Device(scene.by("charlie"))
    scene.approve({})  # to the pair alone
    device.ask()
    actions.delete(scene.answer, by=scene.by("bob"), now=scene.now)
    assert ask_again(device) == ["0 rows"]


def test_m21_a_narrower_audience_takes_it_from_some_and_leaves_it_with_others(
    world: World,
) -> None:
    answer = written(world, "alice", "How do I rebase?", "Like this.")
    near, far = Device(world.viewer("bob")), Device(world.viewer("charlie"))
    near.ask()
    far.ask()
    for field in ("question", "body", "next_step", "link"):
        actions.agree(answer, field, Audience.TEAM, revision=1, by=world.viewer("alice"), now=NOW)
    near.ask()
    far.ask()
    assert near.questions == {"How do I rebase?"}
    assert far.questions == set()


def test_m21_who_changes_the_team_starts_again(world: World) -> None:
    written(world, "alice", "How do I rebase?", "Like this.", audience=Audience.TEAM)
    device = Device(world.viewer("bob"))
    device.ask()
    assert device.questions == {"How do I rebase?"}
    sales = Team.objects.get(name="Sales")
    Person.objects.filter(pk=world.person("bob").pk).update(team=sales)
    with pytest.raises(StartAgain):
        device.ask()
    anew = Device(world.viewer("bob"))
    anew.ask()
    assert anew.questions == set()


def test_m21_cursors_of_another_epoch_or_older_than_180_days_start_again(world: World) -> None:
    answer = written(world, "alice", "How do I rebase?", "Like this.")
    old = Device(world.viewer("charlie"))
    old.ask()
    actions.delete(answer, by=world.viewer("alice"), now=NOW)
    assert forget_tombstones(world.organization, now=NOW + timedelta(days=180)) == 0
    late = Device(world.viewer("charlie"))
    late.ask()
    assert forget_tombstones(world.organization, now=NOW + timedelta(days=181)) == 1
    with pytest.raises(StartAgain):
        old.ask()
    assert not late.ask()
    begin_new_epoch(by=world.system, now=NOW)
    world.organization.refresh_from_db()
    late.viewer = world.viewer("charlie")
    with pytest.raises(StartAgain):
        late.ask()


@pytest.mark.parametrize("cursor", ["17", "nonsense", "-1", "0" * 32 + "-x-y"])
def test_a_cursor_that_no_list_gave_is_refused_by_name(world: World, cursor: str) -> None:
    device = Device(world.viewer("charlie"), cursor=cursor)
    with pytest.raises(Invalid) as refused:
        device.ask()
    assert set(refused.value.fields) == {"cursor"}


def out_of_order(world: World, draw: Any) -> set[str]:
    """Two writers: the first begins earlier and commits later; what a device then has."""
    first = written(world, "alice", "How do I rebase?", "Like this.")
    second = written(world, "alice", "How do I squash?", "Like that.")
    device = Device(world.viewer("charlie"))
    device.ask()
    early, late = draw(), draw()
    with late:
        actions.check(second, by=world.viewer("alice"), now=NOW + timedelta(days=1))
    device.ask()
    with early:
        actions.check(first, by=world.viewer("alice"), now=NOW + timedelta(days=1))
    device.ask()
    return {row["id"] for row in device.store.values() if row["checked_on"] == "2026-02-03"}


class Nothing:
    def __enter__(self) -> None: ...

    def __exit__(self, *error: object) -> None: ...


def test_s24_a_writer_who_commits_later_is_never_skipped(world: World) -> None:
    assert len(out_of_order(world, Nothing)) == 2


def test_s24_a_plain_sequence_is_found_out(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The mutant: numbers are given where the work begins, as a sequence of a database does."""
    sequence, in_hand = count(1000), [0]
    point_of = changes.point_of
    changes.next_numbers(world.organization, 0)

    class Drawn(Nothing):
        def __init__(self) -> None:
            self.number = next(sequence)

        def __enter__(self) -> None:
            in_hand[0] = self.number

    def given(organization: object, number: int) -> int:
        return in_hand[0] or next(sequence)

    def highest(viewer: Any) -> Any:
        point, team_id = point_of(viewer)
        seen = Answer.objects.aggregate(last=Max("seq"))["last"] or 0
        return changes.Point(point.epoch, seen, point.access), team_id

    monkeypatch.setattr(changes, "next_numbers", given)
    monkeypatch.setattr(changes, "point_of", highest)
    monkeypatch.setattr("handrail.apps.answers.rows.point_of", highest)
    assert len(out_of_order(world, Drawn)) == 1


def test_a_tombstone_has_a_number_of_its_own(world: World) -> None:
    answer = written(world, "alice", "How do I rebase?", "Like this.")
    actions.delete(answer, by=world.viewer("alice"), now=NOW)
    answer.refresh_from_db()
    assert Tombstone.objects.get().seq == answer.seq - 1
