"""`handrail answers` says how many it indexed, and what outcomes say of each edge."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from factories.answers import written
from factories.planes import Planes
from factories.world import World
from handrail.apps.answers.models import SearchEntry
from handrail.apps.answers.search import meaning
from handrail.apps.answers.search.edges import edges_of
from handrail.apps.organizations.scope import reading
from handrail.domain.text import Edges


def test_reindex_brings_back_what_is_missing(
    fresh_world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    with reading(fresh_world.organization):
        written(fresh_world, "bob", "How do I undo it?", "Revert.")
        SearchEntry.objects.all().delete()
    call_command("answers", "reindex")
    assert capsys.readouterr().out == "Northwind: 1 answer indexed.\n"
    with reading(fresh_world.organization):
        assert SearchEntry.objects.get().title == "undo"


def test_an_unknown_organisation_is_answered_with_those_there_are(fresh_world: World) -> None:
    with pytest.raises(CommandError, match=r"There are: Northwind\."):
        call_command("answers", "reindex", "--organisation", "Southwind")


def test_refit_needs_a_model(fresh_world: World) -> None:
    with pytest.raises(CommandError, match="No model is installed"):
        call_command("answers", "refit")


def test_refit_tells_and_applies(
    fresh_world: World,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    settings: Any,
) -> None:
    settings.EMBEDDINGS = "somewhere"
    monkeypatch.setattr(meaning, "_loaded", lambda _folder: Planes())
    call_command("answers", "refit")
    assert capsys.readouterr().out.splitlines() == [
        "Northwind: answer from 0.65 on, perhaps from 0.50 on (planes, 0 outcomes).",
        "Nothing is proposed below 200 outcomes.",
    ]
    call_command("answers", "refit", "--apply", "0.7")
    assert "answer from 0.70 on, perhaps from 0.55 on" in capsys.readouterr().out
    with reading(fresh_world.organization):
        assert edges_of(fresh_world.organization, "planes") == Edges(0.7, 0.55)
