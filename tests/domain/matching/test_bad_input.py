"""Input that no plan can answer is refused by person and field; the rest is still planned best."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from domain.matching.oracles import WEEK
from handrail.domain.matching import (
    Mentee,
    Mentor,
    Options,
    Pin,
    Problem,
    ProblemError,
    Want,
    bits_of,
    generate,
    pack,
    solve,
    verify,
)
from handrail.domain.matching.rows import rows_of

BOB = Mentee("bob", (Want("git"),), bits_of([0, 1]))
CAROL = Mentee("carol", (Want("git"),), bits_of([0, 1]))
XENA = Mentor("xena", (("git", 2),), 2, bits_of([0, 1]))
TEAM = Problem(WEEK, [BOB, CAROL], [XENA])
NAN = float("nan")


@pytest.mark.parametrize(
    ("problem", "person", "field"),
    [
        (replace(TEAM, week=date(2026, 1, 6)), "", "week"),
        (replace(TEAM, step=10), "", "step"),
        (replace(TEAM, minutes=45), "", "minutes"),
        (replace(TEAM, step=20, minutes=30), "", "step"),
        (replace(TEAM, mentees=[BOB, BOB]), "bob", "person_id"),
        (replace(TEAM, mentors=[XENA, XENA]), "xena", "person_id"),
        (replace(TEAM, mentors=[replace(XENA, person="bob")]), "bob", "person_id"),
        (replace(TEAM, mentees=[replace(BOB, person="")]), "", "person_id"),
        (replace(TEAM, mentees=[replace(BOB, free=-1)]), "bob", "free"),
        (replace(TEAM, mentees=[replace(BOB, free=1 << 336)]), "bob", "free"),
        (replace(TEAM, mentees=[replace(BOB, free=NAN)]), "bob", "free"),
        (replace(TEAM, mentors=[replace(XENA, free=1 << 400)]), "xena", "free"),
        (replace(TEAM, mentors=[replace(XENA, seats=-1)]), "xena", "seats"),
        (replace(TEAM, mentors=[replace(XENA, seats=NAN)]), "xena", "seats"),
        (replace(TEAM, mentors=[replace(XENA, daily_cap=NAN)]), "xena", "daily_cap"),
        (replace(TEAM, mentors=[replace(XENA, skills=(("git", 6),))]), "xena", "skills"),
        (replace(TEAM, mentors=[replace(XENA, skills=(("git", NAN),))]), "xena", "skills"),
        (replace(TEAM, mentors=[replace(XENA, skills=(("a", 1), ("a", 2)))]), "xena", "skills"),
        (replace(TEAM, mentees=[replace(BOB, wants=(Want("git", 0),))]), "bob", "wants"),
        (replace(TEAM, mentees=[replace(BOB, wants=(Want("git", 1, NAN),))]), "bob", "wants"),
        (replace(TEAM, mentees=[replace(BOB, wants=(Want("a"), Want("a")))]), "bob", "wants"),
    ],
)
def test_names_the_person_and_the_field(problem, person, field):
    with pytest.raises(ProblemError) as refused:
        solve(problem, seed=1)
    assert refused.value.person == person
    assert refused.value.field.startswith(field)


@pytest.mark.parametrize(
    ("side", "change", "person", "field"),
    [
        ("mentees", {"people": ("bob", "bob")}, "bob", "person_id"),
        ("mentees", {"people": ("bob", "")}, "", "person_id"),
        ("mentees", {"people": ("bob", "xena")}, "xena", "person_id"),
        ("mentees", {"week": pack([1, 1 << 336])}, "carol", "free"),
        ("mentees", {"want_priority": np.array([1, 1, 0])}, "carol", "wants, priority of sql"),
        ("mentees", {"want_priority": np.array([1001, 1, 1])}, "bob", "wants, priority of git"),
        ("mentees", {"want_level": np.array([0, 6, 0])}, "bob", "wants, own level of sql"),
        ("mentees", {"want_level": np.array([0, -1, 0])}, "bob", "wants, own level of sql"),
        ("mentees", {"want_skill": np.array([0, 0, 1])}, "bob", "wants"),
        ("mentors", {"skill": np.array([0, 1, 1])}, "yuri", "skills"),
        ("mentors", {"level": np.array([1, 1, 0])}, "yuri", "skills, level of sql"),
        ("mentors", {"level": np.array([6, 1, 1])}, "xena", "skills, level of git"),
        ("mentors", {"seats": np.array([0, -1])}, "yuri", "seats"),
        ("mentors", {"daily_cap": np.array([0, -1])}, "yuri", "daily_cap"),
        ("mentors", {"offset_minutes": np.array([0, -1441])}, "yuri", "offset_minutes"),
        ("mentors", {"week": pack([1 << 511, 1])}, "xena", "free"),
    ],
)
def test_names_the_person_and_the_field_of_rows_too(side, change, person, field):
    mentees = [replace(BOB, wants=(Want("git"), Want("sql"))), replace(CAROL, wants=(Want("sql"),))]
    mentors = [XENA, Mentor("yuri", (("git", 1), ("sql", 2)), 1, bits_of([0]))]
    both = dict(zip(("mentees", "mentors"), rows_of(Problem(WEEK, mentees, mentors)), strict=True))
    both[side] = replace(both[side], **change)
    with pytest.raises(ProblemError) as refused:
        solve(Problem(WEEK, **both), seed=1)
    assert (refused.value.person, refused.value.field) == (person, field)


@pytest.mark.parametrize(
    ("pins", "forbids", "excluded", "person"),
    [
        ((Pin("mallory", "xena"),), (), {}, "mallory"),
        ((Pin("bob", "mallory"),), (), {}, "mallory"),
        ((Pin("bob", "xena", 0), Pin("bob", "xena", 1)), (), {}, "bob"),
        ((Pin("bob", "xena"),), (("bob", "xena"),), {}, "bob"),
        ((Pin("bob", "xena"),), (), {("bob", "xena"): "not_with"}, "bob"),
        ((Pin("bob", "xena", 5),), (), {}, "bob"),
        ((Pin("bob", "xena", -3),), (), {}, "bob"),
        ((Pin("bob", "xena", 0), Pin("carol", "xena", 0)), (), {}, "xena"),
    ],
)
def test_contradictory_pins(pins, forbids, excluded, person):
    problem = replace(TEAM, pins=pins, forbids=frozenset(forbids), excluded=excluded)
    with pytest.raises(ProblemError) as refused:
        solve(problem, seed=1)
    assert (refused.value.person, refused.value.field) == (person, "pins")


def test_a_contradictory_pin_of_rows():
    mentees, mentors = rows_of(TEAM)
    problem = Problem(WEEK, mentees, mentors, pins=(Pin("carol", "xena", 5),))
    with pytest.raises(ProblemError, match="carol: pins: and xena are not both free at slot 5"):
        solve(problem, seed=1)


def test_a_refused_pin_does_not_tell_who_wants_to_avoid_whom():
    problem = replace(TEAM, pins=(Pin("bob", "xena"),), excluded={("bob", "xena"): "not_with"})
    with pytest.raises(ProblemError, match="not available"):
        solve(problem, seed=1)


def test_more_pins_than_seats():
    problem = replace(
        TEAM, mentors=[replace(XENA, seats=1)], pins=(Pin("bob", "xena"), Pin("carol", "xena"))
    )
    with pytest.raises(ProblemError, match="2 pins and 1 seats"):
        solve(problem, seed=1)


def test_more_pins_than_a_day_takes():
    problem = replace(
        TEAM, mentors=[replace(XENA, daily_cap=1)], pins=(Pin("bob", "xena"), Pin("carol", "xena"))
    )
    with pytest.raises(ProblemError, match="do not fit"):
        solve(problem, seed=1)


def test_pins_that_must_make_room_for_each_other():
    # bob could sit on either slot, carol only on the first: bob has to take the second
    carol = replace(CAROL, free=bits_of([0]))
    problem = replace(TEAM, mentees=[BOB, carol], pins=(Pin("bob", "xena"), Pin("carol", "xena")))
    plan = solve(problem, seed=1)
    assert {pair.mentee: pair.slot for pair in plan.pairs} == {"bob": 1, "carol": 0}


@pytest.mark.parametrize(
    ("options", "field"),
    [
        (Options(floor=101), "floor"),
        (Options(floor=NAN), "floor"),
        (Options(sessions=0), "sessions"),
        (Options(sessions=4), "sessions"),
        (Options(seat_price=-1), "seat_price"),
        (Options(model="disco"), "model"),
        (Options(model="project", sessions=2), "sessions"),
    ],
)
def test_options_out_of_range(options, field):
    with pytest.raises(ProblemError) as refused:
        solve(TEAM, seed=1, options=options)
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("problem", "code"),
    [
        (replace(TEAM, mentors=[]), "no_mentors"),
        (replace(TEAM, mentors=[replace(XENA, seats=0)]), "no_seats"),
        (replace(TEAM, mentors=[replace(XENA, free=0)]), "no_time"),
        (replace(TEAM, mentors=[replace(XENA, free=bits_of([7]))]), "no_time"),
        (replace(TEAM, mentors=[replace(XENA, skills=())]), "no_skill"),
    ],
)
@pytest.mark.parametrize("sessions", [1, 3])
def test_nobody_can_be_served_and_nobody_is_dropped(problem, code, sessions):
    plan = solve(problem, seed=1, options=Options(sessions=sessions))
    assert plan.pairs == ()
    assert [(each.person, each.reason.code) for each in plan.unmatched] == [
        ("bob", code),
        ("carol", code),
    ]
    assert (plan.certificate.served_bound, plan.certificate.gap) == (0, 0)
    assert verify(problem, plan) == ()


def test_an_empty_team():
    problem = Problem(WEEK, [], [])
    plan = solve(problem, seed=1)
    assert (plan.pairs, plan.unmatched) == ((), ())
    assert verify(problem, plan) == ()


def test_ten_thousand_exclusions_of_strangers_and_members():
    team = generate(seed=1, mentees=40, skills=10)
    many = {(f"m{at}", f"x{at}"): "recent" for at in range(10_000)}
    busy = replace(team, excluded={**many, **team.excluded})
    assert solve(busy, seed=1).pairs == solve(team, seed=1).pairs


def test_a_seat_for_every_minute():
    many = replace(XENA, seats=504)
    assert solve(replace(TEAM, mentors=[many]), seed=1).certificate.served == 2
    assert (
        solve(
            replace(TEAM, mentors=[many]), seed=1, options=Options(seat_price=5)
        ).certificate.value
        == 2 * 8000 - 5
    )
