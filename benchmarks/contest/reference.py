"""Every pair scored with NumPy alone: what our candidates are held against."""

from __future__ import annotations

import numpy as np

from handrail.domain.matching import Problem
from handrail.domain.matching.rows import ExcludedRows, rows_of

from .arcs import Ints

GAIN = np.array([0, 80, 100, 90, 70, 60])
BLOCK = 256
FLOOR = 30


def best_scores(problem: Problem, width: int) -> Ints:
    """(N, width) the highest scores of each mentee, -1 where there are no more pairs."""
    mentees, mentors = rows_of(problem)
    excluded = problem.excluded
    assert isinstance(excluded, ExcludedRows)
    level = np.zeros((len(mentees.skills), len(mentors)), np.int64)
    owner = np.repeat(np.arange(len(mentors)), np.diff(mentors.skill_from))
    level[mentors.skill, owner] = mentors.level
    weight = np.array([0, 4, 2, 1])[np.minimum(mentees.want_priority, 3)]
    named = mentors.speaks.any(axis=1)
    found = np.full((len(mentees), width), -1)
    for begin in range(0, len(mentees), BLOCK):
        end = min(begin + BLOCK, len(mentees))
        gained = np.zeros((end - begin, len(mentors)), np.int64)
        total = np.zeros((end - begin, 1), np.int64)
        for at in range(mentees.want_from[begin], mentees.want_from[end]):
            row = np.searchsorted(mentees.want_from, at, side="right") - 1 - begin
            ahead = np.maximum(level[mentees.want_skill[at]] - mentees.want_level[at], 0)
            gained[row] += weight[at] * GAIN[ahead]
            total[row] += weight[at]
        first = mentees.first_language[begin:end]
        bit = np.uint64(1) << np.maximum(first, 0).astype(np.uint64)
        preferred = (mentors.speaks[None, :, 0] & bit[:, None]).astype(np.bool_)
        shared = (mentors.speaks[None, :, 0] & mentees.speaks[begin:end, None, 0]).astype(np.bool_)
        anyway = (first < 0)[:, None] | ~named[None, :]
        language = np.where(anyway, 500, np.where(preferred, 1000, np.where(shared, 500, -1)))
        common = np.zeros(gained.shape, np.bool_)
        for word in range(mentees.week.shape[1]):
            common |= (mentees.week[begin:end, None, word] & mentors.week[None, :, word]) != 0
        score = 7500 * gained // np.maximum(100 * total, 1) + language
        allowed = common & (gained > 0) & (gained >= FLOOR * total) & (language > 0)
        allowed &= mentors.seats[None, :] > 0
        low, high = np.searchsorted(excluded.mentee, [begin, end])
        allowed[excluded.mentee[low:high] - begin, excluded.mentor[low:high]] = False
        score[~allowed] = -1
        kept = min(width, len(mentors))
        best = np.partition(score, len(mentors) - kept, axis=1)[:, len(mentors) - kept :]
        found[begin:end, :kept] = -np.sort(-best, axis=1)
    return found
