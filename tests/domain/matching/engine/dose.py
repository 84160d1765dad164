"""Each property twice: on a few examples in every run, on many at night."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

SEEDS = st.integers(0, 1_000_000)


def dose(few: int, many: int) -> pytest.MarkDecorator:
    """A parameter `examples`: how many a test should try."""
    at_night = pytest.param(many, marks=pytest.mark.nightly, id="many")
    return pytest.mark.parametrize("examples", [pytest.param(few, id="few"), at_night])


def for_seeds(examples: int, holds: Callable[[int], None]) -> None:
    """Tries so many seeds; the smallest that fails is shown."""

    @settings(max_examples=examples, deadline=None, derandomize=True, database=None)
    @given(SEEDS)
    def tried(seed: int) -> None:
        holds(seed)

    tried()
