"""Scores by hand."""

from __future__ import annotations

import numpy as np
import pytest

from domain.matching.oracles import WEEK, points
from handrail.domain.matching import Mentee, Mentor, Options, Problem, Terms, Want, generate
from handrail.domain.matching.score import above_floor, gain, language_points, score_pair, weight
from handrail.domain.matching.tables import tabulate


def test_gain_by_levels_ahead():
    assert [gain(level, 0) for level in range(6)] == [0, 80, 100, 90, 70, 60]
    assert gain(2, 4) == 0


def test_weights_by_priority():
    assert [weight(priority) for priority in (1, 2, 3, 4, 40)] == [4, 2, 1, 1, 1]


@pytest.mark.parametrize(
    ("mine", "theirs", "points_"),
    [
        (("de", "en"), ("en", "de"), 1000),
        (("de", "en"), ("en",), 500),
        (("de",), ("en",), None),
        ((), ("en",), 500),
        (("de",), (), 500),
        ((), (), 500),
    ],
)
def test_language(mine, theirs, points_):
    assert language_points(mine, theirs) == points_


def test_terms_of_a_pair():
    # git 4·100 (two ahead), css 2·80 (one ahead), sql 1·0 (behind): 560 of 700 percent
    wants = (Want("git", 1, 1), Want("css", 2, 0), Want("sql", 3, 3))
    bob = Mentee("bob", wants, 0b1110, ("en",))
    alice = Mentor("alice", (("git", 3), ("css", 1), ("sql", 2)), 1, 0b0111, ("en",))
    scored = score_pair(bob, alice, Options(time_term=True))
    assert scored.terms == Terms(skill=7500 * 560 // 700, time=375, language=1000)
    assert (scored.skill, scored.share) == ("git", 80)
    assert score_pair(bob, alice, Options()).terms.time == 0


@pytest.mark.parametrize(("gained", "enough"), [(209, False), (210, True), (0, False)])
def test_the_floor_is_thirty_percent_of_the_wish(gained, enough):
    assert above_floor(gained, 7, 30) is enough


def test_no_gain_is_below_any_floor():
    assert not above_floor(0, 7, 0)


@pytest.mark.parametrize("time_term", [False, True])
def test_tables_hold_the_same_scores(time_term):
    problem = generate(seed=1, mentees=60, skills=10)
    options = Options(time_term=time_term)
    tables = tabulate(problem, options, seed=1)
    for at, mentee in enumerate(tables.mentees):
        for to, mentor in enumerate(tables.mentors):
            expected = points(mentee, mentor, options)
            barred = (mentee.person, mentor.person) in problem.excluded
            assert tables.allowed[at, to] == (expected is not None and not barred)
            if expected is not None:
                assert tables.score[at, to] == expected


def test_forty_wishes_are_scored():
    wants = tuple(Want(f"skill {n}", n) for n in range(1, 41))
    bob = Mentee("bob", wants, 1)
    alice = Mentor("alice", (("skill 1", 2), ("skill 40", 2)), 1, 1)
    # 4·100 + 1·100 of (4 + 2 + 38)·100
    assert score_pair(bob, alice, Options()).terms.skill == 7500 * 500 // 4400


def test_tables_cannot_be_written():
    tables = tabulate(Problem(WEEK, [], []), Options(), seed=1)
    arrays = [field for field in vars(tables).values() if isinstance(field, np.ndarray)]
    assert arrays
    assert not any(array.flags.writeable for array in arrays)
