"""Which level a final test has: 5 % in all, shared among looks and primary measures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

ALPHA = 0.05
LOOKING = 0.2  # of a measure's share goes to weekly looks: 1 % of 5 %


@dataclass(frozen=True, slots=True)
class Level:
    """A primary measure's share of the 5 %: for weekly looks, and for the one final test."""

    looks: float
    final: float

    @property
    def confidence(self) -> float:
        """The level of the final interval and of the verdict: .95, or .96 after weekly looks."""
        return 1 - self.final


def planned_levels(
    primaries: tuple[str, ...], *, looks: bool, split: Mapping[str, float] | None = None
) -> dict[str, Level]:
    """Return each primary measure's levels, as they must stand in the plan before the start.

    Without looks every measure keeps 5 % and Holm decides which of two stand. With looks one
    measure has 1 % for looks and 4 % for the end; two measures share the 5 % by `split` (parts
    that add up to .05; half each where None), each part divided 1 to 4 again. Then no Holm is
    needed: the parts alone keep 5 % (Bonferroni). Raises ValueError on no or more than two
    primaries, and on a split of anything else than the 5 %.
    """
    if not 1 <= len(primaries) <= 2 or len(set(primaries)) != len(primaries):
        raise ValueError("One or two primary measures, each once.")
    if not looks:
        if split is not None:
            raise ValueError("Without weekly looks Holm decides; there is nothing to split.")
        return {name: Level(0.0, ALPHA) for name in primaries}
    parts = dict(split) if split else {name: ALPHA / len(primaries) for name in primaries}
    if set(parts) != set(primaries) or min(parts.values()) <= 0:
        raise ValueError("The split names every primary measure with a part above 0.")
    if abs(sum(parts.values()) - ALPHA) > 1e-9:
        raise ValueError(f"The parts must add up to {ALPHA}.")
    return {name: Level(LOOKING * part, part - LOOKING * part) for name, part in parts.items()}


def holm(p: Mapping[str, float], *, alpha: float = ALPHA) -> dict[str, bool]:
    """Return for each measure whether its effect stands among all that were registered.

    The smallest p is held against alpha / k, the next against alpha / (k - 1), until one fails
    (S. Holm, Scandinavian Journal of Statistics 6 (1979) 65-70). Raises ValueError where a p is
    not within 0 to 1.
    """
    if any(not 0 <= value <= 1 for value in p.values()):
        raise ValueError("A p lies from 0 to 1.")
    stands: dict[str, bool] = {}
    going = True
    for place, (name, value) in enumerate(sorted(p.items(), key=lambda item: item[1])):
        going = going and value <= alpha / (len(p) - place)
        stands[name] = going
    return stands
