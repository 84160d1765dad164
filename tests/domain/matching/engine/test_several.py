"""Two or three sessions each: planned in rounds, and bounded for every plan that there is."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from domain.matching.engine.dose import dose, for_seeds
from domain.matching.engine.plain import plain_engine, solve_plain
from domain.matching.engine.teams import (
    KINDS,
    team,
    with_a_leads_word,
    with_a_published_plan,
    with_an_odd_pin,
)
from domain.matching.engine.test_same_bytes import shuffled, text
from domain.matching.engine.timetable import Timetable
from domain.matching.oracles import WEEK
from handrail.domain.matching import (
    Mentee,
    Mentor,
    Options,
    Problem,
    Want,
    bits_of,
    generate,
    solve,
    verify,
)


def several(seed: int) -> Options:
    draw = random.Random(f"several {seed}")
    return Options(
        sessions=draw.choice([2, 3]),
        another_mentor=draw.random() < 0.6,
        floor=draw.choice([0, 30, 60]),
        time_term=draw.random() < 0.3,
        keep_pair=draw.choice([0, 300]),
        keep_slot=draw.choice([0, 200]),
    )


def any_team(seed: int) -> Problem:
    size = random.Random(seed).choice([6, 9, 14, 22, 34])
    problem = team(seed, KINDS[seed % 3], size, caps=seed % 2 == 0)
    first = solve(problem, seed=1)
    if seed % 5 == 1:
        problem = with_a_leads_word(problem, first, seed)
    if seed % 5 == 2:
        problem = with_an_odd_pin(problem, seed)
    if seed % 5 in (3, 4):
        problem = with_a_published_plan(problem, first, seed)
    return problem


@pytest.mark.nightly
@dose(6, 400)
def test_no_plan_is_beyond_what_its_prices_prove(examples):
    def holds(seed: int) -> None:
        problem, chosen = any_team(seed), several(seed)
        plan = solve_plain(problem, chosen)
        said = plan.certificate
        assert verify(problem, plan, in_rows=False) == ()
        assert verify(problem, plan, in_rows=True) == ()
        assert said.served == said.served_bound
        one_each = replace(chosen, sessions=1)
        assert said.served == solve(problem, seed=1, options=one_each).certificate.served
        timetable = Timetable(problem, chosen)
        assert said.sessions <= timetable.most_sessions() <= said.sessions_bound
        assert said.value <= timetable.most_value(said.sessions) <= said.bound

    for_seeds(examples, holds)


@dose(2, 60)
def test_the_same_for_any_order_of_rows(examples):
    def holds(seed: int) -> None:
        problem, chosen = any_team(seed), several(seed)
        assert text(solve_plain(shuffled(problem, seed), chosen)) == text(
            solve_plain(problem, chosen)
        )

    for_seeds(examples, holds)


def test_the_names_of_languages_decide_and_not_their_rows():
    problem, chosen = any_team(36446), several(36446)
    other = shuffled(problem, 36446)  # a German speaker comes first there
    assert text(solve_plain(other, chosen)) == text(solve_plain(problem, chosen))


def test_nobody_has_a_second_session_before_a_first_and_every_round_takes_what_is_left():
    problem = generate(seed=4, mentees=12, mentors=10, skills=3)
    plan = solve_plain(problem, Options(sessions=3))
    numbers: dict[str, list[int]] = {}
    for pair in plan.pairs:
        numbers.setdefault(pair.mentee, []).append(pair.session)
    assert all(found in ([1], [1, 2], [1, 3], [1, 2, 3]) for found in numbers.values())
    assert {3} <= {number for found in numbers.values() for number in found}
    assert {row.person for row in plan.unmatched} == {
        mentee.person for mentee in problem.mentees if mentee.person not in numbers
    }


@pytest.mark.parametrize("prices", ["session_prices", "fit_prices"])
@pytest.mark.parametrize("change", ["forgotten", "dearer"])
def test_damaged_prices_are_refused(prices, change):
    problem = team(4, "tight", 40)
    plan = solve_plain(problem, Options(sessions=2, another_mentor=True))
    said = getattr(plan, prices)
    assert said.mentor
    mentor = {} if change == "forgotten" else {**said.mentor, problem.mentors[0].person: 10**9}
    damaged = replace(plan, **{prices: replace(said, mentor=mentor)})
    assert verify(problem, plan) == ()
    found = {fault.code for fault in verify(problem, damaged)}
    assert found == {"sessions_bound" if prices == "session_prices" else "bound"}


ONE_HOUR = Problem(
    WEEK,
    [Mentee("bob", (Want("git"),), bits_of([0]))],
    [Mentor(name, (("git", 3),), 2, bits_of([0])) for name in ("xena", "yuri")],
)
KEPT = with_a_published_plan(team(4, "mixed", 34), solve(team(4, "mixed", 34), seed=1), 4)


@pytest.mark.parametrize(
    ("problem", "forgotten", "instead"),
    [
        (ONE_HOUR, "_note_slot", "one slot twice"),
        (team(4, "easy", 14), "_note_slot", "nothing"),
        (team(4, "easy", 14), "_note", "nothing"),
        (KEPT, "_note_odd", "nothing"),
    ],
)
def test_a_bound_that_forgets_something_is_refused(problem, forgotten, instead, monkeypatch):
    few, chosen = plain_engine().few, Options(sessions=2, keep_pair=300, keep_slot=200)
    chosen = replace(chosen, another_mentor=forgotten == "_note")
    assert verify(problem, solve_plain(problem, chosen)) == ()
    note = few._note

    def mutant(*told):
        if instead == "one slot twice":
            note(told[0], told[3])

    monkeypatch.setattr(few, forgotten, mutant)
    found = {fault.code for fault in verify(problem, solve_plain(problem, chosen))}
    assert found & {"sessions_bound", "bound"}
