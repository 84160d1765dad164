"""`handrail estimate`: strata of different shares, people who share a mentor, odd columns."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

pytestmark = pytest.mark.pure


def asked(folder: Path, rows: list[dict[str, Any]], *options: str) -> dict[str, Any]:
    """The JSON, in which no NaN can be."""
    path, out = folder / "data.csv", folder / "answer.json"
    lines = [",".join(rows[0]), *(",".join(map(str, row.values())) for row in rows)]
    path.write_text("\n".join(lines))
    call_command(
        "estimate", str(path), "--arm", "arm", *options, "--json", str(out), stdout=StringIO()
    )
    found: dict[str, Any] = json.loads(out.read_text(), parse_constant=pytest.fail)
    return found


def codes(found: dict[str, Any], key: str = "refused") -> list[str]:
    return [one["code"] for one in found[key]]


def two_strata(each: int) -> list[dict[str, Any]]:
    """No effect: 80 % stay in Lisbon, of whom four in five were offered it; in Oslo 30 %, one."""
    return [
        {
            "arm": arm,
            "here": int(n % 10 < share),
            "days": 10 + share + n % 10,
            "stayed": 200 if n % 10 < share else 20 + n % 100,
            "left": int(n % 10 >= share),
            "took": arm,
            "city": city,
        }
        for city, share, many in (("Lisbon", 8, (4, 1)), ("Oslo", 3, (1, 4)))
        for arm, times in ((1, many[0]), (0, many[1]))
        for n in range(each * times)
    ]


def test_strata_offered_in_different_shares_are_not_an_effect(tmp_path: Path) -> None:
    rows = two_strata(40)
    options = ("--outcome", "here", "--claim", "0.25")
    plain = asked(tmp_path, rows, *options)
    assert plain["offer_effect"]["estimate"] == pytest.approx(0.70 - 0.40)
    assert plain["verdict"] == "consistent with the claim"  # by strata that nobody named
    within = asked(tmp_path, rows, *options, "--strata", "city")
    assert within["offer_effect"]["estimate"] == pytest.approx(0.0, abs=1e-9)
    assert within["verdict"] == "claim refuted"
    assert "within_strata" in codes(within, "notes")


def test_a_small_lottery_with_uneven_strata_is_compared_within_them(tmp_path: Path) -> None:
    rows = two_strata(7)
    found = asked(tmp_path, rows, "--outcome", "days", "--strata", "city")
    offer = found["offer_effect"]
    assert offer["method"] == "rerandomized"
    assert offer["interval"][0] < offer["estimate"] < offer["interval"][1]
    assert abs(offer["estimate"]) < 1


def test_what_cannot_hold_uneven_strata_apart_says_so(tmp_path: Path) -> None:
    rows = two_strata(40)
    options = ("--time", "stayed", "--event", "left", "--strata", "city", "--claim", "0.25")
    found = asked(tmp_path, rows, *options)
    assert (found["offer_effect"], codes(found)) == (None, ["strata_differ"])
    assert found["verdict"] == "cannot tell"
    takers = asked(tmp_path, rows, "--outcome", "here", "--strata", "city", "--take-up", "took")
    assert (takers["take_up_effect"], codes(takers)) == (None, ["strata_differ"])


def with_mentors(groups: int) -> list[dict[str, Any]]:
    return [
        {
            "arm": n % 2,
            "days": 5 + (n * 7) % 50,
            "merged": int(n % 5 > 0),
            "took": int(n % 2 and n % 3 > 0),
            "mentor": n % (2 * groups) if n % 2 else f"alone {n}",
        }
        for n in range(100)
    ]


def test_one_mentor_is_no_ratio_of_times_and_some_are_allowed_for(tmp_path: Path) -> None:
    options = ("--time", "days", "--event", "merged", "--claim=-40%", "--take-up", "took")
    found = asked(tmp_path, with_mentors(1), *options, "--cluster", "mentor")
    assert (found["offer_effect"], codes(found)) == (None, ["one_cluster"])
    some = asked(tmp_path, with_mentors(7), *options, "--cluster", "mentor")
    assert some["offer_effect"]["method"] == "log_normal_aft_clustered"
    assert (some["take_up_effect"], codes(some)) == (None, ["takers_share_mentors"])
    assert (some["claim"], some["claim_is_relative"], some["horizon"]) == (-0.4, True, 180.0)


def test_a_relative_claim_on_days_is_judged_in_days(tmp_path: Path) -> None:
    """40 % fewer of 30 days are 12 days: more than 1, and yet no 100 %."""
    rows = [{"arm": n % 2, "days": (30 - 15 * (n % 2)) + n % 3} for n in range(120)]
    found = asked(tmp_path, rows, "--outcome", "days", "--claim=-40%")
    assert (found["verdict"], codes(found)) == ("consistent with the claim", [])


def test_where_within_the_arms_nothing_varies_nothing_is_told(tmp_path: Path) -> None:
    rows = [{"arm": n % 2, "days": 5.1 + n % 2} for n in range(120)]
    found = asked(tmp_path, rows, "--outcome", "days", "--claim", "0.5")
    assert (found["offer_effect"], codes(found)) == (None, ["no_variation"])


def test_the_days_of_under_ten_people_are_no_baseline(tmp_path: Path) -> None:
    rows = [{"arm": n % 2, "days": 3 + n % 40, "merged": int(n < 18 or n % 2)} for n in range(100)]
    found = asked(tmp_path, rows, "--time", "days", "--event", "merged", "--claim=-40%")
    assert "baseline_hidden" in codes(found, "notes")
    assert "baseline" not in codes(found, "notes")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--outcome", "days", "--covariates", "days"), "the outcome and a covariate at once"),
        (("--outcome", "days", "--take-up", "days"), "the outcome and the take-up at once"),
        (("--time", "merged", "--event", "merged"), "the days and the event at once"),
        (("--outcome", "days", "--covariates", "arm"), "the arm and a covariate at once"),
        (("--outcome", "days", "--ratio", "1e300:1e-300"), "neither a million times the other"),
    ],
)
def test_a_column_has_one_use_and_a_ratio_its_bounds(
    tmp_path: Path, options: tuple[str, ...], words: str
) -> None:
    rows = [{"arm": n % 2, "days": n, "merged": n % 2} for n in range(40)]
    with pytest.raises(CommandError, match=words) as told:
        asked(tmp_path, rows, *options)
    assert told.value.returncode == 2


@pytest.mark.parametrize("cell", ["1_0", "١٢", "0x10", "1e400", "1,5", "nan", "-inf"])
def test_only_a_plain_number_is_a_number(
    tmp_path: Path, cell: str, capsys: pytest.CaptureFixture[str]
) -> None:
    rows: list[dict[str, Any]] = [{"arm": n % 2, "days": n} for n in range(40)]
    rows[3]["days"] = f'"{cell}"'
    with pytest.raises(CommandError, match="nothing was estimated"):
        asked(tmp_path, rows, "--outcome", "days")
    assert "line 5, days: '" in capsys.readouterr().err
