"""A company with a known truth, played through the product's own verbs."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from factories.world import World
from handrail.apps.organizations.scope import reading
from handrail.apps.people.models import Person

from .company_stage import Stage


@pytest.fixture
def world(fresh_world: World) -> Iterator[World]:
    with reading(fresh_world.organization):
        yield fresh_world


@pytest.mark.nightly
def test_m20_a_small_company_is_told_that_nothing_can_be_told(world: World, tmp_path: Path) -> None:
    """Twelve hires: the whole way works, and the report says that it cannot tell."""
    result = Stage(world, tmp_path, people=12, seed=1).play().result
    claim = result["claims"][0]
    assert sum(result["assigned"].values()) == 12
    assert (claim["known"], claim["hidden"], claim["verdict"]) == (12, True, "cannot_tell")
    assert result["feasibility_only"]


def test_what_simulate_writes_comes_in_by_the_imports_and_gives_its_own_figures(
    world: World, tmp_path: Path
) -> None:
    call_command(
        "simulate", out=tmp_path, hires=24, seed=4, into_database=True,
        organisation=world.organization.name, stdout=StringIO(),
    )  # fmt: skip
    outcomes = {
        row["person_id"]: row
        for row in csv.DictReader((tmp_path / "outcomes.csv").read_text().splitlines())
    }
    hires = Person.objects.filter(external_id__in=outcomes)
    assert len(hires) == len(outcomes) == 24
    for one in hires:
        told = outcomes[one.external_id]
        spell = one.spells.get()
        assert str(spell.started_on) == told["start_date"]
        assert (spell.ended_on is not None) == (told["left"] == "1")
        assert one.competency_events.filter(kind="merge").exists() == (told["reached"] == "1")


@pytest.mark.nightly
def test_m20_a_null_company_shows_no_effect(world: World, tmp_path: Path) -> None:
    result = Stage(world, tmp_path, people=240, seed=2, null=True).play().result
    claim = result["claims"][0]
    assert claim["known"] >= 235  # a few left or merged before they were drawn
    assert not result["blocked"]
    assert claim["verdict"] in ("cannot_tell", "refuted")


@pytest.mark.nightly
def test_m20_a_planted_effect_of_800_hires_is_consistent_with_the_claim(
    world: World, tmp_path: Path
) -> None:
    result = Stage(world, tmp_path, people=800, seed=3).play().result
    claim = result["claims"][0]
    assert claim["known"] >= 790
    assert claim["takers"]["low"] < 0.4 < claim["takers"]["high"]
    assert claim["verdict"] == "consistent"
