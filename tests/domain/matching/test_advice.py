"""What would help most: counts, bounds from prices, and plans that keep what they promise."""

from __future__ import annotations

import importlib
from dataclasses import replace

import pytest

from domain.matching.oracles import WEEK
from handrail.domain.matching import (
    Mentee,
    Mentor,
    Options,
    Pin,
    Problem,
    Want,
    bits_of,
    generate,
    solve,
)
from handrail.domain.matching import advice as module
from handrail.domain.matching.advice import Gain, advice

HOURS = bits_of([0, 1, 2, 3])


def mentee(name: str, skill: str, *, free: int = HOURS, level: int = 0) -> Mentee:
    return Mentee(name, (Want(skill, 1, level),), free)


def mentor(name: str, skill: str, *, seats: int = 1, free: int = HOURS, level: int = 2) -> Mentor:
    return Mentor(name, ((skill, level),), seats, free)


def advised(problem: Problem, options: Options | None = None):
    return advice(problem, solve(problem, seed=1, options=options or Options()))


def need(problem: Problem, skill: str):
    return next(one for one in advised(problem).skills if one.skill == skill)


def test_a_skill_that_nobody_gives_is_short_and_a_mentor_for_it_serves_who_waits():
    # 8000 = 7500 for two levels ahead + 500 for a language shared
    problem = Problem(
        WEEK,
        [mentee("bob", "rust"), mentee("carol", "rust"), mentee("dave", "git")],
        [mentor("xena", "git")],
    )
    told = advised(problem)
    assert [one.skill for one in told.short] == ["rust"]
    rust = told.short[0]
    assert (rust.wished, rust.mentors, rust.seats, rust.served, rust.waiting) == (2, 0, 0, 0, 2)
    assert [(more.level, more.seats, more.gain.people_at_least) for more in rust.one_more] == [
        (2, 1, 1),
        (2, 2, 2),
    ]
    assert rust.one_more[1].gain.points_at_least == 2 * 8000
    assert rust.one_more[1].gain.people_at_most == 2
    assert told.helps == ()


def test_counts_of_a_skill_with_one_mentor_and_three_wishes():
    problem = Problem(
        WEEK, [mentee(name, "git") for name in ("bob", "carol", "dave")], [mentor("xena", "git")]
    )
    git = need(problem, "git")
    assert (git.wished, git.mentors, git.seats, git.served, git.waiting) == (3, 1, 1, 1, 2)


def test_a_mentor_who_is_not_ahead_of_anybody_does_not_count():
    problem = Problem(WEEK, [mentee("bob", "git", level=3)], [mentor("xena", "git", level=3)])
    assert (need(problem, "git").mentors, need(problem, "git").seats) == (0, 0)


def test_one_more_seat_of_the_mentor_whom_two_wait_for():
    problem = Problem(
        WEEK,
        [mentee(name, "git") for name in ("bob", "carol", "dave")] + [mentee("emil", "css")],
        [mentor("xena", "git"), mentor("yuri", "css", seats=3)],
    )
    (help,) = advised(problem).helps
    assert (help.mentor, help.kind, help.waiting) == ("xena", "seat", 2)
    assert help.gain == replace(help.gain, people_at_least=1, people_at_most=1)
    assert help.gain.points_at_least == help.gain.points_at_most == 8000


def test_one_more_hour_of_the_mentor_who_has_a_seat_but_no_time():
    # xena could meet two and is free once; carol could meet her an hour later
    problem = Problem(
        WEEK,
        [mentee("bob", "git", free=bits_of([0])), mentee("carol", "git", free=bits_of([0, 2]))],
        [mentor("xena", "git", seats=2, free=bits_of([0]))],
    )
    (help,) = [one for one in advised(problem).helps if one.kind == "hour"]
    assert (help.mentor, help.slot) == ("xena", 2)
    assert help.gain.people_at_least == help.gain.people_at_most == 1


def test_where_everybody_is_served_nothing_is_short_and_a_seat_adds_fit_only():
    # bob and carol want xena (two ahead: 8000); one of them has yuri (one ahead: 6500)
    problem = Problem(
        WEEK,
        [mentee("bob", "git"), mentee("carol", "git")],
        [mentor("xena", "git"), mentor("yuri", "git", level=1)],
    )
    told = advised(problem)
    assert told.short == ()
    (help,) = told.helps
    assert (help.mentor, help.gain.people_at_least, help.gain.people_at_most) == ("xena", 0, 0)
    assert help.gain.points_at_least == help.gain.points_at_most == 1500
    assert help.gain.proven


