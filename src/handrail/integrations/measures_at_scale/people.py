"""Sums of what became of people: first merges, stays, moves, and who is in which program."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import ibis
import ibis.expr.types as ir

from handrail.integrations.measures_at_scale.asked import (
    CELL,
    FAR,
    Expression,
    When,
    count_of,
    day_of,
    started,
    table_of,
)
from handrail.integrations.measures_at_scale.keeping import kept_table
from handrail.integrations.measures_at_scale.tables import WHOLE


def _in_windows(when: When) -> ir.Table:
    """Everybody who began in the organisation's windows, once for each program they are in."""
    people = table_of("people")
    whole = started(when, when.starter_days)
    whole = whole.filter(whole.program == WHOLE)
    inside = people.filter(people.program != WHOLE, people.t0 <= day_of(when.cut))
    inside = inside.select(member="person", at="program").distinct()
    joined = whole.left_join(inside, whole.person == inside.member)
    since = day_of(when.cut - timedelta(days=when.newcomer_days))
    return joined.select("person", "at", newcomer=joined.t0 >= since)


def inside(when: When) -> Expression:
    """Of each program, how many of its people began in the organisation's windows."""
    table = _in_windows(when)
    table = table.filter(table["at"].notnull())
    return table.group_by(program="at").agg(
        starters=table.count(), newcomers=count_of(table.newcomer)
    )


def only(when: When) -> Expression:
    """Of those who began in the organisation's windows: who is in one program alone, or in none.

    Those in none stand under the program of the whole organisation.
    """
    table = _in_windows(when)
    once = table.group_by("person").agg(
        programs=table["at"].count(), program=table["at"].min(), newcomer=table.newcomer.any()
    )
    once = once.filter(once.programs <= 1)
    once = once.mutate(program=once.program.fill_null(WHOLE))
    return once.group_by("program").agg(starters=once.count(), newcomers=count_of(once.newcomer))


def _tasks(when: When) -> ir.Table:
    """Days from t0 to the task, to leaving or to the cut; and whether it was the task."""
    people = started(when, when.newcomer_days)
    people = people.filter(~people.task_before)  # who is unknown is not "not yet" either
    cut, far = day_of(when.cut), day_of(FAR)
    gone = (people.ended_on <= cut) & (people.ended_known <= cut)
    left = ibis.cases((gone, people.ended_on), else_=far)
    # A day after leaving is disorder between zones; a task later than that is not theirs.
    mine = (people.task_on <= cut) & (people.task_on.delta(left, unit="day") <= 1)
    reached = mine.fill_null(False)
    until = ibis.cases((reached, people.task_on), (gone.fill_null(False), left), else_=cut)
    days = until.delta(people.t0, unit="day")
    return people.select(
        *CELL,
        "person",
        day=ibis.greatest(days, 0),
        reached=reached,
        left_without=(~reached) & gone.fill_null(False),
        followed=day_of(when.cut).delta(people.t0, unit="day") >= when.task_days,
    )


def _sum(table: ir.Table, condition: Any, value: Any = None) -> Any:
    """People of the rows for which it holds, or a value of theirs, added up."""
    each = table.people if value is None else table.people * value
    return each.sum(where=condition).fill_null(0).cast("int64")


def _by_day(table: ir.Table, happened: ir.BooleanValue, longest: int) -> Expression:
    """Counts by day; whoever goes beyond the longest day is censored on the day after it."""
    hit = happened & (table.day <= longest)
    return table.group_by([*CELL, "day"]).agg(events=_sum(table, hit), censored=_sum(table, ~hit))


def tasks(when: When) -> Expression:
    """People of each group alike in day and in how it ended: what both questions below need."""
    table = _tasks(when)
    mentees = kept_table("by_mentee")
    dosed = mentees.filter(mentees.doses > 0).select(at="program", mentee="mentee", dosed=True)
    dosed = dosed.distinct()
    joined = table.left_join(dosed, [table.program == dosed["at"], table.person == dosed.mentee])
    day = ibis.least(joined.day, when.task_longest + 1).cast("int32")
    took = joined.dosed.fill_null(False)
    keys = [*CELL, "reached", "left_without", "followed"]
    return joined.group_by([*keys, day.name("day"), took.name("took")]).agg(people=joined.count())


def task_days(when: When) -> Expression:
    """First merges and censorings of each group and day."""
    table = kept_table("tasks")
    return _by_day(table, table.reached, when.task_longest)


