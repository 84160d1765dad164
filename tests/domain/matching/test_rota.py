"""A rota's turns are as even as availability permits, and say why where they are not."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from handrail.domain.matching import (
    Host,
    ProblemError,
    Standing,
    Turn,
    move_on,
    next_hosts,
    plan_rota,
)


def weekly(weeks: int, a_week: int = 1) -> list[Turn]:
    return [
        Turn(f"w{week}-{at}", slot=week * 10 + at, week=week)
        for week in range(weeks)
        for at in range(a_week)
    ]


def everybody(names: str, turns: list[Turn], **more) -> list[Host]:
    return [Host(name, frozenset(each.turn for each in turns), **more) for name in names]


def counts(rota) -> Counter[str]:
    return Counter(each.host for each in rota.turns if each.host)


def tiny(seed: int, *, limits: bool = False) -> tuple[list[Turn], list[Host]]:
    draw = np.random.default_rng([seed, 5])
    turns = [Turn(f"t{at}", int(draw.integers(0, 5)), 0) for at in range(int(draw.integers(3, 7)))]
    turns = [replace(turn, week=turn.slot // 2) for turn in turns]
    hosts = [
        Host(
            name,
            frozenset(turn.turn for turn in turns if draw.random() < 0.55),
            account=int(draw.integers(-1, 2)) if limits else 0,
            most=int(draw.integers(0, 4)) if limits and draw.random() < 0.4 else None,
            a_week=int(draw.integers(0, 3)) if limits and draw.random() < 0.4 else None,
        )
        for name in "abc"
    ]
    return turns, hosts


def all_rotas(turns: list[Turn], hosts: list[Host]):
    """Every allowed choice of hosts, None for a turn that is left open."""
    choices = [[None, *(host for host in hosts if turn.turn in host.free)] for turn in turns]
    for chosen in product(*choices):
        held = [(host, turn) for host, turn in zip(chosen, turns, strict=True) if host]
        slots = Counter((host.person, turn.slot) for host, turn in held)
        weeks = Counter((host.person, turn.week) for host, turn in held)
        total = Counter(host.person for host, _ in held)
        by_name = {host.person: host for host in hosts}
        if any(count > 1 for count in slots.values()):
            continue
        if any(
            by_name[name].a_week is not None and count > by_name[name].a_week
            for (name, _), count in weeks.items()
        ):
            continue
        if any(
            by_name[name].most is not None and count > by_name[name].most
            for name, count in total.items()
        ):
            continue
        yield tuple(host.person if host else None for host in chosen)


def levels(hosts: list[Host], chosen) -> list[int]:
    held = Counter(chosen)
    return sorted((host.account + held[host.person] for host in hosts), reverse=True)


@pytest.mark.parametrize("limits", [False, True])
@pytest.mark.parametrize("seed", range(40))
def test_against_every_rota_there_is(seed, limits):
    turns, hosts = tiny(seed, limits=limits)
    turns.sort(key=lambda turn: (turn.slot, turn.turn))
    rotas = list(all_rotas(turns, hosts))
    filled = max(sum(each is not None for each in chosen) for chosen in rotas)
    # earlier turns are filled first, then the most loaded has as little as can be, and so on
    earliest = max([each is not None for each in chosen] for chosen in rotas)
    same = [chosen for chosen in rotas if [each is not None for each in chosen] == earliest]
    rota = plan_rota(turns, hosts, seed=seed)
    found = tuple(each.host for each in rota.turns)
    assert [each.turn for each in rota.turns] == [turn.turn for turn in turns]
    assert found in rotas
    assert sum(each is not None for each in found) == filled
    assert [each is not None for each in found] == earliest
    assert levels(hosts, found) == min(levels(hosts, chosen) for chosen in same)
    assert sorted(rota.levels.values(), reverse=True) == levels(hosts, found)
    apart = min(levels(hosts, chosen)[0] - levels(hosts, chosen)[-1] for chosen in same)
    assert bool(rota.uneven) == (apart > 1)


@pytest.mark.parametrize("limits", [False, True])
@pytest.mark.parametrize("seed", range(40))
def test_hall_sets_are_true_of_every_rota(seed, limits):
    turns, hosts = tiny(seed, limits=limits)
    rota = plan_rota(turns, hosts, seed=1)
    if not rota.uneven:
        return
    only, few = rota.uneven
    assert (only.code, few.code) == ("turns_only_these", "hosts_few_turns")
    turns.sort(key=lambda turn: (turn.slot, turn.turn))
    filled = [each.host is not None for each in rota.turns]
    for chosen in all_rotas(turns, hosts):
        assert sum(each in few.params["hosts"] for each in chosen) <= few.params["turns"]
        if [each is not None for each in chosen] == filled:
            assert sum(each in only.params["hosts"] for each in chosen) >= only.params["turns"]


def test_turns_differ_by_at_most_one_over_a_rotation():
    turns = weekly(12)
    rota = plan_rota(turns, everybody("abcde", turns), seed=1)
    assert sorted(counts(rota).values()) == [2, 2, 2, 3, 3]
    assert rota.uneven == ()


def test_who_had_one_more_has_one_less_the_next_time():
    turns = weekly(12)
    hosts = everybody("abcde", turns)
    total: Counter[str] = Counter()
    for number in range(5):
        rota = plan_rota(turns, hosts, seed=number)
        total += counts(rota)
        hosts = [replace(host, account=rota.accounts[host.person]) for host in hosts]
        assert max(total.values()) - min(total.values()) <= 1
    assert set(total.values()) == {12}


def test_scarce_hours_are_left_to_those_who_have_no_others():
    # a can only in week 0 and b in both: b must leave week 0 to a
    turns = weekly(2)
    hosts = [Host("a", frozenset({"w0-0"})), Host("b", frozenset({"w0-0", "w1-0"}))]
    rota = plan_rota(turns, hosts, seed=1)
    assert [each.host for each in rota.turns] == ["a", "b"]
    assert [reason.code for reason in rota.turns[0].reasons] == ["fewest_turns"]
    assert [reason.code for reason in rota.turns[1].reasons] == ["only_host"]


def test_the_hall_set_says_why_turns_are_uneven():
    # four turns that only a can hold, one that only b can
    turns = weekly(5)
    hosts = [
        Host("a", frozenset(f"w{week}-0" for week in range(4))),
        Host("b", frozenset({"w4-0"})),
    ]
    only, few = plan_rota(turns, hosts, seed=1).uneven
    assert only.params == {"turns": 4, "hosts": ["a"]}
    assert few.params == {"turns": 1, "hosts": ["b"]}


def test_two_turns_at_the_same_time_need_two_mentors():
    turns = [Turn("one", 7), Turn("two", 7)]
    assert set(counts(plan_rota(turns, everybody("ab", turns), seed=1)).values()) == {1}
    alone = plan_rota(turns, everybody("a", turns), seed=1)
    assert [each.host for each in alone.turns] == ["a", None]
    assert alone.turns[1].reasons[0].code == "no_host_left"


def test_a_turn_at_which_nobody_is_free_is_left_open_and_says_so():
    turns = weekly(2)
    rota = plan_rota(turns, [Host("a", frozenset({"w0-0"}))], seed=1)
    assert rota.host_of("w1-0") is None
    assert rota.turns[1].reasons[0].code == "no_host"


def test_limits_of_a_week_and_of_the_rotation():
    turns = weekly(2, a_week=3)
    rota = plan_rota(turns, everybody("a", turns, a_week=2, most=3), seed=1)
    by_week = Counter(each.turn[:2] for each in rota.turns if each.host)
    assert by_week == {"w0": 2, "w1": 1}


def test_no_mentors_and_no_turns():
    assert [each.host for each in plan_rota(weekly(2), [], seed=1).turns] == [None, None]
    empty = plan_rota([], [Host("a", frozenset(), account=3)], seed=1)
    assert (empty.turns, empty.levels, empty.accounts) == ((), {"a": 3}, {"a": 0})


def test_a_newcomer_starts_at_the_median():
    turns = weekly(4)
    hosts = [*everybody("abc", turns, account=6), *everybody("n", turns, account=None)]
    assert set(counts(plan_rota(turns, hosts, seed=1)).values()) == {1}


def test_a_debt_is_worked_off_and_the_reason_says_so():
    turns = weekly(5)
    hosts = [*everybody("ab", turns), *everybody("c", turns, account=-2)]
    rota = plan_rota(turns, hosts, seed=1)
    assert counts(rota) == {"a": 1, "b": 1, "c": 3}
    reasons = next(each.reasons for each in rota.turns if each.host == "c")
    assert ("makes_up", {"turns": 2}) in [(reason.code, reason.params) for reason in reasons]


def test_an_absent_mentor_s_turn_moves_on_and_the_debt_is_kept():
    turns = weekly(6)
    hosts = everybody("abc", turns)
    rota = plan_rota(turns, hosts, seed=1)
    absent = rota.turns[2].host
    moved = move_on(rota, turns, hosts, "w2-0", seed=1)
    new = moved.host_of("w2-0")
    assert new not in (absent, None)
    assert [each for each in moved.turns if each.turn != "w2-0"] == [
        each for each in rota.turns if each.turn != "w2-0"
    ]
    assert moved.turns[2].reasons[0].code == "moved_on"
    assert moved.turns[2].reasons[0].params == {"absent": absent}
    assert (moved.accounts[absent], moved.accounts[new]) == (-1, 1)
    again = plan_rota(
        turns, [replace(host, account=moved.accounts[host.person]) for host in hosts], seed=1
    )
    assert (counts(again)[absent], counts(again)[new]) == (3, 1)


def test_a_moved_turn_goes_to_whoever_has_fewest_and_can():
    turns = [*weekly(3), Turn("same", slot=20, week=2)]
    hosts = [
        Host("a", frozenset({"w2-0"})),
        Host("b", frozenset({"w2-0", "same"}), account=-1),  # has the other turn at that time
        Host("c", frozenset({"w0-0", "w2-0"})),
        Host("d", frozenset({"w1-0", "w2-0"}), account=3),
    ]
    rota = plan_rota(turns, hosts, seed=1)
    assert rota.host_of("w2-0") == "a"
    assert move_on(rota, turns, hosts, "w2-0", seed=1).host_of("w2-0") == "c"


def test_a_turn_that_nobody_takes_over_is_open_and_still_owed():
    turns = weekly(1)
    hosts = everybody("a", turns)
    rota = plan_rota(turns, hosts, seed=1)
    moved = move_on(rota, turns, hosts, "w0-0", seed=1)
    assert (moved.host_of("w0-0"), moved.levels) == (None, {"a": 0})
    assert moved.turns[0].reasons[0].code == "nobody_takes_over"
    with pytest.raises(ProblemError):
        move_on(moved, turns, hosts, "w0-0", seed=1)


@pytest.mark.parametrize("seed", range(5))
def test_row_order_does_not_matter(seed):
    turns = weekly(8, a_week=2)
    hosts = everybody("abcdefg", turns)
    rota = plan_rota(turns, hosts, seed=seed)
    assert plan_rota(turns[::-1], hosts[::-1], seed=seed) == rota


def test_the_seed_decides_between_equals():
    turns = weekly(1)
    hosts = everybody("abcdef", turns)
    drawn = {plan_rota(turns, hosts, seed=seed).turns[0].host for seed in range(40)}
    assert len(drawn) > 3
    assert plan_rota(turns, hosts, seed=1).turns[0].reasons[0].code == "turn_drawn"


@pytest.mark.parametrize(
    ("turns", "hosts", "person", "field"),
    [
        ([Turn("t", 1), Turn("t", 2)], [], "t", "turn"),
        ([Turn("t", 1, 0), Turn("u", 1, 1)], [], "t", "week"),
        ([], [Host("a", frozenset()), Host("a", frozenset())], "a", "person_id"),
        ([], [Host("", frozenset())], "", "person_id"),
        ([], [Host("a", frozenset({"x"}))], "a", "free"),
        ([], [Host("a", frozenset(), most=-1)], "a", "most"),
        ([], [Host("a", frozenset(), a_week=-1)], "a", "a_week"),
    ],
)
def test_bad_input_names_person_and_field(turns, hosts, person, field):
    with pytest.raises(ProblemError) as refused:
        plan_rota(turns, hosts, seed=1)
    assert (refused.value.person, refused.value.field) == (person, field)


# Who is asked next


def asked(pool, **more) -> list[str]:
    return [each.person for each in next_hosts(pool, seed=1, request="r", **more)]


def test_least_time_less_credit_by_weight_is_asked_first():
    pool = [
        Standing("a", 60),
        Standing("b", 80, credit=40),
        Standing("c", 100, weight=2),
        Standing("d", 0, free=False),
    ]
    found = next_hosts(pool, seed=1, request="r")
    assert [each.person for each in found] == ["b", "c", "a"]
    assert [each.reason.code for each in found] == ["least_load", "more_load", "more_load"]


def test_a_newcomer_stands_at_the_median_not_at_nothing():
    pool = [Standing("a", 20), Standing("b", 60), Standing("c", 200), Standing("new", None)]
    assert asked([*pool[:1], *pool[2:]]) == ["a", "new", "c"]
    first = next_hosts(pool, seed=1, request="r")
    assert first[0].person == "a"
    assert first[-1].person == "c"
    assert {each.reason.code for each in first[1:3]} == {"load_drawn", "newcomer_at_median"}


def test_equals_are_drawn_by_request_whatever_the_order_of_rows():
    pool = [Standing(name, 20) for name in "abcdef"]
    assert asked(pool) == asked(pool[::-1])
    firsts = {next_hosts(pool, seed=1, request=str(at))[0].person for at in range(40)}
    assert len(firsts) > 3


def test_an_empty_pool_and_one_alone():
    assert next_hosts([], seed=1, request="r") == ()
    alone = next_hosts([Standing("a", 20), Standing("b", 0, free=False)], seed=1, request="r")
    assert [(each.person, each.reason.code) for each in alone] == [("a", "only_host")]


@pytest.mark.parametrize(
    ("pool", "field"),
    [
        ([Standing("a", 0), Standing("a", 0)], "person_id"),
        ([Standing("a", 0, weight=0)], "weight"),
        ([Standing("a", -5)], "minutes"),
    ],
)
def test_a_bad_pool_names_person_and_field(pool, field):
    with pytest.raises(ProblemError) as refused:
        next_hosts(pool, seed=1, request="r")
    assert (refused.value.person, refused.value.field) == ("a", field)
