"""Shares with intervals, against textbook values and hand calculation."""

from __future__ import annotations

import math

import pytest

from handrail.domain.evidence.intervals import normal_quantile, share_of, share_of_people, wilson


def test_the_95_percent_quantile_is_the_textbook_one() -> None:
    assert normal_quantile(0.95) == pytest.approx(1.959964, abs=1e-6)


def test_a_level_outside_0_and_1_is_refused() -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        normal_quantile(95)


@pytest.mark.parametrize(
    ("hits", "trials", "low", "high"),
    [
        # Newcombe, Statistics in Medicine 17 (1998), table I, method 3.
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0000, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilson_gives_the_published_intervals(
    hits: int, trials: int, low: float, high: float
) -> None:
    assert wilson(hits, trials) == (pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))


def test_wilson_ends_exactly_at_1_when_everybody_hit() -> None:
    low, high = wilson(7, 7)
    assert high == 1.0
    assert low == pytest.approx(0.6457, abs=5e-5)  # 7 / (7 + 1.96^2)


@pytest.mark.parametrize(("hits", "trials"), [(1, 0), (3, 2), (-1, 2)])
def test_what_is_no_share_is_refused(hits: int, trials: int) -> None:
    with pytest.raises(ValueError, match="is not a share"):
        wilson(hits, trials)


def test_nothing_tried_cannot_be_told() -> None:
    share = share_of([])
    assert (share.value, share.low, share.high, share.method) == (None, None, None, "none")
    assert share_of_people(0, 0).value is None


def test_29_people_get_wilson_over_their_trials() -> None:
    trials = [(person, True) for person in range(29)] + [(0, False)]
    share = share_of(trials)
    assert (share.hits, share.trials, share.method) == (29, 30, "wilson")
    assert (share.low, share.high) == wilson(29, 30)


def test_30_people_get_an_interval_by_clusters() -> None:
    # 15 people came twice of twice, 15 once of twice: p = 45 / 60 = .75,
    # each residual is +-.5, so the sum of squares is 30 * .25 = 7.5.
    trials = [(person, True) for person in range(30)]
    trials += [(person, person < 15) for person in range(30)]
    share = share_of(trials)
    half = 1.959964 * math.sqrt(30 / 29 * 7.5) / 60
    assert share.method == "clustered"
    assert share.value == 0.75
    assert share.low == pytest.approx(0.75 - half, abs=1e-6)
    assert share.high == pytest.approx(0.75 + half, abs=1e-6)


def test_repeats_by_the_same_person_do_not_narrow_the_interval() -> None:
    once = share_of((person, person % 2 == 0) for person in range(40))
    thrice = share_of((person, person % 2 == 0) for person in range(40) for _ in range(3))
    assert once.low is not None
    assert thrice.low == pytest.approx(once.low)


def test_when_all_40_people_always_came_the_interval_still_has_a_width() -> None:
    share = share_of((person, True) for person in range(40) for _ in range(2))
    assert share.high == 1.0
    assert share.low == pytest.approx(40 / (40 + 1.959964**2), abs=1e-6)
