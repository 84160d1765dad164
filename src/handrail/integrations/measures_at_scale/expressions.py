"""The measures as Ibis expressions: sums that are enough for every figure, on any engine.

Nothing here is a share, an interval or a curve: `domain/evidence` makes those from sums, so that
they are the same figures wherever the sums were made. Each group is a program, an arm and a
stratum; a program's own sums are those of its groups added up.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, TypeAlias

import ibis
import ibis.expr.types as ir
from ibis import Deferred

from handrail.integrations.measures_at_scale.tables import TABLES, WHOLE

Expression: TypeAlias = ir.Table
BITS, EACH = 13, 4  # of a counter within a sum; counters in a sum
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


def _table(name: str) -> ir.Table:
    return ibis.table(TABLES[name], name=name)


def _day(day: date) -> ir.DateScalar:
    return ibis.date(day.year, day.month, day.day)


def _count(condition: ir.BooleanValue) -> Deferred:
    """Rows of whatever is grouped for which it holds; what is not known does not hold."""
    return ibis._.count(where=condition.fill_null(False))


def lags() -> Expression:
    """How many leavings of each basis were known after so many days, with both dates."""
    leavings = _table("leavings")
    days = leavings.ended_known.delta(leavings.ended_on, unit="day")
    return leavings.group_by(["basis", "ended_known", days.name("days")]).agg(
        leavings=leavings.count()
    )


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
    sessions = _table("sessions")
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
        "seated": _seated(_as_kept("by_mentee", by_mentee), _as_kept("by_mentor", by_mentor)),
        "moved": _moved(when),
    }


def _as_kept(name: str, expression: ir.Table) -> ir.Table:
    return ibis.table(expression.schema(), name=name)


def _moved(when: When) -> Expression:
    """Real moves known at the cut: no title, no probation, nobody's reorganisation."""
    moves = _table("moves")
    moves = moves.filter(
        moves.kind == "change",
        moves.known <= _day(when.cut),
        moves.effective <= _day(when.cut),
    )
    together = moves.group_by(["team", "effective"]).agg(people=moves.person.nunique())
    large = together.filter(together.people >= when.reorganised)
    real = moves.anti_join(large, ["team", "effective"])
    return real.select("person", "effective")


def _kept(name: str, when: When) -> ir.Table:
    return _as_kept(name, kept(when)[name])


SUMMED = ("mentee", "mentor", "held")


def _clustered(table: ir.Table) -> dict[str, Any]:
    """Of each share: clusters, hits, trials, their squares and products."""
    sums: dict[str, Any] = {}
    for name in SUMMED:
        hits, trials = table[f"{name}_hits"], table[f"{name}_trials"]
        sums[f"{name}_clusters"] = _count(trials > 0)
        sums[f"{name}_hits"] = hits.sum()
        sums[f"{name}_trials"] = trials.sum()
        sums[f"{name}_hits_squared"] = (hits * hits).sum()
        sums[f"{name}_products"] = (hits * trials).sum()
        sums[f"{name}_trials_squared"] = (trials * trials).sum()
    return sums


def _added(table: ir.Table, keys: list[str]) -> ir.Table:
    """The rows of one cluster, added up."""
    names = [f"{name}_{what}" for name in SUMMED for what in ("hits", "trials")]
    return table.group_by(keys).agg(**{name: table[name].sum() for name in names})


def _cells(when: When) -> ir.Table:
    """Who belongs to which arm and stratum."""
    people = _table("people")
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
    mentees = _kept("by_mentee", when)
    table = _by_cell(_added(mentees, ["program", "cluster"]), when)
    return table.group_by(list(CELL)).agg(**_clustered(table))


def attendance_whole(when: When) -> Expression:
    """The same of the whole organisation, in which somebody may be in several programs."""
    table = _added(_kept("by_mentee", when), ["cluster"])
    return table.agg(**_clustered(table))


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


def seats(when: When) -> Expression:
    """How many people of each program had a seat that counts, as mentee, as mentor, at all."""
    table = _kept("seated", when)
    return table.group_by("program").agg(
        mentees=_count(table.mentee), mentors=_count(table.mentor), people=_count(table.decided)
    )


