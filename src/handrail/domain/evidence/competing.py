"""Which of several things happens first: cumulative incidence with staggered entry."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from handrail.domain.evidence.effect import CannotTell, Floats, Numbers, floats, same_length

FEWEST = 20


@dataclass(frozen=True, slots=True)
class Incidence:
    """The share to whom this cause happened first, by each day on which something happened."""

    cause: int
    days: tuple[float, ...]
    share: tuple[float, ...]
    error: tuple[float, ...]
    followed_to: float

    def at(self, day: float) -> tuple[float, float]:
        """Return share and standard error at the end of `day`.

        Raises CannotTell ("all_censored") after the last day on which anybody was followed.
        """
        if day > self.followed_to:
            raise CannotTell("all_censored", f"Nobody was followed to day {day:g}.")
        place = int(np.searchsorted(self.days, day, side="right")) - 1
        return (self.share[place], self.error[place]) if place >= 0 else (0.0, 0.0)


def incidence(
    days: Numbers, cause: Numbers, *, of: int, entered: Numbers | None = None
) -> Incidence:
    """Return Aalen and Johansen's cumulative incidence of one cause among competing ones.

    Estimand: the chance that cause `of` happens first and by a day: leaving before a first merge,
    or leaving by choice and not otherwise. One minus Kaplan-Meier would overstate it, as it takes
    those gone for another cause for still at risk. Formula: sum of S(t-) d_of / r; variance by the
    delta method, one moment after the other, which is exactly binomial without censoring. Source:
    O. O. Aalen and S. Johansen, Scandinavian Journal of Statistics 5 (1978) 141-150. With
    `entered`, people count at risk only after that day: whoever was found in a history on day 30
    tells nothing about the first 30 days.

    `days` (n,) from t0 to event or end of follow-up, `cause` (n,) 0 censored, else a number;
    `entered` (n,) days from t0, below `days`. On a tie events come before censorings, and entries
    after both. Raises ValueError where somebody enters on or after their last day, CannotTell
    "no_events" where the cause never happened, and "few_at_risk" where, with late entry, fewer than
    20 were followed on the first day that counts: one of them would move the whole curve.
    """
    time = floats(days, what="days")
    what = np.asarray(cause)
    start = np.full(len(time), -1.0) if entered is None else floats(entered, what="entered")
    same_length(time, what, start)
    if (time < 0).any() or (start >= time).any():
        raise ValueError("entered: before the last day, and no day is negative.")
    if not (what == of).any():
        raise CannotTell("no_events", "It has happened to nobody.")
    moments = np.unique(time[what != 0])
    risk = (np.searchsorted(np.sort(start), moments, side="left")
            - np.searchsorted(np.sort(time), moments, side="left")).astype(np.float64)  # fmt: skip
    if entered is not None and risk[0] < FEWEST:
        raise CannotTell("few_at_risk", f"On day {moments[0]:g} only {risk[0]:.0f} were followed.")
    ours = _count(time[what == of], moments)
    others = _count(time[(what != 0) & (what != of)], moments)
    stays = np.cumprod(1 - (ours + others) / risk).astype(np.float64)
    before = np.concatenate([[1.0], stays[:-1]]).astype(np.float64)
    share = np.cumsum(before * ours / risk).astype(np.float64)
    error = _errors(share, stays, before, ours, others, risk)
    return Incidence(of, tuple(moments.tolist()), tuple(share.tolist()), error, float(time.max()))


def _count(times: Floats, moments: Floats) -> Floats:
    return np.bincount(np.searchsorted(moments, times), minlength=len(moments)).astype(np.float64)


def _errors(
    share: Floats, stays: Floats, before: Floats, ours: Floats, others: Floats, risk: Floats
) -> tuple[float, ...]:
    """Delta method: each moment moves the share by what it adds, and by who is left after it."""
    found = []
    for place in range(len(share)):
        upto = slice(place + 1)
        gone = share[place] - share[upto]  # what is still to come of the share
        left = np.where(stays[upto] > 0, gone / np.maximum(stays[upto], 1e-300), 0.0)
        # A path's value: cause of interest 1, another cause 0, staying `left`.
        h1, h2, r, s = ours[upto] / risk[upto], others[upto] / risk[upto], risk[upto], before[upto]
        mean = h1 + (1 - h1 - h2) * left
        second = h1 + (1 - h1 - h2) * left**2
        found.append(math.sqrt(max(0.0, float((s**2 * (second - mean**2) / r).sum()))))
    return tuple(found)
