"""The goals of the matching engine, each held against what was measured."""

from __future__ import annotations

from typing import Any

Rows = list[dict[str, Any]]


def judged(rows: Rows, lies: Rows) -> list[dict[str, Any]]:
    """Each goal with what was measured and True, False or None (not in this run)."""

    def row(team: str, stage: str, name: str = "Handrail") -> dict[str, Any]:
        for each in rows:
            if (each["team"], each["stage"], each["name"]) == (team, stage, name):
                return each
        return {}

    def ratio(team: str, stage: str, most: float) -> tuple[bool, str] | None:
        our, their = row(team, stage), row(team, stage, "OR-Tools")
        if "gap" not in our or not their:
            return None
        least = {"matching": 25, "joint": 20}[stage]
        return their["ratio"] >= least and our["gap"] <= most, (
            f"{their['ratio']:.1f}×, {their['ratio_without_building']:.1f}× without building; "
            f"gap {our['gap']:.4%}"
        )

    def solved(team: str, wall: float, memory: float, gap: float) -> tuple[bool, str] | None:
        found = row(team, "whole")
        if not found:
            return None
        holds = found["wall"] <= wall and found["memory_mb"] < memory and found["gap"] <= gap
        return holds, (
            f"{found['wall']:.1f} s ({found['cpu']:.1f} CPU), {found['memory_mb'] / 1000:.2f} GB, "
            f"gap {found['gap']:.4%} over {found['scope']}"
        )

    def more(team: str, name: str, percent: float) -> tuple[bool, str] | None:
        our, their = row(team, "joint"), row(team, "joint", name)
        if not our or not their:
            return None
        gained = 100 * (our["served"] / their["served"] - 1)
        return gained >= percent, f"{gained:+.1f} % ({our['served']} against {their['served']})"

    def online(team: str) -> tuple[bool, str] | None:
        found = row(team, "whole")
        if not found:
            return None
        p50, p99 = found["online_p50_us"], found["online_p99_us"]
        return p99 < 1000, f"p50 {p50:.0f} µs, p99 {p99:.0f} µs"

    def cold() -> tuple[bool, str] | None:
        found = row("example", "cold")
        said = f"{found['wall']:.2f} s ({found['cpu']:.2f} CPU)" if found else ""
        return (found["wall"] < 1, said) if found else None

    def won() -> tuple[bool, str] | None:
        mine = [each for each in lies if each["planner"] == "Handrail" and "hours" in each["lie"]]
        if not mine:
            return None
        places = sum(each["won"] for each in mine)
        return places == 0, f"{places} of {sum(each['asked'] for each in mine)} people"

    def better() -> tuple[bool, str] | None:
        mine = [each for each in lies if each["planner"] == "Handrail" and "hours" in each["lie"]]
        if not mine:
            return None
        share = sum(each["better"] for each in mine) / max(1, sum(each["served"] for each in mine))
        return share <= 0.05, f"{share:.1%}"

    found = {
        "100k end to end: ≤ 10 s, gap ≤ 0.02 % over all pairs, < 1 GB": solved(
            "100k", 10, 1000, 0.0002
        ),
        "100k end to end, stretch: ≤ 3 s": solved("100k", 3, 1000, 0.0002),
        "100k matching stage: ≥ 25× OR-Tools, gap ≤ 0.01 %": ratio("100k", "matching", 0.0001),
        "100k joint stage: ≥ 20× OR-Tools, gap 0": ratio("100k", "joint", 0),
        "100k tight joint stage: ≥ 20× OR-Tools, gap 0": ratio("100k tight", "joint", 0),
        "100k tight end to end: ≤ 5 s, gap ≤ 0.05 %": solved("100k tight", 5, 1000, 0.0005),
        "100k tight end to end, stretch: ≤ 2 s": solved("100k tight", 2, 1000, 0.0005),
        "1m with slots: ≤ 120 s, < 6 GB": solved("1m", 120, 6000, 1),
        "1m with slots, stretch: ≤ 60 s": solved("1m", 60, 6000, 1),
        "100k online: p99 < 1 ms CPU": online("100k"),
        "the example team from a cold start: < 1 s": cold(),
        "100k people served: ≥ +3 % on greedy": more("100k", "greedy", 3),
        "100k people served: ≥ +0.6 % on match then slot": more("100k", "match then slot", 0.6),
        "100k tight people served: ≥ +23 % on match then slot": more(
            "100k tight", "match then slot", 23
        ),
        "places won by listing fewer hours: 0": won(),
        "people better off by listing fewer hours: ≤ 5 %": better(),
    }
    return [
        {
            "goal": goal,
            "reached": None if answer is None else answer[0],
            "measured": "" if answer is None else answer[1],
        }
        for goal, answer in found.items()
    ]