def seats_whole(when: When) -> Expression:
    """The same of the whole organisation."""
    table = _kept("seated", when)
    once = table.group_by("person").agg(
        mentee=table.mentee.any(), mentor=table.mentor.any(), decided=table.decided.any()
    )
    return once.agg(
        mentees=_count(once.mentee), mentors=_count(once.mentor), people=_count(once.decided)
    )


def seated_only(when: When) -> Expression:
    """Of each program, the people with a seat there and in no other program."""
    table = _kept("seated", when)
    once = table.group_by("person").agg(
        programs=table.count(), program=table.program.min(),
        mentee=table.mentee.any(), mentor=table.mentor.any(), decided=table.decided.any(),
    )  # fmt: skip
    once = once.filter(once.programs == 1)
    return once.group_by("program").agg(
        mentees=_count(once.mentee), mentors=_count(once.mentor), people=_count(once.decided)
    )


def _in_windows(when: When) -> ir.Table:
    """Everybody who began in the organisation's windows, once for each program they are in."""
    people = _table("people")
    whole = _started(when, when.starter_days)
    whole = whole.filter(whole.program == WHOLE)
    inside = people.filter(people.program != WHOLE, people.t0 <= _day(when.cut))
    inside = inside.select(member="person", at="program").distinct()
    joined = whole.left_join(inside, whole.person == inside.member)
    since = _day(when.cut - timedelta(days=when.newcomer_days))
    return joined.select("person", "at", newcomer=joined.t0 >= since)


def inside(when: When) -> Expression:
    """Of each program, how many of its people began in the organisation's windows."""
    table = _in_windows(when)
    table = table.filter(table["at"].notnull())
    return table.group_by(program="at").agg(
        starters=table.count(), newcomers=_count(table.newcomer)
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
    return once.group_by("program").agg(starters=once.count(), newcomers=_count(once.newcomer))


def marks(when: When) -> Expression:
    """How many sessions of each program ended how, with which marks on their seats."""
    sessions = _table("sessions")
    known = sessions.filter(sessions.ends_at + when.corrections <= when.moment)
    keys = ["program", "first", "ending", "mentee_mark", "mentor_mark"]
    return known.group_by(keys).agg(rows=known.count())


def weeks(when: When) -> Expression:
    """Held, not held and late-cancelled sessions of each program and week."""
    table = _table("sessions")
    table = table.filter(table["first"], table.ends_at + when.corrections <= when.moment)
    return table.group_by(["program", "week"]).agg(
        held=_count(table.ending == "held"),
        not_held=_count(table.ending == "not_held"),
        late_cancelled=_count(table.ending == "late_cancelled"),
    )


def _started(when: When, days: int) -> ir.Table:
    """Everybody of a program; of the whole organisation, who began within so many days."""
    people = _table("people")
    since = _day(when.cut - timedelta(days=days))
    return people.filter(
        people.t0 <= _day(when.cut), (people.program != WHOLE) | (people.t0 >= since)
    )


def _tasks(when: When) -> ir.Table:
    """Days from t0 to the task, to leaving or to the cut; and whether it was the task."""
    people = _started(when, when.newcomer_days)
    people = people.filter(~people.task_before.fill_null(False))
    cut, far = _day(when.cut), _day(FAR)
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
        followed=_day(when.cut).delta(people.t0, unit="day") >= when.task_days,
    )


def task_days(when: When) -> Expression:
    """First merges and censorings of each group and day."""
    table = _tasks(when)
    return _by_day(table, table.reached, when.task_longest)


def _by_day(table: ir.Table, happened: ir.BooleanValue, longest: int) -> Expression:
    """Counts by day; whoever goes beyond the longest day is censored on the day after it."""
    hit = happened & (table.day <= longest)
    day = ibis.least(table.day, longest + 1)
    return table.group_by([*CELL, day.name("day")]).agg(events=_count(hit), censored=_count(~hit))


