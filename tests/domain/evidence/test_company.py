"""The made-up company: its planted truth is there, and the easy comparisons mislead as known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from handrail.domain.evidence.company import Company, hire, outcomes, truth_of

MANY = Company(hires=60_000)


def gap(stay: np.ndarray, group: np.ndarray) -> float:
    return float(stay[group].mean() - stay[~group].mean())


def test_the_planted_retention_needs_the_hazard_ratio_of_the_brief() -> None:
    assert truth_of(Company()).hazard_ratio == pytest.approx(0.439, abs=5e-4)
    assert truth_of(replace(Company(), null=True)).hazard_ratio == 1.0


def test_the_same_seed_draws_the_same_people() -> None:
    one, two, other = (hire(Company(), seed=seed) for seed in (5, 5, 6))
    assert np.array_equal(one.task_day, two.task_day)
    assert not np.array_equal(one.task_day, other.task_day)


def test_starting_values_give_take_up_retention_and_the_effect_of_the_offer() -> None:
    drawn = hire(MANY, seed=1)
    arm, stay = drawn.offered, drawn.leave_day > 180
    assert drawn.took_part[arm].mean() == pytest.approx(0.67, abs=0.01)
    assert not drawn.took_part[~arm].any()
    assert stay[~arm].mean() == pytest.approx(0.70, abs=0.01)
    assert gap(stay, arm) == pytest.approx(0.092, abs=0.01)
    everybody = hire(replace(MANY, take_up=30.0), seed=1)
    assert (everybody.leave_day > 180)[everybody.offered].mean() == pytest.approx(0.85, abs=0.01)


def test_with_no_effect_completers_look_better_and_strugglers_worse() -> None:
    null = replace(MANY, null=True, lottery=False)
    keen, sent = hire(null, seed=2), hire(replace(null, referral=True), seed=2)
    assert gap(keen.leave_day > 180, keen.completed) > 0.11
    assert gap(sent.leave_day > 180, sent.took_part) == pytest.approx(-0.107, abs=0.01)
    lottery = hire(replace(null, lottery=True), seed=2)
    assert gap(lottery.leave_day > 180, lottery.offered) == pytest.approx(0, abs=0.012)


def test_opening_the_waitlist_at_week_12_shrinks_the_offer_effect() -> None:
    shrunk = hire(replace(MANY, crossover_day=84.0), seed=3)
    assert gap(shrunk.leave_day > 180, shrunk.offered) == pytest.approx(0.047, abs=0.012)


def test_what_was_added_to_the_brief_does_what_it_says() -> None:
    spilled = hire(replace(MANY, spill_over=0.5), seed=4)
    plain = hire(MANY, seed=4)
    assert gap(spilled.task_day, spilled.offered) > gap(plain.task_day, plain.offered)
    shared = hire(replace(MANY, cohort_spread=0.5, take_up=30.0), seed=4)
    logs = np.log(shared.task_day[shared.offered])
    mentors = shared.cohort[shared.offered]
    means = np.bincount(mentors, logs) / np.bincount(mentors)
    assert means.var() > 0.2  # .25 between mentors, beside .6 / 7 by chance
    unlinked = outcomes(hire(replace(MANY, unlinked=0.3), seed=4), followed=180.0)
    assert unlinked.reached.mean() < outcomes(plain, followed=180.0).reached.mean() - 0.2
    late = outcomes(hire(replace(MANY, reporting_lag=30.0), seed=4), followed=180.0)
    assert late.left.mean() < outcomes(plain, followed=180.0).left.mean() - 0.02
    early = hire(replace(MANY, hazard_shape=0.5), seed=4)
    assert (early.leave_day < 30).mean() > 1.5 * (plain.leave_day < 30).mean()
    assert (plain.moved_day < 365).mean() == pytest.approx(1 - np.exp(-0.22), abs=0.01)


def test_to_complete_three_sessions_one_must_stay() -> None:
    drawn = hire(MANY, seed=5)
    last = drawn.session_days[drawn.completed].max(axis=1)
    assert (last <= drawn.leave_day[drawn.completed]).all()


def test_outcomes_never_show_the_future() -> None:
    drawn = hire(Company(), seed=6)
    seen = outcomes(drawn, followed=40.0)
    assert (seen.days <= 40).all()
    assert (seen.stayed <= 40).all()
    assert not (seen.reached & (drawn.task_day > drawn.leave_day)).any()


def test_blocks_keep_the_arms_level_within_teams() -> None:
    drawn = hire(Company(hires=400), seed=7)
    for team in range(8):
        arms = drawn.offered[drawn.team == team]
        assert abs(arms.sum() - (~arms).sum()) <= 2
