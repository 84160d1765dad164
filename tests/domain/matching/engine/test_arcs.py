"""Arcs lie in their two orders whatever the size of the numbers."""

from __future__ import annotations

import numpy as np
import pytest

from handrail.domain.matching.engine.market import arcs_of


@pytest.mark.parametrize("most", [4, 10_000, 70_000, 2**40, 2**62])
@pytest.mark.parametrize("people", [3, 100_000])
@pytest.mark.parametrize("seed", range(5))
def test_both_orders_begin_with_the_worthiest(most: int, people: int, seed: int) -> None:
    draw = np.random.default_rng(seed)
    count = int(draw.integers(0, 60))
    who = draw.choice([0, people // 2, people - 1], count).astype(np.int32)
    to = draw.choice([0, people // 3, people - 1], count).astype(np.int32)
    worth = draw.choice([0, 1, most // 2, most], count).astype(np.int64)
    common = draw.integers(1, 2**62, (count, 2)).astype(np.uint64)
    arcs = arcs_of(who, to, worth, common, people, people)

    listed = list(zip(who.tolist(), to.tolist(), worth.tolist(), common.tolist(), strict=True))
    by_mentee = sorted(listed, key=lambda arc: (arc[0], -arc[2], arc[1]))
    columns = (arcs.who, arcs.to, arcs.worth, arcs.common)
    assert [*zip(*(column.tolist() for column in columns), strict=True)] == by_mentee

    by_mentor = sorted(by_mentee, key=lambda arc: (arc[1], -arc[2], arc[0]))
    told = (arcs.of_who, arcs.to[arcs.of], arcs.of_worth, arcs.of_common)
    assert [*zip(*(column.tolist() for column in told), strict=True)] == by_mentor
    assert np.diff(arcs.first).tolist() == np.bincount(who, minlength=people).tolist()
    assert np.diff(arcs.of_first).tolist() == np.bincount(to, minlength=people).tolist()
