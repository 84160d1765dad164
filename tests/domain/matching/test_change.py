"""What would serve somebody: prices only save work, they never change the answer."""

from __future__ import annotations

from dataclasses import replace

import pytest

from domain.matching.oracles import WEEK
from handrail.domain.matching import Mentee, Mentor, Problem, Want, bits_of, generate, solve
from handrail.domain.matching.change import smallest_change
from handrail.domain.matching.tables import tabulate


def changes(problem, *, trust_prices: bool = True, shared: bool = True):
    """The change that each unmatched person is told, by id."""
    plan = solve(problem, seed=1)
    asked = plan
    if not trust_prices:  # a bound above the value proves nothing
        loose = replace(plan.certificate, bound=plan.certificate.bound + 1)
        asked = replace(plan, certificate=loose)
    tables = tabulate(problem, plan.options, plan.seed)
    place = {who.person: at for at, who in enumerate(tables.mentees)}
    tried = {}
    return {
        row.person: smallest_change(
            problem, asked, tables, place[row.person], tried if shared else None
        )
        for row in plan.unmatched
    }


@pytest.mark.parametrize("seed", range(3))
def test_what_prices_rule_out_would_not_have_served(seed: int) -> None:
    problem = generate(seed=seed, mentees=14, mentors=3, tight=True, skills=12)
    told = changes(problem)
    assert told
    assert told == changes(problem, trust_prices=False)
    assert told == changes(problem, shared=False)


def test_who_comes_next_is_told_one_seat_more_and_who_comes_last_to_wait() -> None:
    # the seat is bob's; one more serves carol, and carol fits every other mentor better than dave
    free = bits_of([0, 1])
    bob = Mentee("bob", (Want("git", 1),), free)
    carol = Mentee("carol", (Want("git", 1, 1), Want("css", 2)), free)
    dave = Mentee("dave", (Want("git", 1, 1), Want("css", 2), Want("sql", 3)), free)
    problem = Problem(WEEK, [bob, carol, dave], [Mentor("xena", (("git", 3),), 1, free)])
    told = changes(problem)
    assert {person: reason.code for person, reason in told.items()} == {
        "carol": "one_more_seat",
        "dave": "others_first",
    }
