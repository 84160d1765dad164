"""One company looked at every week while its hires mature: what is seen that is not there."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from handrail.domain.evidence.company import Company, hire, outcomes
from handrail.domain.evidence.levels import planned_levels
from handrail.domain.evidence.means import mean_difference
from handrail.domain.evidence.monitoring import Leaving, harm, look
from planted.seeing import Row, sees


def watched(seed: int, company: Company) -> Row:
    """Weekly looks at rm60 as hires mature, then the final test at 4 %; and leaving for harm."""
    h = hire(company, seed=seed)
    o = outcomes(h, followed=1e6)
    level = planned_levels(("first_merge",), looks=True)["first_merge"]
    mature = h.start_day + 60
    order = np.argsort(mature, kind="stable")
    y, arm, mature = o.restricted[order], h.offered[order], mature[order]
    early = naive = False
    for week in range(1, int(mature[-1] // 7) + 2):
        people = int(np.searchsorted(mature, 7.0 * week, side="right"))
        if people < 20:
            continue
        now = look(y[:people], arm[:people], planned=company.hires, alpha=level.looks)
        early = early or now.shows
        a = arm[:people]
        gap = y[:people][a].mean() - y[:people][~a].mean()
        error = math.sqrt(
            y[:people][a].var(ddof=1) / a.sum() + y[:people][~a].var(ddof=1) / (~a).sum()
        )
        naive = naive or abs(gap) > 1.959964 * error
    last = mean_difference(y, arm, level=level.confidence)
    fixed = mean_difference(y, arm)
    return {
        "hybrid sees": float(early or not last.holds_zero),
        "looks see": float(early),
        "peeking sees": float(naive),
        "one fixed test sees": sees(fixed),
        "harm shown": float(_harm(h).shown),
    }


def watched_both(seed: int, company: Company) -> Row:
    """Two primary measures and weekly looks: the 5 % split beforehand, no Holm."""
    h = hire(company, seed=seed)
    o = outcomes(h, followed=1e6)
    levels = planned_levels(("first_merge", "retention"), looks=True)
    seen = False
    for name, y, lag in (
        ("first_merge", o.restricted, 60.0),
        ("retention", (h.leave_day > 90).astype(float), 90.0),
    ):
        mature = h.start_day + lag
        order = np.argsort(mature, kind="stable")
        y, arm, mature = y[order], h.offered[order], mature[order]
        for week in range(1, int(mature[-1] // 7) + 2):
            people = int(np.searchsorted(mature, 7.0 * week, side="right"))
            if people >= 20:
                now = look(y[:people], arm[:people], planned=len(y), alpha=levels[name].looks)
                seen = seen or now.shows
        last = mean_difference(y, arm, level=levels[name].confidence)
        seen = seen or not last.holds_zero
    return {"either sees": float(seen)}


def _harm(h: Any) -> Any:
    leave = h.start_day + h.leave_day
    last = h.start_day.max() + 180
    days = np.unique(np.floor(leave[leave < last]))
    found = []
    for day in days:
        here = (h.start_day <= day) & (leave >= day)
        gone = here & (leave < day + 1)
        a = h.offered
        found.append(
            Leaving(
                int((gone & a).sum()), int((gone & ~a).sum()),
                int((here & a).sum()), int((here & ~a).sum()),
            )
        )  # fmt: skip
    return harm(found)
