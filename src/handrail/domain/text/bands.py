"""What a search by meaning dares to say of its best hit, and where an organisation's own edge lies.

A cosine of one model means something else on other texts: the edges are a start, and each
organisation moves them by what its people said of the hits they were shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Final, Literal

Said = Literal["answer", "perhaps", "ask"]
Likeness = Literal["same", "related", ""]

BELOW: Final = 0.15  # "perhaps" begins so much below "answer"
LOWEST, HIGHEST, STEP = 0.55, 0.80, 0.01  # where the edge of "answer" may lie
WANTED_PRECISION: Final = 0.95
LABELS_WANTED: Final = 200
SAME: Final = 0.63
RELATED: Final = 0.50
Z95: Final = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Edges:
    """From which cosine on a hit is the answer, and from which on perhaps one."""

    answer: float = 0.65
    perhaps: float = 0.50

    def __post_init__(self) -> None:
        if not 0 <= self.perhaps <= self.answer <= 1:
            raise ValueError("edges lie between 0 and 1, and perhaps not above answer")


@dataclass(frozen=True, slots=True)
class Label:
    """A hit that somebody was shown: its cosine, and whether it was right."""

    score: float
    right: bool


@dataclass(frozen=True, slots=True)
class Point:
    """What an edge would have done: hits at or above it, and how many of them were right."""

    edge: float
    shown: int
    right: int
    precision: float | None  # None where nothing was shown
    low: float  # 95 % interval of the precision, by Wilson
    high: float


@dataclass(frozen=True, slots=True)
class Curve:
    """What every edge would have done, and the one that is proposed, if there is one."""

    labels: int
    points: tuple[Point, ...]
    proposed: Edges | None


def band_of(score: float, edges: Edges, *, expired: bool = False) -> Said:
    """The band of a hit by its cosine; one that nobody checked in time is never the answer."""
    if score >= edges.answer and not expired:
        return "answer"
    return "perhaps" if score >= edges.perhaps else "ask"


def likeness_of(score: float) -> Likeness:
    """Whether two questions look the same, are related, or neither, by their cosine.

    A hint for a person: on pairs written to mislead half of the same ones are missed, so nothing is
    ever merged by it.
    """
    if score >= SAME:
        return "same"
    return "related" if score >= RELATED else ""


def curve(labels: Iterable[Label]) -> Curve:
    """The precision at each edge from .55 to .80, and the lowest edge that reaches .95.

    Nothing is proposed from fewer than 200 labels, or where no edge is precise enough. "Perhaps"
    begins .15 below. Intervals: E. B. Wilson, "Probable inference" (1927).
    """
    told = sorted(labels, key=lambda label: label.score)
    steps = round((HIGHEST - LOWEST) / STEP)
    points = tuple(_point(round(LOWEST + at * STEP, 2), told) for at in range(steps + 1))
    proposed = None
    if len(told) >= LABELS_WANTED:
        edge = next((p.edge for p in points if (p.precision or 0) >= WANTED_PRECISION), None)
        proposed = Edges(edge, round(edge - BELOW, 2)) if edge is not None else None
    return Curve(len(told), points, proposed)


def _point(edge: float, told: Sequence[Label]) -> Point:
    above = [label for label in told if label.score >= edge]
    right = sum(label.right for label in above)
    low, high = _wilson(right, len(above))
    precision = right / len(above) if above else None
    return Point(edge, len(above), right, precision, low, high)


def _wilson(right: int, count: int) -> tuple[float, float]:
    if not count:
        return 0.0, 1.0
    share, square = right / count, Z95 * Z95
    middle = (share + square / (2 * count)) / (1 + square / count)
    half = Z95 / (1 + square / count) * sqrt(share * (1 - share) / count + square / (4 * count**2))
    return max(0.0, middle - half), min(1.0, middle + half)
