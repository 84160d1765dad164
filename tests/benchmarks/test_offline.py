"""Made-up answers are the same for the same seed, and goals are judged by what was measured."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[2] / "benchmarks"))
import made_answers
import offline


def test_a_seed_makes_the_same_answers_and_questions_about_them() -> None:
    first, again = made_answers.answers(20), made_answers.answers(20)
    assert first == again
    assert made_answers.answers(20, seed=2) != first
    asked = list(made_answers.questions(first, 5))
    assert len({one.answer for one in asked}) == 5
    assert {one.answer for one in asked} <= {one["id"] for one in first}


def test_a_goal_that_was_not_measured_is_neither_reached_nor_missed() -> None:
    row = {"answers": 10_000, "search_p95_ms": 11.0, "ratio_to_scan": 0.5, "index_gz_bytes": 1}
    found = {"search": [row], "own_scripts": {"a.js": 30_001}, "ready_load": {"/": 300_000}}
    reached = [goal["reached"] for goal in offline.goals(found)]
    assert reached == [True, False, True, None, False, True]
