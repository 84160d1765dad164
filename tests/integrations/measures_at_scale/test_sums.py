"""Sums of long tables give the figures that the domain makes of the same people one by one."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import Any

import pytest

from factories.measures import CUT, MOMENT, Tables, made_up, written
from handrail.apps.reports.company_wide.figures import figures_of
from handrail.apps.reports.company_wide.summing import sums_of
from handrail.domain.evidence.attendance import Ending, Mark, Seat, Session, attendance
from handrail.domain.evidence.first_task import Newcomer, time_to_task
from handrail.domain.evidence.groups import shown_beside_whole, shown_parts
from handrail.domain.evidence.mobility import Change, Move, real_moves
from handrail.domain.evidence.retention import Basis, Spell, retention
from handrail.integrations.measures_at_scale.expressions import When, kept
from handrail.integrations.measures_at_scale.keeping import kept_table

pytestmark = pytest.mark.pure
CUT_AT = datetime.fromtimestamp(MOMENT, UTC)


@pytest.fixture(scope="module")
def tables() -> Tables:
    return made_up(people=240, sessions=700, seed=1)


@pytest.fixture(scope="module")
def told(tables: Tables, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = written(tmp_path_factory.mktemp("tables"), tables)
    return figures_of(sums_of(folder, cut=CUT, moment=CUT_AT))


def of(tables: Tables, program: int) -> list[tuple[Any, ...]]:
    return [row for row in tables["people"] if row[0] == program and row[4] <= CUT]


def test_attendance_is_that_of_the_seats_one_by_one(tables: Tables, told: dict[str, Any]) -> None:
    sessions: dict[Any, list[Any]] = {}
    for place, row in enumerate(tables["sessions"]):
        key = place if row[4] else max(sessions)
        sessions.setdefault(key, []).append(row)
    for number, found in ((1, told["programs"][0]["attendance"]), (None, told["whole"])):
        expected = attendance(
            [
                Session(
                    datetime.fromtimestamp(rows[0][5], UTC),
                    Ending(rows[0][7]),
                    tuple(
                        seat
                        for row in rows
                        for seat in (
                            Seat(f"{row[2]:06d}", "mentee", Mark(row[8])),
                            *([Seat(f"{row[3]:06d}", "mentor", Mark(row[9]))] if row[3] else []),
                        )
                    ),
                )
                for rows in sessions.values()
                if number is None or rows[0][0] == number
            ],
            cut=CUT_AT,
        )
        assert found["people"] == expected.people
        assert found["held"]["share"] == pytest.approx(asdict(expected.held))
        assert found["held"]["not_recorded"] == expected.not_recorded
        for role, row in zip(found["roles"], expected.roles, strict=True):
            assert role["attended"] == pytest.approx(asdict(row.attended))
            assert (role["people"], role["late_cancelled"], role["not_recorded"]) == (
                row.people, row.late_cancelled, row.not_recorded,
            )  # fmt: skip


def test_times_and_stays_are_those_of_people_one_by_one(
    tables: Tables, told: dict[str, Any]
) -> None:
    history = [Spell(row[1], row[1], row[2], None, Basis(row[0])) for row in tables["leavings"]]
    for number, found in enumerate(told["programs"], start=1):
        people = of(tables, number)
        times = time_to_task(
            [
                Newcomer(row[4], row[5] or None, row[8] if row[8] and row[9] <= CUT else None)
                for row in people
                if row[6] is False  # neither before nor unknown
            ],
            cut=CUT,
        )
        merges = found["first_merge"]
        unknown = sum(row[6] == "" for row in people)
        assert 0 < unknown == merges["unknown"]
        for name in ("people", "followed", "reached", "not_there_yet", "left_without"):
            assert merges[name] == getattr(times, name), name
        assert merges["median_days"] == asdict(times.median)
        assert merges["restricted_days"]["mean"] == pytest.approx(restricted_mean(people))
        stays = retention(
            [
                Spell(row[4], row[8] or None, row[9] or None, row[10] or None, Basis(row[7]))
                for row in people
            ],
            cut=CUT,
            history=history,
        )
        for at, expected in zip(found["retention"]["at"], stays.at, strict=True):
            assert (at["reached"], at["known"], at["not_yet"]) == (
                expected.reached, expected.known, expected.not_yet,
            )  # fmt: skip
            assert at["here"] == asdict(expected.here)
            assert at["estimate"] == asdict(expected.estimate)


def restricted_mean(people: list[tuple[Any, ...]]) -> float:
    """Days to the task within 60, of whoever was followed so long: 60 where it did not come."""
    days = []
    for row in people:
        if row[6] is not False or (CUT - row[4]).days < 60:
            continue
        left = row[8] if row[8] and row[9] <= CUT else None
        done = row[5] and row[5] <= CUT and (left is None or (row[5] - left).days <= 1)
        days.append(min(60, max(0, (row[5] - row[4]).days)) if done else 60)
    return sum(days) / len(days)


def test_moves_leave_out_titles_and_reorganisations(tables: Tables, told: dict[str, Any]) -> None:
    kinds = {"change": Change.TEAM, "title": Change.TITLE, "probation": Change.PROBATION}
    moves = real_moves(
        Move(str(row[0]), kinds.get(row[4], Change.TITLE), row[1], row[3], row[2])
        for row in tables["moves"]
        if row[3] <= CUT and row[2] <= CUT
    )
    for number, found in enumerate(told["programs"], start=1):
        over = {str(row[1]): row[4] for row in of(tables, number) if (CUT - row[4]).days >= 180}
        moved = {
            move.person
            for move in moves
            if move.person in over and 30 <= (move.effective - over[move.person]).days <= 180
        }
        assert found["moves"]["people"] == len(over)
        assert found["moves"]["moved"]["hits"] == len(moved) > 0


def test_weeks_and_small_groups(tables: Tables, told: dict[str, Any]) -> None:
    ended = Counter(
        (row[6], row[7])
        for row in tables["sessions"]
        if row[0] == 1 and row[4] and row[5] + 86_400 <= MOMENT
    )
    weeks = {one["week"]: one for one in told["programs"][0]["weeks"]}
    for week, one in weeks.items():
        day = date.fromisoformat(week)
        of_week = sum(ended[(day, end)] for end in ("held", "not_held", "late_cancelled"))
        assert one["hidden"] or (one["met"], one["of"]) == (ended[(day, "held")], of_week)
        assert one["hidden"] or of_week >= 5
    assert any(one["hidden"] for one in weeks.values())
    # Nobody is told from the rest: 12 + 9 hidden are enough, a single 9 takes the next one along.
    assert shown_parts({"a": 40, "b": 9, "c": 8}) == {"a"}
    assert shown_parts({"a": 40, "b": 12, "c": 9}) == {"a"}
    assert shown_parts({"a": 40, "b": 12}) == {"a", "b"}
    assert shown_beside_whole({"a": 40, "b": 15}, {"a": 40, "b": 15}, outside=3) == {"a"}
    assert shown_beside_whole({"a": 40, "b": 15}, {"a": 40, "b": 15}, outside=10) == {"a", "b"}


def test_what_is_kept_has_the_columns_that_it_is_asked_by() -> None:
    when = When(cut=CUT, moment=MOMENT, corrections=86_400, lag={"employment": 14})
    for name, expression in kept(when).items():
        assert kept_table(name).schema() == expression.schema(), name
