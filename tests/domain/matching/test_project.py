"""Projects keep a mentor, a slot and as many seats as they take, to the end."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from domain.matching.oracles import WEEK, best_by_flow, feasible, tiny
from handrail.domain.matching import (
    Mentee,
    Mentor,
    Options,
    Pin,
    Prices,
    Problem,
    ProblemError,
    Running,
    Want,
    bits_of,
    certificate_document,
    explain,
    generate,
    keep_seats,
    solve,
    verify,
)

PROJECT = Options(model="project")
GIT = (Want("git"),)


def mentee(name: str, slots: tuple[int, ...] = (0, 1, 2, 3)) -> Mentee:
    return Mentee(name, GIT, bits_of(slots))


def mentor(name: str, seats: int, slots: tuple[int, ...] = (0, 1, 2, 3), **more) -> Mentor:
    return Mentor(name, (("git", 2),), seats, bits_of(slots), **more)


def unequal(seed: int, *, caps: bool = False) -> Problem:
    """Two to four people with projects of one to three seats, mentors with up to five."""
    draw = np.random.default_rng([seed, 9])
    team = tiny(seed, caps=caps)
    return replace(
        team,
        mentors=[replace(each, seats=int(draw.integers(0, 6))) for each in team.mentors],
        loads={each.person: int(draw.integers(1, 4)) for each in team.mentees},
    )


def best_by_trying_all(problem: Problem, options: Options) -> tuple[int, int]:
    """(people served, fit) of the best plan, found by trying every plan there is."""
    scores = feasible(problem, options)
    pinned = {pin.mentee: pin.mentor for pin in problem.pins}
    choices = []
    for who in problem.mentees:
        mine = [] if who.person in pinned else [None]
        for to in problem.mentors:
            score = scores.get((who.person, to.person))
            if score is not None and pinned.get(who.person, to.person) == to.person:
                common = who.free & to.free
                load = problem.loads.get(who.person, 1)
                mine += [(to, slot, score, load) for slot in range(336) if common >> slot & 1]
        choices.append(mine)
    best = (-1, 0)
    for plan in product(*choices):
        taken = [each for each in plan if each is not None]
        if len({(to.person, slot) for to, slot, _, _ in taken}) < len(taken):
            continue
        used: Counter[str] = Counter()
        days: Counter[tuple[str, int]] = Counter()
        for to, slot, _, load in taken:
            used[to.person] += load
            days[to.person, (slot * 30 + to.offset_minutes) // 1440] += 1
        by_name = {to.person: to for to in problem.mentors}
        if any(count > by_name[name].seats for name, count in used.items()):
            continue
        if any(count > (by_name[name].daily_cap or 99) for (name, _), count in days.items()):
            continue
        best = max(best, (len(taken), sum(score for _, _, score, _ in taken)))
    return best


@pytest.mark.parametrize("caps", [False, True])
@pytest.mark.parametrize("seed", range(20))
def test_as_good_as_trying_every_plan(seed, caps):
    problem = unequal(seed, caps=caps)
    plan = solve(problem, seed=1, options=PROJECT)
    said = plan.certificate
    served, fit = best_by_trying_all(problem, PROJECT)
    assert (said.served, said.fit) == (served, fit)
    assert said.served_bound >= served
    assert said.bound >= fit
    assert verify(problem, plan) == ()


@pytest.mark.parametrize("seed", range(15))
def test_pins_are_kept_at_the_least_cost(seed):
    free = unequal(seed)
    able = [
        (who.person, to.person)
        for who in free.mentees
        for to in free.mentors
        if who.free & to.free and (who.person, to.person) in feasible(free, PROJECT)
    ]
    if not able:
        return
    problem = replace(free, pins=(Pin(*able[seed % len(able)]),))
    served, fit = best_by_trying_all(problem, PROJECT)
    if served < 0:
        with pytest.raises(ProblemError) as refused:
            solve(problem, seed=1, options=PROJECT)
        assert refused.value.field == "pins"
        return
    plan = solve(problem, seed=1, options=PROJECT)
    assert (plan.certificate.served, plan.certificate.fit) == (served, fit)
    assert verify(problem, plan) == ()


@pytest.mark.parametrize("length", [1, 2, 20])
def test_equal_lengths_are_exact_like_one_session(length):
    team = generate(seed=4, mentees=60, skills=10)
    mentors = [replace(each, seats=each.seats * length) for each in team.mentors]
    problem = replace(team, mentors=mentors, loads={each.person: length for each in team.mentees})
    plan = solve(problem, seed=1, options=PROJECT)
    assert (plan.certificate.served, plan.certificate.fit) == best_by_flow(team, PROJECT)
    assert plan.certificate.served == plan.certificate.served_bound
    assert plan.certificate.gap == 0
    assert verify(problem, plan) == ()


def test_without_lengths_a_project_is_one_session():
    team = generate(seed=4, mentees=60, skills=10)
    assert solve(team, seed=1, options=PROJECT).pairs == solve(team, seed=1).pairs


def test_a_long_project_takes_the_place_of_two_short_ones():
    team = [mentee("a"), mentee("b"), mentee("c")]
    problem = Problem(WEEK, team, [mentor("xena", 2)], loads={"a": 2})
    plan = solve(problem, seed=1, options=PROJECT)
    assert {pair.mentee for pair in plan.pairs} == {"b", "c"}
    assert [(each.person, each.reason.code) for each in plan.unmatched] == [("a", "seats_taken")]
    assert plan.unmatched[0].reason.params == {"seats": 2, "free": 0}
    alone = solve(replace(problem, mentees=team[:1]), seed=1, options=PROJECT)
    assert [pair.mentee for pair in alone.pairs] == ["a"]
    assert "takes_seats" in {reason.code for reason in alone.pairs[0].reasons}


def test_seats_that_no_project_can_fill_raise_no_hopes():
    # five seats, but two projects of two fill only four: the bound knows
    team = [mentee(name) for name in "abcdef"]
    problem = Problem(WEEK, team, [mentor("xena", 5)], loads=dict.fromkeys("abcdef", 2))
    said = solve(problem, seed=1, options=PROJECT).certificate
    assert (said.served, said.served_bound, said.gap) == (2, 2, 0)


def test_times_that_others_hold_are_named():
    team = [mentee("a", (0,)), mentee("b", (0,))]
    problem = Problem(WEEK, team, [mentor("xena", 9)], loads={"a": 3, "b": 3})
    plan = solve(problem, seed=1, options=PROJECT)
    assert [each.reason.code for each in plan.unmatched] == ["times_taken"]


def test_a_project_larger_than_any_mentor():
    problem = Problem(WEEK, [mentee("a")], [mentor("xena", 2)], loads={"a": 3})
    plan = solve(problem, seed=1, options=PROJECT)
    assert plan.unmatched[0].reason.params == {"seats": 3, "free": 2}
    assert plan.certificate.served_bound == 0
    assert verify(problem, plan) == ()


def test_nobody_at_all():
    problem = Problem(WEEK, [], [mentor("xena", 2)])
    assert solve(problem, seed=1, options=PROJECT).pairs == ()
    lonely = Problem(WEEK, [mentee("a")], [], loads={"a": 2})
    plan = solve(lonely, seed=1, options=PROJECT)
    assert [each.reason.code for each in plan.unmatched] == ["no_mentors"]
    assert verify(lonely, plan) == ()


@pytest.mark.parametrize(
    ("problem", "options", "person", "field"),
    [
        (Problem(WEEK, [mentee("a")], [], loads={"a": 0}), PROJECT, "a", "loads"),
        (Problem(WEEK, [mentee("a")], [], loads={"a": 1.5}), PROJECT, "a", "loads"),
        (Problem(WEEK, [mentee("a")], [], loads={"b": 1}), PROJECT, "b", "loads"),
        (Problem(WEEK, [mentee("a")], [], loads={"a": 2}), Options(), "", "loads"),
        (
            Problem(WEEK, [mentee("a")], [], loads={"a": 2}),
            replace(PROJECT, seat_price=3),
            "",
            "seat_price",
        ),
        (
            Problem(WEEK, [mentee("a")], [mentor("x", 2)], loads={"a": 3}, pins=(Pin("a", "x"),)),
            PROJECT,
            "x",
            "pins",
        ),
    ],
)
def test_bad_input_names_person_and_field(problem, options, person, field):
    with pytest.raises(ProblemError) as refused:
        solve(problem, seed=1, options=options)
    assert (refused.value.person, refused.value.field) == (person, field)


@pytest.fixture(scope="module")
def team() -> Problem:
    made = generate(seed=5, mentees=70, skills=8)
    draw = np.random.default_rng(3)
    return replace(made, loads={who.person: int(draw.integers(1, 4)) for who in made.mentees})


@pytest.fixture(scope="module")
def plan(team):
    made = solve(team, seed=1, options=PROJECT)
    assert made.unmatched
    assert any(team.loads[pair.mentee] == 3 for pair in made.pairs)
    return made


def test_a_small_gap_and_no_fault(team, plan):
    assert verify(team, plan) == ()
    assert plan.certificate.served >= plan.certificate.served_bound - 1
    assert 0 <= plan.certificate.gap <= 0.02


def test_row_order_does_not_matter(team, plan):
    turned = replace(team, mentees=team.mentees[::-1], mentors=team.mentors[::-1])
    again = solve(turned, seed=1, options=PROJECT)
    assert (again.pairs, again.unmatched) == (plan.pairs, plan.unmatched)
    assert certificate_document(again) == certificate_document(plan)


@pytest.mark.parametrize("size", [0])
def test_many_columns_are_searched_near_the_prices(team, plan, monkeypatch, size):
    monkeypatch.setattr("handrail.domain.matching.project.SMALL", size)
    pins = tuple(Pin(pair.mentee, pair.mentor, pair.slot) for pair in plan.pairs[::9])
    for problem in (team, replace(team, pins=pins)):
        again = solve(problem, seed=1, options=PROJECT)
        assert verify(problem, again) == ()
        assert again.certificate.served >= plan.certificate.served - 1
        assert again.certificate.gap <= 0.04


def test_a_dive_ends_in_a_plan_too(monkeypatch):
    made = generate(seed=5, mentees=40, skills=8)
    loads = {who.person: at % 3 + 1 for at, who in enumerate(made.mentees)}
    small = replace(made, loads=loads)
    best = solve(small, seed=1, options=PROJECT)
    monkeypatch.setattr("handrail.domain.matching.project._whole", lambda *_: None)
    pins = tuple(Pin(pair.mentee, pair.mentor, pair.slot) for pair in best.pairs[::9])
    for problem in (small, replace(small, pins=pins)):
        dived = solve(problem, seed=1, options=PROJECT)
        assert verify(problem, dived) == ()
        assert dived.certificate.served >= 0.9 * best.certificate.served


def codes(problem, plan) -> set[str]:
    return {fault.code for fault in verify(problem, plan)}


def test_the_verifier_counts_seats_and_prices_by_length(team, plan):
    served = next(pair for pair in plan.pairs if team.loads[pair.mentee] == 1)
    longer = replace(team, loads={**team.loads, served.mentee: 9})
    assert "seats" in codes(longer, plan)
    assert "bound" in codes(team, replace(plan, fit_prices=Prices(plan.prices.person)))
    name = max(plan.prices.mentor, key=lambda each: plan.prices.mentor[each])
    dearer = {**plan.prices.mentor, name: plan.prices.mentor[name] + plan.prices.person}
    wrong = replace(plan, prices=replace(plan.prices, mentor=dearer))
    assert "served_bound" in codes(team, wrong)


def test_everybody_can_be_explained(team, plan):
    for who in [plan.pairs[0].mentee, plan.unmatched[0].person]:
        found = explain(team, plan, who)
        assert found.why
        assert len(found.others) >= len(team.mentors) - 1
        assert found.change is None


def test_running_projects_keep_their_seats_and_slots():
    team = [mentee("a"), mentee("b"), mentee("c")]
    problem = Problem(WEEK, team, [mentor("xena", 4, (0, 1))], loads={"a": 2, "b": 2, "c": 2})
    left = keep_seats(problem, [Running("c", "xena", 0, seats=2)])
    assert [who.person for who in left.mentees] == ["a", "b"]
    assert left.loads == {"a": 2, "b": 2}
    plan = solve(left, seed=1, options=PROJECT)
    assert [pair.slot for pair in plan.pairs] == [1]
    assert len(plan.unmatched) == 1


@pytest.mark.parametrize(
    "running",
    [
        [Running("c", "xena", 0, seats=5)],
        [Running("c", "xena", 0), Running("d", "xena", 0)],
    ],
)
def test_running_projects_that_contradict_each_other(running):
    problem = Problem(WEEK, [mentee("a")], [mentor("xena", 4)])
    with pytest.raises(ProblemError) as refused:
        keep_seats(problem, running)
    assert (refused.value.person, refused.value.field) == ("xena", "running")
