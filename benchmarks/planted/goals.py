"""What is asked of the figures, and whether it was reached."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from planted.seeing import Row

RUNS = 2000


@dataclass(frozen=True, slots=True)
class Goal:
    """A figure of an experiment that must lie within bounds."""

    experiment: str
    figure: str
    low: float
    high: float
    words: str


GOALS = (
    Goal(
        "planted 200",
        "days holds",
        0.93,
        0.97,
        "first merge: the 95 % interval holds the truth, 200 hires",
    ),
    Goal(
        "planted 200",
        "retention holds",
        0.93,
        0.97,
        "retention (Newcombe): holds the truth, 200 hires",
    ),
    Goal(
        "planted 400",
        "retention holds",
        0.93,
        0.97,
        "retention (Greenwood): holds the truth, 400 hires",
    ),
    Goal("time 200", "ratio holds", 0.93, 0.97, "time ratio: holds the truth, 200 hires"),
    Goal("takers 200", "rule holds", 0.93, 0.97, "taking part: holds the truth, 200 hires"),
    Goal(
        "switched 200",
        "rpsft holds",
        0.93,
        0.97,
        "structural time with crossing over: holds the truth, 200 hires",
    ),
    Goal(
        "null 200",
        "days sees",
        0.03,
        0.07,
        "first merge: sees an effect where there is none, 200 hires",
    ),
    Goal(
        "null 200",
        "retention sees",
        0.03,
        0.07,
        "retention: sees an effect where there is none, 200 hires",
    ),
    Goal(
        "null time 200",
        "ratio sees",
        0.03,
        0.07,
        "time ratio: sees an effect where there is none, 200 hires",
    ),
    Goal(
        "null 40",
        "days sees",
        0.03,
        0.07,
        "first merge by lottery: sees an effect where there is none, 40 hires",
    ),
    Goal(
        "null time 40",
        "lottery ratio sees",
        0.03,
        0.07,
        "time ratio by lottery: sees an effect where there is none, 40 hires",
    ),
    Goal("null 200", "either sees, Holm", 0.0, 0.065, "either primary measure, after Holm"),
    Goal(
        "watched 208",
        "hybrid sees",
        0.0,
        0.06,
        "weekly looks and a final test: see what is not there, 208 hires",
    ),
    Goal(
        "watched 80",
        "hybrid sees",
        0.0,
        0.06,
        "weekly looks and a final test: see what is not there, 80 hires",
    ),
    Goal(
        "watched both 208",
        "either sees",
        0.0,
        0.06,
        "weekly looks at two primary measures: either sees what is not there, 208 hires",
    ),
    Goal("watched 208", "harm shown", 0.0, 0.015, "harm shown where there is none"),
    Goal(
        "clustered 200",
        "clustered sees",
        0.03,
        0.07,
        "hires who share mentors: sees what is not there",
    ),
    Goal(
        "clustered 80",
        "clustered ratio sees",
        0.0,
        0.07,
        "hires who share mentors, ratio of times: sees what is not there, 80 hires",
    ),
    Goal(
        "self-selected 800",
        "association only",
        1.0,
        1.0,
        "people who chose: association only, in every run",
    ),
)


def goals(figures: dict[str, Row], runs: int) -> list[dict[str, Any]]:
    """Each goal with what was measured; with few runs, by as much wider as chance is."""
    told = []
    for goal in GOALS:
        if goal.experiment not in figures:
            continue
        value = figures[goal.experiment][goal.figure]
        exact = goal.low == goal.high
        share = min(max(value, 0.02), 0.98)
        slack = 0.0 if exact or runs >= RUNS else 3 * math.sqrt(share * (1 - share) / runs)
        told.append(
            {
                "goal": goal.words,
                "from": goal.low,
                "to": goal.high,
                "measured": value,
                "reached": bool(goal.low - slack <= value <= goal.high + slack),
            }
        )
    return told
