"""Looking every week: the formula by hand, and who leaves."""

from __future__ import annotations

import math

import numpy as np
import pytest

from handrail.domain.evidence.monitoring import Harm, Leaving, half_width, harm, look


def test_the_half_width_is_the_formula_of_the_brief() -> None:
    n, s, alpha, planned = 200, 1.3, 0.01, 200
    rho2 = (-2 * math.log(alpha) + math.log(1 - 2 * math.log(alpha))) / planned
    expected = s * math.sqrt(
        2 * (n * rho2 + 1) / (n**2 * rho2) * math.log(math.sqrt(n * rho2 + 1) / alpha)
    )
    assert half_width(n, s, planned=planned, alpha=alpha) == pytest.approx(expected)


def test_tuned_to_the_planned_number_it_is_one_and_a_half_times_a_fixed_interval() -> None:
    # Against a fixed 95 % interval, with alpha .05: the brief's 1.55 and 2.6.
    fixed = 1.959964 / math.sqrt(200)
    assert half_width(200, 1, planned=200, alpha=0.05) / fixed == pytest.approx(1.55, abs=0.01)
    assert half_width(200, 1, planned=5000, alpha=0.05) / fixed == pytest.approx(2.6, abs=0.05)


def test_nothing_is_said_before_twenty_people_are_mature() -> None:
    y, arm = np.arange(40.0), np.arange(40) % 2
    assert look(y[:19], arm[:19], planned=80).low is None
    assert not look(y[:19], arm[:19], planned=80).shows
    first = look(y[:20], arm[:20], planned=80)
    assert first.low is not None
    assert look(y[:20], np.arange(20) < 4, planned=80).low is None


def test_a_look_is_wider_than_one_test_and_sees_what_is_plain() -> None:
    rng = np.random.default_rng(0)
    arm = np.arange(200) % 2
    y = rng.standard_normal(200) + 1.2 * arm
    now = look(y, arm, planned=200)
    assert now.shows
    assert now.estimate == pytest.approx(y[arm == 1].mean() - y[arm == 0].mean())
    assert now.high is not None
    assert now.high - (now.estimate or 0) > 1.3 * 1.96 * 2 / math.sqrt(200)
    assert not look(rng.standard_normal(200), arm, planned=200).shows


def one_bet(days: list[Leaving], ratio: float) -> float:
    """By hand, where one person leaves at a time."""
    product = 1.0
    for day in days:
        both = ratio * day.here_offered + day.here_waiting
        all_ = day.here_offered + day.here_waiting
        product *= all_ * (ratio if day.left_offered else 1) / both
    return product


def test_the_bet_is_the_average_of_four_likelihood_ratios() -> None:
    days = [Leaving(1, 0, 50, 50), Leaving(0, 1, 49, 50), Leaving(1, 0, 49, 49)]
    expected = sum(one_bet(days, ratio) for ratio in (1.25, 1.5, 2.0, 3.0)) / 4
    assert harm(days).evidence == pytest.approx(expected)


def test_two_who_leave_on_one_day_are_one_draw() -> None:
    # Both of 2 offered leave, of 2 and 2: 1 of 6 pairs, weights 1, 4 r, r^2.
    day = Leaving(2, 0, 2, 2)
    expected = sum(r**2 * 6 / (1 + 4 * r + r**2) for r in (1.25, 1.5, 2.0, 3.0)) / 4
    assert harm([day]).evidence == pytest.approx(expected)


def test_harm_is_told_when_those_offered_keep_leaving_and_stays_told() -> None:
    bad = [Leaving(1, 0, 100 - n, 100) for n in range(40)]
    good = [Leaving(0, 1, 60, 100 - n) for n in range(60)]
    assert harm(bad).shown
    told: Harm = harm(bad + good)
    assert told.shown
    assert told.evidence < told.highest
    assert not harm(good).shown


def test_more_leavers_than_people_are_refused() -> None:
    with pytest.raises(ValueError, match="More people"):
        harm([Leaving(3, 0, 2, 5)])
    with pytest.raises(ValueError, match="one person"):
        half_width(0, 1.0, planned=10)
