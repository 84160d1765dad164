"""A company with a known truth, played through the product's own verbs."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from factories.world import World
from handrail.apps.organizations.scope import reading
from handrail.domain.evidence.company import Company

from .company_stage import Stage


@pytest.fixture
def world(fresh_world: World) -> Iterator[World]:
    with reading(fresh_world.organization):
        yield fresh_world


def test_m20_a_small_company_is_told_that_nothing_can_be_told(world: World) -> None:
    """Twelve hires: the whole way works, and the report says that it cannot tell."""
    result = Stage(world, people=12, company=Company(), seed=1).play().result
    claim = result["claims"][0]
    assert sum(result["assigned"].values()) == 12
    assert (claim["known"], claim["hidden"], claim["verdict"]) == (12, True, "cannot_tell")
    assert result["feasibility_only"]


@pytest.mark.nightly
def test_m20_a_null_company_shows_no_effect(world: World) -> None:
    result = Stage(world, people=240, company=Company(null=True), seed=2).play().result
    claim = result["claims"][0]
    assert not result["blocked"]
    assert claim["verdict"] in ("cannot_tell", "refuted")


@pytest.mark.nightly
def test_m20_a_planted_effect_of_800_hires_is_consistent_with_the_claim(world: World) -> None:
    result = Stage(world, people=800, company=Company(), seed=3).play().result
    claim = result["claims"][0]
    assert claim["known"] == 800
    assert claim["takers"]["low"] < 0.4 < claim["takers"]["high"]
    assert claim["verdict"] == "consistent"
