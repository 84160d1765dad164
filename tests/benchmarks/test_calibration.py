"""The judge of calibration asks the product's estimators, and a goal that is missed is seen."""

from __future__ import annotations

import math
import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[2] / "benchmarks"))
from planted import effects, goals

PLANTED = effects.Company(hires=120)


def test_one_company_gives_every_figure_that_a_goal_asks_for() -> None:
    truth = {"points": 0.09}  # of the offer, with the usual take-up
    row = effects.curves(1, PLANTED, truth, censored=False) | effects.chosen(
        1, effects.replace(PLANTED, lottery=False, null=True, hires=300)
    )
    assert all(math.isfinite(value) for value in row.values())
    asked = {goal.figure for goal in goals.GOALS if goal.experiment == "curves 200"}
    assert asked <= row.keys()
    # People who chose are an association, whatever came out.
    assert row["association only"] == 1.0


def test_a_goal_is_missed_outside_its_bounds_and_not_by_chance_alone() -> None:
    goal = next(one for one in goals.GOALS if one.low < one.high)
    told = [
        goals.goals({goal.experiment: {one.figure: value for one in goals.GOALS}}, runs)
        for value, runs in ((goal.low, 2000), (goal.low - 0.02, 2000), (goal.low - 0.02, 150))
    ]
    first = [next(one for one in row if one["goal"] == goal.words)["reached"] for row in told]
    assert first == [True, False, True]
