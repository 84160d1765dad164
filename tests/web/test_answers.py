"""The pages of answers and questions, as people meet them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from factories.answers import Scene, make_scene, open_office_hours, written
from factories.world import NOW, World
from handrail.apps.answers import actions
from handrail.apps.answers.models import (
    Answer,
    AnswerRevision,
    AnswerUse,
    Audience,
    Phrasing,
    Question,
    QuestionState,
)
from handrail.apps.organizations.scope import reading
from handrail.apps.people.models import Skill

pytestmark = pytest.mark.django_db
Enter = Callable[[str], Client]
EVERYWHERE = dict.fromkeys(("question", "body", "next_step", "link"), str(int(Audience.PUBLIC)))


@pytest.fixture
def scene(world: World) -> Scene:
    with reading(world.organization):
        return make_scene(world)


def page(client: Client, name: str, *ids: Any, **asked: str) -> str:
    answer = client.get(reverse(name, args=ids), asked)
    assert answer.status_code == 200, name
    return answer.content.decode()


def test_m09_an_artifact_goes_from_the_room_to_a_public_page(
    scene: Scene, signed_in_as: Enter
) -> None:
    bob, alice = signed_in_as("bob"), signed_in_as("alice")
    address = reverse("answer", args=[scene.answer.public_id])
    made = bob.post(reverse("answer_propose", args=[scene.artifact.session.public_id]))
    assert made.headers["Location"] == address
    for place in ("answers", "today"):
        assert "Proposed: look through it and say who may read it." in page(bob, place)
    assert "This is a proposal" in page(bob, "answer", scene.answer.public_id)
    sent = bob.post(
        reverse("answer_approve", args=[scene.answer.public_id]), {"revision": "1", **EVERYWHERE}
    )
    assert sent.status_code == 302
    public = reverse("answer_public", args=[scene.answer.public_id])
    assert Client().get(public).status_code == 200
    assert "Words of" in page(alice, "answer", scene.answer.public_id)
    bob.post(
        reverse("answer_agree", args=[scene.answer.public_id]),
        {"field": "body", "upto": "0", "revision": "1"},
    )
    assert Client().get(public).status_code == 404


def test_each_page_of_answers_and_questions_says_which_place_it_belongs_to(
    scene: Scene, signed_in_as: Enter
) -> None:
    bob, place = signed_in_as("bob"), f'href="{reverse("answers")}" aria-current="page"'
    assert place in page(bob, "answer", scene.answer.public_id)
    assert place in page(bob, "question_ask")
    assert place not in page(signed_in_as("adam"), "answers_settings")


def test_html_and_script_of_an_artifact_are_shown_as_text(
    world: World, signed_in_as: Enter
) -> None:
    with reading(world.organization):
        scene = make_scene(world, learned="<script>alert(1)</script><b>bold</b>")
        scene.approve()
    shown = page(signed_in_as("charlie"), "answer", scene.answer.public_id)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in shown
    assert "<script>alert" not in shown
    assert "<b>bold" not in shown


def test_two_megabytes_come_back_in_the_form_with_what_to_do(
    scene: Scene, signed_in_as: Enter
) -> None:
    paste = "words " * 333_334
    words = {"question": "How?", "body": paste, "base": "1"}
    answer = signed_in_as("bob").post(reverse("answer_edit", args=[scene.answer.public_id]), words)
    said = answer.content.decode()
    assert answer.status_code == 422
    assert "at most 100000 are kept" in said
    assert paste.strip() in said
    asked = signed_in_as("bob").post(reverse("question_ask"), {"text": paste})
    assert asked.status_code == 422
    assert "Ask in one sentence" in asked.content.decode()
    assert paste.strip() in asked.content.decode()


def test_an_answer_deleted_while_somebody_edits_it_offers_to_keep_the_words(
    scene: Scene, signed_in_as: Enter
) -> None:
    bob = signed_in_as("bob")
    page(bob, "answer_edit", scene.answer.public_id)
    with reading(scene.world.organization):
        scene.approve()
        actions.delete(scene.answer, by=scene.by("bob"), now=NOW)
    words = {"question": "How do I rebase?", "body": "My very own words.", "base": "1"}
    refused = bob.post(reverse("answer_edit", args=[scene.answer.public_id]), words)
    said = refused.content.decode()
    assert refused.status_code == 409
    assert "My very own words." in said
    assert f'action="{reverse("answer_new")}"' in said
    kept = bob.post(reverse("answer_new"), {**words, "number": str(uuid4())})
    assert kept.status_code == 302
    with reading(scene.world.organization):
        assert AnswerRevision.objects.get(body="My very own words.").n == 1


def test_words_changed_by_somebody_else_stand_beside_ones_own(
    scene: Scene, signed_in_as: Enter
) -> None:
    bob = signed_in_as("bob")
    words = {"question": "How?", "next_step": "", "link": ""}
    edit = reverse("answer_edit", args=[scene.answer.public_id])
    assert bob.post(edit, {**words, "body": "The first.", "base": "1"}).status_code == 302
    refused = bob.post(edit, {**words, "body": "The second.", "base": "1"})
    said = refused.content.decode()
    assert refused.status_code == 409
    assert "The first." in said
    assert "The second." in said


def test_m22_a_question_finds_solves_and_books(world: World, signed_in_as: Enter) -> None:
    charlie = signed_in_as("charlie")
    with reading(world.organization):
        answer = written(world, "alice", "How do I rebase a branch?", "Like this.")
        open_office_hours(world)
    assert "How do I rebase a branch?" in page(charlie, "answers", q="rebase a branch")
    sent = charlie.post(
        reverse("question_ask"), {"text": "How do I rebase with git?", "number": str(uuid4())}
    )
    with reading(world.organization):
        question = Question.objects.get()
    assert sent.headers["Location"] == reverse("question", args=[question.public_id])
    shown = page(charlie, "question", question.public_id)
    assert "Perhaps one of these" in shown
    assert "Marc" in shown
    say = reverse("question_say", args=[question.public_id])
    charlie.post(say, {"answer": str(answer.public_id), "outcome": "solved"})
    assert "Solved by an answer" in page(charlie, "question", question.public_id)
    alice = signed_in_as("alice")
    assert "How do I rebase with git?" in page(alice, "answer", answer.public_id)
    with reading(world.organization):
        phrasing = Phrasing.objects.get()
    alice.post(reverse("phrasing_decide", args=[phrasing.public_id]), {"do": "add"})
    assert "Also asked as:" in page(charlie, "answer", answer.public_id)
    with reading(world.organization):
        used = AnswerUse.objects.get()
    assert (used.reads, used.solved) == (1, 1)  # its owner's own look is not counted

    number = uuid4()
    charlie.post(reverse("question_ask"), {"text": "Squash with git?", "number": str(number)})
    shown = page(charlie, "question", number)
    choice = shown.partition('name="choice" value="')[2].partition('"')[0]
    booked = charlie.post(
        reverse("question_do", args=[number]), {"do": "book", "choice": choice, "key": "one"}
    )
    assert booked.status_code == 302
    assert "A session is booked." in page(charlie, "question", number)


def test_m22_what_waits_is_answered_by_who_knows(world: World, signed_in_as: Enter) -> None:
    charlie, alice = signed_in_as("charlie"), signed_in_as("alice")
    with reading(world.organization):
        skill = Skill.objects.get(name="git")
    number = uuid4()
    asked = {"text": "How do I squash?", "number": str(number), "skill": str(skill.public_id)}
    charlie.post(reverse("question_ask"), asked)
    charlie.post(reverse("question_do", args=[number]), {"do": "queue"})
    assert "How do I squash?" in page(alice, "question_queue")
    assert "1 question waits for somebody who knows" in page(alice, "today")
    assert "1 question waits for somebody" not in page(charlie, "today")
    assert alice.get(reverse("question", args=[number])).status_code == 302
    reply = {
        "question": "How do I squash?",
        "body": "Like this.",
        "audience": "2",
        "number": str(uuid4()),
    }
    page(alice, "question_answer", number)
    assert alice.post(reverse("question_answer", args=[number]), reply).status_code == 302
    with reading(world.organization):
        assert Answer.objects.get().current is not None
    assert signed_in_as("bob").get(reverse("question", args=[number])).status_code == 404


def test_the_pages_of_figures_and_settings(world: World, signed_in_as: Enter) -> None:
    assert "Fewer than 5 people" in page(signed_in_as("ana"), "answers_avoided")
    adam = signed_in_as("adam")
    saved = adam.post(
        reverse("answers_settings"), {"words": "harm", "contact": "Mona", "alarm_hours": "12"}
    )
    assert saved.status_code == 302
    assert "harm" in page(adam, "answers_settings")
    number = uuid4()
    charlie = signed_in_as("charlie")
    charlie.post(reverse("question_ask"), {"text": "Will it harm me?", "number": str(number)})
    assert "This is for a person to hear" in page(charlie, "question", number)
    with reading(world.organization):
        assert Question.objects.get().state == QuestionState.OPEN


def test_lists_cost_the_same_for_one_answer_and_for_many(world: World, signed_in_as: Enter) -> None:
    charlie = signed_in_as("charlie")
    counts = []
    for n in range(4):
        with reading(world.organization):
            written(world, "alice", f"How do I do number {n}?", "Like this.")
        if n in (0, 3):
            page(charlie, "answers")
            with CaptureQueriesContext(connection) as asked:
                page(charlie, "answers")
            counts.append(len(asked))
    assert counts[0] == counts[1]


def test_m21_a_page_of_ones_own_reads_what_changed_by_its_sign_in(
    world: World, signed_in_as: Enter
) -> None:
    with reading(world.organization):
        written(world, "alice", "How do I rebase?", "Like this.")
    answer = signed_in_as("charlie").get("/api/v1/answers")
    assert [row["question"] for row in answer.json()["rows"]] == ["How do I rebase?"]
    assert answer.headers["X-Handrail-Account"] == str(world.viewer("charlie").account)
    assert Client().get("/api/v1/answers").status_code == 401
