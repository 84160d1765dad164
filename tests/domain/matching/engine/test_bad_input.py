"""Bad input to the engine: the best plan for the rest, or who and what to mend; never a crash."""

from __future__ import annotations

import sys
from dataclasses import fields, replace
from importlib import import_module

import pytest

from domain.matching.engine.plain import PACKAGE, plain_engine, solve_plain
from domain.matching.engine.teams import team
from domain.matching.oracles import WEEK
from handrail.domain.matching import (
    Mentee,
    Mentor,
    Options,
    Pin,
    Plan,
    Problem,
    ProblemError,
    Want,
    generate,
    solve,
    verify,
)
from handrail.domain.matching.rows import rows_of

SOLVING = import_module("handrail.domain.matching.solve")  # the package has a function so named

SOMEBODY = Mentee("somebody", (Want("git"),), 0b11)
PEOPLE = [replace(SOMEBODY, person=f"m{at:04d}") for at in range(1001)]
XENA = Mentor("xena", (("git", 2),), 3, 0b1111)


@pytest.fixture(autouse=True)
def plain_kernels(monkeypatch):
    """`solve` takes the engine, and the engine's kernels are not compiled."""
    monkeypatch.setitem(sys.modules, f"{PACKAGE}.solve", plain_engine().solve)


def proven(problem: Problem, options: Options | None = None) -> Plan:
    """The plan of `solve`, best and proven so."""
    plan = solve(problem, seed=1, options=options or Options())
    assert verify(problem, plan) == ()
    assert plan.certificate.bound == plan.certificate.value
    assert plan.certificate.served == plan.certificate.served_bound
    return plan


def reasons(plan: Plan) -> set[str]:
    return {each.reason.code for each in plan.unmatched}


def test_no_mentors():
    plan = proven(Problem(WEEK, PEOPLE, []))
    assert (len(plan.unmatched), reasons(plan)) == (1001, {"no_mentors"})


def test_no_mentees():
    mentors = [replace(XENA, person=f"x{at:04d}") for at in range(1001)]
    plan = proven(Problem(WEEK, [], mentors))
    assert (len(plan.pairs), plan.unmatched) == (0, ())


def test_no_common_hour():
    plan = proven(Problem(WEEK, PEOPLE, [replace(XENA, free=0b1100)]))
    assert reasons(plan) == {"no_time"}


def test_no_hour_at_all():
    people = [replace(who, free=0) for who in PEOPLE]
    assert reasons(proven(Problem(WEEK, people, [XENA]))) == {"no_time"}
    assert reasons(proven(Problem(WEEK, PEOPLE, [replace(XENA, free=0)]))) == {"no_time"}


def test_no_seat_at_all():
    plan = proven(Problem(WEEK, PEOPLE, [replace(XENA, seats=0)]))
    assert reasons(plan) == {"no_seats"}


def test_nobody_wishes():
    people = [replace(who, wants=()) for who in PEOPLE]
    plan = proven(Problem(WEEK, people, [XENA]))
    assert (len(plan.unmatched), reasons(plan)) == (1001, {"no_wish"})


def test_everybody_wants_the_same_two_hours_of_one_mentor(monkeypatch):
    monkeypatch.setattr(SOLVING, "MANY", 0)
    plan = proven(Problem(WEEK, PEOPLE[:101], [XENA]))
    assert (len(plan.pairs), reasons(plan)) == (2, {"short_of_seats"})
    told = plan.unmatched[0].reason.params
    assert (told["people"], told["seats"], told["waiting"]) == (101, 2, 99)


@pytest.mark.parametrize(
    ("change", "person", "field"),
    [
        ({"mentees": [*PEOPLE, PEOPLE[7]]}, "m0007", "person_id"),
        ({"mentors": [XENA, XENA]}, "xena", "person_id"),
        ({"mentors": [XENA, replace(XENA, person="m0003")]}, "m0003", "person_id"),
        ({"mentees": [*PEOPLE, replace(SOMEBODY, free=1 << 336)]}, "somebody", "free"),
        ({"mentors": [replace(XENA, seats=float("nan"))]}, "xena", "seats"),
        ({"pins": (Pin("m0001", "xena"), Pin("m0001", "yuri"))}, "yuri", "pins"),
        ({"pins": (Pin("m0001", "xena", 0), Pin("m0001", "xena", 1))}, "m0001", "pins"),
        ({"pins": (Pin("m0001", "xena", 0), Pin("m0002", "xena", 0))}, "xena", "pins"),
        ({"pins": tuple(Pin(f"m000{at}", "xena") for at in range(4))}, "xena", "pins"),
        ({"pins": (Pin("m0001", "xena", 3),)}, "m0001", "pins"),
        ({"pins": (Pin("m0001", "xena"),), "forbids": {("m0001", "xena")}}, "m0001", "pins"),
        ({"pins": (Pin("m0001", "xena"),), "excluded": {("m0001", "xena"): "recent"}}, "m0001", ""),
    ],
)
def test_names_the_person_and_the_field(change, person, field):
    with pytest.raises(ProblemError) as refused:
        solve(replace(Problem(WEEK, PEOPLE, [XENA]), **change), seed=1)
    assert refused.value.person == person
    assert refused.value.field.startswith(field)


