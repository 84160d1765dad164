"""`handrail estimate` and `handrail simulate`: what is told, what is refused, what is wrong."""

from __future__ import annotations

import csv
import json
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from handrail.apps.people.merges_file import parse_merges
from handrail.apps.people.people_file import parse_people

pytestmark = pytest.mark.pure


def written(folder: Path, rows: list[dict[str, Any]]) -> Path:
    path = folder / "data.csv"
    with path.open("w", newline="") as lines:
        writer = csv.DictWriter(lines, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def asked(path: Path, *options: str) -> tuple[dict[str, Any], str]:
    """The JSON, in which no NaN can be, and the sentences."""
    out = path.with_suffix(".json")
    told = StringIO()
    call_command("estimate", str(path), "--arm", "arm", *options, "--json", str(out), stdout=told)
    return json.loads(out.read_text(), parse_constant=pytest.fail), told.getvalue()


def shares(offered: tuple[int, int], waiting: tuple[int, int]) -> list[dict[str, Any]]:
    """So many of so many to whom it happened."""
    return [
        {"arm": arm, "here": int(n < hits), "took": int(arm and n % 3 > 0), "team": n % 6}
        for arm, (hits, people) in ((1, offered), (0, waiting))
        for n in range(people)
    ]


def codes(found: dict[str, Any], key: str = "refused") -> list[str]:
    return [one["code"] for one in found[key]]


def test_the_json_is_as_agreed(tmp_path: Path) -> None:
    path = written(tmp_path, shares((106, 120), (96, 118)))
    found, words = asked(path, "--outcome", "here", "--take-up", "took", "--claim", "0.15")
    offer = found["offer_effect"]
    assert offer["estimate"] == 106 / 120 - 96 / 118
    assert offer["interval"] == pytest.approx([-0.0218, 0.1616], abs=5e-4)  # Newcombe by hand
    assert (offer["level"], offer["method"]) == (0.95, "newcombe")
    assert found["take_up_effect"]["estimate"] == pytest.approx(offer["estimate"] / (2 / 3))
    assert (found["n"], found["verdict"], found["refused"]) == (238, "cannot tell", [])
    assert "no_ratio_test" in codes(found, "notes")
    assert "by lot: that is your word" in words
    assert words.startswith("Too few people to tell: cannot tell.")
    assert "anything from −2 points to +16 points" in words


@pytest.mark.parametrize(
    ("offered", "waiting", "claim", "words"),
    [
        ((190, 200), (140, 200), "0.15", "consistent with the claim"),
        ((170, 200), (150, 200), "0.20", "real but smaller"),
        ((150, 200), (150, 200), "0.15", "claim refuted"),
        ((100, 200), (150, 200), "0.15", "harmful"),
        ((150, 200), (140, 200), "0.15", "claim refuted"),
        ((31, 40), (28, 40), "0.15", "cannot tell"),
        ((100, 200), (150, 200), "-0.20", "consistent with the claim"),
        ((170, 200), (150, 200), "30%", "real but smaller"),
    ],
)
def test_each_verdict_can_be_had(
    tmp_path: Path, offered: tuple[int, int], waiting: tuple[int, int], claim: str, words: str
) -> None:
    path = written(tmp_path, shares(offered, waiting))
    found, _ = asked(path, "--outcome", "here", f"--claim={claim}")
    assert found["verdict"] == words


def test_arms_of_very_different_size_block_the_report(tmp_path: Path) -> None:
    path = written(tmp_path, shares((150, 200), (70, 100)))
    with pytest.raises(CommandError) as told:
        asked(path, "--outcome", "here", "--ratio", "1:1", "--claim", "0.1")
    assert told.value.returncode == 1
    found = json.loads(path.with_suffix(".json").read_text())
    assert (found["offer_effect"], found["verdict"]) == (None, None)
    assert codes(found) == ["ratio_differs"]
    fine, _ = asked(path, "--outcome", "here", "--ratio", "2:1", "--claim", "0.1")
    assert fine["offer_effect"] is not None


def test_people_who_chose_are_an_association_only(tmp_path: Path) -> None:
    rows = shares((190, 200), (140, 200))
    for number, row in enumerate(rows):
        row["age"] = number % 17
    path = written(tmp_path, rows)
    options = ("--outcome", "here", "--design", "self-selected", "--claim", "0.15")
    found, words = asked(path, *options, "--covariates", "age", "--take-up", "took")
    assert found["verdict"] == "association only"
    assert found["take_up_effect"] is None
    assert "caused_without_randomisation" in codes(found)
    assert {"overlap", "balance", "e_value"} <= set(codes(found, "notes"))
    assert "Being offered it changed" not in words
    plain, _ = asked(path, *options)
    assert "nothing_adjusted" in codes(plain, "notes")


def test_a_group_under_ten_shows_no_outcome(tmp_path: Path) -> None:
    path = written(tmp_path, shares((5, 9), (50, 60)))
    found, words = asked(path, "--outcome", "here", "--claim", "0.1")
    assert found["offer_effect"] is None
    assert codes(found) == ["fewer_than_ten"]
    assert "points" not in words


def test_zero_events_are_said(tmp_path: Path) -> None:
    path = written(tmp_path, shares((0, 40), (0, 40)))
    found, _ = asked(path, "--outcome", "here", "--claim", "0.1")
    assert (found["offer_effect"], codes(found)) == (None, ["no_events"])
    assert found["verdict"] == "cannot tell"


def stays(days: int, left: int) -> list[dict[str, Any]]:
    return [
        {"arm": n % 2, "days": days if n % 10 else 40 + n, "left": left if n % 10 == 0 else 0}
        for n in range(120)
    ]


def test_everyone_censored_is_said(tmp_path: Path) -> None:
    path = written(tmp_path, stays(100, 0))
    found, _ = asked(path, "--time", "days", "--event", "left", "--claim", "0.1")
    assert (found["offer_effect"], codes(found)) == (None, ["all_censored"])


def test_nobody_left_by_the_horizon_is_said(tmp_path: Path) -> None:
    path = written(tmp_path, stays(200, 0))
    found, _ = asked(path, "--time", "days", "--event", "left", "--claim", "0.1")
    assert codes(found) == ["no_events"]


@pytest.mark.parametrize("people", [30, 60])
@pytest.mark.parametrize("design", ["randomised", "self-selected"])
def test_an_outcome_that_does_not_vary_refutes_nothing(
    tmp_path: Path, people: int, design: str
) -> None:
    rows = [{"arm": n % 2, "days": 60, "age": n % 7} for n in range(2 * people)]
    found, _ = asked(
        written(tmp_path, rows), "--outcome", "days", "--kind", "mean", "--claim=-5",
        "--covariates", "age", "--design", design,
    )  # fmt: skip
    assert (found["offer_effect"], codes(found)[-1]) == (None, "no_variation")
    assert found["verdict"] in ("cannot tell", "association only")


@pytest.mark.parametrize("people", [30, 60])
def test_strata_without_both_arms_are_no_lottery(tmp_path: Path, people: int) -> None:
    rows = shares((people // 2, people), (people // 3, people))
    for row in rows:
        row["team"] = row["arm"]
    found, _ = asked(written(tmp_path, rows), "--outcome", "here", "--strata", "team")
    assert (found["offer_effect"], codes(found)) == (None, ["one_draw"])


def test_of_people_who_chose_points_are_told_and_never_as_percent_of_time(tmp_path: Path) -> None:
    rows = [
        {"arm": n % 2, "days": 200 if n % 3 else n, "left": int(n % 3 == 0), "age": n % 17}
        for n in range(180)
    ]
    found, words = asked(
        written(tmp_path, rows), "--time", "days", "--event", "left", "--claim=-40%",
        "--covariates", "age", "--design", "self-selected",
    )  # fmt: skip
    assert found["unit"] == "points"
    assert "the share without left at day 180" in words


def test_one_cluster_is_said(tmp_path: Path) -> None:
    rows = shares((30, 40), (20, 40))
    for row in rows:
        row["team"] = row["arm"]
    found, _ = asked(written(tmp_path, rows), "--outcome", "here", "--cluster", "team")
    assert (found["offer_effect"], codes(found)) == (None, ["one_cluster"])


def test_groups_that_were_assigned_together_are_not_taken_for_people(tmp_path: Path) -> None:
    rows = shares((70, 90), (50, 90))
    for number, row in enumerate(rows):
        row["team"] = f"{row['arm']}-{number // 9}"
    path = written(tmp_path, rows)
    alone, _ = asked(path, "--outcome", "here")
    grouped, words = asked(path, "--outcome", "here", "--cluster", "team")
    assert grouped["offer_effect"]["method"] == "cluster_robust"
    wide, narrow = (one["offer_effect"]["interval"] for one in (grouped, alone))
    assert wide[1] - wide[0] > narrow[1] - narrow[0]
    assert "20 groups" in words


def test_take_up_that_hardly_differs_hides_the_effect_of_taking_part(tmp_path: Path) -> None:
    rows = shares((60, 90), (50, 90))
    for row in rows:
        row["took"] = 1
    found, _ = asked(written(tmp_path, rows), "--outcome", "here", "--take-up", "took")
    assert (found["take_up_effect"], codes(found)) == (None, ["take_up_alike"])
    assert found["offer_effect"] is not None


def test_a_claim_above_100_percent_is_not_judged(tmp_path: Path) -> None:
    path = written(tmp_path, shares((185, 200), (180, 200)))
    found, _ = asked(path, "--outcome", "here", "--claim", "0.15")
    assert (found["verdict"], codes(found)) == (None, ["claim_above_100"])


def test_after_weekly_looks_the_interval_has_96_percent(tmp_path: Path) -> None:
    path = written(tmp_path, shares((106, 120), (96, 118)))
    found, _ = asked(path, "--outcome", "here", "--looked")
    assert found["offer_effect"]["level"] == 0.96


BAD = [
    ("arm,y\n1,2\n0,x\n", "--outcome y --kind mean", "line 3, y", "'x' is not a number"),
    ("arm,y\n1,nan\n0,3\n", "--outcome y --kind mean", "line 2, y", "'nan' is not a number"),
    ("arm,y\n1,1e300\n0,3\n", "--outcome y --kind mean", "line 2, y", "too large"),
    ("arm,y\n1,2\n2,3\n", "--outcome y", "line 3, arm", "neither 1 (offered"),
    ("arm,y\n1,\n0,3\n", "--outcome y --kind mean", "line 2, y", "Empty"),
    ("arm,t,e\n1,-3,1\n0,4,0\n", "--time t --event e", "line 2, t", "3 days before the start"),
    ("arm,t,e\n1,,1\n0,4,0\n", "--time t --event e", "line 2, t", "no day is given"),
    ("arm,y,x\n1,2,\n0,4,1\n", "--outcome y --covariates x", "line 2, x", "Empty"),
    ("arm,y\n1,2\n0,4\n", "--outcome y --covariates age", "", "Missing: age"),
    ("arm,y\n", "--outcome y", "", "no rows"),
    ("", "--outcome y", "", "empty"),
    ("arm;y\n1;2\n", "--outcome y", "", "commas"),
]


@pytest.mark.parametrize(("text", "options", "where", "rule"), BAD)
def test_bad_input_names_the_row_and_the_rule(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    text: str,
    options: str,
    where: str,
    rule: str,
) -> None:
    path = tmp_path / "data.csv"
    path.write_text(text)
    with pytest.raises(CommandError) as told:
        asked(path, *options.split())
    assert told.value.returncode == 2
    words = capsys.readouterr().err + str(told.value)
    assert where in words
    assert rule in words
    assert not path.with_suffix(".json").exists()


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ("--outcome here --claim much", "--claim is a number"),
        ("--outcome here --claim 0", "not 0"),
        ("--outcome here --ratio 1", "two numbers"),
        ("--outcome here --ratio 1:0", "above 0"),
        ("--kind survival --time here", "needs --time"),
        ("--kind mean", "--outcome"),
        ("--time took --event here --horizon nan", "--horizon is a number"),
        ("--time took --event here --horizon inf", "--horizon is a number"),
        ("--outcome arm", "the arm and the outcome at once"),
        ("--time took --event arm", "the arm and the event at once"),
    ],
)
def test_options_that_cannot_be_are_explained(tmp_path: Path, options: str, words: str) -> None:
    path = written(tmp_path, shares((10, 20), (10, 20)))
    with pytest.raises(CommandError, match=words) as told:
        asked(path, *options.split())
    assert told.value.returncode == 2


def test_a_made_up_company_is_found_out(tmp_path: Path) -> None:
    planted, null = tmp_path / "planted", tmp_path / "null"
    call_command("simulate", "--out", str(planted), "--hires=800", "--seed=3", stdout=StringIO())
    options = ("--out", str(null), "--hires=800", "--seed=3", "--null")
    call_command("simulate", *options, stdout=StringIO())
    for folder, verdicts in (
        (planted, {"consistent with the claim", "real but smaller"}),
        (null, {"claim refuted", "cannot tell"}),
    ):
        merge, _ = asked(
            folder / "outcomes.csv", "--time", "days", "--event", "reached", "--claim=-25%",
            "--covariates", "covariate", "--take-up", "took_part", "--ratio", "1:1",
        )  # fmt: skip
        assert merge["verdict"] in verdicts
        stay, _ = asked(
            folder / "outcomes.csv", "--time", "stayed", "--event", "left", "--claim", "0.09",
            "--strata", "block",
        )  # fmt: skip
        assert stay["verdict"] in verdicts
    takers = merge["take_up_effect"]["interval"]
    assert takers[0] < 0 < takers[1]


def test_the_same_seed_writes_the_same_files(tmp_path: Path) -> None:
    for name in ("one", "two"):
        call_command(
            "simulate", "--out", str(tmp_path / name), "--hires=60", "--cut=120", stdout=StringIO()
        )
    for file in ("people", "merges", "sessions", "outcomes"):
        one, two = ((tmp_path / name / f"{file}.csv").read_bytes() for name in ("one", "two"))
        assert one == two
        assert one.count(b"\n") > 10


def test_made_up_people_and_merges_are_what_imports_take(tmp_path: Path) -> None:
    call_command("simulate", "--out", str(tmp_path), "--hires=80", stdout=StringIO())
    people = parse_people((tmp_path / "people.csv").read_bytes())
    assert people.errors == []
    assert {row.role for row in people.rows} == {"mentor", "mentee"}
    assert any(row.employment_end for row in people.rows)
    starts = {row.person_id: row.start_date for row in people.rows}
    assert min(starts.values()) > date(2020, 1, 1)
    merges = parse_merges((tmp_path / "merges.csv").read_bytes(), known_ids=frozenset(starts))
    assert merges.errors == []


def test_the_same_people_live_on_as_another_lottery_drew_them(tmp_path: Path) -> None:
    drawn, told = tmp_path / "drawn", tmp_path / "told"
    call_command("simulate", "--out", str(drawn), "--hires=60", stdout=StringIO())

    def rows(folder: Path) -> dict[str, dict[str, str]]:
        lines = (folder / "outcomes.csv").read_text().splitlines()
        return {row["person_id"]: row for row in csv.DictReader(lines)}

    before = rows(drawn)
    turned = next(name for name, row in before.items() if row["arm"] == "0")
    arms = tmp_path / "arms.csv"
    arms.write_text(f"person_id,arm\n{turned},1\n")
    options = ("--out", str(told), "--hires=60", "--arms", str(arms))
    call_command("simulate", *options, stdout=StringIO())
    after = rows(told)
    assert after.pop(turned)["arm"] == "1"
    del before[turned]
    lives = [{name: {**row, "mentor": ""} for name, row in one.items()} for one in (before, after)]
    assert lives[0] == lives[1]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("person_id,arm\nh99999,1\n", "line 2, person_id: 'h99999' is nobody"),
        ("person_id,arm\nh00001,yes\n", "line 2, arm: write 1"),
        ("person_id\nh00001\n", "arm"),
    ],
)
def test_arms_that_cannot_be_name_the_line(tmp_path: Path, text: str, words: str) -> None:
    arms = tmp_path / "arms.csv"
    arms.write_text(text)
    with pytest.raises(CommandError, match=words) as told:
        call_command("simulate", "--out", str(tmp_path), "--hires=60", "--arms", str(arms))
    assert told.value.returncode == 2


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ("--hires 3", "At least 4"),
        ("--contamination 2", "share from 0 to 1"),
        ("--first yesterday", "--first is a date"),
        ("--referral", "goes with"),
        ("--cut=-1", "--cut"),
    ],
)
def test_a_company_that_cannot_be_is_explained(tmp_path: Path, options: str, words: str) -> None:
    with pytest.raises(CommandError, match=words) as told:
        call_command("simulate", "--out", str(tmp_path), *options.split())
    assert told.value.returncode == 2
