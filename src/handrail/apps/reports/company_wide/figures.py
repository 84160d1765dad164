"""From sums to figures: what a small group hides is not in the result at all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from typing import Any

from handrail.domain.evidence.attendance import ROLES
from handrail.domain.evidence.first_task import HORIZON
from handrail.domain.evidence.groups import (
    PROCESS_PEOPLE,
    may_show,
    shown_beside_whole,
    shown_parts,
)
from handrail.domain.evidence.intervals import share_of_people
from handrail.domain.evidence.retention import HORIZONS
from handrail.domain.evidence.sums import Spread, Trials, share_of_sums
from handrail.domain.evidence.survival import Curve, curve_of_counts

Rows = dict[str, Any]
Cell = tuple[int, str, str]  # program, arm, stratum
WHOLE = 0
TRIALS = ("clusters", "hits", "trials", "hits_squared", "products", "trials_squared")
DECIDED = ("held", "not_held", "late_cancelled")


def figures_of(inputs: Rows) -> Rows:
    """Programs side by side, the whole organisation, and the arms of closed pilots.

    Small groups are hidden after the sums are made: under 5 people of what happened in sessions,
    under 10 of what became of people, and where the rest of a whole would tell of so few.
    """
    sums = _Sums(inputs["sums"])
    programs = [row[0] for row in inputs["programs"]]
    attendance = _attendance(sums, programs)
    tasks, stays = _tasks(sums, programs), _stays(sums, programs)
    moved, weeks = _moves(sums, programs), _weeks(sums, programs)
    told = [
        {
            "program": number,
            "id": public_id,
            "name": name,
            "attendance": attendance[number],
            "first_merge": tasks[number],
            "retention": stays[number],
            "moves": moved[number],
            "weeks": weeks[number],
        }
        for number, public_id, name in inputs["programs"]
    ]
    return {"programs": told, "whole": attendance[WHOLE], "groups": _groups(sums, programs)}


class _Sums:
    """The kept sums by name."""

    def __init__(self, kept: Rows) -> None:
        self._kept = kept

    def rows(self, name: str) -> Iterator[Rows]:
        """The rows of one answer, each with the names of its columns."""
        table = self._kept[name]
        return (dict(zip(table["columns"], row, strict=True)) for row in table["rows"])

    def by_program(self, name: str, *columns: str) -> dict[int, Rows]:
        """Whole numbers of each program, its arms and strata added up."""
        found: dict[int, Rows] = defaultdict(lambda: dict.fromkeys(columns, 0))
        for row in self.rows(name):
            for column in columns:
                found[row["program"]][column] += row.get(column) or 0  # kept from before: none
        return found

    def by_cell(self, name: str) -> dict[Cell, Rows]:
        """Rows of each arm and stratum, where there are any."""
        return {
            (row["program"], row["arm"], row["stratum"]): row
            for row in self.rows(name)
            if row["arm"]
        }

    def curves(self, name: str, *, cells: bool) -> dict[Any, Curve]:
        """Curves from events and censorings by day, by program or by cell."""
        counted: dict[Any, tuple[dict[int, int], dict[int, int]]] = defaultdict(
            lambda: (defaultdict(int), defaultdict(int))
        )
        for row in self.rows(name):
            if cells and not row["arm"]:
                continue
            key = (row["program"], row["arm"], row["stratum"]) if cells else row["program"]
            counted[key][0][row["day"]] += row["events"]
            counted[key][1][row["day"]] += row["censored"]
        return {key: curve_of_counts(hits, others) for key, (hits, others) in counted.items()}


def _trials(row: Rows, name: str) -> Trials:
    return Trials(*(row[f"{name}_{what}"] or 0 for what in TRIALS))


def _attendance(sums: _Sums, programs: list[int]) -> dict[int, Rows]:
    """By program, and under 0 the whole: each role, then held sessions."""
    trials: dict[tuple[int, str], Trials] = defaultdict(Trials)
    for row in sums.rows("attendance"):
        for name in (*ROLES, "held"):
            trials[(row["program"], name)] += _trials(row, name)
    for row in sums.rows("attendance_whole"):
        for name in (*ROLES, "held"):
            trials[(WHOLE, name)] = _trials(row, name)
    people = sums.by_program("seats", "mentees", "mentors", "people")
    people[WHOLE] = next(iter(sums.rows("seats_whole")), {"mentees": 0, "mentors": 0, "people": 0})
    only = sums.by_program("seated_only", "mentees", "mentors", "people")
    marks = _marks(sums)
    shown = {}
    for role, column in (("mentee", "mentees"), ("mentor", "mentors"), ("held", "people")):
        sizes = {number: people[number][column] for number in programs}
        alone = {number: only[number][column] for number in programs}
        shown[role] = shown_beside_whole(sizes, alone, outside=0, least=PROCESS_PEOPLE)
        if people[WHOLE][column] >= PROCESS_PEOPLE:
            shown[role] |= {WHOLE}
    told = {}
    for number in (*programs, WHOLE):
        roles = []
        for role in ROLES:
            row = {"role": role, "people": people[number][f"{role}s"]}
            hidden = number not in shown[role]
            if not hidden:
                share = share_of_sums(trials[(number, role)])
                row |= {
                    "attended": asdict(share),
                    "no_show": share.trials - share.hits,
                    "late_cancelled": marks[number][f"{role}_late"],
                    "not_recorded": marks[number][f"{role}_missing"],
                }
            roles.append({**row, "hidden": hidden})
        # A hidden role could be told from the sessions that were not held.
        held_hidden = number not in shown["held"] or any(
            row["hidden"] and row["people"] for row in roles
        )
        told[number] = {
            "people": people[number]["people"],
            "sessions": marks[number]["sessions"],
            "roles": roles,
            "held": {"hidden": True}
            if held_hidden
            else {
                "hidden": False,
                "share": asdict(share_of_sums(trials[(number, "held")])),
                **{name: marks[number][name] for name in ("not_held", "late_cancelled")},
                "not_recorded": marks[number]["not_recorded"],
            },
        }
    return told


def _marks(sums: _Sums) -> dict[int, dict[str, int]]:
    """What stands apart, by program and under 0 the whole."""
    found: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for row in sums.rows("marks"):
        for number in (row["program"], WHOLE):
            mine, n = found[number], row["rows"]
            if row["first"]:
                mine["sessions"] += n
                mine[row["ending"]] += n
            for role in ROLES:
                mark = row[f"{role}_mark"]
                mine[f"{role}_late"] += n * (mark == "late_cancelled")
                # Where one side cancelled late, nothing was to be recorded for the other.
                missing = mark == "not_recorded" and row["ending"] != "late_cancelled"
                mine[f"{role}_missing"] += n * missing
    return found


def _beside_own_report(
    sums: _Sums, sizes: Mapping[int, int], everybody: Mapping[int, int], column: str
) -> frozenset[int]:
    """Programs that may show an outcome beside the organisation's own report at the same cut.

    Only programs that lie wholly within what that report is about can be taken away from it.
    `everybody`: all people of each program, of whom `sizes` are counted here.
    """
    inside, only = sums.by_program("inside", column), sums.by_program("only", column)
    within = {
        number for number, people in everybody.items() if inside[number][column] == people > 0
    }
    alone = {number: min(only[number][column], sizes[number]) for number in sizes}
    outside = only[WHOLE][column] + sum(
        only[number][column] for number in sizes if number not in within
    )
    beside = shown_beside_whole(
        {number: sizes[number] for number in within}, alone, outside=outside
    )
    return beside | {number for number in sizes if number not in within and may_show(sizes[number])}


def _tasks(sums: _Sums, programs: list[int]) -> dict[int, Rows]:
    columns = (
        "people", "left_without", "followed", "days", "days_squared", "took_part",
        "days_of_took_part",
    )  # fmt: skip
    totals = sums.by_program("task_sums", *columns)
    before = sums.by_program("reached_before", "people", "unknown")
    sizes = {number: totals[number]["people"] for number in programs}
    everybody = {number: sizes[number] + sum(before[number].values()) for number in programs}
    shown = _beside_own_report(sums, sizes, everybody, "newcomers")
    curves = sums.curves("task_days", cells=False)
    return {
        number: {
            "reached_before": before[number]["people"],
            "unknown": before[number]["unknown"],
            **_task(totals[number], curves.get(number), hidden=number not in shown),
        }
        for number in programs
    }


def _task(total: Rows, curve: Curve | None, *, hidden: bool) -> Rows:
    told = {"people": total["people"], "followed": total["followed"], "horizon": HORIZON}
    if hidden or curve is None:
        return {**told, "hidden": True}
    days = Spread(total["followed"], total["days"], total["days_squared"])
    # A mean is of those followed: it needs ten of its own.
    mean = days if len(shown_parts({0: total["followed"]})) else Spread()
    return {
        **told,
        "hidden": False,
        "reached": curve.events,
        "not_there_yet": total["people"] - curve.events,
        "left_without": total["left_without"],
        "median_days": asdict(curve.median()),
        "restricted_days": {"mean": mean.mean, "error": mean.error},
        "took_part": total["took_part"] if mean.people else None,
    }


def _stays(sums: _Sums, programs: list[int]) -> dict[int, Rows]:
    columns = ("people", *(f"{what}_{day}" for day in HORIZONS for what in
                           ("reached", "known", "here")))  # fmt: skip
    totals = sums.by_program("stay_sums", *columns)
    everybody = {number: totals[number]["people"] for number in programs}

    def may(sizes: Mapping[int, int]) -> frozenset[int]:
        return _beside_own_report(sums, sizes, everybody, "starters")

    whole = may(everybody)
    curves = sums.curves("stay_days", cells=False)
    shown = {
        day: whole & may({number: totals[number][f"known_{day}"] for number in programs})
        for day in HORIZONS
    }
    return {
        number: _stay(
            totals[number], curves.get(number), {day: number in shown[day] for day in HORIZONS}
        )
        for number in programs
    }


def _stay(total: Rows, curve: Curve | None, shown: Mapping[int, bool]) -> Rows:
    at = []
    for day in HORIZONS:
        reached, known = total[f"reached_{day}"], total[f"known_{day}"]
        row = {
            "day": day,
            "people": total["people"],
            "reached": reached,
            "known": known,
            "unknown": reached - known,
            "not_yet": total["people"] - reached,
            "hidden": not shown[day] or curve is None,
        }
        if not row["hidden"] and curve is not None:
            row["here"] = asdict(share_of_people(total[f"here_{day}"], known))
            row["estimate"] = asdict(curve.at(day))
        at.append(row)
    return {"people": total["people"], "followed": curve.people if curve else 0, "at": at}


def _moves(sums: _Sums, programs: list[int]) -> dict[int, Rows]:
    totals = sums.by_program("moves", "people", "moved")
    # The organisation's own report shows no moves: there is no whole to take programs from.
    shown = {number for number in programs if may_show(totals[number]["people"])}
    return {number: _moved(totals[number], hidden=number not in shown) for number in programs}


def _moved(total: Rows, *, hidden: bool) -> Rows:
    if hidden:
        return {"people": total["people"], "hidden": True}
    share = share_of_people(total["moved"], total["people"])
    return {"people": total["people"], "hidden": False, "moved": asdict(share)}


def _weeks(sums: _Sums, programs: list[int]) -> dict[int, list[Rows]]:
    """Completion week by week, of weeks with five sessions or more; the newest first."""
    found: dict[int, list[Rows]] = defaultdict(list)
    for row in sums.rows("weeks"):
        found[row["program"]].append(row)
    told = {}
    for number in programs:
        weeks = sorted(found[number], key=lambda row: str(row["week"]), reverse=True)
        of = {str(row["week"]): sum(row[name] for name in DECIDED) for row in weeks}
        shown = shown_parts(of, least=PROCESS_PEOPLE)
        told[number] = [
            {"week": row["week"], "hidden": True}
            if row["week"] not in shown
            else {
                "week": row["week"],
                "hidden": False,
                "met": row["held"],
                "of": of[row["week"]],
                "share": row["held"] / of[row["week"]],
            }
            for row in weeks
        ]
    return told


def _groups(sums: _Sums, programs: Iterable[int]) -> list[Rows]:
    """Arms and strata of closed pilots: parts that make up their program's hires."""
    tasks, stays, moved = (sums.by_cell(name) for name in ("task_sums", "stay_sums", "moves"))
    attended = sums.by_cell("attendance")
    curves = sums.curves("task_days", cells=True)
    staying = sums.curves("stay_days", cells=True)
    told = []
    for number in programs:
        cells = sorted({cell for cell in (*tasks, *stays) if cell[0] == number})

        def parts(sizes: Mapping[Cell, int], least: int = 10) -> frozenset[Cell]:
            return shown_parts(sizes, least=least)

        may_task = parts({cell: tasks[cell]["people"] for cell in cells if cell in tasks})
        may_stay = parts({cell: stays[cell]["people"] for cell in cells if cell in stays})
        known = {
            day: may_stay
            & parts({cell: stays[cell][f"known_{day}"] for cell in cells if cell in stays})
            for day in HORIZONS
        }
        may_move = parts({cell: moved[cell]["people"] for cell in cells if cell in moved})
        seats = {cell: attended[cell]["mentee_clusters"] for cell in cells if cell in attended}
        may_sit = parts(seats, PROCESS_PEOPLE)
        for cell in cells:
            row: Rows = {"program": number, "arm": cell[1], "stratum": cell[2]}
            if cell in tasks:
                row["first_merge"] = _task(
                    tasks[cell], curves.get(cell), hidden=cell not in may_task
                )
            if cell in stays:
                shown = {day: cell in known[day] for day in HORIZONS}
                row["retention"] = _stay(stays[cell], staying.get(cell), shown)
            if cell in moved:
                row["moves"] = _moved(moved[cell], hidden=cell not in may_move)
            row["attendance"] = {"people": seats.get(cell, 0), "hidden": cell not in may_sit}
            if cell in may_sit:
                share = share_of_sums(_trials(attended[cell], "mentee"))
                row["attendance"]["attended"] = asdict(share)
            told.append(row)
    return told
