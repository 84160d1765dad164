"""What every estimator answers: an effect with its interval, and the arrays they all take."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.stats import norm, t

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]
Numbers = npt.ArrayLike

LEVEL = 0.95


class CannotTell(ValueError):
    """The data cannot give this figure; `code` says why (`no_events`, `all_censored`, ...)."""

    def __init__(self, code: str, words: str) -> None:
        super().__init__(words)
        self.code = code

    def __reduce__(self) -> tuple[type[CannotTell], tuple[str, str]]:
        return CannotTell, (self.code, str(self))  # also from a process to another


@dataclass(frozen=True, slots=True)
class Effect:
    """An effect in the unit of its outcome, as a rule offered minus waiting.

    `low` or `high` None: the interval is open on that side (both: it is the whole line, or what
    the estimator's docstring says). `error` is a standard error, None where the method has none.
    """

    estimate: float
    low: float | None
    high: float | None
    level: float
    method: str
    error: float | None = None
    p: float | None = None  # two-sided, of no effect
    freedom: float | None = None  # degrees of freedom, None for the normal distribution

    @property
    def holds_zero(self) -> bool:
        """Whether no effect at all is inside the interval."""
        return (self.low is None or self.low <= 0) and (self.high is None or self.high >= 0)

    def turned(self) -> Effect:
        """The same effect with its sign changed: where less is better."""
        return replace(
            self,
            estimate=-self.estimate,
            low=None if self.high is None else -self.high,
            high=None if self.low is None else -self.low,
        )

    def as_change(self) -> Effect:
        """A log ratio as a relative change: log(.6) becomes -.40."""
        return replace(
            self,
            estimate=math.expm1(self.estimate),
            low=None if self.low is None else math.expm1(self.low),
            high=None if self.high is None else math.expm1(self.high),
            error=None,
        )


def around(
    estimate: float,
    error: float,
    *,
    level: float,
    method: str,
    freedom: float | None = None,
) -> Effect:
    """Return estimate +/- quantile x error, normal, or Student's t with `freedom` degrees."""
    if not (np.isfinite(estimate) and np.isfinite(error)) or error < 0:
        raise CannotTell("no_variation", "The data give no finite figure here.")
    if error == 0.0:
        raise CannotTell("no_variation", "Everybody has the same outcome: nothing varies.")
    law: Any = norm if freedom is None else t(freedom)
    half = float(law.ppf((1 + level) / 2)) * error
    p = float(2 * law.sf(abs(estimate) / error))
    return Effect(estimate, estimate - half, estimate + half, level, method, error, p, freedom)


def floats(values: Numbers, *, what: str) -> Floats:
    """Return finite numbers as an array; raises ValueError naming `what` otherwise."""
    array = np.asarray(values, dtype=np.float64)
    if not np.isfinite(array).all():
        raise ValueError(f"{what}: every value must be a finite number.")
    return array


def varying(outcome: Floats, offered: Bools) -> None:
    """Raise CannotTell ("no_variation") where within each arm everybody has the same outcome."""
    if all(np.ptp(outcome[side]) == 0 for side in (offered, ~offered) if side.any()):
        raise CannotTell("no_variation", "Everybody has the same outcome: nothing varies.")


def marks(values: Numbers, *, what: str) -> Bools:
    """Return 0/1 or False/True as booleans; raises ValueError naming `what` otherwise."""
    array = np.asarray(values)
    if array.dtype != np.bool_ and not np.isin(array, (0, 1)).all():
        raise ValueError(f"{what}: every value must be 0 or 1.")
    return array.astype(np.bool_)


def same_length(*arrays: npt.NDArray[Any]) -> int:
    """Return the common first length; raises ValueError where lengths differ."""
    lengths = {len(array) for array in arrays}
    if len(lengths) != 1:
        raise ValueError(f"The columns have different lengths: {sorted(lengths)}.")
    return lengths.pop()


def both_arms(arm: Bools, *, least: int = 2) -> tuple[int, int]:
    """Return people offered and waiting; raises CannotTell with fewer than `least` in one arm."""
    offered = int(arm.sum())
    waiting = int(arm.size) - offered
    if min(offered, waiting) < least:
        raise CannotTell(
            "one_arm", f"{offered} offered and {waiting} waiting: {least} in each arm are needed."
        )
    return offered, waiting


def codes(labels: Sequence[object] | npt.NDArray[Any]) -> Ints:
    """Return labels as whole numbers from 0, the same label the same number."""
    _, numbers = np.unique(np.asarray(labels).astype(str), return_inverse=True)
    return numbers.astype(np.int64)


def columns(covariates: Numbers | None, people: int) -> Floats:
    """Return covariates as people x columns (none: 0 columns), those without variation dropped.

    Columns that others explain wholly are dropped too, the first ones stay. Raises ValueError on
    another number of people.
    """
    if covariates is None:
        return np.zeros((people, 0))
    table = floats(covariates, what="covariates")
    table = table.reshape(len(table), -1)
    if len(table) != people:
        raise ValueError(f"Covariates for {len(table)} people, but there are {people}.")
    kept: list[Floats] = []
    basis = np.ones((people, 1)) / np.sqrt(max(people, 1))
    for column in table.T:
        rest = column - basis @ (basis.T @ column)
        rest = rest - basis @ (basis.T @ rest)
        length = np.linalg.norm(rest)
        if length > 1e-9 * max(1.0, float(np.linalg.norm(column))):
            kept.append(column)
            basis = np.column_stack([basis, rest / length])
    return np.column_stack(kept) if kept else np.zeros((people, 0))
