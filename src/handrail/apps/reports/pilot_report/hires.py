"""One hire as the measures take them: days to the task, days here, what they attended."""

from __future__ import annotations

from typing import Any

from handrail.apps.pilots.planning import Claim as Registered
from handrail.domain.evidence.assignment import ARMS
from handrail.domain.evidence.verdict import Verdict

Rows = dict[str, Any]
OFFERED, WAITING = ARMS
SEED = 20_260_203
RERANDOMIZE_UNDER = 80
CODES = {
    Verdict.CONSISTENT: "consistent",
    Verdict.SMALLER: "smaller",
    Verdict.REFUTED: "refuted",
    Verdict.HARMFUL: "harmful",
    Verdict.CANNOT_TELL: "cannot_tell",
    Verdict.ASSOCIATION: "association",
}


def before_opening(one: Rows) -> list[Rows]:
    """Sessions attended before mentoring opened for somebody who waited."""
    until = one["waited_days"]
    return [row for row in one["sessions"] if until is None or row["day"] < until]


def is_known(one: Rows, claim: Registered, horizon: int) -> bool:
    """Whether this hire's day has come, or came to an end before."""
    left = one["left"]
    if claim.is_about_time:
        row = one["reached"][claim.measure.value]
        return row["day"] is not None or left is not None or row["followed"] >= horizon
    return left is not None or one["settled"] >= horizon


def task(one: Rows, claim: Registered) -> tuple[int, bool]:
    """Days to the task, or to leaving or the end of follow-up; and whether it was reached."""
    row = one["reached"][claim.measure.value]
    last = row["followed"] if one["left"] is None else min(one["left"], row["followed"])
    if row["day"] is not None and row["day"] <= last:
        return row["day"], True
    return last, False


def stayed(one: Rows) -> tuple[int, bool]:
    """Days here so far, and whether they ended by leaving."""
    return (one["settled"], False) if one["left"] is None else (one["left"], True)


def take_up(rows: list[Rows]) -> tuple[float, float]:
    shares = []
    for arm in ARMS:
        mine = [one for one in rows if one["arm"] == arm]
        shares.append(sum(bool(before_opening(one)) for one in mine) / len(mine))
    return shares[0], shares[1]
