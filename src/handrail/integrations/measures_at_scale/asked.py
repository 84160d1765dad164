"""What sums are asked for, and the words that all expressions share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeAlias

import ibis
import ibis.expr.types as ir
from ibis import Deferred

from handrail.integrations.measures_at_scale.tables import TABLES, WHOLE

Expression: TypeAlias = ir.Table
CELL = ("program", "arm", "stratum")
FAR = date(9999, 12, 31)  # stands for "never" where days are compared


@dataclass(frozen=True, slots=True)
class When:
    """What the sums hold for; the domain's own numbers are handed in by the caller."""

    cut: date
    moment: int  # seconds since 1970: a session is known when it ended so many seconds before
    corrections: int  # seconds for which marks may still be corrected
    lag: Mapping[str, int]  # days by basis, after which a leaving is known
    task_days: int = 60
    horizons: tuple[int, int] = (90, 180)
    newcomer_days: int = 182  # who began so long before the cut, in the whole organisation
    starter_days: int = 546
    # A curve goes so many days and no further, whoever is followed longer.
    task_longest: int = 365
    stay_longest: int = 180
    moves_from: int = 30
    moves_to: int = 180
    reorganised: int = 5


def table_of(name: str) -> ir.Table:
    return ibis.table(TABLES[name], name=name)


def day_of(day: date) -> ir.DateScalar:
    return ibis.date(day.year, day.month, day.day)


def count_of(condition: ir.BooleanValue) -> Deferred:
    """Rows of whatever is grouped for which it holds; what is not known does not hold."""
    return ibis._.count(where=condition.fill_null(False))


def started(when: When, days: int) -> ir.Table:
    """Everybody of a program; of the whole organisation, who began within so many days."""
    people = table_of("people")
    since = day_of(when.cut - timedelta(days=days))
    return people.filter(
        people.t0 <= day_of(when.cut), (people.program != WHOLE) | (people.t0 >= since)
    )
