"""A page for people from what the nightly judges measured: docs/measured/README.md.

python tests/harness/measured.py [FOLDER]
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

MARK = {True: "reached", False: "not reached"}
HEAD = """# Measured

What `make nightly` measured last. Nothing here is written by hand: each file beside this page holds
all figures of one judge, with the command, the commit and the machine. Times are seconds; ratios
hold within one run, absolute times for that machine only.
"""


def page(folder: Path) -> str:
    """The page for all files of a folder, as Markdown."""
    found = {path.stem: json.loads(path.read_text()) for path in sorted(folder.glob("*.json"))}
    lines = [HEAD, "| judge | passed | took | commit | command |", "|---|---|---|---|---|"]
    for name, told in found.items():
        passed = "yes" if told["figure"]["passed"] else "**no**"
        lines.append(
            f"| [{name}]({name}.json) | {passed} | {told['seconds']} s | {told['commit']} | "
            f"`{told['command']}` |"
        )
    named = sorted(found, key=len)  # the plain judge first
    contests = {name: found[name]["figure"]["contest"] for name in named if _is(found[name])}
    if contests:
        lines += ["", "## Matching: the goals", "", "| goal | | measured |", "|---|---|---|"]
        lines += _goals(contests)
        lines += ["", "## Matching: each stage", "", *_stages(contests)]
    seen = [(name, told["figure"].get("seen", [])) for name, told in found.items()]
    storms = [(name, one) for name, several in seen for one in several if "judge" in one]
    if storms:
        lines += ["", "## Booking under load", "", *_storms(storms)]
    for told in found.values():
        if "slots" in told["figure"]:
            lines += ["", "## Free starts", "", *_slots(told["figure"]["slots"])]
        if "calibration" in told["figure"]:
            lines += ["", "## Calibration of evidence", "", *_calibration(told["figure"])]
        if "measures" in told["figure"]:
            lines += ["", "## Measures of long tables", "", *_measures(told["figure"]["measures"])]
    for told in found.values():
        if "answers" in told["figure"]:
            lines += ["", "## Search of answers", "", *_answers(told["figure"]["answers"])]
    return "\n".join(lines) + "\n"


def _is(told: dict[str, Any]) -> bool:
    return "contest" in told["figure"]


def _goals(contests: dict[str, Any]) -> Iterator[str]:
    """Each goal by the first judge that measured it."""
    told: dict[str, tuple[str, str]] = {}
    for contest in contests.values():
        for goal in contest["goals"]:
            if goal["reached"] is not None:
                told.setdefault(goal["goal"], (MARK[goal["reached"]], goal["measured"]))
    for goal, (mark, measured) in told.items():
        yield f"| {goal} | {mark} | {measured} |"


def _stages(contests: dict[str, Any]) -> Iterator[str]:
    yield "CPU and wall time, building included, are medians."
    yield "The ratio is to Handrail's CPU time in the same run."
    yield ""
    yield "| judge | team | stage | who | CPU | wall | served | fit | gap | memory | ratio |"
    yield "|---|---|---|---|---|---|---|---|---|---|---|"
    for name, contest in contests.items():
        for row in contest["rows"]:
            gap = f"{row['gap']:.4%}" if "gap" in row else ""
            fit = f"{row['fit'] / 10_000:.1f}" if "fit" in row else ""
            yield (
                f"| {name} | {row['team']} | {row['stage']} | {row['name']} | {row['cpu']:.3f} | "
                f"{row['wall']:.3f} | {row.get('served', '')} | {fit} | {gap} | "
                f"{row['memory_mb']:.0f} MB | {row['ratio']:.2f} |"
            )


def _storms(storms: list[tuple[str, dict[str, Any]]]) -> Iterator[str]:
    yield "Processes that leave a barrier together, on one ledger; every figure on the right must"
    yield "be nought, and every round must have one winner, unless a guard is missing (the mutant)."
    yield ""
    yield "| engine | storm | mutant | processes | rounds | tries | most winners | found wrong |"
    yield "|---|---|---|---|---|---|---|---|"
    for name, one in storms:
        engine = name.removeprefix("judges-")
        tries = one.get("tries", one.get("answered", ""))
        most = max(one["winners"]) if "winners" in one else ""
        wrong = ("guard_hits", "overlaps", "cells_astray", "days_over_limit", "lost")
        if "slowest_back" in one:
            tries = f"{tries} answered, back within {one['slowest_back']} s"
        told = ", ".join(f"{key.replace('_', ' ')} {one[key]}" for key in wrong if key in one)
        yield (
            f"| {engine} | {one['judge'].replace('_', ' ')} | {one.get('mutant', '')} | "
            f"{one['processes']} | {one['rounds']} | {tries} | {most} | {told} |"
        )


def _slots(told: dict[str, Any]) -> Iterator[str]:
    yield "Fourteen days over the changes of clocks in autumn 2027, mentors in 22 zones. CPU"
    yield "milliseconds, the best of several runs; the ratio is to Handrail's in the same run."
    yield ""
    yield "| goal | | measured |"
    yield "|---|---|---|"
    for goal in told["goals"]:
        if goal["reached"] is not None:
            yield f"| {goal['goal']} | {MARK[goal['reached']]} | {goal['measured']} |"
    yield ""
    yield "| mentors | who | CPU | first run | mentors wrong | ratio |"
    yield "|---|---|---|---|---|---|"
    for row in told["rows"]:
        yield (
            f"| {row['mentors']} | {row['name']} | {row['cpu_ms']:.3f} ms | "
            f"{row['first_ms']:.3f} ms | {row['wrong']} | {row['ratio']:.2f} |"
        )


def _calibration(figure: dict[str, Any]) -> Iterator[str]:
    told = figure["calibration"]
    yield f"{told['runs']} made-up companies with a known truth in each experiment. An interval of"
    yield "95 % must hold the truth in 93 to 97 %, and see an effect that is not there in 3 to 7 %."
    yield ""
    yield "| goal | | measured | from | to |"
    yield "|---|---|---|---|---|"
    for goal in told["goals"]:
        yield (
            f"| {goal['goal']} | {MARK[goal['reached']]} | {goal['measured']:.4f} | "
            f"{goal['from']:g} | {goal['to']:g} |"
        )
    yield ""
    yield "Broken on purpose, and seen: " + (
        ", ".join(
            f"{name} {'yes' if seen else '**no**'}"
            for name, seen in figure.get("mutants_caught", {}).items()
        )
        + "."
    )
    yield ""
    yield "| experiment | figures |"
    yield "|---|---|"
    for name, row in told["experiments"].items():
        yield f"| {name} | " + ", ".join(f"{key} {value:g}" for key, value in row.items()) + " |"


def _measures(told: dict[str, Any]) -> Iterator[str]:
    size = told["size"]
    yield f"{size['sessions']:,} sessions, {size['people']:,} people, {size['moves']:,} moves; "
    yield f"{told['cells']:,} cells, {'all' if told['same'] else '**not** all'} equal. Processor "
    yield f"time of Ibis on DuckDB to that of plain SQL: {told['ratio']:.2f}."
    yield ""
    yield "| goal | |"
    yield "|---|---|"
    for goal, reached in told["goals"].items():
        yield f"| {goal} | {MARK[reached]} |"
    yield ""
    yield "| way | wall | processor | memory |"
    yield "|---|---|---|---|"
    for way, row in told["ways"].items():
        yield f"| {way} | {row['wall']:.1f} s | {row['cpu']:.1f} s | {row['memory']:.2f} GB |"


def _answers(told: dict[str, Any]) -> Iterator[str]:
    yield "How often the right answer comes first, or among the first five."
    yield "Sets: [answers_set](../../benchmarks/answers_set/README.md). Of draws: the first."
    yield ""
    yield "| goal | | measured |"
    yield "|---|---|---|"
    for goal in told["goals"]:
        mark = "not measured" if goal["reached"] is None else MARK[goal["reached"]]
        yield f"| {goal['goal']} | {mark} | {goal['measured']} |"
    yield ""
    yield "| engine | set | asked | first | first five | MRR |"
    yield "|---|---|---|---|---|---|"
    rows = [row for row in told["rows"] if not _later_draw(row)]
    for row in rows:
        numbers = [row["recall_at_1"], row["recall_at_5"], row["mrr"]]
        shown = " | ".join("" if one is None else f"{one:.3f}" for one in numbers)
        yield f"| {row['engine']} | {row['set']} | {row['asked']} | {shown} |"
    yield ""
    yield "| engine | set | questions | answer | perhaps | ask a person | answers shown, right |"
    yield "|---|---|---|---|---|---|---|"
    for row in rows:
        for kind in ("answerable", "not_answerable"):
            of = row.get("bands", {}).get(kind, {"asked": 0})
            if of["asked"]:
                shares = " | ".join(f"{of[band]:.1%}" for band in ("answer", "perhaps", "ask"))
                right, count = row["bands"]["answers_right"], row["bands"]["answers_shown"]
                sure = f"{count}, {right:.1%}" if count else ""
                words = kind.replace("_", " ")
                yield f"| {row['engine']} | {row['set']} | {words} | {shares} | {sure} |"
    yield ""
    both = dict(told["overlap_of_five_with_browser"])
    queries = both.pop("queries")
    for engine, share in both.items():
        yield f"- First five in common, browser and {engine}: {share:.1%} of {queries} queries."
    for one in told["browser_in_node"]:
        yield (
            f"- The page's index in Node, {one['answers']} answers: p50 {one['p50_ms']} ms,"
            f" p95 {one['p95_ms']} ms, {one['index_gz_bytes'] / 1e6:.2f} MB compressed."
        )
    for line in told["not_measured"]:
        yield f"- Not measured: {line}."


def _later_draw(row: dict[str, Any]) -> bool:
    name = row["set"]
    return "draw " in name and not name.endswith("draw 0")


def main() -> None:
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "docs/measured")
    (folder / "README.md").write_text(page(folder), encoding="utf-8")


if __name__ == "__main__":
    main()