def task_sums(when: When) -> Expression:
    """People, and of those followed for 60 days: restricted days, taking part, their products."""
    table = _tasks(when)
    mentees = _kept("by_mentee", when)
    doses = mentees.group_by(["program", "mentee"]).agg(doses=mentees.doses.sum())
    joined = table.left_join(doses, [table.program == doses.program, table.person == doses.mentee])
    limit = when.task_days
    days = ibis.cases((joined.reached, ibis.least(joined.day, limit)), else_=limit)
    table = joined.select(
        *[joined[name] for name in (*CELL, "left_without", "followed")],
        days=ibis.cases((joined.followed, days), else_=0),
        took=(joined.followed & (joined.doses.fill_null(0) > 0)).cast("int64"),
    )
    return table.group_by(list(CELL)).agg(
        people=table.count(),
        left_without=_count(table.left_without),
        followed=_count(table.followed),
        days=table.days.cast("int64").sum(),
        days_squared=(table.days.cast("int64") * table.days).sum(),
        took_part=table.took.sum(),
        days_of_took_part=(table.days * table.took).sum(),
    )


def reached_before(when: When) -> Expression:
    """People of each group who had reached the task before t0, and are not eligible."""
    table = _started(when, when.newcomer_days)
    return table.group_by(list(CELL)).agg(people=_count(table.task_before))


def _stays(when: When) -> ir.Table:
    """Days up to which each stay is settled, and the day of leaving within them."""
    people = _started(when, when.starter_days)
    cut, far = _day(when.cut), _day(FAR)
    settled_by = {basis: when.cut - timedelta(days=days) for basis, days in when.lag.items()}
    settled = ibis.cases(
        *[(people.basis == basis, _day(day)) for basis, day in sorted(settled_by.items())],
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


def stay_days(when: When) -> Expression:
    """Leavings and censorings of each group and day, of everybody with a day settled."""
    table = _stays(when)
    table = table.filter(table.settled >= 0)
    return _by_day(table, table.left, when.stay_longest)


def stay_sums(when: When) -> Expression:
    """People, and at each horizon: who reached it, for whom it is settled, who is still here."""
    table = _stays(when)
    sums: dict[str, Any] = {"people": table.count()}
    for horizon in when.horizons:
        reached = table.age >= horizon
        known = reached & (table.settled >= horizon)
        sums[f"reached_{horizon}"] = _count(reached)
        sums[f"known_{horizon}"] = _count(known)
        sums[f"here_{horizon}"] = _count(known & (~table.left | (table.day > horizon)))
    return table.group_by(list(CELL)).agg(**sums)


def moves(when: When) -> Expression:
    """People of each group whose window from t0 is over, and how many of them moved in it."""
    people = _started(when, when.starter_days)
    over = people.filter(_day(when.cut).delta(people.t0, unit="day") >= when.moves_to)
    moved = _kept("moved", when)
    joined = over.inner_join(moved, "person")
    days = joined.effective.delta(joined.t0, unit="day")
    hit = (
        joined.filter(days >= when.moves_from, days <= when.moves_to)
        .select("program", "person")
        .distinct()
    )
    hit = hit.select(program="program", mover="person", moved=True)
    table = over.left_join(hit, [over.program == hit.program, over.person == hit.mover])
    return table.group_by(list(CELL)).agg(people=table.count(), moved=_count(table.moved))


def measures(when: When) -> dict[str, Expression]:
    """Every question by its name; those kept by `kept` stand ready as tables of their own."""
    return {
        "attendance": attendance(when),
        "attendance_whole": attendance_whole(when),
        "seats": seats(when),
        "seats_whole": seats_whole(when),
        "seated_only": seated_only(when),
        "inside": inside(when),
        "only": only(when),
        "marks": marks(when),
        "weeks": weeks(when),
        "task_days": task_days(when),
        "task_sums": task_sums(when),
        "reached_before": reached_before(when),
        "stay_days": stay_days(when),
        "stay_sums": stay_sums(when),
        "moves": moves(when),
    }


def sql_of(expression: Expression, dialect: str) -> str:
    """The expression in an engine's own words; needs no connection."""
    return str(ibis.to_sql(expression, dialect=dialect))
