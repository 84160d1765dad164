"""What must hold for any team: more is never worse, names do not matter, hiding wins nothing."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace

import pytest

from domain.matching.engine.dose import dose, for_seeds
from domain.matching.engine.plain import solve_plain
from domain.matching.engine.teams import options, team
from domain.matching.oracles import WEEK
from handrail.domain.matching import (
    Mentee,
    Mentor,
    Options,
    Pin,
    Problem,
    Want,
    bits_of,
    slots_of,
    verify,
)

Change = Callable[[Problem, random.Random], Problem]


def with_one_mentor(problem: Problem, draw: random.Random, **change: int) -> Problem:
    at = draw.randrange(len(problem.mentors))
    mentors = list(problem.mentors)
    fields = {name: getattr(mentors[at], name) + more for name, more in change.items()}
    mentors[at] = replace(mentors[at], **fields)
    return replace(problem, mentors=mentors)


def one_more_mentor(problem: Problem, draw: random.Random) -> Problem:
    more = replace(draw.choice(problem.mentors), person="one more")
    return replace(problem, mentors=[*problem.mentors, more])


def one_more_seat(problem: Problem, draw: random.Random) -> Problem:
    return with_one_mentor(problem, draw, seats=1)


def one_more_slot(problem: Problem, draw: random.Random) -> Problem:
    at = draw.randrange(len(problem.mentors))
    mentors = list(problem.mentors)
    mentors[at] = replace(mentors[at], free=mentors[at].free | 1 << draw.randrange(0, 144, 6))
    return replace(problem, mentors=mentors)


def one_exclusion_less(problem: Problem, draw: random.Random) -> Problem:
    excluded = dict(problem.excluded)
    excluded.pop(draw.choice(sorted(excluded)))
    return replace(problem, excluded=excluded)


@dose(4, 80)
@pytest.mark.parametrize(
    "change", [one_more_mentor, one_more_seat, one_more_slot, one_exclusion_less]
)
def test_more_never_lowers_the_number_served(change: Change, examples):
    def holds(seed: int) -> None:
        problem = team(seed, ("tight", "mixed")[seed % 2], 24)
        more = change(problem, random.Random(seed))
        before, after = (solve_plain(each).certificate for each in (problem, more))
        assert (after.served, after.value) >= (before.served, 0)
        if after.served == before.served:
            assert after.value >= before.value

    for_seeds(examples, holds)


@dose(3, 80)
def test_new_names_leave_the_totals(examples):
    def holds(seed: int) -> None:
        problem, chosen = team(seed, ("tight", "mixed")[seed % 2], 24, caps=True), options(seed)
        renamed = replace(
            problem,
            mentees=[replace(who, person="a" + who.person[::-1]) for who in problem.mentees],
            mentors=[replace(who, person="b" + who.person[::-1]) for who in problem.mentors],
            excluded={("a" + a[::-1], "b" + b[::-1]): c for (a, b), c in problem.excluded.items()},
        )
        one = solve_plain(problem, chosen, seed=1).certificate
        other = solve_plain(renamed, chosen, seed=2).certificate
        assert (one.served, one.value, one.bound) == (other.served, other.value, other.bound)

    for_seeds(examples, holds)


def copied(problem: Problem) -> Problem:
    """The team and a copy of it that wishes and offers other skills."""
    mentees = [
        replace(
            who,
            person="copy " + who.person,
            wants=tuple(replace(want, skill="copy " + want.skill) for want in who.wants),
        )
        for who in problem.mentees
    ]
    mentors = [
        replace(
            who,
            person="copy " + who.person,
            skills=tuple(("copy " + skill, level) for skill, level in who.skills),
        )
        for who in problem.mentors
    ]
    excluded = {("copy " + a, "copy " + b): code for (a, b), code in problem.excluded.items()}
    return replace(
        problem,
        mentees=[*problem.mentees, *mentees],
        mentors=[*problem.mentors, *mentors],
        excluded={**problem.excluded, **excluded},
    )


@dose(3, 80)
def test_two_teams_that_share_nothing_double_the_totals(examples):
    def holds(seed: int) -> None:
        problem, chosen = team(seed, ("tight", "mixed")[seed % 2], 20, caps=True), options(seed)
        one = solve_plain(problem, chosen).certificate
        two = solve_plain(copied(problem), chosen).certificate
        assert (two.served, two.value) == (2 * one.served, 2 * one.value)
        assert two.bound == 2 * one.bound

    for_seeds(examples, holds)


@dose(3, 80)
def test_pinning_what_is_planned_changes_nothing(examples):
    def holds(seed: int) -> None:
        problem = team(seed, ("tight", "mixed")[seed % 2], 24, caps=True)
        plan = solve_plain(problem)
        pins = tuple(Pin(pair.mentee, pair.mentor, pair.slot) for pair in plan.pairs)
        pinned = replace(problem, pins=pins)
        again = solve_plain(pinned)
        assert [(p.mentee, p.mentor, p.slot) for p in again.pairs] == [
            (p.mentee, p.mentor, p.slot) for p in plan.pairs
        ]
        assert again.certificate.value == plan.certificate.value
        assert verify(pinned, again) == ()

    for_seeds(examples, holds)


@dose(3, 80)
def test_pinning_some_of_what_is_planned_leaves_the_totals(examples):
    def holds(seed: int) -> None:
        problem, chosen = team(seed, ("tight", "mixed")[seed % 2], 24), options(seed)
        plan = solve_plain(problem, chosen)
        pins = tuple(Pin(pair.mentee, pair.mentor, pair.slot) for pair in plan.pairs[::2])
        again = solve_plain(replace(problem, pins=pins), chosen)
        one, other = plan.certificate, again.certificate
        assert (one.served, one.value) == (other.served, other.value)

    for_seeds(examples, holds)


def without_hours(problem: Problem, person: str, free: int) -> Problem:
    mentees = [replace(who, free=free) if who.person == person else who for who in problem.mentees]
    return replace(problem, mentees=mentees)


@dose(3, 100)
@pytest.mark.parametrize("time_term", [False, True])
def test_an_unserved_person_wins_no_place_by_listing_fewer_hours(time_term, examples):
    def holds(seed: int) -> None:
        problem, chosen = team(seed, "tight", 16), Options(time_term=time_term)
        draw = random.Random(seed)
        for left in solve_plain(problem, chosen).unmatched[:3]:
            free = next(who.free for who in problem.mentees if who.person == left.person)
            fewer = sum(1 << slot for slot in slots_of(free) if draw.random() < 0.5)
            hidden = solve_plain(without_hours(problem, left.person, fewer), chosen)
            assert hidden.pair_of(left.person) is None

    for_seeds(examples, holds)


def alike(seed: int) -> Problem:
    """A handful of people who all score the same, so that nothing but chance tells them apart."""
    draw = random.Random(seed)
    hours = range(draw.randint(1, 4))
    mentees = [
        Mentee(f"m{at}", (Want(draw.choice("ab")),), _some(draw, hours))
        for at in range(draw.randint(2, 6))
    ]
    mentors = [
        Mentor(f"x{at}", (("a", 2), ("b", 2))[at % 2 :], draw.randint(1, 2), _some(draw, hours))
        for at in range(draw.randint(1, 3))
    ]
    return Problem(WEEK, mentees, mentors)


def _some(draw: random.Random, hours: range) -> int:
    return bits_of(hour for hour in hours if draw.random() < 0.7)


@dose(10, 600)
def test_among_equals_nobody_wins_a_place_by_listing_an_hour_less(examples):
    def holds(seed: int) -> None:
        problem = alike(seed)
        for left in solve_plain(problem).unmatched:
            free = next(who.free for who in problem.mentees if who.person == left.person)
            for slot in slots_of(free):
                hidden = solve_plain(without_hours(problem, left.person, free & ~(1 << slot)))
                assert hidden.pair_of(left.person) is None

    for_seeds(examples, holds)
