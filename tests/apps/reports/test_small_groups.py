"""No figure of a report, alone or by subtraction, tells about fewer than ten people."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from handrail.apps.reports.measures import measure

CUT = date(2026, 6, 30)


def people(*numbers: range) -> list[dict[str, Any]]:
    return [
        {
            "person": f"p{n}",
            "start": (CUT - timedelta(days=120)).isoformat(),
            "reached": (CUT - timedelta(days=110)).isoformat(),
            "left": None,
            "ended": None,
            "known": None,
            "known_until": None,
            "basis": "employment",
        }
        for numbers_ in numbers
        for n in numbers_
    ]


def hidden(
    program: list[dict[str, Any]],
    newcomers: list[dict[str, Any]],
    published: list[dict[str, Any]] | None = None,
) -> dict[str, tuple[bool, bool]]:
    """For each group whether its first merges and its day 90 are hidden."""
    cut = CUT.isoformat()
    found = measure(
        {
            "format": 1,
            "version": "test",
            "organization": "Northwind",
            "timezone": "UTC",
            "program": None,
            "cut": cut,
            "moment": "2026-07-01T00:00:00+00:00",
            "day_over": True,
            "merges_connected": True,
            "sessions": [],
            "sessions_ahead": 0,
            "leavings": [],
            "published": None
            if published is None
            else {
                "first_merge": [row["person"] for row in published],
                "retention": published,
            },
            "groups": [
                {
                    "key": key,
                    "from": cut,
                    "to": cut,
                    "first_merge": {"cut": cut, "people": rows, "reached_before": 0},
                    "retention": {"cut": cut, "people": rows},
                }
                for key, rows in (("program", program), ("newcomers", newcomers))
            ],
        }
    )
    return {
        merges["key"]: (merges["hidden"], staying["at"][0]["hidden"])
        for merges, staying in zip(found["first_merge"], found["retention"], strict=True)
    }


def test_ten_people_show_and_nine_do_not() -> None:
    assert hidden(people(range(10)), people(range(20, 29))) == {
        "program": (False, False),
        "newcomers": (True, True),
    }


def test_a_whole_hides_where_its_part_leaves_fewer_than_ten() -> None:
    assert hidden(people(range(12)), people(range(20))) == {
        "program": (False, False),
        "newcomers": (True, True),
    }


def test_a_part_hides_where_the_organisations_report_shows_the_whole() -> None:
    found = hidden(people(range(12)), people(range(30, 45)), people(range(15)))
    assert found == {"program": (True, True), "newcomers": (False, False)}


def test_equal_groups_both_show() -> None:
    found = hidden(people(range(12)), people(range(12)), people(range(12)))
    assert found == {"program": (False, False), "newcomers": (False, False)}
