"""What the report of a pilot must say and must refuse, from inputs made by hand."""

from __future__ import annotations

import json
import random
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import translation

from handrail.apps.reports.looking import seen
from handrail.apps.reports.pilot_report.effects import measure_pilot
from handrail.apps.reports.pilot_report.pages import page_of_pilot

START = date(2026, 2, 2)
CUT = date(2026, 12, 31)
TIME = {"measure": "first_merge", "value": 0.4, "unit": "faster", "whom": "offered"}
STAY = {"measure": "retention_180", "value": 0.15, "unit": "points", "whom": "offered"}
BASE = {
    "people": 60, "median_days": 20.0, "spread": 0.8, "retention": 0.7, "horizon": 180,
    "hires_per_week": 2.0,
}  # fmt: skip
OUTLOOK = {
    "time_ratio": 0.61, "points": None, "impossible": False, "power": 0.82, "error": 0.01,
    "feasibility_only": False, "hires_needed": 77,
}  # fmt: skip


def plan(*claims: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {
        "claims": list(claims), "comparison": "lottery", "compares_later": False, "level": 0.95,
        "looks": False, "planned_hires": 80, "starts_on": START.isoformat(), "waits_days": 180,
        "hires_per_mentor": 1,
        "levels": {one["measure"]: {"looks": 0.01, "final": 0.04} for one in claims},
        "foreseen": [
            {"claim": one, "baseline": BASE, "outlook": OUTLOOK, "curve": [[0.6, 0.8], [0.8, 0.3]],
             "problem": "", "feasibility_only": False}
            for one in claims
        ],
        "money": {"session_cost": None, "value_low": None, "value_high": None, "currency": ""},
        **changes,
    }  # fmt: skip


def person(number: int, arm: str, **values: Any) -> dict[str, Any]:
    return {
        "person": f"h{number}", "arm": arm, "void": False, "block": f"b{number // 4}",
        "opted_out": False, "waited_days": None, "left": None, "settled": 300,
        "reached": {"first_merge": {"day": 20, "before": False, "followed": 300}},
        "sessions": [{"day": 3, "mentor": "m1", "skill": "git", "simulated": False}]
        if arm == "offered" else [],
        **values,
    }  # fmt: skip


def inputs(people: list[dict[str, Any]], *claims: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {
        "kind": "pilot", "format": 1, "version": "0", "organization": "Northwind",
        "timezone": "UTC", "cut": CUT.isoformat(), "moment": f"{CUT}T22:00:00+00:00",
        "day_over": True, "plan": plan(*(claims or (TIME,))), "plan_digest": "p" * 64,
        "lottery": "l" * 64, "name": "Spring",
        "enrolling_ends": (START + timedelta(days=83)).isoformat(), "people": people,
        "faults": [], "contacts": [], "program_people": [], "looks": [],
        "rule": {"from_day": 30, "to_day": 180, "sessions": 2, "skill_must_match": True},
        "rule_changes": [], "waivers": [], "moves": [], "offers": [], "simulated": False,
        **changes,
    }  # fmt: skip


def by_lot(each: int, **changes: Any) -> list[dict[str, Any]]:
    """Two arms drawn alike; `day_offered` and `day_waiting` scale the days to the task."""
    rng = random.Random(7)
    ratio = changes.pop("ratio", 1.0)
    people = []
    for number in range(2 * each):
        arm = "offered" if number % 2 else "waiting"
        day = max(1, round(20 * rng.lognormvariate(0, 0.6) * (ratio if arm == "offered" else 1)))
        reached = {"first_merge": {"day": day, "before": False, "followed": 300}}
        people.append(person(number, arm, reached=reached, **changes))
    return people


def said(result: dict[str, Any]) -> str:
    page = page_of_pilot(result)
    return "\n".join([*page.limits, *(s for one in page.sections for s in one.sentences)])


def test_m20_a_planted_effect_is_found_and_a_null_one_is_not() -> None:
    found = measure_pilot(inputs(by_lot(120, ratio=0.6)))["claims"][0]
    null = measure_pilot(inputs(by_lot(120)))["claims"][0]
    assert found["verdict"] == "consistent"
    assert null["verdict"] in ("cannot_tell", "refuted")


def test_the_same_inputs_give_the_same_bytes() -> None:
    first, second = (measure_pilot(inputs(by_lot(60))) for _ in range(2))
    assert json.dumps(first) == json.dumps(second)
    pages = [page_of_pilot(result) for result in (first, second)]
    assert pages[0] == pages[1]


def test_a_failed_replay_blocks_the_report() -> None:
    result = measure_pilot(inputs(by_lot(60), faults=["arm_differs"]))
    assert (result["blocked"], result["claims"], result["money"]) == ("replay_failed", [], None)
    assert "The lottery does not replay" in said(result)


def test_arms_of_very_different_size_block_the_report() -> None:
    people = [person(n, "offered" if n < 70 else "waiting") for n in range(90)]
    result = measure_pilot(inputs(people))
    assert (result["blocked"], result["claims"]) == ("arms_unequal", [])


def test_cells_under_ten_show_no_outcome_anywhere() -> None:
    result = measure_pilot(inputs(by_lot(9)))
    claim = result["claims"][0]
    assert (claim["hidden"], claim["problem"], claim["arms"]) == (True, "too_few_people", [])
    assert claim["offer"] is None
    assert claim["verdict"] == "cannot_tell"
    assert "18 of 18 people are known" in said(result)  # follow-up counts always show


def test_nor_does_subtraction_from_the_programs_report_reveal_one() -> None:
    people = by_lot(20)
    offered = [one["person"] for one in people if one["arm"] == "offered"]
    # The program's own report speaks of those offered and of three who waited and came in.
    others = [one["person"] for one in people if one["arm"] == "waiting"][:3]
    result = measure_pilot(inputs(people, program_people=sorted([*offered, *others])))
    assert result["claims"][0]["hidden"]


def test_retention_waits_for_180_days() -> None:
    people = by_lot(20, settled=150)
    claim = measure_pilot(inputs(people, STAY))["claims"][0]
    assert (claim["verdict"], claim["problem"]) == ("not_yet", "not_mature")
    assert (claim["known"], claim["people"]) == (0, 40)
    assert claim["offer"] is None


def test_who_is_not_there_yet_is_never_dropped() -> None:
    people = by_lot(20)
    people[0]["reached"]["first_merge"] = {"day": None, "before": False, "followed": 300}
    claim = measure_pilot(inputs(people))["claims"][0]
    assert claim["people"] == 40
    assert sum(arm["people"] - arm["events"] for arm in claim["arms"]) >= 1


def test_without_a_lottery_nothing_is_caused() -> None:
    people = [person(n, "offered") for n in range(40)]
    result = measure_pilot(inputs(people, plan=plan(TIME, comparison="none")))
    claim = result["claims"][0]
    assert (claim["verdict"], claim["offer"], claim["takers"]) == ("association", None, None)
    assert result["money"] == {"problem": "not_randomised"}
    assert "no cause is named" in said(result)


def test_a_claim_without_baseline_is_refused() -> None:
    made = plan(STAY)
    made["foreseen"][0]["baseline"] = None
    people = leaving(by_lot(20))
    claim = measure_pilot(inputs(people, STAY, plan=made))["claims"][0]
    assert (claim["problem"], claim["verdict"]) == ("claim_without_baseline", "cannot_tell")


def test_a_claim_above_100_percent_is_refused() -> None:
    made = plan(STAY)
    made["foreseen"][0]["baseline"] = {**BASE, "retention": 0.9}
    claim = measure_pilot(inputs(leaving(by_lot(20)), STAY, plan=made))["claims"][0]
    assert claim["problem"] == "claim_above_100"


def leaving(people: list[dict[str, Any]], every: int = 3) -> list[dict[str, Any]]:
    for number, one in enumerate(people):
        if number % every == 0:
            one["left"] = 40 + number
    return people


def test_m17_points_and_relative_and_those_still_here() -> None:
    text = said(measure_pilot(inputs(leaving(by_lot(60)), STAY)))
    assert "Of 60 people offered mentoring, 67% were still here at day 180" in text
    assert "too few people to tell" in text
    assert "Relative to those waiting that is" in text


def test_hires_who_share_a_mentor_are_not_taken_for_independent() -> None:
    people = leaving(by_lot(60))
    for number, one in enumerate(row for row in people if row["arm"] == "offered"):
        one["sessions"][0]["mentor"] = f"m{number % 3}"
    shared = plan(TIME, STAY, hires_per_mentor=20)
    found = measure_pilot(inputs(people, plan=shared))["claims"]
    methods = [one["offer"]["method"] for one in found]
    assert methods == ["log_normal_aft_clustered", "km_clustered"]
    # What the lottery of people says is not told: it knows nothing of mentors.
    assert found[1]["offer"]["freedom"] < 10
    one_for_all = [{**one, "sessions": [{**row, "mentor": "m1"} for row in one["sessions"]]}
                   for one in people]  # fmt: skip
    result = measure_pilot(inputs(one_for_all, plan=shared))
    assert [one["problem"] for one in result["claims"]] == ["one_cluster", "one_cluster"]
    assert [one["offer"] for one in result["claims"]] == [None, None]


def test_zero_events_are_told_and_never_nan() -> None:
    result = measure_pilot(inputs(by_lot(20), STAY))
    assert result["claims"][0]["problem"] == "no_events"
    assert "NaN" not in json.dumps(result)
    assert "It happened to nobody by that day" in said(result)


def test_everybody_censored_is_told_and_never_nan() -> None:
    never = {"first_merge": {"day": None, "before": False, "followed": 300}}
    people = [
        {**one, "reached": {name: dict(row) for name, row in never.items()}} for one in by_lot(20)
    ]
    result = measure_pilot(inputs(people))
    assert "NaN" not in json.dumps(result)
    assert result["claims"][0]["verdict"] == "cannot_tell"


def test_no_money_when_the_interval_holds_nothing() -> None:
    money = {"session_cost": "50", "value_low": "100", "value_high": "200", "currency": "EUR"}
    null = measure_pilot(inputs(by_lot(60), plan=plan(TIME, money=money)))["money"]
    found = measure_pilot(inputs(by_lot(120, ratio=0.5), plan=plan(TIME, money=money)))["money"]
    assert null["problem"] == "money_interval_holds_zero"
    assert found["problem"] == ""
    assert found["low"] < found["high"]


def test_days_are_adjusted_for_team_and_level_where_the_plan_says_so() -> None:
    rng = random.Random(3)
    people = []
    for number in range(160):
        slow = number % 4 < 2  # one team needs twenty days more
        day = 10 + 20 * slow + rng.randrange(6) - 3 * (number % 2)
        people.append(
            person(
                number, "offered" if number % 2 else "waiting",
                block=f"{'slow' if slow else 'quick'} / -#{number // 4}",
                reached={"first_merge": {"day": day, "before": False, "followed": 300}},
            )
        )  # fmt: skip
    plain = measure_pilot(inputs(people))["claims"][0]["days"]
    adjusted = measure_pilot(inputs(people, plan=plan(TIME, adjusted_for=["team", "level"])))
    days = adjusted["claims"][0]["days"]
    assert days["estimate"] == pytest.approx(plain["estimate"])  # balanced within the strata
    assert days["high"] - days["low"] < 0.5 * (plain["high"] - plain["low"])
    assert "adjusted for team and level" in said(adjusted)


def test_after_weekly_looks_the_verdict_uses_96_percent() -> None:
    made = plan(TIME, looks=True, level=0.96)
    result = measure_pilot(inputs(by_lot(60, ratio=0.6), plan=made, looks=[{"day": "2026-05-04",
        "people": 20, "estimate": 3.0, "low": -4.0, "high": 10.0}]))  # fmt: skip
    assert result["claims"][0]["offer"]["level"] == 0.96
    assert "looked at 1 time before the end; the level is 96%" in said(result)


def test_two_claims_are_held_to_holm() -> None:
    result = measure_pilot(inputs(leaving(by_lot(60)), TIME, STAY))
    assert [one["stands"] for one in result["claims"]] == [False, False]
    assert "Two claims share the 5 percent" in said(result)


def test_the_report_says_what_must_be_said() -> None:
    people = by_lot(30)
    people[0]["void"] = True
    waived = {"source": "merges", "reason": "No access.", "signed": "Paula Ruiz",
              "on": "2026-02-02"}  # fmt: skip
    change = {"on": "2026-04-01", "reason": "One session was enough."}
    text = said(
        measure_pilot(inputs(people, contacts=["h2"], waivers=[waived], rule_changes=[change]))
    )
    for sentence in (
        "Drawn by lot: 30 people offered mentoring, 29 waiting.",
        "1 assignment was corrected: not eligible on that day.",
        "Of those offered, 30 of 30 took part; 30 sessions.",
        "Contamination: 1 person on the waiting list had a session.",
        "The figures were looked at 0 times before the end; the level is 95%.",
        "Measured without merged changes: waived by Paula Ruiz on 2 February 2026.",
        "Planned: 80 hires in twelve weeks from 2 February 2026. Assigned by now: 59.",
        "Changed on 1 April 2026: the rule for moves. “One session was enough.”",
    ):
        assert sentence in text


def test_a_pilot_too_small_for_its_claim_carries_the_fixed_label() -> None:
    made = plan(TIME)
    made["foreseen"][0]["feasibility_only"] = True
    page = page_of_pilot(measure_pilot(inputs(by_lot(20), plan=made)))
    assert page.limits[0] == "Feasibility only: will neither prove nor refute."


def test_m18_moves_in_three_numbers_that_are_never_mixed() -> None:
    people = by_lot(40)
    for one in people:
        if one["sessions"]:
            one["sessions"] = [{**one["sessions"][0], "day": day} for day in (3, 10)]
    moves = [
        {"person": one["person"], "change": "level", "team": f"t{place}", "decided": 60,
         "effective": "2026-05-01", "from_t0": 70, "needs": ["git"], "needed_before": []}
        for place, one in enumerate(people) if place % 5 == 0
    ]  # fmt: skip
    row = measure_pilot(inputs(people, moves=moves))["mobility"]
    moved = {move["person"] for move in moves}
    offered = [one["person"] for one in people if one["arm"] == "offered"]
    assert row["associated"] == len(moved & set(offered))
    assert row["moved_offered"] + row["moved_waiting"] == len(moved)
    assert not row["distinguishable"]
    text = said(measure_pilot(inputs(people, moves=moves)))
    assert "not distinguishable from what would have happened anyway" in text


def test_m18_the_hiring_manager_is_flagged_and_a_reorganisation_is_no_move() -> None:
    people = by_lot(40)
    for one in people:
        if one["sessions"]:
            one["sessions"] = [{**one["sessions"][0], "day": day} for day in (3, 10)]
    moves = [
        {"person": one["person"], "change": "level", "team": "t", "decided": 60,
         "effective": "2026-05-01", "from_t0": 70, "needs": ["git"], "needed_before": [],
         "hiring_manager": "m1"}
        for one in people if one["arm"] == "offered"
    ][:4]  # fmt: skip
    result = measure_pilot(inputs(people, moves=moves))
    assert (result["mobility"]["associated"], result["mobility"]["flagged"]) == (4, 4)
    assert "In 4 of these moves the mentor was the hiring manager as well." in said(result)
    # A fifth of the same team on the same day, though no hire of this pilot: a reorganisation.
    fifth = {**moves[0], "person": "x99", "decided": None, "from_t0": None}
    result = measure_pilot(inputs(people, moves=[*moves, fifth]))
    assert (result["mobility"]["associated"], result["mobility"]["problem"]) == (0, "no_events")


def test_m18_without_a_lottery_moves_are_expected_by_match_and_marked_not_causal() -> None:
    people = [person(number, "offered") for number in range(20)]
    others = [f"x{number}" for number in range(40)]
    alike = [
        {"person": name, "role": "dev / 2", "tenure": "under 1", "day0": START.isoformat()}
        for name in [*(one["person"] for one in people), *others]
    ]
    moves = [
        {"person": name, "change": "level", "team": f"t{place}", "decided": None,
         "effective": "2026-05-01", "from_t0": None, "needs": [], "needed_before": []}
        for place, name in enumerate(["h1", "h2", *others[:10]])
    ]  # fmt: skip
    one = plan(TIME, comparison="none")
    result = measure_pilot(inputs(people, plan=one, moves=moves, alike=alike))
    row = result["mobility"]["by_match"]
    # Ten of forty without mentoring moved: 20 x 10 / 40 are expected of those with it.
    assert (row["mentored"], row["others"], row["moved"]) == (20, 40, 2)
    assert row["expected"] == pytest.approx(5.0)
    text = said(result)
    assert "Expected anyway, at the rate of people of the same role, level and tenure" in text
    assert "Not causal: nobody was assigned by lot" in text
    strange = [*alike[:-1], {**alike[0], "person": "h3", "role": "sole / 9"}]
    result = measure_pilot(inputs(people, plan=one, moves=moves, alike=strange))
    assert result["mobility"]["problem"] == "nobody_alike"


def test_m14_offers_count_per_applicant_assigned_and_withdrawn_stand_apart() -> None:
    states = ("accepted", "declined", "expired", "accepted", "none")
    rows = [
        {"arm": "offered" if n % 2 else "waiting", "requisition": f"r{n // 8}",
         "state": states[n * n % 5]}
        for n in range(48)
    ]  # fmt: skip
    rows.append({"arm": "offered", "requisition": "r0", "state": "withdrawn"})
    row = measure_pilot(inputs(by_lot(20), offers=rows))["offers"]
    accepted = [
        sum(one["arm"] == arm and one["state"] == "accepted" for one in rows)
        for arm in ("offered", "waiting")
    ]
    assert row["accepted"] == accepted
    assert row["assigned"] == [24, 24]
    assert row["withdrawn"] == [1, 0]


def test_a_weekly_look_says_nothing_before_ten_are_known_in_each_arm() -> None:
    assert seen(inputs(by_lot(9))) is None
    found = seen(inputs(by_lot(40, ratio=0.5)))
    assert found is not None
    assert found["people"] == 80
    assert found["low"] < found["estimate"] < found["high"]


@pytest.mark.parametrize("language", ["en", "de"])
def test_every_figure_stands_over_its_table_and_explains_itself(language: str) -> None:
    with translation.override(language):
        page = page_of_pilot(measure_pilot(inputs(leaving(by_lot(60, ratio=0.7)), TIME, STAY)))
    figures = [figure for section in page.sections for figure in section.figures]
    assert len(figures) >= 4
    for figure in figures:
        assert figure.table.rows
        assert 'role="img"' in figure.svg
        assert "<title" in figure.svg
        assert "<desc" in figure.svg
