"""People as arrays give the same answers, a row or a column at a time, as the rules give a pair."""

from __future__ import annotations

import numpy as np
import pytest

from domain.matching.oracles import WEEK, feasible, points, tiny
from handrail.domain.matching import (
    Mentee,
    Mentor,
    Options,
    Problem,
    Want,
    bits_of,
    generate,
)
from handrail.domain.matching.describe import no_pair_reason, nobody_for
from handrail.domain.matching.roster import Roster, pair_scores
from handrail.domain.matching.tables import tabulate

PLAIN = Options()
BOTH = [PLAIN, Options(floor=60, time_term=True)]


def small(seed: int) -> Problem:
    """Random people; every second problem has its exclusions as rows, the others as a mapping."""
    if seed % 2:
        return tiny(seed, caps=True)
    return generate(seed=seed, mentees=12, mentors=5, skills=6, tight=bool(seed % 4))


@pytest.mark.parametrize("options", BOTH)
@pytest.mark.parametrize("seed", range(30))
def test_a_row_and_a_column_know_who_fits_and_the_points(seed: int, options: Options) -> None:
    problem = small(seed)
    roster = Roster(problem, options, 1)
    allowed = feasible(problem, options)
    by_row, by_column = {}, {}
    for mentee in problem.mentees:
        row = roster.row(mentee)
        places = roster.fits(mentee, row, options.floor)
        scores = roster.score(mentee, row, places)
        for to, score in zip(places.tolist(), scores.tolist(), strict=True):
            by_row[mentee.person, problem.mentors[to].person] = score
    for mentor in problem.mentors:
        column = roster.column(mentor)
        for at, score in zip(column.places.tolist(), column.points.tolist(), strict=True):
            by_column[problem.mentees[at].person, mentor.person] = score
    assert by_row == allowed
    assert by_column == allowed


@pytest.mark.parametrize("options", BOTH)
@pytest.mark.parametrize("seed", range(10))
def test_the_points_of_many_pairs_at_once(seed: int, options: Options) -> None:
    problem = small(seed)
    roster = Roster(problem, options, 1)
    pairs = [(at, to) for at in range(len(problem.mentees)) for to in range(len(problem.mentors))]
    who, to = np.array(pairs).T
    scores = pair_scores(
        roster.mentees, roster.mentors, who, to, time_term=options.time_term
    ).tolist()
    for (at, other), score in zip(pairs, scores, strict=True):
        told = points(problem.mentees[at], problem.mentors[other], options)
        assert told is None or told == score


@pytest.mark.parametrize("seed", range(60))
def test_who_can_meet_nobody_is_told_the_same_reason_one_by_one_and_in_rows(seed: int) -> None:
    problem = small(seed)
    options = Options(floor=(0, 30, 70)[seed % 3])
    tables = tabulate(problem, options, 1)
    one_by_one = {
        who.person: no_pair_reason(tables, at, options) for at, who in enumerate(tables.mentees)
    }
    roster = Roster(problem, options, 1)
    in_rows = nobody_for(roster, range(len(problem.mentees)))
    for at, mentee in enumerate(problem.mentees):
        assert in_rows.get(at) == one_by_one[mentee.person]


def test_each_rule_in_its_turn() -> None:
    git, css = Want("git", 1, 1), Want("css", 2, 0)
    noon, night = bits_of([24, 25]), bits_of([2])
    people = [
        Mentee("no wish", (), noon),
        Mentee("no skill", (Want("sql"),), noon),
        Mentee("below floor", (Want("sql"), Want("css", 2, 3)), noon),
        Mentee("no language", (git,), noon, ("fi",)),
        Mentee("excluded", (git,), noon, ("en",)),
        Mentee("no seat", (css,), noon, ("de",)),
        Mentee("no time", (git,), night, ("en",)),
        Mentee("could", (git,), noon, ("en",)),
    ]
    mentors = [
        Mentor("xena", (("git", 3),), 1, noon, ("en",)),
        Mentor("yuri", (("css", 4),), 0, noon, ("de",)),
    ]
    problem = Problem(WEEK, people, mentors, excluded={("excluded", "xena"): "recent"})
    told = nobody_for(Roster(problem, PLAIN, 1), range(len(people)))
    assert [told[at].code if at in told else "" for at in range(len(people))] == [
        *("no_wish", "no_skill", "below_floor", "no_language"),
        *("excluded", "no_seats", "no_time", ""),
    ]


def test_somebody_from_outside_with_a_language_and_a_skill_that_nobody_has() -> None:
    xena = Mentor("xena", (("git", 3),), 1, 1, ("en",))
    problem = Problem(WEEK, [], [xena], excluded={("eve", "xena"): "not_with"})
    roster = Roster(problem, PLAIN, 1)
    for guest, count in [
        (Mentee("dan", (Want("git"), Want("latin", 3)), 1, ("eo", "en")), 1),
        (Mentee("dan", (Want("git"),), 1, ("eo",)), 0),
        (Mentee("eve", (Want("git"),), 1, ("en",)), 0),
    ]:
        assert len(roster.fits(guest, roster.row(guest), 30)) == count
