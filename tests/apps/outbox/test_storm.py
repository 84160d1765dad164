"""Many processes on one outbox: nothing is lost, nobody is answered twice differently."""

from __future__ import annotations

import json

import pytest

pytestmark = pytest.mark.storm

KILLS = 20


def test_a_runner_killed_around_sending_loses_nothing(storm) -> None:
    result = json.loads(storm("kills", "send-first"))
    assert (result["missing"], result["dead"]) == (0, 0)
    assert result["doubles"] <= KILLS


def test_marking_before_sending_would_lose(storm) -> None:
    """The mutant: the test above is able to see a loss."""
    assert json.loads(storm("kills", "mark-first"))["missing"] > 0


def test_runners_side_by_side_deliver_each_row_once_and_in_order(storm) -> None:
    assert json.loads(storm("together")) == {
        "missing": 0,
        "doubles": 0,
        "disorder": 0,
        "failed": 0,
    }


def test_twins_with_one_key_get_one_answer_and_cause_one_effect(storm) -> None:
    assert json.loads(storm("twins")) == {
        "answers": 8,
        "different": 1,
        "effects_of_others": 0,
        "keys": 1,
        "failed": 0,
    }


def test_an_impatient_twin_is_told_to_ask_again(storm) -> None:
    """SQLite cannot tell this writer from any other: there the twin waits for its turn."""
    result = json.loads(storm("impatient"))
    assert result in (
        {"told": "in-flight", "engine": "postgresql"},
        {"told": "replayed", "engine": "sqlite"},
    )
