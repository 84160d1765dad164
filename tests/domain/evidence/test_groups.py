"""The small-group rule, also after subtraction."""

from __future__ import annotations

import pytest

from handrail.domain.evidence.groups import PROCESS_PEOPLE, may_show, shown_groups


def people(first: int, last: int) -> frozenset[int]:
    return frozenset(range(first, last))


@pytest.mark.parametrize(("size", "shown"), [(0, False), (9, False), (10, True)])
def test_outcomes_show_from_ten_people_on(size: int, shown: bool) -> None:
    assert may_show(size) is shown


@pytest.mark.parametrize(("size", "shown"), [(4, False), (5, True)])
def test_process_counts_show_from_five_people_on(size: int, shown: bool) -> None:
    assert may_show(size, least=PROCESS_PEOPLE) is shown


def test_groups_that_do_not_overlap_both_show() -> None:
    assert shown_groups({"a": people(0, 10), "b": people(10, 20)}) == {"a", "b"}


def test_a_group_under_ten_does_not_show() -> None:
    assert shown_groups({"a": people(0, 10), "b": people(10, 19)}) == {"a"}


def test_a_part_is_hidden_where_the_rest_would_be_under_ten() -> None:
    assert shown_groups({"all": people(0, 20), "part": people(0, 11)}) == {"all"}


def test_a_part_shows_where_the_rest_has_ten() -> None:
    assert shown_groups({"all": people(0, 20), "part": people(0, 10)}) == {"all", "part"}


def test_the_whole_is_hidden_where_the_part_came_first() -> None:
    assert shown_groups({"part": people(0, 11), "all": people(0, 20)}) == {"part"}


def test_the_same_people_twice_tell_nothing_new() -> None:
    assert shown_groups({"a": people(0, 12), "b": people(0, 12)}) == {"a", "b"}


def test_two_parts_together_may_not_leave_a_small_rest() -> None:
    groups = {"all": people(0, 30), "a": people(0, 12), "b": people(12, 24)}
    assert shown_groups(groups) == {"all", "a"}


def test_what_was_published_before_counts() -> None:
    assert shown_groups({"a": people(0, 14)}, published=[people(0, 15)]) == frozenset()
