"""The judge of the matching contest counts, proves, and refuses plans that break a rule."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from handrail.domain.matching import bits_of, generate, pack

sys.path.append(str(Path(__file__).parents[2] / "benchmarks"))
from contest import reference, rivals
from contest.arcs import Answer, Arcs, Prices, judge

# bob and carol both want xena at slot 3; carol could also meet yuri at slot 70, for less
WEEK = pack([bits_of([3]), bits_of([70])])
TEAM = Arcs(
    mentee=np.array([0, 1, 1], np.int32),
    mentor=np.array([0, 0, 1], np.int32),
    score=np.array([5000, 7000, 4000]),
    common=WEEK[[0, 0, 1]],
    mentees=2,
    seats=np.array([2, 1], np.int32),
    week=WEEK,
)
BOTH_SERVED = Answer(np.array([0, 1]), np.array([3, 70]))


def test_it_counts_people_and_points():
    judged = judge(TEAM, BOTH_SERVED)
    assert (judged.served, judged.fit, judged.bound) == (2, 9000, None)


def test_a_slot_of_each_arc():
    arc, slot = TEAM.slots
    assert list(zip(arc.tolist(), slot.tolist(), strict=True)) == [(0, 3), (1, 3), (2, 70)]


@pytest.mark.parametrize(
    ("mentor", "when", "message"),
    [
        ([1, -1], [70, -1], "must not"),
        ([0, 0], [3, 3], "share a mentor's slot"),
        ([0, 1], [4, 70], "not free for both"),
        ([-1, 1], [-1, 3], "not free for both"),
    ],
)
def test_it_refuses_a_plan_that_breaks_a_rule(mentor, when, message):
    with pytest.raises(ValueError, match=message):
        judge(TEAM, Answer(np.array(mentor), np.array(when)))


def test_it_refuses_more_people_than_seats():
    single = replace(TEAM, seats=np.array([1, 1], np.int32))
    with pytest.raises(ValueError, match="more people than seats"):
        judge(single, Answer(np.array([0, 0])))


def test_prices_prove_that_no_plan_is_worth_more():
    # a person weighs 20,001; the slot at xena's goes to bob, for carol it must cost 3,000 more
    slot = (np.array([0]), np.array([3]), np.array([20_001 + 3000]))
    prices = Prices(np.array([0, 0]), slot)
    judged = judge(TEAM, Answer(BOTH_SERVED.mentor, BOTH_SERVED.when, prices=prices))
    # 23,001 for the slot, bob gains 2,000, carol 24,001 at yuri's: just what the plan is worth
    assert judged.bound == 23_001 + 2_000 + 24_001 == 2 * 20_001 + 9000


def test_prices_of_seats_alone_prove_less():
    judged = judge(TEAM, Answer(BOTH_SERVED.mentor, None, prices=Prices(np.array([0, 0]))))
    assert judged.bound == 2 * 20_001 + 5000 + 7000


def test_a_negative_price_proves_nothing():
    with pytest.raises(ValueError, match="negative"):
        judge(TEAM, Answer(BOTH_SERVED.mentor, None, prices=Prices(np.array([-1, 0]))))


@pytest.mark.parametrize("name", ["OR-Tools", "SciPy sparse", "SciPy dense", "greedy"])
def test_rivals_without_slots(name):
    judged = judge(TEAM, rivals.MATCHING[name](TEAM, TEAM.person))
    assert (judged.served, judged.fit) == (2, 12_000)


@pytest.mark.parametrize(
    ("name", "served", "fit"),
    [("OR-Tools", 2, 9000), ("match then slot", 1, 7000), ("greedy", 1, 7000)],
)
def test_rivals_with_slots(name, served, fit):
    judged = judge(TEAM, rivals.JOINT[name](TEAM, TEAM.person))
    assert (judged.served, judged.fit) == (served, fit)


def test_the_reference_scores_every_pair_as_a_person_would():
    problem = generate(seed=3, mentees=40, mentors=8, skills=6)
    best = reference.best_scores(problem, 8)
    assert best.shape == (40, 8)
    for at in (0, 17, 39):
        assert best[at].tolist() == _by_hand(problem, at)


def _by_hand(problem, at):
    who, found = problem.mentees[at], []
    for mentor in problem.mentors:
        levels, weights = dict(mentor.skills), [4, 2, 1, 1][: len(who.wants)]
        leads = [max(0, levels.get(want.skill, 0) - want.level) for want in who.wants]
        gained = sum(
            w * [0, 80, 100, 90, 70, 60][lead] for w, lead in zip(weights, leads, strict=True)
        )
        shared = set(who.languages) & set(mentor.languages)
        if gained < max(1, 30 * sum(weights)) or not shared or not who.free & mentor.free:
            continue
        if (who.person, mentor.person) in problem.excluded:
            continue
        language = 1000 if who.languages[0] in mentor.languages else 500
        found.append(7500 * gained // (100 * sum(weights)) + language)
    return sorted(found, reverse=True) + [-1] * (8 - len(found))