# What needs a real solve goes to the engine however few people there are.


def test_forty_wishes(monkeypatch):
    monkeypatch.setattr(SOLVING, "MANY", 0)
    problem = team(1, "mixed", 16)
    wishes = [f"{kind}-{at}" for kind in ("rare", "common", "unheard-of") for at in range(40)]
    listed = [
        replace(who, wants=tuple(Want(s, 1 + n // 4) for n, s in enumerate(wishes[at : at + 40])))
        for at, who in enumerate(problem.mentees)
    ]
    proven(replace(problem, mentees=listed), Options(floor=0))


@pytest.mark.parametrize("priority", [1, 1000])
def test_as_many_wishes_as_one_may_have(monkeypatch, priority):
    monkeypatch.setattr(SOLVING, "MANY", 0)
    problem = team(2, "tight", 10)
    names = [f"unheard-of-{at}" for at in range(197)]
    listed = [
        replace(who, wants=(*who.wants, *(Want(name, priority) for name in names)))
        for who in problem.mentees[:2]
    ]
    everything = tuple((name, 2) for name in names)
    xena = replace(problem.mentors[0], person="xena", skills=everything, free=(1 << 300) - 1)
    mentees = [*listed, *problem.mentees[2:]]
    proven(replace(problem, mentees=mentees, mentors=[*problem.mentors, xena]), Options(floor=0))


def test_more_wishes_than_one_may_have():
    wishes = tuple(Want(f"unheard-of-{at}") for at in range(201))
    greedy = replace(SOMEBODY, wants=wishes)
    for people in ([*PEOPLE, greedy], rows_of(Problem(WEEK, [*PEOPLE, greedy], [XENA]))[0]):
        with pytest.raises(ProblemError, match="somebody: wants: lists 201 skills"):
            solve(Problem(WEEK, people, [XENA]), seed=1)


def test_hundreds_of_languages(monkeypatch):
    monkeypatch.setattr(SOLVING, "MANY", 0)
    problem = team(3, "mixed", 24)
    names = tuple(f"l{at}" for at in range(300))
    mentees = [replace(who, languages=names[at * 9 :]) for at, who in enumerate(problem.mentees)]
    mentors = [replace(who, languages=names[-1 - at :]) for at, who in enumerate(problem.mentors)]
    proven(replace(problem, mentees=mentees, mentors=mentors))


def test_all_pairs_excluded_but_one(monkeypatch):
    monkeypatch.setattr(SOLVING, "MANY", 0)
    people = [replace(SOMEBODY, person=f"m{at}") for at in range(40)]
    pairs = dict.fromkeys([(who.person, "xena") for who in people[1:]], "not_with")
    plan = proven(Problem(WEEK, people, [XENA], excluded=pairs))
    assert [pair.mentee for pair in plan.pairs] == ["m0"]
    assert reasons(plan) == {"excluded"}


def test_exclusions_and_wishes_of_people_who_are_not_here(monkeypatch):
    monkeypatch.setattr(SOLVING, "MANY", 0)
    problem = team(5, "tight", 24)
    strangers = {(f"stranger {at}", "x000"): "recent" for at in range(50)}
    more = replace(problem, excluded={**problem.excluded, **strangers})
    assert list(proven(more).pairs) == list(proven(problem).pairs)


@pytest.mark.parametrize("price", [0, 10_000])
def test_a_mentor_with_a_seat_for_every_minute(monkeypatch, price):
    monkeypatch.setattr(SOLVING, "MANY", 0)
    problem = team(6, "mixed", 24)
    mentors = [replace(who, seats=10_080) for who in problem.mentors]
    proven(replace(problem, mentors=mentors), Options(seat_price=price))


# What the engine never sees


def test_a_person_has_no_field_for_a_group():
    assert {field.name for field in fields(Mentee)} == {"person", "wants", "free", "languages"}
    assert {field.name for field in fields(Mentor)} == {
        "person",
        "skills",
        "seats",
        "free",
        "languages",
        "daily_cap",
        "offset_minutes",
    }


def test_flipping_a_group_changes_nothing():
    class Grouped(Mentee):
        group = ""

    problem = generate(seed=4, mentees=24, tight=True, skills=12)
    plans = []
    for groups in (("a", "b"), ("b", "a")):
        people = []
        for at, who in enumerate(problem.mentees):
            member = Grouped(who.person, who.wants, who.free, who.languages)
            object.__setattr__(member, "group", groups[at % 2])
            people.append(member)
        plans.append(solve_plain(replace(problem, mentees=people)))
    assert list(plans[0].pairs) == list(plans[1].pairs)
    assert plans[0].unmatched == plans[1].unmatched
    assert "group" not in {field.name for field in fields(rows_of(problem)[0])}
