"""How close a text in fields is to words that are asked for, by the page's own formula."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log
from typing import Final

WEIGHTS: Final = (3.0, 2.0, 1.0)  # title, aliases, answer
# BM25+: said twice is more than said once for longer than usual, a long answer proves less, and
# a word that is there at all counts. `frontend/src/ranking.ts` has the same.
K: Final = 3.0
B: Final = 0.9
D: Final = 0.2

Counts = tuple[int, int, int]  # title, aliases, answer


@dataclass(frozen=True, slots=True)
class Collection:
    """What the texts are like among which one is looked for."""

    size: int  # how many there are, 0 and up
    means: tuple[float, float, float]  # words in a title, in its aliases, in an answer


def closeness(
    words: Sequence[str],
    texts: Sequence[Sequence[str]],
    met: Mapping[str, Counts],
    collection: Collection,
) -> float:
    """How close the three fields of one text (title, aliases, answer) are to the words, 0 and up.

    `met` says in how many texts of the collection each word stands, by field. Comparable within one
    question only. BM25+ with a weight for each field: Lv and Zhai, "Lower-bounding term frequency
    normalization" (2011); the rarity is that of Robertson and Spärck Jones, plus 1 in the logarithm
    so that a word in most texts never counts against one.
    """
    score = 0.0
    for n, (text, weight, mean) in enumerate(zip(texts, WEIGHTS, collection.means, strict=True)):
        longer = 1 - B + B * len(text) / mean if mean else 1.0
        for word in words:
            if often := text.count(word):
                # What was counted and what is looked at may lie a change apart.
                having = min(max(met[word][n], 1), collection.size)
                rarity = log(1 + (collection.size - having + 0.5) / (having + 0.5))
                score += weight * rarity * (D + often * (K + 1) / (often + K * longer))
    return score
