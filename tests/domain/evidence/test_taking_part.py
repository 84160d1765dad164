"""The effect of taking part: Sommer and Zeger's trial, and sets that may be unbounded."""

from __future__ import annotations

import numpy as np
import pytest

from handrail.domain.evidence.effect import CannotTell
from handrail.domain.evidence.means import mean_difference
from handrail.domain.evidence.taking_part import TakingPart, anderson_rubin, taking_part


def vitamin_a() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Deaths of children: control 74 of 11,588; offered: took 12 of 9,675, did not 34 of 2,419."""
    cells = [(74, 11_588, 0, 0), (12, 9_675, 1, 1), (34, 2_419, 1, 0)]
    died = np.concatenate([np.arange(people) < deaths for deaths, people, _, _ in cells])
    offered = np.concatenate([np.full(people, arm) for _, people, arm, _ in cells])
    took = np.concatenate([np.full(people, taken) for _, people, _, taken in cells])
    return died.astype(float), offered, took


def test_the_vitamin_trial_gives_its_published_effects() -> None:
    died, offered, took = vitamin_a()
    assert mean_difference(died, offered).estimate == pytest.approx(-0.0026, abs=5e-5)
    found = taking_part(died, offered, took)
    assert found.effect.estimate == pytest.approx(-0.0032, abs=5e-5)
    assert found.effect.error == pytest.approx(0.0012, abs=5e-5)
    assert found.effect.method == "wald_delta"


def trial(people: int, took: float, seed: int = 0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    arm = np.arange(people) % 2
    taken = (arm == 1) & (rng.random(people) < took)
    return rng.normal(0, 1, people) + 0.5 * taken, arm, taken


def rejected(y: np.ndarray, arm: np.ndarray, taken: np.ndarray, value: float) -> bool:
    """By definition: whether outcome - value x taken differs between the arms."""
    found = mean_difference_plain(y - value * taken, arm)
    return abs(found[0]) > found[1]


def mean_difference_plain(y: np.ndarray, arm: np.ndarray) -> tuple[float, float]:
    ours, others = y[arm == 1], y[arm == 0]
    error = (ours.var(ddof=1) / len(ours) + others.var(ddof=1) / len(others)) ** 0.5
    return float(ours.mean() - others.mean()), 1.98 * float(error)


def held(found: TakingPart, value: float) -> bool:
    if found.set_shape == "outside":
        assert found.gap_low is not None
        assert found.gap_high is not None
        return not found.gap_low < value < found.gap_high
    low, high = found.effect.low, found.effect.high
    return (low is None or low <= value) and (high is None or value <= high)


@pytest.mark.parametrize(
    ("people", "took", "seed", "shape"),
    [(120, 0.7, 0, "interval"), (120, 0.05, 3, "all"), (120, 0.04, 2, "outside")],
)
def test_the_set_is_what_the_test_does_not_reject(
    people: int, took: float, seed: int, shape: str
) -> None:
    y, arm, taken = trial(people, took, seed)
    if shape == "outside":
        y = y + 3 * arm  # a clear effect of the offer, hardly anybody took part
    found = anderson_rubin(y, arm, taken)
    assert found.set_shape == shape
    for value in np.linspace(-60, 60, 241):
        edges = [found.effect.low, found.effect.high, found.gap_low, found.gap_high]
        if all(edge is None or abs(edge - value) > 0.05 * (1 + abs(value)) for edge in edges):
            assert held(found, value) != rejected(y, arm, taken, value)


def test_few_people_or_a_weak_first_stage_ask_for_anderson_and_rubin() -> None:
    assert taking_part(*trial(99, 0.7)).effect.method == "anderson_rubin"
    assert taking_part(*trial(200, 0.7)).effect.method == "wald_delta"


def test_takers_are_hidden_where_take_up_differs_by_fewer_than_20_points() -> None:
    y, arm, _ = trial(200, 0.7)
    alike = np.arange(200) % 10 < 4
    with pytest.raises(CannotTell) as told:
        taking_part(y, arm, alike)
    assert told.value.code == "take_up_alike"


def test_clusters_in_one_arm_widen_the_effect_of_taking_part() -> None:
    rng = np.random.default_rng(4)
    y, arm, taken = trial(200, 0.8)
    mentor = np.where(arm == 1, np.arange(200) // 14, 1000 + np.arange(200))
    y = y + np.where(arm == 1, rng.normal(0, 1.5, 2000)[mentor], 0)
    alone, shared = taking_part(y, arm, taken), taking_part(y, arm, taken, clusters=mentor)
    assert shared.effect.error is not None
    assert alone.effect.error is not None
    assert shared.effect.error > 1.3 * alone.effect.error
