"""Cohorts: six to eight people, one mentor, one time; as good as trying all, and proven."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from domain.matching.oracles import WEEK, feasible
from handrail.domain.matching import (
    Mentee,
    Mentor,
    Options,
    Pin,
    Prices,
    Problem,
    ProblemError,
    Want,
    bits_of,
    certificate_document,
    explain,
    generate,
    solve,
    verify,
)

COHORT = Options(model="cohort")
PAIRS = Options(model="cohort", smallest_cohort=2, largest_cohort=3)
GIT = (Want("git"),)
TEACHES = (("git", 2),)
NAMES = "abcdefghijklmnopq"


def people(count: int, slots: tuple[int, ...] = (10,)) -> list[Mentee]:
    return [Mentee(name, GIT, bits_of(slots)) for name in NAMES[:count]]


def mentor(name: str, slots: tuple[int, ...] = (10,), *, seats: int = 1) -> Mentor:
    return Mentor(name, TEACHES, seats, bits_of(slots))


def sizes(plan) -> dict[tuple[str, int], int]:
    return dict(Counter((pair.mentor, pair.slot) for pair in plan.pairs))


def tiny(seed: int) -> Problem:
    """Five or six people, two mentors, three slots on one or two days."""
    draw = np.random.default_rng([seed, 77])
    mentees = [
        Mentee(
            f"m{at}",
            (Want("git", 1, int(draw.integers(0, 3))), Want("css", 2)),
            bits_of(t * 30 for t in range(3) if draw.random() < 0.6),
        )
        for at in range(int(draw.integers(5, 7)))
    ]
    mentors = [
        Mentor(
            f"x{at}",
            (("git", int(draw.integers(1, 6))), ("css", int(draw.integers(1, 6)))),
            int(draw.integers(0, 4)),
            bits_of(t * 30 for t in range(3) if draw.random() < 0.7),
            daily_cap=int(draw.integers(0, 2)),
        )
        for at in range(2)
    ]
    pairs = [(who.person, to.person) for who in mentees for to in mentors]
    return Problem(
        WEEK, mentees, mentors, excluded={pair: "recent" for pair in pairs if draw.random() < 0.1}
    )


def best_by_trying_all(problem: Problem, options: Options) -> tuple[int, int]:
    """(people served, fit) of the best groups, found by trying every plan there is."""
    scores = feasible(problem, options)
    pinned = {pin.mentee: pin for pin in problem.pins}
    choices = []
    for mentee in problem.mentees:
        pin = pinned.get(mentee.person)
        mine = [] if pin else [None]
        for to in problem.mentors:
            score = scores.get((mentee.person, to.person))
            for slot in range(336):
                if score is None or not mentee.free & to.free & 1 << slot:
                    continue
                if pin is None or (pin.mentor == to.person and pin.slot in (None, slot)):
                    mine.append((to, slot, score))
        choices.append(mine)
    best = (-1, 0)
    for plan in product(*choices):
        taken = [each for each in plan if each is not None]
        groups = Counter((to.person, slot) for to, slot, _ in taken)
        if any(not options.smallest_cohort <= n <= options.largest_cohort for n in groups.values()):
            continue
        led = Counter(name for name, _ in groups)
        days = Counter((name, slot // 48) for name, slot in groups)
        by_name = {to.person: to for to in problem.mentors}
        if any(count > by_name[name].seats for name, count in led.items()):
            continue
        if any(count > (by_name[name].daily_cap or 9) for (name, _), count in days.items()):
            continue
        best = max(best, (len(taken), sum(score for _, _, score in taken)))
    return best


@pytest.mark.parametrize("seed", range(20))
def test_as_good_as_trying_every_plan(seed):
    problem = tiny(seed)
    plan = solve(problem, seed=1, options=PAIRS)
    said = plan.certificate
    served, fit = best_by_trying_all(problem, PAIRS)
    assert (said.served, said.fit) == (served, fit)
    assert said.served_bound >= served
    assert said.bound >= fit
    assert verify(problem, plan) == ()


@pytest.mark.parametrize("seed", range(12))
def test_pins_are_kept_at_the_least_cost(seed):
    free = tiny(seed)
    common = [
        (who.person, to.person)
        for who in free.mentees
        for to in free.mentors
        if to.seats and who.free & to.free and (who.person, to.person) in feasible(free, PAIRS)
    ]
    if not common:
        return
    problem = replace(free, pins=(Pin(*common[seed % len(common)]),))
    served, fit = best_by_trying_all(problem, PAIRS)
    if served < 0:
        with pytest.raises(ProblemError) as refused:
            solve(problem, seed=1, options=PAIRS)
        assert refused.value.field == "pins"
        return
    plan = solve(problem, seed=1, options=PAIRS)
    assert (plan.certificate.served, plan.certificate.fit) == (served, fit)
    assert verify(problem, plan) == ()


def test_six_to_eight_share_a_mentor_and_a_time():
    problem = Problem(WEEK, people(15), [mentor("xena"), mentor("yuri")])
    plan = solve(problem, seed=1, options=COHORT)
    assert sorted(sizes(plan).values()) == [7, 8]
    assert plan.unmatched == ()
    assert {reason.code for reason in plan.pairs[0].reasons} == {
        *("skill", "language", "time", "group"),
    }


def test_a_ninth_person_waits():
    plan = solve(Problem(WEEK, people(9), [mentor("xena")]), seed=1, options=COHORT)
    assert sizes(plan) == {("xena", 10): 8}
    assert [each.reason.code for each in plan.unmatched] == ["short_of_groups"]


def test_a_mentor_leads_a_group_a_seat():
    team = Problem(WEEK, people(16, (10, 11)), [mentor("xena", (10, 11), seats=2)])
    assert sizes(solve(team, seed=1, options=COHORT)) == {("xena", 10): 8, ("xena", 11): 8}
    one = replace(team, mentors=[mentor("xena", (10, 11))])
    assert sum(sizes(solve(one, seed=1, options=COHORT)).values()) == 8


def test_five_people_are_too_few():
    problem = Problem(WEEK, people(5), [mentor("xena")])
    plan = solve(problem, seed=1, options=COHORT)
    assert plan.pairs == ()
    assert {each.reason.code for each in plan.unmatched} == {"too_few_for_group"}
    assert plan.unmatched[0].reason.params == {"smallest": 6, "people": 5}
    assert (plan.certificate.served_bound, plan.certificate.gap) == (0, 0)
    assert verify(problem, plan) == ()


def test_no_common_hour_names_who_blocks_the_nearest_one():
    # at slot 10 (Monday 05:00) five of the six can; f can only at slot 11, where nobody else can
    team = [*people(5), Mentee("f", GIT, bits_of([11]))]
    problem = Problem(WEEK, team, [mentor("xena", (10, 11))])
    plan = solve(problem, seed=1, options=COHORT)
    reasons = {each.person: each.reason for each in plan.unmatched}
    assert reasons["a"].code == "no_group"
    assert reasons["a"].params["when"] == "Mon 05:00 UTC"
    assert (reasons["a"].params["most"], reasons["a"].params["blockers"]) == (5, ["f"])
    assert reasons["f"].params["blockers"] == ["a", "b", "c", "d", "e"]


@pytest.mark.parametrize(
    ("mentors", "code"),
    [([], "no_mentors"), ([mentor("xena", seats=0)], "no_seats"), ([mentor("x", ())], "no_time")],
)
def test_nobody_can_be_served_and_nobody_is_dropped(mentors, code):
    problem = Problem(WEEK, people(7), mentors)
    plan = solve(problem, seed=1, options=COHORT)
    assert [each.person for each in plan.unmatched] == list("abcdefg")
    assert {each.reason.code for each in plan.unmatched} == {code}
    assert verify(problem, plan) == ()


def test_a_ban_keeps_two_apart():
    problem = Problem(WEEK, people(7), [mentor("xena")], forbids=frozenset({("a", "xena")}))
    plan = solve(problem, seed=1, options=COHORT)
    assert {pair.mentee for pair in plan.pairs} == set("bcdefg")
    assert [each.person for each in plan.unmatched] == ["a"]
    assert verify(problem, plan) == ()


def test_a_pin_decides_who_waits():
    team = Problem(WEEK, people(9), [mentor("xena")])
    for name in "abcdefghi":
        plan = solve(replace(team, pins=(Pin(name, "xena", 10),)), seed=1, options=COHORT)
        assert plan.pair_of(name) is not None


@pytest.mark.parametrize(
    ("pins", "seats", "said"),
    [
        ((Pin("a", "yuri"),), 1, "a"),
        (tuple(Pin(name, "xena") for name in NAMES[:9]), 1, "xena"),
    ],
)
def test_a_pin_that_fits_into_no_group(pins, seats, said):
    few = Mentor("yuri", TEACHES, 1, bits_of([12]))
    team = [*people(8, (10,)), Mentee("i", GIT, bits_of([10]))]
    team[0] = replace(team[0], free=bits_of([10, 12]))
    problem = Problem(WEEK, team, [mentor("xena", seats=seats), few], pins=pins)
    with pytest.raises(ProblemError) as refused:
        solve(problem, seed=1, options=COHORT)
    assert (refused.value.person, refused.value.field) == (said, "pins")


@pytest.mark.parametrize("field", ["seat_price", "keep_slot"])
def test_options_that_do_not_apply(field):
    with pytest.raises(ProblemError) as refused:
        solve(
            Problem(WEEK, people(6), [mentor("x")]), seed=1, options=replace(COHORT, **{field: 5})
        )
    assert refused.value.field == field


@pytest.fixture(scope="module")
def team() -> Problem:
    return generate(seed=11, mentees=60, skills=4)


@pytest.fixture(scope="module")
def plan(team):
    made = solve(team, seed=1, options=COHORT)
    assert len(sizes(made)) > 3
    assert made.unmatched
    return made


def test_a_small_gap_and_no_fault(team, plan):
    assert verify(team, plan) == ()
    said = plan.certificate
    assert said.served >= 0.95 * said.served_bound
    assert 0 <= said.gap <= 0.05


def test_row_order_does_not_matter(team, plan):
    turned = replace(team, mentees=team.mentees[::-1], mentors=team.mentors[::-1])
    again = solve(turned, seed=1, options=COHORT)
    assert again.pairs == plan.pairs
    assert again.unmatched == plan.unmatched
    assert certificate_document(again) == certificate_document(plan)


def test_diving_is_near_branch_and_bound(team, plan, monkeypatch):
    monkeypatch.setattr("handrail.domain.matching.opening.SMALL", 0)
    dived = solve(team, seed=1, options=COHORT)
    assert verify(team, dived) == ()
    assert dived.certificate.served >= 0.95 * plan.certificate.served
    assert dived.certificate.served_bound == plan.certificate.served_bound


def test_diving_keeps_pins(team, plan, monkeypatch):
    monkeypatch.setattr("handrail.domain.matching.opening.SMALL", 0)
    pins = tuple(Pin(pair.mentee, pair.mentor, pair.slot) for pair in plan.pairs[::5])
    pinned = replace(team, pins=pins)
    dived = solve(pinned, seed=1, options=COHORT)
    assert verify(pinned, dived) == ()


def codes(problem, plan) -> set[str]:
    return {fault.code for fault in verify(problem, plan)}


def with_prices(plan, **prices):
    return replace(plan, prices=replace(plan.prices, **prices))


def test_the_verifier_finds_damaged_prices(team, plan):
    name = max(plan.prices.mentee, key=lambda each: plan.prices.mentee[each])
    more = {**plan.prices.mentee, name: plan.prices.mentee[name] + plan.prices.person}
    assert "served_bound" in codes(team, with_prices(plan, mentee=more))
    assert "served_bound" in codes(team, with_prices(plan, mentee={}))
    assert codes(team, with_prices(plan, mentee={name: -1})) == {"prices"}
    assert codes(team, with_prices(plan, mentee={"nobody": 1})) == {"prices"}
    assert codes(team, with_prices(plan, mentor={"nobody": 1})) == {"prices"}
    assert codes(team, with_prices(plan, person=10_000)) == {"prices"}
    assert codes(team, replace(plan, fit_prices=None)) == {"prices"}
    assert "bound" in codes(team, replace(plan, fit_prices=Prices(plan.prices.person)))


@pytest.mark.parametrize("field", ["served", "served_bound", "fit", "value", "bound", "seed"])
def test_the_verifier_finds_a_false_certificate(team, plan, field):
    said = replace(plan.certificate, **{field: getattr(plan.certificate, field) - 1})
    assert verify(team, replace(plan, certificate=said))


def test_the_verifier_finds_damaged_groups(team, plan):
    first = plan.pairs[0]
    group = [pair for pair in plan.pairs if (pair.mentor, pair.slot) == (first.mentor, first.slot)]
    left = tuple(pair for pair in plan.pairs if pair not in group[:-5])
    assert {"group_size", "dropped"} == codes(team, replace(plan, pairs=left))
    fewer = [replace(who, seats=0) if who.person == first.mentor else who for who in team.mentors]
    assert "seats" in codes(replace(team, mentors=fewer), plan)
    capped = Problem(
        WEEK, people(12, (10, 11)), [replace(mentor("x", (10, 11), seats=2), daily_cap=1)]
    )
    uncapped = replace(capped, mentors=[mentor("x", (10, 11), seats=2)])
    assert "daily_cap" in codes(capped, solve(uncapped, seed=1, options=COHORT))


def test_why_not_that_group():
    team = Problem(
        WEEK,
        [*people(9), Mentee("z", GIT, bits_of([20]))],
        [mentor("xena"), mentor("yuri", (20, 21))],
    )
    plan = solve(team, seed=1, options=COHORT)
    waiting = next(each.person for each in plan.unmatched if each.reason.code == "short_of_groups")
    said = {each.mentor: each.reason.code for each in explain(team, plan, waiting).others}
    assert said == {"xena": "group_full", "yuri": "no_time_pair"}
    said = {each.mentor: each.reason.code for each in explain(team, plan, "z").others}
    assert said == {"xena": "no_time_pair", "yuri": "no_group_there"}
