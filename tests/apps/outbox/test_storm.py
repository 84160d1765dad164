"""Many processes on one outbox: nothing is lost, nobody is answered twice differently."""

from __future__ import annotations

import json

import pytest

pytestmark = pytest.mark.storm

ROWS, KILLS = "250", "20"
# Of 20 kills 7 fall right before sending, 7 right after it and 6 anywhere.
AT_A_CHOSEN_PLACE = 7


def test_a_runner_killed_around_sending_loses_nothing(storm) -> None:
    result = json.loads(storm("kills", "send-first", ROWS, KILLS))
    assert (result["missing"], result["dead"]) == (0, 0)
    assert AT_A_CHOSEN_PLACE <= result["doubles"] <= int(KILLS)


@pytest.mark.later_on_postgresql
def test_marking_before_sending_would_lose(storm) -> None:
    """The mutant: the test above is able to see a loss."""
    result = json.loads(storm("kills", "mark-first", ROWS, KILLS))
    assert AT_A_CHOSEN_PLACE <= result["missing"] <= int(KILLS)


@pytest.mark.nightly
def test_ten_thousand_rows_survive_two_hundred_kills(storm) -> None:
    result = json.loads(storm("kills", "send-first", "10000", "200"))
    assert (result["missing"], result["dead"]) == (0, 0)


@pytest.mark.later_on_sqlite
def test_runners_side_by_side_deliver_each_row_once_and_in_order(storm) -> None:
    assert json.loads(storm("together")) == {
        "missing": 0,
        "doubles": 0,
        "disorder": 0,
        "failed": 0,
    }


@pytest.mark.later_on_sqlite
def test_twins_with_one_key_get_one_answer_and_cause_one_effect(storm) -> None:
    assert json.loads(storm("twins")) == {
        "answers": 8,
        "different": 1,
        "effects_of_others": 0,
        "keys": 1,
        "failed": 0,
    }


@pytest.mark.later_on_sqlite
def test_an_impatient_twin_is_told_to_ask_again(storm) -> None:
    """SQLite cannot tell this writer from any other: there the twin waits for its turn."""
    result = json.loads(storm("impatient"))
    assert result in (
        {"told": "in-flight", "engine": "postgresql"},
        {"told": "replayed", "engine": "sqlite"},
    )
