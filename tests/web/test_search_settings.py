"""The page on which an administrator sees what outcomes say of each edge, and applies one."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.test import Client

from factories.answers import written
from factories.planes import Planes
from factories.world import NOW, World
from handrail.apps.answers.models import Look, Outcome, Question, SearchEdges
from handrail.apps.answers.search import meaning
from handrail.apps.organizations.scope import reading, writing

PAGE = "/settings/search/"


@pytest.fixture
def adam(fresh_world: World) -> Client:
    client = Client()
    client.force_login(fresh_world.users["adam"], "django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    settings.EMBEDDINGS = "somewhere"
    monkeypatch.setattr(meaning, "_loaded", lambda _folder: Planes())


def judged(world: World, right: int, wrong: int) -> None:
    with writing(world.organization):
        answer = written(world, "bob", "Undo it", "Revert.")
        for place in range(right + wrong):
            question = Question.objects.create(
                organization=world.organization,
                asker=world.person("bob"),
                public_id=uuid.uuid4(),
                text="undo?",
                normal="undo",
                asked_at=NOW,
                received_at=NOW,
            )
            Look.objects.create(
                organization=world.organization,
                question=question,
                answer=answer,
                model="planes",
                score=0.7 if place < right else 0.6,
                band="answer",
                outcome=Outcome.SOLVED if place < right else Outcome.NOT_THIS,
                shown_at=NOW,
            )


def test_without_a_model_it_says_what_words_can_do(adam: Client) -> None:
    page = adam.get(PAGE)
    assert page.status_code == 200
    assert "HANDRAIL_EMBEDDINGS" in page.text
    assert '<form method="post" class="form' not in page.text
    assert adam.post(PAGE, {"answer": "0.65"}).status_code == 409


@pytest.mark.usefixtures("model")
def test_it_proposes_and_applies(fresh_world: World, adam: Client) -> None:
    judged(fresh_world, right=180, wrong=20)
    page = adam.get(PAGE)
    assert "We propose 0.61" in page.text
    assert "180 of 200 right, 90 %" in page.text  # the chart, from .60 on
    assert '<option value="0.61" selected>' in page.text
    answer = adam.post(PAGE, {"answer": "0.61"}, follow=True)
    assert "From 0.61 on a hit is called the answer." in answer.text
    assert "The answer from 0.61 on, perhaps from 0.46 on" in answer.text
    with reading(fresh_world.organization):
        edges = SearchEdges.objects.get()
        assert (edges.answer, edges.applied_by) == (0.61, fresh_world.person("adam"))


@pytest.mark.usefixtures("model")
def test_few_outcomes_propose_nothing(fresh_world: World, adam: Client) -> None:
    judged(fresh_world, right=3, wrong=1)
    page = adam.get(PAGE)
    assert "We propose an edge once 196 more were judged." in page.text
    assert adam.post(PAGE, {"answer": "0.99"}).status_code == 422


@pytest.mark.usefixtures("model")
def test_others_see_nothing_of_it(fresh_world: World) -> None:
    client = Client()
    client.force_login(fresh_world.users["bob"], "django.contrib.auth.backends.ModelBackend")
    assert client.get(PAGE).status_code == 403
    assert client.post(PAGE, {"answer": "0.65"}).status_code == 403
