"""Moves, offers and money: each with its own refusals."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, timedelta
from typing import Any

from handrail.domain.evidence.assignment import ARMS
from handrail.domain.evidence.effect import CannotTell, Effect
from handrail.domain.evidence.groups import OUTCOME_PEOPLE
from handrail.domain.evidence.mobility import (
    Attended,
    Change,
    Move,
    Rule,
    associated,
    attributed,
    expected_by_match,
    real_moves,
)
from handrail.domain.evidence.money import worth
from handrail.domain.evidence.shares import offer_acceptance
from handrail.domain.evidence.verdict import Verdict

Rows = dict[str, Any]
OFFERED, WAITING = ARMS
SEED = 20_260_203
RERANDOMIZE_UNDER = 80
CODES = {
    Verdict.CONSISTENT: "consistent",
    Verdict.SMALLER: "smaller",
    Verdict.REFUTED: "refuted",
    Verdict.HARMFUL: "harmful",
    Verdict.CANNOT_TELL: "cannot_tell",
    Verdict.ASSOCIATION: "association",
}


def mobility_of(inputs: Rows, people: list[Rows], shown: frozenset[str]) -> Rows:
    """Associated, expected anyway, attributed: three numbers that are never mixed."""
    rule = inputs["rule"]
    cut = date.fromisoformat(inputs["cut"])
    start = date(2000, 1, 1)  # days from t0 are all that is needed
    mine = {one["person"]: one for one in people}
    lottery = inputs["plan"]["comparison"] == "lottery"
    real = _real(inputs["moves"])
    moves = [
        Move(
            row["person"],
            Change(row["change"]) if row["change"] != "reorganisation" else Change.TITLE,
            row["team"],
            start + timedelta(days=row["decided"] or 0),
            start + timedelta(days=row["from_t0"] or 0),
            hiring_manager=row.get("hiring_manager", ""),
            needs=frozenset(row["needs"]),
            needed_before=frozenset(row["needed_before"]),
        )
        for row in real
        if row["person"] in mine
    ]
    sessions = [
        Attended(one["person"], start + timedelta(days=row["day"]), row["mentor"], row["skill"])
        for one in people
        for row in one["sessions"]
    ]
    window = int(rule["to_day"])
    kept = [one for one in people if one["settled"] >= 0]
    told: Rows = {
        "window": window,
        "hidden": len(shown) < (len(ARMS) if lottery else 1),
        "problem": "",
        "cut": cut.isoformat(),
    }
    if told["hidden"] or not inputs["moves"]:
        return {**told, "hidden": True, "problem": "too_few_people" if inputs["moves"] else "none"}
    by_rule = Rule(
        int(rule["from_day"]), window, int(rule["sessions"]), bool(rule["skill_must_match"])
    )
    linked = associated(moves, sessions, by_rule)
    told["associated"] = len(linked)
    told["flagged"] = sum(one.flagged for one in linked)
    if not lottery:
        return {**told, **_by_match(inputs, people, real, rule)}
    try:
        found = attributed(
            moves,
            {one["person"]: start for one in kept},
            {one["person"]: one["arm"] == OFFERED for one in kept},
            window=window,
            first=int(rule["from_day"]),
            level=inputs["plan"]["level"],
        )
    except CannotTell as error:
        return {**told, "problem": error.code}
    return {**told, **asdict(found), "distinguishable": found.distinguishable}


def _real(rows: list[Rows]) -> list[Rows]:
    """Moves without titles, ends of probation and reorganisations, told by the calendar's day.

    Everybody's moves are looked at: five people of one team on one day are a reorganisation,
    whether or not they are this pilot's.
    """
    kinds = {one.value: one for one in Change}
    moves = [
        Move(
            str(place),
            kinds.get(row["change"], Change.TITLE),
            row["team"],
            date.fromisoformat(row["effective"]),
            date.fromisoformat(row["effective"]),
        )
        for place, row in enumerate(rows)
    ]
    return [rows[int(move.person)] for move in real_moves(moves)]


def _by_match(inputs: Rows, people: list[Rows], real: list[Rows], rule: Rows) -> Rows:
    """What people of the same role, level and tenure did without mentoring: not causal."""
    alike = {row["person"]: row for row in inputs.get("alike", [])}
    mentored = {one["person"] for one in people if one["sessions"] and one["person"] in alike}
    moved = {
        row["person"]
        for row in real
        if row["person"] in alike
        and int(rule["from_day"])
        <= (date.fromisoformat(row["effective"])
            - date.fromisoformat(alike[row["person"]]["day0"])).days
        <= int(rule["to_day"])
    }  # fmt: skip
    if min(len(mentored), len(alike) - len(mentored)) < OUTCOME_PEOPLE:
        return {"by_match": None, "problem": "too_few_people"}
    expected = expected_by_match(
        [(row["person"], row["role"], row["tenure"], False) for row in alike.values()],
        moved,
        mentored,
    )
    if expected is None:
        return {"by_match": None, "problem": "nobody_alike"}
    return {
        "by_match": {
            "mentored": len(mentored),
            "others": len(alike) - len(mentored),
            "moved": len(moved & mentored),
            "expected": expected,
        }
    }


def offers_of(rows: list[Rows]) -> Rows | None:
    """Accepted of those assigned, arm by arm; declined and expired count as not accepted."""
    if not rows:
        return None
    known = [row for row in rows if row["state"] != "open"]
    arms = {arm: [row for row in known if row["arm"] == arm] for arm in ARMS}
    sizes = {arm: len(mine) for arm, mine in arms.items()}
    told: Rows = {"people": len(rows), "known": len(known), "sizes": sizes, "problem": ""}
    if min(sizes.values()) < OUTCOME_PEOPLE:
        return {**told, "hidden": True}
    try:
        found = offer_acceptance(
            [row["state"] for row in known],
            [row["arm"] == OFFERED for row in known],
            requisitions=[row["requisition"] for row in known],
        )
    except CannotTell as error:
        return {**told, "hidden": True, "problem": error.code}
    return {
        **told, "hidden": False, "accepted": list(found.accepted),
        "assigned": list(found.assigned), "withdrawn": list(found.withdrawn),
        "effect": asdict(found.effect),
    }  # fmt: skip


def money_of(inputs: Rows, people: list[Rows], primary: Rows) -> Rows:
    """A range, or why there is none."""
    money = inputs["plan"]["money"]
    if primary["verdict"] in ("not_yet", "association"):
        return {"problem": "not_randomised" if primary["verdict"] == "association" else "not_yet"}
    if money["value_low"] is None or money["session_cost"] is None:
        return {"problem": "no_values"}
    row = primary["days"] or primary["offer"]
    if not row:
        return {"problem": primary["problem"] or "cannot_tell"}
    effect = Effect(
        row["estimate"], row["low"], row["high"], row["level"], row["method"], row.get("error")
    )
    offered = [one for one in people if one["arm"] == OFFERED]
    cost = float(money["session_cost"]) * sum(len(one["sessions"]) for one in offered)
    try:
        found = worth(
            effect,
            people=len(offered),
            unit_value=(float(money["value_low"]), float(money["value_high"])),
            cost=(cost, cost),
            seed=SEED,
        )
    except CannotTell as error:
        return {"problem": error.code, "cost": cost, "currency": money["currency"]}
    return {"problem": "", "cost": cost, "currency": money["currency"], **asdict(found)}
