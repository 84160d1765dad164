"""The company-wide measures: Ibis on DuckDB against the same questions in SQL by hand.

    python benchmarks/measures.py [--quick] [--json OUT] [--folder KEEP]

Makes up 10 million sessions of 1 million people and 200,000 moves as Parquet (`--quick`: a tenth),
always the same ones, and asks for every sum in a process of its own: once by the expressions that
the product uses, once by plain SQL. Prints wall clock, processor time and the highest memory of
each, says whether the answers agree in every cell, and marks each goal reached or not. Seconds
hold for the machine they were taken on; the ratio holds more widely.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))
CUT = date(2026, 6, 1)
MOMENT = 1_780_358_400  # the end of that day in UTC
LAG = {"employment": 14, "activity": 180}
PROGRAMS = 200
FULL = {"people": 1_000_000, "sessions": 10_000_000, "moves": 200_000}
GOAL_SECONDS, GOAL_MEMORY, GOAL_RATIO = 3.0, 0.5, 2.0

# A number from 0 to below 1 that hangs on the row and on what it is for, and on nothing else.
CHANCE = "(hash({row} * 1000003 + {use}) % 1000000) / 1000000.0"


def chance(row: str, use: int) -> str:
    return CHANCE.format(row=row, use=use)


def make(folder: Path, *, people: int, sessions: int, moves: int) -> int:
    """Write the tables; return their bytes."""
    import duckdb

    marks = "CASE WHEN {c} < .85 THEN 'attended' WHEN {c} < .93 THEN 'no_show' WHEN {c} < .97 \
THEN 'late_cancelled' ELSE 'not_recorded' END"
    mentors = people // 10 // PROGRAMS  # of each program
    started = f"DATE '2024-06-01' + CAST({chance('i', 1)} * 700 AS INTEGER)"
    queries = {
        "sessions": f"""
            SELECT CAST(1 + i % {people} % {PROGRAMS} AS INTEGER) AS program,
                i % {people} AS cluster, i % {people} AS mentee,
                CAST({people} + i % {people} % {PROGRAMS} * {mentors}
                    + hash(i * 7 + 3) % {mentors} AS BIGINT) AS mentor,
                true AS first,
                CAST(1717200000 + {chance("i", 2)} * 62000000 AS BIGINT) AS ends_at,
                ending, {marks.format(c=chance("i", 3))} AS mentee_mark,
                {marks.format(c=chance("i", 4))} AS mentor_mark
            FROM (SELECT i, CASE WHEN {chance("i", 5)} < .86 THEN 'held'
                WHEN {chance("i", 5)} < .93 THEN 'not_held'
                WHEN {chance("i", 5)} < .97 THEN 'late_cancelled' ELSE 'not_recorded' END AS ending
                FROM range({sessions}) AS t(i))""",
        "people": f"""
            SELECT program, i AS person, arm, stratum, t0,
                CASE WHEN {chance("i", 6)} < .8
                    THEN t0 + CAST({chance("i", 7)} * 90 AS INTEGER) END AS task_on,
                {chance("i", 8)} < .01 AS task_before,
                CASE WHEN i % 20 = 0 THEN 'activity' ELSE 'employment' END AS basis,
                CASE WHEN {chance("i", 9)} < .3
                    THEN t0 + CAST({chance("i", 10)} * 400 AS INTEGER) END AS ended_on,
                CASE WHEN {chance("i", 9)} < .3 THEN t0 + CAST({chance("i", 10)} * 400
                    + {chance("i", 11)} * 20 AS INTEGER) END AS ended_known,
                CASE WHEN i % 20 = 0 THEN DATE '2026-05-01' END AS known_until
            FROM (SELECT i, CAST(1 + i % {PROGRAMS} AS INTEGER) AS program,
                    CASE WHEN i // {PROGRAMS} % 2 = 0 THEN 'offered' ELSE 'waiting' END AS arm,
                    'level ' || (i // {PROGRAMS * 2} % 4) AS stratum, {started} AS t0
                FROM range({people}) AS t(i)
                UNION ALL SELECT i, 0, '', '', {started} FROM range({people}) AS t(i))""",
        "moves": f"""
            SELECT CAST(hash(i * 11 + 5) % {people} AS BIGINT) AS person,
                'team ' || hash(i * 13) % 2000 AS team, effective,
                effective + CAST({chance("i", 12)} * 30 AS INTEGER) AS known,
                CASE WHEN {chance("i", 13)} < .8 THEN 'change' WHEN {chance("i", 13)} < .9
                    THEN 'title' ELSE 'probation' END AS kind
            FROM (SELECT i, DATE '2024-09-01' + CAST({chance("i", 14)} * 600 AS INTEGER)
                AS effective FROM range({moves}) AS t(i))""",
        "leavings": """
            SELECT basis, ended_on, ended_known FROM people
            WHERE program <> 0 AND ended_on IS NOT NULL""",
        "programs": f"""
            SELECT CAST(i AS INTEGER) AS program, 'p' || i AS id, 'Program ' || i AS name
            FROM range(1, {PROGRAMS + 1}) AS t(i)""",
    }
    week = "CAST(date_trunc('week', make_timestamp(ends_at * 1000000)) AS DATE) AS week"
    with duckdb.connect() as connection:
        for name, sql in queries.items():
            extra = f", {week}" if name == "sessions" else ""
            if name == "people":
                connection.execute(f"CREATE TABLE people AS {sql}")
                sql = "SELECT * FROM people"
            path = folder / f"{name}.parquet"
            connection.execute(f"COPY (SELECT *{extra} FROM ({sql})) TO '{path}' (FORMAT parquet)")
    return sum(path.stat().st_size for path in folder.glob("*.parquet"))


def ours(folder: Path) -> dict[str, Any]:
    """Every sum by the product's expressions."""
    from handrail.integrations.measures_at_scale.embedded import opened, sums
    from handrail.integrations.measures_at_scale.expressions import When

    when = When(cut=CUT, moment=MOMENT, corrections=86_400, lag=LAG)
    with opened(folder) as connection:
        return {
            name: (answer.columns, answer.rows) for name, answer in sums(connection, when).items()
        }


def by_hand(folder: Path) -> dict[str, Any]:
    """The same questions in SQL, written without looking at what Ibis makes of them."""
    import duckdb
    from measures_by_hand import questions

    with duckdb.connect(config={"memory_limit": "400MB"}) as connection:
        connection.execute("SET preserve_insertion_order = false")
        for path in folder.glob("*.parquet"):
            connection.execute(f"CREATE VIEW {path.stem} AS FROM read_parquet('{path}')")
        found = {}
        for name, sql in questions(CUT, MOMENT, LAG).items():
            if name.startswith("keep "):
                connection.execute(f"CREATE TEMP TABLE {name[5:]} AS {sql}")
                continue
            cursor = connection.execute(sql)
            found[name] = ([column[0] for column in cursor.description], cursor.fetchall())
        return found


WAYS = {"ibis": ours, "sql": by_hand}


def alone(way: str, folder: Path, out: Path) -> None:
    """One way, measured from inside its own process; what it found goes to a file."""
    began, before = time.perf_counter(), time.process_time()
    found = WAYS[way](folder)
    told = {
        "wall": time.perf_counter() - began,
        "cpu": time.process_time() - before,
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2,
        "found": {name: _plain(*answer) for name, answer in found.items()},
    }
    out.write_text(json.dumps(told))


def _plain(columns: Any, rows: list[tuple[Any, ...]]) -> list[list[Any]]:
    """An answer that does not hang on the order of rows and columns."""
    order = sorted(range(len(columns)), key=lambda place: columns[place])
    plain = [[value if isinstance(value, (int, str)) else str(value) for value in row]
             for row in rows]  # fmt: skip
    return [sorted(columns), *sorted(([row[place] for place in order] for row in plain), key=str)]


def measure(folder: Path, repeat: int) -> dict[str, Any]:
    """The best of several runs of each way, and whether they found the same."""
    best: dict[str, dict[str, float]] = {}
    found: dict[str, Any] = {}
    for _ in range(repeat):
        for way in WAYS:
            out = folder / f"{way}.json"
            command = [sys.executable, __file__, "--alone", way, "--folder", str(folder)]
            subprocess.run([*command, "--json", str(out)], check=True, env={**os.environ})
            told = json.loads(out.read_text())
            found[way] = told.pop("found")
            if way not in best or told["cpu"] < best[way]["cpu"]:
                best[way] = told
    cells = sum(len(row) for rows in found["ibis"].values() for row in rows[1:])
    return {"ways": best, "cells": cells, "same": found["ibis"] == found["sql"]}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a tenth of it, under 50 seconds")
    parser.add_argument("--folder", type=Path, help="keep the Parquet there")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--alone", choices=WAYS, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.alone:
        alone(arguments.alone, arguments.folder, arguments.json)
        return 0
    size = {name: n // 10 if arguments.quick else n for name, n in FULL.items()}
    with tempfile.TemporaryDirectory(prefix="handrail-measures-") as made:
        folder = arguments.folder or Path(made)
        folder.mkdir(parents=True, exist_ok=True)
        size["bytes"] = make(folder, **size)
        told = {"size": size, **measure(folder, repeat=1 if arguments.quick else 3)}
    first, other = told["ways"]["ibis"], told["ways"]["sql"]
    told["ratio"] = first["cpu"] / other["cpu"]
    told["goals"] = {
        "same answers in every cell": told["same"],
        f"at most {GOAL_SECONDS:g} s": first["wall"] <= GOAL_SECONDS,
        f"at most {GOAL_MEMORY:g} GB": first["memory"] <= GOAL_MEMORY,
        f"at most {GOAL_RATIO:g} times the processor of plain SQL": told["ratio"] <= GOAL_RATIO,
    }
    print(
        f"{size['sessions']:,} sessions, {size['people']:,} people, {size['moves']:,} moves, "
        f"{size['bytes'] / 1e6:.0f} MB of Parquet; {told['cells']:,} cells"
    )
    for way, row in told["ways"].items():
        print(
            f"{way:5} {row['wall']:6.2f} s wall {row['cpu']:6.2f} s processor "
            f"{row['memory']:5.2f} GB"
        )
    print(f"processor, Ibis to plain SQL: {told['ratio']:.2f}")
    for goal, reached in told["goals"].items():
        print(f"{'reached    ' if reached else 'NOT REACHED'} {goal}")
    if arguments.json:
        arguments.json.write_text(json.dumps(told, indent=2))
    return 0 if told["same"] else 1


if __name__ == "__main__":
    raise SystemExit(main())
