"""What is kept for several questions: the long tables, read once; its columns."""

from __future__ import annotations

from typing import Any

import ibis
import ibis.expr.types as ir

from handrail.integrations.measures_at_scale.asked import (
    Expression,
    When,
    day_of,
    table_of,
)

CELLS = {"program": "int32", "arm": "string", "stratum": "string"}
BITS = 13  # of a counter within a sum
# What is kept has these columns, whatever the cut: a question need not make it to ask it.
KEPT: dict[str, dict[str, str]] = {
    "by_mentee": {
        "program": "int32",
        "cluster": "int64",
        "mentee": "int64",
        **dict.fromkeys(("mentee_hits", "mentee_trials", "mentor_hits", "mentor_trials"), "int32"),
        **dict.fromkeys(("held_hits", "held_trials", "in_decided", "doses"), "int32"),
    },
    "by_mentor": {
        "program": "int32",
        "mentor": "int64",
        **dict.fromkeys(("hits", "trials", "in_decided"), "int32"),
    },
    "seated": {
        "program": "int32",
        "person": "int64",
        **dict.fromkeys(("mentee", "mentor", "decided"), "boolean"),
    },
    "moved": {"person": "int64", "effective": "date"},
    "tasks": {
        **CELLS,
        **dict.fromkeys(("reached", "left_without", "followed"), "boolean"),
        "day": "int32",
        "took": "boolean",
        "people": "int64",
    },
    "stays": {
        **CELLS,
        "left": "boolean",
        "day": "int32",
        "settled": "boolean",
        # At the first and at the second horizon.
        **dict.fromkeys(("reached_0", "known_0", "reached_1", "known_1"), "boolean"),
        "people": "int64",
    },
}


def kept_table(name: str) -> ir.Table:
    return ibis.table(KEPT[name], name=name)


def _packed(table: ir.Table, keys: list[str], sums: dict[tuple[str, ...], Any]) -> ir.Table:
    """Counts by key, up to four in each sum: ten million rows are added up in a third of the work.

    Sums are of floats that hold whole numbers exactly, below 2 ** 52; so a count is right below
    2 ** 13 rows a key, and nobody has 8,192 sessions in one program.
    """
    added = table.group_by(keys).agg(
        **{
            f"packed_{number}": packed.cast("float64").sum()
            for number, packed in enumerate(sums.values())
        }
    )
    return added.select(
        *keys,
        **{
            name: (
                (added[f"packed_{number}"].cast("int64") >> BITS * place) & ((1 << BITS) - 1)
            ).cast("int32")
            for number, names in enumerate(sums)
            for place, name in enumerate(names)
        },
    )


def _one(*places: int) -> int:
    """One in each of these counters of a sum."""
    return sum(1 << BITS * place for place in places)


def _came(mark: Any, hits: int, trials: int) -> Any:
    """A seat that was taken, and one that counts, by a single look at its mark."""
    return mark.cases(("attended", _one(hits, trials)), ("no_show", _one(trials)), else_=0)


def _decided(ending: Any, place: int, *, hits: tuple[int, ...] = ()) -> Any:
    """A session whose ending counts, and one that was held."""
    others = [(other, _one(place)) for other in ("not_held", "late_cancelled")]
    return ending.cases(("held", _one(place, *hits)), *others, else_=0)


def read_once(when: When) -> dict[str, Expression]:
    """The sums of sessions by mentee and by mentor, and who moved."""
    sessions = table_of("sessions")
    known = sessions.filter(sessions.ends_at <= when.moment - when.corrections)
    dose = (known.ending == "held") & (known.mentee_mark == "attended")
    by_mentee = _packed(
        known,
        ["program", "cluster", "mentee"],
        {
            ("mentee_hits", "mentee_trials", "mentor_hits", "mentor_trials"): (
                _came(known.mentee_mark, 0, 1) + _came(known.mentor_mark, 2, 3)
            ),
            ("held_hits", "held_trials", "in_decided", "doses"): (
                ibis.cases((known["first"], _decided(known.ending, 1, hits=(0,))), else_=0)
                + _decided(known.ending, 2)
                + ibis.cases((dose, _one(3)), else_=0)
            ),
        },
    )
    hosted = known.filter(known.mentor.notnull())
    by_mentor = _packed(
        hosted,
        ["program", "mentor"],
        {
            ("hits", "trials", "in_decided"): (
                _came(hosted.mentor_mark, 0, 1) + _decided(hosted.ending, 2)
            )
        },
    )
    return {
        "by_mentee": by_mentee,
        "by_mentor": by_mentor,
        "seated": _seated(kept_table("by_mentee"), kept_table("by_mentor")),
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
