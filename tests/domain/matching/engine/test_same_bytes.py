"""One problem, one plan: to the byte, whatever the order of rows and the number of threads."""

from __future__ import annotations

import json
import os
import random
from dataclasses import replace

import pytest

from domain.matching.engine.dose import dose, for_seeds
from domain.matching.engine.plain import plain_engine, solve_plain
from domain.matching.engine.teams import KINDS, options, team, with_a_published_plan
from handrail.domain.matching import Plan, Problem, certificate_document, solve


def text(plan: Plan) -> bytes:
    """All that a plan says."""
    told = [repr(list(plan.pairs)), repr(plan.unmatched), certificate_document(plan)]
    return json.dumps(told, sort_keys=True).encode()


def shuffled(problem: Problem, seed: int) -> Problem:
    draw = random.Random(seed)

    def mixed(rows):
        rows = list(rows)
        draw.shuffle(rows)
        return rows

    mentors = [replace(who, skills=tuple(mixed(who.skills))) for who in mixed(problem.mentors)]
    return replace(
        problem,
        mentees=mixed(problem.mentees),
        mentors=mentors,
        excluded=dict(mixed(problem.excluded.items())),
        published=tuple(mixed(problem.published)),
    )


@dose(3, 80)
@pytest.mark.parametrize("kind", KINDS)
def test_the_order_of_rows_does_not_matter(kind, examples):
    def holds(seed: int) -> None:
        problem, chosen = team(seed, kind, 30, caps=seed % 2 == 0), options(seed)
        if seed % 3 == 0:
            first = solve(problem, seed=1, options=chosen)
            problem = with_a_published_plan(problem, first, seed)
        again = shuffled(problem, seed)
        assert text(solve_plain(problem, chosen)) == text(solve_plain(again, chosen))

    for_seeds(examples, holds)


@dose(3, 40)
def test_the_number_of_threads_does_not_matter(examples, monkeypatch):
    def holds(seed: int) -> None:
        problem, chosen = team(seed, KINDS[seed % 3], 40), options(seed)
        told = set()
        for threads, chunk in ((1, 2048), (2, 7), (5, 3)):
            monkeypatch.setattr(os, "cpu_count", lambda threads=threads: threads)
            defaults = {"spread": None, "scene": None, "chunk": chunk, "best_first": False}
            look = plain_engine().everywhere.look_everywhere
            monkeypatch.setattr(look, "__kwdefaults__", defaults)
            told.add(text(solve_plain(problem, chosen)))
        assert len(told) == 1

    for_seeds(examples, holds)


def test_another_seed_may_choose_another_of_equals():
    problem = team(3, "tight", 40)
    plans = [solve_plain(problem, seed=seed) for seed in range(1, 9)]
    assert len({(plan.certificate.served, plan.certificate.value) for plan in plans}) == 1
    assert len({text(replace(plan, certificate=plans[0].certificate)) for plan in plans}) > 1
