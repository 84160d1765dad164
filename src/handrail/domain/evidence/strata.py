"""Within what a lottery was drawn: whether it was, whether shares were alike, and adjusting."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.stats import chi2

from handrail.domain.evidence.effect import Bools, CannotTell, Floats, Numbers, codes, marks

PEOPLE_A_STRATUM = 20  # with fewer on average, strata are not adjusted for
UNEVEN_ALPHA = 0.01


def drawable(arm: Numbers, blocks: Sequence[str] | None) -> None:
    """Raise CannotTell ("one_draw") where no block has people of both arms: nothing was drawn."""
    if blocks is None:
        return
    offered, labels = marks(arm, what="arm"), codes(blocks)
    inside = np.bincount(labels, weights=offered)
    if not ((inside > 0) & (inside < np.bincount(labels))).any():
        raise CannotTell("one_draw", "No block has people of both arms: nothing was drawn.")


def uneven(arm: Bools, strata: Sequence[str] | None) -> bool:
    """Whether the share offered differs between strata by more than a lottery of one ratio would.

    Then the arms are of unlike people, and a plain difference compares strata with each other.
    Pearson's chi-square of arm by stratum, p below .01; permuted blocks give next to nothing.
    """
    if strata is None or arm.all() or not arm.any():
        return False
    labels = codes(strata)
    people = np.bincount(labels).astype(np.float64)
    share = float(arm.mean())
    apart = np.bincount(labels, weights=arm) - people * share
    square = float((apart**2 / people).sum()) / (share * (1 - share))
    return len(people) > 1 and float(chi2(len(people) - 1).sf(square)) < UNEVEN_ALPHA


def stratum_columns(strata: Sequence[str], *, few: bool = True) -> Floats | None:
    """Return strata as columns of nought and one but for the first; None: too many for that."""
    numbers = codes(strata)
    if few and numbers.max() * PEOPLE_A_STRATUM > len(numbers):
        return None
    columns: Floats = (numbers[:, None] == np.arange(1, numbers.max() + 1)).astype(np.float64)
    return columns
