"""The contest of free starts counts who is wrong, and its goals are judged by Handrail's rows."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[2] / "benchmarks"))
import slots


def wrong(name: str) -> int:
    team = slots.mentors(44)
    truth = [slots.CONTENDERS[slots.REFERENCE](mentor) for mentor in team]
    find = slots.CONTENDERS[name]
    return sum(not slots.is_right(find(m), t) for m, t in zip(team, truth, strict=True))


def test_three_ways_find_the_same_starts_and_a_fixed_offset_does_not() -> None:
    assert wrong("Handrail, slots listed") == 0
    assert wrong("Handrail, counts") == 0
    assert wrong("whenever, intervals") == 0
    assert wrong("fixed offset (naive)") > 4


def test_a_goal_that_was_not_measured_is_neither_reached_nor_missed() -> None:
    row = {"mentors": 100, "name": "Handrail, slots listed", "cpu_ms": 51.0, "wrong": 1}
    reached = [goal["reached"] for goal in slots.goals([row])]
    assert reached == [None, False, None, False]
