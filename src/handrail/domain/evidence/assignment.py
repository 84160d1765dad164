"""Who is offered mentoring first, by lot: permuted blocks that were fixed before anybody enrolled.

How to replay a lottery in any language. The seed has 256 bits. The number drawn for a purpose, a
stratum and two counters is HMAC-SHA-256 keyed with the seed, over the UTF-8 text
"purpose<0>stratum<0>first<0>second" (<0> is a zero byte, counters are decimal), read as one
big-endian number. Block `b` of a stratum (from 0) has 2 places where the draw ("size", stratum,
b, 0) is even, else 4. It holds each arm equally often, in the order of `ARMS`, and is shuffled by
Fisher and Yates from its last place down: place `i` changes with place (the draw ("shuffle",
stratum, b, i) modulo i + 1). Of 256 bits modulo at most 4 no bias is left that could be measured.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

SEED_BYTES = 32
ARMS = ("offered", "waiting")
BLOCK_SIZES = (2, 4)
RATIO_ALPHA = 0.001  # below it a report is blocked
FORMAT = "handrail-blocks-1"


@dataclass(frozen=True, slots=True)
class BlockList:
    """The blocks of every stratum, as they stand before the first person is enrolled."""

    strata: tuple[tuple[str, tuple[tuple[str, ...], ...]], ...]  # by name, blocks of arms

    def arms(self, stratum: str) -> tuple[str, ...]:
        """The arm of each place of a stratum, in order. Raises KeyError where it is not there."""
        for name, blocks in self.strata:
            if name == stratum:
                return tuple(arm for block in blocks for arm in block)
        raise KeyError(stratum)

    def text(self) -> str:
        """The list as one canonical line of JSON: what the published hash is taken over."""
        document = {
            "arms": list(ARMS),
            "format": FORMAT,
            "strata": [
                {"name": name, "blocks": [list(block) for block in blocks]}
                for name, blocks in self.strata
            ],
        }
        return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class Assigned:
    """One row of the append-only ledger: the person who took a place, or a correction of it.

    A correction (`corrects`, with `arm` as it should have been told, or with `void`) is a new row
    for the same place; a place is never given away twice.
    """

    person: str
    stratum: str
    place: int  # from 1, in the order of enrolment within the stratum
    arm: str
    corrects: bool = False
    void: bool = False  # was not eligible when assigned; the place stays used


class Wrong(StrEnum):
    """What a replay can find."""

    HASH = "hash_differs"
    STRATUM = "unknown_stratum"
    ARM = "arm_differs"
    PLACE_TAKEN = "place_taken"
    PLACE_SKIPPED = "place_skipped"
    PERSON_TWICE = "person_twice"
    NOTHING_TO_CORRECT = "nothing_to_correct"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that a replay found wrong."""

    code: Wrong
    person: str = ""
    stratum: str = ""
    place: int = 0


@dataclass(frozen=True, slots=True)
class RatioTest:
    """Whether the arms that were analysed are as large as the lottery meant them to be."""

    counts: tuple[int, int]
    ratio: tuple[float, float]
    chi_square: float
    p: float

    @property
    def blocks(self) -> bool:
        """Whether a report must be refused: p below .001."""
        return self.p < RATIO_ALPHA


def check_seed(seed: bytes) -> None:
    """Raise ValueError unless the seed has exactly 256 bits."""
    if len(seed) != SEED_BYTES:
        raise ValueError(f"A seed has {SEED_BYTES} bytes, not {len(seed)}.")


def block_list(seed: bytes, strata: Iterable[str], *, places: int) -> BlockList:
    """Draw whole blocks for every stratum until each has at least `places` places.

    `strata` are the names of team x level, without doubles; their order does not matter.
    Allocation is 1:1 within every block of 2 or 4, the sizes mixed, so that the last places of a
    block can be guessed less often. Source: K. F. Schulz, D. A. Grimes, Lancet 359 (2002)
    515-519. Raises ValueError on a seed of another length, a stratum that is there twice or has
    a zero byte in its name, no stratum, or fewer than 1 place.
    """
    check_seed(seed)
    names = sorted(strata)
    if not names or len(set(names)) != len(names):
        raise ValueError("Each stratum is needed once, and at least one is.")
    if any("\0" in name for name in names):
        raise ValueError("A zero byte is not allowed in the name of a stratum.")
    if places < 1:
        raise ValueError(f"A stratum needs at least 1 place, not {places}.")
    return BlockList(tuple((name, _blocks(seed, name, places)) for name in names))


def commitment(seed: bytes, blocks: BlockList) -> str:
    """Return what is published before enrolment: SHA-256 of the seed's bytes and the list's text.

    64 hexadecimal digits. Without the seed the list cannot be told from it, since the seed has
    256 bits; with the seed anybody can make the list again and compare.
    """
    check_seed(seed)
    return hashlib.sha256(seed + blocks.text().encode()).hexdigest()


def next_place(ledger: Iterable[Assigned], stratum: str) -> int:
    """Return the place (from 1) that the next person of this stratum takes."""
    taken = [row.place for row in ledger if row.stratum == stratum and not row.corrects]
    return max(taken, default=0) + 1


