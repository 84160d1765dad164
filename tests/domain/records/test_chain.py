"""Whatever is done to a sealed ledger is located: altered, deleted, reordered, cut, made anew."""

from __future__ import annotations

import random

from handrail.domain.records import Link, Row, check, follow, leaf_of
from handrail.domain.records.chain import START

KEY = b"k" * 32


def sealed(n: int = 40) -> tuple[list[Link], list[Row]]:
    rows = [Row(f"audit:{100 + i}", f"row {i}".encode()) for i in range(n)]
    links, before = [], START
    for place, row in enumerate(rows, 1):
        leaf = leaf_of(f"salt{place}", row.content)
        before = follow(before, row.name, leaf, key=KEY)
        links.append(Link(place, row.name, f"salt{place}", leaf, before))
    return links, rows


def places(links: list[Link], rows: list[Row], let_go: frozenset[str] = frozenset()) -> set[int]:
    return {f.n for f in check(links, rows, keys=[b"old", KEY], let_go=let_go)}


def test_every_row_that_is_touched_is_located_and_no_other() -> None:
    links, rows = sealed()
    assert places(links, rows) == set()
    random.seed(7)
    for _ in range(60):
        touched = random.sample(range(len(rows)), 3)
        changed = list(rows)
        altered, gone, other = touched
        changed[altered] = Row(rows[altered].name, b"other words")
        changed[gone], changed[other] = (
            Row(rows[gone].name, rows[other].content),
            Row(rows[other].name, rows[gone].content),
        )
        assert places(links, changed) == {one + 1 for one in touched}
        assert places(links, [r for i, r in enumerate(rows) if i != gone]) == {gone + 1}
    kinds = {f.kind for f in check(links, changed, keys=[KEY], let_go=frozenset())}
    assert kinds == {"altered", "moved"}


def test_a_link_that_is_cut_out_or_made_without_the_key_is_located() -> None:
    links, rows = sealed()
    cut = [link for link in links if link.n != 20]
    assert places(cut, rows) == {20, 21}  # it is not there, and the next does not follow
    before, anew = START, []
    for link in links:
        before = follow(before, link.row, link.leaf, key=b"not the key")
        anew.append(Link(link.n, link.row, link.salt, link.leaf, before))
    assert places(anew, rows) == {link.n for link in links}


def test_rows_that_left_as_the_rules_say_may_be_missing_and_no_other() -> None:
    links, rows = sealed()
    left = frozenset(row.name for row in rows[:10])
    bare = [Link(k.n, k.row, "", k.leaf, k.chain) if k.row in left else k for k in links]
    assert places(bare, rows[10:], left) == set()
    assert places(bare, rows[11:], left) == {11}
