"""Stepped wedges: the published power, and a test that few teams can bear."""

from __future__ import annotations

import csv
import os
from pathlib import Path

import numpy as np
import pytest

from handrail.domain.evidence.effect import CannotTell
from handrail.domain.evidence.stay_difference import restricted_mean, restricted_mean_difference
from handrail.domain.evidence.stepped import stepped_effect, stepped_power


def test_the_power_is_the_published_one() -> None:
    # The example of swCRTdesign's readme.
    power = stepped_power(teams=24, waves=4, people=120, before=0.05, after=0.035, between=0.01)
    assert power == pytest.approx(0.7861896, abs=5e-8)


def test_an_effect_is_found_beside_teams_and_periods() -> None:
    rng = np.random.default_rng(0)
    starts = np.repeat([1, 2, 3, 4], 2)
    begun = np.arange(5)[None, :] >= starts[:, None]
    level = rng.normal(0, 3, 8)[:, None] + np.arange(5)[None, :]
    effect, p = stepped_effect(level + 2.0 * begun, starts, seed=1)
    assert effect == pytest.approx(2.0)
    assert p < 0.01
    none, chance = stepped_effect(level + rng.normal(0, 1, (8, 5)), starts, seed=1)
    assert chance > 0.05
    assert abs(none) < 1.5


def test_a_wedge_that_cannot_be_is_refused() -> None:
    with pytest.raises(ValueError, match="equally many"):
        stepped_power(teams=9, waves=4, people=10, before=0.1, after=0.2, between=0.0)
    with pytest.raises(CannotTell) as told:
        stepped_effect(np.ones((4, 3)), [1, 1, 1, 1], seed=1)
    assert told.value.code == "one_draw"


@pytest.mark.skipif("HANDRAIL_PBC" not in os.environ, reason="the file of survRM2 is not here")
def test_pbc_gives_the_restricted_means_of_the_vignette() -> None:
    """With the developer's own copy of pbc as CSV (time, status, trt): HANDRAIL_PBC=pbc.csv."""
    with Path(os.environ["HANDRAIL_PBC"]).open() as lines:
        rows = [row for row in csv.DictReader(lines) if row["trt"] in ("1", "2")]
    assert len(rows) == 312
    years = np.array([float(row["time"]) / 365.25 for row in rows])
    died = np.array([int(row["status"]) == 2 for row in rows])
    arm = np.array([row["trt"] == "1" for row in rows])
    for side, mean, error in ((arm, 7.146, 0.283), (~arm, 7.283, 0.295)):
        found = restricted_mean(years[side], died[side], 10)
        assert (found[0], found[1] ** 0.5) == pytest.approx((mean, error), abs=5e-4)
    gap = restricted_mean_difference(years, died, arm, until=10)
    assert (gap.estimate, gap.low, gap.high) == pytest.approx((-0.137, -0.939, 0.665), abs=5e-4)