def assign(blocks: BlockList, ledger: Sequence[Assigned], *, person: str, stratum: str) -> Assigned:
    """Return the row for the next person of a stratum; the caller adds it to the ledger.

    Call it only once the person is enrolled: it tells the arm. Raises ValueError where the person
    has a place already, KeyError on an unknown stratum, and IndexError where all places that were
    drawn are taken.
    """
    if any(row.person == person and not row.corrects for row in ledger):
        raise ValueError(f"{person} has a place already.")
    arms = blocks.arms(stratum)
    place = next_place(ledger, stratum)
    if place > len(arms):
        raise IndexError(f"All {len(arms)} places of {stratum} are taken.")
    return Assigned(person, stratum, place, arms[place - 1])


def waiting_order(seed: bytes, ledger: Iterable[Assigned]) -> tuple[str, ...]:
    """Return those who wait in the order of the lottery, which is not that of arrival.

    The order is that of the draws ("order", stratum, place, 0), the smallest first: it can be
    replayed as the arms can. Void rows are left out; corrections are followed.
    """
    check_seed(seed)
    waiting = [row for row in standing(ledger).values() if row.arm == ARMS[1] and not row.void]
    return tuple(
        row.person
        for row in sorted(waiting, key=lambda row: _draw(seed, "order", row.stratum, row.place, 0))
    )


def standing(ledger: Iterable[Assigned]) -> Mapping[str, Assigned]:
    """Return for each person the row that stands: their last one."""
    return {row.person: row for row in ledger}


def replay(
    seed: bytes,
    *,
    published: str,
    strata: Iterable[str],
    places: int,
    ledger: Sequence[Assigned],
) -> tuple[Fault, ...]:
    """Make the lottery again from the revealed seed; an empty answer means that all is as drawn.

    Checks that seed and list give the `published` hash, and row by row that every place of a
    stratum was taken once, in order and by one person, with the arm of the list. Rows of the
    ledger are in the order in which they were written. Raises ValueError like `block_list`.
    """
    blocks = block_list(seed, strata, places=places)
    faults: list[Fault] = []
    if not hmac.compare_digest(commitment(seed, blocks), published.lower()):
        faults.append(Fault(Wrong.HASH))
    arms = {name: blocks.arms(name) for name, _ in blocks.strata}
    holders: dict[tuple[str, int], str] = {}
    people: set[str] = set()
    taken: Counter[str] = Counter()
    for row in ledger:
        where = (row.stratum, row.place)
        about = (row.person, row.stratum, row.place)
        if row.stratum not in arms:
            faults.append(Fault(Wrong.STRATUM, *about))
            continue
        if row.corrects:
            if holders.get(where) != row.person:
                faults.append(Fault(Wrong.NOTHING_TO_CORRECT, *about))
        else:
            if row.person in people:
                faults.append(Fault(Wrong.PERSON_TWICE, *about))
            if where in holders:
                faults.append(Fault(Wrong.PLACE_TAKEN, *about))
            elif row.place != taken[row.stratum] + 1:
                faults.append(Fault(Wrong.PLACE_SKIPPED, *about))
            holders.setdefault(where, row.person)
            people.add(row.person)
            taken[row.stratum] = max(taken[row.stratum], row.place)
        drawn = arms[row.stratum]
        if not 1 <= row.place <= len(drawn) or drawn[row.place - 1] != row.arm:
            faults.append(Fault(Wrong.ARM, *about))
    return tuple(faults)


def ratio_test(counts: tuple[int, int], ratio: tuple[float, float] = (1, 1)) -> RatioTest:
    """Test the number of *analysed* people of two arms against the planned ratio.

    Pearson's chi-square with 1 degree of freedom, without correction (A. Fabijan et al., KDD
    2019, "Diagnosing sample ratio mismatch"). Under permuted blocks it rarely errs, as arms are
    kept level. Raises ValueError on negative counts, nobody at all, or a ratio that is not
    positive.
    """
    if min(counts) < 0 or sum(counts) == 0:
        raise ValueError(f"{counts[0]} and {counts[1]} are not the sizes of two arms.")
    if min(ratio) <= 0 or not math.isfinite(sum(ratio)):
        raise ValueError(f"{ratio[0]}:{ratio[1]} is not a ratio.")
    total, parts = sum(counts), sum(ratio)
    expected = [total * part / parts for part in ratio]
    square = math.fsum((n - e) ** 2 / e for n, e in zip(counts, expected, strict=True))
    return RatioTest(counts, ratio, square, math.erfc(math.sqrt(square / 2)))


def _blocks(seed: bytes, stratum: str, places: int) -> tuple[tuple[str, ...], ...]:
    blocks: list[tuple[str, ...]] = []
    drawn = 0
    while drawn < places:
        blocks.append(_block(seed, stratum, len(blocks)))
        drawn += len(blocks[-1])
    return tuple(blocks)


def _block(seed: bytes, stratum: str, number: int) -> tuple[str, ...]:
    size = BLOCK_SIZES[_draw(seed, "size", stratum, number, 0) % 2]
    block = [arm for arm in ARMS for _ in range(size // len(ARMS))]
    for place in range(size - 1, 0, -1):
        other = _draw(seed, "shuffle", stratum, number, place) % (place + 1)
        block[place], block[other] = block[other], block[place]
    return tuple(block)


def _draw(seed: bytes, purpose: str, stratum: str, first: int, second: int) -> int:
    text = "\0".join((purpose, stratum, str(first), str(second)))
    return int.from_bytes(hmac.new(seed, text.encode(), hashlib.sha256).digest(), "big")
