"""Any word counts, titles and aliases more than answers; nobody finds what is not theirs."""

from __future__ import annotations

from datetime import timedelta

import pytest

from factories.answers import written
from factories.world import NOW, World
from handrail.apps.answers import actions
from handrail.apps.answers.actions.keeping import suggest
from handrail.apps.answers.models import Answer, Audience, Band, Phrasing, SearchEntry
from handrail.apps.answers.search import alike, search
from handrail.apps.answers.search.index import reindex

TODAY = NOW.date()
UNDO = "How do I undo a commit that is pushed already?"


def ask(world: World, question: str, *, name: str = "alice", language: str = "en") -> list[str]:
    """The titles that one person finds, best first."""
    viewer = world.viewer(name)
    hits = search(world.organization, viewer, question, language, today=TODAY)
    return [hit.answer.current.question for hit in hits if hit.answer.current is not None]


def german(world: World) -> Answer:
    """Written by somebody who reads German."""
    answer = written(world, "bob", "Wie plane ich Häuser?", "Mit Schätzungen.")
    Answer.objects.filter(pk=answer.pk).update(language="de")
    reindex(world.organization, now=NOW)
    return answer


@pytest.fixture
def answers(world: World) -> dict[str, Answer]:
    return {
        "undo": written(world, "bob", UNDO, "Use git revert, never force a shared branch."),
        "flaky": written(world, "bob", "What do I do with a flaky test?", "Quarantine it first."),
        "branch": written(world, "bob", "Naming a branch", "Ticket number, then two words."),
        "german": german(world),
    }


def test_any_word_is_enough_and_word_forms_are_one(
    world: World, answers: dict[str, Answer]
) -> None:
    assert ask(world, "undoing pushes, whatever the zebra says") == [UNDO]
    assert ask(world, "zebra") == []
    assert ask(world, "the of and") == []


def test_a_title_counts_for_more_than_an_answer(world: World, answers: dict[str, Answer]) -> None:
    assert ask(world, "branch") == ["Naming a branch", UNDO]


def test_an_alias_is_searched_as_soon_as_it_is_one_and_no_longer_than_that(
    world: World, answers: dict[str, Answer]
) -> None:
    bob = world.viewer("bob")
    assert ask(world, "intermittent") == []
    suggest(answers["flaky"], "intermittent failures", NOW)
    phrasing = Phrasing.objects.get(answer=answers["flaky"])
    assert ask(world, "intermittent") == []
    actions.add_phrasing(phrasing, by=bob, now=NOW)
    assert ask(world, "intermittent") == ["What do I do with a flaky test?"]
    actions.dismiss_phrasing(phrasing, by=bob, now=NOW)
    assert ask(world, "intermittent") == []


def test_a_german_answer_is_found_by_german_words_whatever_the_asker_reads(
    world: World, answers: dict[str, Answer]
) -> None:
    for language in ("de", "en"):
        assert ask(world, "Haus planen", language=language) == ["Wie plane ich Häuser?"]


def test_words_alone_never_say_that_they_have_the_answer(
    world: World, answers: dict[str, Answer]
) -> None:
    bob = world.viewer("bob")
    hits = search(world.organization, bob, UNDO, "en", today=TODAY)
    assert [(hit.band, hit.model) for hit in hits] == [(Band.PERHAPS, "words")]
    question = "undo alpha beta gamma delta"  # one word of five is found
    hits = search(world.organization, bob, question, "en", today=TODAY)
    assert [hit.band for hit in hits] == [Band.ASK]


def test_an_expired_answer_ranks_lower(world: World, answers: dict[str, Answer]) -> None:
    written(world, "bob", "Naming a branch of the handbook", "As its chapter.")
    first, second = ask(world, "naming")
    expired = Answer.objects.filter(current__question=first)
    expired.update(review_by=TODAY - timedelta(days=1))
    assert ask(world, "naming") == [second, first]


def test_each_finds_only_what_they_may_read(world: World) -> None:
    words = "Sealed envelopes"
    written(world, "bob", f"{words} for the pair", "x", audience=Audience.PAIR)
    written(world, "bob", f"{words} for the team", "x", audience=Audience.TEAM)
    written(world, "bob", f"{words} for all", "x", audience=Audience.ORGANIZATION)
    pair, team, everybody = (f"{words} for {who}" for who in ("the pair", "the team", "all"))
    assert set(ask(world, words, name="bob")) == {pair, team, everybody}
    assert set(ask(world, words, name="charlie")) == {everybody}
    assert SearchEntry.objects.count() == 3


def test_signs_and_questions_of_any_length_are_only_words(
    world: World, answers: dict[str, Answer]
) -> None:
    for question in ('"undo" OR (NEAR', "undo' | !x & :*", "undo " + "zzz% " * 500, "\x00undo*"):
        assert ask(world, question) == [UNDO]


def test_a_deleted_answer_is_gone_from_the_index(world: World, answers: dict[str, Answer]) -> None:
    actions.delete(answers["undo"], by=world.viewer("bob"), now=NOW)
    assert ask(world, "undo") == []
    assert not SearchEntry.objects.filter(answer=answers["undo"]).exists()


def test_an_edit_counts_once_it_is_approved(world: World, answers: dict[str, Answer]) -> None:
    bob = world.viewer("bob")
    texts = {"question": "Taking back a release", "body": "Roll back."}
    draft = actions.edit(answers["undo"], base=1, by=bob, now=NOW, **texts)
    assert ask(world, "undo") == [UNDO]
    wanted = dict.fromkeys(("question", "body", "next_step", "link"), int(Audience.ORGANIZATION))
    actions.approve(answers["undo"], revision=draft.n, audiences=wanted, by=bob, now=NOW)
    assert ask(world, "undo") == []
    assert ask(world, "releases") == ["Taking back a release"]


def test_an_index_made_anew_finds_the_same(world: World, answers: dict[str, Answer]) -> None:
    before = ask(world, "undo a flaky branch")
    assert len(before) == 3
    SearchEntry.objects.all().delete()
    assert ask(world, "undo a flaky branch") == []
    assert reindex(world.organization, now=NOW) == 4
    assert ask(world, "undo a flaky branch") == before


def test_only_what_is_missing_or_older_is_indexed_by_night(
    world: World, answers: dict[str, Answer]
) -> None:
    assert reindex(world.organization, now=NOW, everything=False) == 0
    SearchEntry.objects.filter(answer=answers["undo"]).update(analyser=0)
    SearchEntry.objects.filter(answer=answers["flaky"]).delete()
    assert reindex(world.organization, now=NOW, everything=False) == 2


def test_what_looks_alike_is_a_list_and_no_word_about_it(
    world: World, answers: dict[str, Answer]
) -> None:
    bob = world.viewer("bob")
    found = alike(bob, "undo a push", "en", today=TODAY, without=answers["branch"])
    assert [(like.answer, like.likeness) for like in found] == [(answers["undo"], "")]
    assert alike(bob, UNDO, "en", today=TODAY, without=answers["undo"]) == []
