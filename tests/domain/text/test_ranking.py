"""The formula that orders answers: by hand, and with the numbers that the page has."""

from __future__ import annotations

import re
from math import log
from pathlib import Path

import pytest

from handrail.domain.text import Collection, closeness
from handrail.domain.text.ranking import WEIGHTS, B, D, K

TWO = Collection(2, (2.0, 0.0, 4.0))
RANKING = Path(__file__).parents[3] / "frontend/src/ranking.ts"
POSTINGS = Path(__file__).parents[3] / "frontend/src/postings.ts"


def test_a_word_in_the_title_and_in_the_answer() -> None:
    texts = (["undo", "commit"], [], ["undo", "it", "by", "revert"])
    # All lengths are as usual. The title: 3 × ln 2 × (0.2 + 4/4); the answer, where every text has
    # it: 1 × ln 1.2 × (0.2 + 4/4).
    found = closeness(["undo"], texts, {"undo": (1, 0, 2)}, TWO)
    assert found == pytest.approx(3.6 * log(2) + 1.2 * log(1.2))


def test_longer_than_usual_proves_less_and_more_words_more() -> None:
    met = {"undo": (1, 0, 1), "push": (1, 0, 1)}
    short = closeness(["undo", "push"], (["undo"], [], []), met, TWO)
    long = closeness(["undo", "push"], (["undo", "a", "b", "c"], [], []), met, TWO)
    both = closeness(["undo", "push"], (["undo", "push", "b", "c"], [], []), met, TWO)
    assert 0 < long < min(short, both)


def test_nothing_shared_is_nothing_and_counts_may_lag_behind() -> None:
    assert closeness(["zebra"], (["undo"], [], []), {"zebra": (0, 0, 0)}, TWO) == 0
    assert closeness(["undo"], (["undo"], [], []), {"undo": (0, 0, 0)}, TWO) > 0
    assert (
        closeness(["undo"], (["undo"], [], []), {"undo": (3, 0, 0)}, Collection(0, (0, 0, 0))) > 0
    )


def test_the_page_has_the_same_numbers() -> None:
    weights = re.search(r"const FIELDS = \[(\d), (\d), (\d)\]", RANKING.read_text("utf-8"))
    bm25 = re.search(
        r"const K = ([\d.]+);.*\nconst B = ([\d.]+);.*\nconst LEAST = ([\d.]+);",
        POSTINGS.read_text("utf-8"),
    )
    assert weights is not None
    assert bm25 is not None
    assert tuple(map(float, weights.groups())) == WEIGHTS
    assert tuple(map(float, bm25.groups())) == (K, B, D)