def test_a_wish_that_counts_too_little_gets_no_advice():
    # sql is the third wish: 100 of 7·100 lies below the floor of 30 percent
    bob = Mentee("bob", (Want("git", 1), Want("css", 2), Want("sql", 3)), HOURS)
    found = advised(Problem(WEEK, [bob], []))
    assert [one.skill for one in found.short] == ["git"]  # css: 200 of 700 is too little as well
    assert all(not one.one_more for one in found.skills if one.skill != "git")


def test_who_has_no_hours_is_not_helped_by_a_mentor():
    problem = Problem(WEEK, [mentee("bob", "git", free=0)], [])
    assert advised(problem).short == ()


def test_two_seats_at_one_hour_serve_one():
    both = [mentee("bob", "git", free=bits_of([5])), mentee("carol", "git", free=bits_of([5]))]
    git = need(Problem(WEEK, both, []), "git")
    assert [more.gain.people_at_least for more in git.one_more] == [1, 1]
    assert git.one_more[1].gain.people_at_most == 1


def test_a_pinned_person_stays_where_they_are():
    problem = Problem(
        WEEK,
        [mentee("bob", "git"), mentee("carol", "css")],
        [mentor("xena", "git", level=1)],
        pins=(Pin("bob", "xena"),),
    )
    git = need(problem, "git")
    assert git.one_more == ()


def test_a_cohort_plan_gets_counts_alone():
    people = [mentee(f"m{at}", "git") for at in range(7)]
    problem = Problem(WEEK, people, [mentor("xena", "git")])
    told = advised(problem, Options(model="cohort"))
    assert told.helps == ()
    assert [(one.skill, one.one_more) for one in told.skills] == [("git", ())]


def test_an_empty_team():
    assert advised(Problem(WEEK, [], [])).skills == ()


def test_the_document_is_plain():
    problem = Problem(WEEK, [mentee("bob", "rust")], [])
    assert advised(problem).document()["skills"][0]["one_more"][0]["gain"] == {
        "people_at_least": 1,
        "people_at_most": 1,
        "points_at_least": 8000,
        "points_at_most": 8000,
        "proven": False,
    }


def with_help(problem: Problem, told) -> list[tuple[Gain, Problem]]:
    """Each change that the advice speaks of, made."""
    changed = []
    for one in told.skills:
        group = [who for who in problem.mentees if one.skill in [w.skill for w in who.wants]]
        served = {pair.mentee for pair in solve(problem, seed=1).pairs}
        waiting = [who for who in group if who.person not in served and who.free] or group
        free = 0
        for who in waiting:
            free |= who.free
        for more in one.one_more:
            new = Mentor("new", ((one.skill, more.level),), more.seats, free)
            changed.append((more.gain, replace(problem, mentors=[*problem.mentors, new])))
    for help in told.helps:
        mentors = [
            replace(
                who,
                seats=who.seats + (help.kind == "seat"),
                free=who.free | (1 << help.slot if help.slot is not None else 0),
            )
            if who.person == help.mentor
            else who
            for who in problem.mentors
        ]
        changed.append((help.gain, replace(problem, mentors=mentors)))
    return changed


@pytest.mark.parametrize("seed", range(4))
def test_what_is_said_holds_when_the_change_is_made(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "RESOLVED", 0)  # by prices and plans alone
    problem = generate(seed=seed, mentees=14, mentors=4, tight=bool(seed % 2), skills=8)
    plan = solve(problem, seed=1)
    made = with_help(problem, advice(problem, plan))
    assert made
    for gain, changed in made:
        now = solve(changed, seed=1).certificate
        people = now.served - plan.certificate.served
        points = now.fit - plan.certificate.fit
        assert gain.people_at_least <= people <= gain.people_at_most
        if people == gain.people_at_least:
            assert gain.points_at_least <= points
            assert gain.points_at_most is None or points <= gain.points_at_most


def test_nothing_of_it_needs_all_pairs_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = generate(seed=1, mentees=14, mentors=4, skills=8)
    plan = solve(problem, seed=1)
    monkeypatch.setattr(module, "RESOLVED", 0)
    for name in ("tables", "solve"):
        dense = importlib.import_module(f"handrail.domain.matching.{name}")
        monkeypatch.setattr(dense, "tabulate", None)
    assert advice(problem, plan).skills
