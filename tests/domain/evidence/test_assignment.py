"""The lottery: blocks, the published hash, the replay and the test of the ratio."""

from __future__ import annotations

import hashlib
import hmac
from collections import Counter
from dataclasses import replace

import pytest

from handrail.domain.evidence.assignment import (
    ARMS,
    Assigned,
    BlockList,
    Fault,
    Wrong,
    assign,
    block_list,
    commitment,
    ratio_test,
    replay,
    waiting_order,
)

SEED = bytes(range(32))
STRATA = ("Core / 2", "Docs / 1")


def drawn() -> BlockList:
    return block_list(SEED, STRATA, places=40)


def played(people: int = 24) -> list[Assigned]:
    ledger: list[Assigned] = []
    for number in range(people):
        person, stratum = f"p{number}", STRATA[number % 2]
        ledger.append(assign(drawn(), ledger, person=person, stratum=stratum))
    return ledger


def faults(ledger: list[Assigned], published: str = "", seed: bytes = SEED) -> tuple[Fault, ...]:
    hashed = published or commitment(SEED, drawn())
    return replay(seed, published=hashed, strata=STRATA, places=40, ledger=ledger)


def test_every_block_holds_both_arms_equally_often_and_sizes_are_mixed() -> None:
    sizes: Counter[int] = Counter()
    for _, blocks in block_list(SEED, [f"s{n}" for n in range(50)], places=20).strata:
        for block in blocks:
            sizes[len(block)] += 1
            assert Counter(block) == {arm: len(block) // 2 for arm in ARMS}
    assert set(sizes) == {2, 4}
    assert abs(sizes[2] - sizes[4]) < 60  # 350 tosses of a fair coin: 60 is over 3 sd


def test_all_six_orders_of_a_block_of_four_are_drawn_equally_often() -> None:
    orders: Counter[tuple[str, ...]] = Counter()
    for _, blocks in block_list(SEED, [f"s{n}" for n in range(300)], places=20).strata:
        orders.update(block for block in blocks if len(block) == 4)
    assert len(orders) == 6
    expected = orders.total() / 6
    chi_square = sum((count - expected) ** 2 / expected for count in orders.values())
    assert chi_square < 20.5  # p = .001 at 5 degrees of freedom


def test_a_lottery_can_be_replayed_from_the_words_of_the_documentation() -> None:
    def draw(*parts: object) -> int:
        text = "\0".join(str(part) for part in parts).encode()
        return int(hmac.new(SEED, text, hashlib.sha256).hexdigest(), 16)

    arms: list[str] = []
    number = 0
    while len(arms) < 40:
        half = 1 if draw("size", "Core / 2", number, 0) % 2 == 0 else 2
        block = ["offered"] * half + ["waiting"] * half
        for i in reversed(range(1, len(block))):
            j = draw("shuffle", "Core / 2", number, i) % (i + 1)
            block[i], block[j] = block[j], block[i]
        arms += block
        number += 1
    assert list(drawn().arms("Core / 2")) == arms


def test_the_order_of_strata_changes_neither_list_nor_hash() -> None:
    other = block_list(SEED, reversed(STRATA), places=40)
    assert other == drawn()
    assert commitment(SEED, other) == commitment(SEED, drawn())


def test_the_hash_is_that_of_seed_and_list() -> None:
    assert commitment(SEED, drawn()) == hashlib.sha256(SEED + drawn().text().encode()).hexdigest()
    assert commitment(bytes(32), drawn()) != commitment(SEED, drawn())


def test_a_ledger_as_drawn_replays_without_a_fault() -> None:
    assert faults(played()) == ()


def test_each_way_to_cheat_is_found_by_the_replay() -> None:
    ledger = played()
    other = {"offered": "waiting", "waiting": "offered"}
    swapped = [replace(ledger[0], arm=other[ledger[0].arm]), *ledger[1:]]
    assert faults(swapped) == (Fault(Wrong.ARM, "p0", "Core / 2", 1),)
    assert Fault(Wrong.PLACE_SKIPPED, "p2", "Core / 2", 2) in faults(ledger[1:])
    twice = [*ledger, replace(ledger[-1], person="p99")]
    assert Fault(Wrong.PLACE_TAKEN, "p99", "Docs / 1", 12) in faults(twice)
    again = [*ledger, assign(drawn(), ledger, person="new", stratum="Docs / 1")]
    again[-1] = replace(again[-1], person="p1")
    assert Fault(Wrong.PERSON_TWICE, "p1", "Docs / 1", 13) in faults(again)
    stranger = [*ledger, Assigned("p99", "Sales / 1", 1, "offered")]
    assert faults(stranger) == (Fault(Wrong.STRATUM, "p99", "Sales / 1", 1),)
    correction = replace(ledger[3], person="p5", corrects=True)
    assert Fault(Wrong.NOTHING_TO_CORRECT, "p5", "Docs / 1", 2) in faults([*ledger, correction])


def test_another_seed_than_the_published_one_is_found() -> None:
    assert Fault(Wrong.HASH) in faults(played(), published="0" * 64)
    assert Fault(Wrong.HASH) in faults([], seed=bytes(32))


def test_a_correction_is_a_new_row_and_keeps_the_place_used() -> None:
    ledger = played()
    void = replace(ledger[3], corrects=True, void=True)
    ledger = [*ledger, void]
    assert faults(ledger) == ()
    assert assign(drawn(), ledger, person="next", stratum="Docs / 1").place == 13
    assert ledger[3].person not in waiting_order(SEED, ledger)


def test_who_waits_is_ordered_by_lot_and_not_by_arrival() -> None:
    ledger = played()
    waiting = [row.person for row in ledger if row.arm == "waiting"]
    order = waiting_order(SEED, ledger)
    assert sorted(order) == sorted(waiting)
    assert list(order) != waiting
    assert waiting_order(SEED, ledger) == order
    assert waiting_order(bytes(32), ledger) != order


def test_nobody_gets_two_places_and_no_place_beyond_the_list() -> None:
    ledger = played()
    with pytest.raises(ValueError, match="p0 has a place"):
        assign(drawn(), ledger, person="p0", stratum="Docs / 1")
    small = block_list(SEED, ["only"], places=1)
    full: list[Assigned] = []
    for number in range(len(small.arms("only"))):
        full.append(assign(small, full, person=f"x{number}", stratum="only"))
    with pytest.raises(IndexError, match="are taken"):
        assign(small, full, person="late", stratum="only")
    with pytest.raises(KeyError):
        assign(small, full, person="late", stratum="none")


@pytest.mark.parametrize(
    ("seed", "strata", "places", "words"),
    [
        (b"short", ["a"], 1, "32 bytes"),
        (SEED, [], 1, "at least one"),
        (SEED, ["a", "a"], 1, "once"),
        (SEED, ["a\0"], 1, "zero byte"),
        (SEED, ["a"], 0, "1 place"),
    ],
)
def test_a_lottery_that_cannot_be_drawn_says_why(
    seed: bytes, strata: list[str], places: int, words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        block_list(seed, strata, places=places)


def test_the_ratio_test_by_hand() -> None:
    even = ratio_test((120, 118))
    assert even.chi_square == pytest.approx(4 / 238)  # (120 - 119)^2 / 119, twice
    assert not even.blocks
    skewed = ratio_test((150, 88))
    assert skewed.chi_square == pytest.approx(2 * 31**2 / 119)
    assert skewed.p == pytest.approx(5.86e-5, rel=1e-2)
    assert skewed.blocks
    assert not ratio_test((200, 100), (2, 1)).blocks
    assert ratio_test((200, 100), (1, 1)).blocks


def test_a_ratio_of_nothing_is_refused() -> None:
    for counts, ratio in [((0, 0), (1, 1)), ((-1, 2), (1, 1)), ((1, 1), (0, 1))]:
        with pytest.raises(ValueError, match="not"):
            ratio_test(counts, ratio)
