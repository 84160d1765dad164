"""From kept inputs to figures: the same inputs always give the same result."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from handrail.apps.reports.beside import HELD
from handrail.domain.evidence.attendance import (
    Attendance,
    Ending,
    Mark,
    RoleAttendance,
    Seat,
    Session,
    attendance,
)
from handrail.domain.evidence.first_task import Newcomer, TimeToTask, time_to_task
from handrail.domain.evidence.groups import (
    PROCESS_PEOPLE,
    may_show,
    shown_groups,
)
from handrail.domain.evidence.intervals import Share
from handrail.domain.evidence.retention import HORIZONS, At, Basis, Spell, known_at, retention
from handrail.domain.evidence.survival import Estimate

Rows = dict[str, Any]


def digest_of(inputs: Rows) -> str:
    """The SHA-256 of the inputs, which name the code's version."""
    canonical = json.dumps(inputs, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def measure(inputs: Rows) -> Rows:
    """Compute every figure of a report; what a small group hides is not in the result at all."""
    return {
        "format": inputs["format"],
        "version": inputs["version"],
        "digest": digest_of(inputs),
        "organization": inputs["organization"],
        "timezone": inputs["timezone"],
        "program": inputs["program"],
        "cut": inputs["cut"],
        "moment": inputs["moment"],
        "day_over": inputs["day_over"],
        "simulated": any(row["simulated"] for row in inputs["sessions"]),
        "from_activity": any(
            person["basis"] == Basis.ACTIVITY
            for group in inputs["groups"]
            for person in (group["retention"] or {"people": []})["people"]
        ),
        "attendance": _attendance(inputs),
        "first_merge": _first_merge(inputs) if inputs["merges_connected"] else None,
        "retention": _retention(inputs),
    }


def _attendance(inputs: Rows) -> Rows:
    found = attendance(
        [
            Session(
                ends_at=datetime.fromisoformat(row["ends_at"]),
                ending=Ending(row["ending"]),
                seats=tuple(Seat(person, role, Mark(mark)) for person, role, mark in row["seats"]),
            )
            for row in inputs["sessions"]
        ],
        cut=datetime.fromisoformat(inputs["moment"]),
    )
    beside = inputs.get("attendance_hidden", [])  # reports of before have none
    roles = [_role(row, hidden=row.role in beside) for row in found.roles]
    # A hidden role could be told from the sessions that were not held.
    held_shown = (
        may_show(found.people, least=PROCESS_PEOPLE)
        and HELD not in beside
        and not any(role["hidden"] and role["people"] for role in roles)
    )
    return {
        "sessions": found.sessions,
        "not_yet_known": found.not_yet_known + inputs["sessions_ahead"],
        "people": found.people,
        "roles": roles,
        "held": {"hidden": not held_shown, **(_held(found) if held_shown else {})},
    }


def _role(row: RoleAttendance, *, hidden: bool) -> Rows:
    if hidden or not may_show(row.people, least=PROCESS_PEOPLE):
        return {"role": row.role, "people": row.people, "hidden": True}
    return {
        "role": row.role,
        "people": row.people,
        "hidden": False,
        "attended": _share(row.attended),
        "no_show": row.attended.trials - row.attended.hits,
        "late_cancelled": row.late_cancelled,
        "not_recorded": row.not_recorded,
    }


def _held(found: Attendance) -> Rows:
    return {
        "share": _share(found.held),
        "not_held": found.not_held,
        "late_cancelled": found.late_cancelled,
        "not_recorded": found.not_recorded,
    }


def _share(share: Share) -> Rows:
    return asdict(share)


def _estimate(estimate: Estimate) -> Rows:
    return asdict(estimate)


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _about(group: Rows) -> Rows:
    return {"key": group["key"], "from": group["from"], "to": group["to"]}


def _first_merge(inputs: Rows) -> list[Rows]:
    groups = [group for group in inputs["groups"] if group["first_merge"]]
    published = inputs["published"]["first_merge"] if inputs["published"] else []
    shown: set[str] = set()
    # Only figures of one and the same cut can be subtracted.
    for cut in {group["first_merge"]["cut"] for group in groups}:
        shown |= _shown(
            {
                group["key"]: _labels(group["first_merge"]["people"])
                for group in groups
                if group["first_merge"]["cut"] == cut
            },
            frozenset(published if cut == inputs["cut"] else []),
        )
    return [_first_merge_of(group, hidden=group["key"] not in shown) for group in groups]


def _labels(people: Iterable[Rows]) -> frozenset[str]:
    return frozenset(person["person"] for person in people)


def _shown(groups: dict[str, frozenset[str]], published: frozenset[str]) -> frozenset[str]:
    """The groups that may show an outcome beside each other and the organisation's report."""
    others = [published] if may_show(len(published)) else []
    return shown_groups(groups, published=others)


def _first_merge_of(group: Rows, *, hidden: bool) -> Rows:
    data = group["first_merge"]
    found = time_to_task(
        [
            Newcomer(date.fromisoformat(p["start"]), _day(p["reached"]), _day(p["left"]))
            for p in data["people"]
        ],
        cut=date.fromisoformat(data["cut"]),
    )
    return {
        **_about(group),
        "cut": data["cut"],
        "people": found.people,
        "reached_before": data["reached_before"],
        "unknown": data.get("unknown", 0),  # reports from before have none
        "horizon": found.horizon,
        "followed": found.followed,
        "not_yet_followed": found.not_yet_followed,
        "hidden": hidden,
        **({} if hidden else _times(found)),
    }


def _times(found: TimeToTask) -> Rows:
    return {
        "reached": found.reached,
        "not_there_yet": found.not_there_yet,
        "left_without": found.left_without,
        "median_days": _estimate(found.median),
        "curve": [asdict(step) for step in found.curve.steps],
    }


def _retention(inputs: Rows) -> list[Rows]:
    cut = date.fromisoformat(inputs["cut"])
    groups = [group for group in inputs["groups"] if group["retention"]]
    history = [_leaving(row) for row in inputs["leavings"]]
    published = inputs["published"]["retention"] if inputs["published"] else []
    # The estimate draws on everybody followed, so the whole group must pass as well.
    whole = _shown(
        {group["key"]: _labels(group["retention"]["people"]) for group in groups},
        _labels(published),
    )
    shown = {
        day: whole
        & _shown(
            {
                group["key"]: _known(group["retention"]["people"], day, cut, history)
                for group in groups
            },
            _known(published, day, cut, history),
        )
        for day in HORIZONS
    }
    rows = []
    for group in groups:
        found = retention(_spells(group["retention"]["people"]), cut=cut, history=history)
        rows.append(
            {
                **_about(group),
                "people": found.people,
                "followed": found.followed,
                "lag_days": {str(basis): days for basis, days in found.lag.items()},
                "at": [_horizon(at, hidden=group["key"] not in shown[at.day]) for at in found.at],
            }
        )
    return rows


def _spells(people: Iterable[Rows]) -> list[Spell]:
    return [
        Spell(
            date.fromisoformat(person["start"]),
            _day(person["ended"]),
            _day(person["known"]),
            _day(person["known_until"]),
            Basis(person["basis"]),
        )
        for person in people
    ]


def _known(people: Sequence[Rows], day: int, cut: date, history: Sequence[Spell]) -> frozenset[str]:
    """For whom it is settled whether they were here at the end of this day."""
    known = known_at(_spells(people), day=day, cut=cut, history=history)
    return frozenset(
        person["person"] for person, settled in zip(people, known, strict=True) if settled
    )


def _leaving(row: Rows) -> Spell:
    ended = date.fromisoformat(row["ended"])
    return Spell(ended, ended, date.fromisoformat(row["known"]), None, Basis(row["basis"]))


def _horizon(at: At, *, hidden: bool) -> Rows:
    """Follow-up counts always; the outcome only of ten people or more whose day is settled."""
    outcome = {"here": _share(at.here), "estimate": _estimate(at.estimate)}
    return {
        "day": at.day,
        "people": at.people,
        "reached": at.reached,
        "known": at.known,
        "unknown": at.unknown,
        "not_yet": at.not_yet,
        "hidden": hidden,
        **({} if hidden else outcome),
    }
