"""The worker lets the model see answers, its cosine decides, and outcomes move the edge."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest

from factories.answers import written
from factories.planes import Planes
from factories.world import NOW, World
from handrail.apps.answers import actions
from handrail.apps.answers.actions.keeping import suggest
from handrail.apps.answers.models import (
    Answer,
    AnswerVector,
    Band,
    EdgeProposal,
    Look,
    Outcome,
    Phrasing,
    PhrasingState,
    Question,
)
from handrail.apps.answers.search import alike, meaning, search
from handrail.apps.answers.search.edges import (
    apply_edge,
    edges_of,
    labels_of,
    propose_edges,
    standing,
)
from handrail.apps.answers.search.index import reindex
from handrail.apps.organizations.models import AuditEntry
from handrail.apps.organizations.refusals import Invalid, NotAllowed
from handrail.apps.outbox.runner import drain
from handrail.apps.people.models import Skill
from handrail.domain.text import Edges, Label

TODAY = NOW.date()


@pytest.fixture(autouse=True)
def model(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Planes:
    planes = Planes()
    settings.EMBEDDINGS = "somewhere"
    monkeypatch.setattr(meaning, "_loaded", lambda _folder: planes)
    return planes


@pytest.fixture
def undo(world: World) -> Answer:
    return written(world, "bob", "Undo a pushed thing", "Revert it on the branch.")


def hits(world: World, question: str, name: str = "alice", **more: Any) -> list[tuple[Any, ...]]:
    viewer = world.viewer(name)
    found = search(world.organization, viewer, question, "en", today=TODAY, **more)
    return [(hit.answer.pk, round(hit.score, 2), hit.band, hit.model) for hit in found]


def test_until_the_worker_was_there_words_find_it(world: World, undo: Answer) -> None:
    assert [(pk, model) for pk, _, _, model in hits(world, "undo")] == [(undo.pk, "words")]
    drain(now=NOW)
    assert hits(world, "undo") == [(undo.pk, 1.0, Band.ANSWER, "planes")]


def test_the_nearest_of_title_answer_and_aliases_counts(world: World, undo: Answer) -> None:
    drain(now=NOW)
    # Title and answer are undo and branch: with undo, branch and test it has 2 / (√2 √3) = .82.
    assert hits(world, "undo the test branch")[0][1:3] == (0.82, Band.ANSWER)
    suggest(undo, "test undo branch", NOW)
    phrasing = Phrasing.objects.get(answer=undo)
    actions.add_phrasing(phrasing, by=world.viewer("bob"), now=NOW)
    drain(now=NOW)
    assert hits(world, "undo the test branch")[0][1] == 1.0
    assert list(AnswerVector.objects.order_by("n").values_list("n", flat=True)) == [0, 1, 2]


def test_bands_follow_the_cosine(world: World, undo: Answer) -> None:
    drain(now=NOW)
    # One of two words in common: .71. Of three, of the title: 1 / √3 = .58. None: 0.
    assert hits(world, "undo a release")[0][1:3] == (0.71, Band.ANSWER)
    assert hits(world, "undo a test release")[0][1:3] == (0.58, Band.PERHAPS)
    assert hits(world, "holidays")[0][1:3] == (0.0, Band.ASK)


def test_an_expired_answer_is_never_the_answer_and_ranks_lower(world: World, undo: Answer) -> None:
    other = written(world, "bob", "Undo a release", "With care.")
    drain(now=NOW)
    assert [hit[0] for hit in hits(world, "undo")] == [undo.pk, other.pk]
    Answer.objects.filter(pk=undo.pk).update(review_by=TODAY - timedelta(days=1))
    first, second = hits(world, "undo")
    assert first == (other.pk, 0.71, Band.ANSWER, "planes")
    assert second == (undo.pk, 1.0, Band.PERHAPS, "planes")


def test_nobody_finds_by_meaning_what_is_not_theirs(world: World) -> None:
    for place in range(25):
        written(world, "bob", f"Undo it, secretly {place}", "x", audience=0)
    everybody = written(world, "bob", "Undo a test release", "x")
    drain(now=NOW)
    assert [hit[0] for hit in hits(world, "undo", "charlie", limit=1)] == [everybody.pk]


def test_other_languages_are_found_by_words_beside_it(world: World, undo: Answer) -> None:
    german = written(world, "bob", "Ein Release zurücknehmen", "Mit Ruhe.")
    Answer.objects.filter(pk=german.pk).update(language="de")
    reindex(world.organization, now=NOW)
    drain(now=NOW)
    found = search(world.organization, world.viewer("bob"), "Release", "de", today=TODAY)
    assert [(hit.answer.pk, hit.model) for hit in found] == [(german.pk, "words")]
    assert not AnswerVector.objects.filter(answer=german).exists()


def test_what_is_deleted_is_forgotten_by_the_model_too(world: World, undo: Answer) -> None:
    drain(now=NOW)
    assert AnswerVector.objects.filter(answer=undo).count() == 2
    actions.delete(undo, by=world.viewer("bob"), now=NOW)
    drain(now=NOW)
    assert not AnswerVector.objects.filter(answer=undo).exists()
    assert hits(world, "undo") == []


def test_the_night_lets_a_new_model_see_every_answer(
    world: World, undo: Answer, monkeypatch: pytest.MonkeyPatch
) -> None:
    drain(now=NOW)
    newer = Planes(name="newer")
    monkeypatch.setattr(meaning, "_loaded", lambda _folder: newer)
    assert reindex(world.organization, now=NOW + timedelta(days=1), everything=False) == 1
    drain(now=NOW + timedelta(days=1))
    assert set(AnswerVector.objects.values_list("model", flat=True)) == {"newer"}


def test_what_looks_the_same_and_what_is_related(world: World, undo: Answer) -> None:
    related = written(world, "bob", "Undo a test release", "x")
    written(world, "bob", "Holidays", "x")
    drain(now=NOW)
    found = alike(world.viewer("bob"), "undo", "en", today=TODAY)
    told = [(like.answer, like.likeness) for like in found]
    assert told == [(undo, "same"), (related, "related")]


def looked(
    world: World, answer: Answer, score: float, outcome: str, *, at: datetime = NOW, **more: Any
) -> Look:
    question = Question.objects.create(
        organization=world.organization,
        asker=world.person("bob"),
        text="undo?",
        normal="undo",
        public_id=uuid.uuid4(),
        asked_at=at,
        received_at=at,
    )
    return Look.objects.create(
        organization=world.organization,
        question=question,
        answer=answer,
        score=score,
        band=Band.ANSWER,
        outcome=outcome,
        shown_at=at,
        **({"model": "planes"} | more),
    )


def test_what_people_said_is_right_or_wrong_and_silence_is_neither(
    world: World, undo: Answer
) -> None:
    looked(world, undo, 0.9, Outcome.SOLVED)
    looked(world, undo, 0.7, Outcome.NOT_THIS)
    looked(world, undo, 0.8, Outcome.SILENCE)
    looked(world, undo, 0.6, Outcome.SOLVED, model="of before")
    assert labels_of(world.organization, "planes") == [Label(0.9, True), Label(0.7, False)]


def test_a_session_booked_on_the_skill_within_a_day_makes_it_wrong(
    world: World, undo: Answer
) -> None:
    from handrail.apps.sessions.actions import book

    assert world.program is not None
    skill = Skill.objects.get(name="git")
    Answer.objects.filter(pk=undo.pk).update(skill=skill)
    start = NOW + timedelta(days=1, hours=2)
    people = world.person("bob"), world.person("alice")
    session = book(world.program, *people, start, "Rebase", by=world.viewer("bob"), now=NOW)
    Question.objects.create(
        organization=world.organization,
        asker=world.person("bob"),
        text="x",
        normal="x",
        skill=skill,
        session=session,
        asked_at=NOW,
        received_at=NOW,
    )
    solved = looked(world, undo, 0.9, Outcome.SOLVED, at=NOW - timedelta(hours=23))
    silent = looked(world, undo, 0.8, Outcome.SILENCE, at=NOW - timedelta(hours=1))
    before = looked(world, undo, 0.7, Outcome.SOLVED, at=NOW - timedelta(hours=25))
    after = looked(world, undo, 0.6, Outcome.SOLVED, at=NOW + timedelta(minutes=1))
    found = {label.score: label.right for label in labels_of(world.organization, "planes")}
    assert found == {
        solved.score: False,
        silent.score: False,
        before.score: True,
        after.score: True,
    }


def test_the_night_proposes_and_an_administrator_applies(world: World, undo: Answer) -> None:
    for place in range(200):
        right = place >= 20
        looked(world, undo, 0.7 if right else 0.6, Outcome.SOLVED if right else Outcome.NOT_THIS)
    propose_edges(world.organization, now=NOW)
    proposal = EdgeProposal.objects.get()
    assert (proposal.labels, proposal.answer, proposal.model) == (200, 0.61, "planes")
    assert edges_of(world.organization, "planes") == Edges()  # nothing is applied by itself
    adam = world.viewer("adam")
    apply_edge(0.61, by=adam, now=NOW)
    assert edges_of(world.organization, "planes") == Edges(0.61, 0.46)
    assert edges_of(world.organization, "another model") == Edges()
    told = standing(adam)
    assert told is not None
    assert (told.applied_at, told.curve.labels) == (NOW, 200)
    record = AuditEntry.objects.get(verb="answers.edge_applied")
    assert record.detail == {"model": "planes", "answer": 0.61, "perhaps": 0.46}


def test_only_administrators_see_and_apply_and_only_edges_of_the_table(world: World) -> None:
    for name in ("alice", "bob", "mona", "ana"):
        with pytest.raises(NotAllowed):
            standing(world.viewer(name))
        with pytest.raises(NotAllowed):
            apply_edge(0.6, by=world.viewer(name), now=NOW)
    for edge in (0.54, 0.81, float("nan")):
        with pytest.raises(Invalid):
            apply_edge(edge, by=world.viewer("adam"), now=NOW)


def test_without_a_model_there_is_nothing_to_see(world: World, settings: Any) -> None:
    settings.EMBEDDINGS = ""
    assert standing(world.viewer("adam")) is None
    assert propose_edges(world.organization, now=NOW) is None


def test_other_words_of_who_waits_are_offered_to_the_owner_and_nobody_is_told_by_likeness(
    world: World,
) -> None:
    asked = {}
    for name, text in (("alice", "undo the test branch"), ("charlie", "a rota for the week")):
        viewer = world.viewer(name)
        question = actions.ask(text, public_id=uuid.uuid4(), by=viewer, now=NOW)
        asked[name] = actions.queue(question, by=viewer, now=NOW)
    answer = written(world, "bob", "Undo a pushed thing", "Revert it on the branch.")
    drain(now=NOW)
    drain(now=NOW)  # seen by the model twice, offered once
    assert list(Phrasing.objects.values_list("text", "state", "times")) == [
        ("undo the test branch", PhrasingState.SUGGESTED, 1)
    ]
    assert not Question.objects.exclude(told_at=None).exists()
    actions.add_phrasing(Phrasing.objects.get(answer=answer), by=world.viewer("bob"), now=NOW)
    drain(now=NOW)
    assert list(Question.objects.exclude(told_at=None)) == [asked["alice"]]
