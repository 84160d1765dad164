"""The figures as a table that a person reads."""

from __future__ import annotations

from typing import Any

Rows = list[dict[str, Any]]

COLUMNS = {
    "stage": lambda row: row["stage"],
    "solver": lambda row: row["name"],
    "runs": lambda row: str(row["runs"]),
    "CPU s": lambda row: _seconds(row["cpu"]),
    "building": lambda row: _seconds(row["building"]) if row["building"] else "",
    "wall s": lambda row: _seconds(row["wall"]),
    "MB": lambda row: f"{row['memory_mb']:,.0f}",
    "served": lambda row: f"{row['served']:,}" if "served" in row else f"{row['pairs']:,} pairs",
    "fit": lambda row: f"{row.get('fit', row.get('points', 0)) / 10_000:,.1f}",
    "bound": lambda row: f"{row['bound'] / 10_000:,.1f}" if "bound" in row else "",
    "gap": lambda row: f"{row['gap']:.4%}" if "gap" in row else "",
    "ratio": lambda row: f"{row['ratio']:,.1f}×" if "ratio" in row else "",
    "w/o building": lambda row: (
        f"{row['ratio_without_building']:,.1f}×" if "ratio_without_building" in row else ""
    ),
}


def _seconds(value: float) -> str:
    return f"{value:.4f}" if value < 0.1 else f"{value:.2f}"


def _lines(head: list[str], body: list[list[str]]) -> list[str]:
    width = [max(len(line[at]) for line in [head, *body]) for at in range(len(head))]
    left = 2  # the first columns are words
    return [
        "  ".join(
            cell.ljust(width[at]) if at < left else cell.rjust(width[at])
            for at, cell in enumerate(line)
        ).rstrip()
        for line in [head, *body]
    ]


def _told(goal: dict[str, Any]) -> str:
    return f": {goal['measured']}" if goal["measured"] else ""


def show(rows: Rows, lies: Rows, goals: Rows) -> str:
    """All tables: a team each, then telling less, online requests, and the goals."""
    text = []
    for team in dict.fromkeys(row["team"] for row in rows):
        mine = [row for row in rows if row["team"] == team]
        body = [[cell(row) for cell in COLUMNS.values()] for row in mine]
        text += ["", f"{team} (ratio: CPU against Handrail's)", *_lines(list(COLUMNS), body)]
    asked = [row for row in rows if "online_p99_us" in row]
    if asked:
        body = [
            [
                *(row["team"], str(row["requests"])),
                *(f"{row['online_p50_us']:,.0f}", f"{row['online_p99_us']:,.0f}"),
                *(_seconds(row["reasons_cpu"]), f"{row['reasons_memory_mb']:,.0f}"),
            ]
            for row in asked
        ]
        head = ["online", "requests", "p50 CPU µs", "p99 CPU µs", "all reasons, CPU s", "MB"]
        text += ["", *_lines(head, body)]
    if lies:
        head = ["asked", "served", "won", "lost", "better", "worse", "same", "mean_change"]
        body = [
            [f"{row['team']}, {row['lie']}", row["planner"], *(str(row[name]) for name in head)]
            for row in lies
        ]
        text += ["", *_lines(["telling less", "planner", *head], body)]
    text += ["", "goals"]
    marks = {True: "reached", False: "NOT REACHED", None: "not in this run"}
    return "\n".join(
        [*text, *(f"{marks[one['reached']]:<16}{one['goal']}{_told(one)}" for one in goals)]
    )
