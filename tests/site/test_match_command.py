"""`handrail match` on plain files: what it writes, and what it refuses when it reads that again."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from handrail.site.command_line import main

EXAMPLE = Path(__file__).parents[2] / "examples" / "remote-team-a" / "people.csv"
WEEK = ["--week", "2026-01-05"]

pytestmark = pytest.mark.pure


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the example's plan, certificate and reasons."""
    folder = tmp_path_factory.mktemp("written")
    arguments = ["match", str(EXAMPLE), *WEEK, "--out", str(folder / "plan.csv")]
    arguments += ["--certificate", str(folder / "cert.json")]
    main([*arguments, "--reasons", str(folder / "reasons.jsonl"), "--verify"])
    return folder


def rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


def told(written: Path) -> list[dict[str, Any]]:
    text = (written / "reasons.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def check(plan: Path, certificate: Path, *more: str) -> int:
    try:
        main(["match", str(EXAMPLE), "--check", str(plan), str(certificate), *more])
    except SystemExit as ended:
        return int(ended.code or 0)
    return 0


def test_the_example_team(written: Path) -> None:
    plan = rows(written / "plan.csv")
    assert len(plan) == len({row["mentee"] for row in plan}) == 44
    assert sum(bool(row["mentor"]) for row in plan) == 19
    left = [row["reason"].split(":")[0] for row in plan if not row["mentor"]]
    assert sum(reason == "no skill match" for reason in left) == 2
    assert sum(reason.startswith("no common time") for reason in left) == 1
    assert sum("share the only times" in reason for reason in left) == 22
    certificate = json.loads((written / "cert.json").read_text(encoding="utf-8"))
    assert (certificate["served"], certificate["served_bound"], certificate["gap"]) == (19, 19, 0)


def test_the_screen_says_that_it_was_checked_again(capsys: pytest.CaptureFixture[str]) -> None:
    main(["match", str(EXAMPLE), *WEEK, "--verify"])
    shown = capsys.readouterr().out
    assert "19 of 44 people served (at most 19 can be)" in shown
    assert "Checked again from people, plan and prices alone: nothing is wrong." in shown


def test_reasons_say_why_the_runner_up_and_what_would_help(written: Path) -> None:
    people = told(written)
    assert len(people) == 44
    served = [each for each in people if each["mentor"]]
    assert len(served) == 19
    for each in served:
        assert {reason["code"] for reason in each["why"]} >= {"skill", "time"}
        assert "change" not in each
    for each in people:
        if not each["mentor"]:
            assert len(each["why"]) == 1
            assert each["change"]["sentence"]
        if each["runner_up"]:
            assert each["runner_up"]["mentor"] != each["mentor"]
            assert each["runner_up"]["difference"] >= 0


def test_what_was_written_is_accepted(written: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert check(written / "plan.csv", written / "cert.json") == 0
    assert "Accepted" in capsys.readouterr().out


@pytest.mark.parametrize(
    "options",
    [
        ["--sessions", "2"],
        ["--model", "cohort"],
        ["--floor", "60"],
        ["--share-load", "evenly"],
        ["--sessions", "2", "--floor", "0", "--share-load", "gently"],
        ["--model", "project", "--share-load", "evenly"],
        ["--model", "cohort", "--floor", "0"],
    ],
)
def test_other_models_are_accepted_too(options: list[str], tmp_path: Path) -> None:
    plan, certificate = tmp_path / "plan.csv", tmp_path / "cert.json"
    files = ["--out", str(plan), "--certificate", str(certificate)]
    main(["match", str(EXAMPLE), *WEEK, *options, *files])
    assert check(plan, certificate) == 0


def first_priced(document: dict[str, Any]) -> str:
    return max(document["prices"]["mentor"], key=document["prices"]["mentor"].get)


def dearer(document: dict[str, Any]) -> None:
    document["prices"]["mentor"][first_priced(document)] += 1


def cheaper(document: dict[str, Any]) -> None:
    document["prices"]["mentor"][first_priced(document)] -= 500


def free(document: dict[str, Any]) -> None:
    del document["prices"]["mentor"][first_priced(document)]


def split(document: dict[str, Any]) -> None:
    document["prices"]["mentor"][first_priced(document)] += 0.5


def nobody_s(document: dict[str, Any]) -> None:
    document["prices"]["mentor"]["mallory"] = 5


def lighter(document: dict[str, Any]) -> None:
    document["prices"]["person"] = 20_000


def set_to(*path: str, value: object) -> Callable[[dict[str, Any]], None]:
    def change(document: dict[str, Any]) -> None:
        inner = document
        for name in path[:-1]:
            inner = inner[name]
        assert inner[path[-1]] != value
        inner[path[-1]] = value

    return change


@pytest.mark.parametrize(
    ("damage", "named"),
    [
        (dearer, "bound"),
        (cheaper, "bound"),
        (free, "bound"),
        (split, "prices"),
        (nobody_s, "prices, mallory"),
        (lighter, "prices"),
        (set_to("served", value=20), "served"),
        (set_to("served_bound", value=20), "served_bound"),
        (set_to("sessions", value=18), "sessions"),
        (set_to("fit", value=11.5), "fit"),
        (set_to("bound", value=10.5), "bound"),
        (set_to("gap", value=0.01), "gap"),
        (set_to("points", "fit", value=108_000), "fit"),
        (set_to("points", "value", value=108_000), "value"),
        (set_to("points", "bound", value=108_000), "bound"),
        (set_to("scope", value="candidates"), "scope"),
        (set_to("options", "floor", value=0), "served_bound"),
        (set_to("options", "floor", value=60), "not_allowed"),
        (set_to("options", "seat_price", value=9), "value"),
        (set_to("options", "keep_pair", value=5), "prices"),
        (set_to("options", "time_term", value=True), "score"),
        (set_to("options", "model", value="cohort"), "group_size"),
        (set_to("week", value="2026-01-12"), "line"),
    ],
)
def test_a_damaged_certificate_is_refused_by_name(
    damage: Callable[[dict[str, Any]], None],
    named: str,
    written: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    document = json.loads((written / "cert.json").read_text(encoding="utf-8"))
    damage(document)
    bad = tmp_path / "cert.json"
    bad.write_text(json.dumps(document), encoding="utf-8")
    assert check(written / "plan.csv", bad) == 1
    said = capsys.readouterr()
    assert any(line.startswith(named) for line in said.err.splitlines())
    assert "Refused" in said.err
    assert "Accepted" not in said.out


def without(name: str) -> Callable[[dict[str, Any]], None]:
    def change(document: dict[str, Any]) -> None:
        del document["options"][name]

    return change


def test_options_that_are_not_the_usual_ones_are_named(
    written: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    document = json.loads((written / "cert.json").read_text(encoding="utf-8"))
    document["options"]["another_mentor"] = True  # of one session each nothing can be proven wrong
    other = tmp_path / "cert.json"
    other.write_text(json.dumps(document), encoding="utf-8")
    assert check(written / "plan.csv", other) == 0
    assert "sessions 1, another_mentor True." in capsys.readouterr().out


def unheard_of(document: dict[str, Any]) -> None:
    document["options"]["mood"] = 1


def cohort_with_seat_prices(document: dict[str, Any]) -> None:
    document["options"] |= {"model": "cohort", "seat_price": 200}


@pytest.mark.parametrize(
    ("damage", "code", "said"),
    [
        (without("floor"), 2, "has no 'floor'"),
        (without("seat_price"), 2, "has no 'seat_price'"),
        (without("another_mentor"), 2, "has no 'another_mentor'"),
        (set_to("options", "floor", value=101), 2, "floor: must be a whole number from 0 to 100"),
        (set_to("options", "floor", value="30"), 2, "floor: must be a whole number from 0 to 100"),
        (set_to("options", "seat_price", value=-1), 2, "seat_price: must be a whole number"),
        (set_to("options", "sessions", value=4), 2, "sessions: must be a whole number"),
        (set_to("options", "time_term", value=1), 2, "time_term: must be true or false, not 1"),
        (set_to("options", "model", value="odd"), 2, "'odd' is none of speed, cohort, project"),
        (set_to("options", value=[]), 2, "is no certificate"),
        (cohort_with_seat_prices, 2, "do not apply to cohorts"),
        (unheard_of, 1, "options, mood: there is no such option"),
    ],
)
def test_options_that_no_plan_can_be_asked_with_are_refused(
    damage: Callable[[dict[str, Any]], None],
    code: int,
    said: str,
    written: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    document = json.loads((written / "cert.json").read_text(encoding="utf-8"))
    damage(document)
    bad = tmp_path / "cert.json"
    bad.write_text(json.dumps(document), encoding="utf-8")
    assert check(written / "plan.csv", bad) == code
    assert said in capsys.readouterr().err


def without_a_pair(plan: list[list[str]]) -> None:
    del plan[next(at for at, row in enumerate(plan) if at and row[1])]


def without_an_unmatched(plan: list[list[str]]) -> None:
    del plan[next(at for at, row in enumerate(plan) if at and not row[1])]


def twice(plan: list[list[str]]) -> None:
    plan.append(plan[1])


def changed(column: int, value: str) -> Callable[[list[list[str]]], None]:
    def change(plan: list[list[str]]) -> None:
        row = next(row for row in plan[1:] if row[1])
        assert row[column] != value
        row[column] = value

    return change


@pytest.mark.parametrize(
    ("damage", "named"),
    [
        (without_a_pair, "dropped"),
        (without_an_unmatched, "dropped"),
        (twice, "sessions"),
        (changed(0, "mallory"), "unknown, mallory"),
        (changed(1, "mallory"), "unknown"),
        (changed(2, "2026-01-10T12:00:00+00:00"), "not_free"),
        (changed(2, "2026-01-05T12:10:00+00:00"), "line"),
        (changed(2, "2026-01-05T12:00:00"), "line"),
        (changed(2, "soon"), "line"),
        (changed(3, "60"), "line"),
        (changed(4, "9999"), "score"),
        (changed(4, "much"), "line"),
    ],
)
def test_a_damaged_plan_is_refused_by_name(
    damage: Callable[[list[list[str]]], None],
    named: str,
    written: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    with (written / "plan.csv").open(encoding="utf-8", newline="") as file:
        plan = list(csv.reader(file))
    damage(plan)
    bad = tmp_path / "plan.csv"
    with bad.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(plan)
    assert check(bad, written / "cert.json") == 1
    assert any(line.startswith(named) for line in capsys.readouterr().err.splitlines())


@pytest.mark.parametrize(
    ("plan", "certificate", "said"),
    [
        (None, "", "is not JSON"),
        (None, "[]", "is no certificate"),
        (None, "{}", "has no 'options'"),
        (None, "[" * 100_000, "is not JSON"),
        (None, "\x00", "is not JSON"),
        ("", None, "line 1: the columns of a plan are mentee,mentor"),
        ("a,b\n1,2\n", None, "line 1: the columns of a plan are mentee,mentor"),
        ("mentee,mentor,start,minutes,score,skill,reason\nx,y\n", None, "line 2: 2 cells"),
        ('mentee,mentor,start,minutes,score,skill,reason\n"x', None, "is not CSV"),
    ],
)
def test_files_that_are_something_else(
    plan: str | None,
    certificate: str | None,
    said: str,
    written: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    paths = [written / "plan.csv", written / "cert.json"]
    for at, text in enumerate((plan, certificate)):
        if text is not None:
            paths[at] = tmp_path / "odd"
            paths[at].write_text(text, encoding="utf-8")
    assert check(*paths) == 2
    assert said in capsys.readouterr().err
    assert check(tmp_path / "not there", written / "cert.json") == 2


def test_check_only_reads(
    written: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "other.csv"
    assert check(written / "plan.csv", written / "cert.json", "--out", str(out)) == 2
    assert "leave out --out" in capsys.readouterr().err
    assert not out.exists()


def test_what_was_there_stays_when_a_file_cannot_be_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["match", str(EXAMPLE), *WEEK, "--out", str(tmp_path / "no folder" / "plan.csv")])
    assert ended.value.code == 2
    assert "cannot be written: No such file or directory." in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_it_starts_without_database_rooms_and_pages() -> None:
    asked = """
import sys
from handrail.site.command_line import main
main(["match", sys.argv[1], "--week", "2026-01-05"])
foreign = ("ninja", "allauth", "handrail.web", "handrail.api", "handrail.site.settings", "numba")
models = [name for name in sys.modules if name.startswith("handrail") and name.endswith("models")]
print("loaded:", [name for name in foreign if name in sys.modules] + models)
"""
    done = subprocess.run(
        [sys.executable, "-c", asked, str(EXAMPLE)],
        env={name: value for name, value in os.environ.items() if "DJANGO" not in name},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines()[-1] == "loaded: []"
    assert "19 of 44 people served" in done.stdout


def test_its_words_for_bad_lines_need_no_translation(tmp_path: Path) -> None:
    bad = tmp_path / "people.csv"
    bad.write_text(EXAMPLE.read_text(encoding="utf-8").replace("09:00-17:00", "9 to 5", 1))
    command = "from handrail.site.command_line import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", command, "match", str(bad)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "working_hours: '9 to 5' is not a span of time." in done.stderr
    assert "Traceback" not in done.stderr
