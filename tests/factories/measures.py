"""Tables of a made-up company, small enough to be counted by the domain as well."""

from __future__ import annotations

import random
from datetime import date, timedelta
from pathlib import Path
from typing import Any

CUT = date(2026, 6, 1)
MOMENT = 1_780_358_400  # the end of that day in UTC
MARKS = ("attended", "attended", "attended", "no_show", "late_cancelled", "not_recorded")
ENDINGS = ("held", "held", "held", "not_held", "late_cancelled", "not_recorded")
Tables = dict[str, list[tuple[Any, ...]]]


def made_up(*, people: int, sessions: int, seed: int) -> Tables:
    """Rows by table: three programs, arms and strata, groups of up to three, gaps everywhere."""
    rng = random.Random(seed)
    start = date(2024, 12, 1)
    hires = []
    for person in range(1, people + 1):
        t0 = start + timedelta(days=rng.randrange(560))
        left = t0 + timedelta(days=rng.randrange(400)) if rng.random() < 0.4 else ""
        known = left + timedelta(days=rng.randrange(30)) if left else ""
        task = t0 + timedelta(days=rng.randrange(-1, 150)) if rng.random() < 0.8 else ""
        basis = rng.choice(("employment", "employment", "activity"))
        until = CUT - timedelta(days=rng.randrange(200)) if basis == "activity" else ""
        arm = rng.choice(("offered", "waiting", ""))
        stratum = rng.choice(("junior", "senior")) if arm else ""
        chance = rng.random()
        before = "" if chance < 0.03 else chance < 0.08  # empty: nothing told of it then
        facts = (t0, task if before is False else "", before, basis, left, known, until)
        hires.append((1 + person % 3, person, arm, stratum, *facts))
        hires.append((0, person, "", "", *facts))
        if person % 11 == 0:  # some are in two programs
            hires.append((1 + (person + 1) % 3, person, "", "", *facts))
    held = []
    for _ in range(sessions):
        program = rng.randrange(1, 4)
        mentees = sorted(rng.sample(range(1, people + 1), rng.choice((1, 1, 1, 2, 3))))
        mentor: Any = people + rng.randrange(1, 20)
        ends = MOMENT - rng.randrange(-86_400, 300 * 86_400)
        day = date(1970, 1, 1) + timedelta(days=ends // 86_400)
        week, ending = day - timedelta(days=day.weekday()), rng.choice(ENDINGS)
        for place, mentee in enumerate(mentees):
            hosted = (mentor, rng.choice(MARKS)) if place == 0 else ("", "")
            held.append(
                (program, mentees[0], mentee, hosted[0], place == 0, ends, week, ending,
                 rng.choice(MARKS), hosted[1])
            )  # fmt: skip
    moves = [
        (rng.randrange(1, people + 1), f"team {rng.randrange(20)}",
         CUT - timedelta(days=rng.randrange(20) * 20), CUT - timedelta(days=rng.randrange(-9, 200)),
         rng.choice(("change", "change", "title", "probation", "reorganisation")))
        for _ in range(people)
    ]  # fmt: skip
    return {
        "sessions": held,
        "people": hires,
        "moves": moves,
        "leavings": [(row[7], row[8], row[9]) for row in hires if row[0] and row[8]],
        "programs": [(number, f"id-{number}", f"Program {number}") for number in (1, 2, 3)],
    }


def written(folder: Path, tables: Tables) -> Path:
    """The tables as Parquet, by the same door as the product's own."""
    from handrail.apps.reports.company_wide.exporting import write

    for name, rows in tables.items():
        write(folder, name, rows)
    return folder
