"""Peers meet in pairs, one trio where somebody is left over, and not the same people soon."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import combinations

import numpy as np
import pytest

from handrail.domain.matching import Met, Peer, PeerPlan, ProblemError, bits_of, pair_peers

ALWAYS = bits_of(range(336))


def people(names: str, free: int = ALWAYS) -> list[Peer]:
    return [Peer(name, free) for name in names]


def groups(plan: PeerPlan) -> list[tuple[str, ...]]:
    return [group.people for group in plan.groups]


def tiny(seed: int) -> tuple[list[Peer], list[Met], dict[tuple[str, str], str]]:
    draw = np.random.default_rng([seed, 31])
    count = int(draw.integers(3, 9))
    names = "abcdefgh"[:count]
    peers = [
        Peer(
            name,
            bits_of(slot for slot in range(5) if draw.random() < 0.5),
            (("en",), ("de", "en"), ("de",), ())[int(draw.integers(4))],
        )
        for name in names
    ]
    pairs = list(combinations(names, 2))
    history = [Met(two, int(draw.integers(1, 9))) for two in pairs if draw.random() < 0.35]
    history += [Met(tuple(names[:3]), 30, third=str(draw.choice(list(names[:3])))) for _ in "xyz"]
    return peers, history, {two: "not_with" for two in pairs if draw.random() < 0.08}


def can_meet(some: tuple[Peer, ...], history, apart, again_after=4) -> bool:
    for one, other in combinations(some, 2):
        if one.languages and other.languages and not set(one.languages) & set(other.languages):
            return False
        two = {one.person, other.person}
        if any(two == set(each) for each in apart):
            return False
        if any(two <= set(met.people) and met.rounds_ago <= again_after for met in history):
            return False
    common = some[0].free
    for peer in some:
        common &= peer.free
    return common > 0


def apart_for(some: tuple[str, ...], history) -> int:
    """Rounds since each two of them met, 100 for never, together."""
    return sum(
        min([met.rounds_ago for met in history if {one, other} <= set(met.people)], default=100)
        for one, other in combinations(some, 2)
    )


def all_pairings(peers: list[Peer], history, apart) -> Iterator[list[tuple[Peer, ...]]]:
    """Every way to form pairs, one of which may be joined by a third."""

    def go(rest: list[Peer], trio: bool) -> Iterator[list[tuple[Peer, ...]]]:
        if not rest:
            yield []
            return
        first, others = rest[0], rest[1:]
        yield from go(others, trio)
        for size in (1, 2) if trio else (1,):
            for some in combinations(others, size):
                group = (first, *some)
                if can_meet(group, history, apart):
                    left = [peer for peer in others if peer not in some]
                    for more in go(left, trio and size == 1):
                        yield [group, *more]

    yield from go(peers, True)


@pytest.mark.parametrize("seed", range(80))
def test_against_every_pairing_there_is(seed):
    peers, history, apart = tiny(seed)
    plan = pair_peers(peers, seed=seed, history=history, apart=apart)
    by_name = {peer.person: peer for peer in peers}
    thirds = Counter(met.third for met in history if met.third)
    everybody = list(all_pairings(peers, history, apart))
    most = max(len(pairing) for pairing in everybody)
    found = groups(plan)
    assert all(can_meet(tuple(by_name[n] for n in group), history, apart) for group in found)
    assert len(found) == most
    served = [name for group in found for name in group]
    assert len(set(served)) == len(served)
    assert sorted(served + [each.person for each in plan.unmatched]) == sorted(by_name)
    alone = {
        peer.person
        for peer in peers
        if not any(can_meet((peer, other), history, apart) for other in peers if other is not peer)
    }
    left_over = len(peers) - len(alone) - 2 * most
    assert len(served) - 2 * most <= left_over
    if left_over == 0:
        best = max(
            sum(apart_for(tuple(p.person for p in group), history) for group in pairing)
            for pairing in everybody
            if len(pairing) == most and all(len(group) == 2 for group in pairing)
        )
        assert sum(apart_for(group, history) for group in found) == best
    if left_over == 1:
        full = [
            [tuple(peer.person for peer in group) for group in pairing]
            for pairing in everybody
            if len(pairing) == most and any(len(group) == 3 for group in pairing)
        ]
        third = next((group.third for group in plan.groups if group.third), None)
        assert (third is not None) == bool(full)
        if third is None:
            return
        # the fewest times third of all who could be, then rounds apart with that third
        trios = [group for pairing in full for group in pairing if len(group) == 3]
        assert thirds[third] == min(thirds[name] for trio in trios for name in trio)
        best = max(
            sum(apart_for(group, history) for group in pairing)
            for pairing in full
            if any(third in group for group in pairing if len(group) == 3)
        )
        assert sum(apart_for(group, history) for group in found) == best


@pytest.mark.parametrize("seed", range(30))
def test_a_slot_suits_all_who_meet(seed):
    peers, history, apart = tiny(seed)
    by_name = {peer.person: peer for peer in peers}
    for group in pair_peers(peers, seed=1, history=history, apart=apart).groups:
        assert all(by_name[name].free >> group.slot & 1 for name in group.people)


def test_an_even_number_meets_in_pairs():
    plan = pair_peers(people("abcdef"), seed=1)
    assert sorted(name for group in groups(plan) for name in group) == list("abcdef")
    assert {len(group) for group in groups(plan)} == {2}
    assert [reason.code for reason in plan.groups[0].reasons] == ["time", "never_met"]


def test_an_odd_number_has_one_trio_and_the_third_rotates():
    history: list[Met] = []
    thirds: Counter[str] = Counter()
    for _ in range(7):
        plan = pair_peers(people("abcdefg"), seed=1, history=history, again_after=0)
        assert sorted(map(len, groups(plan))) == [2, 2, 3]
        trio = next(group for group in plan.groups if group.third)
        thirds[trio.third] += 1
        history = [Met(met.people, met.rounds_ago + 1, met.third) for met in history]
        history += [Met(group.people, 1, group.third) for group in plan.groups]
    assert thirds == dict.fromkeys("abcdefg", 1)


def test_nobody_meets_the_same_again_before_all_others():
    # six people have five others each: five rounds without a repeat are possible
    history: list[Met] = []
    seen: set[tuple[str, ...]] = set()
    for _ in range(3):
        plan = pair_peers(people("abcdef"), seed=4, history=history, again_after=4)
        for group in groups(plan):
            assert group not in seen
            seen.add(group)
        history = [Met(met.people, met.rounds_ago + 1) for met in history]
        history += [Met(group, 1) for group in groups(plan)]


def test_who_met_longest_ago_meets_first():
    history = [Met(("a", "b"), 5), Met(("c", "d"), 5), Met(("a", "c"), 9), Met(("b", "d"), 9)]
    history += [Met(("a", "d"), 7), Met(("b", "c"), 7)]
    plan = pair_peers(people("abcd"), seed=1, history=history)
    assert groups(plan) == [("a", "c"), ("b", "d")]
    assert plan.groups[0].reasons[1].params == {"rounds": 9}


def test_a_meeting_long_ago_is_no_older_than_never():
    history = [Met(("a", "b"), 10**9), Met(("c", "d"), 10**9)]
    assert len(groups(pair_peers(people("abcd"), seed=1, history=history))) == 2


def test_a_trio_needs_a_time_for_all_three():
    # a-b at 0, b-c at 1, a-c at 2: every two can, but not all three
    peers = [Peer("a", 0b101), Peer("b", 0b011), Peer("c", 0b110)]
    plan = pair_peers(peers, seed=1)
    assert [len(group) for group in groups(plan)] == [2]
    assert [each.reason.code for each in plan.unmatched] == ["peers_taken"]
    assert plan.unmatched[0].reason.params == {"people": 2}


@pytest.mark.parametrize(
    ("peers", "more", "code"),
    [
        (people("a"), {}, "no_peers"),
        ([Peer("a", ALWAYS, ("en",)), Peer("b", ALWAYS, ("de",))], {}, "no_peer_language"),
        (people("ab"), {"apart": {("b", "a"): "not_with"}}, "peers_apart"),
        (people("ab"), {"history": [Met(("a", "b"), 4)]}, "met_lately"),
        ([Peer("a", 1), Peer("b", 2)], {}, "no_peer_time"),
    ],
)
def test_everybody_without_a_meeting_knows_the_reason(peers, more, code):
    plan = pair_peers(peers, seed=1, **more)
    assert plan.groups == ()
    assert [each.person for each in plan.unmatched] == sorted(peer.person for peer in peers)
    assert {each.reason.code for each in plan.unmatched} == {code}


def test_nobody_at_all():
    assert pair_peers([], seed=1) == PeerPlan((), ())


def test_people_of_the_past_in_history_and_bans_change_nothing():
    more = {"history": [Met(("a", "zoe"), 1)], "apart": {("zoe", "b"): "conflict"}}
    assert pair_peers(people("abcd"), seed=1, **more) == pair_peers(people("abcd"), seed=1)


def test_row_order_does_not_matter_and_the_seed_decides_between_equals():
    peers = people("abcdefghi")
    plan = pair_peers(peers, seed=3)
    assert pair_peers(peers[::-1], seed=3) == plan
    assert len({tuple(groups(pair_peers(peers, seed=seed))) for seed in range(10)}) > 5


def test_many_people_who_seldom_can():
    draw = np.random.default_rng(1)
    peers = [
        Peer(f"p{at:03d}", bits_of(draw.choice(336, size=4, replace=False).tolist()))
        for at in range(201)
    ]
    plan = pair_peers(peers, seed=1)
    sizes = Counter(map(len, groups(plan)))
    assert sizes[2] * 2 + sizes[3] * 3 + len(plan.unmatched) == 201
    assert len(plan.unmatched) <= 1


@pytest.mark.parametrize(
    ("peers", "more", "person", "field"),
    [
        (people("aa"), {}, "a", "person_id"),
        ([Peer("", 1)], {}, "", "person_id"),
        ([Peer("a", -1)], {}, "a", "free"),
        ([Peer("a", 1 << 512)], {}, "a", "free"),
        ([Peer("a", float("nan"))], {}, "a", "free"),
        (people("ab"), {"again_after": -1}, "", "again_after"),
        (people("ab"), {"history": [Met(("a",), 1)]}, "a", "history"),
        (people("ab"), {"history": [Met(("a", "a"), 1)]}, "a", "history"),
        (people("ab"), {"history": [Met(("a", "b"), 0)]}, "a", "history"),
        (people("ab"), {"history": [Met(("a", "b"), 1, third="c")]}, "c", "history"),
    ],
)
def test_bad_input_names_person_and_field(peers, more, person, field):
    with pytest.raises(ProblemError) as refused:
        pair_peers(peers, seed=1, **more)
    assert (refused.value.person, refused.value.field) == (person, field)
