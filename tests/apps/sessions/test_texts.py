"""What people type is never lost: one save is one revision, a late one lies beside."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from handrail.apps.organizations.refusals import Conflict, Invalid
from handrail.apps.sessions import actions
from handrail.apps.sessions.actions import SavedText
from handrail.apps.sessions.models import RoomRevision
from handrail.apps.sessions.queries import room

BEFORE = datetime(2026, 2, 3, 9, 0, tzinfo=UTC)
START = datetime(2026, 2, 3, 10, 0, tzinfo=UTC)


def _save(
    scene: Any,
    who: str,
    body: str,
    base_rev: int,
    *,
    field: str = "shared_notes",
    operation: UUID | None = None,
    now: datetime = BEFORE,
) -> SavedText:
    return actions.save_text(
        scene.session,
        field,
        body,
        base_rev=base_rev,
        operation=operation or uuid4(),
        by=scene.by(who),
        now=now,
    )


def _notes(scene: Any) -> Any:
    return room(scene.by("bob"), scene.fresh(), BEFORE).texts["shared_notes"]


def test_a_save_on_the_current_revision_becomes_the_next(scene: Any) -> None:
    assert _save(scene, "bob", "Stuck at step 3", 0) == SavedText(
        "shared_notes", 1, "Stuck at step 3", False
    )
    assert _save(scene, "alice", "Stuck at step 3: solved", 1) == SavedText(
        "shared_notes", 2, "Stuck at step 3: solved", False
    )


def test_the_same_save_twice_is_one_revision(scene: Any) -> None:
    operation = uuid4()
    first = _save(scene, "bob", "Stuck", 0, operation=operation)
    again = _save(scene, "bob", "Stuck", 0, operation=operation)
    assert again == first
    assert RoomRevision.objects.filter(session=scene.session).count() == 1


def test_a_late_save_lies_beside_the_newer_text(scene: Any) -> None:
    _save(scene, "bob", "Bob's words", 0)
    late = _save(scene, "alice", "Alice's words", 0)
    assert late == SavedText("shared_notes", 1, "Bob's words", True, "Alice's words")
    notes = _notes(scene)
    assert (notes.body, notes.rev) == ("Bob's words", 1)
    assert [(copy.body, copy.author) for copy in notes.copies] == [
        ("Alice's words", scene.world.person("alice"))
    ]


def test_a_late_save_repeated_is_answered_alike_and_kept_once(scene: Any) -> None:
    operation = uuid4()
    _save(scene, "bob", "Bob's words", 0)
    first = _save(scene, "alice", "Alice's words", 0, operation=operation)
    assert _save(scene, "alice", "Alice's words", 0, operation=operation) == first
    assert len(_notes(scene).copies) == 1


def test_a_late_save_of_the_same_text_is_no_conflict(scene: Any) -> None:
    _save(scene, "bob", "Same words", 0)
    assert _save(scene, "alice", "Same words", 0) == SavedText(
        "shared_notes", 1, "Same words", False
    )


def test_sending_back_what_one_was_shown_is_no_conflict(scene: Any) -> None:
    _save(scene, "bob", "First", 0)
    _save(scene, "bob", "Second", 1)
    assert _save(scene, "alice", "First", 1) == SavedText("shared_notes", 2, "Second", False)


def test_a_revision_from_the_future_is_kept_beside(scene: Any) -> None:
    _save(scene, "bob", "First", 0)
    assert _save(scene, "alice", "After a restore", 9).conflict is True
    assert _notes(scene).body == "First"


def test_emptying_a_text_keeps_its_revisions(scene: Any) -> None:
    _save(scene, "bob", "First", 0)
    assert _save(scene, "bob", "", 1) == SavedText("shared_notes", 2, "", False)
    bodies = RoomRevision.objects.filter(session=scene.session).order_by("pk")
    assert [revision.body for revision in bodies] == ["First", ""]


def test_fields_have_revisions_of_their_own(scene: Any) -> None:
    _save(scene, "bob", "Notes", 0)
    assert _save(scene, "bob", "Learned", 0, field="learned").rev == 1


def test_an_id_used_for_another_text_is_refused(scene: Any) -> None:
    operation = uuid4()
    _save(scene, "bob", "First", 0, operation=operation)
    with pytest.raises(Conflict) as refused:
        _save(scene, "bob", "Second", 1, operation=operation)
    assert refused.value.code == "operation-reused"


def test_another_persons_operation_is_not_theirs(scene: Any) -> None:
    operation = uuid4()
    _save(scene, "bob", "First", 0, operation=operation)
    with pytest.raises(Conflict):
        _save(scene, "alice", "First", 0, operation=operation)


@pytest.mark.parametrize("field", ["", "note", "objective"])
def test_an_unknown_field_is_refused(scene: Any, field: str) -> None:
    with pytest.raises(Invalid):
        _save(scene, "bob", "x", 0, field=field)


def test_a_text_has_a_longest_length(scene: Any) -> None:
    with pytest.raises(Invalid):
        _save(scene, "bob", "x" * 100_001, 0)


def test_notes_stay_open_after_closing(scene: Any) -> None:
    now = scene.closed()
    assert _save(scene, "bob", "One more link", 0, now=now).conflict is False


@pytest.mark.parametrize("state", ["closed", "not_held", "cancelled"])
def test_a_draft_that_comes_too_late_is_kept_beside(scene: Any, state: str) -> None:
    now = getattr(scene, state)()
    saved = _save(scene, "bob", "Typed in the train", 0, field="learned", now=now)
    late = state == "closed"
    assert saved == SavedText("learned", 0, "", True, "Typed in the train", late)


def test_a_draft_that_says_what_was_handed_in_is_not_kept_again(scene: Any) -> None:
    now = scene.closed()
    words = "Rebasing replays my commits one by one.\n"
    assert _save(scene, "bob", words, 0, field="learned", now=now).conflict is False


def test_words_after_somebody_else_was_quicker_are_kept(scene: Any) -> None:
    scene.awaiting_artifact()
    scene.artifact("alice", START + timedelta(minutes=17))
    with pytest.raises(Conflict):
        scene.artifact("bob", START + timedelta(minutes=18), learned="Bob's own sentence.")
    texts = room(scene.by("bob"), scene.fresh(), START + timedelta(minutes=19)).texts
    assert [copy.body for copy in texts["learned"].copies] == ["Bob's own sentence."]
    assert [copy.body for copy in texts["next_step"].copies] == ["Rebase the docs branch"]


def test_m09_a_draft_of_two_devices_is_whole_until_it_is_handed_in(scene: Any) -> None:
    now = scene.awaiting_artifact()
    _save(scene, "bob", "A rebase replays commits", 0, field="learned", now=now)
    late = _save(scene, "alice", "Tests first, then rebase", 0, field="learned", now=now)
    assert late.conflict

    draft = room(scene.by("bob"), scene.fresh(), now).texts["learned"]
    assert draft.body == "A rebase replays commits"
    assert [copy.body for copy in draft.copies] == ["Tests first, then rebase"]

    handed_in = scene.artifact("bob", now, learned=draft.body, link="https://example.org/1")
    after = room(scene.by("alice"), scene.fresh(), now)
    assert (after.state, after.artifact) == ("closed", handed_in)
    assert (handed_in.owner.external_id, handed_in.next_step, handed_in.link) == (
        "bob",
        "Rebase the docs branch",
        "https://example.org/1",
    )
    assert [copy.body for copy in after.texts["learned"].copies] == ["Tests first, then rebase"]


def test_what_another_person_wrote_and_the_artifact_does_not_say_lies_beside_it(scene: Any) -> None:
    now = scene.awaiting_artifact()
    _save(scene, "alice", "Tests first", 0, field="learned", now=now)
    _save(scene, "alice", "Rebase", 0, field="next_step", now=now)
    scene.artifact("bob", now, learned="Commits are replayed.", next_step="Rebase the docs branch")
    texts = room(scene.by("bob"), scene.fresh(), now).texts
    beside = [(copy.body, copy.author.external_id) for copy in texts["learned"].copies]
    assert beside == [("Tests first", "alice")]
    assert not texts["next_step"].copies  # the artifact says it, and more


def test_what_lay_beside_and_is_handed_in_is_put_away(scene: Any) -> None:
    now = scene.awaiting_artifact()
    _save(scene, "alice", "Tests first", 0, field="learned", now=now)
    assert _save(scene, "bob", "Commits are repl", 0, field="learned", now=now).conflict
    scene.artifact("bob", now, learned="Commits are replayed.")
    texts = room(scene.by("bob"), scene.fresh(), now).texts
    assert [copy.body for copy in texts["learned"].copies] == ["Tests first"]
