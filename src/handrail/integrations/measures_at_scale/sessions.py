"""Sums of sessions and their seats: attendance, who had a seat, completion by week."""

from __future__ import annotations

from typing import Any

import ibis.expr.types as ir

from handrail.integrations.measures_at_scale.asked import CELL, Expression, When, count_of, table_of
from handrail.integrations.measures_at_scale.keeping import kept_table
from handrail.integrations.measures_at_scale.tables import WHOLE

HALF = 26  # bits of a count where two are one sum
SUMMED = ("mentee", "mentor", "held")


def _clustered(table: ir.Table) -> dict[str, Any]:
    """Of each share: clusters, hits, trials, their squares and products."""
    sums: dict[str, Any] = {}
    for name in SUMMED:
        hits, trials = table[f"{name}_hits"], table[f"{name}_trials"]
        sums[f"{name}_clusters"] = count_of(trials > 0)
        sums[f"{name}_hits"] = hits.sum().cast("int64")
        sums[f"{name}_trials"] = trials.sum().cast("int64")
        sums[f"{name}_hits_squared"] = (hits * hits).sum().cast("int64")
        sums[f"{name}_products"] = (hits * trials).sum().cast("int64")
        sums[f"{name}_trials_squared"] = (trials * trials).sum().cast("int64")
    return sums


def _added(table: ir.Table, keys: list[str]) -> ir.Table:
    """The rows of one cluster, added up."""
    names = [f"{name}_{what}" for name in SUMMED for what in ("hits", "trials")]
    # Floats hold whole numbers exactly below 2 ** 53, and engines add them up fastest.
    return table.group_by(keys).agg(**{name: table[name].cast("float64").sum() for name in names})


def _cells(when: When) -> ir.Table:
    """Who belongs to which arm and stratum."""
    people = table_of("people")
    return people.filter(people.program != WHOLE).select(
        program="program", cluster="person", arm="arm", stratum="stratum"
    )


def _by_cell(clusters: ir.Table, when: When) -> ir.Table:
    cells = _cells(when)
    joined = clusters.left_join(cells, ["program", "cluster"])
    return joined.select(
        *clusters.columns,
        arm=joined.arm.fill_null(""),
        stratum=joined.stratum.fill_null(""),
    )


def attendance(when: When) -> Expression:
    """Sums of seats and sessions of each group."""
    mentees = kept_table("by_mentee")
    table = _by_cell(_added(mentees, ["program", "cluster"]), when)
    return table.group_by(list(CELL)).agg(**_clustered(table))


def attendance_whole(when: When) -> Expression:
    """The same of the whole organisation, in which somebody may be in several programs."""
    table = _added(kept_table("by_mentee"), ["cluster"])
    return table.agg(**_clustered(table))


def seats(when: When) -> Expression:
    """How many people of each program had a seat that counts, as mentee, as mentor, at all."""
    table = kept_table("seated")
    return table.group_by("program").agg(
        mentees=count_of(table.mentee),
        mentors=count_of(table.mentor),
        people=count_of(table.decided),
    )


def seats_whole(when: When) -> Expression:
    """The same of the whole organisation."""
    table = kept_table("seated")
    once = table.group_by("person").agg(
        mentee=table.mentee.any(), mentor=table.mentor.any(), decided=table.decided.any()
    )
    return once.agg(
        mentees=count_of(once.mentee), mentors=count_of(once.mentor), people=count_of(once.decided)
    )


def seated_only(when: When) -> Expression:
    """Of each program, the people with a seat there and in no other program."""
    table = kept_table("seated")
    once = table.group_by("person").agg(
        programs=table.count(), program=table.program.min(),
        mentee=table.mentee.any(), mentor=table.mentor.any(), decided=table.decided.any(),
    )  # fmt: skip
    once = once.filter(once.programs == 1)
    return once.group_by("program").agg(
        mentees=count_of(once.mentee), mentors=count_of(once.mentor), people=count_of(once.decided)
    )


def marks(when: When) -> Expression:
    """How many sessions of each program ended how, with which marks on their seats."""
    sessions = table_of("sessions")
    known = sessions.filter(sessions.ends_at <= when.moment - when.corrections)
    keys = ["program", "first", "ending", "mentee_mark", "mentor_mark"]
    return known.group_by(keys).agg(rows=known.count())


def weeks(when: When) -> Expression:
    """Held, not held and late-cancelled sessions of each program and week."""
    table = table_of("sessions")
    table = table.filter(table["first"], table.ends_at <= when.moment - when.corrections)
    # Two counts in one sum, each right below 2 ** 26 sessions of a program in a week.
    both: Any = table.ending.cases(("held", 1), ("not_held", 1 << HALF), else_=0)
    late: Any = table.ending.cases(("late_cancelled", 1), else_=0)
    added = table.group_by(["program", "week"]).agg(
        both=both.cast("float64").sum(), late_cancelled=late.cast("float64").sum()
    )
    return added.select(
        "program",
        "week",
        held=added["both"].cast("int64") & ((1 << HALF) - 1),
        not_held=added["both"].cast("int64") >> HALF,
        late_cancelled=added["late_cancelled"].cast("int64"),
    )
