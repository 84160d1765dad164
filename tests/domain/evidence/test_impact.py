"""The brief's fixture by hand, and that no small group can be worked out by subtraction."""

from __future__ import annotations

import random

import pytest

from handrail.domain.evidence.impact import GroupCount, exact_interval, impact


def test_thirty_of_fifty_beside_eighteen_of_forty_five() -> None:
    one, other = impact([GroupCount("A", 50, 30), GroupCount("B", 45, 18)], floor=10)
    assert (one.rate, other.rate) == (0.6, 0.4)
    assert one.ratio == 1.0
    assert other.ratio == pytest.approx(0.667, abs=0.0005)
    assert (one.is_flagged, other.is_flagged) == (False, True)
    assert exact_interval(18, 45) == pytest.approx((0.2570, 0.5567), abs=1e-4)  # Clopper-Pearson
    assert other.ratio_interval is not None
    low, high = other.ratio_interval
    assert low < 0.667 < 1 < high  # of so few people it cannot be said


def test_exactly_four_fifths_is_not_flagged_and_nobody_hit_has_no_ratio() -> None:
    rates = impact([GroupCount("A", 50, 50), GroupCount("B", 50, 40)], floor=10)
    assert [rate.is_flagged for rate in rates] == [False, False]
    rates = impact([GroupCount("A", 50, 0), GroupCount("B", 50, 0)], floor=10)
    assert [rate.ratio for rate in rates] == [None, None]


def test_what_is_not_shown_has_the_floors_number_of_people_or_none() -> None:
    draw = random.Random(3)
    for _ in range(150):
        groups = [
            GroupCount(str(i), n := draw.randint(0, 30), draw.randint(0, n)) for i in range(4)
        ]
        nothing = draw.randint(0, 3)
        rates = impact(groups, floor=10, said_nothing=nothing)
        shown = {rate.name for rate in rates if rate.rate is not None}
        hidden = sum(g.n for g in groups if g.name not in shown)
        assert all(g.n >= 10 for g in groups if g.name in shown)
        assert hidden == 0 or hidden + nothing >= 10 or not shown
        assert len(shown) != 1