def task_sums(when: When) -> Expression:
    """People, and of those followed for 60 days: restricted days, taking part, their products."""
    table = kept_table("tasks")
    limit = when.task_days
    days = ibis.cases((table.reached, ibis.least(table.day, limit)), else_=limit).cast("int64")
    took = table.followed & table.took
    return table.group_by(list(CELL)).agg(
        people=table.people.sum().cast("int64"),
        left_without=_sum(table, table.left_without),
        followed=_sum(table, table.followed),
        days=_sum(table, table.followed, days),
        days_squared=_sum(table, table.followed, days * days),
        took_part=_sum(table, took),
        days_of_took_part=_sum(table, took, days),
    )


def reached_before(when: When) -> Expression:
    """People of each group who had reached the task before t0, and of whom nobody knows it."""
    table = started(when, when.newcomer_days)
    return table.group_by(list(CELL)).agg(
        people=count_of(table.task_before.fill_null(False)),
        unknown=count_of(table.task_before.isnull()),
    )


def _stays(when: When) -> ir.Table:
    """Days up to which each stay is settled, and the day of leaving within them."""
    people = started(when, when.starter_days)
    cut, far = day_of(when.cut), day_of(FAR)
    settled_by = {basis: when.cut - timedelta(days=days) for basis, days in when.lag.items()}
    settled = ibis.cases(
        *[(people.basis == basis, day_of(day)) for basis, day in sorted(settled_by.items())],
        else_=cut,
    )
    # An open stay is known no further than it was recorded.
    gone = (people.ended_on <= cut) & (people.ended_known <= cut)
    gone = gone.fill_null(False)
    open_until = ibis.cases((gone, far), else_=people.known_until.fill_null(far))
    settled = ibis.least(settled, open_until)
    left = gone & (people.ended_on <= settled)
    stayed = ibis.greatest(people.ended_on.delta(people.t0, unit="day"), 0)
    settled_days = settled.delta(people.t0, unit="day")
    return people.select(
        *CELL,
        settled=settled_days,
        left=left,
        day=ibis.cases((left, stayed), else_=settled_days),
        age=cut.delta(people.t0, unit="day"),
    )


def stays(when: When) -> Expression:
    """People of each group alike in day and in what is settled: what both questions below need."""
    table = _stays(when)
    # A stay of which no day is settled has none to be counted on.
    day = ibis.least(ibis.greatest(table.day, -1), when.stay_longest + 1).cast("int32")
    marks = {"settled": table.settled >= 0}
    for place, horizon in enumerate(when.horizons):
        marks[f"reached_{place}"] = table.age >= horizon
        marks[f"known_{place}"] = (table.age >= horizon) & (table.settled >= horizon)
    named = [value.name(name) for name, value in {"day": day, **marks}.items()]
    return table.group_by([*CELL, "left", *named]).agg(people=table.count())


def stay_days(when: When) -> Expression:
    """Leavings and censorings of each group and day, of everybody with a day settled."""
    table = kept_table("stays")
    table = table.filter(table.settled)
    return _by_day(table, table.left, when.stay_longest)


def stay_sums(when: When) -> Expression:
    """People, and at each horizon: who reached it, for whom it is settled, who is still here."""
    table = kept_table("stays")
    sums: dict[str, Any] = {"people": table.people.sum().cast("int64")}
    for place, horizon in enumerate(when.horizons):
        known = table[f"known_{place}"]
        sums[f"reached_{horizon}"] = _sum(table, table[f"reached_{place}"])
        sums[f"known_{horizon}"] = _sum(table, known)
        sums[f"here_{horizon}"] = _sum(table, known & (~table.left | (table.day > horizon)))
    return table.group_by(list(CELL)).agg(**sums)


def moves(when: When) -> Expression:
    """People of each group whose window from t0 is over, and how many of them moved in it."""
    people = started(when, when.starter_days)
    over = people.filter(day_of(when.cut).delta(people.t0, unit="day") >= when.moves_to)
    moved = kept_table("moved")
    joined = over.inner_join(moved, "person")
    days = joined.effective.delta(joined.t0, unit="day")
    hit = (
        joined.filter(days >= when.moves_from, days <= when.moves_to)
        .select("program", "person")
        .distinct()
    )
    hit = hit.select(program="program", mover="person", moved=True)
    table = over.left_join(hit, [over.program == hit.program, over.person == hit.mover])
    return table.group_by(list(CELL)).agg(people=table.count(), moved=count_of(table.moved))
