"""The long tables, read once and kept: sums by mentee and by mentor, and who moved."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from handrail.integrations.measures_at_scale.asked import (
    Expression,
    When,
    as_kept,
    day_of,
    table_of,
)

BITS, EACH = 13, 4  # of a counter within a sum; counters in a sum


def _packed(table: ir.Table, keys: list[str], counters: dict[str, ir.BooleanValue]) -> ir.Table:
    """Counts by key, four in each sum: ten million rows are added up in a third of the work.

    Sums are of floats that hold whole numbers exactly, below 2 ** 52; so a count is right below
    2 ** 13 rows a key, and nobody has 8,192 sessions in one program.
    """
    names = list(counters)
    groups = [names[place : place + EACH] for place in range(0, len(names), EACH)]
    sums = {
        f"packed_{number}": sum(
            ibis.cases((counters[name].fill_null(False), 1 << BITS * place), else_=0).cast(
                "float64"
            )
            for place, name in enumerate(group)
        ).sum()
        for number, group in enumerate(groups)
    }
    added = table.group_by(keys).agg(**sums)
    return added.select(
        *keys,
        **{
            name: (
                (added[f"packed_{number}"].cast("int64") >> BITS * place) & ((1 << BITS) - 1)
            ).cast("int32")
            for number, group in enumerate(groups)
            for place, name in enumerate(group)
        },
    )


def kept(when: When) -> dict[str, Expression]:
    """The long tables, read once: sums of sessions by mentee and by mentor, and who moved.

    In this order: a later one may ask an earlier one.
    """
    sessions = table_of("sessions")
    known = sessions.filter(sessions.ends_at + when.corrections <= when.moment)
    decided = known.ending.isin(["held", "not_held", "late_cancelled"])
    came, missed = "attended", "no_show"
    counters = {
        "mentee_hits": known.mentee_mark == came,
        "mentee_trials": known.mentee_mark.isin([came, missed]),
        "mentor_hits": known.mentor_mark == came,
        "mentor_trials": known.mentor_mark.isin([came, missed]),
        "held_hits": known["first"] & (known.ending == "held"),
        "held_trials": known["first"] & decided,
        "in_decided": decided,
        "doses": (known.ending == "held") & (known.mentee_mark == came),
    }
    by_mentee = _packed(known, ["program", "cluster", "mentee"], counters)
    hosted = known.filter(known.mentor.notnull())
    by_mentor = _packed(
        hosted,
        ["program", "mentor"],
        {
            "trials": hosted.mentor_mark.isin([came, missed]),
            "in_decided": hosted.ending.isin(["held", "not_held", "late_cancelled"]),
        },
    )
    return {
        "by_mentee": by_mentee,
        "by_mentor": by_mentor,
        "seated": _seated(as_kept("by_mentee", by_mentee), as_kept("by_mentor", by_mentor)),
        "moved": _moved(when),
    }


def _moved(when: When) -> Expression:
    """Real moves known at the cut: no title, no probation, nobody's reorganisation."""
    moves = table_of("moves")
    moves = moves.filter(
        moves.kind == "change",
        moves.known <= day_of(when.cut),
        moves.effective <= day_of(when.cut),
    )
    together = moves.group_by(["team", "effective"]).agg(people=moves.person.nunique())
    large = together.filter(together.people >= when.reorganised)
    real = moves.anti_join(large, ["team", "effective"])
    return real.select("person", "effective")


def _seated(mentees: ir.Table, mentors: ir.Table) -> ir.Table:
    """By person and program, whether they had a seat that counts; and in a session that counts."""
    mentees = mentees.filter(mentees.mentee.notnull())
    one = mentees.select(
        program="program", person="mentee", mentee=mentees.mentee_trials > 0, mentor=False,
        decided=mentees.in_decided > 0,
    )  # fmt: skip
    other = mentors.select(
        program="program", person="mentor", mentee=False, mentor=mentors.trials > 0,
        decided=mentors.in_decided > 0,
    )  # fmt: skip
    both = one.union(other)
    return both.group_by(["program", "person"]).agg(
        mentee=both.mentee.any(), mentor=both.mentor.any(), decided=both.decided.any()
    )


def kept_table(name: str, when: When) -> ir.Table:
    return as_kept(name, kept(when)[name])
