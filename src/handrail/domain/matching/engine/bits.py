"""Words of bits inside kernels."""

from __future__ import annotations

import numpy as np

from .compiled import leaf
from .market import Words

ONE = np.uint64(1)


@leaf
def lowest(word: np.uint64) -> int:
    """The place of the lowest set bit of a word that is not zero."""
    place = 0
    low = word & (~word + np.uint64(1))
    if low & np.uint64(0xFFFFFFFF00000000):
        place += 32
    if low & np.uint64(0xFFFF0000FFFF0000):
        place += 16
    if low & np.uint64(0xFF00FF00FF00FF00):
        place += 8
    if low & np.uint64(0xF0F0F0F0F0F0F0F0):
        place += 4
    if low & np.uint64(0xCCCCCCCCCCCCCCCC):
        place += 2
    if low & np.uint64(0xAAAAAAAAAAAAAAAA):
        place += 1
    return place


@leaf
def has(words: Words, row: int, bit: int) -> bool:
    """Whether a row has a bit."""
    return bool((words[row, bit >> 6] >> np.uint64(bit & 63)) & np.uint64(1))


@leaf
def set_bit(words: Words, row: int, bit: int) -> None:
    """Set a bit of a row."""
    words[row, bit >> 6] |= np.uint64(1) << np.uint64(bit & 63)


@leaf
def clear_bit(words: Words, row: int, bit: int) -> None:
    """Clear a bit of a row."""
    words[row, bit >> 6] &= ~(np.uint64(1) << np.uint64(bit & 63))
