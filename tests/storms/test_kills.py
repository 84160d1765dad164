"""A process killed at any moment: whoever was told "booked" is booked. Judge 2 of the brief."""

from __future__ import annotations

import pytest

from storms.conftest import Storm

pytestmark = pytest.mark.storm


def test_twenty_kills_lose_nothing_that_was_answered(storm: Storm) -> None:
    found = storm("kills", rounds=20)
    assert found["answered"] >= 20
    assert (found["lost"], found["overlaps"], found["cells_astray"]) == (0, 0, 0)


@pytest.mark.later_on_sqlite
def test_an_answer_before_the_commit_is_found_out(storm: Storm) -> None:
    assert storm("kills", rounds=20, mutant="answer before commit")["lost"] > 0


@pytest.mark.nightly
def test_two_hundred_kills_lose_nothing_that_was_answered(storm: Storm) -> None:
    found = storm("kills", rounds=200)
    assert (found["lost"], found["overlaps"], found["cells_astray"]) == (0, 0, 0)
