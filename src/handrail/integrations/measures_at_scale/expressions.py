"""The measures as Ibis expressions: sums that are enough for every figure, on any engine.

Nothing here is a share, an interval or a curve: `domain/evidence` makes those from sums, so that
they are the same figures wherever the sums were made. Each group is a program, an arm and a
stratum; a program's own sums are those of its groups added up.
"""

from __future__ import annotations

import ibis

from handrail.integrations.measures_at_scale import people, sessions
from handrail.integrations.measures_at_scale.asked import Expression, When, table_of
from handrail.integrations.measures_at_scale.keeping import read_once

__all__ = ["When", "kept", "lags", "measures", "sql_of"]


def lags() -> Expression:
    """How many leavings of each basis were known after so many days, with both dates."""
    leavings = table_of("leavings")
    days = leavings.ended_known.delta(leavings.ended_on, unit="day")
    return leavings.group_by(["basis", "ended_known", days.name("days")]).agg(
        leavings=leavings.count()
    )


def kept(when: When) -> dict[str, Expression]:
    """What several questions need, made once, in this order: a later one may ask an earlier."""
    return {**read_once(when), "tasks": people.tasks(when), "stays": people.stays(when)}


def measures(when: When) -> dict[str, Expression]:
    """Every question by its name; those kept by `kept` stand ready as tables of their own."""
    return {
        "attendance": sessions.attendance(when),
        "attendance_whole": sessions.attendance_whole(when),
        "seats": sessions.seats(when),
        "seats_whole": sessions.seats_whole(when),
        "seated_only": sessions.seated_only(when),
        "inside": people.inside(when),
        "only": people.only(when),
        "marks": sessions.marks(when),
        "weeks": sessions.weeks(when),
        "task_days": people.task_days(when),
        "task_sums": people.task_sums(when),
        "reached_before": people.reached_before(when),
        "stay_days": people.stay_days(when),
        "stay_sums": people.stay_sums(when),
        "moves": people.moves(when),
    }


def sql_of(expression: Expression, dialect: str) -> str:
    """The expression in an engine's own words; needs no connection."""
    return str(ibis.to_sql(expression, dialect=dialect))
