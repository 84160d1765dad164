"""Names as places in a list, and sets of names as bits."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Masks = npt.NDArray[np.uint64]
Indices = npt.NDArray[np.int32]


def words_for(names: Sequence[str]) -> int:
    """How many uint64 hold a bit for each name, at least one."""
    return max(1, -(-len(names) // 64))


def union(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[str, ...]:
    """All names of both, sorted; two that are alike stay as they are."""
    return one if one == other else tuple(sorted({*one, *other}))


def moved(old: Sequence[str], new: Sequence[str]) -> Indices:
    """(old,) the place of each old name among the new ones."""
    at = {name: place for place, name in enumerate(new)}
    return np.array([at[name] for name in old], np.int32)


def moved_masks(masks: Masks, to: Indices, words: int) -> Masks:
    """(people, words) the same sets, each bit at its new place."""
    fresh = np.zeros((len(masks), words), np.uint64)
    for old, new in enumerate(to.tolist()):
        bit = masks[:, old // 64] >> np.uint64(old % 64) & np.uint64(1)
        fresh[:, new // 64] |= bit << np.uint64(new % 64)
    return fresh


def masks_of(lists: Sequence[tuple[str, ...]]) -> tuple[tuple[str, ...], Masks, Indices]:
    """Vocabulary, (people, words) sets, and (people,) the place of each first name or -1."""
    kinds: dict[tuple[str, ...], int] = {}
    kind = np.array([kinds.setdefault(names, len(kinds)) for names in lists], np.int64)
    at: dict[str, int] = {}
    places = [[at.setdefault(name, len(at)) for name in names] for names in kinds]
    names = tuple(at)
    masks = np.zeros((len(kinds), words_for(names)), np.uint64)
    for row, mine in enumerate(places):
        for place in mine:
            masks[row, place // 64] |= np.uint64(1) << np.uint64(place % 64)
    first = np.array([mine[0] if mine else -1 for mine in places], np.int32)
    return names, masks[kind], first[kind]


def names_of(masks: Masks, names: Sequence[str]) -> list[tuple[str, ...]]:
    """The names of each set, in the order of the vocabulary."""
    known: dict[tuple[int, ...], tuple[str, ...]] = {}
    found = []
    for row in map(tuple, masks.tolist()):
        if row not in known:
            known[row] = tuple(
                name for at, name in enumerate(names) if row[at // 64] >> (at % 64) & 1
            )
        found.append(known[row])
    return found
