"""The score of a pair: one integer definition that every part of the solver uses.

skill = 7500·Σ w·gain // (100·Σ w); time = 1500·min(8, common slots) // 8, where switched on;
language = 500, or 1000 where the mentor speaks the mentee's first language.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .plan import Terms
from .problem import Mentee, Mentor, Options

Ints = npt.NDArray[np.int64]

FULL = 10_000
GAINS = (0, 80, 100, 90, 70, 60)  # by how many levels the mentor is ahead; behind counts as 0
WEIGHTS = (4, 2, 1)  # by priority 1, 2, 3; every later wish weighs as the third


@dataclass(frozen=True, slots=True)
class Scored:
    """A pair's score terms, the wish that gave most, and what its skills are worth in percent.

    `skill` is "" when the mentor is ahead in nothing wished.
    """

    terms: Terms
    skill: str
    share: int


def weight(priority: int) -> int:
    """How much a wish counts: 4, 2, 1, 1, … by priority."""
    return WEIGHTS[min(priority, len(WEIGHTS)) - 1]


def gain(mentor_level: int, own_level: int) -> int:
    """What a lead of so many levels is worth, 0 to 100."""
    return GAINS[max(0, mentor_level - own_level)]


def skill_points(gained: int, weights: int) -> int:
    """Points for Σ w·gain out of Σ w; 0 without a wish."""
    return 7500 * gained // (100 * weights) if weights else 0


def time_points(common: int) -> int:
    """Points for the number of common slots."""
    return 1500 * min(8, common) // 8


def above_floor(gained: int, weights: int, floor: int) -> bool:
    """Whether the gain reaches the quality floor and is any gain at all."""
    return gained > 0 and gained >= floor * weights


def language_points(mentee: Sequence[str], mentor: Sequence[str]) -> int | None:
    """1000, 500, or None when no language is shared; a person without languages shares one."""
    if not mentee or not mentor:
        return 500
    if mentee[0] in mentor:
        return 1000
    return 500 if any(language in mentor for language in mentee) else None


def gained_by(mentee: Mentee, mentor: Mentor) -> tuple[int, int, str]:
    """Σ w·gain, Σ w, and the wish with the largest w·gain (ties: first priority, then name)."""
    levels = dict(mentor.skills)
    gained = weights = 0
    best: tuple[int, int, str] | None = None
    for want in mentee.wants:
        part = weight(want.priority) * gain(levels.get(want.skill, 0), want.level)
        gained += part
        weights += weight(want.priority)
        key = (-part, want.priority, want.skill)
        if part and (best is None or key < best):
            best = key
    return gained, weights, best[2] if best else ""


def score_pair(mentee: Mentee, mentor: Mentor, options: Options) -> Scored:
    """The score terms of one pair, whether or not it is allowed; no shared language gives 0."""
    gained, weights, skill = gained_by(mentee, mentor)
    common = (mentee.free & mentor.free).bit_count() if options.time_term else 0
    terms = Terms(
        skill=skill_points(gained, weights),
        time=time_points(common),
        language=language_points(mentee.languages, mentor.languages) or 0,
    )
    return Scored(terms, skill, gained // weights if weights else 0)
