"""Retention: who is still here at the end of a day, as far as that can be known at the cut."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from handrail.domain.evidence.intervals import LEVEL, Share, share_of_people
from handrail.domain.evidence.survival import Curve, Estimate, kaplan_meier

HORIZONS = (90, 180)
LEAST_LAG = 7
# Seen only as activity, a leaving is told from a pause after 180 quiet days.
ACTIVITY_LAG = 180
LAG_SHARE = 0.95


class Basis(StrEnum):
    """What a spell was read from."""

    EMPLOYMENT = "employment"
    ACTIVITY = "activity"


@dataclass(frozen=True, slots=True)
class Spell:
    """One stay from its clock's start `t0`; every leaving has an effective and a known date."""

    t0: date
    ended: date | None = None  # the last day here
    ended_known: date | None = None
    known_until: date | None = None  # an open spell is known up to here; None: as far as recorded
    basis: Basis = Basis.EMPLOYMENT


@dataclass(frozen=True, slots=True)
class At:
    """Still here at the end of day t0 + `day`: follow-up counts, then what can be said."""

    day: int
    people: int
    reached: int  # the day lies at or before the cut
    known: int  # of those reached, the day is settled
    not_yet: int  # the day lies after the cut
    here: Share  # still here, of those known
    estimate: Estimate  # Kaplan-Meier: uses everybody for as long as they were followed

    @property
    def unknown(self) -> int:
        """Reached, but a leaving could still be unreported."""
        return self.reached - self.known


@dataclass(frozen=True, slots=True)
class Retention:
    """Retention of a group at its horizons, with the lag that decides what is settled."""

    people: int
    followed: int  # people with at least their first day settled
    left: int  # leavings inside the settled time
    lag: dict[Basis, int]  # days, for each basis among the spells
    curve: Curve
    at: tuple[At, ...]


def reporting_lag(spells: Sequence[Spell], *, basis: Basis, cut: date) -> int:
    """Return the days after which 95 % of leavings are known, from leavings known at the cut.

    The 95th percentile is the nearest-rank one; never under 7 days, for activity never under 180.
    """
    lags = Counter(
        (spell.ended_known - spell.ended).days
        for spell in spells
        if spell.basis is basis
        and spell.ended is not None
        and spell.ended_known is not None
        and spell.ended_known <= cut
    )
    return lag_of_counts(lags, basis=basis)


def lag_of_counts(lags: Mapping[int, int], *, basis: Basis) -> int:
    """Return the lag of `reporting_lag` from leavings counted by the days until they were known."""
    least = ACTIVITY_LAG if basis is Basis.ACTIVITY else LEAST_LAG
    rank, seen = math.ceil(LAG_SHARE * sum(lags.values())), 0
    for days in sorted(lags):
        seen += lags[days]
        if seen >= rank:
            return max(least, days)
    return least


def retention(
    spells: Sequence[Spell],
    *,
    cut: date,
    history: Sequence[Spell] | None = None,
    horizons: Sequence[int] = HORIZONS,
    level: float = LEVEL,
) -> Retention:
    """Return who is still here `horizons` days after t0, among spells begun by the cut.

    Only leavings known at the cut and effective by then count. Everybody is censored at the cut
    minus the reporting lag (of `history`, else of the spells themselves), or where an open
    spell is known no further: a day after that is not settled, and counts as not known even for
    somebody who already left, as those who stay cannot be told yet.
    """
    begun = [spell for spell in spells if spell.t0 <= cut]
    past = spells if history is None else history
    lag = {
        basis: reporting_lag(past, basis=basis, cut=cut)
        for basis in Basis
        if any(spell.basis is basis for spell in begun)
    }
    rows = [(spell, *_followed(spell, cut, lag[spell.basis])) for spell in begun]
    followed = [(settled, left) for _, settled, left in rows if settled >= 0]
    curve = kaplan_meier(
        [settled if left is None else left for settled, left in followed],
        [left is not None for _, left in followed],
        level=level,
    )
    return Retention(
        people=len(begun),
        followed=len(followed),
        left=curve.events,
        lag=lag,
        curve=curve,
        at=tuple(_at(day, rows, curve, cut, level) for day in horizons),
    )


def known_at(
    spells: Sequence[Spell], *, day: int, cut: date, history: Sequence[Spell] | None = None
) -> tuple[bool, ...]:
    """Return for each spell whether being here at the end of day t0 + `day` is settled."""
    past = spells if history is None else history
    lag = {basis: reporting_lag(past, basis=basis, cut=cut) for basis in Basis}
    return tuple(
        spell.t0 + timedelta(days=day) <= cut and _followed(spell, cut, lag[spell.basis])[0] >= day
        for spell in spells
    )


def _followed(spell: Spell, cut: date, lag: int) -> tuple[int, int | None]:
    """Days after t0 up to which the stay is settled, and the day of leaving within them."""
    settled = cut - timedelta(days=lag)
    if spell.ended is None and spell.known_until is not None:
        settled = min(settled, spell.known_until)
    left = None
    if (
        spell.ended is not None
        and spell.ended_known is not None
        and spell.ended_known <= cut
        and spell.ended <= settled
    ):
        left = max(0, (spell.ended - spell.t0).days)
    return (settled - spell.t0).days, left


def _at(
    day: int,
    rows: Sequence[tuple[Spell, int, int | None]],
    curve: Curve,
    cut: date,
    level: float,
) -> At:
    reached = [row for row in rows if row[0].t0 + timedelta(days=day) <= cut]
    known = [(settled, left) for _, settled, left in reached if settled >= day]
    return At(
        day=day,
        people=len(rows),
        reached=len(reached),
        known=len(known),
        not_yet=len(rows) - len(reached),
        here=share_of_people(
            sum(left is None or left > day for _, left in known), len(known), level=level
        ),
        estimate=curve.at(day),
    )
