"""What a list of hits is worth: how often the right one is first, and what bands say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from statistics import mean
from typing import Any

from answering.sets import Ask

Hit = dict[str, Any]  # {"id", "score", "band"}, best first
BANDS = ("answer", "perhaps", "ask")


def ranks(asks: Sequence[Ask], hits: Sequence[Sequence[Hit]]) -> dict[str, Any]:
    """Recall at 1 and 5 and the mean reciprocal rank, over the questions that have an answer."""
    places = []
    for ask, found in zip(asks, hits, strict=True):
        if ask.right:
            at = next((n for n, hit in enumerate(found, 1) if hit["id"] in ask.right), 0)
            places.append(at)
    return {
        "asked": len(places),
        "recall_at_1": _share(place == 1 for place in places),
        "recall_at_5": _share(0 < place <= 5 for place in places),
        "mrr": round(mean(1 / place if place else 0 for place in places), 4) if places else None,
    }


def bands(asks: Sequence[Ask], hits: Sequence[Sequence[Hit]]) -> dict[str, Any]:
    """How questions with and without an answer are spread over the bands of their first hit."""
    told: dict[str, Any] = {}
    for name, has in (("answerable", True), ("not_answerable", False)):
        kinds = [
            found[0]["band"] if found else "ask"
            for ask, found in zip(asks, hits, strict=True)
            if bool(ask.right) is has
        ]
        counted = Counter(kinds)
        shares = {band: round(counted[band] / len(kinds), 4) for band in BANDS if kinds}
        told[name] = {"asked": len(kinds), **shares}
    shown = [
        found[0]["id"] in ask.right
        for ask, found in zip(asks, hits, strict=True)
        if found and found[0]["band"] == "answer"
    ]
    told["answers_shown"] = len(shown)
    told["answers_right"] = _share(shown)
    return told


def overlap(one: Sequence[Sequence[Hit]], two: Sequence[Sequence[Hit]]) -> float:
    """The mean share of the first five that two engines have in common."""
    shares = []
    for a, b in zip(one, two, strict=True):
        ids = {hit["id"] for hit in a[:5]}, {hit["id"] for hit in b[:5]}
        most = max(len(ids[0]), len(ids[1]))
        shares.append(len(ids[0] & ids[1]) / most if most else 1.0)
    return round(mean(shares), 4)


def _share(found: Any) -> float | None:
    all_of = list(found)
    return round(sum(all_of) / len(all_of), 4) if all_of else None
