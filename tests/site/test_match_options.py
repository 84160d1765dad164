"""`handrail match` with other options than the usual ones: load, floor, and what is refused."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from handrail.site.command_line import main
from handrail.site.management.commands import match

EXAMPLE = Path(__file__).parents[2] / "examples" / "remote-team-a" / "people.csv"
WEEK = ["--week", "2026-01-05"]
# Ann and ben are suited by xena (8,000 points); by yuri 750 less. Cleo's second wish (2 of 6
# points) alone is xena's.
SMALL = """\
person_id,name,email,role,timezone,working_hours,start_date,last_active,skills,wants,minutes_per_week
ann,Ann,ann@example.org,mentee,Europe/Berlin,09:00-17:00,2025-12-01,,,git:1,
ben,Ben,ben@example.org,mentee,Europe/Berlin,09:00-17:00,2025-12-01,,,git:1,
cleo,Cleo,cleo@example.org,mentee,Europe/Berlin,09:00-17:00,2025-12-01,,,css:1;sql:2,
xena,Xena,xena@example.org,mentor,Europe/Berlin,09:00-17:00,2025-01-01,,git:2;sql:2,,100
yuri,Yuri,yuri@example.org,mentor,Europe/Berlin,09:00-17:00,2025-01-01,,git:3,,100
"""

pytestmark = pytest.mark.pure


def rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


def match_small(folder: Path, *options: str) -> dict[str, str]:
    """Mentee -> mentor in the plan for the small team; the files stay in the folder."""
    people = folder / "people.csv"
    people.write_text(SMALL, encoding="utf-8")
    files = ["--out", str(folder / "plan.csv"), "--certificate", str(folder / "cert.json")]
    main(["match", str(people), *WEEK, *options, *files, "--verify"])
    return {row["mentee"]: row["mentor"] for row in rows(folder / "plan.csv")}


def test_the_load_is_shared_as_asked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    by_fit = {"ann": "xena", "ben": "xena", "cleo": "xena"}
    assert match_small(tmp_path) == by_fit
    assert match_small(tmp_path, "--share-load", "fit") == by_fit
    assert match_small(tmp_path, "--share-load", "gently") == by_fit
    evenly = match_small(tmp_path, "--share-load", "evenly")
    assert evenly["cleo"] == "xena"
    assert {evenly["ann"], evenly["ben"]} == {"xena", "yuri"}
    capsys.readouterr()
    files = [str(tmp_path / name) for name in ("people.csv", "plan.csv", "cert.json")]
    main(["match", files[0], "--check", *files[1:]])
    shown = capsys.readouterr().out
    assert "Asked of the plan: model speed, floor 30, seat_price 2000, sessions 1." in shown


def test_below_the_floor_nobody_is_paired(tmp_path: Path) -> None:
    assert match_small(tmp_path)["cleo"] == "xena"
    assert match_small(tmp_path, "--floor", "60")["cleo"] == ""
    (left,) = [row for row in rows(tmp_path / "plan.csv") if not row["mentor"]]
    assert "60 % is asked" in left["reason"]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--floor", "101"], "--floor is a percentage from 0 to 100, not 101."),
        (["--floor", "-1"], "--floor is a percentage from 0 to 100, not -1."),
        (["--floor", "much"], "invalid int value: 'much'"),
        (["--share-load", "never"], "invalid choice: 'never'"),
        (["--sessions", "4"], "--sessions is 1, 2 or 3."),
        (
            ["--model", "cohort", "--share-load", "gently"],
            "--share-load does not apply to cohorts",
        ),
        (["--check", "plan.csv", "cert.json", "--floor", "0"], "leave out --floor."),
        (["--check", "plan.csv", "cert.json", "--share-load", "fit"], "leave out --share-load."),
    ],
)
def test_what_no_plan_can_be_asked_with_is_refused(
    options: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["match", str(EXAMPLE), *options])
    assert ended.value.code == 2
    assert said in capsys.readouterr().err


def test_sharing_several_sessions_each_is_for_so_many_people(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(match, "MANY", 50)
    with pytest.raises(SystemExit) as ended:
        main(["match", str(EXAMPLE), *WEEK, "--sessions", "2", "--share-load", "evenly"])
    assert ended.value.code == 2
    assert "--share-load takes at most 50 people, and" in capsys.readouterr().err
