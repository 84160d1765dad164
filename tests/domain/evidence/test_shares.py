"""Shares, offers, mobility in three numbers, and which of several things happens first."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from lifelines import AalenJohansenFitter

from handrail.domain.evidence.competing import incidence
from handrail.domain.evidence.effect import CannotTell
from handrail.domain.evidence.mobility import (
    Attended,
    Change,
    Move,
    Rule,
    associated,
    attributed,
    expected_by_match,
    real_moves,
)
from handrail.domain.evidence.shares import offer_acceptance, risk_difference

START = date(2026, 1, 5)


def test_a_difference_of_shares_has_newcombes_interval() -> None:
    hit = [1] * 56 + [0] * 14 + [1] * 48 + [0] * 32
    found = risk_difference(hit, [1] * 70 + [0] * 80)
    assert (round(found.low or 0, 4), round(found.high or 0, 4)) == (0.0524, 0.3339)
    assert found.estimate == pytest.approx(56 / 70 - 48 / 80)


def test_offers_by_requisition_are_not_taken_for_people() -> None:
    requisitions = np.repeat(np.arange(12), 10)
    arm = requisitions % 2
    rng = np.random.default_rng(0)
    states = np.where(
        rng.random(120) < rng.uniform(0.3, 0.95, 12)[requisitions], "accepted", "declined"
    )
    alone = offer_acceptance(states.tolist(), arm)
    grouped = offer_acceptance(states.tolist(), arm, requisitions=requisitions)
    assert grouped.effect.method == "cluster_robust"
    assert grouped.effect.estimate == pytest.approx(alone.effect.estimate)
    assert grouped.effect.freedom is not None
    assert grouped.effect.freedom < 12
    assert (grouped.effect.high or 0) - (grouped.effect.low or 0) > 1.5 * (
        (alone.effect.high or 0) - (alone.effect.low or 0)
    )


def test_withdrawn_offers_stand_apart_and_expired_ones_are_not_accepted() -> None:
    states = [
        "accepted",
        "expired",
        "withdrawn",
        "none",
        "accepted",
        "accepted",
        "declined",
        "none",
    ]
    found = offer_acceptance(states, [1, 1, 1, 1, 0, 0, 0, 0])
    assert (found.accepted, found.assigned, found.withdrawn) == ((1, 2), (3, 4), (1, 0))
    assert found.effect.estimate == pytest.approx(1 / 3 - 2 / 4)
    with pytest.raises(ValueError, match="no state"):
        offer_acceptance(["maybe"], [1])


def test_nobody_or_everybody_is_said() -> None:
    for value, code in ((0, "no_events"), (1, "all_events")):
        with pytest.raises(CannotTell) as told:
            risk_difference([value] * 8, [1, 0] * 4)
        assert told.value.code == code


def move(person: str, after: int, **more: object) -> Move:
    day = START + timedelta(after)
    plain = {"change": Change.TEAM, "team": "a", "needs": frozenset({"git"})}
    return Move(person=person, decided=day, effective=day, **{**plain, **more})  # type: ignore[arg-type]


def came(person: str, *days: int, skill: str = "git", mentor: str = "m") -> list[Attended]:
    return [Attended(person, START + timedelta(day), mentor, skill) for day in days]


def test_titles_probation_and_reorganisations_are_no_moves() -> None:
    moves = [
        move("a", 50, change=Change.TITLE), move("b", 50, change=Change.PROBATION), move("c", 60),
        *(move(f"r{n}", 70, team="whole") for n in range(5)),
        *(move(f"s{n}", 71, team="four") for n in range(4)),
    ]  # fmt: skip
    assert {one.person for one in real_moves(moves)} == {"c", "s0", "s1", "s2", "s3"}


def test_the_rule_associates_by_decision_sessions_and_skill() -> None:
    sessions = [
        *came("fine", 0, 10), *came("early", 0, 10), *came("late", 0, 10), *came("once", 0),
        *came("other", 0, 10, skill="cooking"), *came("knew", 0, 10), *came("boss", 0, 10),
    ]  # fmt: skip
    moves = [
        move("fine", 30), move("early", 29), move("late", 181), move("once", 60),
        move("other", 60), move("knew", 60, needed_before=frozenset({"git"})),
        move("boss", 180, hiring_manager="m"), move("never", 60),
    ]  # fmt: skip
    found = associated(moves, sessions, Rule())
    assert {(one.move.person, one.flagged) for one in found} == {("fine", False), ("boss", True)}
    assert len(associated(moves, sessions, Rule(skill=False))) == 4


def test_attributed_is_the_excess_rate_times_those_offered() -> None:
    people = {f"p{n}": START for n in range(200)}
    offered = {person: n < 100 for n, person in enumerate(people)}
    moves = [
        *(move(f"p{n}", 40 + n, team=f"t{n}") for n in range(30)),
        *(move(f"p{n}", 31 + n - 100, team=f"t{n}") for n in range(100, 110)),
        move("p150", 29), move("p151", 211), move("stranger", 50),
    ]  # fmt: skip
    found = attributed(moves, people, offered, window=210)
    assert (found.moved_offered, found.moved_waiting) == (30, 10)
    assert found.attributed == pytest.approx(20)
    assert found.expected_anyway == pytest.approx(10)
    assert found.least_share_caused == pytest.approx(2 / 3)
    assert found.distinguishable
    few = attributed(moves[:12] + moves[30:40], people, offered, window=210)
    assert not few.distinguishable
    assert few.low is not None
    assert few.low < 0


def test_without_a_waitlist_only_people_alike_tell_what_to_expect() -> None:
    people = [(f"p{n}", "dev 2", "1-2 years", False) for n in range(10)]
    assert expected_by_match(people, ["p8", "p0"], ["p0", "p1"]) == pytest.approx(2 / 8)
    alone = [*people, ("q", "lead 4", "5 years", True)]
    assert expected_by_match(alone, [], ["q"]) is None


def lives(seed: int = 0, people: int = 300) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    merge, leave = rng.exponential(40, people), rng.exponential(90, people)
    until = rng.uniform(40, 120, people)
    entered = np.where(rng.random(people) < 0.5, -1.0, rng.uniform(0, 30, people))
    time = np.minimum(np.minimum(merge, leave), until)
    cause = np.where(time == merge, 1, np.where(time == leave, 2, 0))
    kept = entered < time
    return time[kept], cause[kept], entered[kept]


def test_cumulative_incidence_is_that_of_lifelines_also_with_late_entry() -> None:
    time, cause, entered = lives()
    for entry in (None, entered):
        oracle = AalenJohansenFitter(calculate_variance=True).fit(time, cause, 2, entry=entry)
        share, error = incidence(time, cause, of=2, entered=entry).at(50)
        variance = oracle.variance_[oracle.variance_.index <= 50].iloc[-1]
        assert share == pytest.approx(float(oracle.predict(50)))
        assert error == pytest.approx(float(variance) ** 0.5)


def test_without_censoring_it_is_a_share_with_its_binomial_error() -> None:
    time, cause = [3, 5, 8, 13, 20, 21, 30, 31], [1, 2, 1, 1, 2, 2, 1, 1]
    share, error = incidence(time, cause, of=1).at(13)
    assert (share, error) == pytest.approx((3 / 8, (3 / 8 * 5 / 8 / 8) ** 0.5))
    with pytest.raises(CannotTell):
        incidence(time, cause, of=1).at(32)
    with pytest.raises(CannotTell):
        incidence(time, cause, of=3)
    with pytest.raises(CannotTell) as few:
        incidence(time, cause, of=1, entered=np.zeros(8))
    assert few.value.code == "few_at_risk"
    with pytest.raises(ValueError, match="entered"):
        incidence([3, 4], [1, 1], of=1, entered=[3, 0])
